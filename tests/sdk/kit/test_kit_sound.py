import pytest

from gateway.sdk.testing import AdapterContract
from tests.sdk.kit.reference import ReferenceBench


class TestSound(AdapterContract):
    @pytest.fixture
    def bench(self):
        return ReferenceBench()
