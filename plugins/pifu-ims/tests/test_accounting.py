"""Everything in the official sample is accounted for, and the account is true: nothing in it is taken on trust."""

import re
from copy import deepcopy
from pathlib import Path

import pytest
from gateway_pifu_ims.accounting import LINES, fate, table, walk
from lxml import etree
from pifu_bench import adapter, all_of, put, readings

from gateway.sdk import xmlio
from gateway.sdk.identity import well_formed

OFFICIAL = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "pifu-ims"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "pifu-ims.md"
needs_official = pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the shared data folder is not on this machine")
SAMPLES = (
    "PIFU-IMS_SAS_eksempel.xml",
    "PIFU-IMS_SAS_eksempel_fravar_1.xml",
    "PIFU-IMS_SAS_eksempel_fravar_1_kompakt.xml",
)
SYNTHETIC = {"17097055655": "06821099739", "09119311111": "17908599950"}


def sample(name):
    """The official file, so that everything in it can show.

    Its own numbers fail their check digits, which would hide the rest; its one pupil is active, which is what silence
    means too; and its school's short name is the usual one.
    """
    text = (OFFICIAL / name).read_text(encoding="utf-8")
    text = text.replace(">aktiv<", ">inaktiv<").replace("<short>Måneflekken skole<", "<short>Måneflekken<")
    for theirs, ours in SYNTHETIC.items():
        text = text.replace(theirs, ours)
    return xmlio.parse(text.encode())


def outcome(folder, root):
    for old in folder.glob("*.xml"):
        old.unlink()
    put(folder, etree.tostring(root, encoding="UTF-8", xml_declaration=True))
    source = adapter(folder)
    told, faults = readings(source, source.fetch(None).records)
    # Lines move when something is left out; what a fault is about does not.
    return [str(one) for one in told], [(code, re.sub(r":\d+:", "::", path)) for code, path in faults]


@needs_official
@pytest.mark.parametrize("name", SAMPLES)
def test_every_element_and_attribute_of_the_official_samples_has_its_line(name):
    paths = [path for path, _, _ in walk(sample(name))]
    assert len(paths) > 50
    assert sorted({path for path in paths if fate(path) is None}) == []


def test_the_check_catches_an_element_that_the_table_does_not_know():
    root = xmlio.parse(
        b'<enterprise xmlns="http://pifu.no/xsd/pifu-ims_sas/pifu-ims_sas-v1"><person secret="1"><diagnosis/>'
        b'<userid useridtype="patientID">1</userid></person></enterprise>'
    )
    unknown = [path for path, _, _ in walk(root) if fate(path) is None]
    assert unknown == [
        "person@secret", "person/diagnosis", "person/userid[patientID]", "person/userid[patientID]@useridtype",
    ]  # fmt: skip


def changed(root, wanted):
    """A copy in which each value at a path is another."""
    copy = deepcopy(root)
    for path, element, attribute in walk(copy):
        if path == wanted and attribute is not None:
            element.set(attribute, element.get(attribute) + "9")
        elif path == wanted and not len(element):
            element.text = (element.text or "").strip() + "9"
    return copy


def has_value(root, wanted):
    found = [(element, attribute) for path, element, attribute in walk(root) if path == wanted]
    return any(attribute is not None or not len(element) for element, attribute in found)


@needs_official
@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_taken_has_an_effect_and_what_is_minimised_has_none(tmp_path, name):
    root = sample(name)
    before = outcome(tmp_path, root)
    wrong = []
    for path in sorted({path for path, _, _ in walk(root)}):
        if not has_value(root, path):
            continue
        differs = outcome(tmp_path, changed(root, path)) != before
        if differs != (fate(path).fate == "taken"):
            wrong.append(f"{path} {fate(path).fate} {'differs' if differs else 'is the same'}")
    assert "\n".join(wrong) == ""


@needs_official
def test_both_person_numbers_of_the_official_sample_are_refused_with_code_and_path(tmp_path):
    numbers = re.findall(r"personNIN\">(\d+)<", (OFFICIAL / SAMPLES[0]).read_text(encoding="utf-8"))
    assert [well_formed(number) for number in numbers] == ["identity.checksum", "identity.checksum"]
    put(tmp_path, (OFFICIAL / SAMPLES[0]).read_bytes())
    source = adapter(tmp_path)
    told, faults = readings(source, all_of(source)[0])
    assert faults == [
        ("pifu.group_unknown", "file-1:1308:1"),
        ("pifu.group_unknown", "file-1:1688:1"),
        ("identity.checksum", "$.number"),
        ("identity.checksum", "$.number"),
    ]
    assert [one.kind for one in told] == ["unit", "unit"], "whose number is none can be nobody"
    seen = f"{told}{faults}"
    assert not [number for number in numbers if number in seen]


@needs_official
def test_what_is_minimised_stands_in_no_record(tmp_path):
    root = sample(SAMPLES[0])
    values = set()
    for path, element, attribute in walk(root):
        value = element.get(attribute) if attribute else (element.text or "").strip()
        if fate(path).fate == "minimised" and value and len(value) > 5:
            values.add(value)
    taken = {(element.text or "").strip() for path, element, _ in walk(root) if fate(path).fate == "taken"}
    put(tmp_path, etree.tostring(root))
    kept = str(adapter(tmp_path).fetch(None).records)
    assert len(values - taken) > 80
    assert sorted(value for value in values - taken if f"'{value}'" in kept) == []


@needs_official
def test_the_compact_sample_is_told_like_its_part_of_the_full_one(tmp_path):
    full, compact = (outcome(tmp_path, sample(name))[0] for name in SAMPLES[1:])
    assert len(full) == len(compact) == 3
    for one, other in zip(full, compact, strict=True):
        assert one.split("fields=")[0] == other.split("fields=")[0]


@needs_official
def test_the_generated_school_fits_the_official_schema():
    from pifu_bench import school  # noqa: PLC0415

    schema = xmlio.Schema(main="pifu.xsd", files={"pifu.xsd": (OFFICIAL / "PIFU-IMS_SAS.xsd").read_bytes()})
    schema.check(xmlio.parse(school(60, seed=1)))
    for name in SAMPLES:
        schema.check(sample(name))


@needs_official
def test_every_name_that_the_official_schema_declares_has_a_line():
    declared = set(re.findall(r'<xs:element (?:name|ref)="(\w+)"', _without_comments()))
    known = {
        step.partition("[")[0] for line in LINES for step in line.path.removesuffix("/**").partition("@")[0].split("/")
    }
    below = {
        "region", "country", "pobox", "extadd", "street", "locality", "pcode", "extref", "mode", "values", "result",
        "valuetype", "list", "min", "max", "pifu_absence_type", "pifu_absence_value", "pifu_language", "adr",
    }  # fmt: skip
    assert sorted(declared - known - below) == []


def _without_comments():
    return re.sub(r"<!--.*?-->", "", (OFFICIAL / "PIFU-IMS_SAS.xsd").read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_reference_page_is_the_table():
    assert PAGE.read_text(encoding="utf-8") == table()
