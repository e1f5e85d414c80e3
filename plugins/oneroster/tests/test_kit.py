"""The certification kit on both adapters."""

import pytest
from gateway_oneroster.kit import BENCHES

from gateway.sdk.testing import AdapterContract, Bench


class TestService(AdapterContract):
    @pytest.fixture
    def bench(self) -> Bench:
        return BENCHES["oneroster"]()


class TestFolder(AdapterContract):
    @pytest.fixture
    def bench(self) -> Bench:
        return BENCHES["oneroster-csv"]()
