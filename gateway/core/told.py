"""Plain values against a struct, with every error at once.

msgspec stops at the first error, which is right for a record and wrong for a file that a person mends.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import inspect


def errors(plain: Any, wanted: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """(dotted path, what is expected) for all that does not fit ``wanted``, a type; values are not told."""
    yield from _errors(plain, inspect.type_info(wanted), wanted, at)


def _errors(plain: Any, told: inspect.Type, wanted: Any, at: str) -> Iterator[tuple[str, str]]:
    match told:
        case inspect.StructType():
            yield from _struct(plain, told, at)
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item) if isinstance(plain, list):
            for number, one in enumerate(plain):
                yield from _errors(one, item, None, f"{at}[{number}]")
        case inspect.DictType(value_type=value) if isinstance(plain, Mapping):
            yield from _dict(plain, told, value, at)
        case inspect.UnionType(types=members) if _struct_of(members) is not None and isinstance(plain, Mapping):
            yield from _errors(plain, _struct_of(members) or told, None, at)
        case inspect.Metadata(type=inner):
            yield from _errors(plain, inner, wanted, at)
        case _ if not _fits(plain, told):
            yield at, _expected(told)


def _struct(plain: Any, told: inspect.StructType, at: str) -> Iterator[tuple[str, str]]:
    if not isinstance(plain, Mapping):
        yield at, "keys with values"
        return
    fields = {field.encode_name: field for field in told.fields}
    for name in plain:
        if name not in fields:
            yield _inside(at, name), f"no such key; there are {', '.join(sorted(fields))}"
    for name, field in fields.items():
        if name in plain:
            yield from _errors(plain[name], field.type, None, _inside(at, name))
        elif field.required:
            yield _inside(at, name), f"is needed: {_expected(field.type)}"


def _dict(plain: Mapping[Any, Any], told: inspect.DictType, value: inspect.Type, at: str) -> Iterator[tuple[str, str]]:
    for name, one in plain.items():
        if not _fits(name, told.key_type):
            yield _inside(at, name), f"no such key: {_expected(told.key_type)}"
        yield from _errors(one, value, None, _inside(at, name))


def _inside(at: str, name: Any) -> str:
    return f"{at}.{name}" if at else str(name)


def _struct_of(members: tuple[inspect.Type, ...]) -> inspect.StructType | None:
    return next((member for member in members if isinstance(member, inspect.StructType)), None)


def _fits(plain: Any, told: inspect.Type) -> bool:
    match told:
        case inspect.UnionType(types=members):
            return any(_fits(plain, member) for member in members)
        case inspect.Metadata(type=inner):
            return _fits(plain, inner)
        case inspect.LiteralType(values=values):
            return any(plain == value and type(plain) is type(value) for value in values)
        case inspect.StrType():
            return isinstance(plain, str) and len(plain) >= (told.min_length or 0)
        case inspect.BoolType():
            return type(plain) is bool
        case inspect.IntType():
            low, high = told.ge, told.le
            return type(plain) is int and (low is None or plain >= low) and (high is None or plain <= high)
        case inspect.NoneType():
            return plain is None
        case inspect.AnyType():
            return True
        case _:
            return False


def _expected(told: inspect.Type) -> str:
    match told:
        case inspect.UnionType(types=members):
            return " or ".join(_expected(member) for member in members)
        case inspect.Metadata(type=inner):
            return _expected(inner)
        case inspect.LiteralType(values=values):
            return f"one of {', '.join(str(value) for value in values)}"
        case inspect.IntType():
            bounds = "" if told.ge is None else f" from {told.ge}" + ("" if told.le is None else f" to {told.le}")
            return f"a whole number{bounds}"
        case inspect.StructType():
            return "keys with values"
        case inspect.ListType() | inspect.VarTupleType():
            return "a list"
        case inspect.DictType():
            return "keys with values"
        case inspect.BoolType():
            return "true or false"
        case inspect.NoneType():
            return "nothing"
        case _:
            return "text"


def fitted(plain: Any, wanted: type[Any]) -> Any:
    """The struct of plain values that have no ``errors``."""
    return msgspec.convert(plain, wanted)
