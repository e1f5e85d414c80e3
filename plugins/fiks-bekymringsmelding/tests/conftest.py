"""A stand-in, an adapter at it, and a receiving child welfare service."""

import sys
from pathlib import Path

import pytest
from gateway_fiks_bekymringsmelding.kit import AT
from gateway_fiks_bekymringsmelding.standin import StandIn

sys.path.insert(0, str(Path(__file__).parent))

from fiks_desk import Office, connect


@pytest.fixture
def service():
    with StandIn(clock=lambda: AT) as standin:
        yield standin


@pytest.fixture
def adapter(service):
    made = connect(service)
    yield made
    made.close()


@pytest.fixture
def office(service):
    return Office(service)
