"""Numbers of persons and organisations, and which person a record is about.

Numbers are checked by the rules of the national population register, with the one that holds from 2032: the first
check digit may then leave a remainder of 0 to 3. After that a number tells neither sex nor century, so nothing here
derives a birth date from one. No function puts a number into an error.
"""

import re
from collections.abc import Collection, Iterable
from datetime import date
from operator import mul
from typing import Literal

from msgspec import Struct

Numbers = Literal["synthetic", "production"]
Name = Literal["fnr", "dnr", "help", "fhn", "duf", "organisation", "unknown"]
Series = Literal["real", "tenor", "nhn", "unclear"]
Code = Literal[
    "identity.length", "identity.date", "identity.checksum", "identity.ambiguous", "identity.production_number",
    "identity.synthetic_number",
]  # fmt: skip

_K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_ORGANISATION = (3, 2, 7, 6, 5, 4, 3, 2, 1)
_DUF = (4, 6, 3, 2, 7, 5, 4, 6, 3, 2)
_SERIES: tuple[tuple[int, Name, Series], ...] = (
    (0, "fnr", "real"),
    (40, "help", "unclear"),
    (65, "fnr", "nhn"),
    (80, "fnr", "tenor"),
)
_RAISED = {raised + month: raised for raised, _, _ in _SERIES for month in range(1, 13)}
_NAMED: dict[int, tuple[Name, Series]] = {
    raised + month: (name, series) for raised, name, series in _SERIES for month in range(1, 13)
}
_DIGITS = re.compile(r"[0-9]+")


class NumberKind(Struct, frozen=True, kw_only=True):
    """What a well-formed number is.

    ``name``: ``fnr`` (fødselsnummer), ``dnr`` (D-number), ``help`` (a local help number, or a made-up number of a
    series that adds 40 to the month: the two look the same), ``fhn`` (common help number), ``duf`` (asylum),
    ``organisation``. ``series`` tells whether it can belong to somebody; ``rule_2032`` that only the rule from 2032
    lets it pass.
    """

    name: Name
    series: Series = "real"
    rule_2032: bool = False


UNKNOWN = NumberKind(name="unknown")


def kind_of(number: str) -> NumberKind:
    """What a number is; ``UNKNOWN`` for one that is not well formed.

    Nine digits are an organisation's, eleven a person's, twelve a DUF number. A HPR number has no check digit and
    cannot be told from others by itself: see ``is_hpr``.
    """
    if well_formed(number) is not None:
        return UNKNOWN
    return _kind(number)


def _kind(number: str) -> NumberKind:
    """What a well-formed number is."""
    if len(number) == 9:
        return NumberKind(name="organisation")
    if len(number) == 12:
        return NumberKind(name="duf")
    rule_2032 = _sum(number, _K1) % 11 != 0
    if number[0] in "89":
        return NumberKind(name="fhn", rule_2032=rule_2032)
    name, series = _series(int(number[2:4]))
    if int(number[0]) > 3 and name == "fnr":
        name = "dnr"
    return NumberKind(name=name, series=series, rule_2032=rule_2032)


def well_formed(number: str) -> Code | None:
    """``None``, or what is wrong with a number's form: ``identity.length``, ``.date`` or ``.checksum``."""
    if not _DIGITS.fullmatch(number) or len(number) not in (9, 11, 12):
        return "identity.length"
    if len(number) == 9:
        return None if _sum(number, _ORGANISATION) % 11 == 0 else "identity.checksum"
    if len(number) == 12:
        return None if _duf(number) else "identity.checksum"
    if number[0] not in "89" and not _dated(number):
        return "identity.date"
    if _sum(number, _K1) % 11 > 3 or _sum(number, _K2) % 11 != 0:
        return "identity.checksum"
    return None


def check_number(number: str, *, numbers: Numbers) -> Code | None:
    """``None`` for a person's number that may be used where ``numbers`` says which may; else a code.

    Where numbers are synthetic, one that can belong to somebody is ``identity.production_number``; in production a
    made-up one is ``identity.synthetic_number``. One whose month is raised by 40 could be either, and is
    ``identity.ambiguous`` in both.
    """
    if len(number) == 9:
        return "identity.length"
    wrong = well_formed(number)
    if wrong is not None:
        return wrong
    series = _kind(number).series
    if series == "unclear":
        return "identity.ambiguous"
    if numbers == "synthetic":
        return "identity.production_number" if series == "real" else None
    return "identity.synthetic_number" if series != "real" else None


def is_organisation_number(number: str) -> bool:
    """Whether a number is an organisation's: nine digits that add up by weights 3 2 7 6 5 4 3 2, modulus 11."""
    return len(number) == 9 and well_formed(number) is None


def is_hpr(number: str) -> bool:
    """Whether a number has the form of a HPR number: up to nine digits, the first not 0; no check rule is public."""
    return bool(_DIGITS.fullmatch(number)) and len(number) <= 9 and number[0] != "0"


