"""A stafettlogg product with a list for each kind of record, Norwegian names and changed-since paging.

Everything about what stands where in a record is in ``mapping.yaml``.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from gateway.sdk import Adapter, hookimpl
from gateway.sdk.rest import Resource, RestAdapter

GATEWAY_API = "1.0"

LISTS = {"person": "personer", "case": "logger", "concern": "bekymringer", "goal": "mal", "measure": "tiltak",
         "meeting": "moter", "child_voice": "stemmer", "assignment": "roller", "consent": "samtykker"}  # fmt: skip
listed = partial(Resource, records="data", paging="cursor", next="neste", page_param="fra", size_param="antall",
                 since="endretEtter", modified="endret", version="versjon", deleted="slettet")  # fmt: skip
written = partial(listed, create="POST", update="PATCH", keyed=True, if_match=True, delete=True)


class VendorA(RestAdapter):
    """Read and write."""

    name = "vendor-a"
    resources = tuple(written(kind=kind, path=f"/api/{path}") for kind, path in LISTS.items())


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The one adapter here."""
    return [VendorA]


@hookimpl
def gateway_mappings() -> Mapping[str, str]:
    """The mapping that lies beside."""
    return {"vendor-a": Path(__file__).with_name("mapping.yaml").read_text(encoding="utf-8")}
