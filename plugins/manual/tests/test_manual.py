"""A person gets just what was released, in words, and nothing is claimed that the person has not done."""

from importlib.metadata import entry_points

import pytest
from gateway_manual import Manual, items_of, task_text
from gateway_manual.words import KIND, LABEL, PHRASE, VALUE
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.release import Release
from gateway.sdk import KINDS, Context, Refused


def adapter():
    return Manual(Context(system="journal", url="", http=None, secret=str, maps=None, log=None))


def a_release(kind="measure", **more):
    return Release(system="journal", kind=kind, id="i1", case="c1", **({"fields": {"title": "Lesegruppe"}} | more))


def text(items, language="nb", **more):
    return task_text(items, system="journal", language=language, **more)


def test_the_entry_point_leads_to_the_adapter():
    (entry,) = entry_points(group="gateway", name="manual")
    assert entry.load().gateway_adapters() == [Manual]


def test_it_declares_that_people_do_the_work_and_takes_every_kind_that_travels():
    assert Manual.capabilities.manual
    assert Manual.capabilities.writes == frozenset(KINDS) - {"wonder_note"}
    assert Manual.capabilities.reads == frozenset()


def test_a_delivery_claims_no_more_than_a_task():
    release = a_release(parts=(a_release("goal"), a_release("concern")))
    receipt = adapter().deliver(release, "k1")
    assert (receipt.key, receipt.state, receipt.code, receipt.native_id) == ("k1", "accepted", "manual.task", None)
    assert [part.state for part in receipt.parts] == ["accepted", "accepted"]
    assert adapter().retract(release, "k2").state == "accepted"
    assert [one.key for one in adapter().deliver_batch([(release, "a"), (release, "b")])] == ["a", "b"]


def test_a_kind_that_never_travels_is_refused():
    with pytest.raises(Refused, match=r"^adapter\.cannot_write at \$\.kind$"):
        adapter().deliver(a_release("wonder_note"), "k1")


def test_nothing_ever_comes_from_it():
    assert adapter().fetch("x").records == []


MEASURE = {
    "kind": "measure", "native_id": None, "changed": ["title"],
    "values": {
        "title": "Lesegruppe", "description": "Tirsdag.\nTa med bok.", "started_on": "2026-11-09",
        "status": "started", "level": {"code": "2", "rank": 2}, "tried_before": False, "effect": None,
        "goals": ["g1", "g2"], "risk_factors": [{"code": "R1", "text": "Borte mye"}],
    },
}  # fmt: skip

NB = """\
Før dette inn i journal:

Tiltak (ny)
  Tittel: Lesegruppe
  Beskrivelse: Tirsdag.
    Ta med bok.
  Startet: 09.11.2026
  Status: startet
  Nivå: 2
  Prøvd før: nei
  Virkning: (tomt)
  Mål: g1, g2
  Risikofaktorer:
    - Kode: R1; Tekst: Borte mye

Merk oppgaven som ført når det er gjort.
"""

NN = """\
Før dette inn i journal:

Tiltak (finst der som 77)
  Tittel: Lesegruppe

Merk oppgåva som ført når det er gjort.
"""

EN = """\
Remove this from journal; the consent or basis is gone:

Measure (stands there as 77)
  - Title

Mark the task as done when it is removed.
"""


@pytest.mark.parametrize(
    ("item", "language", "removing", "expected"),
    [
        (MEASURE, "nb", False, NB),
        (MEASURE | {"native_id": "77"}, "nn", False, NN),
        (MEASURE | {"native_id": "77"}, "en", True, EN),
    ],
)
def test_the_task_reads_as_a_person_would_write_it(item, language, removing, expected):
    assert text([item], language, removing=removing) == expected


def test_removing_shows_names_and_no_values():
    said = text(items_of(a_release(fields={}, retracts=("title", "summary"), native_id="77")), removing=True)
    assert "Tittel" in said
    assert "Lesegruppe" not in said
    assert "Hele posten" in text(items_of(a_release(fields={}, retract_all=True)), removing=True)


def test_a_moment_is_shown_in_norwegian_time():
    said = text([{"kind": "meeting", "native_id": None, "values": {"held_at": "2026-07-01T10:00:00Z"}, "changed": []}])
    assert "01.07.2026 kl. 12.00" in said


def test_the_municipalitys_own_words_come_first():
    said = task_text([MEASURE], system="j", language="nb", labels={"title": "Navn på tiltaket", "measure": "Grep"})
    assert "Grep (ny)\n  Navn på tiltaket: Lesegruppe" in said


@pytest.mark.parametrize("kind", sorted(frozenset(KINDS) - {"wonder_note"}))
def test_every_kind_has_a_word_in_each_language(kind):
    assert {language for language in PHRASE if kind in KIND[language]} == {"nb", "nn", "en"}


def test_every_word_is_for_something_that_the_model_has():
    known = {name for struct in KINDS.values() for name in struct.__struct_fields__} | {"code", "text"}
    for language in PHRASE:
        assert set(LABEL[language]) <= known
        assert set(KIND[language]) <= set(KINDS)
        assert PHRASE[language].keys() == PHRASE["nb"].keys()
        assert VALUE[language].keys() == VALUE["nb"].keys()


values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["code", "text", "rank"]), inner),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from(sorted(LABEL["nb"])), values, max_size=6), st.sampled_from(["nb", "nn", "en", "se"])
)
def test_any_released_value_can_be_shown_and_none_steers_the_terminal(fields, language):
    said = text([{"kind": "measure", "native_id": None, "values": fields, "changed": []}], language)
    assert not [
        sign for sign in said if sign != "\n" and (ord(sign) < 32 or 127 <= ord(sign) < 160 or sign == "\u202e")
    ]


@given(st.sampled_from(sorted(LABEL["nb"])))
def test_a_field_that_was_not_released_is_not_mentioned(name):
    rest = {"title": "x"} if name != "title" else {"summary": "x"}
    said = text([{"kind": "measure", "native_id": None, "values": rest, "changed": []}])
    shown = {LABEL["nb"][one] for one in rest}
    assert LABEL["nb"][name] in shown or f"  {LABEL['nb'][name]}:" not in said
