"""The stand-in with one family in it, an adapter that asks it, and the service's published document."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from gateway_persontjenesten.adapter import Persontjenesten
from gateway_persontjenesten.standin import TOKEN, StandIn

sys.path.insert(0, str(Path(__file__).parent))
from register_bench import CHILD, OPENED, context, people

PUBLISHED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "nhn-persontjenesten" / "openapi.yaml"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


@pytest.fixture
def register() -> Iterator[StandIn]:
    with StandIn(people()) as open_register:
        yield open_register


@pytest.fixture
def adapter(register: StandIn) -> Persontjenesten:
    return Persontjenesten(context(register.url, TOKEN))


@pytest.fixture
def told(register: StandIn, adapter: Persontjenesten) -> Callable[..., dict[str, list[Any]]]:
    """Readings of the child after the register has these facts about it, by kind."""

    def readings(**child: Any) -> dict[str, list[Any]]:
        register.set_people(people(**child))
        page = adapter.lookup([CHILD])
        found: dict[str, list[Any]] = {"person": [], "relation": []}
        for raw in page.records:
            for reading in adapter.read(raw):
                found[reading.kind].append(reading)
        return found

    return readings


@pytest.fixture(scope="session")
def published() -> dict[str, Any]:
    if not PUBLISHED.exists():
        pytest.skip("the service's OpenAPI document lies in ../shared/data, which this machine lacks")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: dict[str, Any] = yaml.load(PUBLISHED.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return document
