"""Who tells: the system that is read, whose it is, and what it is believed about."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from gateway.core.model import Origin
from gateway.core.model.codes import DOMAIN_OF_SERVICE


class Source(Struct, frozen=True, kw_only=True):
    """The system that tells: whose it is, what it is believed about, and for what its word stands."""

    system: str
    origin: Origin
    asserts: frozenset[str]
    owner: Callable[[str, str], str | None]
    """``owner(kind, field)`` is the system whose word stands when both sides changed, or ``None``."""
    everyone: Mapping[str, frozenset[str]] = {}
    """What each system is believed about."""
    units: Mapping[str, Origin] = {}
    """Where what is written in each unit that we know comes from."""
    protocol: bool = False
    """It carries out hand-overs: what it tells of them was done there by both persons."""

    def told_by(self, service: str | None, unit: str | None) -> Origin:
        """Where an item comes from that the system says was written by another service or unit than its own.

        The body is that of the unit named. A unit that we do not know may be of any body, so none is told, and what
        may only go within the same body stays.
        """
        mine = self.origin
        known = mine if unit in {None, mine.unit} else self.units.get(str(unit))
        named = service or (known or mine).service
        return Origin(
            service=named,  # type: ignore[arg-type]
            domain=DOMAIN_OF_SERVICE.get(named, mine.domain),  # type: ignore[arg-type]
            unit=unit or mine.unit,
            body=known.body if known is not None else None,
            system=mine.system,
        )
