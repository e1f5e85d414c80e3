"""How the stand-in takes writes: one by one, in a batch, or in a transaction that is taken whole or not at all."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from gateway_fhir_r4.standin_records import Records
from gateway_fhir_r4.standin_rules import matches, references, wrongs


class Abilities(Struct, frozen=True, kw_only=True):
    """What this server can do, and says in its CapabilityStatement. ``types`` are those it has; none: all of ours."""

    transaction: bool = True
    batch: bool = True
    conditional_create: bool = True
    versioned: bool = True
    deletes: bool = True
    history: bool = True
    writes: bool = True
    types: tuple[str, ...] = ()


class Refusal(Exception):
    """A request that the server refuses: a status and R4's issue code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Written(Struct, frozen=True, kw_only=True):
    """What a write came to."""

    status: int
    resource: dict[str, Any] | None = None
    kind: str = ""
    id: str = ""
    version: int = 0


def write(
    records: Records, able: Abilities, place: tuple[str, str | None], told: Any, *, method: str,
    conditions: Mapping[str, str],
) -> Written:  # fmt: skip
    """One write. ``conditions`` are ``if-match`` and ``if-none-exist``. Raises ``Refusal``."""
    kind, name = place
    if not able.writes:
        raise Refusal(405, "not-supported")
    match method, name:
        case "POST", None:
            return _create(records, able, kind, told, conditions.get("if-none-exist"))
        case "PUT", str():
            return _update(records, able, (kind, name), told, version=conditions.get("if-match"))
        case "DELETE", str():
            return _delete(records, able, kind, name)
        case _:
            raise Refusal(405, "not-supported")


def _create(records: Records, able: Abilities, kind: str, told: Any, condition: str | None) -> Written:
    existing = _existing(records, able, kind, condition)
    if existing is not None:
        return existing
    _sound(records, kind, told)
    return _stored(records, 201, {**told, "id": records.fresh()})


def _existing(records: Records, able: Abilities, kind: str, condition: str | None) -> Written | None:
    """The one resource that fits a condition. Several are refused: which one was meant cannot be told."""
    if condition is None:
        return None
    if not able.conditional_create:
        raise Refusal(412, "not-supported")
    name, _, wanted = condition.partition("=")
    found = [one for one in records.living(kind) if matches(one.resource or {}, name, wanted)]
    if len(found) > 1:
        raise Refusal(412, "multiple-matches")
    if not found:
        return None
    there = found[0]
    return Written(status=200, resource=there.resource, kind=kind, id=there.id, version=there.version)


def _update(
    records: Records, able: Abilities, place: tuple[str, str], told: Any, *, version: str | None,
    pointing: bool = True,
) -> Written:  # fmt: skip
    kind, name = place
    there = records.one(kind, name)
    if there is None:
        raise Refusal(405, "not-supported")
    if there.resource is None:
        raise Refusal(410, "deleted")
    if able.versioned and version is not None and version.removeprefix("W/").strip('"') != str(there.version):
        raise Refusal(412, "conflict")
    if not isinstance(told, dict) or told.get("id") != name:
        raise Refusal(400, "invalid")
    _sound(records, kind, told, pointing=pointing)
    return _stored(records, 200, told)


def _delete(records: Records, able: Abilities, kind: str, name: str) -> Written:
    if not able.deletes:
        raise Refusal(405, "not-supported")
    there = records.one(kind, name)
    if there is None or there.resource is None:
        return Written(status=204)
    if records.pointed_to(f"{kind}/{name}"):
        raise Refusal(409, "conflict")
    records.put([{"resourceType": kind, "id": name, "_deleted": True}])
    return Written(status=204)


def _sound(records: Records, kind: str, told: Any, *, pointing: bool = True) -> None:
    """Raise where a resource is of another type, not R4's, or (``pointing``) names what is not there."""
    if wrongs(told) or told["resourceType"] != kind:
        raise Refusal(422, "structure")
    if pointing:
        _pointing(records, told)


def _pointing(records: Records, told: Any) -> None:
    for reference in references(told):
        target = reference["reference"]
        place, _, name = target.partition("/")
        there = records.one(place, name) if name else None
        if not target.startswith("#") and (there is None or there.resource is None):
            raise Refusal(400, "not-found")


def _stored(records: Records, status: int, resource: dict[str, Any]) -> Written:
    records.put([resource])
    there = records.one(resource["resourceType"], resource["id"])
    assert there is not None  # noqa: S101 - it was just put there
    return Written(status=status, resource=there.resource, kind=there.kind, id=there.id, version=there.version)


