"""The families: which axes are multiplied with which, so that every rule meets every fact that it could look at."""

import itertools
from typing import Any

from space import (
    ABOUT,
    AGE,
    ALL_SIGN,
    AT,
    CAPACITY,
    CARE,
    DOMAIN,
    EVERY_SERVICE,
    GUARDIANS,
    KIND,
    LOST,
    NEED,
    NONE_SIGN,
    POLICY,
    PREGNANT,
    PROTECTIONS,
    PURPOSE,
    SOME_POLICY,
    WAYS,
    WITHHELD,
    YOUNG,
    Choices,
    Family,
    one_path,
    people,
    yes,
)

BOTH = SOME_POLICY | {"policy 15 False": POLICY["policy 15 False"]}


def some(axis: Choices, *places: int | str) -> Choices:
    """Some choices of an axis, by place or name."""
    names = list(axis)
    picked = [names[place] if isinstance(place, int) else place for place in places]
    return {name: axis[name] for name in picked}


def _declared(by: str) -> Choices:
    """What one person has said of the log: every state that a yes and a no can be in together."""
    said = "2026-05-01T10:00:00+02:00"
    states: dict[str, tuple[list[Any], list[Any]]] = {
        "silent": ([], []),
        "yes": ([yes(by)], []),
        "withdrawn": ([yes(by, withdrawn="2026-05-01")], []),
        "withdrawn later": ([yes(by, withdrawn="2026-12-01")], []),
        "expired": ([yes(by, to="2026-06-14")], []),
        "last day": ([yes(by, to="2026-06-15")], []),
        "to come": ([yes(by, **{"from": "2026-06-16"})], []),
        "given later": ([yes(by, given="2026-06-15T12:00:01+02:00")], []),
        "another purpose": ([yes(by, "individual_plan")], []),
        "no end told": ([{key: value for key, value in yes(by).items() if key != "to"}], []),
        "no": ([], [{"by": by, "at": said, "purpose": "bti"}]),
        "yes then no": ([yes(by)], [{"by": by, "at": said, "purpose": "bti"}]),
        "no then yes": ([yes(by, given="2026-05-02")], [{"by": by, "at": said, "purpose": "bti"}]),
        "both the same day": ([yes(by, given=said)], [{"by": by, "at": "2026-05-01", "purpose": "bti"}]),
        "no to come": ([yes(by)], [{"by": by, "at": "2026-07-01", "purpose": "bti"}]),
        "no to something else": ([yes(by)], [{"by": by, "at": said, "purpose": "individual_plan"}]),
        "no to all": ([yes(by)], [{"by": by, "at": said, "purpose": None}]),
        "no, day unknown": ([yes(by)], [{"by": by, "at": None, "purpose": "bti"}]),
        "withdrawn and again": ([yes(by, withdrawn="2026-05-01"), yes(by, given="2026-05-02", id="again")], []),
    }
    return {f"{by}: {name}": {f"+consents.{by}": yeses, f"+refusals.{by}": noes}
            for name, (yeses, noes) in states.items()}  # fmt: skip


def said(*people: str) -> Choices:
    """The product of what several people have said, as one axis."""
    axes = [_declared(one) for one in people]
    made: Choices = {"": {"consents": [], "refusals": []}}
    for axis in axes:
        made = {
            f"{before}, {name}".strip(", "): {
                key: [*told[key], *next(value for path, value in choice.items() if path.startswith(f"+{key}"))]
                for key in ("consents", "refusals")
            }
            for before, told in made.items()
            for name, choice in axis.items()
        }
    return made


def _reach() -> Choices:
    """Consents of both holders that reach more or less."""
    limits: list[dict[str, Any]] = [
        {}, {"services": ["ppt"]}, {"services": ["gp"]}, {"services": []}, {"units": ["p-1"]}, {"units": ["s-2"]},
        {"from_services": ["school"]}, {"from_services": ["gp"]}, {"categories": ["concern"]}, {"categories": ["goal"]},
        *({"excluded": [one]} for one in (
            {"service": "ppt"}, {"service": "school"}, {"service": "nav"}, {"unit": "p-1"}, {"unit": "s-1"},
            {"unit": "x"}, {"category": "concern"}, {"category": "goal"}, {"kind": "concern"}, {"kind": "goal"},
            {"person": "child"}, {"person": "mother"}, {"person": "sibling"},
        )),
        {"excluded": [{"service": "nav"}, {"kind": "concern"}]}, {"excluded": None}, {"categories": None},
        {"services": None}, {"from_services": None}, {"from": None},
    ]  # fmt: skip
    return {
        f"mother {one}, others {two}": {
            "consents": [yes("mother", **one), yes("father", **two), yes("child", **two), yes("sibling", **one)]
        }
        for one in limits
        for two in limits
    }


