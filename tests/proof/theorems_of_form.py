"""Theorems on who signs and on the form of an answer: reasons, bases, words, bytes."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from functools import cache

import msgspec
from msgspec.structs import replace
from theorems import DUTIES, STATUTES, At, Change, always, never_more, same

from gateway.core import explain
from gateway.core.ask import Decision
from gateway.core.consent import Block, Refusal
from gateway.core.known import ConsentFact
from gateway.core.release import release
from gateway.core.rules import RULES, Forbid, twin
from gateway.core.rules.sentences import SENTENCES

CODES = {one.code for one in (*RULES.law.bases, *RULES.law.duties)}


# Who signs.


def _by_consent(at: At) -> bool:
    return bool(at.shown) and not at.by & (DUTIES | STATUTES)


@always
def what_leaves_by_consent_was_signed_by_each_who_must(at: At) -> bool:
    """Each signer's yes stands on the day; where one of several is enough (policy), one is there."""
    if not _by_consent(at):
        return True
    signed = {
        one.by
        for one in at.facts.consents
        if one.purpose == at.ask.purpose
        and one.valid_from is not None
        and one.valid_from <= at.facts.today <= (one.valid_to or at.facts.today)
        and (one.withdrawn is None or one.withdrawn > at.facts.at)
        and at.ask.receiver.service in one.services
    }
    must = set(at.made.must_consent)
    return must <= signed or (at.facts.policy.both_guardians is False and "C1" in at.by and bool(must & signed))


@always
def a_care_measure_asks_no_parent(at: At) -> bool:
    asked = set(at.made.must_consent) & {one.person for one in at.facts.guardians or ()}
    return at.facts.care in {"none", None} or not asked - set(at.ask.about or ())


@always
def an_adult_is_asked_alone(at: At) -> bool:
    if not _by_consent(at) or at.facts.age is None or at.facts.age < 18:
        return True
    return set(at.made.must_consent) <= {at.facts.child, *(at.ask.about or ())}


@same
def others_say_nothing_for_an_adult(at: At) -> Iterator[Change]:
    if at.facts.age is not None and at.facts.age >= 18:
        mine = {at.facts.child, *(at.ask.about or ())}
        yield at.with_facts(consents=tuple(one for one in at.facts.consents if one.by in mine))


@always
def what_parents_may_not_know_they_are_not_asked(at: At) -> bool:
    asked = set(at.made.must_consent) & {one.person for one in at.facts.guardians or ()}
    return at.ask.withheld_from_parents is not True or not asked - set(at.ask.about or ())


@always
def each_person_in_an_item_has_said_yes(at: At) -> bool:
    others = set(at.ask.about or ()) - {at.facts.child}
    return not _by_consent(at) or others <= {one.by for one in at.facts.consents}


@never_more
def all_must_sign_shows_no_more_than_one(at: At) -> Iterator[Change]:
    yield at.with_facts(policy=replace(at.facts.policy, both_guardians=True))


@always
def a_statute_asks_for_a_need(at: At) -> bool:
    return not (at.by & STATUTES and at.shown) or (at.ask.need is not None and at.ask.need.at is not None)


@never_more
def a_lost_need_never_shows_more(at: At) -> Iterator[Change]:
    if at.ask.need:
        for name in ("by", "at", "reason"):
            yield at.with_ask(need=replace(at.ask.need, **{name: None}))
        yield at.with_ask(need=replace(at.ask.need, at=at.facts.at + timedelta(seconds=1)))


@always
def a_further_rule_stops_all_but_duties(at: At) -> bool:
    made = at.decided((at.facts, at.ask), extra=(_EVERYTHING,))
    shows = "permit" in made.fields.values()
    return shows is bool(at.by & DUTIES and at.shown)


_EVERYTHING = Forbid(id="municipality", applies=lambda facts, ask: True)


# What does not matter.


