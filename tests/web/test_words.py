"""The web's words: each code that a page names is there, in three languages, with the same facts."""

import ast
import re
from hashlib import sha256
from pathlib import Path

from gateway.core.deadlines import DEFAULTS
from gateway.run.loosening import LIFTABLE
from gateway.run.settling import ANSWERS
from gateway.web import words
from gateway.web.rendering import MENU, STATIC

WEB = Path(words.__file__).parents[1]
ROOT = WEB.parents[1]


def test_every_text_is_in_three_languages_with_the_same_facts():
    for module in words.MODULES:
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


LOOKS = {"looked", "kept_out", "need_to_know", "opened", "_opened"}
"""The calls that write down what somebody looked at."""
WRITES = re.compile(r'"act":|act=|change_case|what="|opened\(')
"""What stands in a module that writes to the log; to take all of them apart would take longer than all else here."""


def written():
    """What the gateway writes to its log: what was looked at, and what was done, the beginning of each that is made."""
    looks, acts = set(), set()
    for path in (ROOT / "gateway").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if WRITES.search(text) else ():
            called = node.func if isinstance(node, ast.Call) else None
            name = getattr(called, "id", getattr(called, "attr", ""))
            if name in LOOKS and "store" not in path.parts:
                told = [*node.args[1:2], *(one.value for one in node.keywords if one.arg == "what")]
                looks |= {one.value for one in told if isinstance(one, ast.Constant) and isinstance(one.value, str)}
            if name == "change_case" and len(node.args) > 3:
                acts.add(begins(node.args[3]))
            if name in {"_act", "perform"} and path.parent.name == "run":
                acts |= {f"baton.{one.value.value}" for one in node.keywords if one.arg == "act"}
            if isinstance(node, ast.Dict) and "core" not in path.parts and "observing" not in path.parts:
                keys = [getattr(key, "value", None) for key in node.keys]
                acts |= {begins(node.values[keys.index("act")]) for _ in [0] if "act" in keys}
    return looks, {one for one in acts if one} | set(LIFTABLE.values())


def begins(node):
    """What a text is, or begins with; empty where it is told by something else."""
    parts = node.values if isinstance(node, ast.JoinedStr) else node.elts if isinstance(node, ast.Tuple) else [node]
    first = parts[0].value if parts and isinstance(parts[0], ast.Constant) else ""
    return first.rstrip(".") if isinstance(first, str) else ""


def test_whatever_is_written_to_the_log_has_words():
    looks, acts = written()
    assert len(looks) > 20
    assert len(acts) > 30
    assert sorted(one for one in looks if not words.look(one, "nb")) == []
    known = tuple(words.texts())
    bare = [one for one in acts if not words.entry(one, "nb")]
    assert [one for one in bare if not any(code.startswith(f"logged.{one}.") for code in known)] == []


def test_an_act_that_has_no_words_of_its_own_is_told_by_what_it_begins_with():
    assert words.entry("task.adoption.ours", "nb") == words.entry("task", "nb")
    assert words.entry("report.confirmed", "nn") == "barnevernet har stadfesta ei melding"
    assert words.entry("nothing.known", "en") == ""


def test_a_status_that_a_system_answers_is_told_by_its_number():
    assert words.fault("http.503", "nb") == "Systemet svarte 503."
    assert words.fault("http.timeout", "en") != "http.timeout"
    assert words.fault("http.x", "nb") == "http.x"


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
