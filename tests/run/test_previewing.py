"""What a preview foretells is what the engine then does: run the preview, do the act, compare."""

import tempfile
import time
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core import preview as comparing
from gateway.core.identity import synthetic_number
from gateway.core.known import Policy
from gateway.run import acts, explaining, previewing
from gateway.run.acts import ActFault
from gateway.run.life import mark_everything
from gateway.run.outlet import live
from gateway.store import Restriction
from tests.run.test_life import Town
from tests.run.toys import CHILD, MOTHER, able, approve

FATHER = synthetic_number(date(1983, 3, 4), 7)
SERVICES = ("school", "health_station")
TWO = {
    CHILD: {"birth_date": "2014-05-02", "parents": {MOTHER: "joint", FATHER: "joint"}},
    MOTHER: {"birth_date": "1985-10-17"},
    FATHER: {"birth_date": "1983-03-04"},
}
GRANT = {"purpose": "bti", "decision": "given", "valid_from": "2026-01-01", "given": "2026-11-21T12:00:00+00:00"}


def town_of(folder, *, consent=True, can_b=None, pairs=(), register=None):
    town = Town(folder, flows=False, consent=consent, can_b=can_b, register=register)
    approve(town.world, *pairs)
    town.a.put("meeting", "m1", {"held_at": "2026-03-01T10:00:00+01:00", "summary": "et møte"}, case="c1")
    return town


def permitted(world, file):
    """By receiver and item, the fields that the gate lets go along flows that are open."""
    found = {}
    for name in world.adapters:
        if world.adapters[name].capabilities.writes:
            with world.store.read() as tx:
                flows = live(tx, name)
            facts = explaining.facts_of(world, file, world.clock())
            told = explaining.decisions_of(world, file, name, facts, flows=flows)
            found[name] = {
                item: {field for field, effect in one.fields.items() if effect == "permit"}
                for item, one in told.items()
            }
    return found


def released(file):
    return {
        name: {item: set(peer.released) for item, peer in peers.items() if peer.released}
        for name, peers in file.peers.items()
    }


def less(some, other):
    """By receiver and item, what stands in the first and not in the second."""
    left = {
        name: {item: sorted(fields - other.get(name, {}).get(item, set())) for item, fields in items.items()}
        for name, items in some.items()
    }
    return {
        name: kept
        for name, items in left.items()
        if (kept := {item: fields for item, fields in items.items() if fields})
    }


def foretold(told, part):
    return {name: effect[part] for name, effect in told["receivers"].items() if effect[part]}


def named(wanted, made):
    """What was foretold of an item that did not exist yet, under the id that it got."""
    return {
        name: {(made if item == previewing.NEW else item): fields for item, fields in items.items()}
        for name, items in wanted.items()
    }


def compare(town, told, before, made=None):
    """Whether the store after the act, and after rounds that carry it out, is what was foretold."""
    may_before, held_before = before
    may = permitted(town.world, town.file)
    assert named(foretold(told, "loses"), made) == less(may_before, may)
    assert named(foretold(told, "gains"), made) == less(may, may_before)
    town.sync(3)
    held = released(town.file)
    assert named(foretold(told, "asked_back"), made) == less(held_before, held)
    out = {(one["system"], one["item"], tuple(one["fields"])) for one in told["out"]}
    with town.world.store.read() as tx:
        logged = tx.disclosures(cases=[town.file.id], end=msgspec.convert(told["at"], type(town.clock.at)))
    assert {(one.system, one.item, one.fields) for one in logged} == out
    for name, items in named(foretold(told, "starts"), made).items():
        for item, fields in items.items():
            assert set(fields) <= held[name].get(item, set())


def state_of(town):
    file = town.file
    return permitted(town.world, file), released(file)


CHOICES = st.fixed_dictionaries({
    "rounds": st.integers(0, 2),
    "only": st.sampled_from([(), ("health_station",), ("school",), SERVICES]),
    "gives_back": st.booleans(),
    "pairs": st.sampled_from([(), (("a", "b"),), (("b", "a"),), (("a", "b"), ("b", "a"), ("register", "b"), ("register", "a"))]),
})  # fmt: skip


def withdraw_and_compare(choice):
    with tempfile.TemporaryDirectory() as folder:
        town = town_of(Path(folder), can_b=able(retracts=choice["gives_back"]), pairs=choice["pairs"])
        try:
            town.sync(choice["rounds"] + 1)
            giver, case = town.person(MOTHER), town.file.id
            told = previewing.preview_withdraw(town.world, case, giver=giver, services=choice["only"])
            before, items = state_of(town), set(town.file.items)
            acts.withdraw_consent(town.world, case, by="kari", giver=giver, services=choice["only"])
            made = next(iter(set(town.file.items) - items), None)
            compare(town, told, before, made)
        finally:
            town.world.store.close()


