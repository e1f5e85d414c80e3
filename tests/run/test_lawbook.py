"""The rules as one municipality has them: what its lawyer read, what its plugins forbid, and what closes it."""

from datetime import date, datetime
from importlib.metadata import EntryPoint
from pathlib import Path

import msgspec
import pytest

from gateway.core.rules import RULES, Forbid
from gateway.run import acts, lawbook, lawcheck
from gateway.run.plugins import Broken, Plugins, load_entries, load_plugins
from gateway.run.settings import LawSettings, PolicySettings, SettingsError, parse_settings
from gateway.store import audit
from tests.run.test_life import Town
from tests.run.toys import MOTHER, Clock

HEAD = 'tenant = "t"\nmunicipality = "1120"\nmodel = "klepp"\nnumbers = "synthetic"\n'
SAY = {"nb": "Nei.", "nn": "Nei.", "en": "No."}
NEVER = Forbid(id="own.never", applies=lambda facts, ask: True, sentence=SAY)
DAY = date(2026, 10, 1)


def settings(text):
    return parse_settings(HEAD + text, file=Path("/srv/gateway.toml"))


def plugins(*rules, name="own", broken=(), origins=None):
    found = Plugins(adapters={}, broken=tuple(broken), mappings={}, origins=dict(origins or {}))
    return msgspec.structs.replace(found, forbids={name: rules} if rules else {})


@pytest.mark.parametrize(("text", "code", "key"), [
    ('[law.verified]\nNONE_SUCH = "2026-08-01 Kari"', "settings.law_code", "law.verified.NONE_SUCH"),
    ('[law.verified]\nHEALTH_TEAM_2026 = "2026-08-01"', "settings.law_line", "law.verified.HEALTH_TEAM_2026"),
    ('[law.verified]\nHEALTH_TEAM_2026 = "Kari"', "settings.law_line", "law.verified.HEALTH_TEAM_2026"),
    ('[law.verified]\nHEALTH_TEAM_2026 = "2026-02-30 Kari"', "settings.law_line", "law.verified.HEALTH_TEAM_2026"),
    ("[law.verified]\nHEALTH_TEAM_2026 = 2026-08-01", "settings.type", "law.verified.HEALTH_TEAM_2026"),
    ("[law]\nrules = [7]", "settings.type", "law.rules.0"),
    ("[law]\nrule = []", "settings.unknown_key", "law.rule"),
    ("[policy]\nself_consent_age = 14", "settings.choice", "policy.self_consent_age"),
    ("[policy]\nself_consent_age = 17", "settings.choice", "policy.self_consent_age"),
    ("[policy]\nhealth_age = 15", "settings.unknown_key", "policy.health_age"),
    ('[policy]\nboth_guardians = "no"', "settings.type", "policy.both_guardians"),
])  # fmt: skip
def test_what_the_law_does_not_leave_to_the_municipality_is_an_error(text, code, key):
    with pytest.raises(SettingsError) as raised:
        settings(text)
    assert [(fault.code, fault.key) for fault in raised.value.faults] == [(code, key)]
    assert "Kari" not in str(raised.value.faults)


@pytest.mark.parametrize(("line", "today", "carries", "by"), [
    ("2026-08-01 Kari Jurist", DAY, True, "Kari Jurist"),
    ("2026-08-01 Kari Jurist", date(2027, 8, 1), True, "Kari Jurist"),
    ("2026-08-01 Kari Jurist", date(2027, 8, 2), False, "Kari Jurist"),
    ("2026-10-02 Kari Jurist", DAY, False, None),
    ("2099-01-01 Kari Jurist", DAY, False, None),
])  # fmt: skip
def test_one_line_verifies_a_basis_for_a_year_and_not_before_its_day(line, today, carries, by):
    law = lawbook.law_of(settings(f'[law.verified]\nHEALTH_TEAM_2026 = "{line}"'), today=today)
    found = law.norm("HEALTH_TEAM", today)
    assert (found.carries, found.basis.verified_by) == (carries, by)


