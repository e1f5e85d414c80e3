"""What may leave. Only ``release`` in this module makes a ``Release``, and only a ``Release`` reaches an adapter."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Release(Struct, frozen=True, kw_only=True):
    """One item, as far as the gate lets it go to one receiver.

    ``fields`` holds the released values in canonical writing (plain values; dates as ISO strings); ``changed`` names
    those that the receiver has not got yet; ``refs`` gives the receiver's own ids for the things that fields point
    to. ``native_id`` and ``version`` are the receiver's own for an item that it already holds. ``parts`` are the
    case's other items, for a receiver that takes whole cases. ``retracts`` names fields to take back; with
    ``retract_all`` the whole item. ``category``, ``about`` (ids that ``refs`` knows) and
    ``withheld_from_parents`` are the item's own header, as far as the receiver is told.
    """

    system: str
    kind: str
    id: str
    case: str
    fields: Mapping[str, Any]
    changed: tuple[str, ...] = ()
    case_native_id: str | None = None
    native_id: str | None = None
    version: str | None = None
    refs: Mapping[str, str] = {}
    parts: tuple["Release", ...] = ()
    retracts: tuple[str, ...] = ()
    retract_all: bool = False
    decision: str = ""
    category: str | None = None
    about: tuple[str, ...] = ()
    withheld_from_parents: bool | None = None
