"""Who has said yes to this very ask, and why not where nobody has."""

from datetime import datetime

from gateway.core.ask import Ask
from gateway.core.known import ConsentFact, Declared, Facts, Refusal
from gateway.core.model import Exclusion


def answer_of(facts: Facts, ask: Ask, person: str) -> str:
    """What a person's declarations say now of an ask.

    ``yes``; ``refused``, ``withdrawn`` or ``expired`` (a declaration that reached it no longer does); ``elsewhere``
    (an active declaration names other services or units: a new service or institution needs its own); ``missing``.
    """
    declared = facts.declared.get((person, ask.purpose), ())
    refusals = facts.refused(person, ask.purpose)
    active = [one for one in declared if one.state == "active" and _after(one.given, refusals)]
    for one in active:
        if reaches(one, ask):
            return "yes"
    if _stands(refusals, declared, ask):
        return "refused"
    for state in ("withdrawn", "expired"):
        if any(one.state == state and reaches(one, ask) for one in declared):
            return state
    return "elsewhere" if any(not _names(one, ask) for one in active) else "missing"


def stands_refused(facts: Facts, ask: Ask, person: str) -> bool:
    """Whether a person's no stands against an ask: they have not said yes to it since."""
    return _stands(facts.refused(person, ask.purpose), facts.declared.get((person, ask.purpose), ()), ask)


def reaches(declared: Declared, ask: Ask) -> bool:
    """Whether a declaration's own limits let the ask through, its time apart."""
    if not _names(declared, ask):
        return False
    consent = declared.consent
    if consent.from_services and ask.sender.service not in consent.from_services:
        return False
    if consent.categories and ask.category not in consent.categories:
        return False
    if not _at_level(consent, ask.level):
        return False
    return not any(_leaves_out(one, ask) for one in consent.excluded)


def _names(declared: Declared, ask: Ask) -> bool:
    """Whether the receiver is named: its service, and its unit where the declaration is limited to units (C26).

    An institution at which the child began after the declaration was made is named by its unit or not at all.
    """
    consent, service = declared.consent, ask.receiver.service
    if service not in consent.services or service in declared.outgrown:
        return False
    return not consent.units or ask.receiver.unit in consent.units


def _at_level(consent: ConsentFact, level: int | None) -> bool:
    """Whether the item's level lies within the declaration's; one that has no known rank does not."""
    lowest, highest = consent.level_from, consent.level_to
    if lowest is None and highest is None:
        return True
    return level is not None and (lowest is None or lowest <= level) and (highest is None or level <= highest)


def _leaves_out(exclusion: Exclusion, ask: Ask) -> bool:
    """Whether an exclusion hits the ask, on either side. What it speaks of and nobody told counts as hit."""
    if exclusion.service is not None:
        return exclusion.service in {ask.sender.service, ask.receiver.service} or ask.sender.service is None
    if exclusion.unit is not None:
        return bool({exclusion.unit, None} & {ask.sender.unit, ask.receiver.unit})
    if exclusion.category is not None:
        return ask.category in {exclusion.category, None}
    if exclusion.kind is not None:
        return ask.kind in {exclusion.kind, None}
    if isinstance(exclusion.person, str):
        return ask.about is None or exclusion.person in {*ask.about, ask.receiver.person}
    return True


def _after(given: datetime, refusals: tuple[Refusal, ...]) -> bool:
    """Whether a yes was said after every no. A no whose hour nobody told may be the later one."""
    return all(one.at is not None and given > (one.until or one.at) for one in refusals)


def _stands(refusals: tuple[Refusal, ...], declared: tuple[Declared, ...], ask: Ask) -> bool:
    since = [one.given for one in declared if one.state == "active" and reaches(one, ask)]
    return bool(refusals) and not any(_after(given, refusals) for given in since)
