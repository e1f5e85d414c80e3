"""A vendor's record before and after it is read: ``Raw`` and ``Reading``. Plugins get both from ``gateway.sdk``."""

from typing import Any

from msgspec import Struct


class Raw(Struct, frozen=True, kw_only=True, gc=False):
    """One record as the vendor wrote it.

    ``body`` is the vendor's bytes, or a plain value where the adapter had to parse a larger document. ``id`` is the
    vendor's own and unique with ``kind``. ``version`` is what the vendor compares (an ETag, a number); ``deleted``
    marks a tombstone, whose body may be empty. ``modified`` is the vendor's time with an offset, if it tells.
    """

    kind: str
    id: str
    body: Any = b""
    version: str | None = None
    deleted: bool = False
    modified: str | None = None


class Reading(Struct, frozen=True, kw_only=True, gc=False):
    """A vendor's record in canonical names: what it says, and by its keys what it says nothing about.

    ``fields`` maps canonical field names to plain values; a key that is absent was not told, ``None`` was told empty.
    ``id`` is the vendor's id of this item (unique with kind), ``case`` the vendor's id of its case (``None`` for a
    person or enrolment that a register or school reports, which is matched by number). References in fields, in
    ``about`` and in ``case`` are the vendor's ids. ``doubts`` are codes with paths that did not stop the reading but
    ask a person: an unknown local code that was kept as it stands. ``whole``, of a person: the record tells of all
    places (enrolments) that its system now has for them, so that one which it leaves out has ended.
    """

    kind: str
    id: str
    fields: dict[str, Any]
    case: str | None = None
    category: str | None = None
    about: list[str] | None = None
    withheld_from_parents: bool = False
    service: str | None = None
    unit: str | None = None
    version: str | None = None
    deleted: bool = False
    valid_from: str | None = None
    doubts: tuple[tuple[str, str], ...] = ()
    whole: bool = False
