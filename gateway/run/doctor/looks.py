"""What one look of the doctor found."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

State = Literal["good", "look", "fault", "unreachable", "not_asked"]
"""``good``; ``look``: somebody should, nothing has stopped; ``fault``: something has stopped or will; ``unreachable``:
a system, or the store, does not answer; ``not_asked``: it was not looked at, and the code says why."""

CHECKS: tuple[str, ...] = (
    "settings", "plugins", "mappings", "keys", "secrets", "permissions", "store", "audit", "backup", "disk", "clock",
    "time_zone", "law", "systems", "certificates", "lanes", "tasks", "notices", "web",
)  # fmt: skip
"""What is looked at, in this order."""


class Look(Struct, frozen=True, kw_only=True):
    """One thing that was looked at. ``facts`` are numbers that go into the words."""

    check: str
    state: State
    code: str = "doctor.good"
    where: str = ""
    facts: Mapping[str, int] = {}
