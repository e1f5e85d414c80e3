"""Bundles of CSV files: whole ones and changes, and what is wrong with broken ones."""

import io
import json
import zipfile

import pytest
from gateway_oneroster import OneRosterFiles
from gateway_oneroster.school import SECRETS, Town, bundle, packed, town
from roster_bench import at_folder, drain, put, told_by

from gateway.sdk import Misconfigured, Refused
from gateway.sdk.testing import Watch

SMALL = town(seed=1, classes=2, pupils=3)


def told(folder, data, **options):
    put(folder, data)
    source = at_folder(folder, **options)
    return told_by(source, drain(source)[0])


def without(data, name, *, change=None):
    """A bundle with a member left out, or changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            text = old.read(one)
            if one != name:
                new.writestr(one, text)
            elif change is not None:
                new.writestr(one, change(text.decode()))
    return out.getvalue()


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("size", [2, 500])
def test_a_whole_bundle_is_told_and_put_away(tmp_path, version, size):
    readings, faults = told(tmp_path, bundle(SMALL, version), page_records=size)
    assert faults == []
    assert len([one for one in readings if one.whole]) == 6
    assert [path.name for path in (tmp_path / "done").iterdir()] == ["000001-uttrekk.zip"]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_telephones_marks_and_absence_get_into_no_record(tmp_path, version):
    watch = Watch()
    put(tmp_path, bundle(SMALL, version))
    source = at_folder(tmp_path, watch=watch)
    found, cursor = drain(source)
    seen = json.dumps([raw.body for raw in found]) + str(cursor) + "".join(watch.heard())
    assert SMALL.pupils[0].given in seen
    assert [one for one in SECRETS if one in seen] == []


def test_a_bundle_of_changes_is_told_upon_the_whole_one(tmp_path):
    source = at_folder(tmp_path)
    put(tmp_path, bundle(SMALL), at=1_000)
    _, cursor = drain(source)
    change = packed(
        {"users": [{"sourcedId": "t0-0", "status": "active", "givenName": "Ane", "familyName": "Nyhus"}],
         "roles": [{"sourcedId": "r", "userSourcedId": "t0-0", "role": "teacher", "orgSourcedId": "eier"}],
         "enrollments": [{"sourcedId": "b0-1|p4", "status": "tobedeleted", "classSourcedId": "b0-1",
                          "userSourcedId": "p4", "role": "student"}]},
        version="1.2", mode="delta",
    )  # fmt: skip
    put(tmp_path, change, name="endring.zip", at=2_000)
    found, _ = drain(source, cursor)
    assert [raw.id for raw in found if raw.kind == "person"] == ["p0", "p1", "p2", "p4"]
    readings, faults = told_by(source, found)
    assert faults == []
    assert {one.fields["family_name"] for one in readings if one.id.startswith("t0-0|")} == {"Nyhus"}
    (left,) = [raw for raw in found if raw.id == "p4"]
    assert [one["id"] for one in left.body["places"]] == ["s0|p4"]
    assert left.body["whole"]


def test_a_bundle_of_changes_alone_ends_nothing(tmp_path):
    readings, faults = told(tmp_path, bundle(SMALL, mode="delta", gone=[("enrollments", "b0-0|p1")]))
    assert faults == []
    assert not [one for one in readings if one.whole]
    assert "b0-0|p1" not in {one.id for one in readings}


def test_a_whole_bundle_that_is_suddenly_without_pupils_stops_the_system(tmp_path):
    source = at_folder(tmp_path)
    put(tmp_path, bundle(SMALL))
    _, cursor = drain(source)
    put(tmp_path, bundle(Town(schools=SMALL.schools)), name="tom.zip", at=2_000)
    for _ in range(2):
        with pytest.raises(Refused, match=r"^guard\.emptied at file-2$"):
            source.fetch(cursor)


MANIFEST = "propertyName,value\r\noneroster.version,1.2\r\nfile.users,{}\r\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no archive", "archive.broken"),
        (without(bundle(SMALL), "manifest.csv"), "oneroster.manifest"),
        (without(bundle(SMALL), "users.csv"), "oneroster.file_missing"),
        (without(bundle(SMALL), "manifest.csv", change=lambda text: text.replace(",1.2", ",2.0")), "oneroster.manifest"),
        (without(bundle(SMALL), "manifest.csv", change=lambda text: text.replace("bulk", "some")), "oneroster.manifest"),
        (without(bundle(SMALL), "manifest.csv", change=lambda text: text.replace("file.users,bulk", "file.users,delta")),
         "oneroster.mode"),
        (without(bundle(SMALL), "manifest.csv", change=lambda text: text.replace("file.roles,bulk", "file.roles,absent")),
         "oneroster.file_missing"),
        (without(bundle(SMALL), "users.csv", change=lambda text: text.replace("givenName", "fornavn", 1)),
         "oneroster.columns"),
        (without(bundle(SMALL), "orgs.csv", change=lambda text: text.replace("name,", "name,name,", 1)), "csv.header"),
    ],
)  # fmt: skip
def test_a_bundle_that_is_none_is_one_refused_record_and_is_put_away(tmp_path, data, code):
    watch = Watch()
    put(tmp_path, data, name="Kari Nordmann.zip")
    source = at_folder(tmp_path, watch=watch)
    found, cursor = drain(source)
    _, faults = told_by(source, found)
    assert [one for one, _ in faults] == [code]
    assert "Kari" not in f"{found}{cursor}{watch.heard()}{faults}"
    assert [path.name for path in (tmp_path / "done").iterdir()] == ["000001-Kari Nordmann.zip"]


@pytest.mark.parametrize(
    ("name", "change", "code", "path"),
    [
        ("users.csv", lambda text: text + '"x,y\r\n', "csv.unclosed", "users:22:1"),
        ("users.csv", lambda text: text + "for,få\r\n", "csv.columns", "users:22:3"),
        ("users.csv", lambda text: text.replace("p1,", "p0,", 1), "oneroster.duplicate", "$.users[].sourcedId"),
        ("enrollments.csv", lambda text: text.replace("2026-08-17", "i august", 1), "oneroster.date",
         "$.enrollments[].beginDate"),
        ("enrollments.csv", lambda text: text.replace(",p1,", ",borte,", 1), "oneroster.user_unknown", "$.enrollments[]"),
        ("enrollments.csv", lambda text: text.replace(",b0-0,", ",borte,", 1), "oneroster.class_unknown",
         "$.enrollments[]"),
        ("orgs.csv", lambda text: text.replace("s0,", "s0,weg", 1), "oneroster.status", "$.orgs[].status"),
    ],
)  # fmt: skip
def test_a_line_that_is_broken_is_refused_alone_with_code_and_place(tmp_path, name, change, code, path):
    _, faults = told(tmp_path, without(bundle(SMALL), name, change=change))
    assert (code, path) in faults


def test_a_byte_order_mark_and_quoted_commas_are_read(tmp_path):
    data = without(bundle(SMALL), "users.csv", change=lambda text: "\ufeff" + text)
    readings, faults = told(tmp_path, data)
    assert faults == []
    assert len([one for one in readings if one.whole]) == 6


def test_the_same_bundle_twice_gives_equal_records(tmp_path):
    source = at_folder(tmp_path)
    seen = []
    cursor = None
    for at in (1_000, 2_000):
        put(tmp_path, bundle(SMALL), name=f"{at}.zip", at=at)
        found, cursor = drain(source, cursor)
        seen.append(found)
    assert seen[0] == seen[1]


def test_options_that_make_no_sense_are_refused(tmp_path):
    for options in ({"settle_seconds": -1}, {"unknown": 1}, {"max_bytes": 1}):
        with pytest.raises(Misconfigured, match=r"^oneroster\.options$"):
            at_folder(tmp_path, **options)
    assert OneRosterFiles.capabilities.acknowledges
