"""What every session of tests runs under, ours and the plugins'."""

pytest_plugins = ["tests.canary_plugin", "tests.cost_plugin", "tests.memory_plugin"]
"""Content that was planted is searched for in what a session printed and left; what a call costs is told fairly;
files lie in memory."""
