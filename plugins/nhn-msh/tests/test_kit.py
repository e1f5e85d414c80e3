"""The certification kit on the adapter."""

import pytest
from gateway_nhn_msh.kit import MshBench

from gateway.sdk.testing import AdapterContract


class TestKit(AdapterContract):
    @pytest.fixture
    def bench(self):
        return MshBench()
