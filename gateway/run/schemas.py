"""JSON Schemas and reference pages that are made from the model: ``python -m gateway.run.schemas --write``.

``schemas/<kind>.schema.json`` is a record's fields; ``schemas/item.schema.json`` is a record with its header. The
examples in ``schemas/examples`` are written by hand. A test fails when a file here differs from what the model says.
"""

import json
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from gateway.core.glossary import Glossary, Words, glossary_of
from gateway.core.glossary import values as closed
from gateway.core.model import FACETS, KINDS, REFS, Origin
from gateway.run.data import shipped
from gateway.run.plainyaml import plain

DRAFT = "https://json-schema.org/draft/2020-12/schema"
SYNCED_NOTE = "It never leaves the service that wrote it."


@cache
def glossary() -> Glossary:
    """The shipped glossary."""
    text = (shipped("mappings") / "glossary.yaml").read_text(encoding="utf-8")
    return glossary_of(plain(text))


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind's record: ``kind`` and its fields. ``x-facet`` says what a field is."""
    struct = KINDS[kind]
    _, defs = msgspec.json.schema_components([struct], ref_template="#/$defs/{name}")
    own = defs.pop(struct.__name__)
    properties = {"kind": {"const": kind}}
    for name in struct.__struct_fields__:
        told = own["properties"][name]
        words = glossary().field(kind, name)
        properties[name] = {"title": name, **_labels(words), **told}
    words = glossary().kind(kind)
    made = {
        "$schema": DRAFT,
        "$id": f"{kind}.schema.json",
        "title": kind,
        "description": _sentence(struct.__doc__),
        **_labels(words),
        "x-synced": struct.synced,
        "type": "object",
        "properties": properties,
        "required": ["kind", *struct.required],
        "additionalProperties": False,
    }
    if defs:
        made["$defs"] = {name: _closed_part(defs[name]) for name in sorted(defs)}
    return made


def _closed_part(told: Mapping[str, Any]) -> dict[str, Any]:
    part = {key: value for key, value in told.items() if key != "description"}
    if "description" in told:
        part["description"] = _sentence(told["description"])
    return part


def _labels(words: Words | None) -> dict[str, Any]:
    return {} if words is None else {"x-label": {"nb": words.nb, "nn": words.nn}}


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split())


def item_schema() -> dict[str, Any]:
    """The JSON Schema of an item: where a record comes from, whom it is about, who may not see it, and the record."""
    _, defs = msgspec.json.schema_components([Origin], ref_template="#/$defs/{name}")
    return {
        "$schema": DRAFT,
        "$id": "item.schema.json",
        "title": "item",
        "description": "A record with its header.",
        "type": "object",
        "properties": {
            "id": {"type": "string", "minLength": 1, "maxLength": 200},
            "case": {"type": "string", "minLength": 1, "maxLength": 200, "description": "The case that it belongs to."},
            "category": {
                "type": "string",
                "maxLength": 200,
                "description": "What consents name; the kind, where it is not told.",
            },
            "about": {
                "type": "array",
                "items": {"type": "string", "maxLength": 200},
                "description": "The persons that it is about; the case's subject, where nobody is named.",
            },
            "withheld_from_parents": {"type": "boolean", "default": False},
            "origin": {"$ref": "#/$defs/Origin"},
            "version": {"type": "string", "maxLength": 200},
            "deleted": {"type": "boolean", "default": False},
            "record": {"oneOf": [{"$ref": f"{kind}.schema.json"} for kind in KINDS]},
        },
        "required": ["id", "origin", "record"],
        "additionalProperties": False,
        "$defs": {name: _closed_part(defs[name]) for name in sorted(defs)},
    }


def files() -> dict[str, str]:
    """Path from the root to text, for every file that is made from the model."""
    made = {f"schemas/{kind}.schema.json": _text(schema(kind)) for kind in KINDS}
    made["schemas/item.schema.json"] = _text(item_schema())
    made["docs/reference/model.md"] = model_page()
    made["docs/reference/glossary.md"] = glossary_page()
    return made


