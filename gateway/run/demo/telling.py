"""What the story is told in: steps with figures, what left and why the rest stayed, and what was expected of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field


class Stayed(Struct, frozen=True, kw_only=True):
    """Something that did not leave: whose, towards which system, by which rules, and the gate's words for it."""

    child: str
    system: str
    fields: int
    rules: tuple[str, ...]
    words: Mapping[str, str]
    """In nb, nn and en; people are named."""


class Step(Struct, frozen=True, kw_only=True):
    """One step of the story. ``expected`` says for each expectation whether it held."""

    code: str
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    sent: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Records by system and kind."""
    taken_back: Mapping[str, int] = field(default_factory=dict)
    """Records by system."""
    stayed: tuple[Stayed, ...] = ()
    expected: Mapping[str, bool] = field(default_factory=dict)

    @property
    def failed(self) -> tuple[str, ...]:
        """The expectations that did not hold."""
        return tuple(name for name, held in self.expected.items() if not held)


class Got(Struct, frozen=True, kw_only=True):
    """What one system got of one child's log: records by kind, by which rules, and how many were taken back."""

    system: str
    child: str
    kinds: Mapping[str, int]
    fields: int
    rules: tuple[str, ...]
    taken_back: int
    """How many of the records were taken back, and acknowledged as such."""


class Story(Struct, frozen=True, kw_only=True):
    """The whole of it. ``broke`` names the step that did not come out as it should, if one did not."""

    steps: tuple[Step, ...]
    who_got_what: tuple[Got, ...]
    nothing_left: tuple[str, ...]
    """Children of whom nobody got anything."""
    broke: str | None

    @property
    def came_out(self) -> bool:
        """Whether every step came out as it should."""
        return self.broke is None
