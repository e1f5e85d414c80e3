"""The certification kit on the adapter."""

import pytest
from gateway_pifu_ims.kit import bench as made

from gateway.sdk.testing import AdapterContract, Bench


class TestKit(AdapterContract):
    @pytest.fixture
    def bench(self) -> Bench:
        return made()
