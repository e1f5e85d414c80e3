"""C1 to C26 and B11: nothing else carries it, so those who decide must have said yes, each for themselves."""

from gateway.core.ask import Ask, Ruling
from gateway.core.known import Facts
from gateway.core.law import Law
from gateway.core.rules.deciders import NORMS, RELEASE, Row, deciders_of_another, row_of
from gateway.core.rules.declarations import answer_of, stands_refused
from gateway.core.rules.verdict import carry, deny, unknown

_WORST = ("refused", "withdrawn", "expired", "elsewhere", "missing")
"""Why somebody's yes is lacking, the cause to tell first."""


def by_consent(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """The row that decides, and whether everyone whom it asks has said yes to this sender, receiver and item."""
    row = row_of(facts, ask)
    if row.withheld:
        return deny("X6")
    if row.unknown:
        rules = (row.id,) if row.id in {"C25", "X4"} else (row.id, "X4")
        return unknown(*rules, facts=row.unknown, must=row.by)
    if not row.by:
        return deny(row.id, task="find_who_decides", inform=row.inform, heard=row.heard)
    if facts.refusals is None:
        return unknown(row.id, "X4", facts=("refusals",), must=row.by)
    others = tuple(one for one in ask.about or () if one != facts.child)
    unspoken = tuple(one for one in others if not deciders_of_another(facts, ask, one))
    must = tuple(dict.fromkeys((*row.by, *others)))
    answers = {one: answer_of(facts, ask, one) for one in must if one not in unspoken}
    missing = _missing(facts, ask, row, answers, others)
    rules = (row.id, "B11") if others else (row.id,)
    if unspoken:
        return _nobody_speaks(rules, must, (*missing, *unspoken), row, unspoken)
    if missing:
        return _lacking(rules, must, missing, row, answers)
    return carry(
        facts,
        ask,
        law,
        rules=rules,
        secrecy="HEALTH_RELEASE" if ask.domain == "health" else RELEASE.get(row.id, "RELEASE_CONSENT"),
        processing="SCHOOL_PROCESSING" if row.id == "C11" else None,
        norms=_norms(row, facts),
        must=must,
        inform=row.inform,
        heard=row.heard,
        obligations=row.obligations,
    )


def _norms(row: Row, facts: Facts) -> tuple[str, ...]:
    """The norms of the row's choice of decider; a youth of 15 who changes school decides by the school's own rule."""
    if row.id == "C11" and row.by == (facts.child,):
        return ("EDUCATION_OWN",)
    return NORMS.get(row.id, ())


def _missing(facts: Facts, ask: Ask, row: Row, answers: dict[str, str], others: tuple[str, ...]) -> tuple[str, ...]:
    """Whose yes is lacking, in the order of who must say it; and whose no closes it although another's yes would do."""
    lacking = [one for one in row.by if answers[one] != "yes"]
    if row.one_of and len(lacking) < len(row.by):
        lacking = []
    against = [one for one in row.veto if one not in lacking and stands_refused(facts, ask, one)]
    answers.update(dict.fromkeys(against, "refused"))
    lacking += against
    lacking += [one for one in others if one not in row.by and answers.get(one, "yes") != "yes"]
    return tuple(lacking)


def _nobody_speaks(
    rules: tuple[str, ...], must: tuple[str, ...], missing: tuple[str, ...], row: Row, unspoken: tuple[str, ...]
) -> Ruling:
    """B11 with a person of unknown age, or a child for whom nobody here answers."""
    return deny(
        *rules,
        "C25",
        cause="unknown",
        must=must,
        missing=missing,
        inform=row.inform,
        heard=row.heard,
        task="find_who_decides",
        lacking=tuple(f"people.{one}" for one in unspoken),
    )


def _lacking(
    rules: tuple[str, ...], must: tuple[str, ...], missing: tuple[str, ...], row: Row, answers: dict[str, str]
) -> Ruling:
    states = {answers[one] for one in missing}
    worst = next(state for state in _WORST if state in states)
    return deny(
        *rules,
        *(("C26",) if "elsewhere" in states else ()),
        cause="missing" if worst == "elsewhere" else worst,
        must=must,
        missing=missing,
        inform=row.inform,
        heard=row.heard,
        obligations=row.obligations,
    )
