"""Reports to child welfare through the engine: apart from everything else, never lost, never doubled, never unseen."""

import json
import random
import sqlite3
from datetime import UTC, datetime

import msgspec
import pytest
from gateway_fiks_bekymringsmelding.kit import FIELDS, adapter_at, options
from gateway_fiks_bekymringsmelding.peer import Peer
from gateway_fiks_bekymringsmelding.standin import RECEIVER, SECRET, StandIn
from gateway_fiks_io.message import Message, headers_of

from gateway.core import casefile
from gateway.core.model import Origin
from gateway.core.rules import RULES, Forbid
from gateway.run import acts, filing, settling
from gateway.run.acts import ActFault
from gateway.run.life import report_first, sync
from gateway.run.opening import NoMaps
from gateway.run.reports import carriers
from gateway.run.settings import Person, PolicySettings, Settings, StoreSettings, System, Unit
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.sdk import Context
from gateway.sdk.http import HttpClient
from gateway.store import Keys, Restriction, open_store
from tests.run.toys import CHILD, Clock, Toy, Vendor, able

KARI = Person(role="coordinator", unit="skole", title="Kari Læråsen", name="kari")
LIV = Person(role="leader", unit="skole", title="Liv Rektor", name="liv")
DOCUMENT = {name: value for name, value in FIELDS.items() if name not in {"filed_on", "filed_by"}} | {
    "protection": "none"
}


class Crash(Exception):
    """The process died."""


class Silent:
    def info(self, event, **facts): ...

    warning = info


class Place:
    """A municipality whose only working system is the one that carries reports, and the child welfare service behind it."""

    def __init__(self, folder, *, others=None):
        self.folder, self.clock, self.shelf = folder, Clock(), {}
        self.clock.at = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.service = StandIn(clock=self.clock)
        self.service.__enter__()
        self.others = others or {}
        self.opened, self.forgets, self.clients = 0, lambda _: False, []
        self.world = self.open()

    def open(self, step=lambda _: None, rules=RULES):
        self.opened += 1
        chance = random.Random(self.opened)
        path = self.folder / "keys"
        keys = Keys.load(path) if path.exists() else Keys.create(path, chance.randbytes)
        store = open_store(
            url=f"sqlite:///{self.folder / 'main.db'}", vault_url=f"sqlite:///{self.folder / 'vault.db'}", keys=keys,
            tenant="toy", clock=self.clock, chance=chance.randbytes,
        )  # fmt: skip
        client = HttpClient(url=self.service.url, attempts=1)
        self.clients.append(client)
        context = Context(system="vern", url=self.service.url, http=client, secret=lambda: SECRET, maps=NoMaps(),
                          log=Silent(), options=options())  # fmt: skip
        units = {"skole": Unit(service="school", body="kommunen", name="skole"),
                 "bhg": Unit(service="kindergarten", body="kommunen", name="bhg"),
                 "vern": Unit(service="child_welfare", body="kommunen", name="vern")}  # fmt: skip
        systems = {name: System(adapter="toy", unit="skole", name=name) for name in self.others}
        systems["vern"] = System(adapter="fiks-bekymringsmelding", unit="vern", name="vern", url=self.service.url)
        adapters = {
            name: Toy(msgspec.structs.replace(context, system=name, options={}), *one)
            for name, one in self.others.items()
        }
        adapters["vern"] = adapter_at(context, self.service)
        settings = Settings(
            tenant="toy", municipality="1120", model="klepp", numbers="synthetic", store=StoreSettings(),
            policy=PolicySettings(), units=units, systems=systems, people={"kari": KARI, "liv": LIV},
        )  # fmt: skip
        return World(settings=settings, store=store, adapters=adapters, clock=self.clock, chance=chance.randbytes,
                     step=step, rules=rules)  # fmt: skip

    def restart(self, **more):
        self.world.store.close()
        self.world = self.open(**more)

    def close(self):
        self.world.store.close()
        for client in self.clients:
            client.close()
        self.service.close()

    def file(self, by=KARI, **fields):
        return filing.file_report(self.world, {**DOCUMENT, **fields}, by=by)

    def walk(self):
        tally = Tally()
        report_first(self.world, carriers(self.world), tally, 1.0)
        return tally

    def receive(self):
        """Child welfare's system takes what waits for it."""
        peer = Peer(
            queue=self.service.broker.connect(RECEIVER), send=self.send, holder=self.service.system, clock=self.clock,
            save=lambda report: self.shelf.__setitem__(report.ident, report), known=self.shelf.__contains__,
        )  # fmt: skip
        peer.forgets = self.forgets
        outcomes = peer.consumer.drain()
        self.service.hear()
        return outcomes

    def send(self, reply):
        told = Message(id=self.service.fresh(), type=reply.type, sender=RECEIVER, receiver=reply.receiver,
                       reply_to=reply.reply_to, body=reply.body)  # fmt: skip
        self.service.broker.publish(reply.receiver, headers_of(told), reply.body)

    def entry(self, case):
        with self.world.store.read() as tx:
            file = casefile.decode(tx.load_cases([case])[case][1])
        return next(entry for _, entry in file.of_kind("child_welfare_report"))

    def status(self, case):
        return self.entry(case).fields.get("status")

    def tasks(self, *kinds):
        return [one for one in settling.open_tasks(self.world) if not kinds or one["kind"] in kinds]


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    yield made
    made.close()


