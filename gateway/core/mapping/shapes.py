"""What the model says a field is, as far as a mapping needs to know it."""

from functools import cache
from types import MappingProxyType
from typing import Any, Literal

import msgspec
from msgspec import Struct, inspect

from gateway.core.model import KINDS, REFS, Level

Form = Literal["text", "ref", "day", "instant", "flag", "count", "choice", "level", "object", "table"]


class Shape(Struct, frozen=True, kw_only=True):
    """The form of a value; ``many`` for a list of them. ``values`` are a choice's, ``parts`` an object's fields."""

    form: Form
    many: bool = False
    values: tuple[str, ...] = ()
    parts: "MappingProxyType[str, Shape]" = MappingProxyType({})


@cache
def shapes(kind: str) -> "MappingProxyType[str, Shape]":
    """The shape of every field of a kind. Raises ``KeyError`` for a kind that the model lacks."""
    refs = REFS[kind]
    found = {}
    for field in _fields(KINDS[kind]):
        shape = _shape(field.type)
        is_ref = field.name in refs and shape.form == "text"
        found[field.name] = msgspec.structs.replace(shape, form="ref") if is_ref else shape
    return MappingProxyType(found)


def _fields(struct: Any) -> tuple[inspect.Field, ...]:
    told = inspect.type_info(struct)
    return told.fields if isinstance(told, inspect.StructType) else ()


_FORMS: dict[type[inspect.Type], Form] = {
    inspect.DateType: "day",
    inspect.DateTimeType: "instant",
    inspect.BoolType: "flag",
    inspect.IntType: "count",
    inspect.DictType: "table",
}


def _shape(told: inspect.Type) -> Shape:
    match told:
        case inspect.Metadata(type=inner):
            return _shape(inner)
        case inspect.UnionType(types=members):
            return _shape(next(member for member in members if not isinstance(member, inspect.NoneType)))
        case inspect.ListType(item_type=item):
            return msgspec.structs.replace(_shape(item), many=True)
        case inspect.LiteralType(values=values):
            return Shape(form="choice", values=tuple(str(value) for value in values))
        case inspect.StructType(cls=cls, fields=fields):
            if cls is Level:
                return Shape(form="level")
            return Shape(form="object", parts=MappingProxyType({field.name: _shape(field.type) for field in fields}))
        case _:
            return Shape(form=_FORMS.get(type(told), "text"))
