"""A municipality for the acceptance scenarios: real settings, installed adapters, sockets on loopback, a real store.

The products are ``bti-exchange`` systems, one for each service that a scenario needs; what a register says comes from
``persontjenesten``. Only the clock is the scenario's own.
"""

import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile
from gateway.core.identity import synthetic_number
from gateway.run import acts, explaining, settling
from gateway.run.demo import Quiet
from gateway.run.demo.stage import Clock as StandingClock
from gateway.run.demo.stage import closing
from gateway.run.life import sync
from gateway.run.opening import open_world
from gateway.run.plugins import load_plugins
from gateway.run.settings import load_settings
from gateway.run.tally import Tally
from gateway.run.workfolder import make_folder
from gateway.run.world import World
from gateway.sdk.simulator import Simulator

MOTHER, FATHER = synthetic_number(date(1985, 10, 17), 3), synthetic_number(date(1983, 7, 3), 4)
BEGIN = datetime(2026, 8, 3, 8, tzinfo=UTC)

SETTINGS = """\
tenant = "scenario"
municipality = "9999"
model = "{model}"
numbers = "{numbers}"
[store]
url = "sqlite:///bti.db"
vault = "sqlite:///vault/bti-vault.db"
key_file = "keys/bti.key"
checkpoints = "audit/checkpoints.txt"
[policy]
self_consent_age = 15
both_guardians = true
[people.kari]
role = "coordinator"
title = "Kari Nes"
unit = "skole-unit"
[people.liv]
role = "leader"
unit = "skole-unit"
[people.hans]
role = "coordinator"
title = "Hans Dahl"
unit = "helse-unit"
[people.berit]
role = "coordinator"
unit = "vern-unit"
[people.ida]
role = "privacy"
[people.dag]
role = "operator"
[units.register-unit]
service = "coordinating_unit"
body = "state"
[systems.register]
adapter = "persontjenesten"
unit = "register-unit"
url = "{register}"
secret = "file:keys/register.token"
asserts = ["relation", "protection"]
"""
UNIT = """
[units.{name}-unit]
service = "{service}"
body = "{body}"
"""
SYSTEM = """
[systems.{name}]
adapter = "{adapter}"
unit = "{name}-unit"
url = "{url}"
secret = "file:keys/{name}.token"
asserts = {asserts}
"""


class Clock(StandingClock):
    """The scenario's time."""

    def to(self, told: str) -> None:
        """To an instant told as ISO text with an offset; never back."""
        at = datetime.fromisoformat(told).astimezone(UTC)
        assert at >= self.at
        self.at = at


class Standing(NamedTuple):
    """A municipality as it stood when it was closed: what others begin with, who need not live through it again."""

    folder: Path
    at: datetime
    born: str
    chance: object
    products: Mapping[str, Mapping[str, Any]]


_OF_PRODUCT = ("_shelf", "_done", "_requests", "_acknowledged")
"""What a product knows; all else of it is where it listens and what was ordered of it."""


