"""Paths that the guard knows by name."""

PATHS = frozenset({"/health", "/ready", "/metrics"})
"""What machines ask, who know the machine and not its name: these answer under any host's name. The first two tell a
stranger one word, and the third asks for more than a name; see ``gateway.web.watched``."""
