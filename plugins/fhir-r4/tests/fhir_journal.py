"""A record at a stand-in, and cases to write into it: what the tests of writing share."""

from random import Random
from typing import Any

from children import OPTIONS, child
from fhir_bench import adapter
from gateway_fhir_r4.adapter import FhirR4
from gateway_fhir_r4.compose import Unit
from gateway_fhir_r4.standin import StandIn
from msgspec.structs import replace

from gateway.sdk import Receipt, Release

AROUND = [{"resourceType": "Organization", "id": one, "name": one} for one in ("skole", "helse", "ppt")]


def writer(server: StandIn, **more: Any) -> FhirR4:
    return adapter(server.url, **{**OPTIONS, **more})


def whole(unit: Unit) -> tuple[Release, str]:
    return unit.root, unit.key


def one_child(number: int = 1, *kinds: str) -> Unit:
    """A child whose case has items of these kinds."""
    for at in range(500):
        unit = child(Random(1000 * number + at), number)
        told = {one.kind for one in unit.releases}
        mother = next(one for one in unit.releases if one.id.startswith("mother"))
        named = all("title" in one.fields and "status" in one.fields for one in unit.releases if one.kind == "goal")
        if told >= set(kinds) and named and "number" in unit.releases[1].fields and "number" in mother.fields:
            return unit
    raise AssertionError


def living(server: StandIn, kind: str = "") -> dict[str, Any]:
    found = server.records.state()["resources"]
    return {name: one for name, one in found.items() if name.startswith(kind) and not name.startswith("Organization")}


def flat(receipt: Receipt) -> list[Receipt]:
    return [receipt, *receipt.parts]


def known(unit: Unit, receipt: Receipt, **news: dict[str, Any]) -> Release:
    """The case as it stands there now, with news (by kind) for the first item of each."""
    left = dict(news)
    releases = []
    for release, told in zip(unit.releases, flat(receipt), strict=True):
        changed = left.pop(release.kind, {})
        releases.append(
            replace(
                release, fields={**release.fields, **changed}, changed=tuple(changed), native_id=told.native_id,
                version=told.version, case_native_id=receipt.native_id, parts=(),
            )
        )  # fmt: skip
    names = {release.id: told.native_id for release, told in zip(unit.releases, flat(receipt), strict=True)}
    root, *parts = (replace(one, refs=names) for one in releases)
    return replace(root, parts=tuple(one for one in parts if one.changed))


def writes(server: StandIn) -> list[str]:
    return [one.method for one in server.asked if one.path == "/fhir"]
