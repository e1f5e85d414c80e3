"""The exchange protocol's records as JSON Schema, made from the model, so that page, plugin and model cannot part.

On the wire a record has a header and ``fields`` in canonical names; a local level is the municipality's code; ``null``
is told empty, and a field that is not there is not told.
"""

import json
from typing import Any

from gateway.core.model import KINDS
from gateway.run.schemas import DRAFT, schema

APART = frozenset({"wonder_note", "child_welfare_report"})
"""Notes of wonder never travel; reports to child welfare have a path of their own."""
_ID: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 200}
_CODE: dict[str, Any] = {"type": "string", "maxLength": 200}


def records_schema() -> str:
    """``schemas/bti-exchange/records.schema.json`` as text."""
    kinds = [kind for kind in KINDS if kind not in APART]
    defs: dict[str, Any] = {}
    for kind in kinds:
        whole = schema(kind)
        defs.update(whole.get("$defs", {}))
        defs[f"{kind}_fields"] = {
            "type": "object",
            "description": whole["description"],
            "properties": {name: _told(name, one) for name, one in whole["properties"].items() if name != "kind"},
            "additionalProperties": False,
        }
    defs.pop("Level", None)
    defs["Header"] = {"type": "object", "properties": {"id": _ID, "case": _ID, **_HEADER}}
    defs["State"] = {"type": "object", "properties": _STATE}
    defs["Record"] = _record(kinds)
    defs["Change"] = {
        "description": "What a patch or a new record says: the fields that are told, and of the header what is known.",
        "oneOf": [_of(kind, "Header") for kind in kinds],
    }
    defs["Case"] = _case(kinds)
    made = {
        "$schema": DRAFT,
        "$id": "records.schema.json",
        "title": "bti-exchange records",
        "$ref": "#/$defs/Record",
        "$defs": {name: defs[name] for name in sorted(defs)},
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


_HEADER: dict[str, Any] = {
    "category": {**_CODE, "description": "What consents name; the kind, where it is not told."},
    "about": {
        "type": "array",
        "items": _ID,
        "description": "Ids of persons; nobody named: the case's subject.",
    },
    "withheld_from_parents": {"type": "boolean", "description": "Guardians may not see it."},
    "origin": {
        "type": "object",
        "description": "Who wrote it: a service of the closed list, and the vendor's id of the unit.",
        "properties": {"service": _CODE, "unit": _CODE},
        "additionalProperties": False,
    },
    "valid_from": {"type": "string", "format": "date-time", "description": "When it began to be so, if not when told."},
}
_STATE: dict[str, Any] = {
    "version": {**_CODE, "description": "Another one after every change; the same as in the ETag."},
    "modified": {"type": "string", "format": "date-time"},
    "deleted": {"type": "boolean", "default": False},
}


def _told(name: str, one: dict[str, Any]) -> dict[str, Any]:
    if name == "level":
        one = {**_CODE, "title": "level", "description": "The municipality's own code."}
    return {"anyOf": [{key: value for key, value in one.items() if key != "x-label"}, {"type": "null"}]}


def _of(kind: str, *parts: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "allOf": [{"$ref": f"#/$defs/{part}"} for part in parts],
        "properties": {"kind": {"const": kind}, "fields": {"$ref": f"#/$defs/{kind}_fields"}, **more},
        "required": ["kind"],
        "unevaluatedProperties": False,
    }


def _record(kinds: list[str]) -> dict[str, Any]:
    alive = [_of(kind, "Header", "State") | {"required": ["id", "kind", "version", "fields"]} for kind in kinds]
    tombstone = {
        "type": "object",
        "properties": {"id": _ID, "kind": {"enum": kinds}, **_STATE, "deleted": {"const": True}},
        "required": ["id", "kind", "version", "deleted"],
        "additionalProperties": False,
    }
    return {"description": "A record as it is told, or a tombstone.", "oneOf": [*alive, tombstone]}


def _case(kinds: list[str]) -> dict[str, Any]:
    items = {kind: {"type": "array", "items": _of(kind, "Header", "State")} for kind in kinds if kind != "case"}
    inside = {"type": "object", "properties": items, "additionalProperties": False}
    return {"description": "A case with its items inside, by kind.", **_of("case", "Header", "State", items=inside)}
