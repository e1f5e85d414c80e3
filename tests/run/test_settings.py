"""``gateway.toml``: what it takes, what it refuses, and that every fault is told at once without a value."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings, strategies

from gateway.run import settings_checks, settings_form
from gateway.run.settings import Settings, SettingsError, flow_faults, load_settings, parse_settings
from gateway.run.workfolder import settings_text
from gateway.sdk import Adapter, Capabilities

CONTRACT = """
tenant = "klepp"
municipality = "1120"
model = "klepp"
numbers = "synthetic"
[store]
url = "sqlite:///bti.db"
key_file = "keys/bti.key"
[policy]
self_consent_age = 15
both_guardians = true
[people.kari]
role = "coordinator"
unit = "skole-1"
[units.skole-1]
service = "school"
body = "klepp-kommune"
[units.koordinerende-enhet]
service = "coordinating_unit"
body = "klepp-kommune"
[systems.stafettlogg]
adapter = "bti-exchange"
unit = "koordinerende-enhet"
url = "https://stafettlogg.example.no"
allow = ["https://auth.example.no"]
schedule = "*/15 * * * *"
secret = "file:keys/stafettlogg.token"
owns = ["concern", "assignment"]
"""
FILE = Path("/srv/klepp/gateway.toml")


class Options(msgspec.Struct, frozen=True):
    folder: str
    pages: int = 10


class Acme(Adapter):
    name = "bti-exchange"
    capabilities = Capabilities()
    Options = Options


def parsed(text, **kwargs):
    return parse_settings(text, file=FILE, **kwargs)


def faults(text, **kwargs):
    with pytest.raises(SettingsError) as caught:
        parsed(text, **kwargs)
    return {(fault.code, fault.key) for fault in caught.value.faults}


def test_the_settings_of_the_contract_are_taken_whole_with_names_and_absolute_paths():
    found = parsed(CONTRACT)
    system = found.systems["stafettlogg"]
    assert (system.name, system.sector, system.purpose, system.asserts) == ("stafettlogg", "public", "bti", ())
    assert system.secret == "file:/srv/klepp/keys/stafettlogg.token"
    assert found.store.url == "sqlite:////srv/klepp/bti.db"
    assert found.store.vault.startswith("sqlite:////srv/klepp/")
    assert found.store.vault != found.store.url
    assert found.store.key_file == "/srv/klepp/keys/bti.key"
    assert found.people["kari"].role == "coordinator"
    assert found.units["skole-1"].name == "skole-1"
    assert found.adapters() == {"bti-exchange"}


CHANGES = {
    "an unknown key": ('tenant = "klepp"', 'tenant = "klepp"\ntenent = "x"', ("settings.unknown_key", "tenent")),
    "an unknown key of a system": ("[systems.stafettlogg]", "[systems.stafettlogg]\nurll = 1", ("settings.unknown_key", "systems.stafettlogg.urll")),
    "what the reader fills in": ("[systems.stafettlogg]", '[systems.stafettlogg]\nname = "x"', ("settings.unknown_key", "systems.stafettlogg.name")),
    "a missing key": ('model = "klepp"', "", ("settings.required", "model")),
    "a missing adapter": ('adapter = "bti-exchange"', "", ("settings.required", "systems.stafettlogg.adapter")),
    "an age the law does not leave": ("= 15\n", "= 14\n", ("settings.choice", "policy.self_consent_age")),
    "an age in words": ("= 15\n", '= "15"\n', ("settings.choice", "policy.self_consent_age")),
    "a word for yes": ("both_guardians = true", 'both_guardians = "yes"', ("settings.type", "policy.both_guardians")),
    "an unknown role": ('"coordinator"', '"chief"', ("settings.choice", "people.kari.role")),
    "an unknown service": ('"school"', '"skule"', ("settings.choice", "units.skole-1.service")),
    "a unit that is not there": ('unit = "skole-1"', 'unit = "skole-2"', ("settings.unit_unknown", "people.kari.unit")),
    "a system's unit that is not there": ('unit = "koordinerende-enhet"', 'unit = "x"', ("settings.unit_unknown", "systems.stafettlogg.unit")),
    "a unit within itself": ("[units.skole-1]", '[units.skole-1]\npart_of = "skole-1"', ("settings.unit_circle", "units.skole-1.part_of")),
    "a secret in the file": ("file:keys/stafettlogg.token", "s3cr3t-value", ("settings.secret_inline", "systems.stafettlogg.secret")),
    "an address with a user": ("https://stafettlogg", "https://me:s3cr3t@stafettlogg", ("settings.url", "systems.stafettlogg.url")),
    "an address of another kind": ("https://stafettlogg", "ftp://stafettlogg", ("settings.url", "systems.stafettlogg.url")),
    "an allowed host with a path": ("https://auth.example.no", "https://auth.example.no/x", ("settings.url", "systems.stafettlogg.allow.0")),
    "an allowed network": ("https://auth.example.no", "10.0.0.0/8", None),
    "an allowed network that is none": ("https://auth.example.no", "10.0.0.1/8", ("settings.url", "systems.stafettlogg.allow.0")),
    "a schedule that is none": ("*/15 * * * *", "every hour", ("settings.schedule", "systems.stafettlogg.schedule")),
    "a schedule of seconds": ("*/15 * * * *", "*/15 * * * * *", ("settings.schedule", "systems.stafettlogg.schedule")),
    "a kind that is none": ('"concern", ', '"worry", ', ("settings.owns_unknown", "systems.stafettlogg.owns.0")),
    "a field that is none": ('"concern", ', '"concern.worry", ', ("settings.owns_unknown", "systems.stafettlogg.owns.0")),
    "a municipality in words": ('"1120"', '"Klepp"', ("settings.municipality", "municipality")),
    "a number for a text": ('"1120"', "1120", ("settings.type", "municipality")),
    "a tenant with a path": ('tenant = "klepp"', 'tenant = "../klepp"', ("settings.name", "tenant")),
    "a database of another kind": ("sqlite:///bti.db", "mysql://s3cr3t@x", ("settings.store_url", "store.url")),
    "a vault in the database": ('key_file = "keys/bti.key"', 'vault = "sqlite:///bti.db"', ("settings.vault_shared", "store.vault")),
    "history for a month": ("[store]", "[store]\nkeep_history = 30", ("settings.range", "store.keep_history")),
    "history for a year": ("[store]", "[store]\nkeep_history = 365", None),
    "history for good": ("[store]", "[store]\nkeep_history = 0", None),
    "a share over one": ("[systems.stafettlogg]", "[systems.stafettlogg]\nmass_change_limit = 1.5", ("settings.range", "systems.stafettlogg.mass_change_limit")),
    "an overlap below zero": ("[systems.stafettlogg]", "[systems.stafettlogg]\noverlap = -1", ("settings.range", "systems.stafettlogg.overlap")),
    "no TOML": ('tenant = "klepp"', "tenant = s3cr3t", ("settings.toml", "line 2, column 10")),
    "a table that is a text": ("[policy]\nself_consent_age = 15\nboth_guardians = true", "", None),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_file_with(what):
    """… is refused with its code and key, or taken where nothing is wrong with it."""
    old, new, expected = CHANGES[what]
    assert old in CONTRACT
    text = CONTRACT.replace(old, new, 1)
    if expected is None:
        assert parsed(text).policy.self_consent_age == 15
    else:
        assert faults(text) == {expected}


def test_every_fault_of_a_file_is_told_at_once_and_none_quotes_it():
    text, expected = CONTRACT, set()
    for what in ("an unknown key", "a missing adapter", "an age the law does not leave", "an unknown role",
                 "a system's unit that is not there", "a secret in the file", "a schedule that is none",
                 "a kind that is none", "a municipality in words", "a share over one"):  # fmt: skip
        old, new, fault = CHANGES[what]
        text = text.replace(old, new, 1)
        expected.add(fault)
    with pytest.raises(SettingsError) as caught:
        parsed(text)
    assert {(fault.code, fault.key) for fault in caught.value.faults} == expected
    assert {fault.file for fault in caught.value.faults} == {str(FILE)}
    told = f"{caught.value} {caught.value.faults} {caught.value.__cause__}"
    assert not [value for value in ("s3cr3t", "chief", "worry", "every hour") if value in told]


def test_two_systems_cannot_own_the_same_thing_but_one_may_own_a_field_of_it():
    second = CONTRACT + CONTRACT[CONTRACT.index("[systems") :].replace("[systems.stafettlogg]", "[systems.other]")
    assert faults(second) == {
        ("settings.owns_twice", "systems.other.owns.0"),
        ("settings.owns_twice", "systems.other.owns.1"),
    }
    narrower = second[: second.rindex("owns")] + 'owns = ["concern.level"]'
    assert parsed(narrower).systems["other"].owns == ("concern.level",)


OPTIONS = {
    "right": ('folder = "inn"', set()),
    "missing": ("pages = 3", {("settings.required", "systems.stafettlogg.options.folder")}),
    "of the wrong type": ('folder = 1\npages = "x"', {
        ("settings.type", "systems.stafettlogg.options.folder"), ("settings.type", "systems.stafettlogg.options.pages"),
    }),
    "unknown": ('folder = "inn"\nfile = 1', {("settings.unknown_key", "systems.stafettlogg.options.file")}),
}  # fmt: skip


@pytest.mark.parametrize("what", OPTIONS)
def test_options_that_are(what):
    """… taken or refused against the adapter's own struct, every fault at once."""
    told, expected = OPTIONS[what]
    text = f"{CONTRACT}[systems.stafettlogg.options]\n{told}\n"
    if expected:
        assert faults(text, find=lambda _: {"bti-exchange": Acme}) == expected
    else:
        assert parsed(text, find=lambda _: {"bti-exchange": Acme}).systems["stafettlogg"].options == {"folder": "inn"}


