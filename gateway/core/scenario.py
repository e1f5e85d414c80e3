"""A scenario: the facts of one decision as plain values, and its answer.

The form is the contract's. Unknown keys, unknown values and impossible dates are faults, all of them told with their
paths; a key that is lacking, or null, is a fact that nobody knows, and the gate denies where it needs it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from gateway.core import ages, explain
from gateway.core.consent import (
    Ask,
    Block,
    ConsentFact,
    Decision,
    Duty,
    Exclusion,
    Facts,
    Guardian,
    Need,
    Party,
    Policy,
    Refusal,
    Rules,
    Someone,
    decide,
)
from gateway.core.law import Law
from gateway.core.model.codes import (
    CARES,
    DOMAINS,
    ITEM_KINDS,
    PROTECTIONS,
    PURPOSES,
    RESPONSIBILITIES,
    SECTORS,
    SERVICES,
)
from gateway.core.rules import RULES

_DATE = re.compile(r"(1[89]|2\d)\d\d-\d\d-\d\d")
_TIME = re.compile(r"(1[89]|2\d)\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?")
_GROUNDS = frozenset("abcde")
_LONGEST = 500


class Flaw(Struct, frozen=True, kw_only=True):
    """What is wrong with a scenario: a stable code and the path, never a value."""

    code: str
    path: str


class Scenario(Struct, frozen=True, kw_only=True):
    """What a scenario asks. ``facts`` is ``None`` when its time is unknown: then nothing can be decided but no."""

    facts: Facts | None
    ask: Ask
    fields: tuple[str, ...]


class _Node:
    """One object of the scenario while it is read: hands out its values, and gathers what is wrong with them."""

    def __init__(self, value: Any, path: str, flaws: list[Flaw], keys: str) -> None:
        self.path, self.flaws = path, flaws
        self.told: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        if not isinstance(value, Mapping):
            flaws.append(Flaw(code="scenario.not_object", path=path))
        for key in self.told:
            if key not in keys.split():
                shown = re.sub(r"[^\w.-]", "?", str(key))[:40]
                flaws.append(Flaw(code="scenario.unknown_key", path=f"{path}.{shown}"))

    def flaw(self, code: str, key: str) -> None:
        self.flaws.append(Flaw(code=f"scenario.{code}", path=f"{self.path}.{key}"))

    def text(self, key: str) -> str | None:
        value = self.told.get(key)
        if value is None or (isinstance(value, str) and 0 < len(value) <= _LONGEST):
            return value
        self.flaw("type", key)
        return None

    def code(self, key: str, known: frozenset[str]) -> str | None:
        value = self.told.get(key)
        if value is None or (isinstance(value, str) and value in known):
            return value
        self.flaw("unknown_value", key)
        return None

    def flag(self, key: str) -> bool | None:
        value = self.told.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.flaw("type", key)
        return None

    def codes(self, key: str, known: frozenset[str] | None = None) -> tuple[str, ...] | None:
        value = self.told.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, str) and 0 < len(one) <= _LONGEST for one in value):
            self.flaw("type", key)
            return None
        for place, one in enumerate(value):
            if known is not None and one not in known:
                self.flaw("unknown_value", f"{key}[{place}]")
        return tuple(value)

    def day(self, key: str) -> date | None:
        value = self.told.get(key)
        if value is None:
            return None
        try:
            if isinstance(value, str) and _DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.flaw("impossible_date", key)
        return None

    def time(self, key: str) -> datetime | None:
        value = self.told.get(key)
        if value is None:
            return None
        try:
            if isinstance(value, str) and _TIME.fullmatch(value):
                found = datetime.fromisoformat(value)
                if found.tzinfo is not None:
                    return found
                self.flaw("naive_time", key)
                return None
        except ValueError:
            pass
        self.flaw("impossible_date", key)
        return None

    def moment(self, key: str) -> tuple[datetime, datetime] | None:
        """A time, or a date: then its first and last instant in Norway."""
        value = self.told.get(key)
        if isinstance(value, str) and _DATE.fullmatch(value):
            day = self.day(key)
            if day is None:
                return None
            return ages.starts(day), ages.starts(day + timedelta(days=1)) - timedelta(microseconds=1)
        found = self.time(key)
        return None if found is None else (found, found)

    def node(self, key: str, keys: str) -> "_Node":
        value = self.told.get(key)
        return _Node({} if value is None else value, f"{self.path}.{key}", self.flaws, keys)

    def nodes(self, key: str, keys: str) -> "list[_Node] | None":
        value = self.told.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            self.flaw("type", key)
            return None
        return [_Node(one, f"{self.path}.{key}[{place}]", self.flaws, keys) for place, one in enumerate(value)]


def read(value: Any, *, path: str = "$", law: Law = RULES.law) -> tuple[Scenario, list[Flaw]]:
    """A scenario from plain JSON values, and everything that is wrong with it; use it only when nothing is."""
    flaws: list[Flaw] = []
    root = _Node(
        value,
        path,
        flaws,
        "at municipality subject people guardians care consents refusals blocks item sender receiver purpose need duty",
    )
    at = root.time("at")
    subject = _subject(root)
    people = _each(root.nodes("people", "id birth_date protection"), _person)
    known = _known(root, subject, people)
    facts = {
        "policy": _policy(root),
        "subject": subject,
        "people": people,
        "guardians": _each(root.nodes("guardians", "person responsibility resident"), _guardian),
        "care": root.code("care", CARES),
        "consents": tuple(
            _consent(node, place, known) for place, node in enumerate(root.nodes("consents", _CONSENT) or ())
        ),
        "refusals": _each(root.nodes("refusals", "by at purpose"), lambda node: _refusal(node, known)),
        "blocks": _each(root.nodes("blocks", "service from to"), _block),
    }
    item = root.node("item", "kind domain category about withheld_from_parents fields")
    ask = Ask(
        kind=item.code("kind", ITEM_KINDS),
        domain=item.code("domain", DOMAINS),
        category=item.code("category", ITEM_KINDS),
        about=item.codes("about"),
        withheld_from_parents=item.flag("withheld_from_parents"),
        sender=_party(root.node("sender", "service unit body sector")),
        receiver=_party(root.node("receiver", "service unit body sector person")),
        purpose=root.code("purpose", PURPOSES),
        need=_need(root),
        duty=_duty(root, law),
    )
    fields = item.codes("fields") or ()
    return Scenario(facts=None if at is None else Facts(at=at, **facts), ask=ask, fields=fields), flaws


def judge(scenario: Scenario, rules: Rules = RULES) -> Decision:
    """The decision on a scenario."""
    if scenario.facts is None:
        denied = dict.fromkeys(scenario.fields, "deny")
        return Decision(
            effect="deny", fields=denied, rules=("X4",), task="find_facts", cause="unknown", unknown=("at",)
        )
    return decide(scenario.facts, scenario.ask, scenario.fields, rules)


def told(decision: Decision) -> dict[str, Any]:
    """The contract's answer. ``missing`` names people who have not said yes, and facts that nobody told.

    The order to take back what was sent is the engine's, who knows what was: here nothing has been.
    """
    return {
        "effect": decision.effect,
        "fields": dict(decision.fields),
        "rules": list(decision.rules),
        "secrecy_basis": decision.secrecy_basis,
        "processing_basis": decision.processing_basis,
        "must_consent": list(decision.must_consent),
        "missing": list(dict.fromkeys((*decision.missing, *decision.unknown))),
        "inform": list(decision.inform),
        "heard": list(decision.heard),
        "obligations": [one for one in decision.obligations if one != "retract"],
        "task": decision.task,
        "explanation": explain.words(decision),
    }


_CONSENT = "id by purpose services from_services units categories excluded given from to withdrawn"


def _each(nodes: list[_Node] | None, make: Callable[[_Node], Any]) -> Any:
    return None if nodes is None else tuple(make(node) for node in nodes)


def _policy(root: _Node) -> Policy:
    municipality = root.node("municipality", "model policy")
    municipality.text("model")
    node = municipality.node("policy", "self_consent_age both_guardians")
    age = node.told.get("self_consent_age")
    if age is not None and (isinstance(age, bool) or age not in (15, 16) or not isinstance(age, int)):
        node.flaw("unknown_value", "self_consent_age")
        age = None
    return Policy(self_consent_age=age, both_guardians=node.flag("both_guardians"))


def _subject(root: _Node) -> Someone | None:
    if root.told.get("subject") is None:
        return None
    node = root.node("subject", "id birth_date protection has_capacity pregnant")
    return Someone(
        id=node.text("id") or "",
        birth_date=node.day("birth_date"),
        protection=node.code("protection", PROTECTIONS),
        has_capacity=node.flag("has_capacity"),
        pregnant=node.flag("pregnant"),
    )


def _person(node: _Node) -> Someone:
    return Someone(
        id=node.text("id") or "", birth_date=node.day("birth_date"), protection=node.code("protection", PROTECTIONS)
    )


def _known(root: _Node, subject: Someone | None, people: tuple[Someone, ...] | None) -> frozenset[str] | None:
    """The ids that may declare something; ``None`` when it is not known who is in the case."""
    ids = [one.id for one in (*((subject,) if subject else ()), *(people or ())) if one.id]
    if len(ids) != len(set(ids)):
        root.flaw("duplicate", "people")
    if subject is None or not subject.id or people is None or any(not one.id for one in people):
        return None
    return frozenset({*ids, "child_welfare"})


def _giver(node: _Node, known: frozenset[str] | None) -> str | None:
    by = node.text("by")
    if by is not None and known is not None and by not in known:
        node.flaw("unknown_person", "by")
    return by


def _guardian(node: _Node) -> Guardian:
    return Guardian(
        person=node.text("person") or "",
        responsibility=node.code("responsibility", RESPONSIBILITIES),
        resident=node.flag("resident"),
    )


def _consent(node: _Node, place: int, known: frozenset[str] | None) -> ConsentFact:
    needed = ("by", "purpose", "services", "from_services", "categories", "excluded", "from")
    lacking = [key for key in needed if node.told.get(key) is None]
    lacking += [key for key in ("to", "withdrawn") if key not in node.told]
    given, withdrawn = node.moment("given"), node.moment("withdrawn")
    return ConsentFact(
        id=node.text("id") or str(place),
        by=_giver(node, known),
        purpose=node.code("purpose", PURPOSES),
        services=node.codes("services", SERVICES) or (),
        from_services=node.codes("from_services", SERVICES) or (),
        units=node.codes("units") or (),
        categories=node.codes("categories", ITEM_KINDS) or (),
        excluded=tuple(_exclusion(one) for one in node.nodes("excluded", "service unit category kind person") or ()),
        valid_from=node.day("from"),
        valid_to=node.day("to"),
        given=given[0] if given else None,
        withdrawn=withdrawn[0] if withdrawn else None,
        unknown=tuple(lacking),
    )


def _exclusion(node: _Node) -> Exclusion:
    if len(node.told) != 1 or None in node.told.values():
        node.flaw("one_of", "service|unit|category|kind|person")
    person = node.text("person")
    found: dict[str, Any] = {
        "service": node.code("service", SERVICES),
        "unit": node.text("unit"),
        "category": node.code("category", ITEM_KINDS),
        "kind": node.code("kind", ITEM_KINDS),
    }
    return Exclusion(**found) if person is None else Exclusion(**found, person=person)


def _refusal(node: _Node, known: frozenset[str] | None) -> Refusal:
    said = node.moment("at")
    return Refusal(
        by=_giver(node, known),
        at=said[0] if said else None,
        until=said[1] if said else None,
        purpose=node.code("purpose", PURPOSES),
    )


def _block(node: _Node) -> Block:
    return Block(service=node.code("service", SERVICES), valid_from=node.day("from"), valid_to=node.day("to"))


def _party(node: _Node) -> Party:
    return Party(
        service=node.code("service", SERVICES),
        unit=node.text("unit"),
        body=node.text("body"),
        sector=node.code("sector", SECTORS),
        person=node.text("person"),
    )


def _need(root: _Node) -> Need | None:
    if root.told.get("need") is None:
        return None
    node = root.node("need", "by at reason")
    return Need(by=node.text("by"), at=node.time("at"), reason=node.text("reason"))


def _duty(root: _Node, law: Law) -> Duty | None:
    if root.told.get("duty") is None:
        return None
    node = root.node("duty", "code ground filed_by")
    return Duty(
        code=node.code("code", frozenset(duty.code for duty in law.duties)),
        ground=node.code("ground", _GROUNDS),
        filed_by=node.code("filed_by", SERVICES),
    )
