"""A case file can be told as it was at any instant: undoing the story gives what stood then, field by field."""

import copy
from datetime import datetime, timedelta
from functools import partial

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core import past
from gateway.core.casefile import CaseFile, decode, encode
from gateway.core.keep import take_in
from gateway.core.model import Origin
from gateway.core.reading import Reading
from gateway.core.teller import Source

BEGIN = datetime.fromisoformat("2026-01-05T08:00:00+00:00")
SYSTEMS = {
    name: Source(
        system=name,
        origin=Origin(service=service, domain=domain, unit=f"{name}-1", body="kommunen", system=name),
        asserts=frozenset({"consent"}),
        owner=lambda _, __: None,
    )
    for name, service, domain in (("a", "school", "education"), ("b", "health_station", "health"))
}

READINGS = st.builds(
    lambda native, summary, area, about, withheld, deleted, category: Reading(
        kind="concern", id=native, deleted=deleted, about=about, withheld_from_parents=withheld, category=category,
        fields={} if deleted else {"raised_on": "2026-02-01", "summary": summary, "area": area},
    ),
    native=st.sampled_from(["k1", "k2"]),
    summary=st.sampled_from(["x", "y", None]),
    area=st.sampled_from(["reading", "sleep"]),
    about=st.sampled_from([None, ["p1"], ["p1", "p2"]]),
    withheld=st.booleans(),
    deleted=st.integers(0, 9).map(lambda n: n > 7),
    category=st.sampled_from([None, "concern", "measure"]),
)  # fmt: skip


def seen(file):
    """What the gate is asked about: fields, heads, and conflicts over a deletion."""
    fields = {item: dict(entry.fields) for item, entry in file.items.items()}
    return fields, past.heads(file), past.stops(file)


def known(links, system, kind, native):
    return native if kind == "person" else links.get((system, kind, native))


def fresh(links):
    return f"i{len(links)}"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), READINGS), min_size=1, max_size=12))
def test_undoing_the_story_gives_the_file_as_it_was_recorded(told):
    file, story, then, links = CaseFile(id="c"), [], {}, {}
    for at, (system, reading) in enumerate(told):
        now = BEGIN + timedelta(hours=at)
        taken = take_in(
            file=file,
            source=SYSTEMS[system],
            readings=[reading],
            known=partial(known, links, system),
            fresh=partial(fresh, links),
            recorded=now.isoformat(),
        )
        links.update({(system, kind, native): item for (kind, native), item in taken.created.items()})
        changes = msgspec.msgpack.decode(msgspec.msgpack.encode(taken.history))
        story.append((now, [tuple(change) for change in changes]))
        then[now] = copy.deepcopy(seen(file))
    for now, was in then.items():
        again, complete = past.as_of(decode(encode(file)), story, now)
        assert seen(again) == was
        assert complete


def test_a_story_without_what_stands_beside_the_fields_is_found_out():
    file, story, was = CaseFile(id="c"), [], None
    for at, about in enumerate((["p1"], ["p1", "p2"])):
        now = BEGIN + timedelta(hours=at)
        taken = take_in(
            file=file, source=SYSTEMS["a"],
            readings=[Reading(kind="concern", id="k", about=about, fields={"raised_on": "2026-02-01"})],
            known=lambda kind, native: native if kind == "person" else "i" if file.items else None,
            fresh=lambda: "i", recorded=now.isoformat(),
        )  # fmt: skip
        story.append((now, taken.history))
        was = was or copy.deepcopy(seen(file))
    planted = [(now, [one for one in changes if one[1] != past.HEAD]) for now, changes in story]
    assert seen(past.as_of(decode(encode(file)), story, BEGIN)[0]) == was
    assert seen(past.as_of(decode(encode(file)), planted, BEGIN)[0]) != was


def test_a_history_that_was_let_go_says_that_it_does_not_reach_so_far():
    file = CaseFile(id="c")
    taken = take_in(
        file=file, source=SYSTEMS["a"], readings=[Reading(kind="concern", id="k", fields={"raised_on": "2026-02-01"})],
        known=lambda *_: None, fresh=lambda: "i", recorded=BEGIN.isoformat(),
    )  # fmt: skip
    assert past.as_of(decode(encode(file)), [(BEGIN, taken.history)], BEGIN)[1]
    assert not past.as_of(decode(encode(file)), [], BEGIN)[1]