class Municipality:
    """Systems by name, each a product with its own ground truth."""

    def __init__(
        self, world: World, products: Mapping[str, Simulator], register: Any, clock: Clock, chance: Random
    ) -> None:
        self.world = world
        self.chance = chance
        self.products = dict(products)
        self.register = register
        self.clock = clock
        self.born = "2014-05-02"

    @property
    def child(self) -> str:
        """The child's number."""
        return synthetic_number(date.fromisoformat(self.born), 5)

    def standing(self, folder: Path) -> Standing:
        """How it stands now; ``folder`` is its own, which is whole once it is closed."""
        products = {
            name: {one: deepcopy(vars(held)[one]) for one in _OF_PRODUCT} for name, held in self.products.items()
        }
        return Standing(folder, self.clock.at, self.born, self.chance.getstate(), products)

    # what people and registers there do

    def put(self, system: str, kind: str, ident: str, fields: Mapping[str, Any], **header: Any) -> None:
        """A user of a product makes a record or edits its fields."""
        product, case = self.products[system], header.pop("case", "c1")
        body = {"kind": kind, "case": case, "fields": dict(fields), **header}
        if f"{kind}:{ident}" in product.records:
            product.edit(kind, ident, {**header, "fields": dict(fields)})
        else:
            product.make(kind, body, ident=ident)

    def delete(self, system: str, kind: str, ident: str) -> None:
        self.products[system].delete(kind, ident)

    def family(self, **told: Any) -> None:
        """The register tells of the child (``born``, ``holders`` by number, ``protected`` by number) and its parents."""
        holders = told.pop("holders", (MOTHER,))
        protection = told.pop("protected", {})
        self.born = born = told.pop("born", self.born)
        parents = {"mother": MOTHER, "father": FATHER}
        number = told.pop("number", self.child)
        kind = "Joint" if len(holders) > 1 else {MOTHER: "Mother", FATHER: "Father"}.get(next(iter(holders), ""), "")
        child = {
            "number": number, "given": "Ola", "family": "Nes", "born": born, **parents,
            "responsible": [{"by": one, "type": kind, "since": born} for one in holders],
            "protection": protection.get("child", "Unclassified"), **told,
        }  # fmt: skip
        adults = [
            {"number": one, "given": given, "family": "Nes", "born": born_on,
             "protection": protection.get(one, "Unclassified")}
            for one, given, born_on in ((MOTHER, "Eva", "1985-10-17"), (FATHER, "Per", "1983-07-03"))
        ]  # fmt: skip
        self.register.set_people([child, *adults])

    def log(self, system: str = "skole", *, consent: tuple[str, ...] = ("mother",), **more: Any) -> None:
        """A product has a log for the child with its parents, and those who said yes."""
        services = more.pop("services", ["school", "health_station"])
        child = {"number": more.pop("number", self.child), "birth_date": self.born, "role": "subject"}
        self.put(system, "person", "p-child", child)
        self.put(system, "person", "p-mother", {"number": MOTHER, "birth_date": "1985-10-17", "role": "guardian"})
        self.put(system, "person", "p-father", {"number": FATHER, "birth_date": "1983-07-03", "role": "guardian"})
        self.put(system, "case", "c1", {"subject": "p-child", "status": "active", "opened_on": "2026-08-01"})
        for giver in consent:
            self.consent(system, giver, services=services, **more)

    def consent(self, system: str, giver: str, *, services: list[str], **more: Any) -> None:
        """Somebody says yes in a product."""
        ident = more.pop("ident", f"s-{giver}")
        fields = {
            "decision": "given", "by": f"p-{giver}", "purpose": "bti", "services": services, "form": "electronic",
            "valid_from": "2026-08-01", "valid_to": "2027-07-31", "given": "2026-08-01T10:00:00+02:00", **more,
        }  # fmt: skip
        self.put(system, "consent", ident, fields, about=["p-child"])

    def concern(self, system: str = "skole", ident: str = "u1", **fields: Any) -> None:
        """Somebody writes a concern down in a product."""
        self.put(system, "concern", ident, {"raised_on": "2026-08-02", "summary": "Er ofte borte.", **fields})

    # what the gateway does

    def sync(self, times: int = 1, hours: float = 1) -> Tally:
        for _ in range(times):
            tally = sync(self.world)
            self.clock.forward(hours=hours)
        return tally

    def approve(self) -> None:
        """Leaders let every flow run."""
        names = list(self.world.settings.systems)
        for source in names:
            for target in names:
                if source != target:
                    acts.set_flow(self.world, source, target, "approved", by="liv")

    # what can be seen

    def of(self, system: str, kind: str) -> list[dict[str, Any]]:
        """The fields of a product's living records of a kind, by its own account."""
        return [one.body["fields"] for one in self.products[system].records.values() if one.kind == kind]

    def mentions(self, system: str, text: str) -> bool:
        """Whether a text stands anywhere in what a product holds now."""
        held = msgspec.json.encode([one.body for one in self.products[system].records.values()]).decode()
        return text in held

    def writes(self, system: str) -> list[dict[str, Any]]:
        """What the gateway wrote there, by the product's own account."""
        return [one for one in self.products[system].state()["effects"] if one["key"] is not None]

    def files(self) -> dict[str, CaseFile]:
        with self.world.store.read() as tx:
            ids = tx.case_ids()
            return {case: casefile.decode(body) for case, (_, body) in tx.load_cases(ids).items()}

    @property
    def file(self) -> CaseFile:
        [file] = self.files().values()
        return file

    def person(self, number: str) -> str:
        with self.world.store.read() as tx:
            return tx.find_people([number])[number]

    def tasks(self, *kinds: str) -> list[dict[str, Any]]:
        return [one for one in settling.open_tasks(self.world) if not kinds or one["kind"] in kinds]

    def fate(self, system: str, kind: str = "concern", at: datetime | None = None) -> dict[str, Any]:
        """What becomes of the first record of a kind towards a system, in the gate's words."""
        told = explaining.explain(self.world, self.file.id, receiver=system, at=at)
        found = [one["receivers"][system] for one in told["records"] if one["kind"] == kind and one["receivers"]]
        return found[0]

    def restrictions(self, kind: str) -> list[Any]:
        return [one for one in self.world.store.vault.restrictions(cases=list(self.files())) if one.kind == kind]


