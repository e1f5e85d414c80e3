"""The closed vocabularies of the canonical model.

Every name here is part of the contract: names are added, never renamed.
Local words (a municipality's levels, steps, meeting types) are data in ``mappings/municipalities`` and stand in
the records as open codes.
"""

from typing import Literal, get_args

Service = Literal[
    "school", "sfo", "kindergarten", "ppt", "health_station", "school_health", "midwife", "gp", "bup",
    "child_welfare", "family_team", "slt", "nav", "coordinating_unit", "cultural", "family_counselling",
    "crisis_centre", "police", "guardian", "subject",
]  # fmt: skip
Domain = Literal["education", "kindergarten", "ppt", "health", "child_welfare", "social", "family"]
Sector = Literal["public", "private"]
Protection = Literal["none", "client", "confidential", "strict", "strict_abroad"]
Responsibility = Literal["joint", "sole", "none", "deprived", "verge", "unknown"]
Care = Literal["none", "care_order", "emergency", "moving_ban"]
Purpose = Literal[
    "bti", "individual_plan", "child_coordinator", "ppt_assessment", "special_education", "school_transition",
    "kindergarten_transition", "health_care", "child_welfare", "statistics",
]  # fmt: skip
ItemKind = Literal[
    "concern", "case", "goal", "measure", "meeting", "evaluation", "child_voice", "bright_moment", "assignment",
    "consent", "plan", "safety_plan", "wonder_note", "child_welfare_report", "enrolment", "person",
    "user_experience",
]  # fmt: skip

SERVICES: frozenset[str] = frozenset(get_args(Service))
DOMAINS: frozenset[str] = frozenset(get_args(Domain))
SECTORS: frozenset[str] = frozenset(get_args(Sector))
PROTECTIONS: frozenset[str] = frozenset(get_args(Protection))
RESPONSIBILITIES: frozenset[str] = frozenset(get_args(Responsibility))
CARES: frozenset[str] = frozenset(get_args(Care))
PURPOSES: frozenset[str] = frozenset(get_args(Purpose))
ITEM_KINDS: frozenset[str] = frozenset(get_args(ItemKind))

LOCKED: frozenset[str] = frozenset({"replaced_by_plan", "moved"})
"""States of a log that has ended for good: what others hold of it is told of the end, and of nothing after it."""
ENDED: frozenset[str] = LOCKED | {"closed", "closed_by_family", "closed_by_withdrawal"}
"""States of a log that has ended."""

DOMAIN_OF_SERVICE: dict[str, str] = {
    "school": "education",
    "sfo": "education",
    "kindergarten": "kindergarten",
    "ppt": "ppt",
    "health_station": "health",
    "school_health": "health",
    "midwife": "health",
    "gp": "health",
    "bup": "health",
    "child_welfare": "child_welfare",
    "crisis_centre": "social",
    "family_counselling": "social",
    "nav": "social",
    "family_team": "social",
    "slt": "social",
    "police": "social",
    "cultural": "social",
    "coordinating_unit": "health",
    "guardian": "family",
    "subject": "family",
}
"""The domain in which a service's own records arise.

A coordinating unit works under the health and care act (hol § 7-3), so what it writes counts as health: the stricter.
"""
