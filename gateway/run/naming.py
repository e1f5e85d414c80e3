"""Whom a reading names: the person it tells of, whose cases it belongs to, and by which numbers."""

from gateway.sdk import Reading


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