def synthetic_number(birth_date: date, serial: int) -> str:
    """The ``serial``-th (from 0) made-up number of a birth date in the Tenor series (month raised by 80).

    Dates from 1900 to 2039. Raises ``ValueError`` for others, and for a serial that the date has no number left for
    (each has more than 400).
    """
    if not 1900 <= birth_date.year <= 2039:
        raise ValueError("numbers are made for births from 1900 to 2039")
    if serial < 0:
        raise ValueError("serials start at 0")
    head = f"{birth_date.day:02}{birth_date.month + 80:02}{birth_date.year % 100:02}"
    places = range(499, -1, -1) if birth_date.year < 2000 else range(999, 499, -1)
    left = serial
    for place in places:
        number = _completed(f"{head}{place:03}")
        if number is not None:
            if left == 0:
                return number
            left -= 1
    raise ValueError("the date has no more numbers")


def _completed(nine: str) -> str | None:
    k1 = -_sum(nine, _K1) % 11
    k2 = -_sum(f"{nine}{k1}", _K2) % 11
    return None if 10 in (k1, k2) else f"{nine}{k1}{k2}"


def _sum(number: str, weights: tuple[int, ...]) -> int:
    digits = number.encode("ascii")  # each is 48 more than what it stands for
    return int(sum(map(mul, digits, weights))) - 48 * sum(weights[: len(digits)])


def _series(month: int) -> tuple[Name, Series]:
    return _NAMED[month]


def _dated(number: str) -> bool:
    day, month, year = int(number[:2]) % 40, int(number[2:4]), int(number[4:6])
    raised = _RAISED.get(month)
    if raised is None:
        return False
    # A number tells no century any more, so a leap day of any of them will do: 2000 had one, 1900 and 1800 had not.
    try:
        date(2000 + year, month - raised, day)
    except ValueError:
        return False
    return True


def _duf(number: str) -> bool:
    rest = _sum(number[4:10] + number[:4], _DUF) % 11
    return number[10:] == f"{rest:02}"


class Clue(Struct, frozen=True, kw_only=True):
    """What a record tells about who it is about, or what is known of a person.

    ``links`` are (system, the system's id) pairs; ``numbers`` are person numbers or their keyed pseudonyms, as long as
    both sides use the same. ``name`` is given and family name; it only ever suggests.
    """

    links: frozenset[tuple[str, str]] = frozenset()
    numbers: frozenset[str] = frozenset()
    birth_date: date | None = None
    name: str | None = None


class Match(Struct, frozen=True, kw_only=True):
    """Who it is. Only ``exact`` names a ``person``; the others ask somebody, with ``candidates`` to show.

    ``reason``: ``identity.number``, ``identity.link``, ``identity.two_persons`` (several fit),
    ``identity.number_differs`` (a known link with another number), ``identity.birth_date_differs``,
    ``identity.name_only`` (names and birth dates agree, which is never enough), ``identity.nobody``.
    """

    state: Literal["exact", "ambiguous", "unknown"]
    reason: str
    person: str | None = None
    candidates: tuple[str, ...] = ()


def match(told: Clue, known: Iterable[tuple[str, Clue]]) -> Match:
    """Which of the known persons a record is about. ``known`` are (person id, what is known) pairs.

    A number or an earlier link decides, and only when nothing contradicts it; everything else is a person's call.
    """
    people = sorted(known, key=lambda pair: pair[0])
    linked = [(person, clue) for person, clue in people if clue.links & told.links]
    numbered = [(person, clue) for person, clue in people if clue.numbers & told.numbers]
    found = dict((*linked, *numbered))
    if len(found) > 1:
        return Match(state="ambiguous", reason="identity.two_persons", candidates=tuple(sorted(found)))
    if found:
        ((person, clue),) = found.items()
        if told.numbers and clue.numbers and not numbered:
            return Match(state="ambiguous", reason="identity.number_differs", candidates=(person,))
        if _differ(told.birth_date, clue.birth_date):
            return Match(state="ambiguous", reason="identity.birth_date_differs", candidates=(person,))
        return Match(state="exact", reason="identity.number" if numbered else "identity.link", person=person)
    alike = tuple(person for person, clue in people if _alike(told, clue))
    if alike:
        return Match(state="ambiguous", reason="identity.name_only", candidates=alike)
    return Match(state="unknown", reason="identity.nobody")


def _differ(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one != other


def _alike(told: Clue, clue: Clue) -> bool:
    """Whether names and birth dates agree, and no number says otherwise."""
    if not told.name or not clue.name or told.birth_date is None or told.birth_date != clue.birth_date:
        return False
    return not (told.numbers and clue.numbers) and _folded(told.name) == _folded(clue.name)


_FOLDS = str.maketrans({"å": "aa", "ø": "o", "æ": "ae", "ö": "o", "ä": "ae", "é": "e", "-": " ", ",": " "})


def _folded(name: str) -> tuple[str, ...]:
    """A name's words in order, in the writing that systems without Norwegian letters fall back on."""
    return tuple(sorted(name.casefold().translate(_FOLDS).split()))


def refused(numbers_told: Collection[str], *, numbers: Numbers) -> Code | None:
    """The first code that any of several numbers is refused by."""
    return next((code for number in numbers_told if (code := check_number(number, numbers=numbers))), None)
