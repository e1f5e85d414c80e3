"""The first half: what is kept of what, what would go and why not, a yes on paper, and the first sending."""

from gateway.run import acts, telling
from gateway.run.demo.people import Someone
from gateway.run.demo.stage import PRODUCTS, Stage
from gateway.run.demo.telling import Step
from gateway.run.demo.vendors import NORA, SLEEPS, WORRY, concern_of

APPROVED = (
    ("nordlogg", "fjordlogg", "torunn"),
    ("skolen", "nordlogg", "torunn"),
    ("skolen", "fjordlogg", "torunn"),
    ("fjordlogg", "nordlogg", "hilde"),
    ("journal", "nordlogg", "hilde"),
    ("journal", "fjordlogg", "hilde"),
)
"""Flows, and who approves them: the leader of the service that sends. What the register says goes to nobody."""

PLACES = 4
"""Where a school's file puts a pupil: in the school, a class and a teacher's group; and who that teacher is."""


def town(stage: Stage) -> Step:
    """The municipality stands there, and nothing may be sent."""
    flows = telling.flows(stage.world)
    return Step(
        code="town",
        at=stage.clock(),
        facts={"systems": len(stage.world.adapters), "flows": len(flows)},
        expected={
            "adapters": not stage.world.broken and len(stage.world.adapters) == 6,
            "shadow": all(flow["state"] == "shadow" for flow in flows),
        },
    )


def school(stage: Stage) -> Step:
    """The first round takes in from everybody; of the school's file only what is about children with a log stays."""
    at = stage.clock()
    tally = stage.round()
    files = stage.files()
    children = [family.child for family in stage.cast.families]
    places = [entry.fields for file in files.values() for _, entry in file.of_kind("enrolment")]
    enrolled = {place["person"] for place in places if place["role"] == "pupil"}
    known = stage.known(children)
    return Step(
        code="school",
        at=at,
        facts={
            "pupils": stage.pupils,
            "kept": len(files),
            "others": len(stage.others),
            "fetched": tally.fetched.total(),
            "asked": tally.fetched["register"],
        },
        expected={
            "children_with_a_log": len(files) == len(children) == len(known) and enrolled == set(known.values()),
            "one_teacher_each": sum(place["role"] == "contact_teacher" for place in places) == len(children),
            "no_other_pupil": not stage.known(list(stage.others)),
            "nothing_sent": stage.writes() == 0,
            "no_trouble": tally.status() == 0,
        },
    )


def shadow(stage: Stage) -> Step:
    """What would go and what not, before anybody approved anything."""
    cast = stage.cast
    would = {family.child.given: stage.permitted(family, "fjordlogg") for family in cast.families}
    nora, jonas, sara = (stage.fate(family, "fjordlogg") for family in cast.families)
    return Step(
        code="shadow",
        at=stage.clock(),
        facts={"jonas": would["Jonas"][0], "nora": would["Nora"][1], "sara": would["Sara"][1]},
        stayed=(stage.stayed(cast.nora, "fjordlogg"), stage.stayed(cast.sara, "fjordlogg")),
        expected={
            "father_is_missing": nora["effect"] == "deny" and nora["missing"] == [stage.person(father(stage))],
            "both_said_yes": jonas["effect"] == "permit",
            "protected": sara["effect"] == "hold" and sara["rules"] == ["B1"] and would["Sara"][0] == 0,
            "nothing_sent": stage.writes() == 0,
        },
    )


def father(stage: Stage) -> Someone:
    """Nora's father, whom no log names: the register does. Raises ``LookupError``."""
    found = stage.cast.nora.father
    if found is None:
        raise LookupError
    return found


def consent(stage: Stage) -> Step:
    """The father says yes on paper, and a named person writes that down."""
    at, case = stage.clock(), stage.case(stage.cast.nora)
    kari = stage.acting("kari", "consent.record")
    told = {
        "by": stage.person(father(stage)),
        "decision": "given",
        "purpose": "bti",
        "services": ["school", "health_station"],
        "valid_from": at.date().isoformat(),
        "valid_to": at.date().replace(year=at.year + 1, day=1).isoformat(),
        "given": at.isoformat(),
        "form": "written",
    }
    unit = stage.world.settings.people[kari].unit or ""
    acts.record_consent(stage.world, case, by=kari, unit=unit, fields=told)
    tally = stage.round()
    held = [one for one in telling.consents(stage.world, case)["consents"] if one["decision"] == "given"]
    paper = [one for one in held if one["form"] == "written"]
    return Step(
        code="consent",
        at=at,
        facts={"shadowed": tally.shadowed, "nora": stage.permitted(stage.cast.nora, "fjordlogg")[0]},
        expected={
            "two_consents": len(held) == 2,
            "recorded_by": [one["recorded_by"] for one in paper] == ["kari"],
            "permitted_now": stage.fate(stage.cast.nora, "fjordlogg")["effect"] == "permit",
            "nothing_sent": stage.writes() == 0 and tally.shadowed > 0,
        },
    )


def approval(stage: Stage) -> Step:
    """Two leaders approve the flows out of their own systems, and the next round sends."""
    at, cast = stage.clock(), stage.cast
    for source, target, leader in APPROVED:
        acts.set_flow(stage.world, source, target, "approved", by=stage.approves(leader, source))
    tally = stage.round()
    quiet = stage.round()
    numbers = [one.number for one in stage.others]
    open_flows = {(flow["from"], flow["to"]) for flow in telling.flows(stage.world) if flow["sending"]}
    return Step(
        code="approval",
        at=at,
        facts={"flows": len(APPROVED), "writes": stage.writes()},
        sent=stage.sent(at),
        stayed=(stage.stayed(cast.sara, "fjordlogg"),),
        expected={
            "flows": open_flows == {(source, target) for source, target, _ in APPROVED},
            "two_logs": len(stage.vendors.fjordlogg.records) == 2
            and [one["kva"] for one in stage.items(cast.nora, "concern")] == [WORRY],
            "own_shape": stage.items(cast.nora, "measure")[0]["ansvar"]["namn"] == "Kari Nes",
            "goal_from_health": stage.mentions("nordlogg", SLEEPS) == 1,
            "class_from_school": stage.mentions("nordlogg", "Storskogen skole") == 2 * PLACES,
            "protected": not stage.mentions("fjordlogg", cast.sara.child.number, cast.sara.child.given),
            "no_other_pupil": not any(stage.mentions(name, *numbers) for name in PRODUCTS),
            "quiet": not stage.waiting() and quiet.delivered.total() == 0,
            "held": stage.held_back() == 1 and tally.tasks == 1,
        },
    )


def concern(stage: Stage) -> Step:
    """A teacher is worried, and the health station knows it after the next round."""
    at, words = stage.clock(), "Har sluttet å spise sammen med de andre."
    before = stage.writes()
    stage.vendors.nordlogg.make("concern", concern_of(NORA, at, words), ident="uro-2")
    tally = stage.round()
    stage.round()
    arrived = [one for one in stage.items(stage.cast.nora, "concern") if one["kva"] == words]
    return Step(
        code="concern",
        at=at,
        sent=stage.sent(at),
        facts={"words": words},
        expected={
            "arrived": len(arrived) == 1 and arrived[0]["tilstand"] == "ny",
            "one_write": stage.writes() == before + 1 and tally.delivered["nordlogg"] == 0,
        },
    )
