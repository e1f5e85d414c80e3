"""Who must sign, and whether they have: consent as sets of signatures, in the second engine.

A ``Demand`` names the row of the table, and the sets of people of which one must have signed whole.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from second_facts import NORWAY, Scenario, Unknown, age, instant, part, policy, situation, someone, span, today

HEALTH_AGE, SCHOOL_AGE, MAJORITY = 16, 15, 18
NOBODY = "C25"


class Demand(NamedTuple):
    """A row of the table: one of ``sets`` must have signed, and nobody among ``closers`` may have said no."""

    row: str
    sets: tuple[frozenset[str], ...]
    norms: tuple[str, ...] = ()
    closers: frozenset[str] = frozenset()

    @property
    def signers(self) -> frozenset[str]:
        return frozenset().union(*self.sets)


def _all(row: str, who: set[str], *norms: str) -> Demand:
    return Demand(row, (frozenset(who),), norms, frozenset(who))


def _nobody(row: str = NOBODY) -> Demand:
    return Demand(row, ())


def _self(s: Scenario, row: str, *norms: str) -> Demand:
    """Somebody who decides alone must be known to be able to."""
    subject = part(s, "subject")
    if subject.get("has_capacity") is not True or not subject.get("id"):
        return _nobody(row if subject.get("has_capacity") is None else NOBODY)
    return _all(row, {subject["id"]}, *norms)


def demanded(s: Scenario) -> Demand:
    """Whose signatures the table asks for; the domain's rows go before the purpose's, and those before the log's."""
    old = age(s)
    item = part(s, "item")
    domain, purpose = item.get("domain"), s.get("purpose")
    if old is None:
        return _nobody()
    if domain is None or purpose is None:
        raise Unknown
    if old >= MAJORITY:
        return _self(s, "C24", "MAJORITY")
    if domain == "health":
        return _health(s, old)
    if domain == "child_welfare":
        if old >= SCHOOL_AGE:
            return _self(s, "C18", "CHILD_WELFARE_OWN")
        return _proxies(s, "C17", "PARENTS_DECIDE")
    if domain in {"education", "ppt"} and old >= SCHOOL_AGE:
        return _self(s, "C10", "EDUCATION_OWN")
    return _purpose(s, old) or _log(s, old)


def _health(s: Scenario, old: int) -> Demand:
    capable = part(s, "subject").get("has_capacity")
    if old >= HEALTH_AGE:
        if capable is False:
            return _proxies(s, "C16", "HEALTH_NO_CAPACITY", health=True)
        return _self(s, "C15", "HEALTH_OWN")
    if part(s, "item").get("withheld_from_parents"):
        return _self(s, "C13", "HEALTH_OWN_MATTER")
    return _proxies(s, "C12" if old < 12 else "C14", "HEALTH_PARENTS", health=True)


def _proxies(
    s: Scenario, row: str, *norms: str, health: bool = False, sole: str | None = None, log: bool = False
) -> Demand:
    """Those who answer for a child: child welfare under a care measure, else a verge, else all holders."""
    old, care = age(s), s.get("care")
    kept = part(s, "item").get("withheld_from_parents")
    code, holders, at_home = situation(s)
    if kept is not False:  # Who must not know of it cannot be asked, and child welfare would have to ask them.
        return _nobody("X6" if kept else sole if sole and code == "G4" else row)
    if care is None:
        return _nobody()
    limit = HEALTH_AGE if health else SCHOOL_AGE
    helpless = health and part(s, "subject").get("has_capacity") is False
    young = old is not None and old < limit
    if care != "none":
        return _all("C19", {"child_welfare"}, "CARE_DECIDES") if young or helpless else _nobody()
    if code == "G10":
        return _nobody()
    if code == "none":
        return _nobody("C20" if young else NOBODY)
    if code == "G7":
        return _all("C20", holders, "VERGE_DECIDES") if young else _nobody()
    if code == "G4":
        return _all(sole or row, holders, *norms)
    if log:
        return _joint_log(s, code, holders, at_home)
    return _all(row, holders, *norms)


