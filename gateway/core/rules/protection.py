# ruff: noqa: ARG001 - every rule has the table's signature
"""What comes before everything: private notes, and address protection of anyone in the case."""

from gateway.core.ask import Ask, Ruling
from gateway.core.known import Facts
from gateway.core.law import Law
from gateway.core.model.codes import DOMAINS, ITEM_KINDS, PURPOSES, SERVICES
from gateway.core.rules.duties import duty_of
from gateway.core.rules.verdict import deny, hold, unknown

_PEOPLE = frozenset({"guardian", "subject"})
# What nobody told is another rule's matter.
_KINDS, _DOMAINS, _PURPOSES, _SERVICES = (codes | {None} for codes in (ITEM_KINDS, DOMAINS, PURPOSES, SERVICES))


def wonder_note(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """X2: an employee's private note leaves for nobody, on no ground."""
    return deny("X2") if "wonder_note" in (ask.kind, ask.category) else None


def unnamed(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """X9: a kind, domain, purpose or receiver that the rules do not name is not let out on a guess.

    That somebody takes part is told to an individual plan alone: C22 asks for a yes to the participants as well.
    """
    takes_part = ask.kind == ask.category == "participant" and ask.purpose == "individual_plan"
    named = (
        (takes_part or (ask.kind in _KINDS and ask.category in _KINDS))
        and ask.domain in _DOMAINS
        and ask.purpose in _PURPOSES
        and ask.receiver.service in _SERVICES
    )
    return None if named else deny("X9")


def strict(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """B1: somebody in the case is strictly protected, so only an authorised person can send anything.

    A report by duty that such a person sends goes without any place.
    """
    if not facts.strict:
        return None
    carried = duty_of(facts, ask, law)
    if carried is not None and ask.authorised:
        return None
    if carried is not None:
        return hold("B1", carried.rule, task="send_report_by_hand", cause="protected")
    return hold("B1", task="decide_by_hand", cause="protected")


def unsure(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """X4: who is in the item, what it is, or how somebody is protected has not been told."""
    lacking: list[str] = []
    if ask.kind is None:
        lacking.append("item.kind")
    if ask.category is None:
        lacking.append("item.category")
    if ask.about is None:
        lacking.append("item.about")
    elif not facts.persons.keys() >= set(ask.about):
        lacking.append("people")
    if None in facts.protections and not (ask.authorised and duty_of(facts, ask, law) is not None):
        lacking.append("protection")
    if ask.receiver.service is None:
        lacking.append("receiver.service")
    return unknown("X4", facts=tuple(lacking)) if lacking else None


def confidential(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """B2: somebody in the case has a protected address, so only a public body can get anything."""
    if not facts.shielded:
        return None
    if ask.receiver.service not in _PEOPLE:
        if ask.receiver.sector == "public":
            return None
        if ask.receiver.sector is None:
            return unknown("B2", "X4", facts=("receiver.sector",))
    return deny("B2", cause="protected")