_UNITS = {
    "units told": {}, "receiver's unit not told": {"receiver.unit": None}, "sender's unit not told": {"sender.unit": None},
    "units p-1": {"receiver.unit": "p-1", "sender.unit": "s-1"}, "unit s-2": {"receiver.unit": "s-2"},
}  # fmt: skip
_BLOCKS = {
    "no block": {"blocks": []}, "blocks not told": {"blocks": None},
    **{
        f"block {service} {since} {until}": {"blocks": [{"service": service, "from": since, "to": until}]}
        for service in ("ppt", "school", "child_welfare", None)
        for since, until in (
            ("2026-01-01", None), (None, None), ("2026-06-15", "2026-06-15"), ("2026-06-16", None),
            ("2026-01-01", "2026-06-14"),
        )
    },
}  # fmt: skip
_NEEDS = {
    "no need": {"need": None}, "need": {"need": NEED}, "danger": {"need": NEED | {"reason": "LIFE_HEALTH"}},
    **{f"need without {key}": {"need": NEED | {key: None}} for key in NEED},
    "need to come": {"need": NEED | {"at": "2026-12-31T00:00:00+01:00"}},
    "danger to come": {"need": NEED | {"at": "2027-12-31T00:00:00+01:00", "reason": "LIFE_HEALTH"}},
}  # fmt: skip
_CODES = (
    "BVL_13_2", "HPL_33", "OPPL_24_3", "BHG_46", "PRIV_7_4", "BVL_13_5_MOVE", "PREGNANT", "ORDER_13_4", "STRL_196",
    "EMERGENCY", "LIFE_HEALTH", None,
)  # fmt: skip
_DUTIES = {
    f"duty {code} {ground} of {sender} {filer}": {
        "duty": {"code": code, "ground": ground, "filed_by": None if filer == "unknown" else sender},
        "sender.service": sender if filer == "own" else "slt" if filer == "another's" else sender,
    }
    for code in _CODES
    for ground in ("a", "c", "d", None)
    for sender in ("school", "kindergarten", "gp", "nav")
    for filer in ("own", "another's", "unknown")
}
_FEW = (
    "duty None a of school own", "duty BVL_13_2 a of school own", "duty ORDER_13_4 None of gp own",
    "duty STRL_196 None of nav own", "duty BHG_46 d of kindergarten own",
)  # fmt: skip
_BODIES = {
    f"bodies {one} {two}": {"sender.body": one, "receiver.body": two}
    for one, two in (("a", "a"), ("a", "b"), ("a", None), (None, "a"), (None, None))
}
_SECTOR = one_path("receiver.sector", "public", "private", None)
_SENDS = one_path("sender.service", *EVERY_SERVICE, None)
_GETS = {
    f"to {service}": {"receiver.service": service, "receiver.person": "mother" if service == "guardian" else None}
    for service in (*EVERY_SERVICE, None)
}


def _to(*services: str | None) -> Choices:
    return some(_GETS, *(f"to {service}" for service in services))


_TO_WHOM = {
    f"to the guardian {who}": {"receiver.service": "guardian", "receiver.person": who, "receiver.sector": None}
    for who in ("mother", "father", "verge", "child", "stranger", None)
}
_SHIELD = {
    f"{mine}, {other}": {"subject.protection": mine, "+other": other}
    for mine in (*sorted(PROTECTIONS), None) for other in (*sorted(PROTECTIONS), None)
}  # fmt: skip


