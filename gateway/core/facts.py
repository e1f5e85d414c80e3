"""From a case file and the restrictions on it to the facts that the gate decides on."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from gateway.core.ages import day
from gateway.core.belief import USUAL, is_believed
from gateway.core.beside import beside
from gateway.core.casefile import CaseFile, Entry
from gateway.core.known import STRICT, Block, ConsentFact, Facts, Guardian, Policy, Refusal, Someone
from gateway.core.model import Exclusion
from gateway.core.narrowing import narrowed

STRICTNESS: tuple[str, ...] = ("none", "client", "confidential", "strict", "strict_abroad")


PERSONAL = frozenset({"protection", "care"})
"""Kinds of restrictions that are about a person, and hold in all of that person's cases."""


class Restriction(Struct, frozen=True, kw_only=True):
    """Something that closes: kept apart from the case file, and only ever tightened by what systems say.

    ``kind`` is ``protection`` (``detail["level"]``), ``care`` (``detail["measure"]``), ``withdrawal``
    (``detail["consent"]``, ``detail["at"]``), ``refusal`` (``detail["by"]``, ``detail["purpose"]``, ``detail["at"]``),
    ``block`` (``detail["service"]``, ``detail["valid_from"]``, ``detail["valid_to"]``), or ``narrowing``: a consent
    that a system has since told with less (``detail["consent"]``, ``detail["at"]``, ``detail["field"]``, and what it
    was and became, ``detail["was"]`` and ``detail["left"]``).
    """

    kind: str
    case: str | None = None
    person: str | None = None
    detail: Mapping[str, Any] = {}


def gather(
    *,
    file: CaseFile,
    restrictions: Iterable[Restriction],
    policy: Policy,
    at: datetime,
    asserts: Mapping[str, frozenset[str]],
) -> Facts:
    """The facts of a case at an instant. ``asserts`` says what each system is believed about.

    What nobody who may say so has said, and what is contested, is unknown, and the gate denies on it. That no care
    order is in force, that a child is not pregnant and that a young person has capacity are taken as so until somebody
    says otherwise: no register tells them of everybody.
    """
    case = file.case()
    subject_id = case.fields.get("subject") if case else None
    closed = list(restrictions)
    protected = {one.person for one in closed if one.kind == "protection"}
    told = _Told(file=file, closed=closed, asserts=asserts, contested={(one.item, one.name) for one in file.clashes})
    people = [
        _someone(told, key, entry)
        for key, entry in file.items.items()
        if entry.kind == "person"
        and (key in protected or not (entry.deleted or entry.fields.get("role") == "employee"))
    ]
    subject = next((one for one in people if one.id == subject_id), None)
    entry = file.items.get(subject_id) if subject_id else None
    today = day(at)
    unsure = {item for item, _ in told.contested}
    waits = _Waits(file, asserts)
    gone = {(one.system, one.item) for one in file.clashes if one.name == "*"}
    relations = [
        (key, one)
        for key, one in file.of_kind("relation")
        if one.fields.get("child") == subject_id and _in_force(one, today)
    ]
    facts = Facts(
        at=at,
        policy=policy,
        subject=subject,
        people=None if waits.somebody else tuple(one for one in people if one.id != subject_id),
        guardians=(
            tuple(_guardian(one, key in unsure) for key, one in relations)
            if relations and not waits.relations
            else None
        ),
        care=_care(told, subject_id, entry) if entry and subject_id else None,
        consents=_after_birth(
            tuple(
                said
                for key, one in file.of_kind("consent")
                if _is_given(one, asserts) and (one.origin.system, key) not in gone and not waits.holds(one)
                for said in narrowed(_consent(key, one, closed), closed)
            ),
            subject.birth_date if subject else None,
        ),
        refusals=(
            *(_refusal(one, at) for _, one in file.of_kind("consent") if one.fields.get("decision") == "refused"),
            *(_held_refusal(one, at) for one in closed if one.kind == "refusal"),
        ),
        blocks=tuple(_block(one) for one in closed if one.kind == "block"),
    )
    return beside(
        facts, file, care=lambda person: _care(told, person, file.items.get(person)), settled=not waits.relations
    )


class _Waits:
    """What of a case rests on records that wait unread, and is not known until they are read."""

    def __init__(self, file: CaseFile, asserts: Mapping[str, frozenset[str]]) -> None:
        unread = file.unread
        self._systems = {one.system for one in unread if one.what in {"consent", "case"}}
        self.somebody = any(one.what == "person" and one.item is None for one in unread)
        self.relations = any(
            one.what == "relation" or (one.what in {"person", "case"} and "relation" in asserts.get(one.system, ()))
            for one in unread
        )

    def holds(self, consent: Entry) -> bool:
        """Whether a consent is of a system of which a consent, or the whole case, waits unread."""
        return bool(self._systems) and not self._systems.isdisjoint({consent.origin.system, *consent.sources.values()})


def _is_unread(file: CaseFile, key: str, entry: Entry) -> bool:
    """Whether something of a person waits unread, which could protect that person."""
    return any(
        one.item == key or (one.what == "case" and one.system in {entry.origin.system, *entry.sources.values()})
        for one in file.unread
    )