def test_an_adapter_that_is_not_installed_is_told_beside_the_other_faults():
    text = CONTRACT.replace('"coordinator"', '"chief"')
    assert faults(text, find=lambda _: {}) == {
        ("settings.adapter_unknown", "systems.stafettlogg.adapter"),
        ("settings.choice", "people.kari.role"),
    }


def test_a_flow_names_systems_that_are_there():
    found = parsed(CONTRACT)
    assert flow_faults(found, ["stafettlogg"]) == []
    assert [(fault.code, fault.key) for fault in flow_faults(found, ["stafettlogg", "x"])] == [
        ("settings.flow_system", "systems.x")
    ]


def test_what_the_settings_say_of_the_store_is_kept_when_its_paths_are_made_absolute():
    found = parsed(CONTRACT.replace("[store]", "[store]\nkeep_answered = 40\nkeep_unread = 30"))
    assert (found.store.keep_answered, found.store.keep_unread) == (40, 30)


def test_a_file_that_is_missing_or_no_text_is_told(tmp_path):
    for name, content, code in (("a", None, "settings.missing"), ("b", b"\xff\xfe", "settings.unreadable")):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(SettingsError) as caught:
            load_settings(tmp_path / name)
        assert [fault.code for fault in caught.value.faults] == [code]


@pytest.mark.parametrize("person", ["ola", None])
def test_the_first_settings_of_a_new_folder_are_right_as_they_stand_and_with_the_comments_off(person):
    text = settings_text(model="klepp", municipality="1120", person=person)
    assert parsed(text).systems == {}
    lines = text.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("# [people."))
    shown = [line.removeprefix("# ") if " = " in line or line.startswith("# [") else line for line in lines[begin:]]
    assert set(parsed("\n".join(lines[:begin] + shown)).systems) == {"stafettlogg"}