@contextmanager
def municipality(
    folder: Path,
    services: Mapping[str, str],
    *,
    at: datetime = BEGIN,
    model: str = "klepp",
    numbers: str = "synthetic",
    bodies: Mapping[str, str] | None = None,
    asserts: Mapping[str, tuple[str, ...]] | None = None,
    purposes: Mapping[str, str] | None = None,
    extra: str = "",
    adapters: Collection[str] = (),
    seed: int = 7,
    standing: Standing | None = None,
) -> Iterator[Municipality]:
    """A municipality with a product for each of ``services`` (name to service). All flows run.

    ``extra`` are more settings, ``adapters`` those that they name. ``standing`` is one that it goes on from, made with
    the same arguments; what its register holds is told anew.
    """
    plugins, purposes = load_plugins({"bti-exchange", "persontjenesten", *adapters}), purposes or {}
    chance = Random(seed)
    clock = Clock(at if standing is None else standing.at)
    if standing is None:
        make_folder(folder, model=model, chance=chance.randbytes)
    else:
        shutil.copytree(standing.folder, folder)
        chance.setstate(standing.chance)
    with ExitStack() as stack:
        standin = import_module("gateway_persontjenesten.standin")
        register = stack.enter_context(standin.StandIn([]))
        exchange = plugins.adapters["bti-exchange"]
        products = {name: Simulator(exchange.resources, seed=at_, secret="t") for at_, name in enumerate(services)}
        text = SETTINGS.format(register=register.url, model=model, numbers=numbers)
        for name, service in services.items():
            stack.enter_context(products[name])
            vars(products[name]).update(deepcopy(dict(standing.products[name])) if standing is not None else {})
            told = (asserts or {}).get(name, ("consent",))
            body = (bodies or {}).get(name, "kommunen")
            text += UNIT.format(name=name, service=service, body=body)
            text += SYSTEM.format(
                name=name, adapter="bti-exchange", url=products[name].url,
                asserts="[" + ", ".join(f'"{one}"' for one in told) + "]",
            )  # fmt: skip
            if name in purposes:
                text += f'purpose = "{purposes[name]}"\n'
        for unit, service in (("skole", "school"), ("helse", "health_station"), ("vern", "child_welfare")):
            if unit not in services:
                text += UNIT.format(name=unit, service=service, body="kommunen")
        (folder / "gateway.toml").write_text(text + extra, encoding="utf-8")
        for name, token in {"register": standin.TOKEN, **dict.fromkeys(services, "t")}.items():
            path = folder / "keys" / f"{name}.token"
            path.write_text(token, encoding="utf-8")
            path.chmod(0o600)
        settings = load_settings(folder / "gateway.toml", find=lambda _: plugins.adapters)
        world = open_world(settings, plugins, clock=clock, chance=chance.randbytes, threads=1, log=lambda _: Quiet())
        stack.enter_context(closing(world))
        town = Municipality(world, products, register, clock, chance)
        if standing is None:
            town.approve()
        else:
            town.born = standing.born
        yield town
