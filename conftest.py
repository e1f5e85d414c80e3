"""What every session of tests runs under, ours and the plugins'."""

pytest_plugins = ["tests.canary_plugin", "tests.cost_plugin", "tests.law_plugin", "tests.memory_plugin"]
"""Content that was planted is searched for in what a session printed and left; what a call costs is told fairly;
no law fails by the clock on the wall; files lie in memory."""
