"""Which row of the consent rules decides an ask, and who must then say yes.

The person's age comes first (18), then the item's domain (health, child welfare, education and PPT from 15), then the
purpose's own row, then the relay log's. A statute goes before policy: a care measure or an appointed guardian decides
before the municipality's rule for pregnant women does.
"""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from gateway.core.ask import Ask
from gateway.core.known import Facts

NORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "C1": ("PARENTS_DECIDE",),
        "C2": ("PARENTS_DECIDE", "RESIDENT_DECIDES"),
        "C3": ("PARENTS_DECIDE",),
        "C6": ("PARENTS_DECIDE",),
        "C7": ("PARENTS_DECIDE",),
        "C8": ("RESIDENT_DECIDES",),
        "C9": ("SPECIAL_HELP",),
        "C10": ("EDUCATION_OWN",),
        "C11": ("PARENTS_DECIDE",),
        "C12": ("HEALTH_PARENTS",),
        "C13": ("HEALTH_OWN_MATTER",),
        "C14": ("HEALTH_PARENTS",),
        "C15": ("HEALTH_OWN",),
        "C16": ("HEALTH_NO_CAPACITY",),
        "C17": ("PARENTS_DECIDE",),
        "C18": ("CHILD_WELFARE_OWN",),
        "C19": ("CARE_DECIDES",),
        "C20": ("VERGE_DECIDES",),
        "C22": ("PLAN_WANTED",),
        "C23": ("COORDINATOR_WANTED",),
        "C24": ("MAJORITY",),
    }
)
"""What a row's choice of decider stands on. C4 and C5 are municipal practice: nothing but the consent itself."""

RELEASE: Mapping[str, str] = MappingProxyType({"C6": "KG_TO_SCHOOL", "C7": "KG_MOVE", "C11": "SCHOOL_MOVE_ADAPT"})
"""Rows with a release from secrecy of their own; the others release by consent."""

CHILD_WELFARE = "child_welfare"
"""Who speaks for the child while a care measure is in force."""


class Row(Struct, frozen=True, kw_only=True):
    """A row that decides. Everyone in ``by`` must say yes, or with ``one_of`` anyone of them.

    A no by any in ``veto`` closes it. ``unknown`` names facts that are lacking; with nobody in ``by`` and nothing
    unknown, nobody can decide.
    """

    id: str
    by: tuple[str, ...] = ()
    one_of: bool = False
    veto: tuple[str, ...] = ()
    inform: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    withheld: bool = False


def row_of(facts: Facts, ask: Ask) -> Row:
    """The row that decides for the subject. What it looks at in an ask is little, so it is worked out once for many."""
    sender, receiver = ask.sender, ask.receiver
    sides = (sender.service, sender.unit, receiver.service, receiver.unit)
    sign = (ask.domain, ask.purpose, ask.withheld_from_parents, *sides)
    known = facts.rows.get(sign)
    if known is None:
        known = facts.rows[sign] = _row_of(facts, ask)
    row: Row = known
    return row


def _row_of(facts: Facts, ask: Ask) -> Row:
    age = facts.age
    if age is None:
        return Row(id="C25", unknown=("subject.birth_date",))
    if ask.domain is None or ask.purpose is None:
        lacking = (("item.domain", ask.domain), ("purpose", ask.purpose))
        return Row(id="X4", unknown=tuple(name for name, told in lacking if told is None))
    if age >= 18:
        return _own(facts, "C24")
    if ask.domain == "health":
        return _health(facts, ask, age)
    if ask.domain == "child_welfare":
        return _own(facts, "C18") if age >= 15 else _others(facts, ask, "C17")
    if ask.domain in {"education", "ppt"} and age >= 15:
        return _own(facts, "C10")
    return _by_purpose(facts, ask, age)


