"""A stafettlogg product that has whole logs as documents, pages by number, and replaces a log when it is put back.

Everything about what stands where in a log is in ``mapping.yaml``.
"""

from collections.abc import Mapping
from pathlib import Path

from gateway.sdk import Adapter, hookimpl
from gateway.sdk.rest import Resource, RestAdapter

GATEWAY_API = "1.0"


class VendorB(RestAdapter):
    """Read and write."""

    name = "vendor-b"
    resources = (
        Resource(
            kind="case", path="/stafettlogger", records="innhold.logger", id="meta.id", version="meta.utgave",
            paging="page", page_param="side", size_param="per", modified="meta.endret", since="endretSiden",
            deleted="meta.fjernet", create="POST", update="PUT", if_match=True, keyed=True, key_header="X-Nokkel",
            nested={"concern": "uro", "measure": "plan.tiltak", "bright_moment": "lysglimt"}, nested_id="ref",
        ),
    )  # fmt: skip


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The one adapter here."""
    return [VendorB]


@hookimpl
def gateway_mappings() -> Mapping[str, str]:
    """The mapping that lies beside."""
    return {"vendor-b": Path(__file__).with_name("mapping.yaml").read_text(encoding="utf-8")}