def test_a_report_is_kept_sent_followed_and_confirmed(place):
    kept = place.file()
    assert place.status(kept.case) == "filed"
    assert place.walk().delivered["vern"] == 1
    assert place.status(kept.case) == "sent"
    assert place.receive() == ["taken"]
    [saved] = place.shelf.values()
    assert saved.form["melding"]["melding"] == FIELDS["report"]
    assert saved.form["offentligBarn"][0]["fnr"] == CHILD
    sync(place.world)
    assert place.status(kept.case) == "sent"
    sync(place.world)
    assert place.status(kept.case) == "delivered"
    assert not place.tasks()
    filing.confirm(place.world, kept.case, by="kari")
    assert place.status(kept.case) == "confirmed"
    place.clock.forward(days=40)
    sync(place.world)
    assert not place.tasks("report"), "nothing more is waited for"
    assert len(place.service.taken) == 1


def test_what_goes_is_written_down_with_the_law_and_who_filed_it(place):
    kept = place.file()
    place.walk()
    with place.world.store.read() as tx:
        [told] = tx.disclosures(system="vern")
        log = [json.loads(line) if isinstance(line, str) else line for line in tx.entries_with(kept.case)]
    assert told.rules == ("B3",)
    assert told.secrecy_basis == "OPPL_24_3"
    assert any(one.get("act") == "report.filed" and one["by"] == "kari" for one in log)
    assert not any(FIELDS["report"] in json.dumps(one, ensure_ascii=False) for one in log)


class Broken(Exception):
    """A part of the machine that is down."""


def broken(*_, **__):
    raise Broken


def test_a_report_goes_while_the_consent_engine_and_every_other_system_is_down(tmp_path, monkeypatch):
    other = Vendor("a")
    other.down = True
    place = Place(tmp_path, others={"a": (other, able()), "b": (Vendor("b"), able())})
    held = Restriction(
        kind="refusal", case="x" * 20, person="p" * 20, detail={"by": "p"}, at=place.clock(), by="kari", source="person"
    )
    place.world.store.vault.restrict([held])
    place.restart(rules=msgspec.structs.replace(RULES, extra=(Forbid(id="X-broken", applies=broken),)))
    kept = place.file()
    with sqlite3.connect(tmp_path / "vault.db") as raw:
        raw.execute("UPDATE restrictions SET detail = x'00'")  # the family's words cannot be read any more
    acts.pause_everything(place.world, by="liv", paused=True)
    for name in ("gateway.run.life.new_day", "gateway.run.life.take_in", "gateway.core.rules.consents.by_consent",
                 "gateway.run.outlet.live", "gateway.run.outlet.decide", "gateway.run.outlet.plan"):  # fmt: skip
        monkeypatch.setattr(name, broken)
    with place.world.store.lane("a", 1.0), place.world.store.lane("b", 1.0), pytest.raises(Broken):
        sync(place.world)
    assert place.status(kept.case) == "sent"
    assert place.receive() == ["taken"]
    monkeypatch.undo()
    place.close()


