"""A tap with singer-sdk: the cases as a stream, from the last change on.

python singer_tap.py --config CONFIG [--state STATE]
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

sys.path.insert(0, str(Path(__file__).parent))
from plain import may_go, renamed
from singer_sdk import RESTStream, Stream, Tap
from singer_sdk import typing as th
from singer_sdk.pagination import BasePageNumberPaginator

TEXT = th.StringType


class Pages(BasePageNumberPaginator):
    """Numbered from 1."""

    def has_more(self, response: Any) -> bool:
        return bool(response.json()["more"])


class Cases(RESTStream):
    """Pages of 100."""

    name = "cases"
    path = "/cases"
    primary_keys = ("ref",)
    replication_key = "change"
    is_sorted = True
    records_jsonpath = "$.cases[*]"
    schema: ClassVar[dict[str, Any]] = th.PropertiesList(
        th.Property("ref", TEXT, required=True),
        th.Property("change", th.IntegerType),
        th.Property("child", TEXT),
        th.Property("people", th.ArrayType(th.ObjectType(additional_properties=True))),
        th.Property("state", TEXT),
        th.Property("since", TEXT),
        th.Property("concerns", th.ArrayType(th.ObjectType(additional_properties=True))),
        th.Property("measures", th.ArrayType(th.ObjectType(additional_properties=True))),
    ).to_dict()

    @property
    def url_base(self) -> str:
        return str(self.config["source"])

    def get_url_params(self, _context: Any, next_page_token: int | None) -> dict[str, Any]:
        return {"since": self.get_starting_replication_key_value(None) or 0, "page": next_page_token or 1}

    def parse_response(self, response: Any) -> Iterable[dict[str, Any]]:
        told = response.json()
        for document in told["cases"]:
            if may_go(document):
                yield {**renamed(document), "change": told["change"]}

    def get_new_paginator(self) -> BasePageNumberPaginator:
        return Pages(1)


class BenchTap(Tap):
    """One stream."""

    name = "tap-bench"
    config_jsonschema: ClassVar[dict[str, Any]] = th.PropertiesList(
        th.Property("source", TEXT, required=True), th.Property("target", TEXT)
    ).to_dict()

    def discover_streams(self) -> list[Stream]:
        return [Cases(self)]


if __name__ == "__main__":
    BenchTap.cli()
