"""A new plugin's folder: what ``bti adapter new`` writes. As it stands, it loads, reads and passes its own tests."""

import re
from pathlib import Path

from gateway.run.workfolder import FolderTaken

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def is_name(name: str) -> bool:
    """Whether a text can name an adapter: lower-case letters, digits and single hyphens, a letter first."""
    return len(name) <= 40 and _NAME.fullmatch(name) is not None


def package_of(name: str) -> str:
    """The import package of an adapter's plugin."""
    return "gateway_" + name.replace("-", "_")


def make_plugin(folder: Path, *, name: str) -> list[Path]:
    """Write the plugin's files into a new or empty folder; their paths in it.

    Raises ``FolderTaken`` rather than write into a folder that holds something.
    """
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError:
        taken = True
    if taken:
        raise FolderTaken(str(folder))
    package = package_of(name)
    title = "".join(part.capitalize() for part in name.split("-"))
    words = {"NAME": name, "PACKAGE": package, "CLASS": title, "MODULE": name.replace("-", "_")}
    written = []
    for place, text in _FILES.items():
        file = folder / _filled(place, words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_filled(text, words), encoding="utf-8")
        written.append(file.relative_to(folder))
    return written


def _filled(text: str, words: dict[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(f"@{mark}@", word)
    return text


_FILES = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "bti-gateway-@NAME@"
version = "0.1.0"
description = "Connects @CLASS@ to bti-gateway."
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["bti-gateway"]

[project.entry-points.gateway]
@NAME@ = "@PACKAGE@"

[tool.hatch.build.targets.wheel]
packages = ["@PACKAGE@"]
""",
    "README.md": """\
# @NAME@

Connects @CLASS@.

| setting | means |
|---|---|
| `url` | where it answers |
| `secret` | its token |

Known limits: it reads concerns only.

Tested against: its own declaration, nothing else.
""",
    "@PACKAGE@/__init__.py": '''\
"""The adapter for @CLASS@."""

from collections.abc import Mapping
from importlib.resources import files

from gateway.sdk import Adapter, Proof, hookimpl
from gateway.sdk.resource import Resource
from gateway.sdk.rest import RestAdapter

GATEWAY_API = "1.0"


class @CLASS@(RestAdapter):
    """Reads concerns; add ``create``, ``update`` and ``keyed`` to a resource when the vendor can be written to."""

    name = "@NAME@"
    proved = (Proof(by="simulator", test="test_@MODULE@.py"),)
    resources = (
        Resource(
            kind="concern",
            path="/concerns",
            records="items",
            paging="cursor",
            next="next",
            since="changed_since",
            modified="changed",
            version="version",
            deleted="deleted",
        ),
    )


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The adapter."""
    return [@CLASS@]


@hookimpl
def gateway_mappings() -> Mapping[str, str]:
    """Its mapping."""
    return {"@NAME@": (files(__name__) / "mapping.yaml").read_text("utf-8")}
''',
    "@PACKAGE@/py.typed": "",
    "@PACKAGE@/mapping.yaml": """\
# In which words the vendor speaks: our name on the left, the place in the vendor's record on the right.
adapter: @NAME@
version: "1"
zone: Europe/Oslo
kinds:
  concern:
    id: id
    case: case
    category: {const: concern}
    version: version
    deleted: deleted
    fields:
      summary: text
      raised_on: date
      status: {path: status, codes: {OPEN: raised, CLOSED: settled}}
""",
    "@PACKAGE@/mapping.cases.yaml": """\
# What a vendor's record means, and how it is written. `bti map test` runs these.
cases:
  - name: a concern is read and written
    raw: {kind: concern, id: c1, body: {id: c1, case: k1, text: Ofte trøtt, date: 2026-11-02, status: OPEN}}
    readings:
      - kind: concern
        id: c1
        case: k1
        category: concern
        fields: {summary: Ofte trøtt, raised_on: 2026-11-02, status: raised}
  - name: an unknown status is never guessed
    raw: {kind: concern, id: c1, body: {id: c1, case: k1, status: MAYBE}}
    fault: {code: mapping.code, path: $.status}
""",
    "samples/concern.json": """\
{
  "id": "c1", "case": "k1", "text": "Ofte trøtt", "date": "2026-11-02", "status": "OPEN",
  "version": "1", "deleted": false
}
""",
    "test_@MODULE@.py": '''\
"""The adapter for @CLASS@ is found, and its mapping means what its cases say."""

import subprocess
import sys
from pathlib import Path

import @PACKAGE@


def test_the_plugin_brings_the_adapter_and_its_mapping():
    (adapter,) = @PACKAGE@.gateway_adapters()
    assert adapter.name == "@NAME@"
    assert adapter.capabilities.reads == {"concern"}
    assert set(@PACKAGE@.gateway_mappings()) == {"@NAME@"}


def test_the_mapping_means_what_its_cases_say():
    mapping = Path(@PACKAGE@.__file__).with_name("mapping.yaml")
    told = subprocess.run(
        [sys.executable, "-m", "gateway.cli", "map", "test", str(mapping)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
''',
}
"""Relative path to text; the marks between at-signs are filled in."""
