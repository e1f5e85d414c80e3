"""What was known of a case at any instant, of any day: the product's way back against a replay from nothing.

A history is a list of statements, each recorded at its time about a field of an item. They arrive late, are corrected
and backdated. The product keeps the file as it stands with the story of its changes, and undoes what came after; the
replay begins with nothing, takes the statements up to the instant one by one, and reads the facts in its own way.
"""

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core import past
from gateway.core.casefile import CaseFile, Entry
from gateway.core.facts import Restriction, gather
from gateway.core.known import Facts, Policy
from gateway.core.model import Origin

START = datetime(2026, 1, 1, tzinfo=UTC)
ASSERTS = {
    "register": frozenset({"protection", "relation", "consent"}),
    "school": frozenset({"consent"}),
    "log": frozenset[str](),
}
GRADES = ["none", "client", "confidential", "strict", "strict_abroad"]
ITEMS = {
    "child": "person", "mother": "person", "father": "person", "r1": "relation", "r2": "relation",
    "c1": "consent", "c2": "consent",
}  # fmt: skip
_DAYS = [(date(2025, 12, 1) + timedelta(days=20 * step)).isoformat() for step in range(8)]
_TIMES = [(START + timedelta(days=15 * step)).isoformat() for step in range(-2, 8)]
_VALUES: dict[str, dict[str, list[Any]]] = {
    "person": {
        "birth_date": ["2012-01-31", "2011-02-28"], "protection": GRADES, "pregnant": [True, False],
        "has_capacity": [True, False], "role": ["child", "employee"], "care": ["none", "care_order", "emergency"],
    },
    "relation": {
        "responsibility": ["joint", "sole", "none", "unknown"], "resident": [True, False], "since": _DAYS, "until": _DAYS,
    },
    "consent": {
        "decision": ["given", "refused"], "services": [["school"], ["school", "ppt"]], "valid_from": _DAYS,
        "valid_to": _DAYS, "given": _TIMES, "withdrawn": _TIMES,
    },
}  # fmt: skip
_FIRST = {
    "r1": {"child": "child", "person": "mother"}, "r2": {"child": "child", "person": "father"},
    "c1": {"by": "mother", "purpose": "bti"}, "c2": {"by": "father", "purpose": "bti"},
}  # fmt: skip

Statement = tuple[datetime, str, str, str, Any]
"""Recorded when, by which system, of which item, which field (``+`` it is there, ``*`` it is gone), which value."""


@st.composite
def histories(draw: st.DrawFn) -> list[Statement]:
    told: list[Statement] = []
    now, there = START, set[str]()
    for _ in range(draw(st.integers(1, 14))):
        now += timedelta(hours=draw(st.integers(0, 400)))
        item = draw(st.sampled_from(sorted(ITEMS)))
        system = draw(st.sampled_from(sorted(ASSERTS)))
        if item not in there:
            there.add(item)
            told.append((now, system, item, "+", _FIRST.get(item, {})))
            continue
        values = _VALUES[ITEMS[item]]
        name = draw(st.sampled_from([*sorted(values), "*"]))
        value = draw(st.booleans()) if name == "*" else draw(st.sampled_from(values[name]))
        told.append((now, system, item, name, value))
    return told


def _case(file: CaseFile) -> CaseFile:
    file.items["case"] = Entry(
        kind="case",
        fields={"subject": "child"},
        origin=Origin(system="log", unit="u", service="school", domain="education"),
    )
    return file


def kept(told: list[Statement]) -> tuple[CaseFile, list[tuple[datetime, list[past.Change]]]]:
    """The file after everything, and the story of how it came to be, in the form that the product records."""
    file = _case(CaseFile(id="case"))
    story: list[tuple[datetime, list[past.Change]]] = [(START, [("case", "+", None, None, None)])]
    for recorded, system, item, name, value in told:
        before, changes = past.heads(file), []
        if name == "+":
            file.items[item] = Entry(
                kind=ITEMS[item],
                fields=dict(value),
                origin=Origin(system=system, unit="u", service="school", domain="education"),
            )
            changes.append((item, "+", None, None, None))
        elif name == "*":
            entry = file.items[item]
            changes.append((item, "*", entry.deleted, value, None))
            before.pop(item)
            entry.deleted = value
        else:
            entry = file.items[item]
            changes.append((item, name, entry.fields.get(name), value, None))
            entry.fields[name] = value
            entry.sources[name] = system
        story.append((recorded, [*changes, *past.unsaid(before, [], file)]))
    return file, story


