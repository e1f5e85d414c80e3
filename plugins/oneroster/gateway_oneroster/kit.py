"""Benches for the certification kit: the stand-in as a service, and a folder into which bundles are exported.

Both are ours. A pupil is made with a place at a school and in a class, as a user of a school's system would.
"""

import itertools
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gateway.sdk.testing import FolderWorld, Sample, Thing, Watch, watched_context
from gateway_oneroster.adapter import OneRoster
from gateway_oneroster.files import OneRosterFiles
from gateway_oneroster.school import packed
from gateway_oneroster.standin import TOKEN, StandIn

_BEGIN = datetime(2026, 11, 21, 3, tzinfo=UTC)
_PERSON: Mapping[str, Any] = {"identifier": "17908599950", "givenName": "Nora", "familyName": "Berg"}
_PLACE: Mapping[str, Any] = {"user": "p1", "beginDate": "2026-08-17", "endDate": "2027-06-19"}
SAMPLES = (
    Sample(
        kind="person",
        body=_PERSON,
        fields={"number": "17908599950", "given_name": "Nora", "family_name": "Berg"},
        patch={"familyName": "Øverland"},
        patched={"family_name": "Øverland"},
        recorded=False,
    ),
    Sample(
        kind="enrolment",
        body=_PLACE,
        fields={
            "person": "p1",
            "unit": "skole",
            "unit_name": "Lillevik skole",
            "group": "7A",
            "group_type": "basic",
            "role": "pupil",
            "since": "2026-08-17",
            "until": "2027-06-18",
            "status": "active",
        },
        patch={"endDate": "2027-01-30"},
        patched={"until": "2027-01-29"},
        recorded=False,
    ),
    Sample(
        kind="unit",
        body={"name": "Lillevik skole"},
        fields={"name": "Lillevik skole", "unit_type": "unit", "service": "school", "part_of": "eier"},
        patch={"name": "Lillevik skule"},
        patched={"name": "Lillevik skule"},
        recorded=False,
    ),
)
_COLLECTIONS = {"person": "users", "enrolment": "enrollments", "unit": "orgs"}


