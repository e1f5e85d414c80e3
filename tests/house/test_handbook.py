"""The operator's handbook: every command in it runs, and what it shows is what comes on the screen."""

import json

import pytest
from click.testing import CliRunner
from running import LONG, Reader, commands, steps
from source import ROOT, pages, short

CHAPTERS = [page for page in pages() if short(page).startswith("docs/handbok/")]


@pytest.fixture(scope="session")
def names(lillevik):
    """What the handbook's words in capitals stand for: Jonas' case, and his mother in it."""
    from gateway.cli.root import bti  # noqa: PLC0415 - as in conftest

    def told(*words):
        done = CliRunner().invoke(bti, [*words, "--json", "--config", str(lillevik / "gateway.toml")])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    out = told("disclosures", "--from", "2020-01-01T00:00:00Z", "--to", "2099-01-01T00:00:00Z", "--as", "ida")
    case = next(one["case"] for one in out["disclosures"] if one["system"] == "planverk")
    people = told("consent", "show", case, "--as", "kari")["people"]
    return {"SAK": case, "PERSON": next(one["person"] for one in people if one["role"] == "guardian")}


def test_there_is_a_chapter_for_each_thing_that_an_operator_does():
    assert {page.stem for page in CHAPTERS} == {
        "README", "installere", "koble-til", "skyggemaaned", "gaa-i-drift", "daglig-runde", "leverandor-nede",
        "tilbaketrekking", "avvik", "gjenopprette", "fjerne",
    }  # fmt: skip


def test_a_line_that_is_not_printed_and_a_command_that_is_not_there_are_found(tmp_path, lillevik):
    reader = Reader(tmp_path, lillevik=lillevik)
    reader.types(["bti", "--version"])
    assert reader.misses("bti 0.1.0\nbti …\n") == []
    assert reader.misses("bti 9.9.9\nbti 0.1") == ["bti 9.9.9", "bti 0.1"]
    reader.types(["bti", "reparer", "alt"])
    assert reader.status == 2
    assert steps("```sh\na\n```\n\n```text\nb\n```\n\n```text\nc\n```\n") == [("sh", "a\n"), ("text", "b\n")]


@pytest.mark.parametrize("page", CHAPTERS, ids=short)
def test_the_commands_of_a_chapter_run_and_print_what_it_shows(page, tmp_path, lillevik, names, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    reader = Reader(tmp_path, lillevik=lillevik, names=names, LC_ALL="nb_NO.UTF-8")
    blocks = steps(page.read_text("utf-8"))
    if ("sh", "bti demo --keep lillevik\nexport BTI_CONFIG=lillevik/gateway.toml\n") not in blocks:
        reader.types(["bti", "demo", "--keep", "lillevik"])
        reader.types(["export", "BTI_CONFIG=lillevik/gateway.toml"])
    told = ""
    for language, text in blocks:
        if language == "text":
            reader.told = told
            assert reader.misses(text) == [], told
            continue
        told = ""
        for words in commands(text):
            assert reader.types(words) or words[1] in LONG, words
            told += reader.told
            # What a chapter shows being refused says so with a code on the screen.
            assert reader.status in {0, 1, 3} or "[cli.person_unit]" in reader.told, (words, reader.told)
