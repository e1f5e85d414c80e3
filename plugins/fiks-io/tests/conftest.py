"""A clock that stands, ids in order, and keys that are made once."""

import itertools
from datetime import UTC, datetime

import pytest
from gateway_fiks_io.testing import made_up

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def at():
    return AT


@pytest.fixture(scope="session")
def sender():
    return made_up("sender")


@pytest.fixture(scope="session")
def receiver():
    return made_up("receiver")


@pytest.fixture
def fresh():
    counter = itertools.count(1)
    return lambda: f"00000000-0000-4000-8000-{next(counter):012d}"
