"""A person document as canonical fields: numbers, name, birth, death, address protection, capacity."""

from collections.abc import Mapping
from typing import Any

from gateway.sdk import Fault
from gateway_persontjenesten.shape import Entry, birth_day, code, current, part, text

PROTECTION: Mapping[str, str] = {
    "Unclassified": "none",
    "ClientAddress": "client",
    "Confidential": "confidential",
    "StrictlyConfidential": "strict",
}
"""Adressegradering. There is no code for strict protection abroad: it is strict protection of one who lives abroad."""

_RANK = ("none", "client", "confidential", "strict", "strict_abroad")
_NUMBER_TYPES = {"NationalIdentityNumber": "fnr", "DNumber": "dnr", "AlternateIdentificationNumber": "fhn"}
_TYPE_RANK = ("fnr", "dnr", "fhn")
_IN_USE = {"InUse": True, "Discontinued": False}


def numbers(document: Entry, path: str) -> list[tuple[str, str, bool]]:
    """(number, type, in use) of each Norwegian number, the one to know the person by first."""
    found: list[tuple[str, str, bool]] = []
    for at, entry in enumerate(part(document, "norwegianIdentificationNumber", path) or ()):
        where = f"{path}.norwegianIdentificationNumber[{at}]"
        number = text(entry, "identificationNumber", where)
        if number is None:
            continue
        kind = code(entry, "identificationNumberType", _NUMBER_TYPES, where)
        if kind is None:
            raise Fault("persontjenesten.code", f"{where}.identificationNumberType")
        in_use = code(entry, "status", {name: name for name in _IN_USE}, where)
        found.append((number, kind, entry.get("isValid") is not False and _IN_USE.get(in_use or "InUse", True)))
    return sorted(found, key=lambda one: (not one[2], _TYPE_RANK.index(one[1])))


def known_by(document: Entry, path: str) -> set[str]:
    """Every number, also replaced ones, that the person is or was known by."""
    return {number for number, _, _ in numbers(document, path)}


def person(document: Entry, path: str) -> dict[str, Any]:
    """The canonical fields of a person. A field that is ``None`` is one that the register leaves unknown.

    Raises ``Fault`` with the path of the first value that has the wrong shape.
    """
    fields: dict[str, Any] = {"protection": protection(document, path)}
    known = numbers(document, path)
    if known:
        fields["number"], fields["number_type"] = known[0][0], known[0][1]
        former = [number for number, _, _ in known[1:] if number != known[0][0]]
        former += [number for number in _immigration_numbers(document, path) if number not in former]
        if former:
            fields["former_numbers"] = former
    else:
        asylum = _immigration_numbers(document, path)
        fields.update({"number": asylum[0], "number_type": "duf"} if asylum else {})
    fields.update(_name(document, path))
    for where, entry in current(document, "birth", path)[:1]:
        born = birth_day(entry, "birthDate", where)
        if born is not None:
            fields["birth_date"] = born
    fields.update(_death(document, path))
    fields.update(_capacity(document, path))
    return fields


def protection(document: Entry, path: str) -> str | None:
    """The strictest protection that any entry in force states; ``None`` where the register did not say.

    folkeregisterloven § 10-4. An unknown code is not guessed: the answer is then ``None`` (which the gate denies on),
    unless another entry already says strict.
    """
    entries = current(document, "addressProtection", path)
    told = [code(entry, "protectionLevel", PROTECTION, where) for where, entry in entries]
    doubt = None in told or part(document, "addressProtection", path) is None
    for name in ("residentialAddress", "presentAddress", "sharedResidence"):
        for where, entry in current(document, name, path):
            if text(entry, "addressConfidentiality", where) is not None:
                level = code(entry, "addressConfidentiality", PROTECTION, where)
                told.append(level)
                doubt = doubt or level is None
    strictest = max((level for level in told if level is not None), key=_RANK.index, default="none")
    if strictest == "strict":
        return "strict_abroad" if _lives_abroad(document, path) else "strict"
    return None if doubt else strictest


def _lives_abroad(document: Entry, path: str) -> bool:
    emigrated = any(text(entry, "status", where) == "Emigrated" for where, entry in current(document, "status", path))
    return emigrated or any(entry.get("abroad") is True for _, entry in current(document, "presentAddress", path))


def _name(document: Entry, path: str) -> dict[str, str]:
    for where, entry in current(document, "name", path)[:1]:
        given = [text(entry, name, where) for name in ("givenName", "middleName")]
        joined = " ".join(one for one in given if one)
        family = text(entry, "familyName", where)
        return {name: value for name, value in (("given_name", joined), ("family_name", family)) if value}
    return {}


def _death(document: Entry, path: str) -> dict[str, bool]:
    if any(birth_day(entry, "deceasedDate", where) for where, entry in current(document, "death", path)):
        return {"deceased": True}
    states = [text(entry, "status", where) for where, entry in current(document, "status", path)]
    if not states:
        return {}
    return {"deceased": "Deceased" in states}


def _capacity(document: Entry, path: str) -> dict[str, bool | None]:
    """vergemålsloven § 22: capacity can be taken away by a court; a limited one, or one
    given back, is for a person to look at.
    """
    if current(document, "deprivedLegalAuthority", path):
        return {"has_capacity": False}
    if current(document, "legalAuthority", path) or part(document, "deprivedLegalAuthority", path):
        return {"has_capacity": None}
    return {}


def _immigration_numbers(document: Entry, path: str) -> list[str]:
    """DUF numbers: one who has got a Norwegian number since is known by both."""
    found = current(document, "immigrationAuthoritiesIdentificationNumber", path)
    return [number for where, entry in found if (number := text(entry, "identificationNumber", where)) is not None]
