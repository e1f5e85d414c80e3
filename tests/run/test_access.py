"""Subject access: who got what, when, on what basis; what is kept back looks as if it were not there."""

import json
from datetime import date

import msgspec
import pytest
from click.testing import CliRunner

from gateway.cli.root import bti
from gateway.core.document import as_html, as_text
from gateway.core.identity import synthetic_number
from gateway.run import access as answers
from gateway.run import acts, handed
from gateway.run.acts import ActFault
from gateway.run.languages import packs, read_pack, template
from gateway.run.life import sync
from gateway.run.looks import looked
from gateway.run.settings import Person
from gateway.store import audit
from tests.run.test_life import Town
from tests.run.township import Township, number_of
from tests.run.toys import CHILD, MOTHER, Vendor, able, make_world

FRIEND = synthetic_number(date(1980, 1, 1), 3)
FATHER = synthetic_number(date(1983, 3, 4), 7)


class Case(Town):
    """A town with people who may answer, a child welfare system, and a second parent."""

    def __init__(self, folder, *, child=None, more=None, welfare=False, friend=False):
        self.c, self.welfare = Vendor("c"), welfare
        known = {FRIEND: {"birth_date": "1980-01-01"}} if friend else {}
        super().__init__(folder, register=register_of(child or {}, more or {}) | known)

    def open(self, step=None):
        self.opened += 1
        vendors = {"a": ("school", self.a, self.can[0]), "b": ("health_station", self.b, self.can[1])}
        if self.welfare:
            vendors["c"] = ("child_welfare", self.c, able())
        world = make_world(
            self.folder, vendors=vendors, register=self.register, clock=self.clock, step=step or self.step,
            seed=self.opened, **self.more,
        )  # fmt: skip
        people = {
            "per": Person(role="privacy"), "kari": Person(role="coordinator", unit="a-unit"),
            "bea": Person(role="coordinator", unit="c-unit" if self.welfare else "b-unit"),
        }  # fmt: skip
        return msgspec.structs.replace(world, settings=msgspec.structs.replace(world.settings, people=people))

    def access(self, about, asker=None, **more):
        return answers.access(self.world, about, by="per", asker=asker, **more)


def register_of(child, more):
    parents = {MOTHER: "sole"} | {number: told["responsibility"] for number, told in more.items()}
    family = {CHILD: {"birth_date": "2014-05-02", "parents": parents, **child}, MOTHER: {"birth_date": "1985-10-17"}}
    return family | {number: {"birth_date": told["birth_date"]} for number, told in more.items()}


@pytest.fixture
def made(tmp_path):
    towns = []

    def make(**more):
        town = Case(tmp_path / str(len(towns)), **more)
        towns.append(town)
        return town

    (tmp_path / "0").mkdir()
    (tmp_path / "1").mkdir()
    yield make
    for town in towns:
        town.world.store.close()


def text_of(told):
    return as_text(told["document"])


def test_a_guardian_is_told_who_got_what_about_the_child_when_and_by_which_law(made):
    town = made()
    town.sync(2)
    told = town.access(town.person(CHILD), town.person(MOTHER))
    assert told["answer"] == "report"
    assert {one["kind"] for one in told["handed"]} == {"case", "concern", "person"}
    concern = next(one for one in told["handed"] if one["kind"] == "concern")
    assert (concern["system"], concern["service"], concern["fields"]) == (
        "b",
        "health_station",
        ["raised_on", "summary"],
    )
    assert concern["law"]["section"]
    assert concern["at"]
    text = text_of(told)
    for words in ("Helsestasjonen har fått dette:", "En bekymring: meldt dato, sammendrag.", "21.11.2026 kl. 13.00"):
        assert words in " ".join(text.split())
    assert concern["law"]["act"] in text


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_letter_is_in_the_language_asked_for_and_as_a_page(made, language):
    town = made()
    town.sync(2)
    told = town.access(town.person(CHILD), town.person(MOTHER), language=language)
    page = as_html(told["document"])
    assert f'<html lang="{language}" dir="ltr">' in page
    assert {"nb": "Hvem har fått noe", "nn": "Kven har fått noko", "en": "Who has got something"}[language] in page
    assert "<script" not in page


