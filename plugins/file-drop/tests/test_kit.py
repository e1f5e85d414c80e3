"""The adapter keeps what every adapter keeps."""

import pytest
from gateway_file_drop.kit import SAMPLES, FileDropBench

from gateway.core.model import check
from gateway.sdk.testing import AdapterContract


class TestFileDrop(AdapterContract):
    @pytest.fixture
    def bench(self):
        return FileDropBench()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.kind)
def test_the_samples_fit_the_model(sample):
    assert check(sample.kind, sample.fields).keys() == sample.fields.keys()
