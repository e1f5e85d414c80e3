"""The second engine: the whole answer to a scenario, in the order of the contract.

Protection, then duties, then what stops, then sharing by statute, then consent, then no.
"""

from typing import NamedTuple

from second_facts import (
    Scenario,
    Unknown,
    age,
    in_force,
    law,
    needed,
    part,
    protections,
    situation,
    someone,
    stands_on,
    today,
)
from second_signatures import (
    HEALTH_AGE,
    MAJORITY,
    Demand,
    demanded,
    moved,
    others,
    says_no,
    signed,
)

from gateway.core.model import FACETS

HEALTH_PERSONNEL = {"health_station", "school_health", "midwife", "gp", "bup"}
FAMILY = {"guardian", "subject"}
HOLDS_KNOWLEDGE = {"fact": "permit", "narrative": "hold", "identity": "deny", "location": "deny"}
"""What each sort of field may do in a case where somebody's address is protected (B2)."""
REPORT = {"fact": "permit", "narrative": "permit", "identity": "permit", "location": "deny"}
PROCESSING = {
    "education": "COOP_PROCESSING", "ppt": "COOP_PROCESSING", "kindergarten": "KG_PROCESSING",
    "child_welfare": "CHILD_WELFARE_PROCESSING", "health": "HEALTH_RECORD", "social": "COORDINATION",
    "family": "COORDINATION",
}  # fmt: skip


class Answer(NamedTuple):
    """What the two engines are compared on; people as sets, since the table knows no order among them."""

    effect: str
    fields: dict[str, str]
    rule: str
    secrecy: str | None = None
    processing: str | None = None
    must_consent: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()


def decide(s: Scenario) -> Answer:
    """The answer to a scenario of the contract's form."""
    if s.get("at") is None:
        return _none(s, "X4")
    try:
        return _decide(s)
    except Unknown:
        return _none(s, "X4")


def _decide(s: Scenario) -> Answer:
    item, grades = part(s, "item"), protections(s)
    if "wonder_note" in {item.get("kind"), item.get("category")}:
        return _none(s, "X2")
    if grades & {"strict", "strict_abroad"}:
        return _none(s, "B1", "hold")
    if None in grades or None in {item.get("kind"), item.get("category")} or not _all_known(s):
        raise Unknown
    guarded = bool(grades & {"client", "confidential"})
    receiver = part(s, "receiver")
    if receiver.get("service") is None:
        raise Unknown
    if guarded and (receiver.get("sector") != "public" or receiver.get("service") in FAMILY):
        return _none(s, "B2")
    duty = _duty(s)
    if duty is not None:
        return _show(s, "B2", *duty[1:], lets=REPORT) if guarded else _show(s, *duty)
    stopped = _stop(s)
    if stopped is not None:
        return _none(s, stopped)
    shared = _sharing(s)
    if shared is not None:
        return _carried(s, *shared, guarded=guarded)
    return _consent(s, guarded=guarded)


# Duties: an employee has filed one, and the gateway carries it.


def _duty(s: Scenario) -> tuple[str, str, str] | None:
    duty, on = s.get("duty"), today(s["at"])
    sends, gets = part(s, "sender").get("service"), part(s, "receiver").get("service")
    if duty is None:
        need = part(s, "need")
        if needed(s) and need.get("reason") == "LIFE_HEALTH":
            duty = {"code": "LIFE_HEALTH", "filed_by": sends}
        else:
            return None
    act = law()[1].get(duty.get("code") or "")
    if act is None or not in_force(act, on):
        return None
    if duty.get("filed_by") not in act["filers"] or gets not in act["receivers"]:
        return None
    if act.get("grounds") and duty.get("ground") not in act["grounds"]:
        return None
    wants = act.get("needs") or ()
    if "need" in wants and not needed(s):
        return None
    if "pregnant" in wants and part(s, "subject").get("pregnant") is not True:
        return None
    treated = stands_on(PROCESSING.get(part(s, "item").get("domain") or "", ""), on)[0]
    return act["rule"], act["code"], treated or act["code"]


# What stops everything but a duty.


def _stop(s: Scenario) -> str | None:
    item, gets = part(s, "item"), part(s, "receiver").get("service")
    blocks = s.get("blocks")
    if blocks is None:
        return "X7"
    on = today(s["at"]).isoformat()
    for one in blocks:
        begun, ended = (one.get("from") or "") <= on, (one.get("to") or "9999") < on
        if one.get("service") in {gets, None} and begun and not ended:
            return "X7"
    if "child_welfare_report" in {item.get("kind"), item.get("category")}:
        return "X5"
    return _too_young_to_carry(s) or (_family_view(s) if gets == "guardian" else None)


def _too_young_to_carry(s: Scenario) -> str | None:
    """What parents are not to know, a child under 12 cannot carry alone."""
    if part(s, "item").get("withheld_from_parents") is False:
        return None
    old = age(s)
    return "C25" if old is None else "X6" if old < 12 else None


def _family_view(s: Scenario) -> str | None:
    """A guardian sees a child's case with responsibility only, and nothing that is withheld from parents."""
    old, told = age(s), s.get("guardians")
    person = part(s, "receiver").get("person")
    if old is None or old >= MAJORITY:
        return "C25" if old is None else "C24"
    said = {one.get("responsibility") for one in told or () if one["person"] == person}
    if person is None or not said or said & {None, "unknown"}:
        return "C25"
    if not said <= {"joint", "sole", "verge"}:
        return "C21"
    if situation(s)[0] == "G10":
        return "C25"
    return None if part(s, "item").get("withheld_from_parents") is False else "X6"


