"""The kit as a pytest class: subclass it, give one fixture, and every check is a test of its own."""

import pytest

from gateway.sdk.testing.checks import CHECKS, Check, run_check
from gateway.sdk.testing.world import Bench


class AdapterContract:
    """What every adapter keeps. A vendor subclasses it and overrides the fixture ``bench``.

    ::

        class TestAcme(AdapterContract):
            @pytest.fixture
            def bench(self) -> Bench:
                return AcmeBench()

    A check that the adapter's capabilities rule out is skipped with its reason, never passed.
    """

    @pytest.fixture
    def bench(self) -> Bench:
        """How to make the adapter and its world; see ``gateway.sdk.testing.world.Bench``."""
        raise NotImplementedError("override the fixture `bench`")

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
    def test_contract(self, bench: Bench, check: Check) -> None:
        """The adapter keeps this promise."""
        outcome = run_check(check, bench)
        if outcome.passed is None:
            pytest.skip(f"not applicable: {outcome.evidence}")
        assert outcome.passed, f"{outcome.what} But: {outcome.evidence}."
