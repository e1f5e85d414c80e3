"""The story: it comes out, everything in it can be seen from outside, and it does not come out when the engine lies."""

import io
import json
import os
import random
import stat
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import msgspec
import pytest
from click.testing import CliRunner

from gateway.cli.commands.demo import Teller
from gateway.cli.root import bti as root
from gateway.cli.screen import Screen
from gateway.cli.words_demo import TEXTS
from gateway.core.law.generated.current import CURRENT
from gateway.run import demo, outlet, placing, proving
from gateway.run.demo import CHAPTERS, begins, play, town, turning
from gateway.run.demo.people import cast
from gateway.run.demo.stage import closing
from gateway.run.observing import Observer
from gateway.run.observing.facts import WORDS, is_code, is_count
from gateway.run.observing.logs import Lines, LogSink
from gateway.run.plugins import load_plugins
from gateway.run.settings import load_settings
from gateway.run.workfolder import FolderTaken
from gateway.run.world import World
from gateway.sdk import Receipt
from gateway.sdk.testing.canaries import Search
from gateway.web.serving import serving
from tests.web.house import free_port

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NEEDED = {"bti-exchange", "bti-exchange-cases", "pifu-ims", "fhir-r4", "persontjenesten"}

pytestmark = pytest.mark.skipif(
    not set(load_plugins(only=NEEDED).adapters) >= NEEDED, reason="the story needs the plugins that ship with it"
)


def told(folder: Path, seed: int = 1):
    return play(folder, plugins=load_plugins(only=NEEDED), now=NOW, chance=random.Random(seed).randbytes)


def bti(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gateway.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
        timeout=100,
    )


