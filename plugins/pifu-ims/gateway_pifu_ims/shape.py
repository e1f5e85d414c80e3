"""How the format is written: names, and what stands in the elements that many others share (spec. 1.3, 2.5)."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from gateway.sdk import Fault
from gateway.sdk.roster import Status, state_of

NS = "{http://pifu.no/xsd/pifu-ims_sas/pifu-ims_sas-v1}"
ROOT = f"{NS}enterprise"
PERSON, GROUP, MEMBERSHIP, PROPERTIES = (f"{NS}{name}" for name in ("person", "group", "membership", "properties"))
MEMBER = f"{NS}member"
SOURCEDID = f"{NS}sourcedid"

DELETED = "3"
PUPIL = "01"
TEACHER = "02"
CONTACT_TEACHER = "06"

SCHOOL_OWNER, SCHOOL = "skoleeier", "skole"
GROUP_TYPES = {"basisgruppe": "basic", "kontaktlærergruppe": "contact"}
GRADE, AFTER_SCHOOL = "trinn", "sfo"
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?")
TAKEN_GROUPS = frozenset({SCHOOL, *GROUP_TYPES, GRADE, AFTER_SCHOOL})
"""Groups whose members are taken; which subjects a child is taught, or sits in a council, is not needed."""


@cache
def path(*names: str) -> str:
    """A path of element names for ``find``."""
    return "/".join(f"{NS}{name}" for name in names)


def text(element: Any, *names: str) -> str | None:
    """The text of a descendant without the space around it; nothing when it is absent or empty."""
    found = element.findtext(path(*names)) if names else element.text
    return found.strip() or None if found else None


def named(sourcedid: Any, *, home: str | None) -> str | None:
    """The id in a ``sourcedid``; one that another than the file's own source gave has that source before it.

    Ids are permanent (5.6.3), the source's name is not: so it is left out where it says nothing.
    """
    source, native = text(sourcedid, "source"), text(sourcedid, "id")
    return native if native is None or source in {home, None} else f"{source}/{native}"


def ids(element: Any, *, home: str | None) -> Iterator[tuple[str | None, str]]:
    """Each ``sourcedid`` of an element as its type (``New``, ``Old``, ``Duplicate``) and the id."""
    for one in element.iterfind(SOURCEDID):
        native = named(one, home=home)
        if native is not None:
            yield one.get("sourcedidtype"), native


def own_id(element: Any, *, home: str | None) -> str | None:
    """The id that holds now: the new one, else the one that is neither old nor a duplicate, else the first."""
    found = list(ids(element, home=home))
    order = {"New": 0, None: 1}
    return min(found, key=lambda one: order.get(one[0], 2))[1] if found else None


def day(value: str | None, *, at: str) -> date | None:
    """A date (5.10, ISO 8601; a zone after it is passed over). Raises ``Fault`` ``pifu.date``."""
    if value is None:
        return None
    found = _DAY.fullmatch(value)
    try:
        return date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise Fault("pifu.date", at) from None


def moment_day(value: str | None, *, at: str) -> date | None:
    """The day of a date or time (5.4). Raises ``Fault`` ``pifu.date``."""
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise Fault("pifu.date", at) from None


def period(role: Any) -> tuple[date | None, date | None]:
    """From and to of a role. Raises ``Fault`` ``pifu.date``, or ``pifu.period`` when it ends before it begins."""
    at = f"{role.sourceline}:1"
    since = day(text(role, "timeframe", "begin"), at=at)
    until = day(text(role, "timeframe", "end"), at=at)
    if since is not None and until is not None and until < since:
        raise Fault("pifu.period", at)
    return since, until


def membership_status(role: Any, *, made: date | None, period: tuple[date | None, date | None]) -> Status:
    """From the role's status (4.3.4.4) and period, on the day of the export. Raises ``Fault`` ``pifu.status``."""
    status = text(role, "status")
    if status not in {"0", "1"}:
        raise Fault("pifu.status", f"{role.sourceline}:1")
    return state_of(since=period[0], until=period[1], today=made, over=status == "0")


def organisation_number(element: Any) -> str | None:
    """The nine digits of the register of units, with or without ``NO`` before them (P3.13.1.1)."""
    for one in element.iterfind(path("extension", "pifu_id")):
        if one.get("type") == "organizationNumber" and (found := text(one, "pifu_value")):
            return found.removeprefix("NO").replace(" ", "")
    return None