def test_a_line_does_not_make_a_reading_older_and_a_duty_can_be_read_too():
    law = lawbook.law_of(
        settings('[law.verified]\nSAME_BODY = "2020-01-01 Old"\nBHG_46 = "2026-09-01 Kari"'), today=DAY
    )
    assert law.norm("SAME_BODY", DAY).basis.verified_by == "bti-gateway"
    assert law.duty("BHG_46", DAY).verified_by == "Kari"


def test_a_line_for_a_section_without_a_day_does_not_put_it_in_force():
    law = lawbook.law_of(settings('[law.verified]\nSAME_BODY_2025 = "2026-09-01 Kari"'), today=DAY)
    assert law.norm("SAME_BODY", DAY).basis.code == "SAME_BODY"


@pytest.mark.parametrize(("brought", "code"), [
    (plugins(), "plugin.missing"),
    (plugins(broken=[Broken(name="own", distribution="d", version="1", code="plugin.raises")]), "plugin.raises"),
    (plugins(origins={"own": None}), "plugin.no_rules"),
    (plugins(NEVER), None),
])  # fmt: skip
def test_a_required_rule_that_is_not_there_closes_everything_but_duties(brought, code):
    told = settings('[law]\nrules = ["own"]')
    assert lawbook.closed_by(told, brought) == ({} if code is None else {"own": code})
    rules = lawbook.rules_of(told, brought, today=DAY)
    assert [one.id for one in rules.extra] == (["own.never"] if code is None else ["X11"])
    found = lawcheck.examine(told, brought, at=datetime.fromisoformat("2026-10-01T12:00:00+02:00"))
    assert [one.code for one in found if one.kind == "fault"] == ([] if code is None else [code])


def test_a_plugin_that_is_installed_and_not_named_has_no_say():
    assert lawbook.rules_of(settings(""), plugins(NEVER), today=DAY).extra == ()


RULE = (
    'from gateway.sdk import Forbid, hookimpl\nGATEWAY_API = "1.0"\nSAY = {"nb": "Nei.", "nn": "Nei.", "en": "No."}\n'
)
HOOK = "@hookimpl\ndef gateway_consent_rules():\n    return "


@pytest.mark.parametrize(("what", "code"), [
    ("[Forbid(id='own.a', applies=lambda facts, ask: True, sentence=SAY)]", None),
    ("[Forbid(id='B3', applies=lambda facts, ask: True, sentence=SAY)]", "plugin.rule"),
    ("[Forbid(id='own', applies=True, sentence=SAY)]", "plugin.rule"),
    ("[Forbid(id='own', applies=lambda facts, ask: True)]", "plugin.rule"),
    ("2 * [Forbid(id='own', applies=lambda facts, ask: True, sentence=SAY)]", "plugin.rule"),
    ("[lambda facts, ask: True]", "plugin.rule"),
    ("7", "plugin.raises"),
    ("1 / 0", "plugin.raises"),
])  # fmt: skip
def test_a_plugin_brings_rules_that_forbid_or_is_told_as_broken(tmp_path, monkeypatch, what, code):
    module = f"ruling_{abs(hash(what))}"
    (tmp_path / f"{module}.py").write_text(RULE + HOOK + what)
    monkeypatch.syspath_prepend(str(tmp_path))
    found = load_entries([EntryPoint(name="own", value=module, group="gateway")])
    assert [one.code for one in found.broken] == ([] if code is None else [code])
    assert list(found.forbids) == (["own"] if code is None else [])


def test_a_plugin_of_ours_brings_a_rule():
    found = load_plugins(only={"health-waits"})
    if "health-waits" not in found.origins:
        pytest.skip("the plugin health-waits is not installed")
    assert [rule.id for rule in found.forbids["health-waits"]] == ["health-waits"]


def ruled(world, **more):
    return msgspec.structs.replace(world, **more)


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    yield made
    made.world.store.close()


def entries_of(town, folder):
    audit.export(town.world.store, folder)
    lines = (folder / "leaves.jsonl").read_text("utf-8").splitlines()
    return [entry for line in lines if (entry := msgspec.json.decode(line)["entry"])["act"] == "rules"]


