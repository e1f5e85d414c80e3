"""Numbers by the register's rules, and no automatic match on doubt."""

import csv
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.core.identity import (
    UNKNOWN,
    Clue,
    check_number,
    is_hpr,
    is_organisation_number,
    kind_of,
    match,
    refused,
    synthetic_number,
    well_formed,
)

BIRTHS = st.dates(date(1900, 1, 1), date(2039, 12, 31))
SERIALS = st.integers(0, 399)


def _real(number: str) -> str:
    """A made-up number without its mark, made at run time since none may stand in a file."""
    month = int(number[2:4]) - 80
    for place in range(1000):
        nine = f"{number[:2]}{month:02}{number[4:6]}{place:03}"
        for end in range(100):
            if well_formed(f"{nine}{end:02}") is None and kind_of(f"{nine}{end:02}").series == "real":
                return f"{nine}{end:02}"
    raise AssertionError


def test_the_registers_own_ten_vectors(shared_data):
    text = (shared_data / "skatteetaten" / "foedselsnummer.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 10
    for row in rows:
        number = row["fødselsnummer"]
        valid = well_formed(number) is None
        assert valid == (row["erGyldig"] == "true"), row["beskrivelse"]
        if valid:
            synthetic = row["erSyntetisk"] == "true"
            assert (kind_of(number).series != "real") == synthetic, row["beskrivelse"]
            assert (kind_of(number).name == "dnr") == ("D-nummer" in row["beskrivelse"]), row["beskrivelse"]
            assert kind_of(number).rule_2032 == ("2032" in row["beskrivelse"]), row["beskrivelse"]


@given(BIRTHS, SERIALS)
def test_every_made_up_number_is_taken_where_numbers_are_synthetic_and_nowhere_else(born, serial):
    number = synthetic_number(born, serial)
    assert check_number(number, numbers="synthetic") is None
    assert check_number(number, numbers="production") == "identity.synthetic_number"
    assert kind_of(number).series == "tenor"
    assert int(number[2:4]) == born.month + 80


@given(BIRTHS, SERIALS, SERIALS)
def test_serials_give_different_numbers(born, one, other):
    assume(one != other)
    assert synthetic_number(born, one) != synthetic_number(born, other)


@given(BIRTHS, SERIALS, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_nearly_always_seen_and_never_told(born, serial, place, add):
    number = synthetic_number(born, serial)
    changed = number[:place] + str((int(number[place]) + add) % 10) + number[place + 1 :]
    code = check_number(changed, numbers="synthetic")
    if code is not None:
        assert not any(character.isdigit() for character in code)
    if place == 10:
        assert code == "identity.checksum"


def test_a_number_of_somebody_is_refused_where_numbers_are_synthetic():
    number = _real(synthetic_number(date(2014, 5, 2), 0))
    assert check_number(number, numbers="synthetic") == "identity.production_number"
    assert check_number(number, numbers="production") is None


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "identity.length"),
        ("1781859995", "identity.length"),
        ("179085999500", "identity.checksum"),
        ("1790859995x", "identity.length"),
        ("１７９０８５９９９５０", "identity.length"),
        (" 7908599950", "identity.length"),
        ("17908599951", "identity.checksum"),
        ("32908599950", "identity.date"),
        ("17938599950", "identity.date"),
        ("00908599950", "identity.date"),
        ("17608599950", "identity.date"),
        ("123455789", "identity.length"),
    ],
)
def test_what_is_wrong_is_told_by_a_code(number, code):
    assert check_number(number, numbers="synthetic") == code


def test_a_month_raised_by_forty_could_be_either_and_is_refused_in_both():
    number = next(
        f"175085{end:05}"
        for end in range(100_000)
        if well_formed(f"175085{end:05}") is None and kind_of(f"175085{end:05}").name == "help"
    )
    assert check_number(number, numbers="synthetic") == "identity.ambiguous"
    assert check_number(number, numbers="production") == "identity.ambiguous"


def test_a_made_up_d_number_is_both():
    number = next(f"578285{end:05}" for end in range(100_000) if well_formed(f"578285{end:05}") is None)
    assert (kind_of(number).name, kind_of(number).series) == ("dnr", "tenor")


@pytest.mark.parametrize(("number", "valid"), [("123455788", False), ("974760673", True), ("97476067", False)])
def test_an_organisations_number_adds_up(number, valid):
    assert is_organisation_number(number) is valid


@pytest.mark.parametrize(
    ("number", "valid"), [("9144889", True), ("0144889", False), ("", False), ("1234567890", False), ("12a", False)]
)
def test_a_hpr_number_has_a_form_and_no_check_digit(number, valid):
    assert is_hpr(number) is valid


def test_a_duf_number_adds_up():
    head = "201234567"
    good = [f"{head}8{end:02}" for end in range(100) if well_formed(f"{head}8{end:02}") is None]
    assert len(good) == 1
    assert kind_of(good[0]).name == "duf"
    assert check_number(good[0], numbers="synthetic") == "identity.production_number"