def test_what_a_person_or_vendor_wrote_is_escaped_in_the_page(made):
    town = made()
    units = {
        **town.world.settings.units,
        "b-unit": msgspec.structs.replace(town.world.settings.units["b-unit"], title="<b>Nord"),
    }
    town.world = msgspec.structs.replace(town.world, settings=msgspec.structs.replace(town.world.settings, units=units))
    town.sync(2)
    page = as_html(town.access(town.person(CHILD), town.person(MOTHER))["document"])
    assert "&lt;b&gt;Nord" in page
    assert "<b>" not in page


def test_no_value_of_a_record_stands_in_the_letter(made):
    town = made()
    town.a.put("concern", "k1", {"summary": "Kråkebolle 90417"}, case="c1")
    town.sync(2)
    told = town.access(town.person(CHILD), town.person(MOTHER))
    assert "Kråkebolle" not in text_of(told) + str(told)


def test_the_look_and_the_answer_stand_in_the_audit_log_with_the_person(made, tmp_path):
    town = made()
    town.sync(2)
    told = town.access(town.person(CHILD), town.person(MOTHER))
    with town.world.store.read() as tx:
        entries = list(tx.entries_with(town.person(MOTHER)))
    acts_of = [(one["act"], one.get("by")) for one in entries if one["act"] in {"looked", "access.report"}]
    assert acts_of == [("looked", "per"), ("access.report", "per")]
    assert told["looks"] == []
    again = town.access(town.person(CHILD), town.person(MOTHER))
    assert [(one["role"], one["what"]) for one in again["looks"]] == [("privacy", "access")]
    assert "personvernombud" in text_of(again)
    assert audit.verify(town.world.store).holds


@pytest.mark.parametrize("told", [{"withheld": True}, {"about": True}])
def test_scenario_36_what_is_kept_back_and_what_is_not_there_give_the_same_letter(made, told):
    letters = []
    for hidden in (False, True):
        town = made(friend=True)
        friend = {"number": FRIEND, "birth_date": "1980-01-01", "role": "other"}
        town.a.put("person", "p9", friend, case="c1")
        town.sync(2)
        if hidden:
            disclose(town, told, town.person(FRIEND))
        answer = town.access(town.person(CHILD), town.person(MOTHER))
        assert answer["answer"] == "report"
        document = answer["document"]
        letters.append((as_text(document), as_html(document)))
    assert letters[0] == letters[1]
    seen = answers.review(town.world, town.person(CHILD), by="per", asker=town.person(MOTHER))
    assert "hidden" in {one["item"] for one in seen["left_out"]}


def test_what_is_not_kept_back_would_be_seen_in_the_letter(made):
    letters = []
    for there in (False, True):
        town = made()
        town.sync(2)
        if there:
            disclose(town, {}, None)
        letters.append(text_of(town.access(town.person(CHILD), town.person(MOTHER))))
    assert letters[0] != letters[1]


def disclose(town, told, other):
    """An item that went to the health station before: as the store would hold it."""

    def change(file):
        entry = next(entry for _, entry in file.of_kind("concern"))
        about = [town.person(CHILD), other] if told.get("about") else entry.about
        file.items["hidden"] = msgspec.structs.replace(
            entry, about=about, withheld_from_parents=bool(told.get("withheld")), category=told.get("category", "concern"),
            origin=told.get("origin", entry.origin),
        )  # fmt: skip
        return []

    acts.change_case(town.world, town.file.id, "kari", "test", change)
    row = (
        town.file.id,
        "hidden",
        told.get("system", "b"),
        town.clock(),
        ("summary",),
        told.get("rules", ("C3",)),
        None,
        "k",
    )
    with town.world.store.write() as tx:
        tx.add_disclosures([row])


@pytest.mark.parametrize("told", [
    {"system": "c"}, {"rules": ("B3",)}, {"category": "child_welfare_report"},
])  # fmt: skip
def test_that_child_welfare_was_told_is_neither_confirmed_nor_denied(made, told):
    letters = []
    for hidden in (False, True):
        town = made(welfare=True)
        with town.world.store.write() as tx:
            for name in ("a", "b", "register"):
                tx.set_flow(name, "c", "paused", by="x", at=town.clock())
        town.sync(2)
        if hidden:
            disclose(town, told, None)
            looked(town.world, [town.file.id], by="bea", what="explain")
        answer = town.access(town.person(CHILD), town.person(MOTHER))
        assert answer["answer"] == "report"
        letters.append((text_of(answer), len(answer["handed"]), answer["looks"]))
        assert "barnevernet svarer selv" in text_of(answer).lower()
    assert letters[0] == letters[1]
    seen = answers.review(town.world, town.person(CHILD), by="per", asker=town.person(MOTHER))
    assert {one["ground"] for one in seen["left_out"]} >= {"ACCESS_CHILD_WELFARE"}


