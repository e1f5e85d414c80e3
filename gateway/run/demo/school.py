"""The school's nightly file: PIFU-IMS, with every pupil of the school in it."""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from gateway.run.demo.people import Cast, Family, Someone

_SOURCE = "sas@lillevik.example"
_SCHOOL_YEAR = "<timeframe><begin>{begin}</begin><end>{end}</end></timeframe>"


def leave_file(folder: Path, cast: Cast, others: Iterable[Someone], made: datetime) -> None:
    """Leave the night's file in the school's inbox, as old as it says, so that it has settled."""
    file = folder / "skolen.xml"
    file.write_bytes(export(cast, others, made - timedelta(hours=4)))
    os.utime(file, (made.timestamp(), made.timestamp()))


def export(cast: Cast, others: Iterable[Someone], made: datetime) -> bytes:
    """The file of a night: three pupils who have a log, and all the others."""
    pupils: list[tuple[Someone, Family | None]] = [(one.child, one) for one in cast.families]
    pupils += [(one, None) for one in others]
    autumn = made.year if made.month >= 8 else made.year - 1
    year = _SCHOOL_YEAR.format(begin=f"{autumn}-08-17", end=f"{autumn + 1}-06-18")
    parts = [_pupil(f"p{at}", someone, family) for at, (someone, family) in enumerate(pupils)]
    for at, (_, family) in enumerate(pupils):
        parents = [] if family is None else [family.mother, *([family.father] if family.father else [])]
        parts += [_person(f"p{at}g{place}", parent) for place, parent in enumerate(parents)]
    parts.append(_person("t1", Someone(given="Kari", family="Nes", born=made.date(), number="")))
    parts.append(_group("eier", "skoleeier", "Lillevik kommune", "eier", 1))
    parts.append(_group("skole", "skole", "Storskogen skole", "eier", 2))
    names = [f"p{at}" for at in range(len(pupils))]
    parts.append(_membership("skole", [_member(name, "01", year) for name in names]))
    for grade, start in enumerate(range(0, len(names), 25), start=1):
        inside = [_member(name, "01", year) for name in names[start : start + 25]]
        parts.append(_group(f"b{grade}", "basisgruppe", f"{grade}A", "skole", 1))
        parts.append(_membership(f"b{grade}", inside))
    parts.append(_group("k1", "kontaktlærergruppe", "1A kontakt", "skole", 3))
    parts.append(_membership("k1", [_member("t1", "02", year), *(_member(name, "01", year) for name in names[:25])]))
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><enterprise xmlns="http://pifu.no/xsd/pifu-ims_sas/pifu-ims_sas-v1">'
        f'<properties lang="no"><datasource>{_SOURCE}</datasource><type>full</type>'
        f"<datetime>{made:%Y-%m-%dT%H:%M:%S}</datetime></properties>"
    )
    # Groups stand before memberships in the format, whatever order they were written down in here.
    ordered = sorted(parts, key=lambda part: ("<person", "<group", "<membership").index(part.split(">")[0]))
    return (head + "".join(ordered) + "</enterprise>").encode()


def _id(name: str) -> str:
    return f"<sourcedid><source>{_SOURCE}</source><id>{name}</id></sourcedid>"


def _person(name: str, someone: Someone, more: str = "") -> str:
    number = f'<userid useridtype="personNIN">{someone.number}</userid>' if someone.number else ""
    return (
        f"<person>{_id(name)}{number}<name><fn>{escape(someone.name)}</fn><n><family>{escape(someone.family)}</family>"
        f"<given>{escape(someone.given)}</given></n></name>{more}</person>"
    )


def _pupil(name: str, someone: Someone, family: Family | None) -> str:
    count = 0 if family is None else 1 if family.father is None else 2
    guardians = "".join(
        f'<pifu_hasContactPerson type="guardian">{_id(f"{name}g{place}")}</pifu_hasContactPerson>'
        for place in range(count)
    )
    more = (
        f"<demographics><bday>{someone.born}</bday></demographics>"
        f'<extension><pifu_status type="activeInactive">aktiv</pifu_status>{guardians}</extension>'
    )
    return _person(name, someone, more)


def _group(name: str, kind: str, title: str, parent: str, level: int) -> str:
    scheme = "pifu-ims-go-org" if kind in {"skole", "skoleeier"} else "pifu-ims-go-grp"
    return (
        f"<group>{_id(name)}<grouptype><scheme>{scheme}</scheme>"
        f'<typevalue level="{level}">{kind}</typevalue></grouptype><description><short>{title}</short></description>'
        f'<relationship relation="1">{_id(parent)}<label>over</label></relationship></group>'
    )


def _member(name: str, role: str, year: str) -> str:
    return f'<member>{_id(name)}<idtype>1</idtype><role roletype="{role}"><status>1</status>{year}</role></member>'


def _membership(name: str, members: Iterable[str]) -> str:
    return f"<membership>{_id(name)}{''.join(members)}</membership>"
