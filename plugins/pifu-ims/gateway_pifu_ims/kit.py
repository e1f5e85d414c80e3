"""A bench for the certification kit: a school administration system that exports each change as a delta file.

The system is ours; that its files are what real systems write is shown by the official samples in the plugin's tests.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from gateway.sdk.testing import FolderWorld, Sample, Thing, Watch, watched_context
from gateway_pifu_ims.adapter import PifuIms

SOURCE = "sas@lillevik.kommune.no"
_OWNER, _SCHOOL, _CLASS = "eier", "skole", "b1"
_PERSON: Mapping[str, Any] = {
    "number": "17908599950",
    "given_name": "Nora",
    "family_name": "Berg",
    "birth_date": "1985-10-17",
    "language": "nn",
}
_PLACE: Mapping[str, Any] = {
    "person": "p1",
    "unit_name": "Lillevik skole",
    "group": "7A",
    "since": "2026-08-17",
    "until": "2027-06-18",
}
SAMPLES = (
    Sample(
        kind="person",
        body={"role": "pupil", **_PERSON},
        fields=_PERSON,
        patch={"family_name": "Øverland"},
        patched={"family_name": "Øverland"},
        recorded=False,
    ),
    Sample(
        kind="enrolment",
        body=_PLACE,
        fields={**_PLACE, "unit": _SCHOOL, "group_type": "basic", "role": "pupil", "status": "active"},
        patch={"until": "2027-01-29"},
        patched={"until": "2027-01-29"},
        recorded=False,
    ),
    Sample(
        kind="unit",
        body={"name": "Lillevik skole"},
        fields={"name": "Lillevik skole", "unit_type": "unit", "service": "school", "part_of": _OWNER},
        patch={"name": "Lillevik skule"},
        patched={"name": "Lillevik skule"},
        recorded=False,
    ),
)


class SchoolWorld(FolderWorld):
    """The system: each change is a file of its own."""

    can = frozenset({"make", "edit", "delete", "acknowledged", "requests"})
    suffix = ".xml"

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """A user makes a record, and it is exported. Nothing is ever late in a folder."""
        number = sum(key.startswith(f"{kind}:") for key in self.things) + next(self.count)
        ident = {"enrolment": f"{_CLASS}|{body.get('person')}", "unit": _SCHOOL}.get(kind, f"p{number}")
        self.keep(Thing(kind=kind, id=ident, body=dict(body)))
        return ident

    def delete(self, kind: str, ident: str) -> None:
        """A user deletes a record, and that is exported."""
        self.export(self.things.pop(f"{kind}:{ident}"), recstatus=' recstatus="3"')

    def export(self, thing: Thing, recstatus: str = "") -> None:
        """A file with the record and what it stands in."""
        self.leave(thing, _enterprise(_PARTS[thing.kind](thing, recstatus)).encode())


class PifuImsBench:
    """The adapter at a folder of our own."""

    adapter = PifuIms
    samples = SAMPLES
    source = "stand-in"
    page = 1

    @contextmanager
    def world(self) -> Iterator[SchoolWorld]:
        """A new folder."""
        with tempfile.TemporaryDirectory() as where:
            yield SchoolWorld(Path(where))

    def connect(self, world: SchoolWorld, watch: Watch) -> PifuIms:
        """A new adapter at that folder."""
        options = {"folder": ".", "settle_seconds": 0}
        return PifuIms(watched_context("http://127.0.0.1:9", watch, options=options, folder=str(world.folder)))


def bench() -> PifuImsBench:
    """What ``bti adapter certify pifu-ims`` tries the adapter on."""
    return PifuImsBench()


def _enterprise(parts: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><enterprise xmlns="http://pifu.no/xsd/pifu-ims_sas/pifu-ims_sas-v1">'
        f'<properties lang="no"><datasource>{SOURCE}</datasource><type>delta</type>'
        f"<datetime>2026-11-21T03:00:00</datetime></properties>{parts}</enterprise>"
    )


def _id(native: str) -> str:
    return f"<sourcedid><source>{SOURCE}</source><id>{native}</id></sourcedid>"


def _person(thing: Thing, recstatus: str) -> str:
    told = {name: escape(str(value)) for name, value in thing.body.items()}
    return (
        f'<person{recstatus}>{_id(thing.id)}<userid useridtype="personNIN">{told["number"]}</userid>'
        f"<name><fn>{told['given_name']}</fn><n><family>{told['family_name']}</family>"
        f"<given>{told['given_name']}</given></n></name><demographics><bday>{told['birth_date']}</bday></demographics>"
        '<extension><pifu_status type="activeInactive">aktiv</pifu_status>'
        f"<pifu_preferredLanguage>{told['language']}</pifu_preferredLanguage></extension></person>"
    )


def _group(native: str, kind: str, name: str, parent: str, recstatus: str = "") -> str:
    return (
        f'<group{recstatus}>{_id(native)}<grouptype><scheme>pifu-ims-go-org</scheme><typevalue level="1">{kind}'
        f"</typevalue></grouptype><description><short>{escape(name)}</short></description>"
        f'<relationship relation="1">{_id(parent)}<label>over</label></relationship></group>'
    )


def _unit(thing: Thing, recstatus: str) -> str:
    return _group(_SCHOOL, "skole", str(thing.body["name"]), _OWNER, recstatus)


def _enrolment(thing: Thing, recstatus: str) -> str:
    told = thing.body
    return (
        _group(_SCHOOL, "skole", str(told["unit_name"]), _OWNER)
        + _group(_CLASS, "basisgruppe", str(told["group"]), _SCHOOL)
        + f"<membership>{_id(_CLASS)}<member>{_id(str(told['person']))}<idtype>1</idtype>"
        f'<role{recstatus} roletype="01"><status>1</status><timeframe><begin>{told["since"]}</begin>'
        f"<end>{told['until']}</end></timeframe></role></member></membership>"
    )


_PARTS = {"person": _person, "unit": _unit, "enrolment": _enrolment}
