"""A role says what somebody may do, and a case with whom it has to do: need-to-know."""

import json

import pytest
from click.testing import CliRunner

from gateway.cli.root import bti
from gateway.core.casefile import CaseFile, Entry, Peer
from gateway.core.model import Origin
from gateway.run import acts
from gateway.run.life import sync
from gateway.run.nearness import concerns
from gateway.run.rights import sees
from gateway.run.settings import Person, Settings, System, Unit
from tests.run.township import Township

UNITS = {
    name: Unit(service=service, body="k", name=name, part_of=above)  # type: ignore[arg-type]
    for name, service, above in (
        ("etat", "coordinating_unit", None), ("skole-1", "school", "etat"), ("skole-2", "school", "etat"),
        ("hs-1", "health_station", None), ("ppt-1", "ppt", None), ("tom", "nav", None),
    )
}  # fmt: skip
PEOPLE = {
    name: Person(role=role, unit=unit, name=name)  # type: ignore[arg-type]
    for name, role, unit in (
        ("kari", "coordinator", "skole-1"), ("ola", "coordinator", "skole-2"), ("liv", "leader", "etat"),
        ("eli", "coordinator", "hs-1"), ("per", "privacy", None), ("pia", "leader", "ppt-1"),
    )
}  # fmt: skip
SYSTEMS = {
    "skole": System(adapter="x", unit="skole-1", name="skole"),
    "helse": System(adapter="x", unit="hs-1", name="helse"),
}
SETTINGS = Settings(
    tenant="t", municipality="1120", model="klepp", numbers="synthetic", people=PEOPLE, units=UNITS, systems=SYSTEMS
)


def entry(kind, home, /, **fields):
    return Entry(
        kind=kind, fields=fields, category=kind, origin=Origin(service="school", domain="education", unit=home)
    )


def case(*, home="skole-1", held=(), **items):
    file = CaseFile(id="c", items={"c": entry("case", home, status="active"), **items})
    file.peers |= {name: {"c": Peer(native="n", gone=gone)} for name, gone in held}
    return file


FILES = {
    "their own unit's": (case(), {"kari", "liv"}),
    "another unit's that owns it": (case(c=entry("case", "skole-1", owning_unit="skole-2")), {"kari", "ola", "liv"}),
    "one that a system of theirs holds": (case(held=[("helse", False)]), {"kari", "liv", "eli"}),
    "one that their system had to give back": (case(held=[("helse", True)]), {"kari", "liv"}),
    "one in which they help": (
        case(a=entry("assignment", "skole-1", role="helper", state="accepted", unit="ppt-1")), {"kari", "liv", "pia"}),
    "one in which they helped": (
        case(a=entry("assignment", "skole-1", role="helper", state="ended", unit="ppt-1")), {"kari", "liv"}),
    "one whose unit nobody works in": (case(home="tom"), {"liv", "pia"}),
    "one of no unit that the settings have": (case(home="x"), {"liv", "pia"}),
}  # fmt: skip


@pytest.mark.parametrize("which", FILES)
def test_whose_case_it_is(which):
    file, people = FILES[which]
    assert {name for name, one in PEOPLE.items() if concerns(SETTINGS, file, one)} == people | {"per"}


def test_what_is_for_the_privacy_officer_is_nobody_elses():
    shown = {name for name, one in PEOPLE.items() if sees(SETTINGS, one, unit=None, role="privacy")}
    assert shown == {"per"}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    made = Township(tmp_path_factory.mktemp("near"), cases=1, consent=False)
    world = made.world()
    sync(world)
    with world.store.read() as tx:
        [case] = tx.case_ids()
        people = [person for one in tx.people_of([case]).values() for person in one]
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()
    yield made, case, people[0]
    made.close()


def call(town, *args):
    told = CliRunner().invoke(bti, [*args, "--json", "--config", str(town[0].settings)], env={"LC_ALL": "C"})
    return told.exit_code, json.loads(told.stdout)


