"""The privacy officer's documents: all that is set up stands in them, a change of the settings changes them."""

import json
import re
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from gateway.cli.root import bti
from gateway.core.document import Document, Section, as_html, as_markdown, as_text
from gateway.run import acts, lawbook, privacy, rights
from gateway.run.opening import make_adapters, open_world
from gateway.run.plugins import load_plugins
from gateway.run.privacy import facts as gathering
from gateway.run.settings import parse_settings
from gateway.run.texts import privacy_points
from gateway.run.workfolder import make_folder

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SETTINGS = """
tenant = "klepp"
municipality = "1120"
model = "klepp"
numbers = "synthetic"
[store]
url = "sqlite:///bti.db"
vault = "sqlite:///vault/bti-vault.db"
key_file = "keys/bti.key"
[people.kari]
role = "coordinator"
unit = "skole-1"
[people.liv]
role = "leader"
unit = "skole-1"
[units.skole-1]
service = "school"
body = "klepp-kommune"
title = "Skule ein"
[units.hs-1]
service = "health_station"
body = "klepp-kommune"
title = "Klepp helsestasjon"
[units.bhg-1]
service = "kindergarten"
body = "solstrale-as"
sector = "private"
title = "Solstråle barnehage"
[systems.logg]
adapter = "bti-exchange"
unit = "skole-1"
url = "https://logg.example.no/api"
allow = ["https://auth.example.no"]
asserts = ["consent"]
[systems.journal]
adapter = "bti-exchange-cases"
unit = "hs-1"
url = "https://journal.example.no"
[systems.barnehagen]
adapter = "manual"
unit = "bhg-1"
[systems.register]
adapter = "persontjenesten"
unit = "hs-1"
url = "https://register.example.no"
asserts = ["relation", "protection"]
"""
NEEDED = {"bti-exchange", "bti-exchange-cases", "manual", "persontjenesten"}
PLUGINS = load_plugins(only=NEEDED)
LANGUAGES = ("nb", "nn", "en")

pytestmark = pytest.mark.skipif(not set(PLUGINS.adapters) >= NEEDED, reason="needs the plugins that ship with it")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("privacy") / "klepp"
    make_folder(place, model="klepp", chance=lambda n: bytes(range(n)))
    return place


@pytest.fixture(scope="module")
def world(folder):
    """Opened once: what the documents say hangs on settings, rules and adapters, which each test puts in."""
    settings = parse_settings(SETTINGS, file=folder / "gateway.toml")
    opened = open_world(settings, PLUGINS, clock=lambda: NOW)
    yield opened
    for adapter in opened.adapters.values():
        adapter.close()
    opened.store.close()


@pytest.fixture
def facts(folder, world):
    def gathered(text=SETTINGS, *, approved=()):
        settings = parse_settings(text, file=folder / "gateway.toml", find=lambda _: PLUGINS.adapters)
        adapters, broken = make_adapters(settings, PLUGINS)
        rules = lawbook.rules_of(settings, PLUGINS, today=NOW.date())
        here = replace(world, settings=settings, adapters=adapters, broken=broken, rules=rules)
        for state in ("approved", "shadow"):
            for source, target in approved:
                acts.set_flow(here, source, target, state, by="liv")
            if state == "approved":
                told = privacy.facts_of(here, PLUGINS)
        for adapter in adapters.values():
            adapter.close()
        return told

    return gathered


def written(told):
    return [
        as_markdown(make(told, language)) for make in (privacy.record, privacy.assessment) for language in LANGUAGES
    ]


def test_every_system_unit_lane_basis_and_role_stands_in_the_record(facts):
    told = facts()
    assert len(told.flows) == 9  # four systems give, three take, none takes from itself
    for language in LANGUAGES:
        text = as_markdown(privacy.record(told, language))
        for system in told.settings.systems:
            assert f"| {system} |" in text
        for unit in told.settings.units.values():
            assert unit.title in text
        for flow in told.flows:
            assert re.search(rf"^\| {flow.source} \| {flow.target} \|.*{flow.processing}", text, re.MULTILINE)
        for ground in told.grounds:
            assert f"| {ground.code} | {ground.act} {ground.section} |" in text
        for host in ("logg.example.no", "auth.example.no", "journal.example.no", "register.example.no"):
            assert host in text
        assert "solstrale-as" in text


