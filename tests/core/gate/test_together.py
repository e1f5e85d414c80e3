"""One decision on an item that several parties wrote: every reason is kept, and the gravest cause is told."""

import pytest
from msgspec.structs import replace
from scenes import SCENE, change

from gateway.core import scenario
from gateway.core.ask import Decision
from gateway.core.release import TAKEN_BACK, _together, addressed, release
from gateway.core.rules import RULES, Forbid

CAUSES = ("withdrawn", "refused", "blocked", "protected", "expired", "missing", "unknown", "rule")
EACH = ("rules", "must_consent", "missing", "inform", "heard", "obligations", "unknown")


def decision(effect="deny", name="a", **more):
    return Decision(effect=effect, fields={name: effect}, **{"rules": ("C1",), **more})


@pytest.mark.parametrize("place", range(len(CAUSES) - 1))
def test_a_cause_that_takes_back_goes_before_one_that_waits(place):
    graver, lighter = CAUSES[place], CAUSES[place + 1]
    for order in ((graver, lighter), (lighter, graver)):
        assert _together([decision(cause=one) for one in order]).cause == graver
    assert _together([decision(cause=None), decision(cause=lighter)]).cause == lighter
    assert _together([decision(cause=None), decision(cause=None)]).cause is None


@pytest.mark.parametrize("name", EACH)
def test_each_reason_is_told_once_in_the_order_it_came(name):
    made = _together([decision(**{name: ("x", "y")}), decision(**{name: ("y", "z")})])
    assert getattr(made, name) == ("x", "y", "z")


@pytest.mark.parametrize(("effects", "effect"), [
    (("permit", "permit"), "permit"), (("permit", "deny"), "partial"), (("deny", "permit"), "partial"),
    (("permit", "hold"), "partial"), (("hold", "deny"), "hold"), (("deny", "hold"), "hold"), (("deny", "deny"), "deny"),
    (("hold", "hold"), "hold"),
])  # fmt: skip
def test_the_whole_is_what_its_fields_are(effects, effect):
    told = [decision(one, name, secrecy_basis=f"s-{name}", processing_basis=f"p-{name}", task=task)
            for name, one, task in zip("ab", effects, (None, "look"), strict=True)]  # fmt: skip
    made = _together(told)
    assert (made.effect, made.fields, made.task) == (effect, dict(zip("ab", effects, strict=True)), "look")
    first = "b" if effects[0] not in {"permit", "partial"} and effects[1] == "permit" else "a"
    assert (made.secrecy_basis, made.processing_basis) == (f"s-{first}", f"p-{first}")
    partial = _together([decision("deny", "a", secrecy_basis="s-a"), decision("partial", "b", secrecy_basis="s-b")])
    assert partial.secrecy_basis == "s-b"
    assert _together([decision(task="one"), decision(task="two")]).task == "one"
    assert _together([decision(), decision()]).task is None


def test_what_only_takes_back_holds_nothing_and_always_goes():
    assert _together([]) is TAKEN_BACK
    assert (TAKEN_BACK.effect, TAKEN_BACK.fields, TAKEN_BACK.rules) == ("permit", {}, ("X10",))


def made(groups, wanted=("level", "summary"), scene=SCENE, memo=None, **more):
    facts = scenario.read(scene)[0].facts
    return release(facts=facts, groups=groups, memo={} if memo is None else memo, wanted=wanted, system="s", kind="concern",
                   id="i", case="c", **more)  # fmt: skip


ASK = scenario.read(SCENE)[0].ask
ELSEWHERE = scenario.read(change(SCENE, {"receiver.service": "nav"}))[0].ask
VALUES = {"level": 2, "summary": "x"}


def test_what_is_released_is_what_each_partys_part_may_be():
    one, decided = made([(ASK, VALUES)])
    assert (one.fields, one.changed, decided.effect) == (VALUES, ("level", "summary"), "permit")
    assert one.fields is not VALUES, "what is changed later is not in what was released"
    assert (one.system, one.kind, one.id, one.case, one.parts, one.retracts, one.retract_all) == (
        "s", "concern", "i", "c", (), (), False,
    )  # fmt: skip
    one, decided = made([(ASK, {"level": 2}), (ELSEWHERE, {"summary": "x"})])
    assert (one.fields, one.changed, decided.effect) == ({"level": 2}, ("level",), "partial")
    assert decided.fields == {"level": "permit", "summary": "deny"}
    one, decided = made([(ELSEWHERE, VALUES)])
    assert (one, decided.effect) == (None, "deny")
    one, decided = made([(ELSEWHERE, {"level": 2}), (ELSEWHERE, {"summary": "x"})])
    assert (one, decided.effect) == (None, "deny")
    one, _ = made([(ASK, VALUES)], wanted=("summary", "other"))
    assert one.changed == ("summary",)


@pytest.mark.parametrize("more", [{"retracts": ("level",)}, {"retract_all": True}])
def test_what_takes_back_carries_no_value_and_goes_whatever_is_permitted(more):
    for ask in (ASK, ELSEWHERE):
        one, _ = made([(ask, VALUES)], native_id="n", version="1", **more)
        assert (one.fields, one.changed) == ({}, ())
        assert (one.retracts, one.retract_all) == (more.get("retracts", ()), more.get("retract_all", False))
        assert (one.native_id, one.version) == ("n", "1")
    one, decided = made([], **more)
    assert decided is TAKEN_BACK
    moved = addressed(one, native_id="m", version=None)
    assert (moved.native_id, moved.version, moved.retracts, moved.case) == ("m", None, one.retracts, "c")


def test_a_question_is_decided_once_under_its_own_name_and_its_twins():
    memo = {}
    made([(ASK, VALUES)], memo=memo)
    assert ASK in memo
    first = memo[ASK]
    kind = scenario.read(change(SCENE, {"item.kind": "goal", "item.category": "goal"}))[0].ask
    made([(kind, VALUES)], memo=memo)
    assert memo[kind] is first, "the table tells ordinary kinds apart only where a declaration does"
    seen = []
    extra = replace(RULES, extra=(Forbid(id="a", applies=lambda facts, ask: seen.append(ask.kind) or False),))
    memo = {}
    for ask in (ASK, kind, ASK):
        made([(ask, VALUES)], memo=memo, rules=extra)
    assert seen == ["concern", "goal"], "a further rule sees each question as it is, once"
