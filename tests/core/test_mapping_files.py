"""Mappings from files: which one counts, what an error says, and how bytes and releases pass."""

import pytest

from gateway.core.model import Fault
from gateway.core.reading import Raw
from gateway.core.release import Release
from gateway.run.mapcases import load_cases, run_cases
from gateway.run.mapfiles import FileMaps, FilesInvalid, MappingText, compile_text, load_maps, load_terms

BASE = """
adapter: acme
version: "1"
kinds:
  concern:
    id: id
    fields: {summary: tekst, status: {path: status, codes: {A: raised}}}
"""
VOCABULARY = load_terms("klepp").vocabulary()


def _maps(text: str, *under: str) -> FileMaps:
    texts = [MappingText(file=f"m{number}", text=one) for number, one in enumerate((text, *under))]
    return FileMaps(compile_text(texts, vocabulary=VOCABULARY))


def _summary(maps: FileMaps, body: bytes) -> object:
    return maps.read(Raw(kind="concern", id="b", body=body))[0].fields.get("summary")


def _place(folder, text: str):
    path = folder / "mappings" / "adapters" / "acme.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_settings_file_counts_before_the_folder_and_the_folder_before_the_plugin(tmp_path):
    told = b'{"id": "b", "a": "own", "b": "folder", "c": "plugin"}'
    own = tmp_path / "own.yaml"
    own.write_text(BASE.replace("tekst", "a"), encoding="utf-8")
    path = _place(tmp_path, BASE.replace("tekst", "b"))
    brought = {"acme": BASE.replace("tekst", "c")}

    def loaded(own_file=None):
        maps = load_maps("acme", vocabulary=VOCABULARY, own=own_file, folder=str(tmp_path), brought=brought)
        return _summary(maps, told)

    assert loaded(str(own)) == "own"
    assert loaded() == "folder"
    path.unlink()
    assert loaded() == "plugin"


def test_a_file_may_hold_only_what_differs_from_the_next():
    over = "extends: acme\nkinds: {concern: {fields: {summary: ord, status: null}}}\n"
    maps = _maps(over, BASE)
    assert maps.read(Raw(kind="concern", id="b", body=b'{"id":"b","ord":"x","status":"?"}'))[0].fields == {
        "summary": "x"
    }


@pytest.mark.parametrize(
    ("texts", "file", "key", "code"),
    [
        ((BASE + "x: 1\n",), "m0", "x", "mapping.key"),
        (("extends: acme\n",), "m0", "extends", "mapping.extends"),
        (("extends: acme\n", "a: [1"), "m1", "line 1, column 6", "yaml.syntax"),
        (("a: 1\na: 2\n",), "m0", "line 2, column 1", "yaml.twice"),
        (("a: &x 1\nb: *x\n",), "m0", "line 2, column 4", "yaml.alias"),
        (("- a\n",), "m0", "", "yaml.shape"),
        (("a: !!python/object:os.system {}\n",), "m0", "line 1, column 4", "yaml.syntax"),
        (("a: " + "[" * 5000 + "\n",), "m0", "the file", "yaml.syntax"),
        (("a" * 1_000_001,), "m0", "the file", "yaml.size"),
    ],
)
def test_what_is_wrong_is_told_by_file_key_and_code(texts, file, key, code):
    with pytest.raises(FilesInvalid) as caught:
        _maps(*texts)
    assert (file, key, code) in [(fault.file, fault.key, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize("word", ["no", "off", "yes", "010", "2026-01-01", "1:30", "NULL", "True", ".inf", "0x10"])
def test_words_that_yaml_often_turns_into_something_else_stay_text(word):
    maps = _maps(BASE.replace("{A: raised}", f"{{{word}: raised}}"))
    (reading,) = maps.read(Raw(kind="concern", id="b", body=b'{"id":"b","status":"%s"}' % word.encode()))
    assert reading.fields["status"] == "raised"


def test_an_adapter_without_a_mapping_is_told_so():
    for name in ("ingen", "../acme", ""):
        with pytest.raises(FilesInvalid, match=r"mapping\.missing"):
            load_maps(name, vocabulary=VOCABULARY)


def test_a_file_that_cannot_be_read_is_told_so(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe")
    for name in ("x.yaml", "missing.yaml"):
        with pytest.raises(FilesInvalid, match=r"mapping\.unreadable"):
            load_maps("acme", vocabulary=VOCABULARY, own=str(tmp_path / name))


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"x"', b"[" * 100_000, b"\xff", b'{"a":1,"a":2}'])
def test_a_body_that_is_no_record_is_a_fault(body):
    with pytest.raises(Fault):
        _maps(BASE).read(Raw(kind="concern", id="b", body=body))


def test_a_plain_body_is_taken_as_it_is():
    assert _maps(BASE).read(Raw(kind="concern", id="b", body={"tekst": "x"}))[0].fields == {"summary": "x"}


def test_a_tombstone_may_have_no_body():
    assert _maps(BASE).read(Raw(kind="concern", id="b", body=b"", deleted=True))[0].deleted


def test_a_release_is_written_with_its_released_fields_and_the_receivers_id():
    release = Release(
        system="acme", kind="concern", id="own-1", case="s", fields={"summary": "x"}, native_id="b1", decision="d"
    )
    assert _maps(BASE).write(release) == {"tekst": "x", "id": "b1"}


CASES = """
cases:
  - name: reads and writes
    raw: {kind: concern, id: b, body: {id: b, tekst: x, status: A}}
    readings: [{kind: concern, id: b, fields: {summary: x, status: raised}}]
    write: {id: b, tekst: x, status: A}
  - name: refuses
    raw: {kind: concern, id: b, body: {id: b, status: B}}
    fault: {code: mapping.code, path: $.status}
"""
BROKEN = {
    "another value": (CASES.replace("summary: x,", "summary: y,"), "$[0].fields.summary differs"),
    "a value too much": (CASES.replace("summary: x,", ""), "$[0].fields.summary is too much"),
    "a value missing": (CASES.replace("summary: x,", "summary: x, area: z,"), "$[0].fields.area is missing"),
    "another body": (CASES.replace("write: {id: b, ", "write: {id: c, "), "writing: $.id differs"),
    "a fault that is not raised": (CASES.replace("status: B", "status: A"), "reading: no fault was raised"),
    "another fault": (CASES.replace("$.status", "$.x"), "reading: mapping.code at $.status"),
}


def _run(text: str) -> list[tuple[bool, str]]:
    mapping = compile_text([MappingText(file="m", text=BASE)], vocabulary=VOCABULARY)
    return [(result.passed, result.told) for result in run_cases(mapping, load_cases(MappingText(file="c", text=text)))]


def test_cases_that_hold_pass():
    assert _run(CASES) == [(True, ""), (True, "")]


@pytest.mark.parametrize("wrong", BROKEN)
def test_a_case_fails_for(wrong):
    text, told = BROKEN[wrong]
    assert (False, told) in _run(text)


def test_all_cases_that_are_not_cases_are_told():
    text = "cases: [{name: a}, {name: b, raw: {kind: x, id: y}}, 5]"
    with pytest.raises(FilesInvalid) as caught:
        load_cases(MappingText(file="c", text=text))
    assert [fault.key for fault in caught.value.faults] == ["cases[0]", "cases[1]", "cases[2]"]
