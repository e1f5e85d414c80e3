"""How a rule answers: it denies, it holds, or it carries, and what it carries stands on the law of the day."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.core.ask import EVERYTHING, HELD, NOTHING, Ask, Ruling
from gateway.core.known import Facts
from gateway.core.law import Law

TAKES_BACK = frozenset({"withdrawn", "refused", "blocked", "protected"})
"""Causes that reach back: what a receiver got earlier is asked back."""

PROCESSING: Mapping[str, str] = MappingProxyType(
    {
        "education": "COOP_PROCESSING",
        "ppt": "COOP_PROCESSING",
        "kindergarten": "KG_PROCESSING",
        "health": "HEALTH_RECORD",
        "child_welfare": "CHILD_WELFARE_PROCESSING",
        "social": "COORDINATION",
        "family": "COORDINATION",
    }
)
"""The norm by which the item's own domain may be processed; a consent never is one for a public body."""

_NO_PLACES: Mapping[str, str] = MappingProxyType(
    {"fact": "permit", "narrative": "hold", "identity": "deny", "location": "deny"}
)
_NO_PLACES_OF_A_PERSON: Mapping[str, str] = MappingProxyType({**_NO_PLACES, "identity": "permit"})
_NO_PLACES_IN_A_DUTY: Mapping[str, str] = MappingProxyType({**EVERYTHING, "location": "deny"})


def deny(
    *rules: str,
    cause: str = "rule",
    must: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    inform: tuple[str, ...] = (),
    heard: tuple[str, ...] = (),
    obligations: tuple[str, ...] = (),
    task: str | None = None,
    lacking: tuple[str, ...] = (),
) -> Ruling:
    """Nothing leaves. ``lacking`` names facts that nobody told."""
    return Ruling(
        effect="deny",
        facets=NOTHING,
        rules=rules,
        must_consent=must,
        missing=missing,
        inform=inform,
        heard=heard,
        obligations=(*obligations, "retract") if cause in TAKES_BACK else obligations,
        task=task,
        cause=cause,
        unknown=lacking,
    )


def unknown(*rules: str, facts: tuple[str, ...], must: tuple[str, ...] = ()) -> Ruling:
    """Nothing leaves, because nobody told the facts that are named."""
    return deny(*rules, cause="unknown", must=must, task="find_facts", lacking=facts)


def hold(*rules: str, task: str, cause: str, must: tuple[str, ...] = ()) -> Ruling:
    """Nothing leaves by itself; an authorised person can act."""
    obligations = ("retract",) if cause in TAKES_BACK else ()
    return Ruling(
        effect="hold", facets=HELD, rules=rules, must_consent=must, obligations=obligations, task=task, cause=cause
    )


def carry(
    facts: Facts,
    ask: Ask,
    law: Law,
    *,
    rules: tuple[str, ...],
    secrecy: str,
    processing: str | None = None,
    norms: tuple[str, ...] = (),
    duty: bool = False,
    must: tuple[str, ...] = (),
    inform: tuple[str, ...] = (),
    heard: tuple[str, ...] = (),
    obligations: tuple[str, ...] = (),
) -> Ruling:
    """What a rule lets pass: everything, or without what tells where somebody is.

    The norms must be carried by a basis in force that somebody has verified within a year; otherwise it is held (or,
    with no basis in force on that day, denied). A duty never waits for that, and ``secrecy`` is then its own code; what
    the law demands may also be processed, so where no other basis for that is known, it is the duty too.
    """
    on = facts.today
    treated = law.norm(processing or PROCESSING[ask.domain or ""], on) if ask.domain in PROCESSING else None
    if duty:
        released, treatment = secrecy, treated.basis.code if treated and treated.basis else secrecy
    else:
        first = law.norm(secrecy, on)
        looked_up = [first, *[law.norm(name, on) for name in norms]]
        if treated is None or treated.basis is None or first.basis is None or None in [one.basis for one in looked_up]:
            return deny(*rules, "X8", must=must, task="verify_legal_basis")
        if False in [one.carries for one in looked_up] or not treated.carries:
            return hold(*rules, "X8", must=must, task="verify_legal_basis", cause="rule")
        released, treatment = first.basis.code, treated.basis.code
    facets, task = EVERYTHING, None
    sent_by_hand = duty and ask.authorised and (facts.strict or None in facts.protections)
    if facts.shielded or sent_by_hand:
        shown = "B2" if facts.shielded and not facts.strict else "B1"
        rules, obligations = (shown, *rules), (*obligations, "strip_location", "retract")
        facets = _without_places(ask, duty=duty)
        task = "check_free_text"
    return Ruling(
        effect="permit",
        facets=facets,
        rules=rules,
        secrecy_basis=released,
        processing_basis=treatment,
        must_consent=must,
        inform=inform,
        heard=heard,
        obligations=obligations,
        task=task,
    )


def _without_places(ask: Ask, *, duty: bool) -> Mapping[str, str]:
    """Places never; free text after a person has read it; staff names tell the unit, a person's own name does not."""
    if duty:
        return _NO_PLACES_IN_A_DUTY
    return _NO_PLACES_OF_A_PERSON if ask.kind == "person" else _NO_PLACES
