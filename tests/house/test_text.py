"""What every file of the project keeps: size, names, places, person numbers, one sentence a line."""

import ast
import re
from pathlib import Path

import pytest
from source import ROOT, code, pages, short, texts

LONGEST_FILE = 400
LONGEST_FUNCTION = 75
BANNED = {"util", "utils", "helper", "helpers", "common", "base", "manager", "handler", "misc"}
# A name that a library or a protocol gives is not ours to change.
GIVEN_NAMES = {"do_HEAD", "url_base"}


def words_of(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+[0-9]*|[A-Z]+(?![a-z])", name)}


def long_functions(source: str) -> list[str]:
    return [
        f"{node.name} has {length} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]


def banned_names(source: str, path: Path) -> list[str]:
    defined = [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)) and node.name not in GIVEN_NAMES
    ]
    return [name for name in [*defined, path.stem, path.parent.name] if words_of(name) & BANNED]


@pytest.mark.parametrize("path", code("gateway", "plugins", "examples", "benchmarks", "docs"), ids=short)
def test_a_file_fits_in_the_head_a_function_on_a_screen_and_names_say_the_thing(path):
    source = path.read_text("utf-8")
    assert source.count("\n") <= LONGEST_FILE
    assert "migrations" in path.parts or not long_functions(source)  # a migration lists a schema, once
    assert not banned_names(source, path)


def test_a_long_function_and_an_idle_name_are_found():
    assert long_functions("def f():\n" + "    x = 1\n" * LONGEST_FUNCTION)
    assert banned_names("class RecordManager: ...", Path("a/b.py")) == ["RecordManager"]
    assert banned_names("", Path("a/string_utils.py")) == ["string_utils"]
    assert not banned_names("class DatabaseUrl: ...\ndef rebase(): ...", Path("a/b.py"))


def _places() -> re.Pattern[str]:
    """Paths of this machine: where the checkout stands, and its user's home. Wherever that is, it is no text of ours."""
    found = {str(ROOT), str(ROOT.parent), str(Path.home())}
    names = [re.escape(place) for place in found if place.count("/") >= 1 and len(place) > 4]
    return re.compile(r"(?<![\w.~-])(?:" + "|".join(names) + r")(?=[/\s\"'`,)]|$)", re.MULTILINE)


def test_no_file_names_a_place_on_this_machine():
    places = _places()
    assert places.search(f"see {ROOT}/gateway")
    assert [short(path) for path in texts() if places.search(path.read_text("utf-8"))] == []


def test_pinned_requirements_name_no_host_and_every_pin_has_a_hash():
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text("utf-8")
        assert not re.search(r"https?://|--(?:extra-)?index-url|--find-links", text), path.name
        pins = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE))
        assert pins
        assert all("--hash=sha256:" in pin for pin in pins if pin.strip()), path.name


def is_person_number(text: str) -> bool:
    """Whether eleven digits are a number that a living person could have: check digits right, month not synthetic."""
    digits = [int(digit) for digit in text]
    if not 1 <= int(text[2:4]) - (40 if int(text[2:4]) > 40 else 0) <= 12 or not 1 <= int(text[:2]) % 40 <= 31:
        return False
    first = sum(weight * digit for weight, digit in zip((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), digits, strict=False)) % 11
    second = sum(weight * digit for weight, digit in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), digits, strict=True)) % 11
    return first in {0, 1, 2, 3} and second == 0


def person_numbers(text: str) -> list[str]:
    return [found for found in re.findall(r"(?<!\d)(?<!\d\.)\d{11}(?!\d|\.\d)", text) if is_person_number(found)]


def test_no_file_holds_a_number_that_a_person_could_have():
    planted = next(text for serial in range(10000) if is_person_number(text := f"010190{serial:05d}"))
    assert person_numbers(f"nummer {planted}.") == [planted]
    assert person_numbers("06821099739 17908599950") == []
    skipped = {"requirements"}
    found = [
        short(path) for path in texts() if not skipped & set(path.parts) and person_numbers(path.read_text("utf-8"))
    ]
    assert found == []


ABBREVIATIONS = re.compile(
    r"\b(?:e\.g|i\.e|jf|nr|no|pkt|art|ca|bl\.a|f\.eks|osv|etc|vs|kap|St|Dr|Inc|approx)\.$", re.IGNORECASE
)


def prose(page: str) -> list[str]:
    """The lines of a page that are sentences: no code, tables or headings."""
    without_code = re.sub(r"^(```|~~~).*?^\1[^\n]*$", "", page, flags=re.MULTILINE | re.DOTALL)
    lines = [re.sub(r"`[^`]*`", "code", line) for line in without_code.splitlines()]
    return [line for line in lines if not re.match(r"\s*(?:\||#|<)", line)]


def crowded(line: str) -> bool:
    """Whether a line holds the end of one sentence and the beginning of another."""
    for end in re.finditer(r"[.!?][)\"*_»]*\s+(?=[A-ZÆØÅ*_\"«`])", line):
        before = line[: end.start() + 1]
        if not re.match(r"^\s*(?:[-*]\s+)?(?:\d+\.|[A-Za-z]\.)$", before) and not ABBREVIATIONS.search(before):
            return True
    return False


@pytest.mark.parametrize("path", pages(), ids=short)
def test_each_sentence_of_a_page_stands_on_its_own_line(path):
    assert [line for line in prose(path.read_text("utf-8")) if crowded(line)] == []


def test_two_sentences_on_a_line_are_found():
    assert crowded("It runs. Then it stops.")
    assert crowded("- It runs (well). *Then* it stops.")
    assert not crowded("1. Then it stops.")
    assert not crowded("See art. 6 and e.g. Klepp.")
    assert prose("```\nA. B.\n```\n| A. B. |\n# A. B.\n") == ["", ""] or not any(
        map(crowded, prose("```\nA. B.\n```\n"))
    )
