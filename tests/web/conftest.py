import pytest

from tests.web.house import open_house


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with open_house(tmp_path_factory.mktemp("house") / "town") as opened:
        yield opened


@pytest.fixture
def fresh(tmp_path):
    with open_house(tmp_path / "town") as opened:
        yield opened
