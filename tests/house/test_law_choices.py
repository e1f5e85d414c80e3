"""What the law leaves open is written down whole: each choice with its alternative and its source, each rule once."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "law-choices.md").read_text(encoding="utf-8")
OURS = "## Rules read otherwise than the table"
RULES = {*(f"B{n}" for n in range(1, 12)), *(f"C{n}" for n in range(1, 27))}


def rows(text):
    """The cells of every row of the tables in a text, their heads left out."""
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for table in tables
        for line in table.splitlines()[2:]
    ]


def otherwise():
    return PAGE.partition(OURS)[2].partition("\n## ")[0]


def test_every_rule_of_the_table_is_said_to_be_read_as_it_stands_or_otherwise():
    read = [rule for row in rows(otherwise()) for rule in re.findall(r"\b[BC]\d+\b", row[0])]
    as_it_stands = re.findall(r"\b[BC]\d+\b", otherwise().partition("does what its line says:")[2].partition("\n")[0])
    assert len({*read, *as_it_stands}) == len(read) + len(as_it_stands), "each once"
    assert {*read, *as_it_stands} == RULES


def test_every_choice_has_an_alternative_and_a_source():
    found = rows(PAGE)
    assert len(found) > 120
    assert [row for row in found if len(row) != 4 or not all(row)] == []
    asked = [row[0] for row in rows(PAGE.replace(OURS + otherwise(), ""))]
    assert [one for one in asked if asked.count(one) > 1] == [], "no choice stands twice"
