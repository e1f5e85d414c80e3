"""A school year of a municipality: children, logs, five systems, and the ordinary mess of people at work.

Nobody here works for the gateway: staff see to things when they usually do, forget some, type some twice, and answer
their tasks a few days late. What is counted is how often the gateway asks them for something. A unit's weekly list is
one task (``tests.run.counted``).
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec

from gateway.core.ages import day
from gateway.core.identity import synthetic_number
from gateway.run import acts, lawbook, lists, settling
from gateway.run.life import sync
from gateway.run.settings import Person
from gateway.store import Task
from tests.run.counted import counted
from tests.run.toys import Clock, Vendor, able, approve, make_world

BEGIN = datetime(2026, 8, 3, 10, tzinfo=UTC)
SERVICES = {"stafett": "school", "helse": "health_station", "ppt": "ppt", "bhg": "kindergarten"}
PRODUCTS = tuple(SERVICES)
CARRIED = frozenset({"case", "person", "concern", "goal", "measure", "meeting", "evaluation"})
READ = CARRIED | {"consent", "assignment"}

PROTOCOL = 0.75
"""The share of hand-overs that are made in the log's product by both persons' word; the others are one field there."""

SILENT = 0.1
"""The share of families that do not answer when they are asked to renew a consent."""

Deed = tuple[date, int, str, tuple[Any, ...]]


class Year:
    """``live(weeks)`` lets it pass; ``report()`` says what it took."""

    def __init__(
        self,
        folder: Path,
        *,
        children: int,
        cases: int,
        seed: int,
        protocol: float = PROTOCOL,
        wordings: Literal["at_once", "weekly"] = "at_once",
    ) -> None:
        self.protocol = protocol
        self.held: dict[int, str] = {}
        self.chance = random.Random(seed)
        self.clock = Clock(BEGIN)
        self.count = cases
        self.vendors = {name: Vendor(name) for name in (*PRODUCTS, "skole")}
        self.families = [self._family(at) for at in range(children)]
        self.deeds: list[Deed] = []
        self.serial = 0
        self.done: Counter[str] = Counter()
        self.together: list[frozenset[str]] = []
        self.people = {child: told for family in self.families for child, told in family["register"].items()}
        can = able(reads=READ, writes=CARRIED, inventory=True)
        states = able(reads=READ, writes=CARRIED, inventory=True, baton="assignments" if protocol else "field")
        self.world = make_world(
            folder,
            vendors={
                **{
                    name: (service, self.vendors[name], states if name == "stafett" else can)
                    for name, service in SERVICES.items()
                },
                "skole": ("school", self.vendors["skole"], able(reads=frozenset({"person", "enrolment"}), writes=frozenset())),
            },
            register=self.people,
            asserts={"stafett": ("consent", "baton") if protocol else ("consent",)},
            owns={"stafett": ("case", "consent")},
            clock=self.clock,
            seed=seed,
            options={"page": 2000},
        )  # fmt: skip
        staff = {
            name: Person(role=role, unit=f"{system}-unit", name=name)  # type: ignore[arg-type]
            for system in PRODUCTS
            for name, role in ((f"k-{system}", "coordinator"), (f"l-{system}", "leader"))
        }
        self.world = msgspec.structs.replace(
            self.world, settings=msgspec.structs.replace(self.world.settings, people=staff, wordings=wordings)
        )
        approve(self.world)
        for at in range(children):
            self._enrol(at)
        for at in range(cases):
            self._open(at)

    # who they are

    def _family(self, at: int) -> dict[str, Any]:
        age = 3 + at % 14
        born = date(2026 - age, 1 + at % 12, 1 + at % 28)
        child = synthetic_number(born, at // 84)
        mother = synthetic_number(date(1980 + at % 15, 1 + at % 12, 1 + at % 28), at // 420)
        register = {child: {"birth_date": born.isoformat(), "parents": {mother: "sole"}}}
        register[mother] = {"birth_date": date(1980 + at % 15, 1 + at % 12, 1 + at % 28).isoformat()}
        return {"child": child, "mother": mother, "born": born, "register": register}

    def _today(self) -> date:
        return day(self.clock.at)

    def _enrol(self, at: int) -> None:
        """The school's own system knows every child, with or without a log."""
        family, skole = self.families[at], self.vendors["skole"]
        fields = {"number": family["child"], "birth_date": family["born"].isoformat()}
        skole.put("person", f"e{at}", fields)
        skole.put(
            "enrolment",
            f"g{at}",
            {"person": f"e{at}", "unit": f"skole-{at % 9}", "group": f"{at % 30}"},
            about=[f"e{at}"],
        )

    def _open(self, at: int) -> None:
        family, log = self.families[at], self.vendors["stafett"]
        opened = self._today() - timedelta(days=self.chance.randrange(300))
        case = f"c{at}"
        log.put(
            "person", f"p{at}", {"number": family["child"], "role": "subject", "given_name": f"Barn {at}"}, case=case
        )
        log.put("person", f"m{at}", {"number": family["mother"], "role": "guardian"}, case=case)
        log.put("case", case, {"subject": f"p{at}", "status": "active", "opened_on": opened.isoformat()}, case=case)
        self._consent(at, opened)
        log.put(
            "assignment", f"h{at}", {"role": "relay_holder", "state": "accepted", "unit": "stafett-unit"}, case=case
        )
        self._meet(at)
        self._plan_next(at)

    # what people do, and when

    def _later(self, days: int, at: int, what: str, *told: Any) -> None:
        self.deeds.append((self._today() + timedelta(days=days), at, what, told))

    def _new(self, kind: str) -> str:
        self.serial += 1
        return f"{kind}{self.serial}"

    def _plan_next(self, at: int) -> None:
        for what, mean in (("worry", 120), ("measure", 110), ("meet", 45), ("edit", 30), ("twice", 200), ("both", 300),
                           ("staff", 400), ("late", 150)):  # fmt: skip
            self._later(int(self.chance.expovariate(1 / mean)), at, what)

    def _again(self, at: int, what: str, mean: int) -> None:
        self._later(1 + int(self.chance.expovariate(1 / mean)), at, what)

    def _consent(self, at: int, since: date, *, by: str | None = None) -> None:
        fields = {
            "decision": "given", "by": by or f"m{at}", "purpose": "bti", "services": sorted(SERVICES.values()),
            "valid_from": since.isoformat(), "valid_to": (since + timedelta(days=365)).isoformat(),
            "given": f"{since}T08:00:00Z",
        }  # fmt: skip
        self.vendors["stafett"].put("consent", self._new("s"), fields, case=f"c{at}", about=[f"p{at}"])

    def _worry(self, at: int) -> None:
        vendor, native = self.vendors["stafett"], self._new("k")
        fields = {"raised_on": self._today().isoformat(), "status": "raised", "summary": native}
        vendor.put("concern", native, fields, case=f"c{at}")
        if self.chance.random() < 0.9:
            self._later(self.chance.randint(2, 16), at, "clarify", native)
        self._again(at, "worry", 120)

    def _clarify(self, at: int, native: str) -> None:
        self.vendors["stafett"].put(
            "concern", native, {"status": self.chance.choice(("clarified", "followed", "settled"))}
        )

    def _measure(self, at: int) -> None:
        native, today = self._new("t"), self._today()
        fields = {"title": native, "started_on": today.isoformat(), "status": "started",
                  "evaluate_by": (today + timedelta(days=60)).isoformat()}  # fmt: skip
        self.vendors["stafett"].put("measure", native, fields, case=f"c{at}")
        if self.chance.random() < 0.85:
            self._later(self.chance.randint(40, 63), at, "evaluate", native)
        self._again(at, "measure", 110)

    def _evaluate(self, at: int, native: str) -> None:
        today = self._today().isoformat()
        self.vendors["stafett"].put(
            "evaluation", self._new("v"), {"of": [native], "evaluated_on": today}, case=f"c{at}"
        )
        self.vendors["stafett"].put("measure", native, {"status": "ended", "ended_on": today})

    def _meet(self, at: int) -> None:
        fields = {"held_at": f"{self._today()}T09:00:00Z", "status": "held"}
        self.vendors["stafett"].put("meeting", self._new("w"), fields, case=f"c{at}")
        self._again(at, "meet", 45)

    def _edit(self, at: int) -> None:
        vendor = self.vendors[self.chance.choice(PRODUCTS)]
        if found := self._of(vendor, "concern", at):
            vendor.put("concern", self.chance.choice(found), {"summary": self._new("e")})
        self._again(at, "edit", 30)

    def _late(self, at: int) -> None:
        """Somebody writes today what was meant for last week."""
        if found := self._of(self.vendors["stafett"], "meeting", at):
            self.vendors["stafett"].put("meeting", self.chance.choice(found), {"summary": self._new("l")})
        self._again(at, "late", 150)

    def _twice(self, at: int) -> None:
        """What stands in one system is typed into another as well."""
        fields = {"title": f"mål {at}", "status": "active"}
        for vendor in (self.vendors["stafett"], self.vendors["helse"]):
            cases = [key[1] for key, one in vendor.records.items() if key[0] == "case" and self._is(vendor, one, at)]
            if cases:
                vendor.put("goal", self._new("g"), fields, case=cases[0])
        self._again(at, "twice", 200)

    def _both(self, at: int) -> None:
        """Two write in one field on the same day."""
        for name in ("stafett", "helse"):
            if found := self._of(self.vendors[name], "concern", at):
                self.vendors[name].put("concern", found[0], {"summary": self._new("b")})
        self._again(at, "both", 300)

    def _staff(self, at: int) -> None:
        """Another takes over: by an offer and a yes in the product, or by somebody who writes another name there."""
        self._again(at, "staff", 400)
        told = {"unit": f"{self.chance.choice(PRODUCTS)}-unit", "holder_name": self._new("n")}
        log = self.vendors["stafett"]
        if self.chance.random() >= self.protocol:
            log.put("assignment", self.held.get(at, f"h{at}"), told)
            return
        offer = self._new("h")
        fields = {"role": "relay_holder", "state": "offered", "offered_on": self._today().isoformat(), **told}
        log.put("assignment", offer, fields, case=f"c{at}")
        if self.chance.random() < 0.95:
            self._later(self.chance.randint(1, 7), at, "taken", offer)

    def _taken(self, at: int, offer: str) -> None:
        log, today = self.vendors["stafett"], self._today().isoformat()
        if self.chance.random() < 0.1:
            log.put("assignment", offer, {"state": "declined"})
            return
        log.put("assignment", self.held.get(at, f"h{at}"), {"state": "ended", "until": today})
        log.put("assignment", offer, {"state": "accepted", "since": today})
        self.held[at] = offer

    def _renew(self, at: int) -> None:
        years = self._today().year - self.families[at]["born"].year
        self._consent(at, self._today(), by=f"p{at}" if years >= 15 else None)

    def _read_law(self, at: int) -> None:
        """The municipality's lawyer reads the legal bases, and writes a line for each in the settings."""
        line = f"{self._today()} the lawyer"
        settings = self.world.settings
        law = msgspec.structs.replace(settings.law, verified={one.code: line for one in self.world.rules.law.bases})
        settings = msgspec.structs.replace(settings, law=law)
        rules = msgspec.structs.replace(self.world.rules, law=lawbook.law_of(settings, today=self._today()))
        self.world = msgspec.structs.replace(self.world, settings=settings, rules=rules)
        self.done["read the law"] += 1

    def _is(self, vendor: Vendor, record: dict[str, Any], at: int) -> bool:
        told = vendor.records.get(("person", record["fields"].get("subject", "")))
        return told is not None and told["fields"].get("number") == self.families[at]["child"]

    def _of(self, vendor: Vendor, kind: str, at: int) -> list[str]:
        cases = {
            native for (sort, native), one in vendor.records.items() if sort == "case" and self._is(vendor, one, at)
        }
        return [
            native
            for (sort, native), one in vendor.records.items()
            if sort == kind and not one["deleted"] and one.get("case") in cases
        ]

    def _weather(self) -> None:
        """Outages of a day or three, and answers that are lost."""
        for name, vendor in self.vendors.items():
            if vendor.down and self.chance.random() < 0.5:
                vendor.down = False
            elif not vendor.down and self.chance.random() < 1 / 90:
                vendor.down = True
                self.done[f"outage {name}"] += 1
            if self.chance.random() < 1 / 30:
                vendor.lose_answers = 1

    def _august(self) -> None:
        """A new school year: everybody is in another group, and some in another school."""
        for at in range(len(self.families)):
            fields = {"unit": f"skole-{(at + (at % 10 == 0)) % 9}", "group": f"{(at + 1) % 30}"}
            self.vendors["skole"].put("enrolment", f"g{at}", fields)

    # tasks

    def _inbox(self) -> Iterator[list[dict[str, Any]]]:
        """What people look at today: a task, or the lines of a list that can be answered together."""
        waiting: dict[str, list[dict[str, Any]]] = {}
        for one in settling.open_tasks(self.world):
            whole = one["list"] if one["kind"] in lists.TOGETHER else None
            waiting.setdefault(whole or one["id"], []).append(one)
        for each in waiting.values():
            age = (self.clock.at - datetime.fromisoformat(each[0]["at"])).days
            if age >= 1 and self.chance.random() < 0.4:
                yield each

    def _at_work(self, each: list[dict[str, Any]]) -> None:
        """Four of five answer a list as a whole; the others line by line."""
        kind = each[0]["kind"]
        if len(each) == 1 or self.chance.random() >= 0.8:
            for one in each:
                self._answer(one)
            return
        if kind == "renewal":
            for one in each:
                self._ask_family(one)
        done, _ = lists.resolve(
            self.world, [one["id"] for one in each], lists.TOGETHER[kind][0], by=each[0]["owner"][0]
        )
        self.together.append(frozenset(done))
        self.done[f"{kind} together"] += len(done)

    def _ask_family(self, one: dict[str, Any]) -> None:
        at = self._whose(one)
        asked = any(deed[1] == at and deed[2] == "renew" for deed in self.deeds)
        if at is not None and not asked and self.chance.random() >= SILENT:
            self._later(self.chance.randint(1, 20), at, "renew")

    def _answer(self, one: dict[str, Any]) -> None:
        """What people do about a task: mostly the thing itself, in their own system."""
        kind, at = one["kind"], self._whose(one)
        if kind in {"overdue", "follow_up"} and at is not None and self.chance.random() < 0.7:
            about = settling.show(self.world, one["id"])["about"]["deadlines"]
            self._do(at, [each["code"] for each in about], about)
            return
        if kind == "renewal" and at is not None and self.chance.random() < 0.8:
            self._ask_family(one)
            settling.resolve(self.world, one["id"], "asked", by=one["owner"][0])
            self.done["renewal asked"] += 1
            return
        if kind == "gate" and one["case"] is None and self.chance.random() < 0.8:
            if not any(deed[2] == "read_law" for deed in self.deeds):
                self._later(self.chance.randint(1, 20), -1, "read_law")
            return
        answers = self.chance.sample(one["answers"], len(one["answers"]))
        for answer in ["proceed"] if "proceed" in answers else answers:
            try:
                settling.resolve(self.world, one["id"], answer, by=one["owner"][0] if one["owner"] else "k-stafett")
            except acts.ActFault as fault:  # not hers to say, or settled meanwhile: she says the other
                self.done[fault.code] += 1
                continue
            self.done[f"{kind} {answer}"] += 1
            return

    def _do(self, at: int, codes: list[str], about: list[dict[str, Any]]) -> None:
        log = self.vendors["stafett"]
        natives = self._natives(at)
        for each in about:
            native = natives.get(each["item"])
            if each["code"] == "decide_concern" and native is not None:
                log.put("concern", native, {"status": "clarified"})
            elif each["code"] == "evaluate_measure" and native is not None:
                self._evaluate(at, native)
        if "hold_first_meeting" in codes:
            self._meet(at)
        self.done["overdue, done"] += 1

    def _natives(self, at: int) -> dict[str, str]:
        from gateway.core import casefile  # noqa: PLC0415

        with self.world.store.read() as tx:
            link = tx.find_links("stafett", [("case", f"c{at}")])["case", f"c{at}"]
            file = casefile.decode(tx.load_cases([link.case])[link.case][1])
        return {item: peer.native for item, peer in file.peers.get("stafett", {}).items() if peer.native}

    def _whose(self, one: dict[str, Any]) -> int | None:
        if one["case"] is None:
            return None
        if not hasattr(self, "_cases"):
            self._cases: dict[str, int] = {}
        if one["case"] not in self._cases:
            with self.world.store.read() as tx:
                for at in range(self.count):
                    found = tx.find_links("stafett", [("case", f"c{at}")])
                    if found:
                        self._cases[next(iter(found.values())).case] = at
        return self._cases.get(one["case"])

    # time

    def live(self, weeks: int) -> None:
        """Let weeks pass: a round a day, and people at work on weekdays."""
        august = BEGIN + timedelta(days=14)
        for _ in range(weeks * 7):
            if self.clock.at <= august < self.clock.at + timedelta(days=1):
                self._august()
            self._weather()
            if self._today().weekday() < 5:
                today = self._today()
                now = [one for one in self.deeds if one[0] <= today]
                self.deeds = [one for one in self.deeds if one[0] > today]
                for _, at, what, told in now:
                    getattr(self, f"_{what}")(at, *told)
            sync(self.world)
            self.clock.forward(hours=1)
            if self._today().weekday() < 5:
                sync(self.world)
                for each in list(self._inbox()):
                    self._at_work(each)
            self.clock.forward(hours=23)
        self.weeks = weeks

    def tasks(self) -> list[Task]:
        """Every task that was ever made, but those of the first fortnight, in which what was there before is met."""
        with self.world.store.read() as tx:
            return [one for one in tx.tasks(state="all", limit=1_000_000) if one.at >= BEGIN + timedelta(days=14)]

    def report(self) -> dict[str, Any]:
        """How many tasks, of which kinds, and how many were done with in one step."""
        size = {"children": len(self.families), "cases": self.count, "hand_overs_by_protocol": self.protocol,
                "wordings": self.world.settings.wordings}  # fmt: skip
        return {**size, **counted(self.tasks(), cases=self.count, weeks=max(1, self.weeks - 2), together=self.together)}


def main() -> None:
    """The whole year, or what the arguments say: children, cases, weeks, seed, hand-overs by protocol (percent), and
    ``weekly`` where two texts wait for the unit's list.

    Prints the counts.
    """
    asked = (*sys.argv[1:], *("5000", "150", "52", "1", "75", "at_once")[len(sys.argv) - 1 :])
    children, cases, weeks, seed, protocol = (int(one) for one in asked[:5])
    wordings: Literal["at_once", "weekly"] = "weekly" if asked[5] == "weekly" else "at_once"
    with tempfile.TemporaryDirectory() as folder:
        year = Year(Path(folder), children=children, cases=cases, seed=seed, protocol=protocol / 100, wordings=wordings)
        year.live(weeks)
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(year.report())).decode() + "\n")
        year.world.store.close()


if __name__ == "__main__":
    main()
