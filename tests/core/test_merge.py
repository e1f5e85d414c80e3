"""The merge: a table of every situation a field can be in, and laws over random ones."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core import merge
from gateway.core.casefile import CaseFile, Clash, Entry, Peer
from gateway.core.merge import Step, apply, choose, decide
from gateway.core.model import Origin

ORIGIN = Origin(service="school", domain="education", unit="s-1", body="k", system="a")


def peer(*, agreed: bool = False, behind: Any = None) -> Peer:
    if behind is not None:
        return Peer(native="n", behind={"f": behind})
    return Peer(native="n", agreed=["f"] if agreed else [])


TABLE = [
    # name, kind, ours, peer, theirs, owner, trusted, expected verdict, why
    ("an echo of what is agreed changes nothing", "concern", "x", peer(agreed=True), "x", None, False, "agree", None),
    ("the same edit on both sides is agreed", "concern", "y", peer(behind="x"), "y", None, False, "agree", None),
    ("equal at first contact is agreed silently", "concern", "x", peer(), "x", None, False, "agree", None),
    ("only we changed: ours stands", "concern", "y", peer(behind="x"), "x", None, False, "keep", None),
    ("only they changed: theirs stands", "concern", "x", peer(agreed=True), "y", None, False, "take", None),
    ("only they changed, though another owns it", "concern", "x", peer(agreed=True), "y", "b", False, "take", None),
    ("both changed and they own it", "concern", "y", peer(behind="x"), "z", "a", False, "take", None),
    ("both changed and another owns it", "concern", "y", peer(behind="x"), "z", "b", False, "insist", None),
    ("both changed and nobody owns it", "concern", "y", peer(behind="x"), "z", None, False, "clash", "both_changed"),
    ("first contact, differing, theirs by right", "concern", "x", peer(), "y", "a", False, "take", None),
    ("first contact, differing, ours by right", "concern", "x", peer(), "y", "b", False, "insist", None),
    ("first contact, differing, nobody's", "concern", "x", peer(), "y", None, False, "clash", "first_contact"),
    ("new to us", "concern", None, peer(), "y", None, False, "take", None),
    ("emptied by them", "concern", "x", peer(agreed=True), None, None, False, "take", None),
    ("a coordinator changed by a vendor is a claim", "assignment", "x", peer(agreed=True), "y", None, False, "clash", "claim"),
    ("a coordinator is a claim also from its owner", "assignment", "x", peer(agreed=True), "y", "a", False, "clash", "claim"),
    ("an asserting system changes its own consent", "consent", "x", peer(agreed=True), "y", None, True, "take", None),
    ("no one else changes a consent", "consent", "x", peer(agreed=True), "y", None, False, "clash", "claim"),
    ("both changed a consent: never by who was last", "consent", "y", peer(behind="x"), "z", "a", True, "clash", "claim"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "ours", "held", "theirs", "owner", "trusted", "verdict", "why"), TABLE)
def test_each_situation_has_its_verdict(name, kind, ours, held, theirs, owner, trusted, verdict, why):
    steps = list(
        decide(
            kind=kind,
            ours={"other": 1} if ours is None else {"f": ours, "other": 1},
            peer=held,
            theirs={"f": theirs},
            system="a",
            owner=lambda _: owner,
            trusted=trusted,
        )
    )
    assert [step.verdict for step in steps] == [verdict], name
    if why is not None:
        assert steps[0].why == why


@pytest.mark.parametrize(
    ("name", "ours", "theirs", "narrower"),
    [
        ("withdrawn", None, "2026-01-01T00:00:00+01:00", True),
        ("withdrawn", "2026-01-01T00:00:00+01:00", None, False),
        ("withdrawn", "2026-01-01T00:00:00+01:00", "2026-02-01T00:00:00+01:00", False),
        ("decision", "given", "refused", True),
        ("decision", "refused", "given", False),
        ("valid_to", "2026-12-31", "2026-06-30", True),
        ("valid_to", None, "2026-06-30", True),
        ("valid_to", "2026-06-30", "2026-12-31", False),
        ("services", ["school", "ppt"], ["school"], True),
        ("services", ["school"], ["school", "ppt"], False),
        ("excluded", [], [{"service": "ppt"}], True),
        ("excluded", [{"service": "ppt"}], [], False),
        ("categories", ["concern"], [], False),
    ],
)
def test_a_consent_may_be_narrowed_by_anyone_and_widened_by_no_vendor(name, ours, theirs, narrower):
    assert merge.tightens("consent", name, ours, theirs) is narrower
    steps = list(
        decide(
            kind="consent",
            ours={name: ours, "by": "p"} if ours is not None else {"by": "p"},
            peer=Peer(native="n", agreed=[name]),
            theirs={name: theirs},
            system="a",
            owner=lambda _: None,
        )
    )
    assert [step.verdict for step in steps] == ["take" if narrower else "clash"]


values = st.sampled_from(["x", "y", "z", None])
names = st.sampled_from(["f", "g"])


@st.composite
def situations(draw):
    """A case file with one item known to two systems, in any state that the merge itself can bring about."""
    fields = {name: value for name in ("f", "g") if (value := draw(values)) is not None}
    file = CaseFile(id="c", items={"i": Entry(kind="concern", fields=fields, origin=ORIGIN)})
    for system in ("a", "b"):
        held = Peer(native=system)
        for name in ("f", "g"):
            state = draw(st.sampled_from(["agreed", "behind", "never"]))
            if state == "agreed":
                held.agreed.append(name)
            elif state == "behind":
                other = draw(values.filter(lambda value, name=name: value != fields.get(name)))
                held.behind[name] = other
        file.peers[system] = {"i": held}
    return file


@given(situations(), st.dictionaries(names, values), st.sampled_from([None, "a", "b"]))
def test_no_value_disappears_without_a_trace(file, theirs, owner):
    """After a merge each old value still stands: as the canonical one, with a system, or in a stored conflict."""
    before = copy.deepcopy(file)
    steps = decide(
        kind="concern", ours=file.items["i"].fields, peer=file.peers["a"]["i"], theirs=theirs, system="a",
        owner=lambda _: owner,
    )  # fmt: skip
    effect = apply(file=file, item="i", system="a", steps=iter(list(steps)), recorded="t")
    for name, value in theirs.items():
        now = file.items["i"].fields.get(name)
        if now == value:
            continue
        held = file.peers["a"]["i"]
        base_known = name in before.peers["a"]["i"].agreed or name in before.peers["a"]["i"].behind
        unchanged = base_known and value == before.peers["a"]["i"].behind.get(name, before.items["i"].fields.get(name))
        clashes = [clash.theirs for clash in file.clashes if clash.name == name]
        assert unchanged or value in clashes or (owner == "b" and held.behind.get(name) == value)
    for name, (old, new) in effect.changed.items():
        assert before.items["i"].fields.get(name) == old
        assert file.items["i"].fields.get(name) == new


@given(situations(), st.dictionaries(names, values))
def test_a_merge_said_twice_is_said_once(file, theirs):
    def once() -> Any:
        steps = decide(
            kind="concern", ours=file.items["i"].fields, peer=file.peers["a"]["i"], theirs=theirs, system="a",
            owner=lambda _: None,
        )  # fmt: skip
        return apply(file=file, item="i", system="a", steps=iter(list(steps)), recorded="t")

    once()
    after = copy.deepcopy(file)
    effect = once()
    assert file == after
    assert not effect.changed
    assert not effect.clashes


@given(situations(), names, values)
def test_who_agreed_before_a_change_is_behind_with_the_old_value(file, name, value):
    old = file.items["i"].fields.get(name)
    agreed = name in file.peers["b"]["i"].agreed
    merge.change_field(file=file, item="i", name=name, value=value, system="a")
    held = file.peers["b"]["i"]
    if agreed:
        assert held.behind.get(name) == old
        assert name not in held.agreed


@pytest.mark.parametrize("ours", [True, False])
def test_a_settled_conflict_leaves_one_value_for_everybody(ours):
    file = CaseFile(
        id="c",
        items={"i": Entry(kind="concern", fields={"f": "x"}, origin=ORIGIN)},
        peers={"a": {"i": Peer(agreed=["f"])}, "b": {"i": Peer(behind={"f": "w"})}},
        clashes=[Clash(system="b", item="i", name="f", theirs="z", since="t")],
    )
    choose(file=file, clash=file.clashes[0], ours=ours)
    assert not file.clashes
    assert file.items["i"].fields["f"] == ("x" if ours else "z")
    assert file.peers["b"]["i"].behind == ({"f": "z"} if ours else {})
    assert ("f" in file.peers["a"]["i"].agreed) is ours


def test_steps_are_values():
    assert Step("f", "take", 1) == Step("f", "take", 1)
