"""An item to write that no gate has released: for tests of mappings. Nothing can be sent with it."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gateway.core.reading import Reading


class Draft(Struct, frozen=True, kw_only=True):
    """An item to write in the vendor's own ids, for tests of mappings; nothing is sent with it."""

    kind: str
    fields: Mapping[str, Any]
    native_id: str | None = None
    case_native_id: str | None = None
    refs: Mapping[str, str] | None = None
    category: str | None = None
    about: tuple[str, ...] = ()
    withheld_from_parents: bool | None = None
    parts: tuple["Draft", ...] = ()


def draft(reading: Reading, inside: tuple[Reading, ...] = ()) -> Draft:
    """A reading as an item to write, with others inside it."""
    return Draft(
        kind=reading.kind,
        fields=reading.fields,
        native_id=reading.id,
        case_native_id=reading.case,
        category=reading.category,
        about=tuple(reading.about or ()),
        withheld_from_parents=reading.withheld_from_parents,
        parts=tuple(draft(one) for one in inside),
    )