# The replay: nothing of the product's, but the statements.


def replayed(told: list[Statement], known_at: datetime) -> dict[str, dict[str, tuple[str, Any]]]:
    """For each item that stands, each field with the system that said it last."""
    items: dict[str, dict[str, tuple[str, Any]]] = {}
    gone = set[str]()
    for recorded, system, item, name, value in told:
        if recorded > known_at:
            break
        if name == "+":
            items[item] = {key: (system, one) for key, one in value.items()} | {"": (system, None)}
        elif name == "*":
            (gone.add if value else gone.discard)(item)
        else:
            items[item][name] = (system, value)
    return {item: fields for item, fields in items.items() if item not in gone}


def naive(told: list[Statement], known_at: datetime, at: datetime, held: list[Restriction]) -> dict[str, Any]:
    """The facts on a day as they were known, in plain values."""
    items = replayed(told, known_at)
    everything = replayed([one for one in told if one[3] != "*"], known_at)
    day = at.astimezone(ZoneInfo("Europe/Oslo")).date().isoformat()

    def said(item: str, name: str, lacking: Any = None) -> Any:
        return items.get(item, everything[item]).get(name, ("", lacking))[1]

    def grade(person: str) -> str | None:
        system, level = everything[person].get("protection", ("", None))
        if level == "none" and "protection" not in ASSERTS[system]:
            level = None
        grades = [level] if level else []
        grades += [one.detail["level"] for one in held if one.kind == "protection" and one.person == person]
        return max(grades, key=GRADES.index) if grades else None

    def fact(person: str, name: str, believed: set[str], usual: Any = None) -> Any:
        """The usual until somebody says otherwise; what only somebody says who is not believed of it, is unknown."""
        system, value = everything[person].get(name, ("", None))
        if value in {None, usual}:
            return usual
        return value if believed & ASSERTS[system] else None

    guarded = {one.person for one in held if one.kind == "protection"}
    people = {
        person: (
            fact(person, "birth_date", {"protection", "relation", "birth_date"}),
            grade(person),
            fact(person, "has_capacity", {"has_capacity", "relation"}, usual=True),
        )
        for person in everything
        if ITEMS[person] == "person" and (person in guarded or (person in items and said(person, "role") != "employee"))
    }
    guardians = sorted(
        (said(item, "person"), said(item, "responsibility"), said(item, "resident"))
        for item in items
        if ITEMS[item] == "relation" and (said(item, "since") or "") <= day <= (said(item, "until") or "9999")
    )
    consents = {}
    for item, fields in items.items():
        decision = fields.get("decision", ("", None))
        if ITEMS[item] == "consent" and decision[1] == "given" and "consent" in ASSERTS[decision[0]]:
            ends = [one.detail["at"] for one in held if one.kind == "withdrawal" and one.detail["consent"] == item]
            ends += [said(item, "withdrawn")] if said(item, "withdrawn") else []
            consents[item] = (
                said(item, "by"),
                min(map(datetime.fromisoformat, ends), default=None),
                said(item, "valid_to"),
            )
    return {"people": people, "guardians": guardians, "consents": consents}


def plain(facts: Facts) -> dict[str, Any]:
    """What the product gathered, in the same plain values."""
    everyone = [*([facts.subject] if facts.subject else []), *(facts.people or ())]

    def text(day: date | None) -> str | None:
        return None if day is None else day.isoformat()

    return {
        "people": {one.id: (text(one.birth_date), one.protection, one.has_capacity) for one in everyone},
        "guardians": sorted((one.person, one.responsibility, one.resident) for one in facts.guardians or ()),
        "consents": {one.id: (one.by, one.withdrawn, text(one.valid_to)) for one in facts.consents},
    }


