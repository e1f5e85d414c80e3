"""The municipality and the vendors together, and ways to look at both sides of what happened."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from gateway.core import casefile
from gateway.core.casefile import CaseFile
from gateway.run import explaining, rights, settling, telling
from gateway.run.demo.people import Cast, Family, Someone
from gateway.run.demo.telling import Got, Stayed
from gateway.run.demo.vendors import Vendors
from gateway.run.life import sync
from gateway.run.tally import Tally
from gateway.run.world import World

PRODUCTS = ("nordlogg", "fjordlogg", "planverk")


class Clock:
    """The story's time: it stands still until it is moved on."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """Now."""
        return self.at

    def forward(self, **span: float) -> None:
        """Later by a span, as ``timedelta`` takes it."""
        self.at += timedelta(**span)


class NotAllowed(Exception):
    """Somebody in the story does what the settings give them no right to."""


class Stage(Struct, frozen=True, kw_only=True):
    """Everything that a step of the story may look at and act on."""

    world: World
    vendors: Vendors
    cast: Cast
    clock: Clock
    begun: datetime
    pupils: int
    others: tuple[Someone, ...]

    # acting

    def round(self, hours: float = 1) -> Tally:
        """One round, as ``bti sync`` does it, and then some hours pass."""
        tally = sync(self.world)
        self.clock.forward(hours=hours)
        return tally

    def waiting(self) -> list[str]:
        """The kinds of open tasks, but for what waits for an authorised person because of Sara's hidden address."""
        return [task["kind"] for task in settling.open_tasks(self.world) if task["kind"] != "gate"]

    def held_back(self) -> int:
        """How many cases wait for an authorised person."""
        return len(settling.open_tasks(self.world, kind="gate"))

    def acting(self, name: str, act: str) -> str:
        """The person's name, if the settings let them do this. Raises ``NotAllowed``."""
        if not rights.may(self.world.settings.people[name], act):
            raise NotAllowed(act)
        return name

    def approves(self, name: str, source: str) -> str:
        """The person's name, if they lead the unit whose system sends. Raises ``NotAllowed``."""
        person, unit = self.world.settings.people[name], self.world.settings.systems[source].unit
        if person.unit != unit:
            raise NotAllowed("flow.approve")
        return self.acting(name, "flow.approve")

    # what the gateway holds

    def files(self) -> dict[str, CaseFile]:
        """All case files by id."""
        with self.world.store.read() as tx:
            ids = tx.case_ids()
            return {case: casefile.decode(body) for case, (_, body) in tx.load_cases(ids).items()}

    def case(self, family: Family) -> str:
        """The id of a child's case."""
        person = self.person(family.child)
        with self.world.store.read() as tx:
            return tx.cases_of([person])[person][0]

    def person(self, someone: Someone) -> str:
        """The id by which the gateway knows somebody."""
        return self.known([someone])[someone.number]

    def known(self, people: list[Someone]) -> dict[str, str]:
        """Ids by number of those whom the gateway knows."""
        with self.world.store.read() as tx:
            return tx.find_people([one.number for one in people])

    def fate(self, family: Family, system: str, kind: str = "concern") -> dict[str, Any]:
        """What becomes of the first record of a kind in a child's log, towards a system: the gate's word now."""
        told = explaining.explain(self.world, self.case(family), receiver=system)
        fates = [one["receivers"].get(system) for one in told["records"] if one["kind"] == kind]
        return next(
            (one for one in fates if one is not None), {"effect": None, "fields": {}, "rules": [], "missing": []}
        )

    def permitted(self, family: Family, system: str) -> tuple[int, int]:
        """How many fields of a child's log may go to a system, and how many may not."""
        told = explaining.explain(self.world, self.case(family), receiver=system)
        effects = Counter(
            effect == "permit"
            for one in told["records"]
            for fate in one["receivers"].values()
            for effect in fate["fields"].values()
        )
        return effects[True], effects[False]

    def stayed(self, family: Family, system: str) -> Stayed:
        """Why a child's log stays with its own service, in the gate's words, with people by name."""
        fate = self.fate(family, system)
        names = {
            self.person(one): one.name
            for one in (family.child, family.mother, family.father)
            if one and self.known([one])
        }
        words = dict(fate["words"])
        for ident, name in names.items():
            words = {language: text.replace(ident, name) for language, text in words.items()}
        return Stayed(
            child=family.child.given,
            system=system,
            fields=self.permitted(family, system)[1],
            rules=tuple(fate["rules"]),
            words=words,
        )

    def told(self, since: datetime) -> list[dict[str, Any]]:
        """What the gateway says it has disclosed from an instant on."""
        return telling.disclosures(self.world, since, self.clock() + timedelta(days=1))

    def sent(self, since: datetime) -> dict[str, dict[str, int]]:
        """What was sent from an instant on: records by system and kind, by the gateway's account."""
        files = self.files()
        found: dict[str, Counter[str]] = {}
        for one in self.told(since):
            kind = files[one["case"]].items[one["item"]].kind
            found.setdefault(one["system"], Counter())[kind] += 1
        return {system: dict(sorted(kinds.items())) for system, kinds in sorted(found.items())}

    def who_got_what(self, since: datetime) -> tuple[Got, ...]:
        """For each system and child what was given, by which rules, and what was taken back."""
        files = self.files()
        known = self.known([family.child for family in self.cast.families])
        names = {self.case(family): family.child.given for family in self.cast.families if family.child.number in known}
        rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for one in self.told(since):
            rows.setdefault((one["system"], one["case"]), []).append(one)
        return tuple(
            Got(
                system=system,
                child=names[case],
                kinds=dict(
                    sorted(Counter(files[case].items[item].kind for item in {one["item"] for one in each}).items())
                ),
                fields=len({(one["item"], name) for one in each for name in one["fields"]}),
                rules=tuple(sorted({rule for one in each for rule in one["rules"]})),
                taken_back=len({one["item"] for one in each if one["retracted"] == "acknowledged"}),
            )
            for (system, case), each in sorted(rows.items(), key=lambda row: (row[0][0], names[row[0][1]]))
        )

    # what the vendors hold, by their own account

    def mentions(self, system: str, *texts: str) -> int:
        """In how many places of a product's living records any of these texts stands."""
        held = msgspec.json.encode([one.body for one in self.vendors.product(system).records.values()]).decode()
        return sum(held.count(text) for text in texts)

    def writes(self) -> int:
        """How many writes of the gateway the products have carried out."""
        return sum(len(self.vendors.writes(name)) for name in PRODUCTS)

    def log(self, family: Family) -> tuple[str, dict[str, Any]] | None:
        """A child's log in Fjordlogg: its id and the document. Found by the child's number, wherever it was before."""
        for one in self.vendors.fjordlogg.records.values():
            people = one.body["items"].get("person", [])
            if any(person.get("nummer") == family.child.number for person in people):
                return one.id, one.body
        return None

    def items(self, family: Family, kind: str) -> list[dict[str, Any]]:
        """The items of a kind in a child's log in Fjordlogg."""
        found = self.log(family)
        return [] if found is None else found[1]["items"].get(kind, [])

    def record(self, kind: str, ident: str) -> dict[str, Any]:
        """A record in Nordlogg; empty when it is not there."""
        held = self.vendors.nordlogg.records.get(f"{kind}:{ident}")
        return {} if held is None else held.body


@contextmanager
def closing(world: World) -> Iterator[World]:
    """The world, and afterwards its connections and store closed."""
    try:
        yield world
    finally:
        for adapter in world.adapters.values():
            adapter.close()
        world.store.close()