STEPS = ("decided", "begun", "sent", "proved", "ended")


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_loses_no_report_and_doubles_none(place, step):
    kept = place.file()
    died = []

    def die(name):
        if name == step and not died:
            died.append(name)
            raise Crash

    place.restart(step=die)
    with pytest.raises(Crash):
        place.walk()
    place.restart()
    for _ in range(3):
        place.walk()
        place.clock.forward(hours=2)
    sent = len(place.service.taken)
    assert sent <= 1
    if sent == 0 or step == "sent":
        assert place.tasks("uncertain"), "nobody knows, so a person is asked"
        place.clock.forward(hours=25)
        sync(place.world)
        assert place.tasks("report"), "and the day's deadline runs"
    else:
        assert place.status(kept.case) == "sent"


def test_an_answer_that_was_lost_is_for_a_person_who_can_send_it_again(place):
    kept = place.file()
    place.service.troubles.order({"faults": [{"what": "lost", "times": 1, "on": "write"}]})
    place.walk()
    place.clock.forward(hours=1)
    place.walk()
    assert len(place.service.taken) == 1
    [task] = place.tasks("uncertain")
    assert task["unit"] == "skole"
    settling.resolve(place.world, task["id"], "lost", by="kari")
    place.clock.forward(hours=2)
    place.walk()
    assert len(place.service.taken) == 2
    assert place.status(kept.case) == "sent"


def test_a_service_that_is_down_is_tried_again_and_the_report_goes_once(place):
    kept = place.file()
    place.service.troubles.order({"faults": [{"what": "down", "times": 1}]})
    assert place.walk().unreachable
    assert filing.standing(place.world, kept.case) == {"status": "waits"}
    place.clock.forward(hours=1)
    place.walk()
    place.walk()
    assert len(place.service.taken) == 1
    assert filing.standing(place.world, kept.case) == {"status": "sent"}


def test_the_same_document_twice_is_one_report(place):
    one, other = place.file(), place.file()
    assert (other.case, other.before) == (one.case, True)
    third = place.file(history="Ny hendelse i dag.")
    assert third.case != one.case
    place.walk()
    assert len(place.service.taken) == 2


def test_a_municipality_that_is_not_connected_is_a_task_and_the_paper_is_there(place):
    place.service.districts.clear()
    kept = place.file()
    place.walk()
    [task] = place.tasks("refused")
    assert settling.show(place.world, task["id"])["about"]["code"] == "bekymringsmelding.not_connected"
    assert task["unit"] == "skole"
    assert filing.standing(place.world, kept.case) == {"status": "held"}
    assert filing.on_paper(place.world, kept.case, by="kari").startswith(b"%PDF-")
    assert place.status(kept.case) == "sent"
    place.service.districts["1120"] = [{"bydelsnummer": "00", "bydelsnavn": "B", "standardMottaker": True}]
    settling.resolve(place.world, task["id"], "again", by="kari")
    place.walk()
    assert not place.service.taken, "what went on paper goes by no system"
    with place.world.store.read() as tx:
        assert len(tx.disclosures(system="vern")) == 1