def _shielded() -> Choices:
    made = {
        name: {"subject.protection": told["subject.protection"], "people": people(told["+other"])}
        for name, told in _SHIELD.items()
    }
    return made | {"people not told": {"people": None}, "subject not told": {"subject": {}}}


_OBJECTIONS = {
    "nobody objects": {"refusals": []}, "refusals not told": {"refusals": None},
    **{
        f"{by} objects to {purpose} {at}": {"refusals": [{"by": by, "at": at, "purpose": purpose}]}
        for by in ("child", "mother", "sibling", None)
        for purpose in ("health_care", "bti", None)
        for at in ("2026-05-01", None, "2026-12-01")
    },
}  # fmt: skip

_SIBLINGS = {
    f"sibling born {born}": {"people": people(sibling=born)}
    for born in ("2000-01-01", "2011-06-15", "2010-06-16", "2010-06-15", None, "2026-12-24")
}


def _lost(paths: tuple[str, ...]) -> Choices:
    """Facts that nobody told: none of them, each alone, and each two together."""
    alone = [(), *((path,) for path in paths), *itertools.combinations(paths, 2)]
    return {f"without {' and '.join(gone) or 'nothing'}": {f"{path}": LOST for path in gone} for gone in alone}


FAMILIES: tuple[Family, ...] = (
    Family(
        "who decides",
        (AGE, CAPACITY, PREGNANT, some(GUARDIANS, 0, 1, 4, 6, 9), some(CARE, 0, 1, 4), BOTH, ALL_SIGN),
        (DOMAIN, PURPOSE, some(WITHHELD, 0, 1), some(WAYS, 0, 1, 3)),
    ),
    Family(
        "guardian situations",
        (GUARDIANS, CARE, POLICY, some(AGE, 2, 4, 7, 9, 10, 12), some(CAPACITY, 1, 0), ALL_SIGN | NONE_SIGN),
        (DOMAIN, PURPOSE, some(WAYS, 0, 2, 3)),
    ),
    Family(
        "signatures",
        (said("mother", "father"), some(GUARDIANS, 0, 1, 2, 3, 4, 6), some(BOTH, 0, 3), some(AGE, 4, 9, 12)),
        (
            one_path("item.domain", "education", "health", "child_welfare"),
            one_path("purpose", "bti", "ppt_assessment", "individual_plan"),
            some(ABOUT, 0, 2),
        ),
    ),
    Family(
        "own signatures",
        (said("child", "sibling"), YOUNG, some(GUARDIANS, 0, 6), some(CARE, 0, 1), some(CAPACITY, 1, 0)),
        (
            one_path("item.domain", "education", "health", "social", "child_welfare"),
            one_path("purpose", "bti"),
            some(ABOUT, 0, 1, 2),
        ),
    ),
    Family(
        "what a yes reaches",
        (_reach(), some(AGE, 4, 9), some(BOTH, 0, 3)),
        (
            some(WAYS, 0, 1, 3, 7, 10),
            _UNITS,
            one_path("item.kind", "concern", "goal", None),
            one_path("item.category", "concern", "goal", None),
            some(ABOUT, 0, 1, 2, 5),
        ),
    ),
    Family(
        "protection",
        (_shielded(), some(AGE, 4, 14), some(GUARDIANS, 0, 4, 17), ALL_SIGN | NONE_SIGN),
        (
            KIND,
            _to("child_welfare", "police", "guardian", "ppt", "gp", "subject", None),
            _SECTOR,
            some(_NEEDS, 0, 1, 2),
            some(_DUTIES, *_FEW),
        ),
    ),
    Family(
        "duties",
        (
            PREGNANT,
            some(_shielded(), "none, none", "confidential, none", "none, client", "none, strict", "none, None"),
            some(_BLOCKS, 0, 4),
            some(AT, 0) | {"long ago": {"at": "2010-06-15T12:00:00+02:00"}},
        ),
        (
            _DUTIES,
            _to("child_welfare", "health_station", "midwife", "police", "ppt", "cultural", None),
            some(_NEEDS, 0, 1, 2, "need to come"),
            some(KIND, "kind child_welfare_report", "kind concern", "kind wonder_note"),
        ),
    ),
    Family(
        "statutes",
        (
            AT | {"before the acts": {"at": "2015-06-15T12:00:00+02:00"}},
            some(AGE, 4, 11, 14, 0),
            some(_OBJECTIONS, 0, 1, 2, 11, 29),
        ),
        (
            _SENDS,
            _to("child_welfare", "gp", "school", "kindergarten", "nav", "guardian", None),
            some(_BODIES, 0, 1, 2),
            DOMAIN,
            one_path("purpose", "bti", "health_care", "school_transition"),
            some(_NEEDS, 0, 1, 3),
        ),
    ),
    Family(
        "health team",
        (_OBJECTIONS, AGE, some(GUARDIANS, 0, 4, 6, 9), some(CARE, 0, 1)),
        (
            some(_NEEDS, 0, 1, 5),
            some(WAYS, 6, 7),
            one_path("purpose", "health_care", "bti", None),
            WITHHELD,
            one_path("item.domain", "health", "education", None),
        ),
    ),
    Family(
        "moves and bodies",
        (ALL_SIGN | NONE_SIGN, some(AGE, 3, 4, 8, 9), some(_BLOCKS, 0, 1, 7)),
        (
            WAYS,
            _UNITS,
            _BODIES,
            _SECTOR,
            some(_NEEDS, 0, 1),
            one_path("item.domain", "education", "kindergarten", "child_welfare", "health", "social", None),
            one_path("purpose", "school_transition", "kindergarten_transition", "bti"),
        ),
    ),
    Family(
        "blocks",
        (_BLOCKS, ALL_SIGN | NONE_SIGN, some(AGE, 4, 9)),
        (
            _to("child_welfare", "guardian", "ppt", "school"),
            some(_NEEDS, 0, 1, 2),
            some(_BODIES, 0, 1),
            some(_DUTIES, *_FEW[:2]),
            some(KIND, 2, 3),
        ),
    ),
    Family(
        "families' own views",
        (GUARDIANS, AGE, CARE, ALL_SIGN | NONE_SIGN, some(CAPACITY, 1, 0)),
        (
            _TO_WHOM | _to("subject"),
            WITHHELD,
            one_path("item.domain", "education", "kindergarten", "ppt", "health", "child_welfare", "social"),
            some(ABOUT, 0, 2),
        ),
    ),
    Family(
        "withheld from parents",
        (AGE, CAPACITY, some(GUARDIANS, 0, 6, 9), some(CARE, 0, 1, 4), SOME_POLICY, ALL_SIGN),
        (WITHHELD, DOMAIN, some(PURPOSE, 0, 3, 4, 6), some(WAYS, 0, 6, 8), some(_NEEDS, 0, 1), some(_BODIES, 0, 1)),
    ),
    Family(
        "several persons",
        (
            said("sibling"),
            _SIBLINGS,
            some(SOME_POLICY, 0, 1),
            some(AGE, 4, 9, 12, 14),
            {"": {}} | some(_shielded(), "confidential, none"),
        ),
        (ABOUT, DOMAIN, one_path("purpose", "bti", "individual_plan"), some(_NEEDS, 0, 1), some(_BODIES, 0, 1)),
    ),
    Family(
        "what nobody told",
        (
            _lost(
                (
                    "municipality",
                    "subject",
                    "people",
                    "guardians",
                    "care",
                    "consents",
                    "refusals",
                    "blocks",
                    "subject.birth_date",
                    "subject.protection",
                    "subject.has_capacity",
                    "subject.pregnant",
                    "at",
                )
            ),
            some(AGE, "age 5", "age 11", "age 15", "age 18"),
            some(GUARDIANS, 0, 6),
            ALL_SIGN,
        ),
        (
            _lost(
                (
                    "item.kind",
                    "item.category",
                    "item.domain",
                    "item.about",
                    "item.withheld_from_parents",
                    "sender.service",
                    "sender.unit",
                    "sender.body",
                    "receiver.service",
                    "receiver.unit",
                    "receiver.body",
                    "receiver.sector",
                    "purpose",
                )
            ),
            some(WAYS, 0, 2, 3, 6),
            some(_NEEDS, 0, 1, 2),
            some(_BODIES, 0, 1),
            one_path("purpose", "health_care", "school_transition"),
        ),
    ),
)
