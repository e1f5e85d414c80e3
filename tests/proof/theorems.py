"""What holds on every point of the space, whatever the facts are.

A theorem is a function with a name. ``always`` looks at a point and its answer; ``never_more`` yields points of which
none may show a field that the point itself does not; ``same`` yields points that must be answered alike, but for what
a person is told. ``counterexample`` is the scenario and the change on which one fails.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from gateway.core import model
from gateway.core.ask import Ask, Decision
from gateway.core.consent import Block, Exclusion, Facts, Refusal, decide
from gateway.core.known import Policy, Someone
from gateway.core.rules import RULES, Rules

DUTIES = {"B3", "B4", "B5"}
STATUTES = {"B6", "B7", "B8", "B9"}
GRADES = ("none", "client", "confidential", "strict", "strict_abroad")
FAMILY = {"guardian", "subject"}


class At(NamedTuple):
    """A point of the space with its answer, under the rules that are tried."""

    facts: Facts
    ask: Ask
    fields: tuple[str, ...]
    made: Decision
    rules: Rules

    @property
    def shown(self) -> set[str]:
        return {name for name, effect in self.made.fields.items() if effect == "permit"}

    @property
    def by(self) -> set[str]:
        return set(self.made.rules)

    def with_facts(self, **change: Any) -> tuple[Facts, Ask]:
        return replace(self.facts, **change), self.ask

    def with_ask(self, **change: Any) -> tuple[Facts, Ask]:
        return self.facts, replace(self.ask, **change)

    def decided(self, changed: tuple[Facts, Ask], **more: Any) -> Decision:
        return decide(*changed, self.fields, more.pop("rules", self.rules), **more)


Change = tuple[Facts, Ask]
Check = Callable[[At], str | None]
THEOREMS: dict[str, Check] = {}


def always(holds: Callable[[At], bool]) -> Callable[[At], bool]:
    """A theorem on a point and its answer."""
    THEOREMS[holds.__name__] = lambda at: None if holds(at) else "the answer itself"
    return holds


def never_more(changes: Callable[[At], Iterable[Change]]) -> Callable[[At], Iterable[Change]]:
    """A theorem on points that are stricter, or where less is known: they show nothing more."""

    def check(at: At) -> str | None:
        if len(at.shown) == len(at.fields):
            return None
        for changed in changes(at):
            made = at.decided(changed)
            if any(made.fields[name] == "permit" for name in made.fields if name not in at.shown):
                return f"shows more with {difference(at, changed)}"
        return None

    THEOREMS[changes.__name__] = check
    return changes


def same(changes: Callable[[At], Iterable[Change]]) -> Callable[[At], Iterable[Change]]:
    """A theorem on points that are answered alike."""

    def check(at: At) -> str | None:
        for changed in changes(at):
            made = at.decided(changed)
            if (made.effect, made.fields, made.secrecy_basis) != (
                at.made.effect,
                at.made.fields,
                at.made.secrecy_basis,
            ):
                return f"another answer with {difference(at, changed)}"
        return None

    THEOREMS[changes.__name__] = check
    return changes


def difference(at: At, changed: Change) -> str:
    """What was changed, in print."""
    pairs = ((at.facts, changed[0]), (at.ask, changed[1]))
    return ", ".join(
        f"{name}={getattr(after, name)!r}"
        for before, after in pairs
        for name in before.__struct_fields__
        if getattr(before, name) != getattr(after, name)
    )


def counterexample(scene: dict[str, Any], at: At, why: str) -> str:
    """A theorem's failure in print: the scenario as JSON, the answer, and what was changed."""
    return f"{msgspec.json.encode(scene).decode()}\n  {at.made.effect} by {', '.join(at.made.rules)}; {why}"


# What is taken back, refused or shut out.


@never_more
def a_withdrawal_never_shows_more(at: At) -> Iterator[Change]:
    mine = at.facts.consents
    yield at.with_facts(consents=tuple(replace(one, withdrawn=at.facts.at) for one in mine))
    for place, one in enumerate(mine):
        if one.purpose == at.ask.purpose:
            yield at.with_facts(consents=(*mine[:place], replace(one, withdrawn=at.facts.at), *mine[place + 1 :]))


