"""The stories of the engine, told once more on a real PostgreSQL: the one that is named, or the one from a wheel.

The tests of the store run on it in every ``make test``.
"""

import inspect

import pytest
from sqlalchemy import make_url

from tests.run import test_life

STORIES = {
    name: story
    for name, story in vars(test_life).items()
    if name.startswith("test_") and list(inspect.signature(story).parameters) == ["town"] and "files" not in name
}
"""Those that need nothing but a town; what is about SQLite's files is told otherwise below."""

pytestmark = pytest.mark.interop


@pytest.fixture
def place(postgres, tmp_path):
    if isinstance(postgres, str):
        pytest.skip(postgres)
    made = postgres.place(tmp_path)
    assert make_url(made.urls["main"]).get_backend_name() == "postgresql"
    return made


@pytest.fixture
def town(place, tmp_path):
    made = test_life.Town(tmp_path, url=place.urls["main"])
    yield made
    made.world.store.close()


@pytest.mark.parametrize("name", STORIES)
def test_a_story_that_holds_on_sqlite_holds_on_postgresql(town, name):
    STORIES[name](town)


def test_there_are_stories_to_tell():
    assert len(STORIES) > 10


def test_no_person_number_and_no_text_lies_open_in_the_tables(town, place):
    town.sync(2)
    assert place.sql("main", "select count(*) from cases") == [(1,)]
    traces = place.traces()
    assert len(traces) > 1_000
    for secret in (test_life.CHILD, test_life.MOTHER, "leser lite", "Ola"):
        for form in (secret.encode(), secret.encode("utf-16-le"), secret.encode().hex().encode()):
            assert form not in traces