def test_every_report_names_every_exception_with_act_and_section(made):
    town = made()
    town.sync(2)
    told = town.access(town.person(CHILD), town.person(MOTHER))
    assert {one["code"] for one in told["exceptions"]} >= {"ACCESS_CHILD_WELFARE", "ACCESS_PARENTS", "ACCESS_SECRECY"}
    text = text_of(told).replace("\n  ", " ")
    for one in told["exceptions"]:
        assert f"{one['act']} {one['section']}" in text


@pytest.mark.parametrize("responsibility", ["none", "deprived"])
def test_scenario_17_a_parent_without_responsibility_gets_a_case_with_a_deadline_and_no_answer(made, responsibility):
    town = made(more={FATHER: {"responsibility": responsibility, "birth_date": "1983-03-04"}})
    town.sync(2)
    child, parent = town.person(CHILD), town.person(FATHER)
    told = town.access(child, parent)
    assert told["answer"] == "waits"
    assert "handed" not in told
    assert told["deadline"] == "2026-12-21"
    [task] = [one for one in town.tasks() if one["kind"] == "access"]
    assert task["deadline"]
    town.access(child, parent)
    assert len([one for one in town.tasks() if one["kind"] == "access"]) == 1, "the same request is one task"
    told = town.access(child, parent, refuse="ACCESS_NO_RESPONSIBILITY")
    assert told["ground"] == {
        "code": "ACCESS_NO_RESPONSIBILITY",
        "act": "barnelova",
        "section": "§ 47",
        "last_verified": "2026-04-01",
    }
    text = text_of(told)
    assert "Se barnelova § 47." in text
    assert "Du kan klage på svaret" in text
    assert not [one for one in town.tasks() if one["kind"] == "access"]
    given = town.access(child, parent, give=True)
    assert given["answer"] == "report"
    assert given["handed"]


def waiting(town, about, asker=None):
    told = town.access(town.person(about), town.person(asker) if asker else None)
    return text_of(told)


def test_who_must_wait_gets_the_same_letter_whatever_the_reason(made):
    small = made()
    small.sync(2)
    hidden = made(child={"protection": "strict"})
    hidden.sync(2)
    assert waiting(small, CHILD) == waiting(hidden, CHILD) == waiting(hidden, CHILD, MOTHER) == waiting(hidden, MOTHER)
    assert small.access(small.person(MOTHER))["answer"] == "report", "her own is hers at once"
    with pytest.raises(ActFault) as raised:
        hidden.access(hidden.person(CHILD), give=True)
    assert raised.value.code == "act.access_protected"


@pytest.mark.parametrize(("born", "asker", "answer"), [
    ("2014-05-02", "self", "waits"), ("2011-11-21", "self", "report"), ("2011-11-22", "self", "waits"),
    ("2011-11-22", "mother", "report"), ("2011-11-21", "mother", "waits"), ("2000-01-01", "self", "report"),
    ("2000-01-01", "mother", "waits"),
])  # fmt: skip
def test_from_fifteen_the_youth_asks_alone(made, born, asker, answer):
    town = made(child={"birth_date": born})
    town.a.put("person", "p1", {"birth_date": born})
    town.sync(2)
    about = town.person(CHILD)
    told = town.access(about, town.person(MOTHER) if asker == "mother" else None)
    assert told["answer"] == answer


def test_another_person_in_the_case_sees_only_what_is_about_themselves(made):
    town = made()
    town.sync(2)
    told = town.access(town.person(MOTHER))
    assert {one["kind"] for one in told["handed"]} == {"person"}
    assert {one["item"] for one in told["handed"]} == {town.person(MOTHER)}
    assert told["looks"] == []


def test_somebody_outside_the_case_and_a_wrong_language_or_ground_are_refused(made):
    town = made()
    town.sync(2)
    child = town.person(CHILD)
    for call, code in (
        (lambda: town.access(child, "stranger"), "act.unknown_person"),
        (lambda: town.access("nobody"), "act.unknown_person"),
        (lambda: town.access(child, language="xx"), "act.unknown_language"),
        (lambda: town.access(child, refuse="NO_SUCH"), "act.unknown_ground"),
    ):
        with pytest.raises(ActFault) as raised:
            call()
        assert raised.value.code == code


