"""Hostile JSON from a vendor, through the whole intake: real HTTP, the shipped adapter, the store, and out again.

Whatever comes, the round ends well, within two seconds and 256 MB; what cannot be read is put aside with a code and a
path, and the record beside it goes on.
"""

import json
import resource
import time

import pytest

from gateway.core import casefile
from gateway.run import acts
from gateway.run.life import sync
from gateway.sdk.loopback import Answer, LoopbackServer
from tests.run.township import Township, number_of

SECONDS, MEGABYTES = 2.0, 256
CODES = ("json.", "vendor.", "http.", "model.", "map.", "mapping.", "match.", "identity.", "adapter.", "reading.")


class Writer:
    """A vendor that answers with whatever it is told, byte for byte."""

    def __init__(self):
        self.body = b'{"records":[],"cursor":"0","more":false}'
        self.asked = []
        self.server = LoopbackServer(self.answer)

    def answer(self, asked):
        self.asked.append(asked.path)
        if asked.path == "/v1/inventory":
            return Answer(status=404)
        return Answer(body=self.body if asked.path == "/v1/changes" else b"{}")

    def page(self, *records):
        self.body = b'{"records":[' + b",".join(records) + b'],"cursor":"1","more":false}'


@pytest.fixture
def town(tmp_path):
    made = Township(tmp_path, cases=0)
    writer = Writer()
    with writer.server:
        made.settings.write_text(made.settings.read_text().replace(made.skole.url, writer.server.url))
        world = made.world(threads=1)
        for source, target in (("skole", "helse"), ("helse", "skole")):
            acts.set_flow(world, source, target, "approved", by="liv")
        made.writer, made.opened = writer, world
        yield made
        for adapter in world.adapters.values():
            adapter.close()
        world.store.close()
    made.close()


def record(kind, ident, fields, **more):
    header = {"kind": kind, "id": ident, "category": kind, "case": "c0", "version": "1", **more}
    return json.dumps({**header, "fields": fields}, ensure_ascii=False).encode("utf-8", "surrogatepass")


def family():
    """One grown woman's case, with her consent."""
    given = {"decision": "given", "by": "p0", "purpose": "bti", "services": ["health_station"],
             "valid_from": "2026-01-01", "given": "2026-01-01T10:00:00+01:00"}  # fmt: skip
    return [
        record(
            "person",
            "p0",
            {"number": number_of(0), "role": "subject", "birth_date": "1980-01-01", "protection": "none"},
        ),
        record("case", "c0", {"subject": "p0", "status": "active", "opened_on": "2026-01-10"}, about=["p0"]),
        record("consent", "s0", given, about=["p0"]),
    ]


def timed(world):
    started = time.process_time()
    tally = sync(world)
    return tally, time.process_time() - started


def held(world):
    with world.store.read() as tx:
        return tx.quarantined("skole")


def resting(world):
    with world.store.read() as tx:
        for _, body in tx.load_cases(tx.case_ids()).values():
            casefile.decode(body)


@pytest.fixture
def suite(shared_data):
    files = sorted((shared_data / "hostile" / "json-testsuite").rglob("*.json"))
    assert len(files) > 200
    return files


def test_every_file_of_the_json_suite_as_an_answer_ends_the_round_well(town, suite):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for path in suite[::2]:
        town.writer.body = path.read_bytes()
        tally, seconds = timed(town.opened)
        assert seconds < SECONDS, path.name
        code = tally.stopped.get("skole") or tally.unreachable.get("skole")
        assert code is None or code.startswith(CODES), (path.name, code)
        if path.name.startswith("n_") and path.stat().st_size:
            assert code is not None, path.name
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEGABYTES


def test_every_file_of_the_json_suite_as_a_record_is_put_aside_and_the_next_one_goes_on(town, suite):
    good = 0
    for number, path in enumerate(suite[::3]):
        body = path.read_bytes()
        concern = record("concern", f"k{number}", {"raised_on": "2026-02-01", "summary": f"uro {number}"}, about=["p0"])
        town.writer.page(*family(), body or b"0", concern)
        tally, seconds = timed(town.opened)
        assert seconds < SECONDS, path.name
        code = tally.stopped.get("skole") or tally.unreachable.get("skole")
        assert code is None or code.startswith(CODES), (path.name, code)
        if code is None:
            good += 1
    assert good > 30, "what is well-formed alone does not stop the page"
    assert all(one.code.startswith(CODES) and (one.path or "$").startswith(("$", "@")) for one in held(town.opened))
    resting(town.opened)
    assert len(town.held()) >= good


