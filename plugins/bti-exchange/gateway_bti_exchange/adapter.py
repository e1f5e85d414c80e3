"""The exchange protocol's two shapes, declared: records one by one, and cases as documents."""

import hmac
from collections.abc import Iterable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec

from gateway.sdk import Page, Proof, Refused, Release, Request
from gateway.sdk.resource import Resource, capabilities
from gateway.sdk.rest import RestAdapter
from gateway_bti_exchange.seeds import cases, flat

ITEMS = (
    "person", "relation", "unit", "agreement", "enrolment", "concern", "goal", "measure", "meeting", "evaluation",
    "child_voice", "bright_moment", "assignment", "consent", "plan", "safety_plan", "user_experience", "participant",
)  # fmt: skip
"""What stands in a case. Notes of wonder never travel; a report to child welfare has a path of its own."""
KINDS = ("case", *ITEMS)

_feed = partial(
    Resource,
    records="records",
    paging="cursor",
    page_param="after",
    next="cursor",
    more="more",
    feed=True,
    version="version",
    modified="modified",
    deleted="deleted",
    create="POST",
    update="PATCH",
    keyed=True,
    if_match=True,
    delete=True,
    batch="/v1/batch",
    retract="/v1/retractions",
    read_back="/v1/deliveries/{key}",
    inventory="/v1/inventory",
    acknowledge="/v1/acknowledgements",
)


class _Exchange(RestAdapter):
    """What both shapes share: webhooks are hints to fetch now, and retractions name fields as the product does."""

    proved = (
        Proof(
            by="server",
            what="Prism from our OpenAPI",
            test="tests/interop/test_mocks.py::test_every_request_of_the_exchange_is_one_that_its_document_allows",
        ),
        Proof(by="simulator", test="plugins/bti-exchange/tests/test_exchange.py::test_the_kit_finds_nothing_wrong"),
    )

    def vendor_names(self, release: Release) -> list[str]:
        """Where the fields stand in the product's own record; those inside ``fields`` by their names alone."""
        emptied = msgspec.structs.replace(release, fields=dict.fromkeys(release.retracts), parts=())
        return sorted(path.removeprefix("fields.") for path in _emptied(self.body(emptied)))

    def receive(self, request: Request) -> Page:
        """A signed hint: an empty page that says that more waits. Raises ``Refused`` for a wrong signature.

        Told again, a hint does no harm, so it needs no date; content in its body is never read.
        """
        wanted = hmac.new(self.context.secret().encode(), request.body, sha256).hexdigest()
        given = request.headers.get("bti-signature", "").removeprefix("v1=")
        if not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
            raise Refused("webhook.signature")
        return Page(more=True)


def _emptied(body: Mapping[str, Any], above: str = "") -> Iterable[str]:
    """The paths at which a body holds ``null``."""
    for name, value in body.items():
        if value is None:
            yield above + name
        elif isinstance(value, Mapping):
            yield from _emptied(value, f"{above}{name}.")


class BtiExchange(_Exchange):
    """Records one by one (``/v1/changes``, ``/v1/records``)."""

    name = "bti-exchange"
    resources = (
        _feed(
            kind="record",
            kinds=KINDS,
            kind_at="kind",
            path="/v1/changes",
            write="/v1/records",
            item="/v1/records/{kind}/{id}",
        ),
    )
    capabilities = msgspec.structs.replace(capabilities(resources), events=True, baton="field")

    @classmethod
    def simulated(cls, seed: int) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """Ten synthetic cases."""
        return flat(seed, count=10)


class BtiExchangeCases(_Exchange):
    """Cases as documents with their items inside (``/v1/cases``)."""

    name = "bti-exchange-cases"
    resources = (
        _feed(
            kind="case",
            kind_at="kind",
            path="/v1/cases",
            nested={kind: f"items.{kind}" for kind in ITEMS},
            local_refs=True,
        ),
    )
    capabilities = msgspec.structs.replace(capabilities(resources), events=True, baton="assignments")

    @classmethod
    def simulated(cls, seed: int) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """Ten synthetic cases."""
        return cases(seed, count=10)
