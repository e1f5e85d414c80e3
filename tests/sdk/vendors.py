"""The two example vendors with their mappings, and adapters at simulators of them."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from gateway.core.release import Release
from gateway.run.mapfiles import FileMaps, load_maps, load_terms
from gateway.sdk import Context
from gateway.sdk.http import HttpClient
from gateway.sdk.rest import RestAdapter
from gateway.sdk.simulator import Simulator

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

CONCERN = {"logg": "k1", "beskrivelse": "Er ofte borte", "dato": "02.11.2026", "status": "NY", "tjeneste": "school"}


class Silent:
    def info(self, event: str, **facts: object) -> None: ...

    def warning(self, event: str, **facts: object) -> None: ...


@cache
def vendor(name: str) -> type[RestAdapter]:
    """The adapter of an example."""
    file = EXAMPLES / name / f"{name.replace('-', '_')}.py"
    spec = spec_from_file_location(f"examples_{file.stem}", file)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.gateway_adapters()[0]


@cache
def maps(name: str, municipality: str = "klepp") -> FileMaps:
    vocabulary = load_terms(municipality).vocabulary()
    return load_maps(name, vocabulary=vocabulary, own=str(EXAMPLES / name / "mapping.yaml"))


def connect(adapter: type[RestAdapter], url: str, found, secret: Any = "t", **settings) -> RestAdapter:  # noqa: S107
    client = HttpClient(url=url, sleep=lambda _: None, chance=lambda: 0.5, **settings)
    context = Context(
        system="x",
        url=url,
        http=client,
        secret=secret if callable(secret) else lambda: secret,
        maps=found,
        log=Silent(),
    )
    return adapter(context)


@contextmanager
def at_work(name: str, records=(), **settings) -> Iterator[tuple[RestAdapter, Simulator]]:
    """An example's adapter at a simulator of it."""
    simulator = Simulator(vendor(name).resources, seed=7, secret="t", records=records)
    with simulator as url:
        adapter = connect(vendor(name), url, maps(name), **{"attempts": 1, **settings})
        try:
            yield adapter, simulator
        finally:
            adapter.close()


def drain(adapter: RestAdapter, cursor: str | None = None, limit: int = 200):
    """All records from a cursor on, and the cursor after them."""
    records = []
    for _ in range(limit):
        page = adapter.fetch(cursor)
        records += page.records
        cursor = page.cursor
        if not page.more:
            return records, cursor
    raise AssertionError("a feed without an end")


def release(kind: str, fields: dict, ident: str = "i1", **rest) -> Release:
    return Release(system="x", kind=kind, id=ident, case="c1", fields=fields, **{"changed": tuple(fields), **rest})


def declared(file: Path) -> int:
    """The lines of a module that declare: no imports, docstrings, comments, blank lines, plugin registration."""
    text = file.read_text(encoding="utf-8")
    counted: set[int] = set()
    for node in ast.parse(text).body:
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.Expr, ast.FunctionDef)):
            continue
        if isinstance(node, ast.Assign) and node.targets[0].id == "GATEWAY_API":
            continue
        inner = (
            [node]
            if not isinstance(node, ast.ClassDef)
            else [one for one in node.body if not isinstance(one, ast.Expr)]
        )
        counted |= {node.lineno} | {line for one in inner for line in range(one.lineno, one.end_lineno + 1)}
    return len(counted)