@given(st.text(max_size=13))
def test_no_text_makes_it_raise(text):
    assert check_number(text, numbers="production") is None or kind_of(text) == UNKNOWN or text.isascii()


def test_births_that_no_number_is_made_for_are_refused():
    for born, serial in (
        (date(1899, 12, 31), 0),
        (date(2040, 1, 1), 0),
        (date(2000, 1, 1), -1),
        (date(2000, 1, 1), 999),
    ):
        with pytest.raises(ValueError, match=r"."):
            synthetic_number(born, serial)


def test_several_numbers_are_refused_by_the_first_that_is_wrong():
    good = synthetic_number(date(2014, 5, 2), 0)
    assert refused([good, "1"], numbers="synthetic") == "identity.length"
    assert refused([good], numbers="synthetic") is None


BORN = date(2014, 5, 2)
KARI = ("kari", Clue(links=frozenset({("a", "1")}), numbers=frozenset({"n1"}), birth_date=BORN, name="Kari Åse Dal"))
OLA = ("ola", Clue(links=frozenset({("a", "2")}), numbers=frozenset({"n2"}), birth_date=BORN, name="Ola Dal"))
BARE = ("bare", Clue(links=frozenset({("b", "9")}), birth_date=BORN, name="Per Øy"))
TWIN = ("twin", Clue(numbers=frozenset({"n1"})))


def _clue(number=None, link=None, born=None, name=None) -> Clue:
    return Clue(
        numbers=frozenset({number} if number else ()),
        links=frozenset({link} if link else ()),
        birth_date=born,
        name=name,
    )


@pytest.mark.parametrize(
    ("told", "known", "state", "reason", "who"),
    [
        (_clue("n1"), [KARI, OLA], "exact", "identity.number", ["kari"]),
        (_clue(link=("a", "2")), [KARI, OLA], "exact", "identity.link", ["ola"]),
        (_clue("n1", ("a", "1"), BORN), [KARI, OLA], "exact", "identity.number", ["kari"]),
        (_clue("n9", ("b", "9")), [KARI, BARE], "exact", "identity.link", ["bare"]),
        (_clue("n1", ("a", "2")), [KARI, OLA], "ambiguous", "identity.two_persons", ["kari", "ola"]),
        (_clue("n1"), [KARI, TWIN], "ambiguous", "identity.two_persons", ["kari", "twin"]),
        (_clue("n9", ("a", "1")), [KARI, OLA], "ambiguous", "identity.number_differs", ["kari"]),
        (_clue("n1", born=date(2014, 5, 3)), [KARI], "ambiguous", "identity.birth_date_differs", ["kari"]),
        (_clue(born=BORN, name="Dal, Kari Aase"), [KARI, OLA], "ambiguous", "identity.name_only", ["kari"]),
        (_clue("n9", born=BORN, name="Per Oy"), [BARE, KARI], "ambiguous", "identity.name_only", ["bare"]),
        (_clue("n9", born=BORN, name="Ola Dal"), [KARI, OLA], "unknown", "identity.nobody", []),
        (_clue(name="Ola Dal"), [KARI, OLA], "unknown", "identity.nobody", []),
        (_clue("n9"), [KARI, OLA], "unknown", "identity.nobody", []),
        (_clue(), [KARI, OLA], "unknown", "identity.nobody", []),
        (_clue("n1"), [], "unknown", "identity.nobody", []),
    ],
)
def test_who_it_is(told, known, state, reason, who):
    found = match(told, known)
    assert (found.state, found.reason) == (state, reason)
    assert ([found.person] if found.person else list(found.candidates)) == who


CLUES = st.builds(
    _clue,
    st.sampled_from([None, "n1", "n2"]),
    st.sampled_from([None, ("a", "1"), ("a", "2")]),
    st.sampled_from([None, BORN, date(2015, 1, 1)]),
    st.sampled_from([None, "Kari Dal", "Ola Dal"]),
)


@given(CLUES, st.lists(st.tuples(st.sampled_from(["p", "q", "r"]), CLUES), unique_by=lambda pair: pair[0]))
def test_a_match_rests_on_a_number_or_a_link_and_on_nothing_that_contradicts_it(told, known):
    found = match(told, known)
    assert found == match(told, reversed(known))
    if found.state == "exact":
        clue = dict(known)[found.person]
        assert clue.numbers & told.numbers or clue.links & told.links
        assert not (clue.numbers and told.numbers) or clue.numbers & told.numbers
        assert None in (clue.birth_date, told.birth_date) or clue.birth_date == told.birth_date
        others = [other for person, other in known if person != found.person]
        assert not any(other.numbers & told.numbers or other.links & told.links for other in others)
    else:
        assert found.person is None
