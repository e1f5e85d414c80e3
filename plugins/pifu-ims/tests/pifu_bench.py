"""A made-up school owner's export, and an adapter to read it with. All numbers are of the Tenor series."""

import os
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from xml.sax.saxutils import escape

from gateway_pifu_ims import PifuIms

from gateway.sdk import Context, Fault, Raw, Reading
from gateway.sdk.identity import synthetic_number

SOURCE = "sas@lillevik.kommune.no"
GIVEN = ("Nora", "Emil", "Aylin", "Jakub", "Sunniva", "Máret", "Ola", "Hodan", "Iben", "Åse")
FAMILY = ("Berg", "Hætta", "Nowak", "Ali", "Sørli", "Øverland", "Lie", "Dahl", "Vik", "Strand")
PROTECTED_STREET = "Hemmeligstien"


class Log:
    def __init__(self) -> None:
        self.lines: list[Any] = []

    def info(self, event: str, **facts: object) -> None:
        self.lines.append((event, facts))

    warning = info


def adapter(folder: Any, *, log: Log | None = None, **options: Any) -> PifuIms:
    context = Context(
        system="sas", url="", http=None, secret=str, maps=None, log=log or Log(), folder=str(folder),
        options={"folder": "."} | options,
    )  # fmt: skip
    return PifuIms(context, now=lambda: 1e12)


def put(folder: Any, data: bytes, *, name: str = "uttrekk.xml", at: float = 1_000) -> None:
    (folder / name).write_bytes(data)
    os.utime(folder / name, (at, at))


def all_of(source: PifuIms, cursor: str | None = None) -> tuple[list[Raw], str | None]:
    records: list[Raw] = []
    while True:
        page = source.fetch(cursor)
        records += page.records
        source.acknowledge([raw.id for raw in page.records], "kept")
        cursor = page.cursor
        if not page.more:
            return records, cursor


def readings(source: PifuIms, records: list[Raw]) -> tuple[list[Reading], list[tuple[str, str]]]:
    """What the records say, and code and path of those that are refused."""
    told: list[Reading] = []
    faults: list[tuple[str, str]] = []
    for raw in records:
        try:
            told += source.read(raw)
        except Fault as fault:
            faults.append((fault.code, fault.path))
    return told, faults


def sourcedid(native: str, kind: str = "") -> str:
    return f"<sourcedid{kind}><source>{SOURCE}</source><id>{native}</id></sourcedid>"


def person(native: str, given: str, family: str, *, number: str = "", more: str = "", attributes: str = "") -> str:
    nin = f'<userid useridtype="personNIN">{number}</userid>' if number else ""
    head = native if native.startswith("<") else sourcedid(native)
    name = f"<name><fn>{escape(given)} {escape(family)}</fn><n><family>{escape(family)}</family>"
    return f"<person{attributes}>{head}{nin}{name}<given>{escape(given)}</given></n></name>{more}</person>"


def group(native: str, kind: str, name: str, parent: str, *, level: int = 1, more: str = "") -> str:
    scheme = "pifu-ims-go-org" if kind in {"skole", "skoleeier"} else "pifu-ims-go-grp"
    return (
        f"<group>{sourcedid(native)}<grouptype><scheme>{scheme}</scheme>"
        f'<typevalue level="{level}">{kind}</typevalue></grouptype><description><short>{name}</short></description>'
        f'<relationship relation="1">{sourcedid(parent)}<label>over</label></relationship>{more}</group>'
    )


def organisation(number: str) -> str:
    return (
        f'<extension><pifu_id type="organizationNumber"><pifu_value>{number}</pifu_value>'
        "<pifu_scope>enhetsregisteret</pifu_scope><pifu_unique>1</pifu_unique></pifu_id></extension>"
    )


def member(native: str, role: str = "01", *, since: str = "2026-08-17", until: str = "2027-06-18", **more: str) -> str:
    status, extra, recstatus = more.get("status", "1"), more.get("extra", ""), more.get("recstatus", "")
    mark = f' recstatus="{recstatus}"' if recstatus else ""
    return (
        f'<member>{sourcedid(native)}<idtype>1</idtype><role{mark} roletype="{role}"><status>{status}</status>'
        f"<timeframe><begin>{since}</begin><end>{until}</end></timeframe>{extra}</role></member>"
    )


