"""Made-up school owners, and how each dialect of OneRoster writes them. All person numbers are of the Tenor series.

With every record goes what a real one is full of and nobody here may read: telephones, e-mail, passwords, marks.
"""

import csv
import io
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from msgspec import Struct

from gateway.sdk.identity import synthetic_number

Dialect = Literal["1.2", "1.1"]
GIVEN = ("Nora", "Emil", "Aylin", "Jakub", "Sunniva", "Máret", "Ola", "Hodan", "Iben", "Åse")
FAMILY = ("Berg", "Hætta", "Nowak", "Ali", "Sørli", "Øverland", "Lie", "Dahl", "Vik", "Strand")
OWNER_NUMBER = "974760673"
SECRETS = ("+4799887766", "hemmelig.epost@lillevik.example", "passord-1234", "Karakter 6", "Fravær 17 dager")
"""What stands in every user and must reach nobody."""


class School(Struct, frozen=True, kw_only=True):
    """A school; ``number`` is its organisation number, where it has one."""

    id: str
    name: str
    number: str | None = None


class Klass(Struct, frozen=True, kw_only=True):
    """A basis group, a contact group, or lessons."""

    id: str
    title: str
    school: str
    kind: Literal["basic", "contact", "lessons"] = "basic"


class Person(Struct, frozen=True, kw_only=True):
    """A pupil, guardian or teacher; pupils have schools and guardians."""

    id: str
    given: str
    family: str
    number: str | None = None
    born: date | None = None
    schools: tuple[str, ...] = ()
    guardians: tuple[str, ...] = ()


class Place(Struct, frozen=True, kw_only=True):
    """Somebody in a class; ``until`` is the last day. ``leads`` marks a contact teacher."""

    klass: str
    person: str
    role: Literal["pupil", "teacher"] = "pupil"
    leads: bool = False
    since: date | None = None
    until: date | None = None


class Town(Struct, frozen=True, kw_only=True):
    """A school owner and all that it has."""

    schools: tuple[School, ...] = ()
    classes: tuple[Klass, ...] = ()
    pupils: tuple[Person, ...] = ()
    guardians: tuple[Person, ...] = ()
    teachers: tuple[Person, ...] = ()
    places: tuple[Place, ...] = ()
    period: tuple[date, date] = (date(2026, 8, 17), date(2027, 6, 18))
    """The first and the last day of a pupil's place at a school."""