def test_a_round_without_a_required_rule_sends_nothing_new_and_says_so(town):
    told = msgspec.structs.replace(town.world.settings, law=LawSettings(rules=("own",)))
    town.world = ruled(
        town.world, settings=told, closed={"own": "plugin.missing"}, rules=lawbook.rules_of(told, plugins(), today=DAY)
    )
    tally = town.sync()
    assert town.b.records == {}
    assert tally.stopped["own"] == "plugin.missing"
    assert tally.status() == 1
    town.world = ruled(town.world, closed={}, rules=RULES)
    town.sync()
    assert town.b.of("concern")


def test_a_rule_that_comes_narrows_at_once_what_was_not_sent_and_takes_nothing_back(town):
    town.sync(2)
    held = dict(town.b.records)
    town.a.put("concern", "k1", {"summary": "leser bedre"})
    town.world = ruled(town.world, rules=msgspec.structs.replace(RULES, extra=(NEVER,)))
    town.sync()
    assert town.b.records == held


def test_when_the_rules_change_every_case_is_looked_at_anew_and_it_is_written_down_once(town, tmp_path):
    town.world = ruled(town.world, rules=msgspec.structs.replace(RULES, extra=(NEVER,)))
    town.sync(2)
    assert town.b.records == {}
    lines = LawSettings(verified={"SAME_BODY": "2026-02-01 Kari Jurist", "BHG_46": "2099-01-01 Per"})
    law = msgspec.structs.replace(town.world.settings, law=lines, policy=PolicySettings(both_guardians=False))
    town.world = ruled(town.world, settings=law, rules=RULES)
    town.sync(2)
    assert town.b.of("concern")
    entries = entries_of(town, tmp_path / "out")
    assert [entry["rules"] for entry in entries] == [["own.never"], []]
    assert [one["code"] for one in entries[1]["verified"]] == ["SAME_BODY"]
    assert entries[1]["policy"]["both_guardians"] is False
    assert "Kari" not in str(entries)


@pytest.mark.parametrize(("what", "taken", "goes"), [
    ("one category", {"categories": ["concern"]}, {"measure", "goal"}),
    ("two categories", {"categories": ["concern", "goal"]}, {"measure"}),
    ("a category for another service", {"categories": ["concern"], "services": ["school"]}, {"concern", "measure", "goal"}),
    ("a category for this service", {"categories": ["concern"], "services": ["health_station"]}, {"measure", "goal"}),
    ("this service", {"services": ["health_station"]}, set()),
    ("all of it", {}, set()),
])  # fmt: skip
def test_a_yes_that_is_taken_back_in_part_stands_for_the_rest(town, what, taken, goes):
    town.sync()
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER), **taken)
    for kind in ("concern", "measure", "goal"):
        town.a.put(
            kind,
            f"n-{kind}",
            {"raised_on": "2026-11-01", "summary": "etterpå"} if kind == "concern" else {"title": "etterpå"},
            case="c1",
        )
    town.sync(2)
    arrived = {
        kind for (kind, _), one in town.b.records.items() if not one["deleted"] and "etterpå" in one["fields"].values()
    }
    assert arrived == goes, what


@pytest.mark.parametrize(
    ("taken", "where"), [({"services": ["skole"]}, "service"), ({"categories": ["alt"]}, "category")]
)
def test_what_is_taken_back_of_a_name_that_nobody_has_is_refused_and_nothing_changes(town, taken, where):
    town.sync()
    with pytest.raises(acts.ActFault) as raised:
        acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER), **taken)
    assert (raised.value.code, raised.value.where) == ("act.value", where)
    assert town.world.store.vault.restrictions(cases=[town.file.id]) == []


def test_a_basis_that_is_overdue_holds_asks_once_for_all_and_goes_when_a_lawyer_has_read_it(tmp_path):
    town = Town(tmp_path, clock=Clock(datetime.fromisoformat("2027-04-02T12:00:00+02:00")))
    town.sync(2)
    assert not town.b.records
    asked = [task for task in town.tasks() if task["kind"] == "gate"]
    assert len(asked) == 1
    lines = {basis.code: "2027-04-02 Kari Jurist" for basis in RULES.law.bases}
    told = msgspec.structs.replace(town.world.settings, law=LawSettings(verified=lines))
    town.world = ruled(town.world, settings=told, rules=lawbook.rules_of(told, plugins(), today=date(2027, 4, 2)))
    town.sync()
    assert town.b.of("concern")
    town.world.store.close()
