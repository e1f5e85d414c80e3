"""Person numbers, by our rules and by the validator that NAV publishes: 300,000 of all kinds."""

import json
from random import Random

import pytest

from gateway.core.identity import kind_of, well_formed

SERIES = {"real": 0, "help": 40, "nhn": 65, "tenor": 80}
SAYS = {
    "fnr": ("fnr", "real"), "dnr": ("dnr", "real"), "hnr": ("help", "unclear"), "dnr-and-hnr": ("help", "unclear"),
    "tnr": ("fnr", "tenor"), "dnr-and-tnr": ("dnr", "tenor"),
}  # fmt: skip

pytestmark = pytest.mark.interop


def heads(chance):
    """Nine digits of every kind: days that are and are not, each series, D-numbers, help numbers, and anything."""
    for _ in range(2800):
        day, month = chance.randrange(32), chance.randrange(14) + chance.choice(list(SERIES.values()))
        yield f"{day + chance.choice((0, 40)):02}{month:02}{chance.randrange(100):02}{chance.randrange(1000):03}"
    for _ in range(200):
        yield f"{chance.randrange(10**9):09}"


def numbers():
    chance = Random(2032)
    return [f"{head}{last:02}" for head in heads(chance) for last in range(100)]


def ours(number):
    kind = kind_of(number)
    return None if well_formed(number) is not None else (kind.name, kind.series)


def theirs(told):
    return SAYS[told["type"]] if told["status"] == "valid" else None


def apart(number):
    """What we know and the validator does not: help numbers of all the country (first digit 8 or 9), and +65."""
    return number[0] in "89" or 66 <= int(number[2:4]) <= 77


def test_what_a_number_is_is_judged_alike(run_node):
    asked = numbers()
    told = [theirs(one) for one in json.loads(run_node("numbers.cjs", json.dumps(asked)))]
    compared = [(ours(number), other) for number, other in zip(asked, told, strict=True) if not apart(number)]
    assert sum(mine != other for mine, other in compared) == 0
    assert sum(mine is not None for mine, _ in compared) > 3_000
    assert {mine for mine, _ in compared if mine is not None} == set(SAYS.values())
    assert not any(other for number, other in zip(asked, told, strict=True) if apart(number))


def test_the_comparison_finds_a_rule_that_is_not_that_of_2032(run_node):
    def old(number):
        return None if kind_of(number).rule_2032 else ours(number)

    asked = [number for number in numbers() if not apart(number)]
    told = [theirs(one) for one in json.loads(run_node("numbers.cjs", json.dumps(asked)))]
    assert any(old(number) != other for number, other in zip(asked, told, strict=True))
