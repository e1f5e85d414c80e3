"""The core is pure, and a plugin imports what a vendor's may: each check first catches what was planted."""

import ast
import sys
import tomllib
from pathlib import Path

import pytest
from source import ROOT, code, imports, short, tracked

CORE_MAY_IMPORT = {
    "__future__", "abc", "ast", "base64", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime",
    "decimal", "difflib", "enum", "fractions", "functools", "hashlib", "hmac", "heapq", "html", "itertools", "keyword",
    "math", "operator", "re", "string", "struct", "textwrap", "types", "typing", "unicodedata",
    "zoneinfo",  # the rules of Europe/Oslo are data that ships with the machine or with tzdata
    "msgspec",
    "yaml",  # a text in, a value out; reading the file is the shell's
    "gateway.core",
}  # fmt: skip
IMPURE_CALLS = {"open", "print", "input", "breakpoint", "__import__", "id", "hash"}
IMPURE_METHODS = {"now", "today", "utcnow", "read_text", "read_bytes", "write_text", "write_bytes", "getenv", "urandom"}


def impurities(source: str) -> list[str]:
    """What a module of the core does that the core must not."""
    found = [
        f"line {line} imports {name}"
        for line, name in imports(source)
        if name.split(".")[0] not in CORE_MAY_IMPORT and ".".join(name.split(".")[:2]) not in CORE_MAY_IMPORT
    ]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in IMPURE_CALLS:
                found.append(f"line {node.lineno} calls {called.id}")
            if isinstance(called, ast.Attribute) and called.attr in IMPURE_METHODS:
                found.append(f"line {node.lineno} calls {called.attr}")
    return found


LIBRARIES = {"gateway_fiks_io"}
"""Distributions beside the plugins that several of them may import: they bring no adapter and no entry point."""


def trespasses(source: str, own: str) -> list[str]:
    """Imports by which a plugin reaches past the interface."""
    return [
        f"line {line} imports {name}"
        for line, name in imports(source)
        if name.split(".")[0] in {"gateway"} | (_packages() - LIBRARIES - {own})
        and ".".join(name.split(".")[:2]) != "gateway.sdk"
    ]


def _packages() -> set[str]:
    return {folder.name for folder in ROOT.glob("plugins/*/gateway_*")}


@pytest.mark.parametrize("planted", [
    "import random", "import time", "import logging", "from os import environ", "import gateway.run.settings",
    "from pathlib import Path", "def f():\n import socket", "from datetime import datetime\ndatetime.now()",
    "open('x')", "print(1)", "import importlib.resources", "from uuid import uuid4", "import secrets",
])  # fmt: skip
def test_an_impure_line_planted_in_the_core_is_found(planted):
    assert impurities(planted)


@pytest.mark.parametrize("path", code("gateway"), ids=short)
def test_the_core_is_pure(path):
    if short(path).startswith("gateway/core/"):
        assert not impurities(path.read_text("utf-8"))


@pytest.mark.parametrize("planted", [
    "import gateway.run", "from gateway import core", "from gateway.core.model import KINDS", "import gateway",
    "def f():\n from gateway.store import open_store", "import gateway_manual",
])  # fmt: skip
def test_a_trespass_planted_in_a_plugin_is_found(planted):
    assert trespasses(planted, "gateway_acme")


@pytest.mark.parametrize("path", code("plugins", "examples"), ids=short)
def test_a_plugin_imports_the_interface_and_nothing_else_of_ours(path):
    own = next((part for part in path.parts if part.startswith("gateway_")), "")
    if short(path).startswith("plugins/") and not own:
        pytest.skip("stands beside the plugin, not in it")
    assert not trespasses(path.read_text("utf-8"), own)


def test_every_plugin_is_a_distribution_with_one_entry_point_and_a_page():
    folders = sorted({path.parents[0] for path in tracked() if path.match("plugins/*/pyproject.toml")})
    for folder in folders:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
        library = any((folder / one).is_dir() for one in LIBRARIES)
        assert list(project.get("entry-points", ())) == ([] if library else ["gateway"]), folder.name
        assert any(needed.startswith("bti-gateway") for needed in project["dependencies"]), folder.name
        assert (folder / "README.md").is_file(), folder.name


def test_only_the_module_of_the_transport_imports_the_http_library():
    importers = [
        short(path)
        for path in code("gateway", "plugins")
        if any(name.split(".")[0] in {"httpcore", "httpx"} for _, name in imports(path.read_text("utf-8")))
    ]
    assert importers == ["gateway/sdk/wire.py"]


def test_the_folder_of_tests_is_on_the_path_for_its_own_modules():
    assert str(Path(__file__).parent) in sys.path
