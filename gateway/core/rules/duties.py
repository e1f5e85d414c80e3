"""B3 to B5: duties that no consent stops. A named employee judges; the gateway carries, and never blocks."""

from gateway.core.ask import Ask, Duty, Need, Ruling
from gateway.core.known import Facts
from gateway.core.law import Law, Obligation
from gateway.core.rules.verdict import carry

_DANGER = "LIFE_HEALTH"
"""A need with this reason is itself the right to tell (B5)."""


def needed(facts: Facts, need: Need | None) -> bool:
    """Whether a named employee had judged the sharing necessary by now."""
    return need is not None and bool(need.by) and bool(need.reason) and need.at is not None and need.at <= facts.at


def duty_of(facts: Facts, ask: Ask, law: Law) -> Obligation | None:
    """The duty that carries the ask, if one does: its own act's filer, ground and receiver, on this day."""
    claimed = ask.duty
    if claimed is None and ask.need is not None and ask.need.reason == _DANGER:
        claimed = Duty(code=_DANGER, filed_by=ask.sender.service)
    if claimed is None or claimed.code is None:
        return None
    duty = law.duty(claimed.code, facts.today)
    if duty is None or claimed.filed_by not in duty.filers or ask.receiver.service not in duty.receivers:
        return None
    if duty.grounds and claimed.ground not in duty.grounds:
        return None
    if "need" in duty.needs and not needed(facts, ask.need):
        return None
    if "pregnant" in duty.needs and not (facts.subject and facts.subject.pregnant):
        return None
    return duty


def offered(facts: Facts, ask: Ask, law: Law) -> tuple[str, ...]:
    """Duties to report that would carry what a duty was claimed for that does not: the same filer, ground and receiver
    by another act.
    """
    claimed = ask.duty
    if claimed is None:
        return ()
    return tuple(
        duty.code
        for duty in law.duties
        if duty.in_force(facts.today)
        and claimed.filed_by in duty.filers
        and ask.receiver.service in duty.receivers
        and claimed.ground in duty.grounds
    )


def _carried(facts: Facts, ask: Ask, law: Law, rule: str) -> Ruling | None:
    duty = duty_of(facts, ask, law)
    if duty is None or duty.rule != rule:
        return None
    obligations = ["record_reason"] if rule == "B5" else ["record_whether_told"]
    told: tuple[str, ...] = ()
    if rule == "B4":
        told, obligations = (facts.child, *facts.holders.persons), ["tell_unless_it_hinders_help"]
    elif ask.duty is not None and duty.grounds.get(ask.duty.ground or "") in {"abuse", "trafficking"}:
        obligations.append("do_not_tell_guardians_first")
    return carry(
        facts, ask, law, rules=(rule,), secrecy=duty.code, duty=True, inform=told, obligations=tuple(obligations)
    )


def report(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """B3: an employee reports on a ground of the act that applies."""
    return _carried(facts, ask, law, "B3")


def order(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """B4: child welfare has ordered it."""
    return _carried(facts, ask, law, "B4")


def danger(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """B5: danger to life or health, or a serious crime to avert."""
    return _carried(facts, ask, law, "B5")
