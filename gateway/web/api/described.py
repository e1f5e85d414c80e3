"""The API's description (OpenAPI 3.1), made from the operations and the types that they take and give."""

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from gateway import __version__
from gateway.run.settings_api import SCOPES
from gateway.web.api.call import Operation
from gateway.web.api.operations import OPERATIONS
from gateway.web.api.shapes import Named, ProblemReply, Pseudonym

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"
_REF = "#/components/schemas/{name}"
PATHS: Mapping[str, Any] = {
    "source": Named, "target": Named, "task": Pseudonym, "case": Pseudonym, "item": Pseudonym,
}  # fmt: skip
"""What the parts of a path look like."""

MEANINGS: Mapping[int, str] = {
    400: "a parameter of the address, or the JSON, cannot be read",
    401: "no token, or none that is good here; the answer does not say why",
    403: "the token, the program or the person gives no right to this; unknown programs get the same answer",
    404: "not there, or hidden from the caller: the same answer",
    405: "the address does not take this method",
    409: "it cannot be done as things stand; the code says why",
    412: "what was seen has changed since",
    413: "too large",
    415: "not JSON",
    422: "the JSON has not the form that is described, or what it asks is not possible",
    428: "`If-Match` is missing",
    429: "too many calls; `Retry-After` says how many seconds to wait",
    503: "the store, or the keys of the issuer of tokens, cannot be used now",
}
"""Every status of a problem, and what it means."""

_INTRO = """\
Other programs ask and answer here what people do in the pages, by the same rights and through the same gate.
What a caller may not see is not there: the bytes are the same, and so are counts.
Every look at a case is in the audit log.
A program acts in its own name for a unit, or in the name of a person whom its token names.
It may report what was carried out and stop what moves; to decide, or to open, takes a named person.
No person's number ever stands in an address.
Errors are problem documents (RFC 9457) with a stable `code`; their `title` follows `Accept-Language` (nb, nn, en).
"""


def mark(one: Operation) -> str:
    """What an operation is called among the routes of the web."""
    return f"api.{one.id}"


def routes() -> dict[object, str]:
    """The address of each operation, by what it is called."""
    return {mark(one): PREFIX + one.path for one in OPERATIONS}


def statuses(one: Operation) -> list[int]:
    """The statuses of problems that an operation can answer with."""
    found = {401, 403, 405, 429, 503, *one.problems}
    if "{" in one.path:
        found.add(404)
    if one.query is not None:
        found |= {400, 404} if one.id == "explain_record" else {400}
    if one.body is not None:
        found |= {400, 413, 415, 422}
    if one.query is None:
        found.add(400)  # a parameter that nobody knows
    if one.matches:
        found |= {412, 428}
    return sorted(found)


def document(*, server: str = "") -> dict[str, Any]:
    """The whole description. ``server`` is the address that people open, where it is known."""
    types = [*_types(OPERATIONS), ProblemReply]
    schemas, parts = msgspec.json.schema_components(types, ref_template=_REF)
    known = dict(zip([repr(one) for one in types], schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, known, parts)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "bti-gateway",
            "version": __version__,
            "description": _INTRO,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server + PREFIX}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(parts.items())),
            "responses": {str(status): _problem(status, said) for status, said in MEANINGS.items()},
            "securitySchemes": {"token": {
                "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "An access token (RFC 9068) of the issuer that the settings name; `DPoP` where it is"
                " bound to a key (RFC 9449). Scopes, with the prefix of the settings: "
                + "; ".join(f"`{name}` ({said})" for name, said in SCOPES.items()) + ".",
            }},
        },
    }  # fmt: skip


def _types(operations: Iterable[Operation]) -> list[Any]:
    found: list[Any] = []
    for one in operations:
        found += [kind for kind in (one.gives, one.body, one.query) if kind is not None]
    return list({repr(kind): kind for kind in found}.values())


def _operation(one: Operation, known: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    said = inspect.getdoc(one.call) or ""
    scope = f"Scope: `{one.scope}`." if one.scope else "Any good token will do."
    right = f" Right: `{one.act}`." if one.act else ""
    headers = {"ETag": {"description": "the mark of the state that was seen", "schema": {"type": "string"}}}
    told: dict[str, Any] = {
        "operationId": one.id,
        "summary": said.partition("\n")[0],
        "description": f"{said}\n\n{scope}{right}".replace("``", "`"),
        "parameters": _parameters(one, parts),
        "responses": {
            "200": {
                "description": "done",
                "content": {"application/json": {"schema": known[repr(one.gives)]}},
                **({"headers": headers} if one.tagged else {}),
            },
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses(one)},
        },
    }
    if one.tagged and one.method == "GET":
        told["responses"]["304"] = {"description": "what `If-None-Match` names is still what is there"}
    if one.body is not None:
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": known[repr(one.body)]}},
        }
    return told


def _parameters(one: Operation, parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": msgspec.json.schema(PATHS[name])}
        for name in re.findall(r"{(\w+)}", one.path)
    ]
    if one.query is not None:
        found += [
            {"name": name, "in": "query", "required": False, "schema": _plain(schema)}
            for name, schema in _properties(one.query, parts).items()
        ]
    if one.matches:
        found.append(_header("If-Match", "the `ETag` of what was seen, where the change needs it"))
    elif one.tagged:
        found.append(_header("If-None-Match", "the `ETag` of what is known already"))
    return found


def _header(name: str, said: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": said, "schema": {"type": "string"}}


def _properties(query: type[Struct], parts: Mapping[str, Any]) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = parts[query.__name__]["properties"]
    return properties


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a parameter: one that is left out is not there, rather than null."""
    told = {name: value for name, value in schema.items() if value is not None or name != "default"}
    members = [one for one in told.pop("anyOf", []) if one != {"type": "null"}]
    return {**told, **(members[0] if len(members) == 1 else {"anyOf": members} if members else {})}


def _problem(status: int, said: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": said,
        "content": {PROBLEM: {"schema": {"$ref": _REF.format(name=ProblemReply.__name__)}}},
    }
    if status == 401:
        told["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if status == 405:
        told["headers"] = {"Allow": {"schema": {"type": "string"}}}
    if status == 429:
        told["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return told
