"""The second half: both write, one withdraws, a vendor fails, and the log is verified by a stranger."""

from datetime import timedelta
from pathlib import Path
from threading import Event

from gateway.run import acts, schedule, settling, telling
from gateway.run.demo.beginning import father
from gateway.run.demo.stage import Stage
from gateway.run.demo.telling import Step
from gateway.run.demo.vendors import HOLDER, JONAS, MEASURE, SLEEPS, concern_of, midnight
from gateway.run.tally import Tally
from gateway.store import audit, offline


def merge(stage: Stage) -> Step:
    """The same measure is edited in both products, each another field: both edits stand in both."""
    at, nora = stage.clock(), stage.cast.nora
    evaluated = at.date() + timedelta(days=60)
    stage.vendors.nordlogg.edit("measure", MEASURE, {"ansvarlig": "Per Dal"})
    _edit(stage, "measure", {"ansvar": {"evaluering": midnight(evaluated)}})
    tally = stage.round()
    stage.round()
    ours, theirs = stage.record("measure", MEASURE), stage.items(nora, "measure")[0]
    return Step(
        code="merge",
        at=at,
        facts={"responsible": "Per Dal", "evaluated": f"{evaluated:%d.%m.%Y}"},
        sent=stage.sent(at),
        expected={
            "in_nordlogg": (ours["ansvarlig"], ours["evalueresInnen"]) == ("Per Dal", f"{evaluated:%d.%m.%Y}"),
            "in_fjordlogg": theirs["ansvar"]["namn"] == "Per Dal" and bool(theirs["ansvar"]["evaluering"]),
            "no_conflict": tally.conflicts == 0,
        },
    )


def _edit(stage: Stage, kind: str, patch: dict[str, object]) -> None:
    """Somebody at the health station edits an item of Nora's log."""
    found = stage.log(stage.cast.nora)
    if found is None:
        raise LookupError
    item = found[1]["items"][kind][0]["id"]
    stage.vendors.fjordlogg.edit("case", found[0], {"items": {kind: [{"id": item, **patch}]}})


def conflict(stage: Stage) -> Step:
    """The same field is edited in both: neither is lost, and a person settles it."""
    at, nora = stage.clock(), stage.cast.nora
    one, other = "Møter Nora ved porten og følger henne inn.", "Møter Nora ved porten, mor følger henne inn."
    stage.vendors.nordlogg.edit("measure", MEASURE, {"beskrivelse": one})
    _edit(stage, "measure", {"korleis": other})
    tally = stage.round()
    waiting = settling.open_tasks(stage.world, kind="conflict")
    untouched = stage.record("measure", MEASURE)["beskrivelse"], stage.items(nora, "measure")[0]["korleis"]
    shown = settling.show(stage.world, waiting[0]["id"])["values"]
    kari = stage.acting("kari", "tasks.resolve")
    settling.resolve(stage.world, waiting[0]["id"], "ours", by=kari)
    stage.round()
    settled = stage.record("measure", MEASURE)["beskrivelse"], stage.items(nora, "measure")[0]["korleis"]
    return Step(
        code="conflict",
        at=at,
        facts={"one": one, "other": other},
        sent=stage.sent(at),
        expected={
            "one_task": tally.conflicts == len(waiting) == 1,
            "both_shown": {shown[0]["ours"], shown[0]["theirs"]} == {one, other},
            "nobody_overwritten": untouched == (one, other),
            "settled": settled == (one, one) and not stage.waiting(),
        },
    )


def claim(stage: Stage) -> Step:
    """A product says that another coordinates now; that is a claim until a person has confirmed it."""
    at, nora = stage.clock(), stage.cast.nora
    stage.vendors.nordlogg.edit("assignment", HOLDER, {"navn": "Hilde Sund"})
    tally = stage.round()
    held = stage.items(nora, "assignment")[0]["namn"]
    waiting = settling.open_tasks(stage.world, kind="claim")
    settling.resolve(stage.world, waiting[0]["id"], "theirs", by=stage.acting("kari", "tasks.resolve"))
    stage.round()
    return Step(
        code="claim",
        at=at,
        facts={"before": "Kari Nes", "after": "Hilde Sund"},
        sent=stage.sent(at),
        expected={
            "held_back": held == "Kari Nes" and tally.delivered.total() == 0,
            "one_task": len(waiting) == 1,
            "told_on": stage.items(nora, "assignment")[0]["namn"] == "Hilde Sund",
            "settled": not stage.waiting(),
        },
    )


