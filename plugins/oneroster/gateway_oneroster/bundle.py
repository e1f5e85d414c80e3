"""A bundle of CSV files (ZIP) as rows: OneRoster 1.1 and 1.2, whole (``bulk``) or what has changed (``delta``).

What the manifest says of a file is held against what is there. Codes: ``oneroster.manifest`` (missing, unreadable, or
of another version), ``oneroster.file_missing``, ``oneroster.mode`` (some files whole, others not),
``oneroster.columns`` (a column that is needed is not there), those of ``csvio``, ``archive`` and of rows.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Literal

from msgspec import Struct

from gateway.sdk import Fault
from gateway.sdk.archive import Limits, members
from gateway.sdk.csvio import Shape, header, rows
from gateway_oneroster.holding import Rows
from gateway_oneroster.options import Reading
from gateway_oneroster.rows import Row, birth, enrolment, group, org, user

MANIFEST = "manifest.csv"
VERSIONS = {"1.0", "1.1", "1.2"}
FILES = ("orgs", "classes", "users", "enrollments")
"""The files that must be in a whole bundle; ``roles`` in one of version 1.2, ``demographics`` where it is asked for."""

_NEEDED: Mapping[str, frozenset[str]] = {
    "orgs": frozenset({"sourcedId", "name", "type"}),
    "classes": frozenset({"sourcedId", "title", "classType", "schoolSourcedId"}),
    "users": frozenset({"sourcedId", "givenName", "familyName"}),
    "roles": frozenset({"sourcedId", "userSourcedId", "role", "orgSourcedId"}),
    "enrollments": frozenset({"sourcedId", "classSourcedId", "userSourcedId", "role"}),
    "demographics": frozenset({"sourcedId", "birthDate"}),
}
_TAKEN: Mapping[str, tuple[str, ...]] = {
    "orgs": ("sourcedId", "status", "name", "type", "identifier"),
    "classes": ("sourcedId", "status", "title", "classType"),
    "users": ("sourcedId", "status", "givenName", "familyName", "role", "identifier", "userMasterIdentifier"),
    "roles": ("role", "beginDate", "endDate"),
    "enrollments": ("sourcedId", "status", "role", "primary", "beginDate", "endDate"),
    "demographics": ("sourcedId", "status", "birthDate"),
}
"""The columns that go further than here as they are."""

_REFS: Mapping[str, Mapping[str, str]] = {
    "orgs": {"parentSourcedId": "parent"},
    "classes": {"schoolSourcedId": "school"},
    "roles": {"orgSourcedId": "org"},
    "enrollments": {"classSourcedId": "class", "userSourcedId": "user"},
}
_ID = re.compile(r"\{([^{}:]+):([^{}]+)\}")
_SHAPE = Shape(encoding="utf-8-sig")


class Bundle(Struct, frozen=True, kw_only=True):
    """What a bundle held. ``whole`` says that it tells of all there is."""

    version: str
    whole: bool
    rows: Rows


def read_bundle(stream: BinaryIO, *, options: Reading, max_bytes: int) -> Bundle:
    """The rows of a bundle. Raises ``Fault`` where it is refused whole; parts that are refused stand in its rows."""
    limits = Limits(bytes=max_bytes, total_bytes=max_bytes * 20, member_bytes=max_bytes * 10, members=100)
    files = {one.name: one.data for one in members(stream, limits=limits) if one.name.endswith(".csv")}
    version, modes = _manifest(files.get(MANIFEST))
    wanted = [*FILES, *(["roles"] if version == "1.2" else []), *(["demographics"] if options.birth_dates else [])]
    for name, mode in modes.items():
        if name in wanted and mode != "absent" and f"{name}.csv" not in files:
            raise Fault("oneroster.file_missing", f"$.{name}")
    told = {name: modes.get(name, "absent") for name in wanted}
    whole = "bulk" in told.values()
    if whole and "delta" in told.values():
        raise Fault("oneroster.mode", "$")
    absent = [name for name in wanted if told[name] == "absent" and name != "demographics"]
    if whole and absent:
        raise Fault("oneroster.file_missing", f"$.{absent[0]}")
    found = Rows()
    roles = _roles(files, told, found)
    readers: Mapping[str, Callable[[Mapping[str, Any]], Row]] = {
        "orgs": org, "classes": group, "users": lambda one: user(one, options), "enrollments": enrolment,
        "demographics": birth,
    }  # fmt: skip
    for name, reader in readers.items():
        if told.get(name, "absent") != "absent":
            _fill(name, files[f"{name}.csv"], reader, roles, found)
    return Bundle(version=version, whole=whole, rows=found)


def _manifest(data: bytes | None) -> tuple[str, dict[str, Literal["absent", "bulk", "delta"]]]:
    """The version, and for each file whether it is there."""
    if data is None:
        raise Fault("oneroster.manifest", "$.manifest")
    told = {one.get("propertyName", ""): one.get("value", "") for _, one, _ in _lines("manifest", data) if one}
    version = told.get("oneroster.version", "")
    if version not in VERSIONS:
        raise Fault("oneroster.manifest", "$.manifest")
    modes: dict[str, Literal["absent", "bulk", "delta"]] = {}
    for name, value in told.items():
        if name.startswith("file."):
            if value not in {"absent", "bulk", "delta"}:
                raise Fault("oneroster.manifest", "$.manifest")
            modes[name.removeprefix("file.")] = value  # type: ignore[assignment]
    return version, modes


def _lines(name: str, data: bytes) -> Iterator[tuple[int, dict[str, str] | None, Fault | None]]:
    stream = io.BytesIO(data)
    columns, place = header(stream, shape=_SHAPE)
    lacking = _NEEDED.get(name, frozenset()) - set(columns)
    if columns and lacking:
        raise Fault("oneroster.columns", f"$.{name}.{min(lacking)}")
    stream.seek(place.offset)
    for row in rows(stream, columns=columns, shape=_SHAPE, at=place):
        yield row.line, row.fields, row.fault


def _roles(files: Mapping[str, bytes], told: Mapping[str, str], found: Rows) -> dict[str, list[dict[str, Any]]]:
    """By user their roles (1.2), without those that are about to be deleted."""
    by_user: dict[str, list[dict[str, Any]]] = {}
    if told.get("roles", "absent") == "absent":
        return by_user
    for line, fields, fault in _lines("roles", files["roles.csv"]):
        if fields is None:
            found.refuse("users", f"roles-{line}", fault or Fault("oneroster.shape", "$"))
        elif fields.get("status") != "tobedeleted":
            by_user.setdefault(fields["userSourcedId"], []).append(_plain("roles", fields))
    return by_user


def _fill(
    name: str,
    data: bytes,
    reader: Callable[[Mapping[str, Any]], Row],
    roles: Mapping[str, list[dict[str, Any]]],
    found: Rows,
) -> None:
    table = found.table(name)
    twice: set[str] = set()
    for line, fields, fault in _lines(name, data):
        if fields is None:
            found.refuse(name, f"line-{line}", fault or Fault("oneroster.shape", "$"))
            continue
        told = _plain(name, fields)
        if name == "users":
            told |= _user(fields, roles)
        try:
            row = reader(told)
        except Fault as wrong:
            found.refuse(name, fields.get("sourcedId") or f"line-{line}", wrong)
            continue
        if table.setdefault(row.id, row) != row:
            twice.add(row.id)
    for native in sorted(twice):
        del table[native]
        found.refuse(name, native, Fault("oneroster.duplicate", "$.sourcedId"))


def _plain(name: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """What is needed of a line, in the names of the REST services; nothing else goes further than here."""
    told: dict[str, Any] = {one: fields[one] for one in _TAKEN[name] if fields.get(one)}
    told |= {new: fields[old] for old, new in _REFS.get(name, {}).items() if fields.get(old)}
    metadata = {key.removeprefix("metadata."): text for key, text in fields.items() if key.startswith("metadata.")}
    return told | ({"metadata": metadata} if metadata and name in {"classes", "users"} else {})


def _user(fields: Mapping[str, str], roles: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Lists of a user, which in CSV stand in one cell."""
    return {
        "userIds": [{"type": kind, "identifier": ident} for kind, ident in _ID.findall(fields.get("userIds", ""))],
        "agents": _list(fields.get("agentSourcedIds")),
        "orgs": _list(fields.get("orgSourcedIds")),
        "roles": roles.get(fields.get("sourcedId", ""), []),
    }


def _list(cell: str | None) -> list[dict[str, str]]:
    return [{"sourcedId": one.strip()} for one in (cell or "").split(",") if one.strip()]