class _Told(Struct, frozen=True):
    """What was told of a case, and what is believed of it."""

    file: CaseFile
    closed: list[Restriction]
    asserts: Mapping[str, frozenset[str]]
    contested: set[tuple[str, str]]
    """(item, field) that a system says otherwise about, and nobody has decided."""

    def fact(self, key: str, entry: Entry, name: str) -> Any:
        """A person's fact, the usual where nobody told it, or ``None`` where it is not known."""
        usual, value = USUAL.get(name), entry.fields.get(name)
        if name in entry.unknown or (key, name) in self.contested:
            return None
        if value is None or value == usual:
            return usual
        believed = is_believed(file=self.file, item=key, entry=entry, name=name, asserts=self.asserts)
        return value if believed else None

    def held(self, kind: str, key: str) -> list[Restriction]:
        """The restrictions of a kind on a person, in whichever case they were told."""
        return [one for one in self.closed if one.kind == kind and one.person == key]


def _someone(told: _Told, key: str, entry: Entry) -> Someone:
    """A person as the gate sees them. That somebody is *not* protected is believed of a register or a person only."""
    level = entry.fields.get("protection")
    if level == "none" and not is_believed(
        file=told.file, item=key, entry=entry, name="protection", asserts=told.asserts
    ):
        level = None
    held = [str(one.detail["level"]) for one in told.held("protection", key)]
    levels = [one for one in (level, *held) if one is not None]
    strictest = max(levels, key=STRICTNESS.index) if levels else None
    if told.file.unread and strictest not in STRICT and _is_unread(told.file, key, entry):
        strictest = None
    return Someone(
        id=key,
        birth_date=_day(told.fact(key, entry, "birth_date")),
        protection=strictest,
        has_capacity=told.fact(key, entry, "has_capacity"),
        pregnant=told.fact(key, entry, "pregnant"),
    )


def _care(told: _Told, key: str, entry: Entry | None) -> str | None:
    """The care measure in force. One that was told stands until a person lifts it: an end that only a system told
    leaves it unknown who decides.
    """
    measure = told.fact(key, entry, "care") if entry is not None else None
    return None if measure == "none" and told.held("care", key) else measure


def _guardian(entry: Entry, unsure: bool) -> Guardian:
    """``unsure``: registers say different things of it, so it is not known what this adult holds."""
    fields = entry.fields
    return Guardian(
        person=fields["person"],
        responsibility="unknown" if unsure else fields.get("responsibility"),
        resident=fields.get("resident"),
    )


def _in_force(entry: Entry, today: date) -> bool:
    since, until = _day(entry.fields.get("since")), _day(entry.fields.get("until"))
    return (since is None or since <= today) and (until is None or today <= until)


def _is_given(entry: Entry, asserts: Mapping[str, frozenset[str]]) -> bool:
    """A yes counts from a person here, or from a system that may assert it: others are heard when they say no."""
    source = entry.sources.get("decision", entry.origin.system)
    return entry.fields.get("decision") == "given" and (source is None or "consent" in asserts.get(source, frozenset()))


def _consent(key: str, entry: Entry, closed: list[Restriction]) -> ConsentFact:
    fields = entry.fields
    withdrawals = [
        one.detail.get("at") for one in closed if one.kind == "withdrawal" and one.detail.get("consent") == key
    ]
    times = [time for end in (fields.get("withdrawn"), *withdrawals) if (time := _time(end)) is not None]
    given = _time(fields.get("given"))
    return ConsentFact(
        id=key,
        by=fields.get("by"),
        purpose=fields.get("purpose"),
        services=tuple(fields.get("services", ())),
        units=tuple(fields.get("units", ())),
        from_services=tuple(fields.get("from_services", ())),
        categories=tuple(fields.get("categories", ())),
        excluded=tuple(Exclusion(**one) for one in fields.get("excluded", ())),
        level_from=fields.get("level_from"),
        level_to=fields.get("level_to"),
        valid_from=_day(fields.get("valid_from")) or (day(given) if given else date.max),
        valid_to=_day(fields.get("valid_to")),
        given=given,
        withdrawn=min(times) if times else None,
    )


def _after_birth(consents: tuple[ConsentFact, ...], born: date | None) -> tuple[ConsentFact, ...]:
    """Consents given since the child was born: what was said of an unborn child is asked anew, of new deciders."""
    if born is None:
        return consents
    return tuple(one for one in consents if (said := _said(one)) is None or said >= born)


def _said(consent: ConsentFact) -> date | None:
    given: datetime | None = consent.given
    return day(given) if given is not None else consent.valid_from


def _refusal(entry: Entry, at: datetime) -> Refusal:
    """A refusal without a date counts as just given: the stricter."""
    fields = entry.fields
    return Refusal(by=fields["by"], at=_time(fields.get("given")) or at, purpose=fields["purpose"])


def _held_refusal(held: Restriction, at: datetime) -> Refusal:
    return Refusal(by=held.detail["by"], at=_time(held.detail.get("at")) or at, purpose=held.detail["purpose"])


def _block(held: Restriction) -> Block:
    return Block(
        service=held.detail.get("service"),
        valid_from=_day(held.detail.get("valid_from")) or date.min,
        valid_to=_day(held.detail.get("valid_to")),
    )


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _time(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None