def _text(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def model_page() -> str:
    """``docs/reference/model.md``: every kind with its fields, what each is, its form and its words."""
    lines = [
        "# The canonical model",
        "",
        "This page is made from `gateway/core/model` and `mappings/glossary.yaml`.",
        "A field's facet decides how it may travel.",
        "A *fact* is a code, a date or a count; *narrative* is free text.",
        "*Identity* tells who somebody is; *location* tells where somebody is or can be reached.",
        "A field that is not there was not told; a field that is `null` was told empty.",
        "",
    ]
    for kind, struct in KINDS.items():
        words = glossary().kind(kind)
        lines += [f"## {kind}", "", *re.split(r"(?<=\.) (?=[A-Z])", _sentence(struct.__doc__))]
        if words:
            lines += [f"It is called *{words.nb}* in bokmål and *{words.nn}* in nynorsk."]
        if struct.required:
            lines += [f"Needed: {', '.join(f'`{name}`' for name in struct.required)}."]
        if struct.natural_key:
            lines += [f"Known again by: {', '.join(f'`{name}`' for name in struct.natural_key)}."]
        if not struct.synced:
            lines += [SYNCED_NOTE]
        lines += ["", "| field | facet | form | bokmål | nynorsk |", "|---|---|---|---|---|"]
        lines += [_row(kind, name) for name in struct.__struct_fields__]
        lines += [""]
    return "\n".join(lines)


def _row(kind: str, name: str) -> str:
    words = glossary().field(kind, name) or Words(nb="", nn="")
    return f"| `{name}` | {FACETS[kind][name]} | {_form(kind, name)} | {words.nb} | {words.nn} |"


def _form(kind: str, name: str) -> str:
    told = next(field for field in _told_fields(kind) if field.name == name).type
    values = list(closed(told))
    if name in REFS[kind]:
        text = f"id of {'an' if REFS[kind][name] == 'item' else 'a'} {REFS[kind][name]}"
    elif values:
        text = ", ".join(f"`{value}`" for value in values) if len(values) <= 12 else "one of the services"
        text = "one of the services" if "health_station" in values else text
    else:
        text = _FORMS.get(type(_inner(told)).__name__, "text")
        if isinstance(_inner(told), msgspec.inspect.StructType):
            text = f"`{_inner(told).cls.__name__}`"  # type: ignore[attr-defined]
    return f"list: {text}" if _listed(told) else text


_FORMS = {
    "DateType": "day",
    "DateTimeType": "time with an offset",
    "BoolType": "true or false",
    "IntType": "count",
    "DictType": "scores by question",
}


def _told_fields(kind: str) -> tuple[msgspec.inspect.Field, ...]:
    told = msgspec.inspect.type_info(KINDS[kind])
    return told.fields if isinstance(told, msgspec.inspect.StructType) else ()


def _inner(told: msgspec.inspect.Type) -> msgspec.inspect.Type:
    while isinstance(told, (msgspec.inspect.Metadata, msgspec.inspect.ListType)):
        told = told.type if isinstance(told, msgspec.inspect.Metadata) else told.item_type
    return told


def _listed(told: msgspec.inspect.Type) -> bool:
    while isinstance(told, msgspec.inspect.Metadata):
        told = told.type
    return isinstance(told, msgspec.inspect.ListType)


def glossary_page() -> str:
    """``docs/reference/glossary.md``: the words for every name, in bokmål and nynorsk."""
    words = glossary()
    lines = [
        "# Glossary",
        "",
        "This page is made from `mappings/glossary.yaml`.",
        "What a municipality calls things stands in `mappings/municipalities`.",
        "",
        "## Kinds",
        "",
        "| name | bokmål | nynorsk | is |",
        "|---|---|---|---|",
        *(f"| `{name}` | {told.nb} | {told.nn} | {told.en} |" for name, told in words.kinds.items()),
        "",
    ]
    for title, section in (
        ("Fields", words.fields),
        ("Parts", words.parts),
        ("Values of closed lists", words.codes),
        ("Names that mean something of their own", words.own),
    ):
        lines += [f"## {title}", "", "| name | bokmål | nynorsk |", "|---|---|---|"]
        lines += [f"| `{name}` | {told.nb} | {told.nn} |" for name, told in section.items()]
        lines += [""]
    return "\n".join(lines).rstrip("\n") + "\n"


def main(*, root: Path, write: bool) -> int:
    """Write what differs, or tell it; the exit status is 1 when something differs and nothing is written."""
    made = files()
    stale = [
        place
        for place, text in made.items()
        if not (root / place).is_file() or (root / place).read_text(encoding="utf-8") != text
    ]
    for place in stale:
        if write:
            (root / place).parent.mkdir(parents=True, exist_ok=True)
            (root / place).write_text(made[place], encoding="utf-8")
        sys.stdout.write(f"{place} {'written' if write else 'is behind the model'}\n")
    return 0 if write or not stale else 1


if __name__ == "__main__":
    sys.exit(main(root=Path(__file__).resolve().parents[2], write="--write" in sys.argv[1:]))
