"""The exchange adapters at their simulator, with what is checked against the published documents."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from gateway_bti_exchange import gateway_mappings
from gateway_bti_exchange.adapter import BtiExchange, BtiExchangeCases
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from gateway.core.release import Release
from gateway.run.exchange import records_schema
from gateway.run.mapfiles import load_maps, load_terms
from gateway.sdk import Context, jsonio
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer, Asked
from gateway.sdk.simulator import Simulator

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ROOT / "schemas" / "bti-exchange"
BOTH = (BtiExchange, BtiExchangeCases)
MAPPINGS = gateway_mappings()


class Silent:
    def info(self, event: str, **facts: object) -> None: ...

    def warning(self, event: str, **facts: object) -> None: ...


@cache
def openapi() -> dict[str, Any]:
    return yaml.safe_load((SCHEMAS / "openapi.yaml").read_text(encoding="utf-8"))


@cache
def validator(pointer: str) -> Draft202012Validator:
    """A validator of one schema of the OpenAPI document, or of the records (``records:Record``)."""
    records = Resource.from_contents(jsonio.decode(records_schema().encode()))
    document = Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema", **openapi()})
    registry = Registry().with_resources([("records.schema.json", records), ("openapi.yaml", document)])
    file, _, name = pointer.partition(":")
    place = f"records.schema.json#/$defs/{name}" if file == "records" else f"openapi.yaml#{file}"
    return Draft202012Validator({"$ref": place}, registry=registry)


def documented(asked: Asked) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
    """The path, operation and path item that the document has for a request."""
    for template, item in openapi()["paths"].items():
        wanted, given = template.split("/"), asked.path.split("/")
        fits = all(one == other or one.startswith("{") for one, other in zip(wanted, given, strict=False))
        if len(wanted) == len(given) and fits and asked.method.lower() in item:
            return template, item[asked.method.lower()], item
    return None


class Checked(Simulator):
    """A simulator that keeps each request and answer that the document does not allow."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self.odd: list[str] = []
        self.covered: set[str] = set()
        super().__init__(*given, **named)

    def _answer(self, asked: Asked) -> Answer:
        answer = super()._answer(asked)
        if not asked.path.startswith("/_sim/"):
            self._judge(asked, answer)
        return answer

    def _judge(self, asked: Asked, answer: Answer) -> None:
        found = documented(asked)
        if found is None:
            self.odd.append(f"{asked.method} {asked.path} is not documented")
            return
        template, operation, _ = found
        self.covered.add(operation["operationId"])
        told = operation["responses"].get(str(answer.status))
        if told is None:
            self.odd.append(f"{operation['operationId']} answered {answer.status}")
            return
        where = f"/paths/{template.replace('~', '~0').replace('/', '~1')}/{asked.method.lower()}"
        if asked.body:
            self._fits(f"{where}/requestBody/content/application~1json/schema", asked.body, operation["operationId"])
        if "$ref" in told:
            where = told["$ref"].removeprefix("#")
            told = openapi()["components"]["responses"][where.rpartition("/")[2]]
        else:
            where = f"{where}/responses/{answer.status}"
        if answer.body and "content" in told:
            self._fits(f"{where}/content/application~1json/schema", answer.body, operation["operationId"])

    def _fits(self, pointer: str, body: bytes, name: str) -> None:
        for error in validator(pointer).iter_errors(jsonio.decode(body)):
            self.odd.append(f"{name}: {error.json_path} {error.validator} {error.message[:300]}")


@contextmanager
def at_work(adapter: type[Any], *, records: bool = True, **settings: Any) -> Iterator[tuple[Any, Checked]]:
    maps = load_maps(adapter.name, vocabulary=load_terms("klepp").vocabulary(), brought=MAPPINGS)
    simulator = Checked(adapter.resources, seed=5, secret="t", records=adapter.simulated(5) if records else ())
    with simulator as url:
        client = HttpClient(url=url, **{"attempts": 1, **settings})
        context = Context(system="x", url=url, http=client, secret=lambda: "t", maps=maps, log=Silent())
        connected = adapter(context)
        try:
            yield connected, simulator
        finally:
            connected.close()


def release(kind: str, fields: dict[str, Any], ident: str = "i1", **rest: Any) -> Release:
    return Release(system="x", kind=kind, id=ident, case="c1", fields=fields, **{"changed": tuple(fields), **rest})


def drain(adapter: Any, cursor: str | None = None) -> list[Any]:
    """All records after a cursor."""
    records: list[Any] = []
    while True:
        page = adapter.fetch(cursor)
        records += page.records
        cursor = page.cursor
        if not page.more:
            return records
