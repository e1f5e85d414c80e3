"""The gate alone, as ``bti decide`` asks it: a scenario with changes, and its answer."""

import json
from typing import Any

from gateway.run.decide import decide_text

BASE: dict[str, Any] = {
    "at": "2026-11-21T12:00:00+01:00",
    "municipality": {"model": "klepp", "policy": {"self_consent_age": 15, "both_guardians": True}},
    "subject": {
        "id": "child",
        "birth_date": "2014-05-02",
        "protection": "none",
        "has_capacity": True,
        "pregnant": False,
    },
    "people": [
        {"id": "mother", "birth_date": "1985-01-01", "protection": "none"},
        {"id": "father", "birth_date": "1983-01-01", "protection": "none"},
    ],
    "guardians": [
        {"person": "mother", "responsibility": "sole", "resident": True},
        {"person": "father", "responsibility": "none", "resident": False},
    ],
    "care": "none",
    "consents": [],
    "refusals": [],
    "blocks": [],
    "item": {
        "kind": "concern",
        "domain": "education",
        "category": "concern",
        "about": ["child"],
        "withheld_from_parents": False,
        "fields": ["level", "raised_on", "summary"],
    },
    "sender": {"service": "school", "unit": "skole-1", "body": "kommunen", "sector": "public"},
    "receiver": {"service": "health_station", "unit": "hs-1", "body": "kommunen", "sector": "public"},
    "purpose": "bti",
    "need": None,
    "duty": None,
}


def asked(**changes: Any) -> dict[str, Any]:
    """The answer to the base scenario with keys replaced; an object's keys are replaced one by one."""
    scenario = json.loads(json.dumps(BASE))
    for name, value in changes.items():
        both = isinstance(value, dict) and isinstance(scenario[name], dict)
        scenario[name] = {**scenario[name], **value} if both else value
    answer, flaws = decide_text(json.dumps(scenario))
    assert not flaws, flaws
    found: dict[str, Any] = answer
    return found
