"""The certification kit on the adapter."""

import pytest
from gateway_fhir_r4.adapter import FhirR4, Position
from gateway_fhir_r4.kit import FhirBench, RecordWorld
from gateway_fhir_r4.kit import bench as made
from msgspec import structs

from gateway.sdk import Context, Raw
from gateway.sdk.testing import CHECKS, AdapterContract, Bench, Watch, run_check


class TestKit(AdapterContract):
    @pytest.fixture
    def bench(self) -> Bench:
        return made()


class History(FhirBench):
    """The same server, read by its history; how it is written to is tried above."""

    def connect(self, world: RecordWorld, watch: Watch) -> FhirR4:
        context = super().connect(world, watch).context
        return FhirR4(structs.replace(context, options={**context.options, "feed": "history", "writes": []}))


class TestHistory(AdapterContract):
    @pytest.fixture
    def bench(self) -> Bench:
        return History()


class FollowsLinks(FhirR4):
    """Trusts the server's links, which count rows."""

    def _onward(self, where: Position, kind: str, records: list[Raw], link: str) -> str:
        return link


class NoOverlap(FhirR4):
    def __init__(self, context: Context) -> None:
        super().__init__(structs.replace(context, options={**context.options, "overlap": 0}))


@pytest.mark.parametrize(("broken", "check"), [(FollowsLinks, "paging.under-change"), (NoOverlap, "cursor.late-rows")])
def test_the_bench_finds_what_is_broken(broken: type[FhirR4], check: str) -> None:
    class Broken(FhirBench):
        def connect(self, world: RecordWorld, watch: Watch) -> FhirR4:
            context = super().connect(world, watch).context
            return broken(structs.replace(context, options={**context.options, "writes": []}))

    outcomes = [run_check(each, Broken()) for each in CHECKS]
    assert {one.id for one in outcomes if one.passed is False} == {check}