def withdrawal(stage: Stage) -> Step:
    """The father takes his yes back: nothing more goes, and what went is taken back everywhere."""
    at, nora, case = stage.clock(), stage.cast.nora, stage.case(stage.cast.nora)
    place = stage.log(nora)
    evaluated = stage.items(nora, "measure")[0]["ansvar"]["evaluering"]
    words = stage.record("measure", MEASURE)["beskrivelse"]
    acts.withdraw_consent(
        stage.world, case, by=stage.acting("kari", "consent.record"), giver=stage.person(father(stage))
    )
    stage.vendors.nordlogg.edit("measure", MEASURE, {"virkning": "Kommer nå tidsnok."})
    tally = stage.round()
    after = stage.round()
    left = {} if place is None else stage.vendors.fjordlogg.records[f"case:{place[0]}"].body["items"]["measure"][0]
    told = [one for one in telling.disclosures(stage.world, stage.begun, stage.clock()) if one["case"] == case]
    back = [one for one in told if one["retracted"] == "acknowledged"]
    own = stage.record("measure", MEASURE)
    return Step(
        code="withdrawal",
        at=at,
        facts={"disclosed": len(told), "acknowledged": len(back)},
        sent=stage.sent(at),
        taken_back={
            name: len({one["item"] for one in back if one["system"] == name}) for name in ("fjordlogg", "nordlogg")
        },
        stayed=(stage.stayed(nora, "fjordlogg"),),
        expected={
            "nothing_more": not stage.sent(at) and not stage.mentions("fjordlogg", "Kommer nå tidsnok."),
            "gone_from_fjordlogg": not stage.mentions("fjordlogg", nora.child.number, nora.child.given, words),
            "gone_from_nordlogg": own["evalueresInnen"] is None and not stage.mentions("nordlogg", SLEEPS),
            "own_stays": own["beskrivelse"] == words and left["ansvar"]["evaluering"] == evaluated,
            "acknowledged": bool(told) and len(told) == len(back) and tally.retracted > 0,
            "quiet": after.status() == 0 and not stage.waiting(),
        },
    )


def failure(stage: Stage) -> Step:
    """Fjordlogg does not answer for a while, and later an answer is lost: nothing is lost, and nothing twice."""
    at, jonas, vendor = stage.clock(), stage.cast.jonas, stage.vendors.fjordlogg
    words = "Gråt da de andre valgte lag."
    vendor.fault("status", times=0, status=503)
    stage.vendors.nordlogg.make("concern", concern_of(JONAS, at, words), ident="uro-3")
    down = stage.round(hours=0)
    waited = stage.items(jonas, "concern")
    vendor.heal()
    rounds = _until_quiet(stage)
    arrived = [one for one in stage.items(jonas, "concern") if one["kva"] == words]
    version = _version(stage)
    stage.vendors.nordlogg.edit("concern", f"{JONAS}-uro", {"status": "AVKLART"})
    vendor.fault("lost", on="write")
    stage.round()
    stage.round()
    changed = [one for one in stage.items(jonas, "concern") if one["tilstand"] == "avklart"]
    return Step(
        code="failure",
        at=at,
        facts={"due": down.due, "minutes": int((rounds[1]) // 60), "rounds": rounds[0]},
        sent=stage.sent(at),
        expected={
            "waited": down.unreachable == {"fjordlogg": "http.503"} and down.due == 1 and len(waited) == 1,
            "nothing_lost": len(arrived) == 1 and rounds[0] > 0,
            "soon": rounds[1] < timedelta(hours=1).total_seconds(),
            "lost_answer_arrived": len(changed) == 1,
            "nothing_twice": _version(stage) == version + 1 and len(stage.items(jonas, "concern")) == 2,
            "settled": not stage.world.store.vault.unfinished("fjordlogg") and not stage.waiting(),
        },
    )


def _version(stage: Stage) -> int:
    """How often Jonas's log has been written in Fjordlogg."""
    found = stage.log(stage.cast.jonas)
    return 0 if found is None else stage.vendors.fjordlogg.records[f"case:{found[0]}"].version


def _until_quiet(stage: Stage, most: int = 20) -> tuple[int, float]:
    """``bti run`` until nothing is due, its waits made on the story's clock: how many rounds, and seconds that took."""
    stop, rounds, begun = Event(), 0, stage.clock()

    def told(tally: Tally) -> None:
        nonlocal rounds
        rounds += 1
        if tally.due == 0 or rounds >= most:
            stop.set()

    schedule.run(stage.world, stop=stop, told=told, wait=lambda seconds: stage.clock.forward(seconds=seconds))
    return rounds, (stage.clock() - begun).total_seconds()


def evidence(stage: Stage) -> Step:
    """The audit log is exported, and verified from the export alone; a changed copy is found out."""
    at, folder = stage.clock(), Path(stage.world.settings.folder) / "audit-export"
    leaves = audit.export(stage.world.store, folder)
    problems = offline.verify_export(folder)
    lines = folder / "leaves.jsonl"
    text = lines.read_text(encoding="utf-8")
    numbers = [one.number for one in (*stage.others, *(family.child for family in stage.cast.families))]
    lines.write_text(text.replace('"delivered"', '"withheld"', 1), encoding="utf-8")
    forged = offline.verify_export(folder)
    lines.write_text(text, encoding="utf-8")
    return Step(
        code="evidence",
        at=at,
        facts={"leaves": leaves, "folder": folder.name},
        expected={
            "holds": leaves > 0 and not problems,
            "forgery_found": bool(forged) and not offline.verify_export(folder),
            "no_content": not any(number in text for number in numbers) and "Nora" not in text,
        },
    )