@settings(max_examples=12, deadline=None)
@given(CHOICES)
def test_a_withdrawal_does_what_its_preview_foretold(choice):
    withdraw_and_compare(choice)


@pytest.mark.campaign
@settings(max_examples=600, deadline=None)
@given(CHOICES)
def test_every_withdrawal_does_what_its_preview_foretold(choice):
    withdraw_and_compare(choice)


@pytest.mark.parametrize("services", [("health_station",), ("school",), SERVICES])
@pytest.mark.parametrize("pairs", [(), (("a", "b"),)])
def test_a_yes_does_what_its_preview_foretold(tmp_path, services, pairs):
    town = town_of(tmp_path, consent=False, pairs=pairs)
    town.sync(2)
    fields = {**GRANT, "by": town.person(MOTHER), "services": list(services)}
    told = previewing.preview_grant(town.world, town.file.id, by="kari", unit="a-unit", fields=fields)
    assert bool(foretold(told, "gains")) == (pairs == () or "health_station" in services)
    before = state_of(town)
    made = acts.record_consent(town.world, town.file.id, by="kari", unit="a-unit", fields=fields)
    compare(town, told, before, made)
    town.world.store.close()


@pytest.mark.parametrize("both", [True, False])
def test_another_policy_does_what_its_preview_foretold(tmp_path, both):
    town = town_of(tmp_path, register=TWO)
    town.sync(2)
    now = town.world.settings.policy
    before = msgspec.structs.replace(now, both_guardians=not both)
    start = msgspec.structs.replace(town.world, settings=msgspec.structs.replace(town.world.settings, policy=before))
    mark_everything(start, start.takers())
    town.world = start
    town.sync(2)
    told = previewing.preview_rule(start, both_guardians=both)
    was = permitted(start, town.file)
    other = msgspec.structs.replace(start.settings, policy=msgspec.structs.replace(before, both_guardians=both))
    after = permitted(msgspec.structs.replace(start, settings=other), town.file)
    lost, gained = less(was, after), less(after, was)
    [changed] = told["changed"]
    assert (foretold(changed, "loses"), foretold(changed, "gains")) == (lost, gained)
    assert lost if both else gained
    assert told["counts"]["b"]["loses" if both else "gains"] == sum(map(len, (lost if both else gained)["b"].values()))
    town.world.store.close()


@pytest.mark.parametrize(("forbid", "kinds"), [
    ({"kind": "meeting"}, {"meeting"}), ({"receiver": "health_station", "kind": "concern"}, {"concern"}),
    ({"receiver": "gp"}, set()), ({"sender_unit": "a-unit", "category": "meeting"}, {"meeting"}),
])  # fmt: skip
def test_a_further_rule_does_what_its_preview_foretold(tmp_path, forbid, kinds):
    town = town_of(tmp_path)
    town.sync()  # nothing of the second meeting has gone when the rule comes
    town.a.put("meeting", "m2", {"held_at": "2026-04-01T10:00:00+02:00", "summary": "et til"}, case="c1")
    told = previewing.preview_rule(town.world, forbid=forbid)
    was = permitted(town.world, town.file)
    town.world = with_rule(town.world, forbid)
    lost = less(was, permitted(town.world, town.file))
    assert {name: effect for one in told["changed"] for name, effect in foretold(one, "loses").items()} == lost
    assert {town.file.items[item].kind for items in lost.values() for item in items} == kinds
    town.sync(3)
    got = {item for peers in released(town.file).values() for item in peers}
    fresh = {item for item, entry in town.file.of_kind("meeting") if entry.fields.get("summary") == "et til"}
    assert bool(fresh & got) == ("meeting" not in kinds)
    town.world.store.close()


def with_rule(world, forbid):
    extra = (*world.rules.extra, comparing.narrowing(forbid))
    return msgspec.structs.replace(world, rules=msgspec.structs.replace(world.rules, extra=extra))


def test_a_rule_on_what_no_question_has_is_refused(tmp_path):
    town = town_of(tmp_path)
    with pytest.raises(ActFault) as raised:
        previewing.preview_rule(town.world, forbid={"colour": "blue"})
    assert (raised.value.code, raised.value.where) == ("act.value", "forbid.colour")
    town.world.store.close()