def number_of(at: int, *, since: int = 2012) -> str:
    """The at-th person's number, of those born from a year on."""
    return synthetic_number(date(since, 1, 1) + timedelta(days=at % 2_000), at // 2_000)


def town(*, seed: int, schools: int = 1, classes: int = 4, pupils: int = 25) -> Town:
    """``classes`` at each of the schools with ``pupils`` in each, two guardians a pupil, a contact teacher a class."""
    chance = random.Random(seed)  # noqa: S311 - made-up people

    def named(ident: str, **more: Any) -> Person:
        return Person(id=ident, given=chance.choice(GIVEN), family=chance.choice(FAMILY), **more)

    first, last = Town().period
    houses: list[School] = []
    groups: list[Klass] = []
    children: list[Person] = []
    adults: list[Person] = []
    staff: list[Person] = []
    places: list[Place] = []
    for which in range(schools):
        house = School(id=f"s{which}", name=f"Lillevik skole {which}", number=str(OWNER_NUMBER) if not which else None)
        houses.append(house)
        for at in range(classes):
            klass = f"b{which}-{at}"
            groups.append(Klass(id=klass, title=f"{at % 10 + 1}A", school=house.id))
            groups.append(Klass(id=f"f{which}-{at}", title="MAT01-05", school=house.id, kind="lessons"))
            staff.append(named(f"t{which}-{at}"))
            places.append(Place(klass=klass, person=staff[-1].id, role="teacher", leads=True))
            for _ in range(pupils):
                number = len(children)
                pair = tuple(f"g{number}{one}" for one in "ab")
                adults += [named(one, number=number_of(2 * number + at_, since=1980)) for at_, one in enumerate(pair)]
                born = date(2012, 1, 1) + timedelta(days=number % 2_000)
                children.append(
                    named(f"p{number}", number=number_of(number), born=born, schools=(house.id,), guardians=pair)
                )
                where = (klass, f"f{which}-{at}")
                places += [Place(klass=one, person=f"p{number}", since=first, until=last) for one in where]
    return Town(
        schools=tuple(houses), classes=tuple(groups), pupils=tuple(children), guardians=tuple(adults),
        teachers=tuple(staff), places=tuple(places),
    )  # fmt: skip


# REST


def records(told: Town, dialect: Dialect = "1.2") -> Iterator[tuple[str, dict[str, Any]]]:
    """A school owner as the records of a service: collection and record, in the order in which they can be made."""
    yield "orgs", {"sourcedId": "eier", "name": "Lillevik kommune", "type": "district", "identifier": OWNER_NUMBER}
    for school in told.schools:
        record = {"sourcedId": school.id, "name": school.name, "type": "school", "parent": _ref("eier", "org")}
        yield "orgs", record | ({"identifier": school.number} if school.number else {})
    for klass in told.classes:
        yield "classes", class_record(klass)
    for person, role in people(told):
        yield "users", user_record(person, role, told, dialect)
        if dialect == "1.2" and person.born is not None:
            yield "demographics", {"sourcedId": person.id, "birthDate": person.born.isoformat(), "sex": "other"}
    for place in told.places:
        yield "enrollments", enrolment_record(place, told, dialect)


def people(told: Town) -> Iterator[tuple[Person, str]]:
    """Everybody, with their role in OneRoster's words."""
    for role, each in (("student", told.pupils), ("guardian", told.guardians), ("teacher", told.teachers)):
        for person in each:
            yield person, role


def class_record(klass: Klass) -> dict[str, Any]:
    """A class as both dialects write it."""
    record = {
        "sourcedId": klass.id,
        "title": klass.title,
        "classType": "scheduled" if klass.kind == "lessons" else "homeroom",
        "school": _ref(klass.school, "org"),
        "course": _ref("fag", "course"),
        "terms": [_ref("h26", "academicSession")],
    }
    return record | ({"metadata": {"additionalClassType": "mentor"}} if klass.kind == "contact" else {})


def user_record(person: Person, role: str, told: Town, dialect: Dialect) -> dict[str, Any]:
    """A user: in 1.1 with one role and a list of orgs, in 1.2 with a role for each of them, and its period."""
    phone, mail, password, mark, absence = SECRETS
    record: dict[str, Any] = {
        "sourcedId": person.id,
        "username": f"u{person.id}",
        "enabledUser": True if dialect == "1.1" else "true",
        "givenName": person.given,
        "familyName": person.family,
        "userIds": [{"type": "Feide", "identifier": f"u{person.id}@lillevik.example"}],
        "phone": phone,
        "sms": phone,
        "email": mail,
        "password": password,
        "metadata": {"mark": mark, "absence": absence},
    }
    if person.number:
        record["identifier"] = person.number
    schools = person.schools or ("eier",)
    if dialect == "1.1":
        record |= {"role": role, "orgs": [_ref(one, "org") for one in schools]}
    else:
        first, last = told.period
        period = {"beginDate": first.isoformat(), "endDate": after(last)} if role == "student" else {}
        record["roles"] = [{"roleType": "primary", "role": role, "org": _ref(one, "org"), **period} for one in schools]
    agents = agents_of(person, told)
    if agents and (dialect == "1.2" or role == "guardian"):
        record["agents"] = [_ref(one, "user") for one in agents]
    return record


def agents_of(person: Person, told: Town) -> list[str]:
    """A pupil's guardians, or the pupils who name a guardian."""
    return [*person.guardians, *(one.id for one in told.pupils if person.id in one.guardians)]


def enrolment_record(place: Place, told: Town, dialect: Dialect) -> dict[str, Any]:
    """A place. Its end is the day after the last, as the standard says; a service made from FINT tells no period."""
    klass = next(one for one in told.classes if one.id == place.klass)
    record: dict[str, Any] = {
        "sourcedId": f"{place.klass}|{place.person}",
        "user": _ref(place.person, "user"),
        "class": _ref(place.klass, "class"),
        "school": _ref(klass.school, "org"),
        "role": "student" if place.role == "pupil" else "teacher",
    }
    if dialect == "1.1":
        return record
    if place.leads:
        record["primary"] = "true"
    if place.since is not None:
        record["beginDate"] = place.since.isoformat()
    if place.until is not None:
        record["endDate"] = after(place.until)
    return record


def after(day: date) -> str:
    """The day after one."""
    return (day + timedelta(days=1)).isoformat()


def _ref(ident: str, kind: str) -> dict[str, str]:
    return {"href": f"https://lillevik.example/{kind}s/{ident}", "sourcedId": ident, "type": kind}


# CSV

_COLUMNS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "1.1": {
        "orgs": ("name", "type", "identifier", "parentSourcedId"),
        "classes": ("title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId",
                    "termSourcedIds", "subjects", "subjectCodes", "periods", "metadata.additionalClassType"),
        "users": ("enabledUser", "orgSourcedIds", "role", "username", "userIds", "givenName", "familyName",
                  "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "password"),
        "enrollments": ("classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate",
                        "endDate"),
        "demographics": ("birthDate", "sex"),
    },
    "1.2": {
        "users": ("enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email",
                  "sms", "phone", "agentSourcedIds", "grades", "password", "userMasterIdentifier",
                  "resourceSourcedIds", "preferredGivenName", "preferredMiddleName", "preferredFamilyName",
                  "primaryOrgSourcedId", "pronouns"),
        "roles": ("userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId",
                  "userProfileSourcedId"),
    },
}  # fmt: skip


def bundle(
    told: Town,
    version: Dialect = "1.2",
    *,
    mode: Literal["bulk", "delta"] = "bulk",
    modified: str = "2026-11-20T10:00:00.000Z",
    gone: Sequence[tuple[str, str]] = (),
    change: Callable[[str, dict[str, str]], dict[str, str]] = lambda _, row: row,
) -> bytes:
    """A school owner as a bundle. ``gone`` are records (file and id) that a ``delta`` marks as deleted."""
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in ("orgs", "classes", "users", "enrollments")}
    rows["demographics"] = []
    if version == "1.2":
        rows["roles"] = []
    for name, record in records(told):
        rows[name].append(_flat(record))
        if name == "users":
            for at, role in enumerate(record["roles"]):
                if version == "1.2":
                    rows["roles"].append(_flat({**role, "sourcedId": f"{record['sourcedId']}/{at}",
                                                         "userSourcedId": record["sourcedId"]}))  # fmt: skip
                else:
                    rows[name][-1] |= {"role": role["role"]}
                    orgs = rows[name][-1].get("orgSourcedIds", "")
                    rows[name][-1]["orgSourcedIds"] = ",".join(filter(None, (orgs, role["org"]["sourcedId"])))
    marks = {"status": "active", "dateLastModified": modified} if mode == "delta" else {}
    files = {name: [change(name, {**marks, **row}) for row in each] for name, each in rows.items()}
    for name, ident in gone:
        for row in files[name]:
            if row["sourcedId"] == ident:
                row["status"] = "tobedeleted"
    return packed(files, version=version, mode=mode)


