"""A whole municipality in one thread from a seed: four vendors and a register, weeks of edits, faults, consents,
withdrawals and crashes, on a virtual clock. What must hold is looked at after every round and at every sending.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile
from gateway.run import acts, explaining
from gateway.run.schedule import run
from gateway.run.settling import open_tasks, resolve
from gateway.sdk import Release
from gateway.store import audit
from tests.run.streets import register_of, tell
from tests.run.toys import Clock, Vendor, able, approve, make_world, state

FAMILIES = 3
BEGIN = datetime(2026, 9, 7, 6, tzinfo=UTC)
STEPS = ("fetched", "kept", "asked", "decided", "begun", "sent", "retracted", "proved", "ended")
SERVICES = {"a": "school", "b": "health_station", "c": "ppt", "d": "kindergarten"}
ABLE = {
    "a": able(),
    "b": able(batch=10),
    "c": able(conditional_write=False, read_back=False),
    "d": able(conditional_write=False, read_back=False, idempotency_key=False),
}
CONFLICTS = {"conflict", "adoption", "claim", "deletion"}


class Crash(BaseException):
    """The process dies here."""


class City:
    """The municipality. ``live(weeks)`` lets time pass; ``settle`` brings quiet; ``trace`` is all that was seen."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.seed = folder, seed
        self.chance = random.Random(seed)
        self.clock = Clock(BEGIN)
        self.vendors = {name: Vendor(name) for name in SERVICES}
        self.opened = 0
        self.crash_at: str | None = None
        self.edits = 0
        self.trace: list[Any] = []
        self.problems: list[str] = []
        self.people = register_of(FAMILIES)
        for at in range(FAMILIES):
            tell(self.vendors["a"], at, consent=False)
        self.world = self._open()
        approve(self.world)

    def _open(self) -> Any:
        self.opened += 1
        world = make_world(
            self.folder,
            vendors={name: (SERVICES[name], self.vendors[name], ABLE[name]) for name in SERVICES},
            register=self.people,
            asserts={"a": ("consent",)},
            owns={"a": ("case",)},
            clock=self.clock,
            seed=self.seed * 1000 + self.opened,
            step=self._step,
        )
        for name in SERVICES:
            adapter = world.adapters[name]
            adapter.deliver = self._watched(world, name, adapter.deliver)  # type: ignore[method-assign]
        return world

    def _watched(self, world: Any, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """At the moment of sending the gate is asked once more: each value that leaves must be permitted now."""

        def deliver(release: Release, key: str) -> Any:
            with world.store.read() as tx:
                file = casefile.decode(tx.load_cases([release.case])[release.case][1])
            facts = explaining.facts_of(world, file, self.clock.at)
            fate = explaining.fates_of(world, file, name, facts)[release.id]["fields"]
            self.problems += [
                f"{name} is sent {release.kind}.{field}, which the gate does not let go"
                for field in release.changed
                if field in file.items[release.id].fields and fate.get(field) != "permit"
            ]
            return real(release, key)

        return deliver

    def _step(self, name: str) -> None:
        if name == self.crash_at:
            self.crash_at = None
            raise Crash

    # what happens

    def live(self, weeks: float) -> None:
        """Let weeks pass. The machine sleeps between rounds, for minutes or hours, and things happen meanwhile."""
        end = self.clock.at + timedelta(weeks=weeks)
        while self.clock.at < end:
            stop = Event()

            def wait(seconds: float, stop: Event = stop) -> None:
                self.clock.forward(seconds=seconds + self.chance.choice((0, 600, 3600, 6 * 3600)))
                for _ in range(self.chance.choice((0, 0, 1, 1, 2, 5))):
                    self.happen()
                if self.clock.at >= end:
                    stop.set()

            try:
                run(self.world, stop=stop, told=self._told, wait=wait)
            except Crash:
                self.trace.append("crash")
                self.restart()

    def restart(self) -> None:
        """The process starts anew."""
        self.world.store.close()
        self.world = self._open()

    def happen(self) -> None:
        """One thing, by chance."""
        kind = self.chance.choices(
            ("edit", "new", "yes", "no", "block", "down", "up", "lose", "fail", "crash", "answer", "again", "delete"),
            (30, 8, 12, 4, 3, 4, 8, 4, 4, 4, 10, 3, 2),
        )[0]
        self.trace.append((kind, self.clock.at.isoformat()))
        getattr(self, f"_{kind}")()

    def _vendor(self) -> Vendor:
        return self.vendors[self.chance.choice("abcd")]

    def _edit(self) -> None:
        vendor = self._vendor()
        concerns = sorted(key for key, one in vendor.records.items() if key[0] == "concern" and not one["deleted"])
        if concerns:
            self.edits += 1
            kind, native = self.chance.choice(concerns)
            vendor.put(kind, native, {self.chance.choice(("summary", "area")): f"{vendor.name}{self.edits}"})

    def _new(self) -> None:
        vendor = self._vendor()
        cases = sorted(key for key, one in vendor.records.items() if key[0] == "case" and not one["deleted"])
        if cases:
            self.edits += 1
            fields = {"raised_on": "2026-09-01", "summary": f"{vendor.name}{self.edits}"}
            vendor.put("concern", f"n{self.edits}", fields, case=self.chance.choice(cases)[1])

    def _case(self) -> tuple[CaseFile, str] | None:
        with self.world.store.read() as tx:
            ids = tx.case_ids()
            if not ids:
                return None
            case = self.chance.choice(ids)
            file = casefile.decode(tx.load_cases([case])[case][1])
        mothers = [item for item, entry in file.of_kind("person") if entry.fields.get("role") == "guardian"]
        return (file, mothers[0]) if mothers else None

    def _yes(self) -> None:
        if (found := self._case()) is not None:
            file, mother = found
            today = self.clock.at.date()
            fields = {
                "decision": "given", "by": mother, "purpose": "bti", "given": self.clock.at.isoformat(),
                "services": self.chance.choice((list(SERVICES.values()), ["health_station"], ["ppt", "kindergarten"])),
                "valid_from": today.isoformat(),
                "valid_to": (today + timedelta(days=self.chance.choice((6, 40, 200)))).isoformat(),
            }  # fmt: skip
            acts.record_consent(self.world, file.id, by="kari", unit="a-unit", fields=fields)

    def _no(self) -> None:
        if (found := self._case()) is not None:
            file, mother = found
            services = self.chance.choice(((), (), ("health_station",)))
            try:
                acts.withdraw_consent(self.world, file.id, by="kari", giver=mother, services=services)
            except acts.ActFault as fault:
                self.trace.append(fault.code)

    def _block(self) -> None:
        if (found := self._case()) is not None:
            file, _ = found
            standing = [one for one in self.world.store.vault.restrictions(cases=[file.id]) if one.kind == "block"]
            if standing and self.chance.random() < 0.6:
                acts.lift_block(self.world, file.id, by="leder", block=standing[0].id, reason="avtalt")
            else:
                service = self.chance.choice(("health_station", "ppt"))
                acts.set_block(self.world, file.id, by="kari", service=service, valid_from=None, valid_to=None)

    def _down(self) -> None:
        self._vendor().down = True

    def _up(self) -> None:
        self._vendor().down = False

    def _lose(self) -> None:
        self._vendor().lose_answers = self.chance.randint(1, 3)

    def _fail(self) -> None:
        self._vendor().fail_before = self.chance.randint(1, 3)

    def _crash(self) -> None:
        self.crash_at = self.chance.choice(STEPS)

    def _again(self) -> None:
        vendor = self._vendor()
        vendor.log.extend(sorted(vendor.records, reverse=True))

    def _delete(self) -> None:
        vendor = self._vendor()
        concerns = sorted(key for key, one in vendor.records.items() if key[0] == "concern" and not one["deleted"])
        if concerns:
            vendor.delete(*self.chance.choice(concerns))

    def _answer(self) -> None:
        tasks = open_tasks(self.world)
        if tasks:
            self._resolve(self.chance.choice(tasks))

    def _resolve(self, task: dict[str, Any], prefer: str | None = None) -> None:
        answer = prefer if prefer in task["answers"] else self.chance.choice(task["answers"])
        if task["kind"] == "uncertain":
            with self.world.store.read() as tx:
                key = msgspec.json.decode(tx.task(task["id"]).body)["key"]
            answer = "arrived" if key in self.vendors[task["system"]].keys else "lost"
        resolve(self.world, task["id"], answer, by="kari")

    # what must hold

    def _told(self, tally: Any) -> None:
        self.trace.append(
            (tally.plain(), [state(vendor) for vendor in self.vendors.values()], audit.root(self.world.store))
        )
        self.look()

    def files(self) -> list[CaseFile]:
        """Every case file."""
        with self.world.store.read() as tx:
            return [casefile.decode(body) for _, body in tx.load_cases(tx.case_ids()).values()]

    def look(self) -> None:
        """After every round: nobody's conflict is without a task, and no key has had two effects."""
        with self.world.store.read() as tx:
            tasks = [one for one in tx.tasks() if one.kind in CONFLICTS]
            asked = {
                (one.system, told["item"], told["field"])
                for one in tasks
                for told in msgspec.json.decode(one.body)["fields"]
            }
        for file in self.files():
            for clash in file.clashes:
                if (clash.system, clash.item, clash.name) not in asked:
                    self.problems.append(f"a conflict about {file.items[clash.item].kind}.{clash.name} has no task")
        for name, vendor in self.vendors.items():
            keys = [key for key, _ in vendor.effects]
            if ABLE[name].idempotency_key and len(keys) != len(set(keys)):
                self.problems.append(f"{name} had two effects of one key")

    def settle(self) -> None:
        """Everything heals, every task is answered, and rounds go on until nothing is left to do."""
        for vendor in self.vendors.values():
            vendor.down, vendor.lose_answers, vendor.fail_before = False, 0, 0
        self.crash_at = None
        for _ in range(8):
            self._rounds(2)
            for task in open_tasks(self.world):
                self._resolve(task, "again" if task["kind"] == "retraction" else "ours")
        self._rounds(3)

    def _rounds(self, count: int) -> None:
        from gateway.run.life import sync  # noqa: PLC0415 - the scheduler brings it in elsewhere

        for _ in range(count):
            self._told(sync(self.world))
            self.clock.forward(hours=5)

    def after(self) -> list[str]:
        """What is wrong after quiet: what a receiver holds that it may not, and what it lacks that it may have."""
        wrong = list(dict.fromkeys(self.problems))
        verdict = audit.verify(self.world.store)
        if not verdict.holds:
            wrong.append("the audit log does not hold")
        for file in self.files():
            for name, vendor in self.vendors.items():
                fates = {
                    one["item"]: one["receivers"].get(name)
                    for one in explaining.explain(self.world, file.id, receiver=name)["records"]
                }
                for item, entry in file.items.items():
                    wrong += self._held(file, name, vendor, item, entry, fates.get(item))
        with self.world.store.read() as tx:
            if tx.due_counts():
                wrong.append("something is still due")
        if any(self.world.store.vault.unfinished(name) for name in self.vendors):
            wrong.append("the outcome of a sending is not known")
        return wrong

    def _held(self, file: CaseFile, name: str, vendor: Vendor, item: str, entry: Any, fate: Any) -> list[str]:
        peer = file.peers.get(name, {}).get(item)
        record = vendor.records.get((entry.kind, peer.native)) if peer is not None and peer.native else None
        there = {} if record is None or record["deleted"] else record["fields"]
        permitted = {field for field, effect in (fate or {"fields": {}})["fields"].items() if effect == "permit"}
        wrong: list[str] = []
        if peer is not None and peer.native is not None and record is None and not ABLE[name].idempotency_key:
            return wrong  # a person said that it arrived; under which id, nobody knows
        expired = self._ran_out(file, SERVICES[name]) or "X4" in (fate or {"rules": ()})["rules"]  # or a fact is lost
        for field in there:
            own = name in {entry.sources.get(field), entry.origin.system} and entry.sources.get(field, name) == name
            if field in (peer.released if peer else ()) and field not in permitted and not own and not expired:
                wrong.append(f"{name} still holds {entry.kind}.{field}")
        if (
            entry.kind == "concern"
            and not entry.deleted
            and permitted >= {"raised_on", "summary"}
            and entry.origin.system != name
        ) and there.get("summary") != entry.fields.get("summary"):
            wrong.append(f"{name} lacks {entry.kind}.summary")
        return wrong

    def _ran_out(self, file: CaseFile, service: str) -> bool:
        """Whether a consent to this service came to its end by itself: what was given under it is not taken back."""
        today = self.clock.at.date().isoformat()
        return any(
            entry.fields.get("withdrawn") is None
            and service in entry.fields.get("services", ())
            and entry.fields.get("valid_to", today) < today
            for _, entry in file.of_kind("consent")
        )