def test_a_policy_that_changes_nothing_for_a_case_is_told_so(tmp_path):
    town = town_of(tmp_path)
    town.sync(2)
    told = previewing.preview_rule(town.world, self_consent_age=16)
    assert (told["cases"], told["changed"], told["counts"]) == (1, [], {})
    with pytest.raises(ActFault) as raised:
        previewing.preview_rule(town.world, self_consent_age=16, case="no-such")
    assert raised.value.code == "act.unknown_case"
    town.world.store.close()


def test_a_preview_changes_nothing(tmp_path):
    town = town_of(tmp_path)
    town.sync(2)
    before = town.file
    previewing.preview_withdraw(town.world, before.id, giver=town.person(MOTHER))
    fields = {**GRANT, "by": town.person(MOTHER), "services": ["gp"]}
    previewing.preview_grant(town.world, before.id, by="kari", unit="a-unit", fields=fields)
    assert town.file == before
    assert town.sync().plain()["delivered"] == {}
    town.world.store.close()


@pytest.mark.parametrize(("call", "code"), [
    (lambda world, case: previewing.preview_withdraw(world, case, giver="nobody"), "act.no_consent"),
    (lambda world, _: previewing.preview_withdraw(world, "no-such", giver="x"), "act.unknown_case"),
    (lambda world, case: previewing.preview_grant(world, case, by="k", unit="a-unit", fields={**GRANT, "by": "x", "services": ["gp"]}), "act.unknown_person"),
    (lambda world, case: previewing.preview_grant(world, case, by="k", unit="a-unit", fields={"by": "x"}), "act.value"),
])  # fmt: skip
def test_a_preview_of_what_cannot_be_done_says_why(tmp_path, call, code):
    town = town_of(tmp_path)
    town.sync()
    with pytest.raises(ActFault) as raised:
        call(town.world, town.file.id)
    assert raised.value.code == code
    town.world.store.close()


def test_facts_worked_out_under_one_policy_are_not_carried_into_another(tmp_path):
    town = town_of(tmp_path)
    town.sync()
    facts = explaining.facts_of(town.world, town.file, town.clock())
    facts.rows["x"] = "worked out"
    assert not previewing.with_policy(facts, Policy(self_consent_age=16)).rows
    town.world.store.close()


def test_a_comparison_that_forgets_what_was_sent_is_found_out(tmp_path, monkeypatch):
    monkeypatch.setattr(comparing, "_back", lambda planned: {})
    with pytest.raises(AssertionError):
        withdraw_and_compare({"rounds": 1, "only": (), "gives_back": True, "pairs": (("a", "b"),)})


def test_what_a_parent_said_in_a_sister_s_case_is_not_taken_into_this_one(tmp_path):
    town = town_of(tmp_path)
    town.sync(2)
    told = {"by": town.person(MOTHER), "purpose": "bti", "at": town.clock().isoformat()}
    held = Restriction(
        kind="refusal", case="another", person=town.person(MOTHER), detail=told, at=town.clock(), source="x"
    )
    town.world.store.vault.restrict([held])
    concern = town.file.of_kind("concern")[0][0]
    record = explaining.explain(town.world, f"{town.file.id}/{concern}", receiver="b")["records"][0]
    assert record["receivers"]["b"]["effect"] == "permit"
    town.world.store.close()


def lettered(number):
    """A number in letters, since so many digits would look like a person's number somewhere."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


@pytest.mark.campaign
@pytest.mark.parametrize("cases", [1_000, 1])
def test_a_withdrawal_over_a_hundred_thousand_logged_decisions_is_foretold_in_two_seconds(tmp_path, cases):
    town = town_of(tmp_path)
    town.sync(2)
    case, items = town.file.id, list(town.file.items)
    for at in range(0, 100_000, 10_000):
        with town.world.store.write() as tx:
            tx.add_disclosures(
                (case if cases == 1 else f"case-{lettered(n % cases)}", items[n % len(items)], "ab"[n % 2], town.clock.at,
                 ("raised_on", "summary")[: 1 + n % 2], ("C3",), "RELEASE_CONSENT", lettered(n))
                for n in range(at, at + 10_000)
            )  # fmt: skip
    begun = time.perf_counter()
    told = previewing.preview_withdraw(town.world, town.file.id, giver=town.person(MOTHER))
    taken = time.perf_counter() - begun
    print(f"{cases} cases: {taken:.3f} s")  # noqa: T201 - the figure is the point
    assert told["receivers"]
    assert sum(one["times"] for one in told["out"]) >= (100_000 if cases == 1 else 4)
    assert taken < 2
    town.world.store.close()