@never_more
def an_expiry_never_shows_more(at: At) -> Iterator[Change]:
    ended = at.facts.today - timedelta(days=1)
    yield at.with_facts(consents=tuple(replace(one, valid_to=ended) for one in at.facts.consents))


@never_more
def a_consent_not_yet_begun_never_shows_more(at: At) -> Iterator[Change]:
    begins = at.facts.today + timedelta(days=1)
    yield at.with_facts(consents=tuple(replace(one, valid_from=begins) for one in at.facts.consents))


@never_more
def a_refusal_never_shows_more(at: At) -> Iterator[Change]:
    """A list that nobody told is stricter than one with a no, and no part of this."""
    if at.facts.refusals is None:
        return
    for by in (None, at.facts.child, *(one.person for one in at.facts.guardians or ())):
        no = Refusal(by=by, at=at.facts.at, purpose=at.ask.purpose, until=at.facts.at)
        yield at.with_facts(refusals=(*at.facts.refusals, no))


@never_more
def a_block_never_shows_more(at: At) -> Iterator[Change]:
    if at.facts.blocks is None:
        return
    for service in (None, at.ask.receiver.service):
        yield at.with_facts(blocks=(*at.facts.blocks, Block(service=service, valid_from=date.min)))


@always
def a_block_shuts_out_all_but_duties(at: At) -> bool:
    shut = any(
        one.service in {None, at.ask.receiver.service}
        and (one.valid_from or date.min) <= at.facts.today <= (one.valid_to or date.max)
        for one in at.facts.blocks or ()
    )
    return not shut or not at.shown or bool(at.by & DUTIES)


@never_more
def an_exclusion_never_shows_more(at: At) -> Iterator[Change]:
    for left_out in (
        Exclusion(service=at.ask.receiver.service or "school"),
        Exclusion(kind=at.ask.kind or "concern"),
        Exclusion(person=at.facts.child),
        Exclusion(unit="x"),
    ):
        consents = tuple(replace(one, excluded=(*one.excluded, left_out)) for one in at.facts.consents)
        yield at.with_facts(consents=consents)


@never_more
def a_narrower_consent_never_shows_more(at: At) -> Iterator[Change]:
    for change in (
        {"services": ("cultural",)},
        {"units": ("x",)},
        {"from_services": ("cultural",)},
        {"categories": ("bright_moment",)},
        {"level_from": 3, "level_to": 3},
    ):
        yield at.with_facts(consents=tuple(replace(one, **change) for one in at.facts.consents))


@same
def a_family_s_no_never_stops_a_duty(at: At) -> Iterator[Change]:
    if at.by & DUTIES and at.shown:
        no = Refusal(by=None, at=at.facts.at, purpose=None)
        yield at.with_facts(consents=(), refusals=(no,))
        yield at.with_facts(blocks=(Block(service=None),))
        yield at.with_facts(refusals=None, blocks=None)
        yield at.with_ask(withheld_from_parents=True)


# Protection.


@always
def strict_protection_shows_nothing_anywhere(at: At) -> bool:
    everyone = [at.facts.subject, *(at.facts.people or ())]
    return not any(one and one.protection in {"strict", "strict_abroad"} for one in everyone) or not at.shown


@always
def a_protected_case_shows_no_place_and_no_unread_text(at: At) -> bool:
    everyone = [at.facts.subject, *(at.facts.people or ())]
    if not any(one and one.protection not in {"none", None} for one in everyone):
        return True
    sorts = {model.facet(at.ask.kind or "", name) for name in at.shown}
    return "location" not in sorts and ("narrative" not in sorts or bool(at.by & DUTIES))


@always
def a_protected_case_is_shown_to_public_bodies_only(at: At) -> bool:
    everyone = [at.facts.subject, *(at.facts.people or ())]
    guarded = any(one and one.protection not in {"none", None} for one in everyone)
    public = at.ask.receiver.sector == "public" and at.ask.receiver.service not in FAMILY
    return not guarded or public or not at.shown