def test_a_protected_address_holds_it_for_a_leader_who_can_send_it_at_once_without_places(place):
    kept = place.file(protection="strict")
    place.walk()
    assert not place.service.taken
    [task] = place.tasks("report_held")
    assert task["unit"] == "skole"
    assert filing.standing(place.world, kept.case) == {"status": "held"}
    with pytest.raises(ActFault, match=r"act\.no_reason"):
        filing.let_go(place.world, kept.case, by="liv", reason=" ")
    with pytest.raises(ActFault, match=r"report\.held"):
        filing.on_paper(place.world, kept.case, by="kari")
    filing.let_go(place.world, kept.case, by="liv", reason="Barnet er i fare.")
    place.walk()
    place.receive()
    [saved] = place.shelf.values()
    text = json.dumps(saved.form, ensure_ascii=False)
    assert FIELDS["report"] in text
    for word in ("Bore", "Skulevegen", "51 78 90 00", "kari@skule.no", "Gata 2"):
        assert word not in text
    assert saved.form["offentligMelder"]["personnavn"] == "Kari Læråsen"


@pytest.mark.parametrize(("told", "goes"), [("none", True), ("confidential", True), ("client", True), ("unknown", False),
                                            ("strict", False), ("strict_abroad", False)])  # fmt: skip
def test_what_is_known_of_protected_addresses_decides_whether_it_goes_by_itself(place, told, goes):
    place.file(protection=told)
    place.walk()
    assert bool(place.service.taken) is goes
    assert bool(place.tasks("report_held")) is not goes
    if goes and told != "none":
        place.receive()
        assert "Gata 2" not in json.dumps(next(iter(place.shelf.values())).form)


def test_a_register_that_knows_of_protection_is_believed_over_the_employee(place):
    person = "q" * 20
    with place.world.store.write() as tx:
        tx.put_people([(CHILD, person)])
    held = Restriction(
        kind="protection", person=person, detail={"level": "strict"}, at=place.clock(), source="register"
    )
    place.world.store.vault.restrict([held])
    place.file()
    place.walk()
    assert not place.service.taken
    assert place.tasks("report_held")


WRONG = [
    ({"protection": None}, {("report.protection", "$.protection")}),
    ({"report": "", "children": []}, {("report.required", "$.report"), ("report.required", "$.children")}),
    ({"duty": "BHG_46"}, {("report.duty", "$.duty")}),
    ({"status": "delivered"}, {("report.given", "$.status")}),
    ({"children": [{"number": "06821099730"}], "protection": "x"}, {("identity.checksum", "$.children[0].number"), ("report.protection", "$.protection")}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "faults"), WRONG)
def test_all_that_is_wrong_with_a_document_is_told_at_once_and_nothing_is_kept(place, change, faults):
    with pytest.raises(filing.ReportInvalid) as caught:
        place.file(**change)
    found = {(one.code, one.path) for one in caught.value.faults}
    assert {path for _, path in found} >= {path for _, path in faults}
    assert {code for code, _ in found} & {code for code, _ in faults}
    with place.world.store.read() as tx:
        assert tx.case_ids() == []


def test_a_kindergarten_cannot_report_on_a_ground_that_its_act_does_not_have(place):
    bhg = Person(role="coordinator", unit="bhg", name="bea", title="Bea")
    place.file(by=bhg, duty="BHG_46", ground="a")
    with pytest.raises(filing.ReportInvalid, match=r"report\.ground"):
        place.file(by=bhg, duty="BHG_46", ground="d")


@pytest.mark.parametrize("sort", ["json", "toml"])
def test_a_document_is_read_as_json_or_toml_and_junk_is_refused(sort):
    text = b'{"report": "x"}' if sort == "json" else b'report = "x"'
    assert filing.document_of(text, f"a.{sort}") == {"report": "x"}
    for junk in (b"[]", b"\xff", b"{"):
        with pytest.raises(filing.ReportInvalid, match=r"report\.document"):
            filing.document_of(junk, f"a.{sort}")