_HELD = st.lists(
    st.one_of(
        st.builds(
            lambda person, level: Restriction(kind="protection", person=person, detail={"level": level}),
            st.sampled_from(["child", "mother"]),
            st.sampled_from(GRADES[1:]),
        ),
        st.builds(
            lambda consent, at: Restriction(kind="withdrawal", detail={"consent": consent, "at": at}),
            st.sampled_from(["c1", "c2"]),
            st.sampled_from(_TIMES),
        ),
        st.just(Restriction(kind="block", detail={"service": "ppt"})),
        st.just(Restriction(kind="refusal", detail={"by": "father", "purpose": "bti", "at": _TIMES[0]})),
    ),
    max_size=3,
)
_AT = st.integers(-200, 4_000).map(lambda hours: START + timedelta(hours=hours))


def _gathered(file: CaseFile, held: list[Restriction], at: datetime) -> Facts:
    return gather(file=file, restrictions=held, policy=Policy(), at=at, asserts=ASSERTS)


def _in_order(told: dict[str, Any]) -> str:
    return repr(
        {key: sorted(map(repr, value.items() if isinstance(value, dict) else value)) for key, value in told.items()}
    )


@given(told=histories(), known_at=_AT, at=_AT, held=_HELD)
@settings(max_examples=250, deadline=None)
def test_what_was_known_then_is_what_a_replay_knows(
    told: list[Statement], known_at: datetime, at: datetime, held: list[Restriction]
) -> None:
    file, story = kept(told)
    then, _ = past.as_of(copy.deepcopy(file), story, known_at)
    assert _in_order(plain(_gathered(_case(then), held, at))) == _in_order(naive(told, known_at, at, held))


@given(told=histories(), known_at=_AT, at=_AT)
@settings(max_examples=100, deadline=None)
def test_what_comes_later_changes_nothing_that_was_known(
    told: list[Statement], known_at: datetime, at: datetime
) -> None:
    early = [one for one in told if one[0] <= known_at]
    facts = [_gathered(_case(past.as_of(*kept(some), known_at)[0]), [], at) for some in (told, early)]
    assert plain(facts[0]) == plain(facts[1])


def _closed(facts: Facts) -> tuple[Any, ...]:
    """What is closed: grades of protection, noes, blocks, and the yeses that are taken back."""
    everyone = [*([facts.subject] if facts.subject else []), *(facts.people or ())]
    grades = {one.id: GRADES.index(one.protection) for one in everyone if one.protection}
    return (
        grades,
        set(facts.refusals or ()),
        set(facts.blocks or ()),
        {one.id for one in facts.consents if one.withdrawn},
    )


@given(told=histories(), held=_HELD, at=_AT)
@settings(max_examples=150, deadline=None)
def test_an_import_never_loosens_what_is_held(told: list[Statement], held: list[Restriction], at: datetime) -> None:
    """Whatever systems say afterwards, a held grade, no, block and withdrawal stand; they may be made stricter."""
    facts = _gathered(kept(told)[0], held, at)
    grades, refusals, blocks, withdrawn = _closed(facts)
    there = set(kept(told)[0].items)
    for one in held:
        if one.kind == "protection" and one.person in there:
            assert grades[str(one.person)] >= GRADES.index(one.detail["level"])
        elif one.kind == "refusal":
            assert any(no.by == "father" and no.purpose == "bti" for no in refusals)
        elif one.kind == "block":
            assert any(shut.service == "ppt" for shut in blocks)
        elif one.kind == "withdrawal":
            given_ids = {yes.id for yes in facts.consents}
            assert one.detail["consent"] not in given_ids - withdrawn


def test_a_way_back_that_forgets_a_change_is_found() -> None:
    """The harness on a planted bug: the story lacks the corrections."""
    told: list[Statement] = [
        (START, "register", "child", "+", {}),
        (START + timedelta(hours=1), "register", "child", "protection", "strict"),
        (START + timedelta(hours=9), "register", "child", "protection", "none"),
    ]
    file, story = kept(told)
    then, _ = past.as_of(file, story[:-1], START + timedelta(hours=2))
    assert plain(_gathered(_case(then), [], START)) != naive(told, START + timedelta(hours=2), START, [])