def test_naughty_strings_come_out_as_they_went_in_or_stay_behind(town, shared_data, capfd):
    strings = [one for one in json.loads((shared_data / "hostile" / "blns" / "blns.json").read_text("utf-8")) if one]
    concerns = [
        record("concern", f"k{number}", {"raised_on": "2026-02-01", "summary": text}, about=["p0"])
        for number, text in enumerate(strings)
    ]
    town.writer.page(*family(), *concerns)
    tally, seconds = timed(town.opened)
    assert tally.stopped == tally.unreachable == {}
    assert seconds < 4 * SECONDS, "five hundred records there and five hundred deliveries"
    assert len(held(town.opened)) + len(town.held()) == len(strings)
    arrived = [one["summary"] for one in town.held()]
    assert len(arrived) > 0.95 * len(strings)
    assert set(arrived) <= set(strings)
    assert not [one for one in strings if len(one) > 20 and one in str(capfd.readouterr())]
    resting(town.opened)


@pytest.mark.parametrize("place", ["id", "kind", "version", "modified", "case", "category", "cursor", "key of a field"])
def test_naughty_strings_in_the_places_of_names_break_nothing(place, town, shared_data):
    strings = json.loads((shared_data / "hostile" / "blns" / "blns.json").read_text("utf-8"))
    strings += ["\x00", "../../etc/passwd", "x" * 100_000, number_of(5)]
    concerns = []
    for number, text in enumerate(strings):
        fields = {"raised_on": "2026-02-01", "summary": "uro"}
        header = {"about": ["p0"]}
        ident, kind = f"k{number}", "concern"
        if place == "id":
            ident = text
        elif place == "kind":
            kind = text
        elif place == "key of a field":
            fields[text] = "x"
        else:
            header[place] = text
        concerns.append(record(kind, ident, fields, **header))
    town.writer.page(*family(), *concerns)
    if place == "cursor":
        town.writer.body = town.writer.body.replace(b'"cursor":"1"', b'"cursor":' + json.dumps(strings[7]).encode())
    tally, seconds = timed(town.opened)
    assert tally.stopped == tally.unreachable == {}
    assert seconds < 4 * SECONDS
    for _ in range(2):
        sync(town.opened)
    resting(town.opened)
    assert all(one.code.startswith(CODES) for one in held(town.opened))
    number = number_of(5)
    assert all(number not in repr(one) for one in held(town.opened))
    for path in town.folder.rglob("*.db*"):
        assert number.encode() not in path.read_bytes(), path.name


GROSS = {
    "a hundred thousand levels": b"[" * 100_000 + b"]" * 100_000,
    "a hundred thousand objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a number of a million digits": b"9" * 1_000_000,
    "an exponent past all bounds": b"1e999999999",
    "a million keys": b"{" + b",".join(b'"k%d":1' % n for n in range(1_000_000)) + b"}",
    "the same key ten thousand times": b"{" + b",".join([b'"id":"x"'] * 10_000) + b"}",
    "fifteen megabytes of text": b'{"id":"x","kind":"concern","fields":{"summary":"' + b"a" * 15_000_000 + b'"}}',
    "a key that is a hundred thousand quotes": b'{"' + b'\\"' * 100_000 + b'":1}',
}


@pytest.mark.parametrize("what", GROSS)
def test_a_record_that_is(what, town):
    town.writer.page(*family(), GROSS[what], record("concern", "k1", {"raised_on": "2026-02-01"}, about=["p0"]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tally, seconds = timed(town.opened)
    assert seconds < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEGABYTES
    code = tally.stopped.get("skole") or tally.unreachable.get("skole")
    assert code is None or code.startswith(CODES)
    if code is None:
        assert len(town.held()) == 1
        assert len(held(town.opened)) == 1
    resting(town.opened)
    town.writer.page(*family(), record("concern", "k1", {"raised_on": "2026-02-01"}, about=["p0"]))
    sync(town.opened)
    assert len(town.held()) == 1, "and the next round is as ever"