def test_a_report_of_a_systems_own_record_goes_by_the_same_path(tmp_path):
    vendor = Vendor("a")
    place = Place(tmp_path, others={"a": (vendor, able())})
    with place.world.store.write() as tx:
        fields = {name: value for name, value in FIELDS.items() if name != "filed_by"}
        origin = Origin(service="school", domain="education", unit="skole", body="kommunen", system="a")
        entry = casefile.Entry(kind="child_welfare_report", fields=dict(fields), origin=origin, recorded="2026-11-22")
        old = msgspec.structs.replace(entry, fields={**fields, "filed_on": "2026-10-01"})
        sent = msgspec.structs.replace(entry, fields={**fields, "status": "delivered"})
        file = casefile.CaseFile(id="c" * 20, items={"r" * 20: entry, "s" * 20: old, "t" * 20: sent})
        casefile_filed = casefile.Filed(protection="none")
        tx.save_cases(
            [(file.id, 0, casefile.encode(msgspec.structs.replace(file, reports={"r" * 20: casefile_filed})))]
        )
        tx.mark_due([("vern", file.id)], at=place.clock())
    place.walk()
    assert len(place.service.taken) == 1, "the new one; not the one from last month, nor the one that went long ago"
    assert [one["item"] for one in place.tasks("report_held")] == ["s" * 20]
    place.close()


def test_a_report_is_seen_by_its_own_unit_alone(place):
    kept = place.file()
    [line] = filing.listed(place.world, frozenset({"skole"}))
    assert (line["report"], line["status"], line["by"]) == (kept.case, "filed", "kari")
    assert FIELDS["report"] not in json.dumps(line)
    assert filing.listed(place.world, frozenset({"bhg"})) == []
    assert filing.unit_of(place.world, kept.case) == "skole"


def test_a_day_without_delivery_and_three_weeks_without_confirmation_are_alarms(place):
    place.file()
    place.walk()
    place.clock.forward(hours=25)
    sync(place.world)
    sync(place.world)
    assert place.tasks("receipt"), "it was not fetched, and goes by post"
    assert place.tasks("report"), "it has not arrived after a day"
    place.service.posted()
    sync(place.world)
    assert not place.tasks("receipt")
    for task in place.tasks("report"):
        settling.resolve(place.world, task["id"], "seen", by="kari")
    place.clock.forward(days=21)
    sync(place.world)
    sync(place.world)
    [task] = place.tasks("report")
    codes = {one["code"] for one in settling.show(place.world, task["id"])["about"]["deadlines"]}
    assert codes == {"confirm_report"}


@pytest.mark.parametrize(("filed", "forgotten"), [(6, 4), pytest.param(80, 63, marks=pytest.mark.campaign)])
def test_reports_that_were_acknowledged_and_never_saved_are_found_one_for_one(place, filed, forgotten):
    """22 municipalities lost 63 reports to a product that answered before it saved."""
    kept = [place.file(history=f"nr. {number}") for number in range(filed)]
    place.walk()
    place.clock.forward(hours=1)
    lost = set(random.Random(63).sample(sorted(place.service.taken), forgotten))
    place.forgets = lost.__contains__
    assert place.receive() == ["taken"] * filed
    sync(place.world)
    sync(place.world)
    assert {place.status(one.case) for one in kept} == {"delivered"}, "by every receipt all is well"
    listed = frozenset(place.shelf)
    assert len(listed) == filed - forgotten
    missing = filing.count(place.world, listed, until=place.clock(), by="liv")
    assert {one["id"] for one in missing} == lost
    tasks = place.tasks("report_lost")
    assert len(tasks) == forgotten
    assert {one["case"] for one in tasks} == {one["report"] for one in missing}
    late = place.file(history="etter at listen ble laget")
    place.walk()
    until = place.clock()
    again = filing.count(place.world, listed, until=until, by="liv")
    assert late.case not in {one["report"] for one in again}
    assert len(place.tasks("report_lost")) == forgotten, "no task twice"


def test_without_a_system_that_carries_reports_the_employee_is_told_at_once(place):
    world = msgspec.structs.replace(place.world, adapters={})
    with pytest.raises(ActFault, match=r"report\.no_way"):
        filing.file_report(world, DOCUMENT, by=KARI)
    nobody = msgspec.structs.replace(KARI, unit=None)
    with pytest.raises(ActFault, match=r"report\.no_unit"):
        filing.file_report(place.world, DOCUMENT, by=nobody)