def test_what_left_when_the_process_died_is_told_as_uncertain_before_any_round_claims_it(made):
    class Died(BaseException):
        pass

    town = made()
    town.sync()
    town.a.put("concern", "k2", {"raised_on": "2026-03-01", "summary": "mer"}, case="c1")
    begin = town.clock.at

    def step(name):
        if name == "begun":
            raise Died

    town.world.store.close()
    town.world = town.open(step)
    with pytest.raises(Died):
        town.sync()
    town.world.store.close()
    town.world = town.open()
    told = handed.report(town.world, begin, town.clock.at.replace(year=2030))
    assert [(one["kind"], one["uncertain"]) for one in told["disclosures"]] == [("concern", True)]
    assert told["summary"] | {"by_system": 0} == {
        "disclosures": 1,
        "cases": 1,
        "people": 2,
        "uncertain": 1,
        "by_system": 0,
    }
    letter = town.access(town.person(CHILD), town.person(MOTHER))
    assert "Vi vet ikke sikkert om det kom fram." in " ".join(text_of(letter).split())
    town.sync(2)
    again = handed.report(town.world, begin, town.clock.at.replace(year=2030))
    assert len({(one["case"], one["item"]) for one in again["disclosures"]}) == 1


def test_what_was_withdrawn_and_given_back_is_told_so(made):
    town = made()
    town.sync(2)
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    town.sync(2)
    told = town.access(town.person(CHILD), town.person(MOTHER))
    assert {one["retracted"] for one in told["handed"]} == {"acknowledged"}
    assert "Det er gitt tilbake." in " ".join(text_of(told).split())


def test_a_pack_beside_the_settings_is_a_language_of_the_letters(made, tmp_path):
    folder = tmp_path / "m" / "languages"
    folder.mkdir(parents=True)
    text = template("nb").replace("language: nb", "language: se").replace("name: bokmål", "name: davvisámegiella")
    (folder / "se.yaml").write_text(text.replace("Hvem har fått noe om barnet?", "Gii?"), "utf-8")
    assert read_pack(folder / "se.yaml").language == "se"
    town = made()
    town.sync(2)
    told_of = msgspec.structs.replace(town.world.settings, folder=str(tmp_path / "m"))
    town.world = msgspec.structs.replace(town.world, settings=told_of)
    assert set(packs(tmp_path / "m")) == {"nb", "nn", "en", "se"}
    told = town.access(town.person(CHILD), town.person(MOTHER), language="se")
    assert text_of(told).startswith("Gii?\n")
    assert "tekst" in text_of(told)


def test_a_pack_that_is_wrong_is_a_fault_of_the_check(tmp_path):
    town = Township(tmp_path, cases=0)
    try:
        folder = town.folder / "languages"
        folder.mkdir()
        (folder / "se.yaml").write_text("language: se\nname: davvisámegiella\ntexts: {}\n", "utf-8")
        told = CliRunner().invoke(
            bti, ["check", "--offline", "--json", "--config", str(town.settings)], env={"LC_ALL": "C"}
        )
        assert told.exit_code == 2
        faults = {(one["code"], one["where"].partition(":")[0]) for one in json.loads(told.stdout)["errors"]}
        assert faults == {("pack.missing", "se.yaml")}
    finally:
        town.close()


def test_a_number_is_read_from_standard_input_so_that_it_stands_in_no_list_of_commands(tmp_path):
    town = Township(tmp_path, cases=1)
    try:
        world = town.world()
        acts.set_flow(world, "skole", "helse", "approved", by="liv")
        sync(world)
        for adapter in world.adapters.values():
            adapter.close()
        world.store.close()

        def ask(text):
            call = ["access", "-", "--as", "per", "--format", "json", "--config", str(town.settings)]
            told = CliRunner().invoke(bti, call, input=text, env={"LC_ALL": "C"})
            return told.exit_code, json.loads(told.stdout)

        status, told = ask(f"{number_of(0)}\n")
        assert (status, told["answer"]) == (0, "report")
        assert {one["service"] for one in told["handed"]} == {"health_station"}
        assert number_of(0) not in json.dumps(told)
        status, told = ask(f"{number_of(1)}\n")
        assert (status, told["errors"][0]["code"]) == (2, "act.unknown_person")
    finally:
        town.close()