@never_more
def stricter_protection_never_shows_more(at: At) -> Iterator[Change]:
    subject, people = at.facts.subject, at.facts.people or ()
    for grade in GRADES[1:]:
        if subject and subject.protection in GRADES[: GRADES.index(grade)]:
            yield at.with_facts(subject=replace(subject, protection=grade))
        if people and people[-1].protection in GRADES[: GRADES.index(grade)]:
            yield at.with_facts(people=(*people[:-1], replace(people[-1], protection=grade)))


@never_more
def one_more_person_in_the_case_never_shows_more(at: At) -> Iterator[Change]:
    if at.facts.people is not None:
        for protection in (*GRADES, None):
            more = Someone(id="another", birth_date=date(1990, 1, 1), protection=protection)
            yield at.with_facts(people=(*at.facts.people, more))


@always
def unknown_protection_shows_nothing(at: At) -> bool:
    everyone = [at.facts.subject, *(at.facts.people or ())]
    return all(one and one.protection for one in everyone) or not at.shown


# What is not known.


@never_more
def lost_facts_never_show_more(at: At) -> Iterator[Change]:
    for name in ("people", "care", "refusals", "blocks", "subject"):
        yield at.with_facts(**{name: None})
    if all(one.person in at.facts.persons for one in at.facts.guardians or ()):
        # A guardian who is nobody in the case has an unknown protection, and is lost with the guardians.
        yield at.with_facts(guardians=None)
    if at.facts.subject:
        for name in ("birth_date", "protection", "has_capacity", "pregnant"):
            yield at.with_facts(subject=replace(at.facts.subject, **{name: None}))
    yield at.with_facts(policy=Policy(self_consent_age=None, both_guardians=None))
    yield at.with_facts(consents=tuple(replace(one, unknown=("to",)) for one in at.facts.consents))


@never_more
def a_question_half_told_never_shows_more(at: At) -> Iterator[Change]:
    for name in ("category", "domain", "about", "withheld_from_parents", "purpose", "need"):
        yield at.with_ask(**{name: None})
    for party in ("sender", "receiver"):
        side = getattr(at.ask, party)
        for name in ("service", "unit", "body", "sector", "person"):
            yield at.with_ask(**{party: replace(side, **{name: None})})


@always
def nobody_decides_for_somebody_of_unknown_age(at: At) -> bool:
    return at.facts.age is not None or not any(rule.startswith("C") for rule in at.by) or not at.shown


_READ_BY_NOBODY = replace(RULES.law, bases=tuple(replace(one, last_verified=None) for one in RULES.law.bases))


@always
def a_law_that_nobody_read_carries_nothing_but_duties(at: At) -> bool:
    if not at.shown or at.by & DUTIES:
        return True
    made = at.decided((at.facts, at.ask), rules=replace(at.rules, law=_READ_BY_NOBODY))
    return "permit" not in made.fields.values()


# Who sees.


@always
def a_parent_without_responsibility_sees_nothing(at: At) -> bool:
    if at.ask.receiver.service != "guardian":
        return True
    person = at.ask.receiver.person
    holds = {one.responsibility for one in at.facts.guardians or () if one.person == person}
    return (bool(holds) and holds <= {"joint", "sole", "verge"}) or not at.shown


@always
def a_guardian_sees_nothing_of_an_adult(at: At) -> bool:
    return at.ask.receiver.service != "guardian" or (at.facts.age is not None and at.facts.age < 18) or not at.shown


@always
def a_guardian_sees_nothing_that_is_withheld(at: At) -> bool:
    return at.ask.receiver.service != "guardian" or at.ask.withheld_from_parents is False or not at.shown


@always
def a_wonder_note_never_leaves(at: At) -> bool:
    return "wonder_note" not in {at.ask.kind, at.ask.category} or not at.shown


@always
def a_report_leaves_by_duty_only(at: At) -> bool:
    return "child_welfare_report" not in {at.ask.kind, at.ask.category} or not at.shown or bool(at.by & DUTIES)


@always
def no_service_gets_what_no_consent_or_basis_names(at: At) -> bool:
    if not at.shown or at.by & (DUTIES | STATUTES):
        return True
    gets, purpose = at.ask.receiver.service, at.ask.purpose
    named = {one.by for one in at.facts.consents if gets in one.services and one.purpose == purpose}
    eased = at.facts.policy.both_guardians is False and "C1" in at.by
    return bool(named) and (eased or named >= set(at.made.must_consent))