def membership(native: str, members: str) -> str:
    return f"<membership>{sourcedid(native)}{members}</membership>"


def enterprise(*parts: str, kind: str = "full", made: str = "2026-11-21T03:00:00") -> bytes:
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?><enterprise xmlns="http://pifu.no/xsd/pifu-ims_sas/pifu-ims_sas-v1">'
        f'<properties lang="no"><datasource>{SOURCE}</datasource><type>{kind}</type><datetime>{made}</datetime></properties>'
    )
    return (head + "".join(parts) + "</enterprise>").encode()


ABSENCE = (
    '<extension><pifu_absence pifu_absence_mode="aggregate"><pifu_absence_type>days</pifu_absence_type>'
    "<timeframe><begin>2026-08-17</begin><end>2026-11-20</end></timeframe>"
    "<pifu_absence_value>17</pifu_absence_value><comments>fraværsmerknad</comments></pifu_absence></extension>"
)


def school(pupils: int, seed: int) -> bytes:
    """An export with classes of 25, two guardians a pupil, contact groups, subjects, absence, and protected pupils.

    Every fiftieth pupil's address is protected, which nothing in the format says; the street gives them away to a test.
    """
    chance = random.Random(seed)
    return enterprise(*_parts(pupils, chance))


def _parts(pupils: int, chance: random.Random) -> Iterator[str]:
    classes = range((pupils + 24) // 25)
    for at in range(pupils):
        yield _pupil(at, chance)
    for at in range(pupils):
        for which in ("a", "b"):
            yield person(f"g{at}{which}", chance.choice(GIVEN), chance.choice(FAMILY), more=_reach(at, chance))
    for at in classes:
        yield person(f"t{at}", chance.choice(GIVEN), f"Lærer{at}", more="<email>larer@lillevik.example</email>")
    yield group("eier", "skoleeier", "Lillevik kommune", "eier", more=organisation("974760673"))
    yield group("skole", "skole", "Lillevik skole", "eier", level=2, more=organisation("NO974760673"))
    for at in classes:
        yield group(f"b{at}", "basisgruppe", f"{at % 10 + 1}A", "skole")
        yield group(f"k{at}", "kontaktlærergruppe", f"Kontakt {at}", "skole", level=3)
        yield group(f"f{at}", "fag", "MAT01-05", "skole", level=7)
    yield membership("skole", "".join(member(f"p{at}", extra=ABSENCE) for at in range(pupils)))
    for at in classes:
        inside = range(at * 25, min(pupils, at * 25 + 25))
        members = "".join(member(f"p{one}") for one in inside)
        yield membership(f"b{at}", members)
        yield membership(f"k{at}", member(f"t{at}", "02") + members)
        yield membership(f"f{at}", member(f"t{at}", "02") + members)


def number_of(at: int) -> str:
    """The at-th pupil's number."""
    return synthetic_number(date(2012, 1, 1) + timedelta(days=at % 2_000), at // 2_000)


def _pupil(at: int, chance: random.Random) -> str:
    born = date(2012, 1, 1) + timedelta(days=at % 2_000)
    guardians = "".join(
        f'<pifu_hasContactPerson type="guardian">{sourcedid(f"g{at}{which}")}</pifu_hasContactPerson>' for which in "ab"
    )
    more = (
        f"<demographics><gender>1</gender><bday>{born}</bday></demographics>{_reach(at, chance)}<extension>"
        f'<pifu_status type="activeInactive">aktiv</pifu_status>{guardians}</extension>'
    )
    return person(f"p{at}", chance.choice(GIVEN), chance.choice(FAMILY), number=number_of(at), more=more)


def _reach(at: int, chance: random.Random) -> str:
    street = PROTECTED_STREET if at % 50 == 0 else "Storgata"
    return (
        f"<email>x{at}@lillevik.example</email>"
        f'<tel teltype="3">+479{at:07}</tel><adr><street>{street} {chance.randrange(99)}</street>'
        "<locality>Lillevik</locality><pcode>0001</pcode></adr>"
    )