def lines(case, person, folder):
    page = str(folder / "side.html")
    return [
        ["explain", case], ["consent", "show", case], ["baton", "show", case], ["crossing", "show", case],
        ["crossing", "decline", case], ["crossing", "begin", case, "--to", "helse"],
        ["crossing", "move", case, "--on", "2026-11-01"], ["log", "print", case, "--for", person, "--out", page],
        ["consent", "record", case, "--by", person, "--service", "health_station", "--spoken", "ja"],
        ["preview", "withdraw", case, "--by", person], ["restriction", "list", case], ["tasks", "coming", "--case", case],
        ["preview", "grant", case, "--by", person, "--service", "school"],
        ["block", "lift", case, "x", "--reason", "r"], ["restriction", "lift", case, "x", "--reason", "r"],
        ["fact", "record", case, person, "pregnant", "true", "--reason", "r"],
    ]  # fmt: skip


def test_who_has_nothing_to_do_with_a_case_neither_sees_nor_loosens_it_and_that_they_tried_is_recorded(town, tmp_path):
    _, case, person = town
    for args in lines(case, person, tmp_path):
        status, told = call(town, *args, "--as", "eli")
        assert (status, told["errors"][0]["code"]) == (2, "act.need_to_know"), args
    world = town[0].world()
    with world.store.read() as tx:
        kept_out = list(tx.entries_with('"kept_out"'))
    world.store.close()
    assert [(one["by"], one["case"]) for one in kept_out] == [("eli", case)] * len(lines(case, person, tmp_path))


def test_whose_case_it_is_and_the_privacy_officer_are_let_in(town):
    _, case, _ = town
    for who in ("kari", "liv", "per"):
        assert "errors" not in call(town, "explain", case, "--as", who)[1]


def test_a_no_is_taken_down_by_whoever_hears_it(town):
    _, case, person = town
    said = call(town, "consent", "refuse", case, "--by", person, "--spoken", "nei", "--as", "eli")
    assert said[0] == 0, said
    assert call(town, "block", "set", case, "--as", "eli")[0] == 0


BAD = {
    "a category that nobody has": (["--category", "concerns"], "act.value", "categories"),
    "days in the wrong order": (["--from", "2026-05-01", "--to", "2026-04-01"], "act.value", "to"),
}


@pytest.mark.parametrize("verb", [["consent", "record"], ["preview", "grant"]], ids=" ".join)
@pytest.mark.parametrize("which", BAD)
def test_a_yes_that_would_cover_nothing_is_refused_and_so_is_its_preview(town, which, verb):
    _, case, person = town
    more, code, where = BAD[which]
    spoken = ["--spoken", "ja"] if verb[0] == "consent" else []
    status, told = call(
        town, *verb, case, "--by", person, "--service", "school", *more, *spoken, "--as", "kari"
    )  # fmt: skip
    assert (status, told["errors"][0]["code"], told["errors"][0]["where"]) == (2, code, where)


def test_an_employee_says_nothing_for_the_family():
    file = case(
        e=Entry(
            kind="person",
            fields={"role": "employee"},
            category="person",
            origin=Origin(service="school", domain="education"),
        )
    )
    with pytest.raises(acts.ActFault, match=r"act\.not_family"):
        acts.said(file, {"by": "e"})


@pytest.mark.parametrize(
    "args",
    [
        ["consent", "show", "\udcff", "--as", "kari"], ["explain", "a\ud800", "--as", "kari"],
        ["tasks", "list", "--kind", "\udc80", "--as", "kari"], ["tasks", "list", "--as", "\udcfe"],
        ["consent", "record", "c", "--by", "p", "--service", "\udcff", "--spoken", "ja", "--as", "kari"],
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_refused_by_name(town, args):
    status, told = call(town, *args)
    assert (status, told["errors"][0]["code"]) == (2, "cli.argument_text")
