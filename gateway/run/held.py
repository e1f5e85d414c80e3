"""A case file while a page is worked into it, and a record that found no place."""

from msgspec import Struct, field

from gateway.core.casefile import CaseFile
from gateway.core.keep import Taken
from gateway.sdk import Raw, Reading


class Unplaced(Struct, frozen=True):
    """A record that no case or person could be found for, or that its case could not take."""

    raw: Raw
    code: str
    path: str | None = None


class Held(Struct, kw_only=True):
    """A case file in work: the version it was loaded with, what was told of it, and what that changed."""

    file: CaseFile
    version: int
    told: list[Reading] = field(default_factory=list)
    raws: list[Raw] = field(default_factory=list)
    whose: dict[int, Raw] = field(default_factory=dict)
    """By a reading's identity the record that it was read from: one record may hold several."""
    taken: Taken | None = None
    index: dict[tuple[str, str], str] = field(default_factory=dict)

    def hear(self, raw: Raw, told: list[Reading]) -> None:
        """Note what a record says of this case."""
        self.told.extend(told)
        self.raws.append(raw)
        self.whose.update((id(one), raw) for one in told)
