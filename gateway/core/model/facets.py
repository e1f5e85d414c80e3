"""What a field *is*, since that decides how it may travel.

``fact``
    A code, a date, a count: says something only together with the case.
``narrative``
    Free text: may name others, may place people; nothing can be promised about what it holds.
``identity``
    Tells who somebody is: numbers, names, birth dates.
``location``
    Tells where somebody is or can be reached: addresses, phones, the school's name, a meeting's place.

A field whose facet nobody declared counts as narrative.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

Facet = Literal["fact", "narrative", "identity", "location"]


def _meta(facet: Facet, ref: str | None = None, **more: Any) -> Meta:
    marks = {"facet": facet} if ref is None else {"facet": facet, "ref": ref}
    return Meta(extra=marks, extra_json_schema={f"x-{name}": mark for name, mark in marks.items()}, **more)


_FACT = _meta("fact", max_length=200)
_LONG = _meta("narrative", max_length=100_000)
_NAME = _meta("identity", max_length=400)
_PLACE = _meta("location", max_length=1_000)

Code = Annotated[str, _FACT] | UnsetType
Codes = Annotated[list[Annotated[str, Meta(max_length=200)]], _meta("fact", max_length=200)] | UnsetType
Flag = Annotated[bool, _meta("fact")] | UnsetType
Count = Annotated[int, _meta("fact", ge=0)] | UnsetType
Day = Annotated[date, _meta("fact")] | UnsetType
Instant = Annotated[datetime, _meta("fact", tz=True)] | UnsetType
Text = Annotated[str, _LONG] | UnsetType
Texts = Annotated[list[Annotated[str, Meta(max_length=10_000)]], _meta("narrative", max_length=200)] | UnsetType
Name = Annotated[str, _NAME] | UnsetType
BirthDay = Annotated[date, _meta("identity")] | UnsetType
Place = Annotated[str, _PLACE] | UnsetType
PersonRef = Annotated[str, _meta("fact", "person", max_length=200)] | UnsetType
CaseRef = Annotated[str, _meta("fact", "case", max_length=200)] | UnsetType
ItemRef = Annotated[str, _meta("fact", "item", max_length=200)] | UnsetType
_IDS = list[Annotated[str, Meta(max_length=200)]]
PersonRefs = Annotated[_IDS, _meta("fact", "person", max_length=500)] | UnsetType
ItemRefs = Annotated[_IDS, _meta("fact", "item", max_length=500)] | UnsetType

__all__ = [
    "UNSET", "BirthDay", "CaseRef", "Code", "Codes", "Count", "Day", "Facet", "Flag", "Instant", "ItemRef", "ItemRefs",
    "Name", "PersonRef", "PersonRefs", "Place", "Text", "Texts",
]  # fmt: skip
