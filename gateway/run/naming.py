"""Whom a reading names: the person it tells of, whose cases it belongs to, and by which numbers."""

from collections.abc import Collection, Iterable, Mapping

from gateway.core.casefile import CaseFile
from gateway.sdk import Raw, Reading


def first(each: list[Reading]) -> int:
    """Records that tell of a case come before those that only belong to one."""
    return 0 if any(one.kind == "case" for one in each) else 1


def own_person(one: Reading) -> str | None:
    """The vendor's id of the person that a reading tells of, or of the child of a relation or case."""
    if one.kind == "person":
        return one.id
    named = one.fields.get({"relation": "child", "case": "subject"}.get(one.kind, "person"))
    return named if isinstance(named, str) else None


def whom(one: Reading) -> list[str]:
    """The persons whose cases a reading belongs to, when it names no case.

    What is told of an adult about a child (who teaches it) is that child's alone: the adult may be in many cases.
    """
    own = own_person(one)
    about = list(one.about or ()) if one.case is None else []
    if about and one.kind != "person":
        return about
    return [*([own] if own is not None else []), *about]


def numbers_of(one: Reading) -> list[str]:
    """A person's number, and those that it has replaced."""
    number = one.fields.get("number")
    return [*([number] if number else []), *(one.fields.get("former_numbers") or ())]


def persons_in(one: Reading) -> list[str]:
    """Every person that a reading names by the vendor's id."""
    if one.kind == "person":
        return [one.id]
    names = [one.fields.get(name) for name in ("subject", "person", "child", "by", "holder")]
    return [name for name in (*names, *(one.about or ()), *(one.fields.get("siblings") or ())) if isinstance(name, str)]


def main_of(raw: Raw, each: list[Reading]) -> Reading:
    """The reading that a record is known by: the one with its own id."""
    return next((one for one in each if one.id == raw.id), each[0])


def named_beside(
    each: list[Reading], main: Reading, known: Mapping[str, str], links: Collection[tuple[str, str]]
) -> list[str]:
    """Persons who have no record of their own but stand in a child's that is whole, by the vendor's id.

    They are known by it the next time. ``known`` are ours by that id, ``links`` what is linked already.
    """
    if not main.whole:
        return []
    beside = [one.id for one in each if one.kind == "person" and one is not main]
    return [one for one in beside if one in known and ("person", one) not in links]


def fits(one: Reading, main: Reading, subject: object, parents: Collection[object], persons: Mapping[str, str]) -> bool:
    """Whether a reading of a record belongs to a case of the person that the record tells of.

    ``subject`` is whom the case is about, ``parents`` the vendor's ids of those who answer for that child.
    """
    if one.kind == "relation":
        return bool(persons.get(str(one.fields.get("child"))) == subject)
    if one is main or own_person(one) == own_person(main) or (one.kind == "person" and one.id in parents):
        return True
    return main.kind == "person" and main.id in (one.about or ())


def becomes_another(
    each: Iterable[Reading], persons: Mapping[str, str], numbers: Mapping[str, str], files: Iterable[CaseFile]
) -> bool:
    """Whether a person of these cases, who has a number, is told to have one by which we know somebody else.

    ``persons`` are ours by the vendor's id, ``numbers`` ours by number.
    """
    held = list(files)
    return any(
        known in file.items and file.items[known].fields.get("number") not in {None, number}
        for one in each
        if one.kind == "person" and (number := one.fields.get("number")) is not None
        if (known := persons.get(one.id)) is not None and numbers.get(number, known) != known
        for file in held
    )


def is_several(each: Iterable[Reading], numbers: Mapping[str, str]) -> bool:
    """Whether one person is told with numbers by which we know several: whose history is whose, a person decides."""
    return any(
        len({numbers[number] for number in numbers_of(one) if number in numbers}) > 1
        for one in each
        if one.kind == "person"
    )
