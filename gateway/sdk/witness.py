"""Who watches what the gateway's client asks of a system: how long it took and how it ended, never what was said.

The shell gives one to each system's client; without one nothing is watched.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol


class Exchange(Protocol):
    """One request under way. ``shared`` holds header fields to send along, where the settings allow any."""

    @property
    def shared(self) -> Mapping[str, str]:
        """Header fields that tell the system which of our rounds asks."""

    def note(self, **facts: object) -> None:
        """Tell a fact: ``status``, the answer's status."""


class Witness(Protocol):
    """Is told of each request to one system."""

    def exchange(self, method: str) -> AbstractContextManager[Exchange]:
        """A request; the block is as long as it takes, and what it raises ends it with that error's code."""
