"""The certification kit: what every adapter keeps, tried against a world that knows the truth.

``AdapterContract`` needs pytest and is imported when it is asked for; the rest runs without.
"""

from typing import TYPE_CHECKING, Any

from gateway.sdk.testing.canaries import ENCODINGS, NUMBERS, PHRASES, Search
from gateway.sdk.testing.checks import CHECKS, Check, Outcome, run_check
from gateway.sdk.testing.connecting import watched_context
from gateway.sdk.testing.drive import synthetic_release
from gateway.sdk.testing.standing import FolderWorld, StandInWorld
from gateway.sdk.testing.world import Bench, Sample, Thing, Watch, World

if TYPE_CHECKING:
    from gateway.sdk.testing.contract import AdapterContract

KIT = "1.2"
"""The kit's version; a check is added with a new minor version, and none is ever made laxer within a major one."""


def __getattr__(name: str) -> Any:
    if name == "AdapterContract":
        from gateway.sdk.testing.contract import AdapterContract  # noqa: PLC0415 - pytest is no dependency of a gateway

        return AdapterContract
    raise AttributeError(name)


__all__ = [
    "CHECKS", "ENCODINGS", "KIT", "NUMBERS", "PHRASES", "AdapterContract", "Bench", "Check", "FolderWorld", "Outcome", "Sample",
    "Search", "StandInWorld", "Thing", "Watch", "World", "run_check", "synthetic_release", "watched_context",
]  # fmt: skip
