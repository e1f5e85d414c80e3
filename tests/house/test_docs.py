"""The pages keep what they say: links lead somewhere, and what they show is run (``make docs-check`` sees drift)."""

import ast
import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml
from running import Reader
from source import ROOT, code, pages, short

from gateway.run.settings import parse_settings

BLOCK = re.compile(r"^```(\w+)?[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = {"sh", "toml", "json", "yaml", "python", "text", "http", "sql", "ini", "csv", "xml", None}
# A page whose Python blocks belong together is run as one program.
RAISERS = {
    "Fault", "Refused", "Unreachable", "Uncertain", "Misconfigured", "StoreError", "Problem", "NotCertifiable",
    "SettingsFault", "FileFault", "YamlFault", "Stopped", "Finding", "ActFault", "Flaw", "_Fault", "Refusal",
}  # fmt: skip
CODE = re.compile(r"[a-z]+(?:\.[a-z0-9_]+)+")


def blocks(page: Path, language: str) -> list[str]:
    return [text for found, text in BLOCK.findall(page.read_text("utf-8")) if found == language]


@pytest.mark.parametrize("page", pages(), ids=short)
def test_a_page_shows_only_what_can_be_checked_and_its_links_lead_somewhere(page):
    text = page.read_text("utf-8")
    assert {found or None for found, _ in BLOCK.findall(text)} <= SHOWN
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", BLOCK.sub("", text)):
        assert (page.parent / target).exists(), target


def test_every_page_can_be_found_from_the_index():
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    named = set(re.findall(r"\]\(([^)#]+)\)", index))
    told = {path.relative_to(ROOT / "docs").as_posix() for path in pages() if path.is_relative_to(ROOT / "docs")}
    assert {page for page in told if not page.startswith(("decisions/", "README"))} - named == set()


@pytest.mark.parametrize("page", [page for page in pages() if blocks(page, "toml")], ids=short)
def test_settings_shown_on_a_page_are_right(page):
    for text in blocks(page, "toml"):
        table = tomllib.loads(text)
        if "tenant" in table:
            assert parse_settings(text, file=Path("/srv/gateway.toml"))


@pytest.mark.parametrize("page", [page for page in pages() if blocks(page, "json") or blocks(page, "yaml")], ids=short)
def test_json_and_yaml_shown_on_a_page_are_well_formed(page):
    for text in blocks(page, "json"):
        json.loads(text)
    for text in blocks(page, "yaml"):
        list(yaml.safe_load_all(text))


def calls(page: Path) -> list[list[str]]:
    """The ``bti`` commands of a page, in their order."""
    lines = [line for text in blocks(page, "sh") for line in text.replace("\\\n", " ").splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("bti ")]


# The story of the demo has its own test; the handbook's commands are tried with what it says they print.
GUIDES = [
    page
    for page in pages()
    if calls(page) and short(page).startswith(("README", "docs/tutorial", "docs/how-to", "docs/personvern"))
]


@pytest.mark.parametrize("page", GUIDES, ids=short)
def test_the_commands_of_a_page_run_in_their_order(page, tmp_path, lillevik, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("docs", "plugins", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    reader = Reader(tmp_path, lillevik=lillevik)
    for call in calls(page):
        if reader.types(["bti", *call]):
            assert reader.status in {0, 1}, (call, reader.told)


@pytest.mark.parametrize("page", [page for page in pages() if "make " in page.read_text("utf-8")], ids=short)
def test_every_target_of_make_that_a_page_names_is_there(page):
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert named <= targets


def codes_in(source: str) -> set[str]:
    """The codes of faults that a module can raise or tell."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in RAISERS:
                values = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "code")]
                found |= {
                    value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)
                }
    return {code for code in found if CODE.fullmatch(code)}


def test_the_codes_of_a_module_are_found():
    assert codes_in('raise Fault("a.b", "$.x")\nProblem(code="c.d_e")\nraise ValueError("e.f")') == {"a.b", "c.d_e"}


def test_every_code_that_a_fault_can_have_is_on_a_page():  # a plugin's on its own
    told = "\n".join(page.read_text("utf-8") for page in pages())
    raised = {
        (code_, short(path)) for path in code("gateway", "plugins") for code_ in codes_in(path.read_text("utf-8"))
    }
    assert sorted((code_, path) for code_, path in raised if f"`{code_}`" not in told) == []
