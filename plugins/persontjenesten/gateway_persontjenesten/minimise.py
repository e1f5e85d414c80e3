"""What is kept of a person document: the parts that the gate needs, and of addresses only how they compare.

An address of a person with code 6 is dangerous wherever it lies, also in an encrypted raw record. Who lives with whom
is all that the gate asks, so each distinct address of a family is replaced by a number (``place``) before anything is
kept. This is pure and total: what does not have the expected shape is replaced by ``"malformed"``, on which reading
then faults.
"""

from collections.abc import Mapping
from typing import Any

KEPT = (
    "id", "sequenceNumber", "norwegianIdentificationNumber", "immigrationAuthoritiesIdentificationNumber", "status",
    "birth", "death", "name", "addressProtection", "familyRelation", "parentalResponsibility",
    "guardianshipOrFuturePowerOfAttorney", "deprivedLegalAuthority", "legalAuthority",
)  # fmt: skip
"""Parts that are kept as they came."""

PLACES = ("residentialAddress", "presentAddress", "sharedResidence")
"""Parts that hold addresses: kept are validity, confidentiality, dates of an agreement and a number for the place."""

_ABOUT_PLACE = ("isValid", "validFrom", "validTo", "addressConfidentiality", "contractValidFrom", "contractValidTo")

PARTS = (
    "NorwegianIdentificationNumber", "ImmigrationAuthoritiesIdentificationNumber", "Status", "Birth", "Death", "Name",
    "AddressProtection", "FamilyRelation", "ParentalResponsibility", "GuardianshipOrFuturePowerOfAttorney",
    "DeprivedLegalAuthority", "LegalAuthority", "ResidentialAddress", "PresentAddress", "SharedResidence",
)  # fmt: skip
"""What the service is asked for (``InformationPart``); all else it holds is never asked for."""

MALFORMED = "malformed"


def minimise(documents: list[Any]) -> list[Any]:
    """The documents of one family, reduced. Equal addresses get equal numbers across the family."""
    places: dict[str, int] = {}
    return [_person(document, places) for document in documents]


def _person(document: Any, places: dict[str, int]) -> Any:
    if not isinstance(document, dict):
        return MALFORMED
    kept = {name: document[name] for name in KEPT if name in document}
    for name in PLACES:
        if name in document:
            kept[name] = _addresses(document[name], places)
    return kept


def _addresses(entries: Any, places: dict[str, int]) -> Any:
    if entries is None:
        return None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return MALFORMED
    return [_address(entry, places) for entry in entries]


def _address(entry: Mapping[str, Any], places: dict[str, int]) -> dict[str, Any]:
    kept = {name: entry[name] for name in _ABOUT_PLACE if name in entry}
    if entry.get("foreignAddress") is not None:
        kept["abroad"] = True
    words = _words(entry)
    if words is not None:
        kept["place"] = places.setdefault(words, len(places) + 1)
    return kept


def _words(entry: Mapping[str, Any]) -> str | None:
    """A spelling under which equal addresses are equal: the cadastre's own number, or the address without ``c/o``."""
    number = entry.get("cadastralIdentifier")
    if isinstance(number, str) and number:
        return f"number {number}"
    for name in ("streetAddress", "cadastralAddress"):
        address = entry.get(name)
        if isinstance(address, dict) and address:
            return f"{name} {_flat({key: value for key, value in address.items() if key != 'coAddressName'})}"
    return None


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{_flat(value[key])}" for key in sorted(value) if value[key] is not None) + "}"
    return str(value).casefold().strip()
