"""A pytest plugin that tells what a call costs, apart from what else the machine and the test run are doing.

What the run itself keeps alive (thousands of collected tests) is taken out of the garbage collector's sight, so that
it is paid for once and not by every test.
"""

import gc
import time
from collections.abc import Callable

import pytest

Cost = Callable[..., float]
TRIES = 3


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def cost() -> Cost:
    """``cost(call, below=2)``: the least seconds of processor time that the call took in its own thread.

    It is tried up to three times until it is below: others on the machine only ever add to what something costs.
    """

    def least(call: Callable[[], object], *, below: float) -> float:
        spent: list[float] = []
        while len(spent) < TRIES and min(spent, default=below) >= below:
            gc.freeze()
            before = time.thread_time()
            call()
            spent.append(time.thread_time() - before)
        return min(spent)

    return least