# Sharing by statute, without consent.


def _sharing(s: Scenario) -> tuple[str, str, str] | None:
    item, sender, receiver = part(s, "item"), part(s, "sender"), part(s, "receiver")
    domain, sends, gets = item.get("domain"), sender.get("service"), receiver.get("service")
    if not needed(s) or s.get("purpose") is None or gets in FAMILY or gets is None or sends is None or sends in FAMILY:
        return None
    colleagues = {sends, gets} <= HEALTH_PERSONNEL
    if domain == "health" and colleagues and s.get("purpose") == "health_care" and not _objected(s):
        return "B6", "HEALTH_TEAM", "HEALTH_RECORD"
    if (domain, sends, gets, s.get("purpose")) == ("education", "school", "school", "school_transition") and moved(s):
        return "B7", "SCHOOL_MOVE", "SCHOOL_PROCESSING"
    body = sender.get("body")
    inside = body is not None and body == receiver.get("body") and domain not in {"health", None}
    if inside and (domain != "child_welfare" or sends == gets == "child_welfare"):
        return "B8", "SAME_BODY", PROCESSING[domain]
    if domain == sends == "child_welfare" and receiver.get("sector") == "public":
        return "B9", "CHILD_WELFARE_TASK", "CHILD_WELFARE_PROCESSING"
    return None


def _all_known(s: Scenario) -> bool:
    """Whether it is told whom the item is about, and that each of them is somebody in the case."""
    about = part(s, "item").get("about")
    return about is not None and all(someone(s, who) for who in about)


def _objected(s: Scenario) -> bool:
    """The patient's no, and under 16 a guardian's or child welfare's, to which they have not said yes since."""
    if s.get("refusals") is None:
        return True
    old = age(s)
    asked = {part(s, "subject").get("id") or ""}
    if old is None or old < HEALTH_AGE:
        if situation(s)[0] == "G10":  # Nobody knows who could have objected.
            return True
        asked |= {"child_welfare", *(one["person"] for one in s.get("guardians") or ())}
    return any(says_no(s, who) for who in asked)


def _carried(s: Scenario, rule: str, norm: str, processing: str, *more: str, guarded: bool) -> Answer:
    """What a rule lets pass, when all that it stands on has been read within the year."""
    on = today(s["at"])
    stands = [stands_on(name, on) for name in (norm, processing, *more)]
    if any(code is None for code, _ in stands):
        return _none(s, rule)
    if not all(read for _, read in stands):
        return _none(s, rule, "hold")
    bases = stands_on(norm, on)[0], stands_on(processing, on)[0]
    return _show(s, "B2", *bases, lets=_lets(s)) if guarded else _show(s, rule, *bases)


# Consent.


def _consent(s: Scenario, *, guarded: bool) -> Answer:
    demand = demanded(s)
    if not demand.sets:
        return _none(s, demand.row)
    about = others(s)
    signers = demand.signers | {who for who, _ in about}
    unsaid = _none(s, demand.row)._replace(must_consent=signers)
    if s.get("refusals") is None:
        return unsaid
    have = {who for who in demand.signers if signed(s, who)}
    against = {who for who in demand.closers if says_no(s, who)}
    complete = any(one <= have for one in demand.sets) and not against
    mute = {who for who, able in about if not (able and signed(s, who))}
    missing = frozenset(mute) if complete else (demand.signers - have) | against | mute
    if missing:
        return unsaid._replace(missing=missing)
    return _released(s, demand, guarded=guarded)._replace(must_consent=signers)


def _released(s: Scenario, demand: Demand, *, guarded: bool) -> Answer:
    domain = part(s, "item")["domain"]
    own = {"C6": "KG_TO_SCHOOL", "C7": "KG_MOVE", "C11": "SCHOOL_MOVE_ADAPT"}.get(demand.row)
    secrecy = own or ("HEALTH_RELEASE" if domain == "health" else "RELEASE_CONSENT")
    processing = "SCHOOL_PROCESSING" if demand.row == "C11" else PROCESSING[domain]
    return _carried(s, demand.row, secrecy, processing, *demand.norms, guarded=guarded)


# Answers.


def _lets(s: Scenario) -> dict[str, str]:
    """Under B2 a name tells the unit, but in an item about a person it is what the item is."""
    about_a_person = part(s, "item").get("kind") in {"person", "enrolment"}
    return HOLDS_KNOWLEDGE | ({"identity": "permit"} if about_a_person else {})


def _none(s: Scenario, rule: str, effect: str = "deny") -> Answer:
    return Answer(effect, dict.fromkeys(part(s, "item").get("fields") or (), effect), rule)


def _show(
    s: Scenario, rule: str, secrecy: str | None, processing: str | None, lets: dict[str, str] | None = None
) -> Answer:
    item = part(s, "item")
    kinds = FACETS.get(item["kind"], {})
    fields = {
        name: "permit" if lets is None else lets[kinds.get(name, "narrative")] for name in item.get("fields") or ()
    }
    said = set(fields.values())
    effect = "permit" if said <= {"permit"} else "partial" if "permit" in said else "hold" if "hold" in said else "deny"
    return Answer(effect, fields, rule, secrecy, processing)