def here(*words: str) -> subprocess.CompletedProcess[str]:
    """The same command in this process: what starting the program costs is paid where the program is what is tried."""
    done = CliRunner().invoke(root, list(words), env={"LC_ALL": "C"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


WATCHED = io.StringIO()
"""What those who run it are told while the story is played."""
SYSTEMS = ("fjordlogg", "nordlogg", "planverk", "skole", "helse", "register")


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """The story, watched at the lowest level."""
    watch = Observer(systems=SYSTEMS)
    watch.add(LogSink(Lines(level="debug", stream=lambda: WATCHED)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "open_world", partial(demo.open_world, observer=watch))
        return told(tmp_path_factory.mktemp("story") / "lillevik")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "lillevik"
    done = bti("demo", "--json", "--keep", str(folder))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert done.stderr == ""
    return folder, json.loads(done.stdout)


def test_every_step_comes_out_and_says_so_in_one_document(kept):
    _, document = kept
    assert document["came_out"] is True
    assert [step["code"] for step in document["steps"]] == [chapter.__name__ for chapter in CHAPTERS]
    expected = [held for step in document["steps"] for held in step["expected"].values()]
    assert len(expected) > 40
    assert all(held is True for held in expected)
    assert document["seconds"] < 60


def test_the_document_says_what_went_what_stayed_and_why(kept):
    _, document = kept
    steps = {step["code"]: step for step in document["steps"]}
    assert steps["school"]["facts"] | {"kept": 3, "pupils": 243} == steps["school"]["facts"]
    assert [one["child"] for one in steps["shadow"]["stayed"]] == ["Nora", "Sara"]
    assert "Anders Lie" in steps["shadow"]["stayed"][0]["words"]["nn"]
    assert steps["shadow"]["sent"] == steps["consent"]["sent"] == {}
    assert steps["approval"]["sent"]["fjordlogg"]["case"] == 2
    assert steps["withdrawal"]["taken_back"]["fjordlogg"] > 5
    assert steps["failure"]["sent"] == {"fjordlogg": {"concern": 2}}
    got = {(one["system"], one["child"]): one for one in document["who_got_what"]}
    logs = {(system, child) for system in ("fjordlogg", "nordlogg") for child in ("Jonas", "Nora")}
    assert set(got) == {*logs, ("planverk", "Jonas")}
    assert "concern" not in got["planverk", "Jonas"]["kinds"]
    assert got["fjordlogg", "Nora"]["taken_back"] == sum(got["fjordlogg", "Nora"]["kinds"].values())
    assert got["fjordlogg", "Jonas"]["taken_back"] == 0
    assert document["nobody_got_anything_of"] == ["Sara"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["status"], 1),  # Sara's log waits for an authorised person
        (["tasks", "list", "--as", "kari"], 1),
        (["flows"], 0),
        (["disclosures", "--from", "2020-01-01T00:00:00Z", "--to", "2099-01-01T00:00:00Z", "--as", "ida"], 0),
        (["audit", "verify"], 0),
        (["check", "--offline"], 0),
        (["sync"], 3),
        (["flow", "approve", "register", "fjordlogg", "--as", "kari"], 2),
    ],
)
def test_the_other_commands_work_on_the_folder_that_is_kept(kept, words, status):
    folder, _ = kept
    done = here(*words, "--config", str(folder / "gateway.toml"), "--json")
    assert done.returncode == status, done.stdout[-2000:] + done.stderr
    json.loads(done.stdout)


def test_a_newcomer_calls_the_api_for_an_hour_to_read_and_no_second_token_can_be_made(kept):
    folder, document = kept
    told = document["api"]
    place = Path(told["token_file"])
    assert place.parent == folder / "keys"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    [public] = json.loads((folder / "keys" / "trial.jwks").read_text())["keys"]
    assert set(public) == {"kty", "crv", "x", "y", "kid", "use"}, "what signs is not kept"
    token = place.read_text()
    assert token not in json.dumps(document)
    settings = load_settings(folder / "gateway.toml")
    web = msgspec.structs.replace(settings.web, listen=f"127.0.0.1:{free_port()}")
    at = [datetime.fromisoformat(told["until"]) - timedelta(minutes=59)]
    world = demo.open_world(
        msgspec.structs.replace(settings, web=web), load_plugins(only=settings.plugins()), clock=lambda: at[0]
    )
    with closing(world), serving(world, ticket="t") as site:

        def call(method, path, **more):
            head = {"authorization": f"Bearer {token}"}
            return httpx.request(method, f"{site.origin}/api/v1/{path}", headers=head, timeout=60, **more).status_code

        assert [call("GET", path) for path in ("me", "status", "flows", "tasks?scope=unit")] == [200] * 4
        assert call("PUT", "sending", json={"paused": True}) == 403
        at[0] += timedelta(hours=1)
        assert call("GET", "me") == 401


def test_a_record_can_be_explained_and_a_familys_consents_shown(kept):
    folder, _ = kept
    config = ["--config", str(folder / "gateway.toml"), "--json", "--as", "kari"]
    listed = here(
        "disclosures", "--from", "2020-01-01T00:00:00Z", "--to", "2099-01-01T00:00:00Z", *config[:3], "--as", "ida"
    )
    cases = {one["case"] for one in json.loads(listed.stdout)["disclosures"]}
    assert len(cases) == 2
    withdrawn = []
    for case in cases:
        explained = json.loads(here("explain", case, "--receiver", "fjordlogg", *config).stdout)
        assert {record["kind"] for record in explained["records"]} >= {"case", "concern", "consent", "enrolment"}
        consents = json.loads(here("consent", "show", case, *config).stdout)["consents"]
        withdrawn += [one for one in consents if one.get("withdrawn")]
    assert [one["recorded_by"] for one in withdrawn] == ["kari"]


def test_a_crossing_can_be_looked_at_and_a_log_is_printed_only_for_whom_the_gate_lets_see_it(kept):
    folder, _ = kept
    config = ["--config", str(folder / "gateway.toml"), "--json"]
    told = here("disclosures", "--from", "2020-01-01T00:00:00Z", "--to", "2099-01-01T00:00:00Z", *config, "--as", "ida")
    [case] = {one["case"] for one in json.loads(told.stdout)["disclosures"] if one["system"] == "planverk"}
    shown = json.loads(here("crossing", "show", case, *config, "--as", "kari").stdout)
    assert shown["status"] == "replaced_by_plan"
    assert [one["to"] for one in shown["crossings"]] == ["planverk"]
    assert here("crossing", "begin", case, "--to", "planverk", *config, "--as", "dag").returncode == 2, "no right"
    mother = next(
        one["by"]
        for one in json.loads(here("consent", "show", case, *config, "--as", "kari").stdout)["consents"]
        if one.get("recorded_by")
    )
    page = folder / "logg.html"
    call = ["log", "print", case, "--for", mother, "--lang", "nn", "--out", str(page), *config, "--as", "kari"]
    refused = here(*call)
    assert refused.returncode == 2
    assert "paper.nothing" in refused.stdout
    assert not page.exists()
    people = {
        one["by"]
        for one in json.loads(here("consent", "show", case, *config, "--as", "kari").stdout)["consents"]
        if one.get("by")
    }
    for one in sorted(people):
        noted = here("consent", "record", case, "--by", one, "--service", "guardian", "--spoken", "vil ha papir",
                    *config, "--as", "kari")  # fmt: skip
        assert noted.returncode == 0, noted.stdout
    printed = here(*call)
    assert printed.returncode == 0, printed.stdout
    text = page.read_text("utf-8")
    assert "Faller ut av leken i friminuttene." in text
    assert page.stat().st_mode & 0o077 == 0
    assert here(*call).returncode == 2, "nothing is written over"


def test_the_export_is_verified_by_the_file_alone(kept):
    folder, _ = kept
    alone = Path(turning.offline.__file__)
    done = subprocess.run(
        [sys.executable, "-I", str(alone), str(folder / "audit-export")], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderTaken):
        told(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]
    assert bti("demo", "--keep", str(tmp_path)).returncode == 2


def test_the_whole_story_leaves_no_person_no_word_and_no_token_in_the_log(story):
    lines = [json.loads(line) for line in WATCHED.getvalue().splitlines()]
    assert {line["event"] for line in lines} >= {"round", "lane", "exchange", "gate", "delivery"}
    assert len(lines) > 100
    people = [
        one for family in cast(NOW.date()).families for one in (family.child, family.mother, family.father) if one
    ]
    search = Search([one.number for one in people] + [one.name for one in people])
    assert search.found(msgspec.json.encode([one.name for one in people])), "it is there to be found"
    assert not search.found(WATCHED.getvalue())
    for line in lines:
        for name, fact in line.items():
            if name in {"time", "trace", "span", "parent"} or isinstance(fact, float):
                continue
            known = fact in {"round", "lane", "exchange", "gate", "delivery", "info", "debug", "warning", *SYSTEMS}
            assert (
                known or fact in {word for words in WORDS.values() for word in words} or is_count(fact) or is_code(fact)
            ), (name, fact)


def test_two_stories_of_one_seed_are_equal(story, tmp_path):
    assert story.came_out
    assert msgspec.json.encode(story) == msgspec.json.encode(told(tmp_path / "other"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", ["Hvem fikk hva", "mangler et ja fra: Anders Lie", "bekymring 2", "Sara: ingen fikk noe."]),
        ("nn", ["Kven fekk kva", "manglar eit ja frå: Anders Lie", "uro 2", "Sara: ingen fekk noko."]),
        ("en", ["Who got what", "A yes is lacking from: Anders Lie", "concern 2", "Sara: nobody got anything."]),
    ],
)
def test_the_story_is_told_in_the_readers_language_and_without_colour_into_a_pipe(
    story, language, words, capsys, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "100")
    teller = Teller(Screen(language=language))
    teller.intro()
    for step in story.steps:
        teller.step(step)
    teller.end(story, 1.5, Path("lillevik"))
    out = capsys.readouterr().out
    flat = " ".join(out.split())
    assert [word for word in words if word not in flat] == []
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 100


def test_a_story_that_broke_says_where(story, capsys):
    broken = msgspec.structs.replace(story.steps[3], expected={"two_consents": False})
    teller = Teller(Screen(language="en"))
    teller.step(broken)
    teller.end(msgspec.structs.replace(story, broke="consent"), 1.5, None)
    out = " ".join(capsys.readouterr().out.split())
    assert "this is not how it should go consent.two_consents" in out
    assert "The story stopped at the step “consent”." in out


def test_the_end_says_how_to_open_the_pages_unless_the_story_broke_or_they_are_open(story, capsys):
    ends = {}
    for name, ended, keep, opened in (
        ("gone", story, None, False), ("kept", story, Path("lillevik"), False), ("opened", story, None, True),
        ("broke", msgspec.structs.replace(story, broke="consent"), None, False),
    ):  # fmt: skip
        Teller(Screen(language="en")).end(ended, 1.5, keep, opened=opened)
        ends[name] = " ".join(capsys.readouterr().out.split())
    assert "in the browser: bti demo --open" in ends["gone"]
    assert "in the browser: bti web --config lillevik/gateway.toml" in ends["kept"]
    assert "in the browser" not in ends["opened"]
    assert "Choose Kari" in ends["opened"]
    assert "in the browser" not in ends["broke"]


def test_every_step_has_words_in_three_languages():
    for chapter in CHAPTERS:
        nb, nn, en = TEXTS[f"demo.{chapter.__name__}"]
        assert len({nb, nn, en}) == 3


def _open_flows(monkeypatch):
    monkeypatch.setattr(outlet, "live", lambda *_: frozenset({"nordlogg", "fjordlogg", "skolen", "journal"}))


def _no_protection(monkeypatch):
    monkeypatch.setattr(town, "SETTINGS_TEXT", town.SETTINGS_TEXT.replace('"relation", "protection"', '"relation"'))
    monkeypatch.setattr(placing, "CLOSING", frozenset(placing.CLOSING - {"person"}))


def _last_write_wins(monkeypatch):
    monkeypatch.setattr(World, "owner", lambda *_: "fjordlogg")


def _silent_retractions(monkeypatch):
    def nothing(batch, job):
        job.receipt = Receipt(key=job.key, state="accepted")

    monkeypatch.setattr(outlet, "_retract", nothing)


def _never_tried_again(monkeypatch):
    monkeypatch.setattr(proving, "BACK_OFF", (10**8,))


@pytest.mark.parametrize(
    ("plant", "step"),
    [
        (_open_flows, "school"),
        (_no_protection, "shadow"),
        (_last_write_wins, "conflict"),
        pytest.param(_silent_retractions, "withdrawal", marks=pytest.mark.campaign),
        pytest.param(_never_tried_again, "failure", marks=pytest.mark.campaign),
    ],
)
def test_the_story_does_not_come_out_when_the_engine_does_wrong(tmp_path, monkeypatch, plant, step):
    plant(monkeypatch)
    story = told(tmp_path / "lillevik")
    assert story.broke == step
    assert story.steps[-1].failed


def test_the_command_leaves_with_one_and_names_the_step(monkeypatch, tmp_path):
    script = (
        "import sys\nfrom gateway.run import outlet\nfrom gateway.cli import main\n"
        "outlet.live = lambda *_: frozenset({'nordlogg'})\n"
        "sys.argv = ['bti', 'demo', '--json']\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 1, done.stderr
    document = json.loads(done.stdout)
    assert (document["came_out"], document["broke"]) == (False, "school")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (NOW, date(2026, 11, 18)),
        (datetime(2026, 7, 15, 1, tzinfo=UTC), date(2026, 7, 12)),
        (datetime(2030, 1, 1, tzinfo=UTC), date(2027, 3, 24)),
    ],
)
def test_the_story_is_told_of_days_on_which_the_law_that_ships_is_verified(now, day):
    assert begins(now, CURRENT).date() == day