def packed(files: Mapping[str, Sequence[Mapping[str, str]]], *, version: str, mode: str) -> bytes:
    """Rows as a ZIP with a manifest."""
    manifest = [("manifest.version", "1.0"), ("oneroster.version", version)]
    manifest += [(f"file.{name}", mode) for name in files] + [("file.results", "absent")]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        lines = [{"propertyName": name, "value": value} for name, value in manifest]
        archive.writestr("manifest.csv", _csv(("propertyName", "value"), lines))
        for name, rows in files.items():
            columns = _COLUMNS.get(version, {}).get(name) or _COLUMNS["1.1"][name]
            archive.writestr(f"{name}.csv", _csv(("sourcedId", "status", "dateLastModified", *columns), rows))
    return out.getvalue()


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
    """A record as one line: references by their id, lists in one cell."""
    row: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, str):
            row[key] = value
        elif key == "userIds":
            row[key] = ",".join(f"{{{one['type']}:{one['identifier']}}}" for one in value)
        elif key == "metadata":
            row |= {f"metadata.{one}": str(text) for one, text in value.items()}
        elif key == "agents":
            row["agentSourcedIds"] = ",".join(one["sourcedId"] for one in value)
        elif isinstance(value, Mapping):
            row[f"{key}SourcedId"] = str(value["sourcedId"])
    return row
