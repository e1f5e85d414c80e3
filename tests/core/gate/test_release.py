"""Only the gate makes a release, and a release holds what the decision permits and not a field more."""

import ast
from pathlib import Path

import pytest
from laws import corpus
from msgspec.structs import replace
from scenes import FIELDS, PERMITTED, SCENE, change, judge, permitted, shown

from gateway.core import scenario
from gateway.core.release import TAKEN_BACK, release
from gateway.core.rules import RULES, rule_on, twin

ROOT = Path(__file__).resolve().parents[3]
MAKERS = {
    "gateway/core/release.py",
    "gateway/sdk/testing/drive.py",  # the kit's releases are synthetic and reach an adapter under test
}


def made_in(source):
    """The lines of a module that make a release, or copy one with other values."""
    names = {"Release"}
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname for alias in node.names if alias.name == "Release" and alias.asname}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if name in names:
                found.append(node.lineno)
            if name in {"convert", "decode", "Decoder"} and any(
                isinstance(one, ast.Name) and one.id in names
                for one in [*node.args, *(key.value for key in node.keywords)]
            ):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("planted", [
    "Release(system='s')", "from gateway.core.release import Release as R\nR()", "release.Release()",
    "msgspec.convert({}, Release)", "msgspec.json.decode(b'', type=Release)", "Decoder(Release)",
])  # fmt: skip
def test_a_second_maker_is_found(planted):
    assert made_in(planted)


def test_only_the_gate_makes_a_release():
    folders = [*ROOT.glob("gateway/**/*.py"), *ROOT.glob("plugins/*/gateway_*/**/*.py"), *ROOT.glob("examples/**/*.py")]
    makers = {path.relative_to(ROOT).as_posix() for path in folders if made_in(path.read_text("utf-8"))}
    assert makers <= MAKERS


def made_of(scene, *, wanted=None, memo=None, **more):
    asked, _ = scenario.read(scene)
    values = {name: f"the {name}" for name in asked.fields}
    return release(
        facts=asked.facts,
        groups=[(asked.ask, values)],
        memo={} if memo is None else memo,
        wanted=tuple(values) if wanted is None else wanted,
        system="target",
        kind=asked.ask.kind,
        id="item",
        case="case",
        **more,
    )


@pytest.mark.parametrize("rule", PERMITTED)
def test_a_release_holds_what_is_permitted(rule):
    made, decision = made_of(permitted(rule))
    assert set(made.fields) == set(FIELDS) == shown(decision)


def test_a_release_holds_just_what_the_decision_says_on_any_scene():
    for scene in corpus(1500):
        made, decision = made_of(scene)
        assert decision == judge(scene)
        assert (set(made.fields) if made else set()) == shown(decision)
        assert made is None or set(made.changed) <= set(made.fields)


def test_only_what_is_wanted_is_named_as_changed():
    assert made_of(SCENE, wanted=["level", "other"])[0].changed == ("level",)


def test_a_retraction_goes_whatever_the_gate_says_and_carries_no_value():
    denied = change(SCENE, {"consents": []})
    made, decision = made_of(denied, retracts=("level",))
    assert made.fields == {}
    assert made.retracts == ("level",)
    assert decision.effect == "deny"
    made, decision = release(
        facts=scenario.read(denied)[0].facts, groups=[], memo={}, wanted=(), system="t", kind="concern", id="i", case="c",
        retract_all=True,
    )  # fmt: skip
    assert made.retract_all
    assert made.fields == {}
    assert decision == TAKEN_BACK


def test_fields_of_several_parties_are_decided_each_for_its_own():
    mine, _ = scenario.read(SCENE)
    theirs, _ = scenario.read(change(SCENE, {"item.domain": "health", "consents": []}))
    closed, _ = scenario.read(change(SCENE, {"item.withheld_from_parents": True}))
    made, decision = release(
        facts=mine.facts, groups=[(mine.ask, {"level": 1}), (closed.ask, {"summary": "x"})], memo={}, wanted=("level", "summary"),
        system="t", kind="concern", id="i", case="c",
    )  # fmt: skip
    assert made.fields == {"level": 1}
    assert decision.effect == "partial"
    assert decision.fields == {"level": "permit", "summary": "deny"}
    assert decision.rules == ("C1", "X6")
    assert decision.cause == "rule"
    assert theirs.facts is not None


def test_items_that_share_an_answer_have_the_same_answer():
    for scene in corpus(3000):
        asked, _ = scenario.read(scene)
        assert rule_on(asked.facts, twin(asked.facts, asked.ask)) == rule_on(asked.facts, asked.ask)


def test_the_memo_answers_once_for_items_that_ask_the_same():
    memo = {}
    for kind in ("concern", "measure", "goal"):
        made_of(change(SCENE, {"item.kind": kind, "item.category": kind}), memo=memo)
    assert len({id(ruling) for ruling in memo.values()}) == 1
    assert RULES.table


@pytest.mark.parametrize(("level", "lowest", "highest", "reached"), [
    (2, None, None, True), (None, None, None, True), (2, 1, 2, True), (2, 2, 3, True), (2, None, 1, False), (2, 3, None, False),
    (None, 1, 3, False), (None, None, 3, False), (0, 0, None, True),
])  # fmt: skip
def test_a_yes_limited_to_levels_reaches_no_other_level(level, lowest, highest, reached):
    asked, _ = scenario.read(SCENE)
    limited = tuple(replace(one, level_from=lowest, level_to=highest) for one in asked.facts.consents)
    ruling = rule_on(replace(asked.facts, consents=limited), replace(asked.ask, level=level))
    assert ruling.effect == ("permit" if reached else "deny")
