"""Two-way mappings: the law, what is read and written, what is refused, and what a file may not say."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import Phase

from gateway.core.mapping import CodeList, CompiledMapping, MappingInvalid, compile_mapping
from gateway.core.mapping.draft import Draft, draft
from gateway.core.model import KINDS, Fault
from gateway.core.reading import Raw
from gateway.run.plainyaml import plain
from gateway.sdk.testing.maplaw import MappingLaw

LEVELS = {str(rank): {"code": str(rank), "rank": rank} for rank in range(4)}

VOCABULARY = {
    "levels": CodeList(
        read={**LEVELS, "Tredje": LEVELS["3"], "nivå 3": LEVELS["3"]}, write={code: code for code in LEVELS}
    ),
    "steps": CodeList(read={"steg-1": "steg-1", "steg-2": "steg-2"}, write={"steg-1": "steg-1", "steg-2": "steg-2"}),
    "services": CodeList(read={"skule": "school", "ppt": "ppt"}, write={"school": "skule", "ppt": "ppt"}),
}
TEXT = Path(__file__).with_name("mapping_samples.yaml").read_text(encoding="utf-8")
SAMPLE = compile_mapping(plain(TEXT), vocabulary=VOCABULARY)


def small(kinds: dict[str, Any], **top: object) -> CompiledMapping:
    return compile_mapping({"adapter": "a", "version": "1", **top, "kinds": kinds}, vocabulary=VOCABULARY)


def one(field: str, told: Any, kind: str = "concern", **top: object) -> CompiledMapping:
    return small({kind: {"fields": {field: told}}}, **top)


def read(mapping: CompiledMapping, body: Any, kind: str = "concern") -> dict[str, Any]:
    return mapping.read(Raw(kind=kind, id="x"), body)[0].fields


def write(mapping: CompiledMapping, fields: dict[str, Any], kind: str = "concern", **more: Any) -> dict[str, Any]:
    return mapping.write(Draft(kind=kind, fields=fields, **more))


class TestTheLawOnASampleThatUsesEveryKey(MappingLaw):
    mapping = SAMPLE


BUGS = {
    "writes a field to another's place": (r"b\['beskrivelse'\] = ", "b['notert'] = "),
    "drops a null": (r"if v\d+ is None: b\['avsluttet'\] = None", "if False: pass"),
    "swaps day and month": (r"\[8:10\] \+ '\.' \+ (v\d+)\[5:7\]", r"[5:7] + '.' + \1[8:10]"),
    "takes milliseconds for seconds": (r"= epoch\((v\d+), (\S+), 1000\)", r"= epoch(\1, \2, 1)"),
    "forgets an item inside": (r"b\['bekymringer'\] = l", "b['bekymringer'] = l[:1]"),
    "writes a code for another": (r"b\['tilstand'\] = code", "b['tilstand'] = 'AAPEN'"),
    "turns a list around": (r"\.append\((y\d+)\)", r".insert(0, \1)"),
    "loses whom it is about": (r"b\['gjelder'\] = joined\((\w+),", r"b['gjelder'] = joined(\1[:1],"),
}


@pytest.mark.parametrize("bug", BUGS)
def test_the_law_catches_a_mapping_that(bug):
    changed, count = re.subn(*BUGS[bug], SAMPLE.source)
    assert count
    names = dict(next(iter(SAMPLE.writers.values())).__globals__)
    exec(compile(changed, "<broken>", "exec"), names)  # noqa: S102
    broken = msgspec.structs.replace(
        SAMPLE,
        readers={
            kind: tuple((own, names[function.__name__]) for own, function in found)
            for kind, found in SAMPLE.readers.items()
        },
        writers={kind: names[function.__name__] for kind, function in SAMPLE.writers.items()},
    )
    law = type("Broken", (MappingLaw,), {"mapping": broken, "phases": (Phase.generate,), "examples": 1000})()
    with pytest.raises((AssertionError, Fault, ExceptionGroup)):
        law.test_what_is_written_and_read_again_is_what_it_was()


def test_a_document_reads_as_the_case_and_the_items_inside_it():
    body = {
        "id": 7,
        "etag": "v1",
        "barn": {"id": 12},
        "niva": "N2",
        "opprettet": "02.11.2026",
        "bekymringer": [{"id": "b1", "gjelder": "p1,p2", "skjult": "J", "meta": {"dato": "2026-10-01"}}],
        "samtykke": {"svar": True, "av": "p3", "tid": 1_790_000_000_123},
    }
    case, concern, consent = SAMPLE.read(Raw(kind="sak", id="7"), body)
    assert (case.kind, case.id, case.version, case.case) == ("case", "7", "v1", None)
    assert case.fields == {"subject": "12", "level": {"code": "2", "rank": 2}, "opened_on": "2026-11-02"}
    assert (concern.id, concern.case, concern.about, concern.withheld_from_parents) == ("b1", "7", ["p1", "p2"], True)
    assert (consent.id, consent.case) == ("7/samtykke", "7")
    assert consent.fields == {
        "decision": "given",
        "by": "p3",
        "purpose": "bti",
        "given": "2026-09-21T14:13:20.123000Z",
    }


def test_what_stands_in_a_withheld_item_is_withheld():
    mapping = small(
        {
            "case": {"id": "id", "withheld_from_parents": "skjult", "nested": {"concern": "b"}},
            "concern": {"id": "id", "withheld_from_parents": "skjult"},
        }
    )
    body = {"id": "s", "skjult": True, "b": [{"id": "b", "skjult": False}]}
    assert [reading.withheld_from_parents for reading in mapping.read(Raw(kind="case", id="s"), body)] == [True, True]


def test_a_record_whose_constant_differs_is_not_this_entrys():
    assert SAMPLE.read(Raw(kind="mote", id="m"), {"type": "NOTAT"}) == []
    assert SAMPLE.read(Raw(kind="mote", id="m"), {"type": "MOTE"})[0].kind == "meeting"


def test_a_tombstone_without_a_body_is_an_empty_deleted_reading():
    (reading,) = SAMPLE.read(Raw(kind="bekymring", id="b1", deleted=True), None)
    assert (reading.kind, reading.id, reading.fields, reading.deleted) == ("concern", "b1", {}, True)


def test_a_status_can_say_that_an_item_is_deleted():
    (reading,) = SAMPLE.read(Raw(kind="bekymring", id="b1"), {"id": "b1", "status": "SLETTET"})
    assert reading.deleted


@pytest.mark.parametrize(
    ("told", "body", "fields"),
    [
        ("meta.x", {}, {}),
        ("meta.x", {"meta": None}, {"summary": None}),
        ("meta.x", {"meta": {}}, {}),
        ("meta.x", {"meta": {"x": None}}, {"summary": None}),
        ("meta.x", {"meta": {"x": ""}}, {"summary": ""}),
        ({"path": "x", "empty": ""}, {"x": ""}, {"summary": None}),
        ({"path": "x", "absent": "empty"}, {}, {"summary": None}),
        ({"const": "ja"}, {}, {"summary": "ja"}),
        ({"path": ["a.b"]}, {"a.b": "x"}, {"summary": "x"}),
    ],
)
def test_absent_null_and_empty_are_three_things(told, body, fields):
    assert read(one("summary", told), body) == fields


FAULTS = [
    ("summary", "meta.x", {"meta": 5}, "mapping.shape", "$.meta"),
    ("raised_on", "d", {"d": "2026-02-30"}, "mapping.date", "$.d"),
    ("raised_on", "d", {"d": 20260230}, "mapping.date", "$.d"),
    ("raised_on", {"path": "d", "format": "%d.%m.%Y"}, {"d": "2026-02-01"}, "mapping.date", "$.d"),
    ("raised_on", {"path": "d", "format": "%d.%m.%Y"}, {"d": "31.02.2026"}, "mapping.date", "$.d"),
    ("raised_on", {"path": "d", "format": "%d.%m.%Y"}, {"d": " 1.02.2026"}, "mapping.date", "$.d"),
    ("status", "s", {"s": "RAISED"}, "mapping.code", "$.s"),
    ("status", {"path": "s", "codes": {"A": "raised"}}, {"s": "B"}, "mapping.code", "$.s"),
    ("status", {"path": "s", "codes": {"A": "raised"}}, {"s": ["A"]}, "mapping.code", "$.s"),
    ("status", {"path": "s", "codes": {1: "raised"}}, {"s": True}, "mapping.code", "$.s"),
    ("step", {"path": "s", "codes": "steps"}, {"s": "steg-9"}, "mapping.code", "$.s"),
    ("level", {"path": "n", "unknown": "refuse"}, {"n": "9"}, "mapping.code", "$.n"),
    ("causes", {"path": "c", "codes": {"H": "home"}}, {"c": ["H", "X"]}, "mapping.code", "$.c[1]"),
    ("causes", "c", {"c": "home"}, "mapping.shape", "$.c"),
    ("arenas", {"path": "a", "split": ","}, {"a": 5}, "mapping.type", "$.a"),
    ("risk_factors", {"path": "r", "each": {"code": "k.k"}}, {"r": [{}, {"k": 1}]}, "mapping.shape", "$.r[1].k"),
    ("notes", {"path": "r", "each": "t"}, {"r": [{"t": "a"}, {}]}, "mapping.shape", "$.r[1].t"),
    ("siblings", "s", {"s": [True]}, "mapping.type", "$.s[0]"),
]


@pytest.mark.parametrize(("field", "told", "body", "code", "path"), FAULTS)
def test_what_cannot_be_read_is_told_by_code_and_the_vendors_path(field, told, body, code, path):
    with pytest.raises(Fault) as caught:
        read(one(field, told), body)
    assert (caught.value.code, caught.value.path) == (code, path)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


TIMES = [
    ("iso", "Europe/Oslo", "2026-07-01T12:00:00", "2026-07-01T10:00:00Z"),
    ("iso", "Europe/Oslo", "2026-07-01T12:00:00-04:00", "2026-07-01T16:00:00Z"),
    ("iso", None, "2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z"),
    ("iso", None, "2026-07-01T12:00:00", "mapping.naive_time"),
    ("iso", "Europe/Oslo", "2026-03-29T02:30:00", "mapping.time"),
    ("iso", "Europe/Oslo", "2026-07-01", "mapping.time"),
    ("iso", None, "i går", "mapping.time"),
    ("iso", None, "0001-01-01T00:00:00+14:00", "mapping.time"),
    ("epoch", None, 0, "1970-01-01T00:00:00Z"),
    ("epoch_ms", None, 1, "1970-01-01T00:00:00.001000Z"),
    ("epoch", None, 10**18, "mapping.time"),
    ("epoch", None, True, "mapping.time"),
    ("%Y%m%d%H%M%S", "Europe/Oslo", "20260101000000", "2025-12-31T23:00:00Z"),
    ("%Y%m%d%H%M%S", "Europe/Oslo", "20261301000000", "mapping.time"),
]


@pytest.mark.parametrize(("form", "zone", "told", "expected"), TIMES)
def test_moments_are_read_as_utc_or_refused(form, zone, told, expected):
    spec = {"path": "t", "format": form} | ({"zone": zone} if zone else {})
    try:
        found = read(one("held_at", spec, "meeting"), {"t": told}, "meeting")["held_at"]
    except Fault as fault:
        found = fault.code
    assert found == expected


@pytest.mark.parametrize(
    ("form", "moment"),
    [
        (None, "2026-10-25T01:30:00Z"),  # 02:30 for the second time in Oslo
        ("%Y-%m-%d %H:%M", "2026-07-01T10:00:30Z"),
        ("epoch", "2026-07-01T10:00:00.5Z"),
    ],
)
def test_a_moment_that_the_vendors_writing_cannot_tell_is_refused_when_written(form, moment):
    spec = {"path": "t", "zone": "Europe/Oslo"} | ({"format": form} if form else {})
    with pytest.raises(Fault, match=r"mapping\.precision"):
        write(one("held_at", spec, "meeting"), {"held_at": moment}, "meeting")


def test_a_day_told_as_a_moment_is_the_day_in_its_zone():
    mapping = one("raised_on", {"path": "d", "format": "midnight", "zone": "Europe/Oslo"})
    assert read(mapping, {"d": "2026-06-30T22:00:00Z"}) == {"raised_on": "2026-07-01"}
    assert write(mapping, {"raised_on": "2026-07-01"}) == {"d": "2026-06-30T22:00:00Z"}


def test_an_unknown_level_is_kept_without_a_rank_and_doubted():
    mapping = one("level", "niva")
    (reading,) = mapping.read(Raw(kind="concern", id="x"), {"niva": "9b"})
    assert reading.fields == {"level": {"code": "9b"}}
    assert reading.doubts == (("mapping.code", "$.niva"),)
    assert write(mapping, reading.fields) == {"niva": "9b"}


def test_a_known_level_that_the_vendor_has_no_code_for_is_refused():
    mapping = one("level", {"path": "niva", "codes": {"LAV": 0, "HOY": 3}})
    assert write(mapping, {"level": {"code": "3", "rank": 3}}) == {"niva": "HOY"}
    with pytest.raises(Fault, match=r"mapping\.code at \$\.level"):
        write(mapping, {"level": {"code": "2", "rank": 2}})


def test_a_level_told_by_another_word_is_the_municipalitys_code():
    assert read(one("level", "niva"), {"niva": "nivå 3"}) == {"level": {"code": "3", "rank": 3}}


def test_readings_do_not_share_a_level_that_one_of_them_could_change():
    mapping = one("level", "niva")
    read(mapping, {"niva": "1"})["level"]["rank"] = 99
    assert read(mapping, {"niva": "1"}) == {"level": {"code": "1", "rank": 1}}


REFUSED = [
    ("status", {"path": "s", "codes": {"A": "raised"}}, {"status": "settled"}, "mapping.code", "$.status"),
    ("arenas", {"path": "a", "split": ","}, {"arenas": ["a,b"]}, "mapping.split", "$.arenas"),
    ("arenas", {"path": "a", "split": ","}, {"arenas": [""]}, "mapping.split", "$.arenas"),
    ("siblings", {"path": "a", "single": True}, {"siblings": ["a", "b"]}, "mapping.one", "$.siblings"),
    ("siblings", {"path": "a", "as": "number"}, {"siblings": ["007"]}, "mapping.type", "$.siblings"),
    ("summary", {"path": "a", "empty": "-"}, {"summary": "-"}, "mapping.empty", "$.summary"),
]


@pytest.mark.parametrize(("field", "told", "fields", "code", "path"), REFUSED)
def test_what_a_format_cannot_carry_is_refused_when_written(field, told, fields, code, path):
    with pytest.raises(Fault) as caught:
        write(one(field, told), fields)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_references_are_written_in_the_receivers_ids_or_refused():
    mapping = one("siblings", "s")
    assert write(mapping, {"siblings": ["p1"]}, refs={"p1": "77"}) == {"s": ["77"]}
    with pytest.raises(Fault, match=r"mapping\.reference at \$\.siblings"):
        write(mapping, {"siblings": ["p2"]}, refs={"p1": "77"})


def test_only_given_fields_are_written():
    assert write(SAMPLE, {"summary": "a"}, "concern") == {"beskrivelse": "a"}
    assert write(SAMPLE, {"agenda": None}, "meeting") == {"type": "MOTE", "kilde": {"navn": "gateway"}, "tema": ""}


def test_a_kind_without_an_entry_is_refused_both_ways():
    with pytest.raises(Fault, match=r"mapping\.kind"):
        read(SAMPLE, {}, "ukjent")
    with pytest.raises(Fault, match=r"mapping\.kind"):
        write(SAMPLE, {}, "goal")


def test_a_read_only_field_is_read_and_never_written():
    mapping = one("summary", {"path": "s", "read_only": True})
    assert read(mapping, {"s": "x"}) == {"summary": "x"}
    assert write(mapping, {"summary": "x"}) == {}
    assert mapping.carried("concern") == frozenset()
    assert mapping.told("concern") == {"summary"}


def test_two_may_stand_in_one_place_when_only_one_of_them_is_written():
    head = {"path": "type", "codes": {"A": "concern"}, "read_only": True}
    told = {"id": "id", "category": head, "fields": {"summary": "type"}}
    assert compile_mapping({"adapter": "a", "version": "1", "kinds": {"concern": told}}, vocabulary=VOCABULARY)


def test_a_mapping_of_every_field_of_every_kind_keeps_the_law():
    class Everything(MappingLaw):
        mapping = compile_mapping(
            {
                "adapter": "a",
                "version": "1",
                "kinds": {kind: {"id": "id", "about": "om", "all_fields": "felt"} for kind in KINDS},
            }
        )
        examples = 5

    Everything().test_what_is_written_and_read_again_is_what_it_was()


WRONG = [
    ({"x": 1}, "x", "mapping.key"),
    ({"version": 1}, "version", "mapping.required"),
    ({"zone": "Oslo"}, "zone", "mapping.zone"),
    ({"kinds": {"bekymring": {}}}, "kinds.bekymring", "mapping.kind"),
    ({"kinds": {"concern": {"felt": {}}}}, "kinds.concern.felt", "mapping.key"),
    ({"kinds": {"concern": {"fields": {"tekst": "x"}}}}, "kinds.concern.fields.tekst", "mapping.field"),
    ({"kinds": {"concern": {"fields": {"summary": "a..b"}}}}, "kinds.concern.fields.summary", "mapping.path"),
    (
        {"kinds": {"concern": {"fields": {"summary": {"path": "a", "code": {}}}}}},
        "kinds.concern.fields.summary.code",
        "mapping.key",
    ),
    (
        {"kinds": {"concern": {"fields": {"summary": "a", "conclusion": "a.b"}}}},
        "kinds.concern.fields.conclusion",
        "mapping.path_twice",
    ),
    (
        {"kinds": {"concern": {"fields": {"status": {"path": "s", "codes": {"A": "open"}}}}}},
        "kinds.concern.fields.status.codes.A",
        "mapping.code_value",
    ),
    (
        {"kinds": {"concern": {"fields": {"status": {"path": "s", "codes": {"A": "raised", "B": "raised"}}}}}},
        "kinds.concern.fields.status.write.raised",
        "mapping.codes_ambiguous",
    ),
    (
        {"kinds": {"concern": {"fields": {"step": {"path": "s", "codes": "trinn"}}}}},
        "kinds.concern.fields.step.codes",
        "mapping.vocabulary",
    ),
    (
        {"kinds": {"concern": {"fields": {"level": {"path": "s", "codes": {"A": 7}}}}}},
        "kinds.concern.fields.level.codes.A",
        "mapping.code_value",
    ),
    (
        {"kinds": {"concern": {"fields": {"raised_on": {"path": "s", "format": "%d.%b"}}}}},
        "kinds.concern.fields.raised_on.format",
        "mapping.format",
    ),
    (
        {"kinds": {"meeting": {"fields": {"held_at": {"path": "s", "format": "%Y%m%d%H"}}}}},
        "kinds.meeting.fields.held_at.zone",
        "mapping.zone",
    ),
    ({"kinds": {"case": {"nested": {"concern": "b"}}}}, "kinds.case.nested.concern", "mapping.nested"),
    (
        {"kinds": {"case": {"nested": {"concern": "b"}}, "concern": {}}},
        "kinds.concern.id",
        "mapping.required",
    ),
]


@pytest.mark.parametrize(("told", "key", "code"), WRONG)
def test_a_wrong_file_is_told_by_key_and_code(told, key, code):
    with pytest.raises(MappingInvalid) as caught:
        compile_mapping({"adapter": "a", "version": "1", "kinds": {"concern": {}}} | told, vocabulary=VOCABULARY)
    assert (key, code) in [(problem.key, problem.code) for problem in caught.value.problems]


def test_all_that_is_wrong_is_told_at_once():
    told = {"adapter": "", "kinds": {}, "zone": "x"}
    for wrong, _, _ in WRONG:
        told["kinds"] = told["kinds"] | {f"e{len(told['kinds'])}": {"kind": "x"}}
        told |= {key: value for key, value in wrong.items() if key != "kinds"}
    with pytest.raises(MappingInvalid) as caught:
        compile_mapping(told)
    assert len(caught.value.problems) >= len(WRONG) + 3


HOSTILE = [
    "'] = 1\nimport os\nos.system('x')\n#",
    '"""\nraise SystemExit\n"""',
    "\\'",
    "{0}{name}",
    "a\x00b",
    "\u2028\r\n",
    "__class__",
    "'; exit() #",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_file_becomes_code(text):
    spec = {
        "adapter": text,
        "version": text,
        "kinds": {
            "concern": {
                "from": text,
                "id": [text, "id"],
                "when": {f"{text}t".replace(".", ""): text},
                "always": {f"{text}u".replace(".", ""): text},
                "fields": {
                    "summary": {"path": [text], "read_only": True},
                    "step": {"path": ["s", text], "codes": {text: text}},
                    "arenas": {"path": "a", "split": text},
                    "area": {"const": text},
                    "raised_on": {"path": "d", "format": "%Y" + text.replace("%", "") + "%m%d"},
                },
            }
        },
    }
    mapping = compile_mapping(spec, vocabulary=VOCABULARY)
    body = write(mapping, {"step": text, "raised_on": "2026-01-02", "arenas": ["a"]}, native_id="n")
    (reading,) = mapping.read(Raw(kind=text, id="x"), body)
    assert reading.fields["step"] == text
    assert reading.fields["area"] == text
    assert reading.fields["raised_on"] == "2026-01-02"
    assert reading.id == "n"
    code = compile(mapping.source, "<x>", "exec")
    assert set(code.co_names) == {f"{verb}_0" for verb in ("read", "write")}


def test_a_reading_becomes_an_item_to_write_with_the_others_inside_it():
    body = {"id": 7, "bekymringer": [{"id": "b1", "beskrivelse": "x", "gjelder": "p1"}]}
    case, *inside = SAMPLE.read(Raw(kind="sak", id="7"), body)
    assert SAMPLE.write(draft(case, tuple(inside)))["bekymringer"][0]["beskrivelse"] == "x"