@same
def what_has_not_happened_changes_nothing(at: At) -> Iterator[Change]:
    later = at.facts.at + timedelta(days=2)
    yes = ConsentFact(
        id="later", by=at.facts.child, purpose=at.ask.purpose, services=(at.ask.receiver.service or "school",),
        valid_from=at.facts.today + timedelta(days=2), given=later,
    )  # fmt: skip
    yield at.with_facts(consents=(*at.facts.consents, yes))
    if at.facts.refusals is not None:
        yield at.with_facts(refusals=(*at.facts.refusals, Refusal(by=None, at=later, purpose=None, until=later)))
    if at.facts.blocks is not None:
        yield at.with_facts(blocks=(*at.facts.blocks, Block(valid_from=at.facts.today + timedelta(days=1))))


@same
def the_order_of_what_is_told_does_not_matter(at: At) -> Iterator[Change]:
    told = {"consents": at.facts.consents, "people": at.facts.people, "refusals": at.facts.refusals}
    told |= {"guardians": at.facts.guardians, "blocks": at.facts.blocks}
    yield at.with_facts(**{name: None if many is None else many[::-1] for name, many in told.items()})


@same
def the_same_instant_elsewhere_is_the_same_answer(at: At) -> Iterator[Change]:
    yield at.with_facts(at=at.facts.at.astimezone(UTC))


@always
def each_field_is_decided_alone(at: At) -> bool:
    ruling = at.made.fields
    return all(
        at.decided((at.facts, at.ask)).fields == ruling if len(at.fields) < 2 else _alone(at, name) == effect
        for name, effect in ruling.items()
    )


def _alone(at: At, name: str) -> str:
    return at._replace(fields=(name,)).decided((at.facts, at.ask)).fields[name]


@same
def an_item_is_decided_as_its_twin(at: At) -> Iterator[Change]:
    """What the gate decides once for several items of a case is what it would say to each."""
    if at.made.fields and not {"B2"} & at.by:
        yield at.facts, twin(at.facts, at.ask)


# Reasons and bytes.


@always
def every_answer_has_its_reason_in_three_languages(at: At) -> bool:
    said = _said(at.made.effect, at.made.rules, at.made.cause, at.made.missing, at.made.unknown)
    return bool(at.made.rules) and said


@cache
def _said(*key: object) -> bool:
    effect, rules, cause, missing, unknown = key
    made = Decision(effect=effect, fields={}, rules=rules, cause=cause, missing=missing, unknown=unknown)  # type: ignore[arg-type]
    words = explain.words(made)
    told = all(set(SENTENCES.get(rule, ())) == {"nb", "nn", "en"} for rule in made.rules)
    return told and set(words) == {"nb", "nn", "en"} and all("{" not in one and len(one) > 10 for one in words.values())


@always
def what_leaves_stands_on_both_bases_and_nothing_else_does(at: At) -> bool:
    bases = {at.made.secrecy_basis, at.made.processing_basis}
    return (bases <= CODES) if at.shown else bases == {None}


@always
def a_consent_is_no_basis_for_processing(at: At) -> bool:
    return "RELEASE" not in (at.made.processing_basis or "")


@always
def what_waits_for_a_person_has_a_task(at: At) -> bool:
    held = "hold" in at.made.fields.values() or at.made.effect == "hold"
    return at.made.task is not None or not (held or at.made.unknown)


@always
def the_effect_is_what_the_fields_say(at: At) -> bool:
    effects = set(at.made.fields.values())
    said = {"permit": effects == {"permit"}, "partial": "permit" in effects and len(effects) > 1}
    return said.get(at.made.effect, "permit" not in effects)


@always
def hidden_and_absent_look_the_same(at: At) -> bool:
    """What a receiver gets is the same in bytes whether a field that it may not see is there, other, or not at all."""
    hidden = [name for name in at.fields if name not in at.shown]
    if not hidden:
        return True
    worlds = [dict.fromkeys(at.fields, "a"), dict.fromkeys(at.fields, "a") | dict.fromkeys(hidden, "other")]
    worlds.append(dict.fromkeys([name for name in at.fields if name in at.shown], "a"))
    return len({_sent(at, world) for world in worlds}) == 1


def _sent(at: At, values: dict[str, str]) -> bytes:
    made, _ = release(
        facts=at.facts, groups=[(at.ask, values)], memo={}, wanted=list(values), system="s", kind=at.ask.kind or "",
        id="i", case="c", rules=at.rules,
    )  # fmt: skip
    return msgspec.json.encode(made)
