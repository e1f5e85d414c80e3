"""Person numbers, as plugins may look at them: what one is, and what is wrong with its form."""

from gateway.core.identity import NumberKind, kind_of, synthetic_number, well_formed

__all__ = ["NumberKind", "kind_of", "synthetic_number", "well_formed"]