def test_every_lane_stands_in_the_assessment_with_its_state(facts):
    told = facts(approved=[("logg", "journal")])
    text = as_markdown(privacy.assessment(told, "en"))
    for flow in told.flows:
        state = "approved" if (flow.source, flow.target) == ("logg", "journal") else "shadow"
        assert re.search(rf"{flow.source} → {flow.target}: .*\({state}", text)
    assert {(one.code, one.where) for one in privacy.points_of(told)} >= {("live", "logg → journal"), ("shadow", "8")}


CHANGES = {
    "a system is believed about more": ('asserts = ["consent"]', 'asserts = ["consent", "relation"]'),
    "a system goes": ('[systems.barnehagen]\nadapter = "manual"\nunit = "bhg-1"\n', ""),
    "a host": ("https://auth.example.no", "https://other.example.no"),
    "a unit's body": ('body = "solstrale-as"', 'body = "regnbuen-as"'),
    "private becomes public": ('sector = "private"', 'sector = "public"'),
    "a title": ("Klepp helsestasjon", "Helsestasjonen i Klepp"),
    "a purpose": ('url = "https://journal.example.no"', 'url = "https://journal.example.no"\npurpose = "individual_plan"'),
    "how long": ('url = "sqlite:///bti.db"', 'url = "sqlite:///bti.db"\nkeep_unread = 30\nkeep_answered = 40'),
    "history": ('url = "sqlite:///bti.db"', 'url = "sqlite:///bti.db"\nkeep_history = 900'),
    "a program": (
        "[units.skole-1]",
        ('[web]\nlisten = "127.0.0.1:8765"\n[api]\nissuer = "https://maskinporten.no/"\nkeys = "https://maskinporten.no/jwk"\n'
        'audience = "https://bti.example.no"\n[api.clients.timeplan]\nclient_id = "x"\nscopes = ["tasks.read"]\n'
        'role = "coordinator"\nunit = "skole-1"\n[units.skole-1]'),
    ),
    "a person": ("[units.skole-1]", '[people.per]\nrole = "privacy"\n[units.skole-1]'),
    "real people": ('numbers = "synthetic"', 'numbers = "production"'),
    "the pages": ("[units.skole-1]", '[web]\nlisten = "127.0.0.1:8765"\n[units.skole-1]'),
    "a lawyer": ("[units.skole-1]", '[law.verified]\nRELEASE_CONSENT = "2026-11-01 Jurist"\n[units.skole-1]'),
    "a lawyer long ago": ("[units.skole-1]", '[law.verified]\nRELEASE_CONSENT = "2025-01-01 Jurist"\n[units.skole-1]'),
    "an open wire": ("https://register.example.no", "http://register.example.no"),
    "the vault beside": ("sqlite:///vault/bti-vault.db", "sqlite:///bti-vault.db"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_setting_that_is_changed_changes_the_documents_in_every_language(facts, change):
    old, new = CHANGES[change]
    assert old in SETTINGS
    changed = written(facts(SETTINGS.replace(old, new)))
    same = [language for before, after, language in zip(*_both(facts, changed), strict=True) if before == after]
    assert same == []


_BEFORE = {}


def _both(facts, changed):
    if not _BEFORE:
        _BEFORE["texts"] = written(facts(SETTINGS))
    records = [first + second for first, second in zip(_BEFORE["texts"][:3], _BEFORE["texts"][3:], strict=True)]
    return records, [first + second for first, second in zip(changed[:3], changed[3:], strict=True)], LANGUAGES


def test_what_stands_open_is_found_and_goes_when_it_is_mended(facts):
    codes = {(one.code, one.where) for one in privacy.points_of(facts())}
    assert codes >= {
        ("no_privacy", "people"), ("no_leader", "hs-1"), ("no_leader", "bhg-1"), ("private_unit", "bhg-1"),
        ("believed_consent", "logg"), ("by_hand", "barnehagen"), ("synthetic", "numbers"), ("no_notices", "notices"),
        ("basis_not_by_us", "RELEASE_CONSENT"), ("shadow", "9"),
    }  # fmt: skip
    mended = SETTINGS.replace('numbers = "synthetic"', 'numbers = "production"').replace(
        "[units.skole-1]",
        '[people.per]\nrole = "privacy"\n[people.eli]\nrole = "leader"\nunit = "hs-1"\n'
        '[law.verified]\nRELEASE_CONSENT = "2026-11-01 Jurist"\n[units.skole-1]',
    )
    left = {(one.code, one.where) for one in privacy.points_of(facts(mended))}
    gone = {("no_privacy", "people"), ("no_leader", "hs-1"), ("synthetic", "numbers"), ("basis_not_by_us", "RELEASE_CONSENT")}  # fmt: skip
    assert not gone & left
    for one in codes | left:
        assert f"privacy.point.{one[0]}" in privacy_points.TEXTS


def test_every_act_of_the_table_of_rights_is_told_under_one_area_or_by_its_own_name(facts):
    named = [act for acts_ in gathering.AREAS.values() for act in acts_]
    assert len(named) == len(set(named))
    assert set(named) <= set(rights.ACTS)
    areas = facts().areas
    for act, roles in rights.ACTS.items():
        area = next((area for area, acts_ in gathering.AREAS.items() if act in acts_), act)
        assert roles <= set(areas[area])


def test_the_name_of_a_lawyer_or_an_employee_is_in_no_document(facts):
    text = SETTINGS.replace(
        "[units.skole-1]", '[law.verified]\nRELEASE_CONSENT = "2026-11-01 Astrid Juristdatter"\n[units.skole-1]'
    )
    assert not [one for one in written(facts(text)) if "Juristdatter" in one or "kari" in one]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_for_a_family_has_the_services_and_choices_of_the_municipality(folder, facts, language):
    settings = facts().settings
    text = as_text(privacy.family(settings, language), 10_000)
    for unit in settings.units.values():
        assert unit.title in text
    assert "15" in text
    other = parse_settings(
        SETTINGS.replace("[people.kari]", "[policy]\nself_consent_age = 16\nboth_guardians = false\n[people.kari]"),
        file=folder / "gateway.toml",
    )
    changed = as_text(privacy.family(other, language), 10_000)
    assert "15" not in changed
    assert changed != text


def test_the_command_answers_in_every_form_and_a_gone_settings_file_only_blanks_the_family_s_sheet(
    folder, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (folder / "gateway.toml").write_text(SETTINGS, "utf-8")

    def call(*words):
        return CliRunner().invoke(bti, ["privacy", *words], env={"LC_ALL": "nb_NO.UTF-8"})

    config = ["--config", str(folder / "gateway.toml")]
    forms = {form: call("dpia", "--format", form, *config) for form in ("text", "md", "html", "json")}
    assert {told.exit_code for told in forms.values()} == {0}
    assert forms["md"].stdout.startswith("# Vurdering av personvernkonsekvenser")
    assert "default-src 'none'" in forms["html"].stdout
    told = json.loads(forms["json"].stdout)
    assert {"code": "no_privacy", "where": "people"} in told["points"]
    assert call("record", "--language", "nn", *config).stdout.startswith("Protokoll over behandlingsaktivitetar")
    assert "[fylles ut]" in call("family").stdout
    assert call("record").exit_code == 2


def test_markdown_takes_no_text_for_markup():
    odd = "a|b <script> [x](y) *z* `c`\n# d"
    page = as_markdown(Document(title=odd, language="en", sections=(Section(heads=(odd,), rows=((odd,),)),)))
    assert "<script>" not in page.replace("\\<script\\>", "")
    assert all(line.count("|") - line.count("\\|") == 2 for line in page.splitlines() if line.startswith("|"))
    assert "\n# d" not in page
    assert "&lt;script&gt;" in as_html(Document(title=odd, language="en", sections=()))
