"""The crossing: one of the logs goes over into an individual plan in a third product, and is closed by a person."""

from typing import Any

from gateway.run import acts, crossings, settling
from gateway.run.demo.people import Family
from gateway.run.demo.stage import Stage
from gateway.run.demo.telling import Step
from gateway.run.demo.vendors import JONAS, day

TO_THE_PLAN = (
    ("nordlogg", "planverk", "torunn"),
    ("fjordlogg", "planverk", "hilde"),
    ("planverk", "nordlogg", "arne"),
    ("planverk", "fjordlogg", "arne"),
)
"""Flows to and from the plan's product, and who approves them."""

TITLE = "Trygg voksen i friminuttene"


def crossing(stage: Stage) -> Step:
    """Jonas has a right to a plan, and his parents want it: the plan begins elsewhere, and a person closes the log."""
    at, jonas = stage.clock(), stage.cast.jonas
    case = stage.case(jonas)
    _prepared(stage)
    stage.round()
    before = _held(stage, "plan"), len(stage.vendors.planverk.records)
    arne = stage.acting("arne", "crossing.begin")
    unit = stage.world.settings.people[arne].unit or ""
    coordinator = {"holder_name": "Arne Vik", "service": "coordinating_unit"}

    def begin() -> dict[str, Any]:
        return crossings.begin(stage.world, case, to="planverk", by=arne, unit=unit, coordinator=coordinator)

    refused = ""
    try:
        begin()
    except acts.ActFault as fault:
        refused = fault.code
    _both_say_yes(stage, jonas, case)
    told = begin()
    for _ in range(3):
        stage.round()
    tasks = settling.open_tasks(stage.world, kind="close_log")
    still_open = stage.files()[case].items[case].fields["status"]
    settling.resolve(stage.world, tasks[0]["id"], "closed", by=stage.acting("kari", "tasks.resolve"))
    stage.round()
    stage.round()
    file = stage.files()[case]
    roles = {entry.fields["role"]: entry.fields["state"] for _, entry in file.of_kind("assignment")}
    [plan] = _held(stage, "plan")
    return Step(
        code="crossing",
        at=at,
        facts={"carried": len(told["carried"])},
        sent=stage.sent(at),
        expected={
            "nothing_by_itself": before == ([], 0),
            "refused_without_a_yes": refused == "crossing.consent",
            "plan_stands_there": plan["fields"]["status"] == "active"
            and plan["fields"]["replaces"] == plan["case"]
            and [one["fields"]["title"] for one in _held(stage, "measure")] == [TITLE],
            "concerns_stay": _held(stage, "concern") == [],
            "a_persons_task": len(tasks) == 1 and still_open == "active",
            "linked": file.items[case].fields["replaced_by"] in {item for item, _ in file.of_kind("plan")},
            "coordinator_before_holder_ends": roles == {"relay_holder": "ended", "plan_coordinator": "accepted"},
            "closed_in_nordlogg": stage.record("case", JONAS)["status"] == "ERSTATTET",
            "quiet": not stage.waiting(),
        },
    )


def _prepared(stage: Stage) -> None:
    """What the school has written of Jonas meanwhile, and the leaders' approval of the flows to the plan."""
    today = stage.clock()
    log = {"logg": JONAS}
    stage.vendors.nordlogg.make(
        "measure", {"kind": "measure", **log, "tittel": TITLE, "status": "STARTET", "start": day(today)},
        ident=f"{JONAS}-tiltak",
    )  # fmt: skip
    stage.vendors.nordlogg.make(
        "assignment",
        {"kind": "assignment", **log, "rolle": "STAFETTHOLDER", "navn": "Kari Nes", "fraDato": day(today),
         "tilstand": "AKSEPTERT"},
        ident=f"{JONAS}-rolle",
    )  # fmt: skip
    for source, target, leader in TO_THE_PLAN:
        acts.set_flow(stage.world, source, target, "approved", by=stage.approves(leader, source))


def _both_say_yes(stage: Stage, family: Family, case: str) -> None:
    kari = stage.acting("kari", "consent.record")
    now = stage.clock()
    for parent in (family.mother, family.father):
        if parent is None:
            raise LookupError
        fields = {
            "by": stage.person(parent), "decision": "given", "purpose": "individual_plan",
            "services": ["coordinating_unit", "school", "health_station"], "valid_from": now.date().isoformat(),
            "valid_to": now.date().replace(year=now.year + 1, day=1).isoformat(), "given": now.isoformat(),
            "form": "written",
        }  # fmt: skip
        unit = stage.world.settings.people[kari].unit or ""
        acts.record_consent(stage.world, case, by=kari, unit=unit, fields=fields)


def _held(stage: Stage, kind: str) -> list[dict[str, Any]]:
    """The records of a kind in the plan's product."""
    return [dict(one.body) for one in stage.vendors.planverk.records.values() if one.kind == kind]
