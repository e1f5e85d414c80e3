"""Person documents for the stand-in, from a few words about each person.

The documents have the shape of the service's own answers; every number in them is the caller's, and synthetic.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct, convert

MIDNIGHT = "T00:00:00+01:00"


class Responsible(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of parental responsibility; ``ended`` makes it one of the past."""

    by: str | None = None
    type: Literal["Joint", "Mother", "Father", "CoMother", "Other", "Unknown"] = "Joint"
    since: str = "2015-01-01"
    ended: str | None = None
    name: str | None = None
    organisation: str | None = None


class Guardian(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One appointed guardian."""

    by: str | None = None
    type: str = "Minor"
    scope: str | None = "PersonalAndFinancialInterests"
    ended: str | None = None


class Seed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person as the stand-in is told of one. Numbers name other people; ``address`` is any words for a place.

    ``former`` are numbers that were replaced; ``mother``, ``father`` and ``co_mother`` are numbers of parents.
    """

    number: str
    given: str
    family: str
    born: str
    id: str | None = None
    protection: str | None = "Unclassified"
    address: str | None = None
    shared_address: str | None = None
    abroad: bool = False
    died: str | None = None
    former: tuple[str, ...] = ()
    d_number: bool = False
    mother: str | None = None
    father: str | None = None
    co_mother: str | None = None
    responsible: tuple[Responsible, ...] = ()
    guardians: tuple[Guardian, ...] = ()
    deprived: bool = False


def seed(told: Seed | Mapping[str, Any]) -> Seed:
    """A seed from plain JSON. Raises ``msgspec.ValidationError`` on what is no seed."""
    return told if isinstance(told, Seed) else convert(told, Seed)


def document(person: Seed, *, person_id: str, sequence: int) -> dict[str, Any]:
    """The whole document of a person, every part and all history."""
    kinds = ["DNumber" if person.d_number else "NationalIdentityNumber"]
    return {
        "id": person_id,
        "sequenceNumber": sequence,
        "norwegianIdentificationNumber": _numbers(person, kinds[0]),
        "status": [_entry(status="Deceased" if person.died else "Emigrated" if person.abroad else "Resident")],
        "name": [_entry(givenName=person.given, familyName=person.family)],
        "birth": [_entry(birthDate=f"{person.born}T00:00:00", birthYear=person.born[:4])],
        "death": _entry(deceasedDate=f"{person.died}T00:00:00") if person.died else None,
        "addressProtection": [] if person.protection is None else [_entry(protectionLevel=person.protection)],
        "residentialAddress": _addresses(person.address, person.protection),
        "presentAddress": [],
        "sharedResidence": _shared(person),
        "familyRelation": _family(person),
        "parentalResponsibility": [_responsible(person, one) for one in person.responsible],
        "guardianshipOrFuturePowerOfAttorney": [_guardian(one) for one in person.guardians],
        "deprivedLegalAuthority": [_entry()] if person.deprived else [],
        "legalAuthority": [],
        "immigrationAuthoritiesIdentificationNumber": [],
    }


def without_history(told: Mapping[str, Any]) -> dict[str, Any]:
    """The document as it is answered when history was not asked for."""
    return {
        name: [entry for entry in value if entry.get("isValid") is not False] if isinstance(value, list) else value
        for name, value in told.items()
    }


def _entry(*, ended: str | None = None, since: str = "2015-01-01", **more: Any) -> dict[str, Any]:
    return {
        "registeredAt": since + MIDNIGHT,
        "isValid": ended is None,
        "source": "FREG",
        "reason": None,
        "validFrom": since + MIDNIGHT,
        "validTo": None if ended is None else ended + MIDNIGHT,
        **more,
    }


def _numbers(person: Seed, kind: str) -> list[dict[str, Any]]:
    now = _entry(status="InUse", identificationNumber=person.number, identificationNumberType=kind)
    former = [
        _entry(
            ended="2020-01-01", status="Discontinued", identificationNumber=number, identificationNumberType="DNumber"
        )
        for number in person.former
    ]
    return [*former, now]


def _addresses(words: str | None, protection: str | None) -> list[dict[str, Any]]:
    if words is None:
        return []
    confidential = "Unclassified" if protection in {None, "ClientAddress"} else protection
    return [_entry(streetAddress=_street(words), addressConfidentiality=confidential)]


def _street(words: str) -> dict[str, Any]:
    return {"addressName": words, "municipalityNumber": "1120", "city": {"cityName": "Kleppe", "postalCode": "4350"}}


def _shared(person: Seed) -> list[dict[str, Any]]:
    if person.shared_address is None:
        return []
    return [_entry(streetAddress=_street(person.shared_address), contractValidFrom="2020-01-01" + MIDNIGHT)]


def _family(person: Seed) -> list[dict[str, Any]]:
    parents: Sequence[tuple[str, str | None]] = (
        ("Mother", person.mother),
        ("Father", person.father),
        ("CoMother", person.co_mother),
    )
    return [
        _entry(relatedPerson=number, relatedPersonsRole=role, myRoleForRelatedPerson="Child")
        for role, number in parents
        if number is not None
    ]


def _responsible(person: Seed, one: Responsible) -> dict[str, Any]:
    unnumbered = None if one.name is None else {"name": {"givenName": one.name, "familyName": "Utan Nummer"}}
    return _entry(
        ended=one.ended,
        since=one.since,
        responsibilityType=one.type,
        subjectOfResponsibility=person.number,
        responsible=one.by,
        responsibleOrganization=one.organisation,
        responsibleWithoutIdentifier=unnumbered,
    )


def _guardian(one: Guardian) -> dict[str, Any]:
    guardian = {
        "identificationNumber": one.by,
        "guardianshipScope": one.scope,
        "isGuardianshipInPersonalScope": one.scope != "FinancialInterests",
    }
    if one.scope is None:
        guardian.pop("guardianshipScope")
    return _entry(ended=one.ended, guardianshipType=one.type, office="Statsforvalteren i Rogaland", guardian=guardian)
