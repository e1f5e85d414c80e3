"""C1 to C26 and B11: nothing else carries it, so those who decide must have said yes, each for themselves."""

from msgspec import Struct
from msgspec.structs import replace

from gateway.core.ask import Ask, Ruling
from gateway.core.known import Facts
from gateway.core.law import Law
from gateway.core.rules.deciders import NORMS, RELEASE, Row, row_of, row_of_another
from gateway.core.rules.declarations import answer_of, stands_refused
from gateway.core.rules.verdict import carry, deny, unknown

_WORST = ("refused", "withdrawn", "expired", "elsewhere", "missing")
"""Why somebody's yes is lacking, the cause to tell first."""


def by_consent(facts: Facts, ask: Ask, law: Law) -> Ruling | None:
    """The row that decides, and whether everyone whom it asks has said yes to this sender, receiver and item."""
    row = row_of(facts, ask)
    if row.withheld:
        return deny(row.id)
    if row.unknown:
        rules = (row.id,) if row.id in {"C25", "X4"} else (row.id, "X4")
        return unknown(*rules, facts=row.unknown, must=row.by)
    if not row.by:
        return deny(row.id, task="find_who_decides", inform=row.inform, heard=row.heard)
    answers = {one: answer_of(facts, ask, one) for one in row.by}
    missing = _missing(facts, ask, row, answers)
    rules, must, norms = (row.id,), row.by, _norms(row, facts)
    unspoken: tuple[str, ...] = ()
    if any(one != facts.child for one in ask.about or ()):
        rules = (row.id, "B11")
        everyone = _with_others(facts, ask, row, answers, missing)
        row, must, missing, norms = everyone.row, everyone.must, everyone.missing, (*norms, *everyone.norms)
        unspoken = everyone.unspoken
    if facts.refusals is None:
        return unknown(*rules, "X4", facts=("refusals",), must=must)
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
        norms=norms,
        must=must,
        inform=row.inform,
        heard=row.heard,
        obligations=row.obligations,
    )


def _norms(row: Row, facts: Facts) -> tuple[str, ...]:
    """The norms of the row's choice of decider.

    A youth of 15 who changes school decides by the school's own rule. Others want a plan or a coordinator for a child
    by the power that parents have.
    """
    alone = row.by == (facts.child,)
    if row.id == "C11" and alone:
        return ("EDUCATION_OWN",)
    norms = NORMS.get(row.id, ())
    return ("PARENTS_DECIDE", *norms) if row.id in {"C22", "C23"} and not alone else norms


class _Everyone(Struct, frozen=True, kw_only=True):
    """Who is asked when an item is about others as well: the row told of whom else to hear and inform."""

    row: Row
    must: tuple[str, ...]
    missing: tuple[str, ...]
    unspoken: tuple[str, ...]
    """Persons for whom nobody here can speak."""
    norms: tuple[str, ...]


def _with_others(facts: Facts, ask: Ask, row: Row, answers: dict[str, str], missing: tuple[str, ...]) -> _Everyone:
    """B11: the yes of everyone else whom the item is about, or of all who decide for them."""
    must, lacking, unspoken = [*row.by], [*missing], list[str]()
    inform, heard, norms = [*row.inform], [*row.heard], list[str]()
    for person in ask.about or ():
        theirs = row_of_another(facts, ask, person) if person != facts.child else row
        if theirs is None:
            unspoken.append(person)
            must.append(person)
        elif theirs is not row:
            own = facts.of_others.get(person, facts)
            must += theirs.by
            inform += theirs.inform
            heard += theirs.heard
            norms += _norms(theirs, own)
            for one in theirs.by:
                said = answer_of(facts, ask, one) if one == person else "missing"
                said = answer_of(own, ask, one) if said != "yes" else said
                if said != "yes":
                    lacking.append(one)
                    answers[one] = said
    told = replace(row, inform=tuple(dict.fromkeys(inform)), heard=tuple(dict.fromkeys(heard)))
    return _Everyone(
        row=told,
        must=tuple(dict.fromkeys(must)),
        missing=tuple(dict.fromkeys(lacking)),
        unspoken=tuple(unspoken),
        norms=tuple(norms),
    )


def _missing(facts: Facts, ask: Ask, row: Row, answers: dict[str, str]) -> tuple[str, ...]:
    """Whose yes is lacking, in the order of who must say it; and whose no closes it although another's yes would do."""
    lacking = [one for one in row.by if answers[one] != "yes"]
    if row.one_of and len(lacking) < len(row.by):
        lacking = []
    against = [one for one in row.veto if one not in lacking and stands_refused(facts, ask, one)]
    answers.update(dict.fromkeys(against, "refused"))
    return (*lacking, *against)


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
