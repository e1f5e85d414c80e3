"""Reading values out of a person document without trusting its shape.

Every function raises ``Fault`` with ``persontjenesten.shape``, ``persontjenesten.code`` or ``persontjenesten.date`` and
the path of what did not fit. No value is ever part of a fault.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from gateway.sdk import Fault

OSLO = ZoneInfo("Europe/Oslo")
_Code = TypeVar("_Code", bound=str)
Entry = Mapping[str, Any]


def part(document: Entry, name: str, path: str) -> list[Entry] | None:
    """The entries of an information part, or ``None`` where the service did not deliver it.

    A part can be a list (``name``, ``parentalResponsibility``) or one object (``death``).
    """
    found = document.get(name)
    if found is None:
        return None
    entries = [found] if isinstance(found, dict) else found
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Fault("persontjenesten.shape", f"{path}.{name}")
    return entries


def valid(entry: Entry, path: str) -> Literal["yes", "no", "untold"]:
    """Whether the register counts the entry as in force (``isValid``; FREG: ErGjeldende)."""
    found = entry.get("isValid")
    if found is None:
        return "untold"
    if not isinstance(found, bool):
        raise Fault("persontjenesten.shape", f"{path}.isValid")
    return "yes" if found else "no"


def current(document: Entry, name: str, path: str) -> list[tuple[str, Entry]]:
    """Path and entry of what is in force, or may be, in a part. An absent part has none."""
    numbered = [(f"{path}.{name}[{at}]", entry) for at, entry in enumerate(part(document, name, path) or ())]
    return [(where, entry) for where, entry in numbered if valid(entry, where) != "no"]


def text(entry: Entry, name: str, path: str) -> str | None:
    """A string, or ``None`` where it is absent, null or blank."""
    found = entry.get(name)
    if found is None:
        return None
    if not isinstance(found, str):
        raise Fault("persontjenesten.shape", f"{path}.{name}")
    return found.strip() or None


def code(entry: Entry, name: str, codes: Mapping[str, _Code], path: str) -> _Code | None:
    """Our word for the service's code; ``None`` where it is absent or one that we do not know."""
    found = text(entry, name, path)
    return None if found is None else codes.get(found)


def day(entry: Entry, name: str, path: str) -> str | None:
    """The date of a time as it is in Norway, as ISO text. A time without an offset is taken as Norwegian."""
    found = text(entry, name, path)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found)
    except ValueError:
        raise Fault("persontjenesten.date", f"{path}.{name}") from None
    try:
        return (moment.astimezone(OSLO) if moment.tzinfo else moment).date().isoformat()
    except OverflowError:
        raise Fault("persontjenesten.date", f"{path}.{name}") from None


def birth_day(entry: Entry, name: str, path: str) -> str | None:
    """The date part of a birth or death, whose time and zone the service says must be ignored."""
    found = text(entry, name, path)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[:10]).isoformat()
    except ValueError:
        raise Fault("persontjenesten.date", f"{path}.{name}") from None


def inner(entry: Entry, name: str, path: str) -> Entry | None:
    """An object inside an entry, or ``None``."""
    found = entry.get(name)
    if found is None:
        return None
    if not isinstance(found, dict):
        raise Fault("persontjenesten.shape", f"{path}.{name}")
    return found


def identity(document: Entry, path: str) -> str:
    """The service's own id of the person, which stays when the number changes."""
    found = text(document, "id", path)
    if found is None or len(found) > 64:
        raise Fault("persontjenesten.shape", f"{path}.id")
    return found


def sequence(document: Entry, path: str) -> int:
    """The sequence number of the event that made this version of the person; 0 where it is not told."""
    found = document.get("sequenceNumber", 0)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Fault("persontjenesten.shape", f"{path}.sequenceNumber")
    return found
