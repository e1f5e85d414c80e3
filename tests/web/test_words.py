"""The web's words: each code that a page names is there, in three languages, with the same facts."""

import ast
import re
from hashlib import sha256
from pathlib import Path

from gateway.core.deadlines import DEFAULTS
from gateway.run.settling import ANSWERS
from gateway.web import words
from gateway.web.rendering import MENU, STATIC
from gateway.web.words import answers, case, frame, records, tasks

WEB = Path(words.__file__).parents[1]
ROOT = WEB.parents[1]


def test_every_text_is_in_three_languages_with_the_same_facts():
    for module in (frame, tasks, answers, case, records):
        for code, said in module.TEXTS.items():
            assert len(said) == 3, code
            assert all(text.strip() for text in said), code
            assert len({frozenset(re.findall(r"{(\w+)}", text)) for text in said}) == 1, code


def test_every_kind_of_task_and_every_answer_has_words_and_says_what_it_does():
    known = words.texts()
    for kind, possible in ANSWERS.items():
        assert f"task.{kind}" in known
        assert f"task.{kind}.about" in known
        for answer in possible:
            assert f"answer.{answer}" in known
            assert f"answer.{answer}.does" in known


def test_what_the_gate_asks_and_every_deadline_has_words():
    known = words.texts()
    asked = {
        node.value.value
        for path in (ROOT / "gateway").rglob("*.py")
        if "core" in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "task" and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }  # fmt: skip
    assert len(asked) > 5
    assert [one for one in asked if f"gate.{one}" not in known] == []
    assert [one for one in DEFAULTS if f"deadline.{one}" not in known] == []


def test_every_code_that_a_template_names_has_words():
    known = words.texts()
    named = set()
    for path in (WEB / "templates").glob("*.html"):
        named |= set(re.findall(r"""\bt\(["']([a-z_.]+)["'][,)]""", path.read_text(encoding="utf-8")))
    assert len(named) > 60
    assert sorted(named - known.keys()) == []
    assert [code for _, code, _ in MENU if code not in known] == []


def test_what_is_vendored_is_what_its_page_says():
    rows = re.findall(
        r"^\| `([\w.-]+)` \|.*\| `([0-9a-f]{64})` \|$", (STATIC / "vendored" / "README.md").read_text(), re.MULTILINE
    )
    held = {path.name for path in (STATIC / "vendored").iterdir()} - {"README.md"}
    assert {name for name, _ in rows} == held
    for name, told in rows:
        assert sha256((STATIC / "vendored" / name).read_bytes()).hexdigest() == told
