"""The frame of the command line: options anywhere, exit statuses, one document on standard output, no foreign text."""

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from gateway.cli import (
    words,
    words_asked_back,
    words_baton,
    words_crossing,
    words_doctor,
    words_help,
    words_report,
)
from gateway.cli.frame import Frame, conclude
from gateway.cli.problem import Problem, Problems
from gateway.cli.root import COMMANDS, bti
from gateway.cli.screen import Screen
from gateway.cli.verb import Verbs, verb
from gateway.run import rights
from gateway.run.settings import Person
from gateway.run.texts import lawdoc, privacy, privacy_family, privacy_measures, privacy_points, privacy_risks, told
from gateway.run.texts import statistics as statistics_texts
from gateway.sdk.errors import Refused, Unreachable
from gateway.store.errors import Busy, StoreError

CONTRACT = [
    "init",
    "check",
    "doctor",
    "session-list",
    "session-revoke",
    "demo",
    "plan",
    "sync",
    "run",
    "web",
    "flows",
    "status",
    "metrics",
    "decide",
    "explain",
    "disclosures",
    "access",
    "language-list",
    "language-template",
    "language-check",
    "statistics",
    "law-show",
    "preview-withdraw",
    "preview-grant",
    "preview-rule",
    "erase",
    "history-prune",
    "simulate",
    "flow-approve",
    "flow-shadow",
    "flow-pause",
    "flow-resume",
    "tasks-list",
    "tasks-coming",
    "tasks-show",
    "tasks-resolve",
    "tasks-hand",
    "tasks-rest",
    "consent-record",
    "consent-withdraw",
    "consent-refuse",
    "consent-show",
    "block-set",
    "block-lift",
    "baton-show",
    "baton-offer",
    "baton-accept",
    "baton-decline",
    "baton-withdraw",
    "baton-end",
    "baton-correct",
    "restriction-list",
    "restriction-lift",
    "fact-record",
    "crossing-show",
    "crossing-begin",
    "crossing-decline",
    "crossing-move",
    "privacy-record",
    "privacy-dpia",
    "privacy-family",
    "law-show",
    "log-print",
    "report-file",
    "report-list",
    "report-send",
    "report-confirm",
    "report-print",
    "report-count",
    "audit-verify",
    "audit-export",
    "audit-checkpoint",
    "audit-restored",
    "keys-init",
    "keys-rotate",
    "adapter-list",
    "adapter-new",
    "adapter-certify",
    "adapter-simulate",
    "map-test",
]


def leaves(group=bti, path=()):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, Verbs):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command


def called(*args, **environment):
    return CliRunner().invoke(bti, list(args), env={"LC_ALL": "C", **environment})


def test_every_command_of_the_contract_is_there_under_its_name():
    assert {"-".join(path) for path, _ in leaves()} == set(CONTRACT)


@pytest.mark.parametrize("path", [path for path, _ in leaves()], ids=" ".join)
def test_a_command_tells_its_help(path):
    told = called(*path, "--help")
    assert told.exit_code == 0
    assert "--config" in told.stdout
    assert "--json" in told.stdout
    assert "--as" in told.stdout


