"""The whole answers on the named scenes are what stands in the table, and the second engine gives its part of them."""

import answers
import pytest
from answers import Row, answered, choices, read, starts, told
from compare import shape
from neighbours import moved
from second_engine import decide as second

from gateway.core.consent import decide

TABLE = list(read())


def scene_of(row: Row) -> dict[str, object]:
    scene = starts()[row.name[0]]
    for choice in row.name[1:]:
        if choice not in answers.HOUR or scene["need"] is not None:
            scene = moved(scene, choices()[choice])
    return scene


def test_each_scene_is_answered_as_the_table_says() -> None:
    assert len(TABLE) > 500
    assert [(row.name, told(answered(row))) for row, _ in TABLE] == [(row.name, answer) for row, answer in TABLE]


def test_the_second_engine_answers_them_so_too() -> None:
    asked = [row for row, _ in TABLE if not any(one.startswith((answers.UNREAD, answers.GONE)) for one in row.name)]
    assert [row.name for row in asked if shape(answered(row)) != second(scene_of(row))] == []


def test_what_was_asked_before_on_the_same_facts_changes_no_answer() -> None:
    """Each question of the table is put to each eighth's facts, after others and alone."""
    asked = [row for row, _ in TABLE]
    for row in asked[::8]:
        for other in asked[:: len(asked) // 40]:
            made = decide(row.facts, other.ask, other.fields, row.rules)
            assert made == answered(row._replace(ask=other.ask, fields=other.fields)), (row.name, other.name)


def test_a_name_that_means_nothing_is_no_row() -> None:
    with pytest.raises(KeyError):
        answers.row(("C1", "no such choice"))
    with pytest.raises(AssertionError):
        answers.row(("C1", f"{answers.UNREAD}NOTHING"))