def _own(facts: Facts, row: str) -> Row:
    """The person decides alone, if able to."""
    able = facts.subject.has_capacity if facts.subject else None
    if not facts.child:
        return Row(id=row, unknown=("subject.id",))
    if able is None:
        return Row(id=row, unknown=("subject.has_capacity",))
    if not able:
        return Row(id="C25")
    return Row(id=row, by=(facts.child,), obligations=("do_not_inform_guardians",) if row == "C13" else ())


def _health(facts: Facts, ask: Ask, age: int) -> Row:
    if age < 12:
        return _others(facts, ask, "C12", limit=16)
    if age < 16:
        return _own(facts, "C13") if ask.withheld_from_parents else _others(facts, ask, "C14", limit=16)
    able = facts.subject.has_capacity if facts.subject else None
    return _others(facts, ask, "C16", limit=18, verge_limit=16) if able is False else _own(facts, "C15")


def _others(facts: Facts, ask: Ask, row: str, *, limit: int = 15, verge_limit: int | None = None) -> Row:
    """Somebody decides for the child: child welfare (C19), the appointed guardian (C20), or all the holders.

    ``limit`` is the age until which the first two do. What is withheld from parents none of them can carry.
    """
    age = facts.age or 0
    spoken_for = _spoken_for(facts, age, limit, limit if verge_limit is None else verge_limit)
    if ask.withheld_from_parents is None:
        return Row(id=row, unknown=("item.withheld_from_parents",))
    if ask.withheld_from_parents:
        return Row(id="X6", withheld=True)
    if spoken_for is not None:
        return _hearing(facts, spoken_for)
    return _hearing(facts, Row(id=row, by=facts.holders.persons))


def _spoken_for(facts: Facts, age: int, limit: int, verge_limit: int) -> Row | None:
    """C19, C20 or C25; ``None`` when the holders of parental responsibility decide."""
    if facts.care is None:
        return Row(id="C25", unknown=("care",))
    if facts.care != "none":
        return Row(id="C19", by=(CHILD_WELFARE,)) if age < limit else Row(id="C25")
    shape = facts.holders.shape
    if shape == "unknown":
        return Row(id="C25", unknown=("guardians.responsibility",))
    if shape in {"verge", "nobody"}:
        return Row(id="C20", by=facts.holders.persons) if age < verge_limit else Row(id="C25")
    return None


def _hearing(facts: Facts, row: Row) -> Row:
    """From 7 a child is always told and heard before others decide; a younger one if able."""
    if (facts.age or 0) >= 7:
        return replace(row, inform=(facts.child,), heard=(facts.child,))
    return replace(row, obligations=("hear_child_if_able",))


def _by_purpose(facts: Facts, ask: Ask, age: int) -> Row:
    holders = facts.holders
    match ask.purpose:
        case "school_transition" | "kindergarten_transition":
            return _transition(facts, ask, age)
        case "ppt_assessment" if age < 15 and holders.shape == "apart":
            found = _others(facts, ask, "C8")
            rest = tuple(one for one in holders.persons if one not in holders.resident)
            return (
                replace(found, by=holders.resident, inform=(*found.inform, *rest))
                if found.id == "C8" and found.by
                else found
            )
        case "special_education" if age < 15 and holders.shape in {"apart", "together", "unsure"}:
            return _others(facts, ask, "C9")
        case "individual_plan":
            return _at_log_age(facts, age) or _youth(facts, age, "C22") or _others(facts, ask, "C22")
        case "child_coordinator":
            found = _at_log_age(facts, age) or _others(facts, ask, "C23")
            youth = _youth(facts, age, "C23")
            if youth is None or found.id != "C23" or found.unknown:
                return found
            return youth if not youth.by else replace(found, by=(*found.by, *youth.by))
        case _:
            return _log(facts, ask, age)


