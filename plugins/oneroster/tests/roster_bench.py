"""Adapters at a stand-in or a folder, what they tell of a made-up school owner, and the same owner in PIFU-IMS."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from gateway_oneroster import OneRoster, OneRosterFiles
from gateway_oneroster.school import OWNER_NUMBER, Person, Town, records
from gateway_oneroster.standin import TOKEN, StandIn

from gateway.sdk import Context, Fault, Raw, Reading
from gateway.sdk.testing import Watch, watched_context

OPENED: list[Any] = []
"""Clients that a test opened; they are closed after it."""
AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
DAY = AT.date()


@contextmanager
def service(told: Town = Town(), *, dialect: str = "1.2", **more: Any) -> Iterator[StandIn]:  # noqa: B008 - frozen
    """A stand-in that holds a school owner, at a standing clock unless one is given."""
    now = more.pop("now", lambda: AT)
    with StandIn(records(told, dialect) if told.schools else (), dialect=dialect, now=now, **more) as standin:
        yield standin


def at_service(standin: StandIn, *, watch: Watch | None = None, **options: Any) -> OneRoster:
    return at_url(standin.url, watch=watch, now=standin.now, dialect=standin.dialect, **options)


def at_url(
    url: str, *, watch: Watch | None = None, secret: str = TOKEN, now: Any = lambda: AT, **options: Any
) -> OneRoster:
    context = watched_context(url, watch or Watch(), secret=secret, options=options)
    OPENED.append(context.http)
    return OneRoster(context, now=now)


def at_folder(folder: Any, *, watch: Watch | None = None, **options: Any) -> OneRosterFiles:
    context = Context(
        system="sas", url="", http=None, secret=str, maps=None, log=watch or Watch(), folder=str(folder),
        options={"folder": ".", "settle_seconds": 0} | options,
    )  # fmt: skip
    return OneRosterFiles(context, now=AT.timestamp)


def put(folder: Any, data: bytes, *, name: str = "uttrekk.zip", at: float = 1_000) -> None:
    (folder / name).write_bytes(data)
    os.utime(folder / name, (at, at))


def drain(source: Any, cursor: str | None = None) -> tuple[list[Raw], str | None]:
    found: list[Raw] = []
    while True:
        page = source.fetch(cursor)
        found += page.records
        source.acknowledge([raw.id for raw in page.records], "kept")
        cursor = page.cursor
        if not page.more:
            return found, cursor


def told_by(source: Any, found: Iterable[Raw]) -> tuple[list[Reading], list[tuple[str, str]]]:
    """What records say, and code and path of those that are refused."""
    readings: list[Reading] = []
    faults: list[tuple[str, str]] = []
    for raw in found:
        try:
            readings += source.read(raw)
        except Fault as fault:
            faults.append((fault.code, fault.path))
    return readings, faults


def whole(source: Any) -> dict[tuple[str, str], Any]:
    """All that a source tells now, by kind and id: fields, service, and whom it is about, over all records."""
    readings, faults = told_by(source, drain(source)[0])
    assert faults == []
    found: dict[tuple[str, str], Any] = {}
    for one in readings:
        known = found.setdefault((one.kind, one.id), (one.fields, one.service, set()))
        assert known[:2] == (one.fields, one.service)
        known[2].update(one.about or ())
    return found


# the same in PIFU-IMS

_SOURCE = "sas@lillevik.kommune.no"


def pifu(told: Town) -> bytes:
    """The school owner as an export in PIFU-IMS SAS 1.3, made on the day of the tests."""
    parts = [_person(one, told) for one in (*told.pupils, *told.guardians, *told.teachers)]
    parts.append(_group("eier", "skoleeier", "Lillevik kommune", "eier", number=OWNER_NUMBER))
    parts += [_group(one.id, "skole", one.name, "eier", number=one.number) for one in told.schools]
    kinds = {"basic": "basisgruppe", "contact": "kontaktlærergruppe", "lessons": "fag"}
    parts += [_group(one.id, kinds[one.kind], one.title, one.school) for one in told.classes]
    first, last = told.period
    for school in told.schools:
        inside = [one.id for one in told.pupils if school.id in one.schools]
        parts.append(_membership(school.id, [_member(one, "01", first, last) for one in inside]))
    for klass in told.classes:
        members = []
        for place in told.places:
            if place.klass != klass.id:
                continue
            role = "01" if place.role == "pupil" else "06" if place.leads and klass.kind == "basic" else "02"
            members.append(_member(place.person, role, place.since, place.until))
        parts.append(_membership(klass.id, members))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><enterprise xmlns="http://pifu.no/xsd/pifu-ims_sas/pifu-ims_sas-v1">'
        f'<properties lang="no"><datasource>{_SOURCE}</datasource><type>full</type>'
        f"<datetime>{DAY}T03:00:00</datetime></properties>{''.join(parts)}</enterprise>"
    ).encode()


def _sid(ident: str) -> str:
    return f"<sourcedid><source>{_SOURCE}</source><id>{ident}</id></sourcedid>"


def _person(one: Person, told: Town) -> str:
    number = f'<userid useridtype="personNIN">{one.number}</userid>' if one.number else ""
    born = f"<demographics><bday>{one.born}</bday></demographics>" if one.born else ""
    kin = "".join(
        f'<pifu_hasContactPerson type="guardian">{_sid(each)}</pifu_hasContactPerson>' for each in one.guardians
    )
    name = f"<name><fn>x</fn><n><family>{one.family}</family><given>{one.given}</given></n></name>"
    return f"<person>{_sid(one.id)}{number}{name}{born}<extension>{kin}</extension></person>"


def _group(ident: str, kind: str, name: str, parent: str, *, number: str | None = None) -> str:
    more = (
        f'<extension><pifu_id type="organizationNumber"><pifu_value>{number}</pifu_value></pifu_id></extension>'
        if number
        else ""
    )
    return (
        f'<group>{_sid(ident)}<grouptype><scheme>x</scheme><typevalue level="1">{kind}</typevalue></grouptype>'
        f"<description><short>{name}</short></description>"
        f'<relationship relation="1">{_sid(parent)}<label>over</label></relationship>{more}</group>'
    )


def _membership(ident: str, members: Iterable[str]) -> str:
    return f"<membership>{_sid(ident)}{''.join(members)}</membership>"


def _member(ident: str, role: str, since: Any, until: Any) -> str:
    frame = (f"<begin>{since}</begin>" if since else "") + (f"<end>{until}</end>" if until else "")
    return (
        f'<member>{_sid(ident)}<idtype>1</idtype><role roletype="{role}"><status>1</status>'
        f"<timeframe>{frame}</timeframe></role></member>"
    )
