"""What every session of tests runs under, ours and the plugins'."""

pytest_plugins = ["tests.canary_plugin"]
"""Searches what a session printed and left for content that was planted in it."""