def _transition(facts: Facts, ask: Ask, age: int) -> Row:
    """C6, C7, C11: from one institution to another; which two they are, must be known."""
    pair = (ask.sender.service, ask.receiver.service)
    if ask.sender.service is None:
        return Row(id="X4", unknown=("sender.service",))
    if ask.purpose == "school_transition" and pair == ("kindergarten", "school") and age < 6:
        return _others(facts, ask, "C6")
    row = "C11" if ask.purpose == "school_transition" else "C7"
    if pair != (("school", "school") if row == "C11" else ("kindergarten", "kindergarten")):
        return _log(facts, ask, age)
    if row == "C7" and age >= 6:
        return _log(facts, ask, age)
    lacking = tuple(
        name
        for name, unit in (("sender.unit", ask.sender.unit), ("receiver.unit", ask.receiver.unit))
        if unit is None
    )  # fmt: skip
    if lacking:
        return Row(id=row, unknown=lacking)
    if ask.sender.unit == ask.receiver.unit:
        return _log(facts, ask, age)
    return _own(facts, row) if age >= 15 else _others(facts, ask, row)


def _at_log_age(facts: Facts, age: int) -> Row | None:
    """The row that cannot be chosen because nobody told the municipality's age; only at 15 does it matter."""
    return (
        Row(id="X4", unknown=("policy.self_consent_age",)) if age == 15 and not facts.policy.self_consent_age else None
    )


def _youth(facts: Facts, age: int, row: str) -> Row | None:
    """The youth decides from the municipality's age on."""
    return _own(facts, row) if age >= (facts.policy.self_consent_age or 16) else None


def _log(facts: Facts, ask: Ask, age: int) -> Row:
    """C1 to C5: opening and keeping a relay log, and whatever has no row of its own."""
    lacking = _at_log_age(facts, age)
    if lacking is not None:
        return lacking
    pregnant = facts.subject.pregnant if facts.subject else None
    youth = _youth(facts, age, "C5" if pregnant else "C4")
    if youth is not None:
        tells = youth.id == "C4" and facts.policy.inform_guardians and ask.withheld_from_parents is False
        return replace(youth, inform=facts.holders.persons) if tells else youth
    if _spoken_for(facts, age, 15, 15) is None:
        if pregnant:
            return _own(facts, "C5")
        if pregnant is None:
            return Row(id="C5", unknown=("subject.pregnant",))
    row = "C3" if facts.holders.shape == "sole" else "C1"
    found = _others(facts, ask, row)
    return _eased(facts, ask, found) if found.id == "C1" and not found.unknown else found


def _eased(facts: Facts, ask: Ask, found: Row) -> Row:
    """The municipality may let one holder open a log (C1), or the parent with whom the child lives (C2).

    A no by another still closes it. The ease is for the log alone, and only when both parents' homes are known.
    Where all must say yes the two rows ask the same, and C1 names it.
    """
    holders = facts.holders
    if facts.policy.both_guardians is not False or ask.purpose != "bti":
        return found
    rest = tuple(one for one in holders.persons if one not in holders.resident)
    if holders.shape == "apart":
        return replace(found, id="C2", by=holders.resident, veto=holders.persons, inform=(*found.inform, *rest))
    if holders.resident:  # They live together, with the child.
        return replace(found, one_of=True, veto=holders.persons)
    return found


def row_of_another(facts: Facts, ask: Ask, person: str) -> Row | None:
    """B11: who must say yes for another person whom the item is about; ``None`` when that is not known.

    From 18, and from the domain's own age, the person. For a younger one the row that would decide if the case were
    theirs, by what the register says of them; a law's ease for one holder is for the subject alone.
    """
    age = facts.age_of(facts.persons.get(person))
    own_from = {"health": 16, "child_welfare": 15, "education": 15, "ppt": 15}.get(
        ask.domain or "", facts.policy.self_consent_age or 16
    )
    if age is not None and age >= own_from:
        return Row(id="B11", by=(person,))
    theirs = facts.of_others.get(person)
    row = None if theirs is None else row_of(theirs, ask)
    return row if row is not None and row.by else None