def test_a_right_file_is_read_without_the_library_for_wrong_ones():
    read = f"import sys, pathlib\nfrom gateway.run.settings import parse_settings\nparse_settings({CONTRACT!r}, file=pathlib.Path('/x'))\n"
    told = subprocess.run(
        [sys.executable, "-c", read + "print('pydantic' in sys.modules)"], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"


ANY = strategies.recursive(
    strategies.one_of(strategies.booleans(), strategies.integers(-2, 20), strategies.text(max_size=3), strategies.floats(0, 2)),
    lambda inner: strategies.one_of(strategies.lists(inner, max_size=2), strategies.dictionaries(strategies.sampled_from(["url", "x", "role"]), inner, max_size=2)),
    max_leaves=4,
)  # fmt: skip
PLACES = [
    ("tenant",), ("numbers",), ("language",), ("store",), ("store", "url"), ("policy", "both_guardians"), ("people",), ("people", "kari"),
    ("units", "skole-1", "sector"), ("systems", "stafettlogg", "owns"), ("systems", "stafettlogg", "asserts"), ("systems", "stafettlogg", "mapping"),
    ("systems", "stafettlogg", "mass_change_limit"), ("systems", "stafettlogg", "options"), ("systems", "stafettlogg", "new"),
    ("systems", "stafettlogg", "auth"), ("systems", "stafettlogg", "tls"), ("systems", "stafettlogg", "secrets"), ("systems", "stafettlogg", "proxy"),
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(place=strategies.sampled_from(PLACES), value=ANY)
def test_the_two_readers_agree_on_what_is_right(place, value):
    import tomllib  # noqa: PLC0415

    table = tomllib.loads(CONTRACT)
    within = table
    for key in place[:-1]:
        within = within[key]
    within[place[-1]] = value
    try:
        msgspec.convert(table, Settings)
        is_right = not settings_checks.unknown_keys(table)
    except msgspec.ValidationError:
        is_right = False
    assert (settings_form.form_faults(table, Settings) == []) == is_right


def test_what_is_written_of_the_store_the_web_and_the_watch_is_kept():
    told = parsed(
        CONTRACT.replace("[policy]", "keep_answered = 90\nkeep_unread = 60\n[policy]")
        + '[web]\nmetrics = "file:keys/metrics"\n[log]\nlevel = "debug"\n'
        + '[telemetry]\nendpoint = "https://otel.example.no"\nsecret = "file:keys/otel"\nshare_with = ["stafettlogg"]\n'
    )  # fmt: skip
    assert (told.store.keep_answered, told.store.keep_unread) == (90, 60)
    assert (told.web.metrics, told.telemetry.secret) == ("file:/srv/klepp/keys/metrics", "file:/srv/klepp/keys/otel")
    assert told.log.level == "debug"


@pytest.mark.parametrize(("text", "fault"), [
    ('[web]\nmetrics = "a-token-in-the-file"', ("settings.secret_inline", "web.metrics")),
    ('[web]\nlogin = "local"\n[web.oidc]\nissuer = "https://a.no"\nclient_id = "x"\nkey = "file:k"\nacr_values = "x"', ("settings.unknown_key", "web.oidc.acr_values")),
    ('[telemetry]\nendpoint = "http://otel.example.no"', ("settings.url", "telemetry.endpoint")),
    ('[telemetry]\nendpoint = "https://otel.example.no"\nsecret = "abc"', ("settings.secret_inline", "telemetry.secret")),
    ('[telemetry]\nendpoint = "https://otel.example.no"\nallow = ["https://x.no"]', ("settings.url", "telemetry.allow.0")),
    ('[telemetry]\nendpoint = "https://otel.example.no"\nshare_with = ["nobody"]', ("settings.choice", "telemetry.share_with.0")),
    ("[telemetry]", ("settings.required", "telemetry.endpoint")),
    ('[log]\nlevel = "loud"', ("settings.choice", "log.level")),
    ('[log]\nfile = "x"', ("settings.unknown_key", "log.file")),
])  # fmt: skip
def test_what_is_wrong_with_the_web_and_the_watch_is_told(text, fault):
    assert fault in faults(CONTRACT + text)


def test_the_plugin_of_the_notices_is_among_those_that_a_file_asks_for():
    asked = []

    def find(names):
        asked.append(names)
        return {"bti-exchange": Acme}

    parsed(
        CONTRACT.replace('owns = ["concern", "assignment"]', "options = {folder = 'x'}")
        + '[notices]\nplugin = "notify-smtp"\n',
        find=find,
    )
    assert asked == [frozenset({"bti-exchange", "notify-smtp"})]
