"""Fixtures that every area shares."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Official samples and hostile inputs, which are not ours to pass on: they lie beside the checkout, or nowhere."""
    if not SHARED.is_dir():
        pytest.skip("needs the official samples in ../shared/data beside the checkout")
    return SHARED