def _joint_log(s: Scenario, code: str, holders: set[str], at_home: set[str]) -> Demand:
    """C1 and C2: the municipality may let one holder open the log; another's no still closes it."""
    everyone = policy(s).get("both_guardians")
    if everyone is not False or s.get("purpose") != "bti" or code == "G1?" or not at_home:
        return _all("C1", holders, "PARENTS_DECIDE")
    if code == "G2":
        return Demand("C2", (frozenset(at_home),), ("PARENTS_DECIDE", "RESIDENT_DECIDES"), frozenset(holders))
    return Demand("C1", tuple(frozenset({one}) for one in sorted(holders)), ("PARENTS_DECIDE",), frozenset(holders))


def _purpose(s: Scenario, old: int) -> Demand | None:
    """The rows that a purpose has of its own; ``None`` when it has none here."""
    sends, gets = part(s, "sender").get("service"), part(s, "receiver").get("service")
    purpose = s["purpose"]
    if purpose in {"school_transition", "kindergarten_transition"} and sends is None:
        raise Unknown
    match purpose, sends, gets:
        case "school_transition", "kindergarten", "school" if old < 6:
            return _proxies(s, "C6", "PARENTS_DECIDE", "KG_TO_SCHOOL")
        case "kindergarten_transition", "kindergarten", "kindergarten" if old < 6 and moved(s) is not False:
            return _proxies(s, "C7", "PARENTS_DECIDE", "KG_MOVE") if moved(s) else _nobody("C7")
        case "school_transition", "school", "school" if moved(s) is not False:
            if moved(s) is None:
                return _nobody("C11")
            if old >= SCHOOL_AGE:
                return _self(s, "C11", "SCHOOL_MOVE_ADAPT", "EDUCATION_OWN")
            return _proxies(s, "C11", "PARENTS_DECIDE", "SCHOOL_MOVE_ADAPT")
    if purpose == "ppt_assessment" and old < SCHOOL_AGE and situation(s)[0] == "G2":
        usual = _proxies(s, "C8", "RESIDENT_DECIDES")
        return _all("C8", situation(s)[2], "RESIDENT_DECIDES") if usual.sets and usual.row == "C8" else usual
    if purpose == "special_education" and old < SCHOOL_AGE and situation(s)[0] != "G4":
        return _proxies(s, "C9", "SPECIAL_HELP")
    if purpose == "individual_plan":
        return _plan(s, old)
    if purpose == "child_coordinator":
        return _coordinator(s, old)
    return None


def moved(s: Scenario) -> bool | None:
    """A change of institution; ``None`` when one of the units is not known."""
    left, joined = part(s, "sender").get("unit"), part(s, "receiver").get("unit")
    return None if left is None or joined is None else left != joined


def log_age(s: Scenario) -> int:
    """The age of own consent to a log, which the municipality sets: 15 or 16. Unset, it matters to who is 15 only."""
    found: int | None = policy(s).get("self_consent_age")
    if found is None and age(s) == SCHOOL_AGE:
        raise Unknown
    return found or SCHOOL_AGE


def _plan(s: Scenario, old: int) -> Demand:
    if old >= log_age(s):
        return _self(s, "C22", "PLAN_WANTED")
    return _proxies(s, "C22", "PARENTS_DECIDE", "PLAN_WANTED")


def _coordinator(s: Scenario, old: int) -> Demand:
    by_proxy = _proxies(s, "C23", "PARENTS_DECIDE", "COORDINATOR_WANTED")
    if old < log_age(s) or not by_proxy.sets:
        return by_proxy
    own = _self(s, "C23", "COORDINATOR_WANTED")
    if not own.sets:
        return own
    return _all("C23", {*by_proxy.signers, *own.signers}, *by_proxy.norms, *own.norms)


def _log(s: Scenario, old: int) -> Demand:
    """C1 to C5. A pregnant girl decides, but where others than parents speak for her, or would but for her age."""
    carrying = part(s, "subject").get("pregnant")
    if old >= log_age(s):
        return _self(s, "C5" if carrying else "C4")
    parents = s.get("care") == "none" and situation(s)[0] in {"G1", "G1?", "G2", "G4"}
    if carrying is False or not parents:
        return _proxies(s, "C1", "PARENTS_DECIDE", sole="C3", log=True)
    return _nobody("C5") if carrying is None else _self(s, "C5")


