"""The certification kit on the adapter."""

import pytest
from gateway_nhn_registers.kit import RegistersBench

from gateway.sdk.testing import AdapterContract


class TestKit(AdapterContract):
    @pytest.fixture
    def bench(self):
        return RegistersBench()
