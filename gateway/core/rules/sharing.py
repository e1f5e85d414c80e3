# ruff: noqa: ARG001 - every rule has the table's signature
"""What stops all but duties (blocks, reports, what parents shall not know), and B6 to B9: sharing by statute."""

from gateway.core.ask import Ask, Ruling
from gateway.core.known import Block, Facts
from gateway.core.law import Law
from gateway.core.rules.declarations import stands_refused
from gateway.core.rules.duties import needed, offered
from gateway.core.rules.verdict import carry, deny, unknown

HEALTH_SERVICES = frozenset({"health_station", "school_health", "midwife", "gp", "bup"})
_PEOPLE = frozenset({"guardian", "subject"})
_POWERS = frozenset({"joint", "sole", "verge"})


def blocked(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """X7: the receiver is shut out."""
    if facts.blocks is None:
        return unknown("X7", "X4", facts=("blocks",))
    return deny("X7", cause="blocked") if any(_shuts(one, facts, ask) for one in facts.blocks) else None


def _shuts(block: Block, facts: Facts, ask: Ask) -> bool:
    """Whether a block is in force against the receiver; a day that nobody told counts as long ago, or never."""
    return (
        (block.service is None or block.service == ask.receiver.service)
        and (block.valid_from is None or block.valid_from <= facts.today)
        and (block.valid_to is None or facts.today <= block.valid_to)
    )


def report_without_duty(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """X5: a report to child welfare goes there by duty or nowhere: the mere link is confidential.

    Where the act that was named has no such ground, and another act has, that one is offered.
    """
    if "child_welfare_report" not in (ask.kind, ask.category):
        return None
    codes = offered(facts, ask, law)
    return deny("X5", task="choose_duty" if codes else None, obligations=tuple(f"offer_{code}" for code in codes))


def withheld_of_a_small_child(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """X6: under 12, what parents are not to know is not exported at all."""
    if ask.withheld_from_parents is False or (facts.age is not None and facts.age >= 12):
        return None
    if ask.withheld_from_parents and facts.age is not None:
        return deny("X6")
    lacking = "subject.birth_date" if facts.age is None else "item.withheld_from_parents"
    return unknown("C25" if facts.age is None else "X6", "X4", facts=(lacking,))


def own_view(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """C21, C24, X6: a guardian sees only with responsibility for a child, and nothing withheld from parents."""
    if ask.receiver.service != "guardian":
        return None
    if facts.age is None:
        return unknown("C25", facts=("subject.birth_date",))
    if facts.age >= 18:
        return deny("C24")
    if ask.receiver.person is None or facts.guardians is None:
        return unknown("C25", facts=("receiver.person" if ask.receiver.person is None else "guardians",))
    held = {one.responsibility for one in facts.guardians if one.person == ask.receiver.person}
    if not held or held & {None, "unknown"}:
        return unknown("C25", facts=("guardians.responsibility",))
    if not held <= _POWERS:
        return deny("C21", task="decide_access_request")
    if facts.holders.shape == "unknown":
        return unknown("C25", facts=("guardians.responsibility",))  # Contradictory: neither of them is believed.
    if ask.withheld_from_parents is None:
        return unknown("X6", "X4", facts=("item.withheld_from_parents",))
    return deny("X6") if ask.withheld_from_parents else None


def health_team(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """B6: health personnel to health personnel, needed for care, and neither the patient nor a guardian objects."""
    if not (
        ask.domain == "health"
        and ask.purpose == "health_care"
        and {ask.sender.service, ask.receiver.service} <= HEALTH_SERVICES
        and needed(facts, ask.need)
        and facts.refusals is not None
    ):
        return None
    grown = facts.age is not None and facts.age >= 16
    if not grown and facts.holders.shape == "unknown":
        return None
    patient = (facts.child,) if grown else (facts.child, "child_welfare", *facts.holders.persons)
    if any(stands_refused(facts, ask, one) for one in patient):
        return None
    return carry(facts, ask, law, rules=("B6",), secrecy="HEALTH_TEAM", obligations=("log_in_journal",))


def school_move(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """B7: the new school may fetch what is necessary when the pupil changes school."""
    units = {ask.sender.unit, ask.receiver.unit}
    if not (
        ask.domain == "education"
        and ask.purpose == "school_transition"
        and ask.sender.service == ask.receiver.service == "school"
        and needed(facts, ask.need)
        and None not in units
        and len(units) == 2
    ):
        return None
    return carry(facts, ask, law, rules=("B7",), secrecy="SCHOOL_MOVE", processing="SCHOOL_PROCESSING")


def same_body(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """B8: inside the same legal body, as its work needs. Health and child welfare have a stricter secrecy."""
    inside = ask.sender.service == ask.receiver.service == "child_welfare"
    special = ask.domain == "health" or (ask.domain == "child_welfare" and not inside)
    if (
        special
        or ask.receiver.service in _PEOPLE
        or ask.sender.service in _PEOPLE | {None}
        or ask.purpose is None
        or ask.domain is None
        or ask.sender.body is None
        or ask.sender.body != ask.receiver.body
        or not needed(facts, ask.need)
    ):
        return None
    return carry(facts, ask, law, rules=("B8",), secrecy="SAME_BODY")


def child_welfare_task(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """B9: child welfare gives another public body what its own tasks need, after judging the very case."""
    if not (
        ask.domain == ask.sender.service == "child_welfare"
        and ask.receiver.service not in _PEOPLE
        and ask.receiver.sector == "public"
        and ask.purpose is not None
        and needed(facts, ask.need)
    ):
        return None
    return carry(
        facts, ask, law, rules=("B9",), secrecy="CHILD_WELFARE_TASK", obligations=("child_view_before_sharing",)
    )