@pytest.mark.parametrize("args", [
    ["--json", "check"], ["check", "--json"], ["--config", "none.toml", "check", "--json"], ["check", "--config", "none.toml", "--json"],
])  # fmt: skip
def test_options_stand_before_or_after_the_name(args, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = called(*args)
    assert told.exit_code == 2
    (error,) = json.loads(told.stdout)["errors"]
    assert error["code"] == "settings.missing"
    assert ("none.toml" in error["where"]) == ("none.toml" in args)


def test_what_stands_after_the_name_wins_and_the_environment_comes_last(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "b.toml" in called("--config", "a.toml", "check", "--config", "b.toml", BTI_CONFIG="c.toml").stderr
    assert "a.toml" in called("--config", "a.toml", "check", BTI_CONFIG="c.toml").stderr
    assert "c.toml" in called("check", BTI_CONFIG="c.toml").stderr
    assert "gateway.toml" in called("check").stderr


def test_a_call_that_is_wrong_leaves_with_two():
    for args in (
        ["chek"],
        ["decide"],
        ["flow", "approve", "a"],
        ["sync", "--sistem", "x"],
        ["simulate", "--children", "0"],
    ):
        assert called(*args).exit_code == 2, args


def framed(json_wanted=False):
    return Frame(config=Path("gateway.toml"), json=json_wanted, acting=None, language="en")


def raiser(error):
    def work():
        raise error

    return work


SECRET = "hemmelig 06821099739"
RAISED = {
    "a wrong call": (Problem("cli.name"), 2),
    "several, the gravest of which is wrong": (Problems([Problem("a.b", status=3), Problem("cli.name")]), 2),
    "a busy lane": (Busy("lane"), 3),
    "a full disk": (StoreError("store.full"), 3),
    "a key that is wrong": (StoreError("store.key"), 2),
    "a system that does not answer": (Unreachable("http.timeout"), 3),
    "a system that says no": (Refused("http.422"), 2),
    "an exception with a value in it": (ValueError(SECRET), 3),
    "a key error with a value in it": (KeyError(SECRET), 3),
    "an exception that takes a value for a code": (type("Vendor", (Exception,), {"code": SECRET})(), 3),
    "an interrupt": (KeyboardInterrupt(), 3),
}


@pytest.mark.parametrize("what", RAISED)
@pytest.mark.parametrize("json_wanted", [True, False])
def test_what_is_raised_becomes_a_status_and_words_for(what, json_wanted, capsys):
    error, status = RAISED[what]
    assert conclude(framed(json_wanted), raiser(error)) == status
    told = capsys.readouterr()
    assert "hemmelig" not in told.out + told.err
    assert "06821099739" not in told.out + told.err
    assert told.err
    if json_wanted and not isinstance(error, KeyboardInterrupt):
        assert json.loads(told.out)["errors"]
    else:
        assert told.out == ""


def test_an_unforeseen_error_names_the_place_and_nothing_of_what_was_in_hand(capsys):
    conclude(framed(), lambda: words.language(7))
    told = capsys.readouterr().err
    assert re.search(r"gateway\.cli\.words:\d+", told)


def test_the_answer_is_one_document_and_messages_stay_out_of_it():
    @verb("check")
    def shown(frame):
        frame.say("check.fine")
        with frame.progress("simulate.progress", total=3) as move:
            move(1)
        frame.answer({"a": "æ"}, lambda screen: screen.line("for people"))
        frame.needs_person()

    told = CliRunner().invoke(shown, ["--json"], env={"LC_ALL": "nn_NO.UTF-8"})
    assert (json.loads(told.stdout), told.stderr, told.exit_code) == ({"a": "æ"}, "Alt er i orden.\n", 1)
    assert CliRunner().invoke(shown, [], env={"LC_ALL": "C"}).stdout == "for people\n"


def test_a_table_fits_the_terminal_and_takes_nothing_for_markup(monkeypatch):
    @verb("check")
    def shown(frame):
        frame.answer(
            None, lambda screen: screen.table(("head.code", "head.what"), [("[red]x[/red]\x1b[31m", "lang " * 60)])
        )

    told = CliRunner().invoke(shown, [], env={"COLUMNS": "50", "LC_ALL": "C"}).stdout
    assert max(map(len, told.splitlines())) <= 50
    assert "[red]x[/red]" in told
    assert "\x1b" not in told


@pytest.mark.parametrize(("value", "language"), [
    ("nb_NO.UTF-8", "nb"), ("no_NO", "nb"), ("nn_NO.UTF-8", "nn"), ("nn", "nn"), ("en_GB", "en"), ("C.UTF-8", "en"), ("", "en"), ("se_NO", "en"),
])  # fmt: skip
def test_the_language_is_the_caller_s(value, language):
    assert words.language({"LANG": value}) == language
    assert words.language({"LANG": "C", "LC_ALL": value}) == (language if value else "en")


@pytest.mark.parametrize(
    "texts",
    [
        words.MESSAGES,
        words_help.TEXTS,
        told.TEXTS,
        words_crossing.TEXTS,
        words_asked_back.TEXTS,
        words_baton.TEXTS,
        statistics_texts.TEXTS,
        lawdoc.TEXTS,
        words_report.TEXTS,
        words_doctor.TEXTS,
        words_doctor.DO,
        *(one.TEXTS for one in (privacy, privacy_family, privacy_measures, privacy_points, privacy_risks)),
        words.faults(),
    ],
)
def test_every_text_is_in_three_languages_with_the_same_facts(texts):
    for code, said in texts.items():
        assert len(said) == 3, code
        assert all(text.strip() for text in said), code
        assert len({frozenset(re.findall(r"{(\w+)}", text)) for text in said}) == 1, code


def test_rights_are_denied_by_default_and_loosening_takes_more_than_tightening():
    everyone = {role: Person(role=role) for role in ("operator", "coordinator", "leader", "privacy")}
    assert not any(rights.may(person, "anything") for person in everyone.values())
    assert rights.ACTS["flow.resume"] < rights.ACTS["flow.pause"]
    assert rights.ACTS["block.lift"] < rights.ACTS["block.set"]
    assert not rights.may(everyone["operator"], "tasks.show")
    assert rights.may(everyone["leader"], "flow.approve")


def test_a_bare_group_with_a_default_does_it_and_one_without_tells_its_help(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "settings.missing" in called("tasks").stderr
    assert "approve" in called("flow").output


def test_commands_are_listed_without_importing_one():
    program = "import sys\nfrom gateway.cli import main\nsys.argv = ['bti', '--help']\ntry:\n main()\nexcept SystemExit: pass\nprint([m for m in sys.modules if m.split('.')[0] in {'rich', 'pydantic', 'sqlalchemy', 'httpx', 'msgspec', 'yaml', 'cryptography'} or 'cli.commands' in m])"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"


def test_help_starts_fast():
    def seconds(*args):
        """Processor time of the fastest of five: others on the machine only ever add."""
        taken = []
        for _ in range(5):
            begun = os.times()
            subprocess.run([sys.executable, *args], capture_output=True, check=True)
            ended = os.times()
            taken.append(sum(ended[2:4]) - sum(begun[2:4]))
        return min(taken)

    # 0.3 s on a machine where a bare start takes about 0.015 s.
    assert seconds("-m", "gateway.cli", "--help") < 20 * max(seconds("-I", "-c", "pass"), 0.015)


def test_a_shell_is_given_completions():
    environment = {**os.environ, "_BTI_COMPLETE": "bash_complete", "COMP_WORDS": "bti flow a", "COMP_CWORD": "2"}
    told = subprocess.run(
        [sys.executable, "-c", "from gateway.cli import main; main()"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert "approve" in told.stdout


def test_a_command_s_help_stands_in_the_catalogue_under_its_path():
    def paths(table, above=()):
        for name, entry in table.items():
            if name:
                yield " ".join([*above, name])
                if not isinstance(entry, str):
                    yield from paths(entry, (*above, name))

    modules = (import_module(name if "." in name else f"gateway.cli.{name}") for name in words.HELP)
    known = {name for module in modules for name in module.TEXTS}
    assert [path for path in paths(COMMANDS) if path not in known] == []


@pytest.mark.parametrize(
    ("told", "drawn"),
    [
        ("2026-11-18T10:00:00+00:00", "2026-11-18 11:00"),
        ("2026-07-01T23:30:59.123456Z", "2026-07-02 01:30"),
        ("2026-11-18", "2026-11-18"),
        ("2026-11-18T10:00:00", "2026-11-18T10:00:00"),
        ("2026-11-38T10:00:00+00:00", "2026-11-38T10:00:00+00:00"),
    ],
)
def test_a_table_shows_instants_as_the_clock_on_the_wall(told, drawn, capsys):
    Screen(language="en").table(["head.at"], [[told]])
    assert drawn in capsys.readouterr().out


@pytest.mark.parametrize(("columns", "whole"), [("100", True), ("80", False)])
def test_an_id_stands_whole_where_there_is_room_and_no_day_is_ever_broken(columns, whole, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", columns)
    name, day = "cd822a467f62e843d0065a8e973ed522", "2026-12-03"
    heads = ("head.task", "head.kind", "head.list", "head.deadline", "head.owner", "head.system", "head.record")
    Screen(language="nb").table(heads, [(name, "gate", "", day, "kari", "", "afc611ceb60d16ff6525")])
    told = capsys.readouterr().out
    assert day in told
    assert (name in told) is whole