def others(s: Scenario) -> list[tuple[str, bool]]:
    """The other people an item is about, each with whether they are old enough to answer for themselves."""
    about = part(s, "item").get("about")
    if about is None:
        raise Unknown
    subject = part(s, "subject").get("id")
    domain = part(s, "item").get("domain")
    found = []
    for person in about:
        if person == subject:
            continue
        if someone(s, person) is None:
            raise Unknown
        old = age(s, person)
        found.append((person, old is not None and old >= _age_of_another(s, domain)))
    return found


def _age_of_another(s: Scenario, domain: str | None) -> int:
    if domain == "health":
        return HEALTH_AGE
    if domain in {"education", "ppt", "child_welfare"}:
        return SCHOOL_AGE
    return policy(s).get("self_consent_age") or HEALTH_AGE


# Signatures that are there.


def signed(s: Scenario, person: str) -> bool:
    """Whether a person's yes stands, reaches this very item on this very way, and is not answered by a later no."""
    return any(
        _stands(one, s) and _reaches(one, s) and not _taken_back(one, s)
        for one in s.get("consents") or ()
        if one.get("by") == person and one.get("purpose") == s.get("purpose") is not None
    )


_NEEDED = ("by", "purpose", "services", "from_services", "categories", "excluded", "from")


def _stands(yes: Scenario, s: Scenario) -> bool:
    if any(yes.get(key) is None for key in _NEEDED) or "to" not in yes or "withdrawn" not in yes:
        return False
    now, day = instant(s["at"]), today(s["at"])
    given = yes.get("given") or yes["from"]
    begun = date.fromisoformat(yes["from"]) <= day and span(given)[0] <= now
    ended = yes["to"] is not None and day > date.fromisoformat(yes["to"])
    withdrawn = yes["withdrawn"] is not None and span(yes["withdrawn"])[0] <= now
    return begun and not ended and not withdrawn


def _reaches(yes: Scenario, s: Scenario) -> bool:
    sender, receiver, item = part(s, "sender"), part(s, "receiver"), part(s, "item")
    within = (
        (yes["services"], receiver.get("service"), True),
        (yes.get("units") or [], receiver.get("unit"), False),
        (yes["from_services"], sender.get("service"), False),
        (yes["categories"], item.get("category"), False),
    )
    if any(value not in named for named, value, always in within if named or always):
        return False
    touched: dict[str, set[Any]] = {
        "service": {sender.get("service"), receiver.get("service")},
        "unit": {sender.get("unit"), receiver.get("unit")},
        "category": {item.get("category")},
        "kind": {item.get("kind")},
        "person": {*(item.get("about") or ()), receiver.get("person")},
    }
    return all(
        value not in touched[key] and (key == "person" or None not in touched[key])
        for one in yes["excluded"]
        for key, value in one.items()
    )


def _taken_back(yes: Scenario, s: Scenario) -> bool:
    given = span(yes.get("given") or yes["from"])[0]
    return any(_last(no) >= given for no in refusals(s, yes["by"]))


def refusals(s: Scenario, person: str) -> list[Scenario]:
    """A person's noes to this purpose, until now; a no of nobody known is everyone's."""
    return [
        no
        for no in s.get("refusals") or ()
        if no.get("by") in {person, None}
        and no.get("purpose") in {s.get("purpose"), None}
        and (no.get("at") is None or span(no["at"])[0] <= instant(s["at"]))
    ]


def _last(no: Scenario) -> datetime:
    """The last instant at which a no may have been said."""
    return datetime.max.replace(tzinfo=NORWAY) if no.get("at") is None else span(no["at"])[1]


def says_no(s: Scenario, person: str) -> bool:
    """Whether a person has said no, and not yes since."""
    return bool(refusals(s, person)) and not _outdone(s, person)


def _outdone(s: Scenario, person: str) -> bool:
    last = max(_last(no) for no in refusals(s, person))
    return any(
        _stands(yes, s) and span(yes.get("given") or yes["from"])[0] > last
        for yes in s.get("consents") or ()
        if yes.get("by") == person and yes.get("purpose") == s.get("purpose")
    )
