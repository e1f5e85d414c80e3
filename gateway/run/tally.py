"""What a round did, in numbers."""

from collections import Counter
from typing import Any

from msgspec import Struct, field


class Tally(Struct, kw_only=True):
    """Counts of one round, as ``bti sync --json`` answers them, and the systems that could not be reached."""

    fetched: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)
    withheld: int = 0
    shadowed: int = 0
    retracted: int = 0
    quarantined: int = 0
    ignored: int = 0
    conflicts: int = 0
    tasks: int = 0
    uncertain: int = 0
    created: int = 0
    """Items that are new here: what waited for one of them is read again."""
    due: int = 0
    seconds: float = 0.0
    unreachable: dict[str, str] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Take another's counts on top of these."""
        self.fetched.update(other.fetched)
        self.delivered.update(other.delivered)
        for name in ("withheld", "shadowed", "retracted", "quarantined", "ignored", "conflicts", "tasks", "uncertain"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.created += other.created
        self.unreachable.update(other.unreachable)
        self.stopped.update(other.stopped)

    def counts(self) -> dict[str, int]:
        """What happened as sums over all systems, those that are none left out."""
        told = {"fetched": self.fetched.total(), "delivered": self.delivered.total()}
        for name in ("withheld", "shadowed", "retracted", "quarantined", "conflicts", "tasks", "uncertain"):
            told[name] = getattr(self, name)
        return {name: count for name, count in told.items() if count}

    def plain(self) -> dict[str, Any]:
        """As one JSON object."""
        return {
            "fetched": dict(self.fetched),
            "delivered": dict(self.delivered),
            "withheld": self.withheld,
            "shadowed": self.shadowed,
            "retracted": self.retracted,
            "quarantined": self.quarantined,
            "ignored": self.ignored,
            "conflicts": self.conflicts,
            "tasks": self.tasks,
            "uncertain": self.uncertain,
            "due": self.due,
            "unreachable": self.unreachable,
            "stopped": self.stopped,
            "seconds": round(self.seconds, 3),
        }

    def status(self) -> int:
        """The exit status: 3 when a system could not be reached, 1 when something needs a person, else 0."""
        if self.unreachable:
            return 3
        return 1 if self.stopped or self.conflicts or self.tasks or self.quarantined or self.uncertain else 0