def bundle(
    records: Records, able: Abilities, told: Any, *, base: str, half: bool, between: Callable[[], None] | None
) -> dict[str, Any]:  # fmt: skip
    """A batch or transaction. ``half``: every second entry of either is refused, and the answer is a success still.

    ``between`` is called between looking at conditions and writing: what a careless server lets happen there.
    """
    kind = told.get("type") if isinstance(told, dict) else None
    entries = told.get("entry", []) if isinstance(told, dict) else []
    offered = {"transaction": able.transaction, "batch": able.batch}
    if not offered.get(str(kind)) or not isinstance(entries, list):
        raise Refusal(400, "not-supported")
    names = {} if kind == "batch" else _named(records, able, entries)
    if between is not None:
        between()
    mark, answers = records.mark(), []
    whole = kind == "transaction" and not half
    for at, entry in enumerate(entries):
        try:
            answers.append(_answered(records, able, entry, names, base, whole=whole, refused=half and bool(at % 2)))
        except Refusal as refusal:
            if whole:
                records.back_to(mark)
                raise
            issue = {"severity": "error", "code": refusal.code}
            outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
            answers.append({"response": {"status": f"{refusal.status} Refused", "outcome": outcome}})
    if whole:
        _all_pointing(records, mark)
    return {"resourceType": "Bundle", "type": f"{kind}-response", "entry": answers}


def _all_pointing(records: Records, mark: int) -> None:
    """What a transaction wrote names only what is there; else it is undone, and refused."""
    try:
        for one in records.since(mark):
            _pointing(records, one.resource)
    except Refusal:
        records.back_to(mark)
        raise


def _named(records: Records, able: Abilities, entries: list[Any]) -> dict[str, str]:
    """What each placeholder of a transaction will be called. Raises where two entries are about one resource."""
    names, places = {}, set()
    for entry in entries:
        request, full = entry.get("request", {}), entry.get("fullUrl")
        kind = str(request.get("url", "")).partition("/")[0]
        if request.get("method") == "POST":
            there = _existing(records, able, kind, request.get("ifNoneExist"))
            name = there.id if there is not None else records.fresh()
            if full in names:
                raise Refusal(400, "duplicate")
            names[full] = f"{kind}/{name}"
        elif request.get("url") in places:
            raise Refusal(400, "duplicate")
        else:
            places.add(request.get("url"))
    return names


def _answered(
    records: Records, able: Abilities, entry: Mapping[str, Any], names: Mapping[str, str], base: str, *, whole: bool,
    refused: bool = False,
) -> dict[str, Any]:  # fmt: skip
    if refused:
        raise Refusal(422, "business-rule")
    request, resource = entry.get("request", {}), copy.deepcopy(entry.get("resource"))
    method, url = request.get("method"), str(request.get("url", ""))
    kind, _, name = url.partition("/")
    for reference in references(resource):
        reference["reference"] = names.get(reference["reference"], reference["reference"])
    if method == "GET":
        there = records.one(kind, name)
        if there is None or there.resource is None:
            raise Refusal(404 if there is None else 410, "not-found")
        return {"resource": there.resource, "response": {"status": "200 OK", "etag": f'W/"{there.version}"'}}
    full = str(entry.get("fullUrl"))
    if method == "POST" and full in names and isinstance(resource, dict):
        done = _begun(records, kind, names[full].partition("/")[2], resource)
    elif method == "PUT" and whole:
        done = _update(records, able, (kind, name), resource, version=request.get("ifMatch"), pointing=False)
    else:
        conditions = {"if-match": request.get("ifMatch"), "if-none-exist": request.get("ifNoneExist")}
        told = {key: one for key, one in conditions.items() if one is not None}
        done = write(records, able, (kind, name or None), resource, method=str(method), conditions=told)
    return {"response": answer_of(done, base)}


def _begun(records: Records, kind: str, name: str, resource: dict[str, Any]) -> Written:
    there = records.one(kind, name)
    if there is not None and there.resource is not None:
        return Written(status=200, resource=there.resource, kind=kind, id=name, version=there.version)
    _sound(records, kind, resource, pointing=False)
    return _stored(records, 201, {**resource, "id": name})


def answer_of(done: Written, base: str) -> dict[str, Any]:
    """The response of an entry: status, address and version."""
    words = {200: "200 OK", 201: "201 Created", 204: "204 No Content"}
    told: dict[str, Any] = {"status": words[done.status]}
    if done.id:
        told |= {"location": f"{base}/{done.kind}/{done.id}/_history/{done.version}", "etag": f'W/"{done.version}"'}
    return told