def _record(kind: str, ident: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A record of the service from a sample's body."""
    if kind == "person":
        return {"sourcedId": ident, **body, "roles": [{"roleType": "primary", "role": "student", "org": _id("skole")}]}
    if kind == "unit":
        return {"sourcedId": ident, **body, "type": "school", "parent": _id("eier")}
    return {"sourcedId": ident, **body, "user": _id(str(body["user"])), "class": _id("b1"), "role": "student"}


def _id(ident: str) -> dict[str, str]:
    return {"sourcedId": ident}


class ServiceWorld:
    """The stand-in. Its clock goes a second with everything that is done there."""

    can: Collection[Any] = frozenset({"make", "edit", "late", "down", "requests", "age"})

    def __init__(self) -> None:
        self.at = _BEGIN
        self.standin = StandIn(now=lambda: self.at, most=2)
        self.url = self.standin.url
        self.things: dict[str, Thing] = {}
        self.count = itertools.count(1)

    def state(self) -> Mapping[str, Thing]:
        """All living records that were made."""
        return dict(self.things)

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """A user there makes a record."""
        number = next(self.count)
        ident = {"person": f"p{number}", "enrolment": f"e{number}", "unit": "skole"}[kind]
        self._keep(Thing(kind=kind, id=ident, body=dict(body)), late=late)
        return ident

    def edit(self, kind: str, ident: str, patch: Mapping[str, Any]) -> None:
        """A user there changes a record."""
        self._keep(Thing(kind=kind, id=ident, body={**self.things[f"{kind}:{ident}"].body, **patch}))

    def delete(self, kind: str, ident: str) -> None:
        """Nobody is ever told as deleted: a pupil who is gone has no places."""
        raise NotImplementedError

    def fault(self, name: str, times: int = 1) -> None:
        """The service does not answer."""
        self.standin.troubles.order({"faults": [{"what": name, "times": times}]})

    def heal(self) -> None:
        """It answers again."""
        self.standin.troubles.clear()

    def ready(self, sample: Sample) -> str | None:
        """The pupil and the class of a place, the school of a pupil, the owner of a school."""
        for name, record in _surroundings(sample.kind):
            if str(record["sourcedId"]) not in self.standin.told[name]:
                self.standin.put(name, record)
        return None

    def acknowledged(self) -> Collection[str]:
        """Nobody tells the service what was kept."""
        return ()

    def requests(self) -> Sequence[str]:
        """All request lines."""
        return list(self.standin.asked)

    def age(self) -> None:
        """An hour passes there."""
        self.at += timedelta(hours=1)

    def webhook(self) -> Any:
        """There are none."""
        raise NotImplementedError

    def _keep(self, thing: Thing, *, late: bool = False) -> None:
        self.things[f"{thing.kind}:{thing.id}"] = thing
        self.at += timedelta(seconds=1)
        at = self.at - timedelta(seconds=30) if late else None
        self.standin.put(_COLLECTIONS[thing.kind], _record(thing.kind, thing.id, thing.body), at=at)


def _surroundings(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a record of a kind stands in: collection and record."""
    if kind == "person":
        return
    yield "orgs", {"sourcedId": "eier", "name": "Lillevik kommune", "type": "district"}
    if kind == "enrolment":
        yield "orgs", _record("unit", "skole", {"name": "Lillevik skole"})
        homeroom = {"sourcedId": "b1", "title": "7A", "classType": "homeroom", "school": _id("skole")}
        yield "classes", homeroom
        yield "users", _record("person", "p1", _PERSON)


class BundleWorld(FolderWorld):
    """A system that exports each change as a bundle of its own. A pupil who is gone is told without a place."""

    suffix = ".zip"

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """A user makes a record, and it is exported. Nothing is ever late in a folder."""
        number = next(self.count)
        ident = {"person": f"p{number}", "enrolment": f"e{number}", "unit": "skole"}[kind]
        self.keep(Thing(kind=kind, id=ident, body=dict(body)))
        return ident

    def export(self, thing: Thing) -> None:
        """A bundle with the record and what it stands in."""
        files: dict[str, list[dict[str, str]]] = {}
        for name, record in (
            *_surroundings(thing.kind),
            (_COLLECTIONS[thing.kind], _record(thing.kind, thing.id, thing.body)),
        ):
            flat = {key: str(value) for key, value in record.items() if isinstance(value, str)}
            flat |= {f"{key}SourcedId": value["sourcedId"] for key, value in record.items() if isinstance(value, dict)}
            flat |= {"status": "active", "dateLastModified": "2026-11-21T03:00:00.000Z"}
            files.setdefault(name, []).append(flat)
            for role in record.get("roles", ()):
                told = {"sourcedId": f"{record['sourcedId']}/r", "userSourcedId": str(record["sourcedId"]),
                        "role": "student", "orgSourcedId": role["org"]["sourcedId"]}  # fmt: skip
                files.setdefault("roles", []).append(told)
        self.leave(thing, packed(files, version="1.2", mode="delta"))


class ServiceBench:
    """The adapter at the stand-in."""

    adapter = OneRoster
    samples = SAMPLES
    source = "stand-in"
    page = 2

    @contextmanager
    def world(self) -> Iterator[ServiceWorld]:
        """A new service."""
        world = ServiceWorld()
        with world.standin:
            yield world

    def connect(self, world: ServiceWorld, watch: Watch) -> OneRoster:
        """A new adapter at that service, with its clock."""
        context = watched_context(world.url, watch, secret=TOKEN, options={"page_records": 2, "limit": 3})
        return OneRoster(context, now=lambda: world.at)


class FolderBench:
    """The adapter at a folder of our own."""

    adapter = OneRosterFiles
    samples = SAMPLES
    source = "stand-in"
    page = 1

    @contextmanager
    def world(self) -> Iterator[BundleWorld]:
        """A new folder."""
        with tempfile.TemporaryDirectory() as where:
            yield BundleWorld(Path(where))

    def connect(self, world: BundleWorld, watch: Watch) -> OneRosterFiles:
        """A new adapter at that folder, on the stand-in's day."""
        options = {"folder": ".", "settle_seconds": 0}
        context = watched_context("http://127.0.0.1:9", watch, options=options, folder=str(world.folder))
        return OneRosterFiles(context, now=_BEGIN.timestamp)


BENCHES: Mapping[str, Callable[[], Any]] = {"oneroster": ServiceBench, "oneroster-csv": FolderBench}
"""What ``bti adapter certify`` tries each of the plugin's adapters on."""
