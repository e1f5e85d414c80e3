"""What comes from outside is read by one door for each format, and CSV goes out by the one that defuses formulas."""

import ast
import re

import pytest
from source import code, short

# What reads, or writes, a format by itself. A name that ends in a dot stands for all below it.
PARSERS = (
    "json.load", "json.loads", "json.JSONDecoder", "orjson.", "simplejson.", "ujson.", "csv.reader", "csv.writer", "csv.DictReader",
    "csv.DictWriter", "zipfile.ZipFile", "zipfile.PyZipFile", "tarfile.", "gzip.", "bz2.", "lzma.", "zlib.decompress", "zlib.decompressobj",
    "shutil.unpack_archive", "pickle.", "marshal.", "shelve.", "plistlib.", "xml.etree.", "xml.dom.", "xml.sax.parse", "xml.sax.parseString",
    "xml.sax.make_parser", "xml.parsers.", "lxml.html.", "lxml.objectify.", "lxml.etree.fromstring", "lxml.etree.fromstringlist",
    "lxml.etree.parse", "lxml.etree.XML", "lxml.etree.XMLID", "lxml.etree.HTML", "lxml.etree.iterparse", "lxml.etree.XMLParser",
    "lxml.etree.XMLPullParser", "lxml.etree.HTMLParser", "lxml.etree.ETCompatXMLParser", "html.parser.", "openpyxl.load_workbook", "xmltodict.", "pandas.",
    "yaml.load", "yaml.load_all", "yaml.safe_load", "yaml.safe_load_all", "yaml.full_load", "yaml.unsafe_load", "zeep.Client", "signxml.",
)  # fmt: skip
MENTIONED = re.compile(
    r"^\s*(?:import|from)\s+(?:" + "|".join(sorted({one.partition(".")[0] for one in PARSERS})) + r")\b", re.MULTILINE
)
# The door of each format, and who else may, with the reason.
MAY = {
    "gateway/sdk/jsonio.py": "the door for JSON",
    "gateway/sdk/xmlio.py": "the door for XML",
    "gateway/sdk/archive.py": "the door for archives",
    "gateway/sdk/soap.py": "descriptions that come with a plugin, each read by the door for XML first",
    "gateway/store/offline.py": "the verifier that a stranger runs alone, as strict by itself",
    "gateway/run/plainyaml.py": "the door for YAML, which the municipality writes",
    "gateway/run/law.py": "readings that ship with the product",
    "gateway/core/law/__init__.py": "legal bases that ship with the product",
    "plugins/oneroster/gateway_oneroster/school.py": "made-up schools as others export them, for the stand-in",
    "plugins/fiks-io/gateway_fiks_io/post.py": "a stand-in: the service's own side, on loopback",
}
# A vendor's own side, on loopback and in tests: it reads what our adapter wrote.
OTHER_SIDE = {"standin.py", "kit.py", "simulated.py", "canaries.py"}


def named(node: ast.AST, known: dict[str, str]) -> str:
    """The full name of what is called, by the module's imports."""
    if isinstance(node, ast.Attribute):
        above = named(node.value, known)
        return f"{above}.{node.attr}" if above else ""
    return known.get(node.id, "") if isinstance(node, ast.Name) else ""


def known_names(tree: ast.AST) -> dict[str, str]:
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def only_writes(node: ast.Call) -> bool:
    """An archive that is made new."""
    told = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "mode")]
    return any(isinstance(one, ast.Constant) and one.value in {"w", "x"} for one in told)


def parsers(source: str) -> list[str]:
    """What a module uses that reads or writes a format by itself."""
    if not MENTIONED.search(source):
        return []
    tree = ast.parse(source)
    known = known_names(tree)
    found = []
    for node in ast.walk(tree):
        target = node.func if isinstance(node, ast.Call) else node
        if not isinstance(target, (ast.Name, ast.Attribute)):
            continue
        name = named(target, known)
        hit = any(name == one or (one.endswith(".") and name.startswith(one)) for one in PARSERS)
        if hit and not (isinstance(node, ast.Call) and only_writes(node)) and not (
            name == "zipfile.ZipFile" and not isinstance(node, ast.Call)
        ):  # fmt: skip
            found.append(f"line {target.lineno} uses {name}")
    return list(dict.fromkeys(found))


PLANTED = [
    "import json\njson.loads(b'')", "from json import loads\nloads('')", "from json import loads as read\nx = read", "import json as j\nj.load(f)",
    "def f():\n    import csv\n    return csv.reader(f)", "import csv\ncsv.writer(f)", "from csv import DictWriter\nDictWriter(f, [])",
    "import zipfile\nzipfile.ZipFile(f)", "from zipfile import ZipFile\nZipFile(f, 'r')", "import zipfile\nzipfile.ZipFile(f, mode='a')", "import tarfile\ntarfile.open(f)",
    "import gzip\ngzip.decompress(b'')", "import zlib\nzlib.decompress(b'')", "import pickle\npickle.loads(b'')", "import xml.etree.ElementTree as ET\nET.fromstring('')",
    "from xml.etree import ElementTree\nElementTree.parse(f)", "from xml.dom.minidom import parseString\nparseString('')", "from lxml import etree\netree.fromstring(b'')",
    "from lxml import etree as e\ne.XMLParser()", "from lxml.etree import iterparse\niterparse(f)", "import lxml.etree\nlxml.etree.parse(f)", "from lxml import html\nhtml.fromstring('')",
    "import openpyxl\nopenpyxl.load_workbook(f)", "import yaml\nyaml.safe_load('')", "from lxml import etree\nread = etree.XML", "import zeep\nzeep.Client('')", "import xml.sax\nxml.sax.parseString('', None)",
]  # fmt: skip
PLAIN = [
    "import json\njson.dumps({})", "from gateway.sdk import jsonio\njsonio.decode(b'')", "import zipfile\nzipfile.ZipFile(f, 'w')", "from xml.sax.saxutils import escape\nescape('')",
    "from lxml import etree\netree.tostring(x)", "def loads(x): ...\nloads(1)", "from lxml import etree\netree.SubElement(x, 'a')", "import zlib\nzlib.crc32(b'')", "import zipfile\nx: zipfile.ZipFile",
]  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_a_module_that_reads_a_format_by_itself_is_found(planted):
    assert parsers(planted)


@pytest.mark.parametrize("plain", PLAIN)
def test_a_module_that_does_not_is_left_alone(plain):
    assert parsers(plain) == []


def test_a_format_is_read_by_its_one_door():
    """Use ``gateway.sdk.jsonio``, ``xmlio``, ``csvio``, ``archive`` or ``sheetio``, or say in ``MAY`` why not."""
    found = {}
    for path in code("gateway", "plugins", "examples"):
        other_side = path.name in OTHER_SIDE and (short(path).startswith("plugins/") or "/testing/" in short(path))
        if short(path) not in MAY and not other_side and (used := parsers(path.read_text("utf-8"))):
            found[short(path)] = used
    assert found == {}


def test_whoever_may_still_does():
    assert [place for place in MAY if not parsers((code_at(place)).read_text("utf-8"))] == []


def code_at(place: str):
    return next(path for path in code("gateway", "plugins") if short(path) == place)
