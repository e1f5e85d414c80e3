"""The canonical model: what the systems of a municipality say to each other about a case.

``KINDS`` maps a record kind to its struct, ``facet`` tells what a field is, ``check`` validates a reading's fields.
Kinds beyond those that the gate's contract lists (``participant``, ``relation``, ``unit``, ``agreement``) are facts
about people and services; the gate treats a kind that its rules do not name as unknown, and denies it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, get_args

import msgspec
from msgspec import Meta

from gateway.core.codes import plain_code, plain_path
from gateway.core.model.facets import Facet
from gateway.core.model.parts import Exclusion, Factor, Involvement, Level, Origin
from gateway.core.model.people import Agreement, Enrolment, Person, Relation, Unit
from gateway.core.model.records import (
    Assignment,
    BrightMoment,
    Case,
    ChildVoice,
    ChildWelfareReport,
    Concern,
    Consent,
    Evaluation,
    Goal,
    Item,
    Measure,
    Meeting,
    Participant,
    Plan,
    ReportedPerson,
    SafetyPlan,
    UserExperience,
    WonderNote,
)  # fmt: skip

KINDS: Mapping[str, type[Item]] = MappingProxyType(
    {
        str(struct.__struct_config__.tag): struct
        for struct in (
            Case,
            Concern,
            Goal,
            Measure,
            Meeting,
            Evaluation,
            ChildVoice,
            BrightMoment,
            Assignment,
            Consent,
            Plan,
            SafetyPlan,
            WonderNote,
            ChildWelfareReport,
            Enrolment,
            Person,
            UserExperience,
            Participant,
            Relation,
            Unit,
            Agreement,
        )
    }
)


def _marks(annotation: Any) -> dict[str, Any]:
    for member in (annotation, *get_args(annotation)):
        for meta in getattr(member, "__metadata__", ()):
            if isinstance(meta, Meta) and meta.extra:
                return dict(meta.extra)
    return {}


def _marked(struct: type[Item], mark: str) -> Mapping[str, Any]:
    marks = {name: _marks(struct.__annotations__[name]).get(mark) for name in struct.__struct_fields__}
    return MappingProxyType({name: found for name, found in marks.items() if found is not None})


FACETS: Mapping[str, Mapping[str, Facet]] = MappingProxyType(
    {kind: _marked(struct, "facet") for kind, struct in KINDS.items()}
)
"""For each kind, for each of its fields, what the field is."""

REFS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {kind: _marked(struct, "ref") for kind, struct in KINDS.items()}
)
"""For each kind, the fields that name another thing: ``person``, ``item`` or ``case``."""


INSTANTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        kind: tuple(
            name for name in struct.__struct_fields__ if "datetime.datetime" in str(struct.__annotations__[name])
        )
        for kind, struct in KINDS.items()
    }
)
"""For each kind, the fields that hold a moment: one moment has one writing, or two would look like an edit."""


def facet(kind: str, field: str) -> Facet:
    """What a field of a kind is. A field that the model does not know counts as narrative."""
    return FACETS.get(kind, {}).get(field, "narrative")


class Fault(Exception):
    """A record that does not fit the model: a stable code and the path of the first fault, never a value."""

    def __init__(self, code: str, path: str) -> None:
        code, path = plain_code(code), plain_path(path)
        super().__init__(f"{code} at {path}")
        self.code = code
        self.path = path


def check(kind: str, fields: Mapping[str, Any], *, whole: bool = True) -> dict[str, Any]:
    """Fields of a record as plain values in their canonical writing (dates as ISO strings, times in UTC).

    ``None`` says that a field was told empty, and stays. ``whole`` asks for the fields that a new record must have; a
    reading of a record that is known already may be a part of it.

    Raises ``Fault`` with ``model.kind`` (a kind that the model lacks), ``model.required`` (the path names every missing
    field) or ``model.value`` (the path of the first value that does not fit).
    """
    struct = KINDS.get(kind)
    if struct is None:
        raise Fault("model.kind", "$.kind")
    empty = {name: None for name, value in fields.items() if value is None}
    for name in empty:
        if name not in FACETS[kind]:
            raise Fault("model.value", "$")
    told = {name: value for name, value in fields.items() if value is not None} if empty else fields
    try:
        record = msgspec.convert(told, struct, str_keys=True)
    except msgspec.ValidationError as error:
        raise Fault("model.value", _path(str(error))) from None
    if whole:
        demand(kind, fields)
    plain: dict[str, Any] = msgspec.to_builtins(record)
    plain.pop("kind", None)
    for name in INSTANTS[kind]:
        if name in plain:
            try:
                plain[name] = moment(getattr(record, name))
            except OverflowError:  # an offset that leads out of the calendar
                raise Fault("model.value", f"$.{name}") from None
    plain.update(empty)
    return plain


def moment(at: datetime) -> str:
    """The one writing of a moment: in UTC, with ``Z``. ``at`` carries an offset."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def demand(kind: str, fields: Mapping[str, Any]) -> None:
    """Raise ``Fault`` (``model.required``) naming every field that a record of the kind must have and lacks."""
    missing = [name for name in KINDS[kind].required if fields.get(name) is None]
    if missing:
        raise Fault("model.required", ",".join(f"$.{name}" for name in missing))


def _path(message: str) -> str:
    """The path at the end of msgspec's message; the rest of the message could hold a value, and is dropped."""
    head, found, path = message.rpartition(" - at `")
    return path.rstrip("`") if found and head else "$"


__all__ = [
    "FACETS", "KINDS", "REFS", "Agreement", "Assignment", "BrightMoment", "Case", "ChildVoice", "ChildWelfareReport",
    "Concern", "Consent", "Enrolment", "Evaluation", "Exclusion", "Facet", "Factor", "Fault", "Goal", "Involvement",
    "Item", "Level", "Measure", "Meeting", "Origin", "Participant", "Person", "Plan", "Relation", "ReportedPerson",
    "SafetyPlan", "Unit", "UserExperience", "WonderNote", "check", "demand", "facet", "moment",
]  # fmt: skip
