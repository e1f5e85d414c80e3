"""All that is wrong with the form of a settings table: the structs of ``settings`` as pydantic models.

The models are made from the structs, so that there is one description of the file. pydantic's own texts quote values
and are dropped; a code, the key and what would be right are kept.
"""

import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pydantic
from msgspec import NODEFAULT, Struct

from gateway.run.settings import GIVEN

_CODES: Mapping[str, str] = {
    "missing": "settings.required",
    "extra_forbidden": "settings.unknown_key",
    "literal_error": "settings.choice",
}
_EXPECTED: Mapping[str, str] = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true | false",
    "list": "a list",
    "dict": "a table",
    "model": "a table",
}


def form_faults(table: Mapping[str, Any], struct: type[Struct], prefix: str = "") -> list[tuple[str, str, str]]:
    """``(code, key, expected)`` for each fault of form; keys are dotted and begin with ``prefix``."""
    try:
        _model(struct).model_validate(dict(table), strict=True)
    except pydantic.ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    else:
        return []
    return [
        (
            _CODES.get(detail["type"], "settings.type"),
            ".".join(str(part) for part in ((prefix, *detail["loc"]) if prefix else detail["loc"])),
            _expected(detail["type"], detail.get("ctx", {})),
        )
        for detail in details
    ]


def _expected(kind: str, context: Mapping[str, Any]) -> str:
    if kind == "literal_error":
        return str(context["expected"]).replace("'", "").replace(" or ", ", ").replace(", ", " | ")
    return _EXPECTED.get(kind.partition("_")[0], "")


@cache
def _model(struct: type[Struct]) -> type[pydantic.BaseModel]:
    hints = get_type_hints(struct)
    fields: dict[str, Any] = {}
    for info in msgspec.structs.fields(struct):
        if info.name in GIVEN.get(struct, frozenset()):
            continue
        required = info.default is NODEFAULT and info.default_factory is NODEFAULT
        fields[f"field_{info.name}"] = (
            _annotation(hints[info.name]),
            pydantic.Field(default=... if required else None, alias=info.encode_name),
        )
    return pydantic.create_model(struct.__name__, __config__=pydantic.ConfigDict(extra="forbid"), **fields)


def _annotation(hint: Any) -> Any:
    """A struct's annotation as pydantic takes it: structs as models, tuples and sets as the lists that TOML writes."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        return _model(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {tuple, list, set, frozenset}:
        return types.GenericAlias(list, (_annotation(inner[0]),))
    if origin is dict:
        return types.GenericAlias(dict, (inner[0], _annotation(inner[1])))
    if origin in {Union, types.UnionType}:
        return Union[tuple(_annotation(member) for member in inner)]  # noqa: UP007 - made from a list of members
    return hint
