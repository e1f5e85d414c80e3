"""The whole rule file as one document: what a municipality's lawyer approves line by line.

Every line has an id of its own: a rule's, a basis's code, a duty's code with the letter of its ground, a choice's key.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec.structs import asdict

from gateway.core.law import Basis, Law, Obligation
from gateway.core.rules import Rules
from gateway.core.rules.counts import LEAST
from gateway.core.rules.deciders import NORMS, RELEASE
from gateway.core.rules.sentences import LANGUAGES, SENTENCES
from gateway.core.rules.verdict import PROCESSING
from gateway.run import law as files
from gateway.run.schemas import glossary

STATUTES: Mapping[str, tuple[str, ...]] = {
    "B6": ("HEALTH_TEAM",),
    "B7": ("SCHOOL_MOVE", "SCHOOL_PROCESSING"),
    "B8": ("SAME_BODY",),
    "B9": ("CHILD_WELFARE_TASK",),
    "B10": ("ANONYMOUS",),
}
"""The norms of the rules that share without a consent."""

_HEALTH = frozenset({"C12", "C13", "C14", "C15", "C16"})
_EITHER = frozenset({"C19", "C20", "C24"})
"""Rows of every domain: in health they release by its own norm."""


def document(
    rules: Rules, *, on: date, policy: Mapping[str, Any], small_cell: int, municipality: str | None = None
) -> dict[str, Any]:
    """The rules in the order in which they are asked, with all that they stand on as it is on a day.

    ``policy`` is what the municipality has chosen; texts are by language (``nb``, ``nn``, ``en``).
    """
    law, readings = rules.law, files.readings()
    places = _places(rules)
    behind = {rule: stands_on(rule, law) for rule in SENTENCES}
    return {
        "on": on.isoformat(),
        "municipality": municipality,
        "rules": [
            {
                "id": rule, "asked": places.get(rule), "says": readings.get(rule) or dict(told), "told": dict(told),
                "stands_on": behind[rule],
            }
            for rule, told in SENTENCES.items()
        ],
        "own_rules": [{"id": one.id, "says": dict(one.sentence)} for one in rules.extra],
        "bases": [_basis(basis, law, on, behind) for basis in law.bases],
        "duties": [_duty(duty, law, on) for duty in law.duties],
        "choices": [
            {"key": "self_consent_age", "value": policy["self_consent_age"], "allowed": [15, 16]},
            {"key": "both_guardians", "value": policy["both_guardians"], "allowed": [True, False]},
            {"key": "inform_guardians", "value": policy["inform_guardians"], "allowed": [True, False]},
            {"key": "small_cell", "value": max(small_cell, LEAST), "allowed": [f">= {LEAST}"]},
        ],
    }  # fmt: skip


def _places(rules: Rules) -> dict[str, int]:
    """When a rule is asked, from 1 up; all of C1 to C26 come in one place, but for C21."""
    found: dict[str, int] = {}
    for place, rule in enumerate(rules.table, 1):
        for one in (rule.id,) if rule.id != "C1-C26" else (f"C{n}" for n in range(1, 27)):
            found.setdefault(one, place)
    return found


def stands_on(rule: str, law: Law) -> list[str]:
    """The codes of the bases and duties behind a rule."""
    norms = (*_releases(rule), *NORMS.get(rule, ()), *STATUTES.get(rule, ()))
    carrying = [basis.code for norm in norms for basis in law.bases if basis.norm == norm]
    return [*carrying, *(duty.code for duty in law.duties if duty.rule == rule)]


def _releases(rule: str) -> tuple[str, ...]:
    """What releases from secrecy where a row of consents decides."""
    if rule in RELEASE:
        return (RELEASE[rule],)
    if rule not in NORMS and rule not in {"C4", "C5"}:
        return ()
    if rule in _HEALTH:
        return ("HEALTH_RELEASE",)
    return ("RELEASE_CONSENT", "HEALTH_RELEASE") if rule in _EITHER else ("RELEASE_CONSENT",)


def _when(one: Basis | Obligation, on: date) -> str:
    """``no_day``, ``to_come``, ``ended`` or ``in_force``."""
    if one.valid_from is None:
        return "no_day"
    if on < one.valid_from:
        return "to_come"
    return "in_force" if one.in_force(on) else "ended"


def basis_state(basis: Basis, on: date) -> str:
    """How a basis stands on a day: ``verified`` (read within a year), ``overdue`` or ``unverified``."""
    return "unverified" if basis.last_verified is None else "verified" if basis.verified(on) else "overdue"


def _basis(basis: Basis, law: Law, on: date, behind: Mapping[str, list[str]]) -> dict[str, Any]:
    """``behind`` gives by rule what it stands on."""
    found = law.norm(basis.norm, on)
    domains = [domain for domain, norm in PROCESSING.items() if norm == basis.norm]
    return {
        **_plain(basis),
        "when": _when(basis, on),
        "read": basis_state(basis, on),
        "carries": found.carries and found.basis is basis,
        "rules": [rule for rule, codes in behind.items() if basis.code in codes],
        "domains": [_named(domain) for domain in domains],
    }


def _duty(duty: Obligation, law: Law, on: date) -> dict[str, Any]:
    return {
        **_plain(duty),
        "when": _when(duty, on),
        "filers": [_named(service) for service in duty.filers],
        "receivers": [_named(service) for service in duty.receivers],
        "grounds": {letter: _words(law.triggers[name]) for letter, name in duty.grounds.items()},
        "lacks": [letter for letter in "abcde" if duty.grounds and letter not in duty.grounds],
    }


def _plain(one: Basis | Obligation) -> dict[str, Any]:
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(one).items()}
    return told | {"text": _words(one.text)}


def _words(text: Any) -> dict[str, str]:
    return {language: getattr(text, language) for language in LANGUAGES}


def _named(code: str) -> dict[str, str]:
    """A service or domain by its words; in English its own name."""
    found = glossary().codes.get(code)
    return {"nb": found.nb if found else code, "nn": found.nn if found else code, "en": code.replace("_", " ")}
