"""Reading values out of a resource without trusting it, and noting what was read.

Faults are ``fhir.shape`` (not the JSON type that R4 says), ``fhir.code`` (a code of a required binding that we do not
know), ``fhir.date``, ``fhir.missing`` and ``fhir.modifier``, each with the path and never with a value.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.sdk import Fault
from gateway_fhir_r4.parts import ABSENT, PLACEHOLDERS, STATE

OSLO = ZoneInfo("Europe/Oslo")
MOST_TEXT = 100_000
_NAME = re.compile(r"_?[A-Za-z]{1,40}", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?", re.ASCII)


class Element:
    """An object of a resource at a path; ``taken`` is shared by all elements of the resource."""

    __slots__ = ("path", "taken", "value")

    def __init__(self, value: Mapping[str, Any], path: str = "$", taken: set[str] | None = None) -> None:
        self.value = value
        self.path = path
        self.taken: set[str] = set() if taken is None else taken

    def at(self, name: str) -> str:
        """The path of an element of this one."""
        return f"{self.path}.{name}"

    def has(self, name: str) -> bool:
        """Whether the element is there at all."""
        return self.value.get(name) is not None

    def text(self, name: str) -> str | None:
        """A string (``string``, ``code``, ``uri``, ``id``, ``markdown``), or ``None`` where it is absent."""
        found = self.value.get(name)
        if found is None:
            return None
        if not isinstance(found, str) or not found.strip() or len(found) > MOST_TEXT:
            raise Fault("fhir.shape", self.at(name))
        self.taken.add(self.at(name))
        return found

    def words(self, name: str) -> list[str]:
        """A list of strings; empty where it is absent. A ``null`` in it stands for one with an extension alone."""
        found = self.value.get(name)
        if found is None:
            return []
        if not isinstance(found, list) or not all(one is None or isinstance(one, str) for one in found):
            raise Fault("fhir.shape", self.at(name))
        self.taken.add(self.at(name))
        return [one for one in found if one]

    def flag(self, name: str) -> bool | None:
        """A boolean."""
        found = self.value.get(name)
        if found is None:
            return None
        if not isinstance(found, bool):
            raise Fault("fhir.shape", self.at(name))
        self.taken.add(self.at(name))
        return found

    def code(self, name: str, codes: Mapping[str, Any]) -> Any:
        """Our word for a code of a required binding, or ``None`` where it is absent; an unknown one is a fault."""
        found = self.text(name)
        if found is None:
            return None
        if found not in codes:
            raise Fault("fhir.code", self.at(name))
        return codes[found]

    def must(self, name: str, codes: Mapping[str, Any]) -> Any:
        """Like ``code``, for an element that the resource must have; ``""`` where it says that it is not known."""
        if self.is_absent(name):
            return ""
        if not self.has(name):
            raise Fault("fhir.missing", self.at(name))
        return self.code(name, codes)

    def is_absent(self, name: str) -> bool:
        """Whether a primitive element says that its value is not known (``data-absent-reason``).

        One that says so beside another code than our placeholder was given a value since.
        """
        there = self.value.get(name)
        if there is not None and there != PLACEHOLDERS.get(str(self.value.get("resourceType"))):
            return False
        beside = self.value.get(f"_{name}")
        told = beside.get("extension") if isinstance(beside, dict) else None
        return isinstance(told, list) and any(isinstance(one, dict) and one.get("url") == ABSENT for one in told)

    def day(self, name: str) -> str | None:
        """A ``date`` or ``dateTime`` as the day it is in Norway. A part of a date (``2012-03``) tells no day."""
        found = self._time(name)
        if found is None or len(found) < 10:
            return None
        self.taken.add(self.at(name))
        try:
            if len(found) == 10:
                return date.fromisoformat(found).isoformat()
            return datetime.fromisoformat(found).astimezone(OSLO).date().isoformat()
        except (ValueError, OverflowError):
            raise Fault("fhir.date", self.at(name)) from None

    def instant(self, name: str) -> str | None:
        """A ``dateTime`` with a time and an offset as it is written; ``None`` where it tells only a day."""
        found = self._time(name)
        if found is None or len(found) <= 10:
            return None
        self.taken.add(self.at(name))
        try:
            datetime.fromisoformat(found).astimezone(OSLO)
        except (ValueError, OverflowError):
            raise Fault("fhir.date", self.at(name)) from None
        return found

    def _time(self, name: str) -> str | None:
        found = self.value.get(name)
        if found is None:
            return None
        if not isinstance(found, str):
            raise Fault("fhir.shape", self.at(name))
        if not _DATE_TIME.fullmatch(found):
            raise Fault("fhir.date", self.at(name))
        return found

    def one(self, name: str) -> "Element | None":
        """An object inside this one."""
        found = self.value.get(name)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise Fault("fhir.shape", self.at(name))
        return Element(found, self.at(name), self.taken)

    def many(self, name: str) -> "list[Element]":
        """The objects of a list; empty where it is absent."""
        found = self.value.get(name)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Fault("fhir.shape", self.at(name))
        return [Element(one, f"{self.at(name)}[{at}]", self.taken) for at, one in enumerate(found)]

    def extension(self, url: str) -> "Element | None":
        """The first extension with this address."""
        return next((one for one in self.many("extension") if one.text("url") == url), None)


def codings(concept: Element | None) -> list[tuple[str, Element]]:
    """``system|code`` of each coding of a CodeableConcept that has both, with the coding."""
    if concept is None:
        return []
    found = []
    for coding in concept.many("coding"):
        system, code = coding.value.get("system"), coding.value.get("code")
        if isinstance(system, str) and isinstance(code, str):
            found.append((f"{system}|{code}", coding))
    return found


def matched(concept: Element | None, table: Mapping[str, Any]) -> Any:
    """What the table says of the first coding that it knows, or ``None``."""
    for key, coding in codings(concept):
        if key in table:
            coding.text("system")
            coding.text("code")
            return table[key]
    return None


def finer(concepts: "list[Element]", status: Any, written: Mapping[str, Any]) -> Any:
    """Our own finer state where one stands beside R4's code and still fits it, else what the code says."""
    for concept in concepts:
        for key, coding in codings(concept):
            system, _, state = key.rpartition("|")
            if system == STATE and state in written and written[state] == status:
                coding.text("system")
                coding.text("code")
                return state
    return None


def said(concept: Element | None) -> str | None:
    """A CodeableConcept in words: its text, else the first display."""
    if concept is None:
        return None
    text = concept.text("text")
    if text is not None:
        return text
    return next((found for coding in concept.many("coding") if (found := coding.text("display")) is not None), None)


def refuse_modifiers(value: Any, path: str = "$", depth: int = 0) -> None:
    """Raise ``fhir.modifier`` where the resource says that not all of it can be understood without more knowledge.

    FHIR R4, Extensibility § 2.4.1: whoever does not understand a modifier extension must not process the element;
    ``implicitRules`` likewise.
    """
    if depth > 60:
        raise Fault("fhir.depth", path)
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in {"modifierExtension", "implicitRules"} and inner:
                raise Fault("fhir.modifier", f"{path}.{name}")
            if isinstance(inner, dict | list):
                # A name that a vendor made up could be anything, so only names like R4's go into a path.
                refuse_modifiers(inner, f"{path}.{name if _NAME.fullmatch(name) else '?'}", depth + 1)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            if isinstance(inner, dict | list):
                refuse_modifiers(inner, f"{path}[{at}]", depth + 1)
