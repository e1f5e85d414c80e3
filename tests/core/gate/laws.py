"""Laws that hold whatever the facts are, and the scenes that they are tried on.

A scene begins as one that some rule permits, and is then changed in a few places; so that the gate is often open, or
almost. Each law takes a scene and a function that picks one of several, and fails by ``AssertionError``.
"""

from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st
from scenes import AT, BOTH, FIELDS, NEED, OWN, PERMITTED, change, consent, guardian, judge, lose, permitted, shown

from gateway.core import scenario
from gateway.core.consent import decide
from gateway.core.model.codes import CARES, DOMAINS, ITEM_KINDS, PROTECTIONS, PURPOSES, RESPONSIBILITIES, SERVICES
from gateway.core.rules import RULES, Forbid

_PLACES: dict[str, list[Any]] = {
    "subject.birth_date": [f"{2026 - age}-06-{day}" for age in (0, 5, 6, 7, 11, 12, 14, 15, 16, 17, 18) for day in (14, 15, 16)],
    "subject.protection": sorted(PROTECTIONS),
    "subject.has_capacity": [True, False],
    "subject.pregnant": [True, False],
    "people.0.protection": sorted(PROTECTIONS),
    "people.2.birth_date": ["2018-01-01", "2011-01-01", "2000-01-01"],
    "guardians.0.responsibility": sorted(RESPONSIBILITIES),
    "guardians.1.responsibility": sorted(RESPONSIBILITIES),
    "guardians.1.resident": [True, False, None],
    "guardians": [[], [guardian("mother", "sole")], [guardian("father", "verge")], [guardian("mother"), guardian("father")]],
    "care": sorted(CARES),
    "municipality.policy.self_consent_age": [15, 16],
    "municipality.policy.both_guardians": [True, False],
    "consents": [[], BOTH, OWN, [*BOTH, *OWN], [*BOTH, consent("child_welfare"), consent("sibling")]],
    "refusals": [[], [{"by": "father", "at": "2026-02-01", "purpose": "bti"}], [{"by": "child", "at": "2026-02-01T10:00:00Z", "purpose": "health_care"}]],
    "blocks": [[], [{"service": "school", "from": "2026-01-01", "to": None}]],
    "item.domain": sorted(DOMAINS),
    "item.kind": sorted(ITEM_KINDS),
    "item.category": sorted(ITEM_KINDS),
    "item.about": [["child"], [], ["child", "mother"], ["sibling"]],
    "item.withheld_from_parents": [True, False],
    "item.fields": [FIELDS, ["level"]],
    "sender.service": sorted(SERVICES),
    "sender.body": ["klepp-kommune", "other"],
    "receiver": [
        {"service": "guardian", "person": "mother"},
        {"service": "child_welfare", "unit": "bv", "body": "klepp-kommune", "sector": "public"},
        {"service": "school", "unit": "s-9", "body": "klepp-kommune", "sector": "private"},
        {"service": "subject"},
    ],
    "receiver.service": sorted(SERVICES),
    "purpose": sorted(PURPOSES),
    "need": [None, NEED, NEED | {"reason": "LIFE_HEALTH"}],
    "duty": [None, {"code": "BVL_13_2", "ground": "a", "filed_by": "school"}, {"code": "BHG_46", "ground": "d", "filed_by": "kindergarten"}],
}  # fmt: skip


def _reaching(scene: dict[str, Any], wide: bool) -> dict[str, Any]:
    """The scene with its declarations made wide enough for its purpose and receiver, so that they matter."""
    if not wide:
        return scene
    reach = {"purpose": scene["purpose"], "services": [scene["receiver"]["service"], "school"]}
    return scene | {"consents": [one | reach for one in scene["consents"]]}


def _changed(rule: str, changes: dict[str, Any], wide: bool) -> dict[str, Any]:
    scene = permitted(rule)
    for path, value in changes.items():
        if path.startswith("guardians.") and int(path.split(".")[1]) >= len(scene["guardians"]):
            continue
        scene = change(scene, {path: value})
    return _reaching(scene, wide)


SCENES = st.builds(
    _changed,
    st.sampled_from(sorted(PERMITTED)),
    st.lists(st.sampled_from(sorted(_PLACES)), max_size=4, unique=True).flatmap(
        lambda paths: st.fixed_dictionaries({path: st.sampled_from(_PLACES[path]) for path in sorted(paths)})
    ),
    st.booleans(),
)
Scene = dict[str, Any]
Pick = Callable[[Sequence[Any]], Any]


@cache
def corpus(count: int, seed: int = 1) -> tuple[Scene, ...]:
    """Many scenes, the same ones for a seed."""
    chance = Random(seed)
    made = []
    for _ in range(count):
        paths = chance.sample(sorted(_PLACES), chance.choice([0, 1, 1, 1, 2, 2, 3, 4]))
        changes = {path: chance.choice(_PLACES[path]) for path in sorted(paths)}
        made.append(_changed(chance.choice(sorted(PERMITTED)), changes, chance.random() < 0.6))
    return tuple(made)


def never_more(before: Scene, after: Scene) -> None:
    """What the second scene shows, the first one shows too."""
    assert shown(judge(after)) <= shown(judge(before))


_DECISIVE = (
    "subject.birth_date", "subject.pregnant", "subject.has_capacity", "subject.protection", "people.0.protection",
    "guardians", "guardians.0.responsibility", "guardians.1.responsibility", "guardians.1.resident", "care", "refusals",
    "blocks", "item.withheld_from_parents", "item.about", "item.category", "municipality.policy.self_consent_age",
    "municipality.policy.both_guardians", "receiver.sector", "sender.unit", "sender.service", "people",
)  # fmt: skip


def _has(node: Any, path: str) -> bool:
    for step in path.split("."):
        if isinstance(node, list):
            if int(step) >= len(node):
                return False
            node = node[int(step)]
        elif not isinstance(node, dict) or step not in node:
            return False
        else:
            node = node[step]
    return True


_OPTIONAL = {"given", "units"}
"""Keys that a declaration may do without; lacking, they mean what the contract says and not that nobody knows."""


def paths_of(node: Any, path: str = "") -> list[str]:
    found = []
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        here = f"{path}.{key}" if path else str(key)
        if isinstance(node, dict) and key not in _OPTIONAL:
            found.append(here)
        found += paths_of(value, here)
    return found


def lost_facts_never_show_more(scene: Scene, pick: Pick) -> None:
    path = pick(
        _DECISIVE if pick((True, False)) else [one for one in paths_of(scene) if not one.startswith("item.fields")]
    )
    if not _has(scene, path):
        return
    poorer = lose(scene, path)
    if not scenario.read(poorer)[1]:
        never_more(scene, poorer)


def a_withdrawal_never_shows_more(scene: Scene, pick: Pick) -> None:
    if scene["consents"]:
        place = pick(range(len(scene["consents"])))
        never_more(scene, change(scene, {f"consents.{place}.withdrawn": pick([AT, "2026-02-03"])}))


def an_expiry_never_shows_more(scene: Scene, pick: Pick) -> None:
    if scene["consents"]:
        place = pick(range(len(scene["consents"])))
        never_more(scene, change(scene, {f"consents.{place}.to": "2026-06-14"}))


def a_refusal_never_shows_more(scene: Scene, pick: Pick) -> None:
    who = pick(["mother", "father", "child", "sibling", "child_welfare"])
    said = {"by": who, "at": pick(["2025-01-01", "2026-03-01", AT]), "purpose": scene["purpose"]}
    never_more(scene, change(scene, {"refusals": [*scene["refusals"], said]}))


def a_block_never_shows_more(scene: Scene, pick: Pick) -> None:
    shut = {"service": pick([None, scene["receiver"]["service"], "school"]), "from": "2026-01-01", "to": None}
    never_more(scene, change(scene, {"blocks": [*scene["blocks"], shut]}))


def a_block_shuts_out_all_but_duties(scene: Scene, pick: Pick) -> None:
    decision = judge(change(scene, {"blocks": [{"service": scene["receiver"]["service"]}]}))
    assert not shown(decision) or {"B3", "B4", "B5"} & set(decision.rules)


def stricter_protection_never_shows_more(scene: Scene, pick: Pick) -> None:
    grades = ["none", "client", "confidential", "strict", "strict_abroad"]
    path = pick(["subject.protection", "people.0.protection", "people.1.protection", "people.2.protection"])
    low = pick(range(5))
    high = pick(range(low, 5))
    never_more(change(scene, {path: grades[low]}), change(scene, {path: grades[high]}))


def strict_protection_shows_nothing(scene: Scene, pick: Pick) -> None:
    path = pick(["subject.protection", "people.0.protection", "people.2.protection"])
    assert not shown(judge(change(scene, {path: pick(["strict", "strict_abroad"])})))


def a_protected_address_shows_no_place(scene: Scene, pick: Pick) -> None:
    scene = change(
        scene, {"people.2.protection": "confidential", "item.kind": "meeting", "item.fields": ["place", "held_at"]}
    )
    decision = judge(scene)
    assert "place" not in shown(decision)
    assert not shown(decision) or scene["receiver"].get("sector") == "public"


def a_private_note_never_leaves(scene: Scene, pick: Pick) -> None:
    assert not shown(judge(change(scene, {pick(["item.kind", "item.category"]): "wonder_note"})))


def a_guardian_without_responsibility_sees_nothing(scene: Scene, pick: Pick) -> None:
    told = pick(["none", "deprived", "unknown"])
    view = {"receiver": {"service": "guardian", "person": "mother", "sector": "public", "body": "klepp-kommune"}}
    view["guardians"] = [guardian("mother", told), guardian("father", "sole")]
    assert not shown(judge(_reaching(change(scene, view), wide=True)))


def a_guardian_sees_nothing_that_is_withheld(scene: Scene, pick: Pick) -> None:
    view = {
        "receiver": {"service": "guardian", "person": "mother", "sector": "public"},
        "item.withheld_from_parents": True,
    }
    assert not shown(judge(_reaching(change(scene, view), wide=True)))


def a_refusal_or_block_never_stops_a_duty(scene: Scene, pick: Pick) -> None:
    decision = judge(scene)
    if {"B3", "B4", "B5"} & set(decision.rules):
        closed = change(
            scene, {"refusals": [{}], "blocks": [{}], "consents": [], "subject.birth_date": None, "care": None}
        )
        assert shown(judge(closed)) == shown(decision)


def every_release_by_consent_was_said_yes_to_by_everyone_asked(scene: Scene, pick: Pick) -> None:
    decision = judge(scene)
    if shown(decision) and any(rule.startswith("C") for rule in decision.rules):
        yes = {
            one["by"] for one in scene["consents"]
            if scene["receiver"]["service"] in one["services"] and one["purpose"] == scene["purpose"]
        }  # fmt: skip
        assert decision.must_consent
        assert yes >= set(decision.must_consent) or ({"C1"} & set(decision.rules) and yes & set(decision.must_consent))
        assert not decision.missing
        abouts = set(scene["item"]["about"]) - {"child"}
        assert abouts <= yes


def _eased(scene: Scene) -> bool:
    return scene["municipality"]["policy"]["both_guardians"] is False


def a_yes_that_is_undone_carries_nothing(scene: Scene, pick: Pick) -> None:
    """Whoever is asked: when what they said is over, says something else or has been taken back, nothing goes."""
    decision = judge(scene)
    if not shown(decision) or not decision.must_consent or _eased(scene):
        return
    who = pick(decision.must_consent)
    item, receiver = scene["item"], scene["receiver"]
    undone = pick([
        {"withdrawn": "2026-03-01"}, {"withdrawn": AT}, {"to": "2026-06-14"}, {"from": "2026-06-16"}, {"services": ["nav"]},
        {"purpose": "another"}, {"from_services": ["slt"]}, {"categories": ["user_experience"]}, {"units": ["far"]},
        {"excluded": [{"service": receiver["service"]}]}, {"excluded": [{"service": scene["sender"]["service"]}]},
        {"excluded": [{"unit": scene["sender"]["unit"]}]}, {"excluded": [{"category": item["category"]}]},
        {"excluded": [{"kind": item["kind"]}]}, {"excluded": [{"person": who}, {"person": (item["about"] or [who])[0]}]},
        {"refused": "2026-05-01"},
    ])  # fmt: skip
    if undone == {"purpose": "another"}:
        undone = {"purpose": "statistics" if scene["purpose"] != "statistics" else "bti"}
    if undone == {"services": ["nav"]} and receiver["service"] == "nav":
        return
    if undone.get("excluded", [{}])[0].get("person") == who and not item["about"]:
        return
    if undone == {"from_services": ["slt"]} and scene["sender"]["service"] == "slt":
        return
    if undone == {"categories": ["user_experience"]} and item["category"] == "user_experience":
        return
    if "refused" in undone:
        closed = {"refusals": [*scene["refusals"], {"by": who, "at": "2026-05-01", "purpose": scene["purpose"]}]}
    else:
        closed = {"consents": [one | (undone if one["by"] == who else {}) for one in scene["consents"]]}
    assert not shown(judge(change(scene, closed)))


def a_refusal_closes_an_eased_log(scene: Scene, pick: Pick) -> None:
    """One holder's yes may open a log by policy; another's no still closes it."""
    ease = {
        "municipality.policy.both_guardians": False,
        "guardians": [guardian("mother"), guardian("father", resident=False)],
    }
    decision = judge(change(scene, ease))
    if shown(decision) and "C2" in decision.rules:
        said = {"refusals": [{"by": "father", "at": "2026-05-01", "purpose": scene["purpose"]}]}
        assert not shown(judge(change(scene, ease | said)))


def nobody_answers_for_a_child_of_others(scene: Scene, pick: Pick) -> None:
    told = {"item.about": ["child", "sibling"], "people.2.birth_date": "2018-01-01", "duty": None, "need": None}
    told["consents"] = [*scene["consents"], consent("sibling", scene["purpose"], [scene["receiver"]["service"]])]
    assert not shown(judge(change(scene, told)))


def what_parents_may_not_know_they_never_carry(scene: Scene, pick: Pick) -> None:
    decision = judge(change(scene, {"item.withheld_from_parents": True}))
    if shown(decision) and decision.must_consent:
        assert "child" in decision.must_consent
    if shown(decision) and scene["subject"]["birth_date"] > "2014-06-15":
        assert {"B3", "B4", "B5"} & set(decision.rules)


def a_person_in_the_item_whom_nobody_knows_stops_it(scene: Scene, pick: Pick) -> None:
    assert not shown(judge(change(scene, {"item.about": ["child", "stranger"]})))


def a_statute_asks_for_a_need(scene: Scene, pick: Pick) -> None:
    decision = judge(change(scene, {"need": None}))
    assert not {"B5", "B6", "B7", "B8", "B9"} & set(decision.rules) or not shown(decision)


def only_those_who_may_decide_are_asked(scene: Scene, pick: Pick) -> None:
    decision = judge(scene)
    if shown(decision) and decision.must_consent:
        born = scene["subject"]["birth_date"]
        age = 2026 - int(born[:4]) - (born[5:] > "06-15")
        if age >= 18:
            assert "child" in decision.must_consent
            assert "mother" not in decision.must_consent or "mother" in scene["item"]["about"]
        if "child" in decision.must_consent and "child" not in scene["item"]["about"] and age < 12:
            assert "C5" in decision.rules


def every_answer_has_its_reason(scene: Scene, pick: Pick) -> None:
    decision = judge(scene)
    assert decision.rules
    assert set(decision.fields) == set(scene["item"]["fields"])
    if decision.effect == "permit":
        assert decision.cause is None
        assert decision.secrecy_basis
        assert decision.processing_basis
    else:
        assert decision.cause
    if decision.effect == "hold":
        assert decision.task
    if decision.cause == "unknown":
        assert decision.unknown
        assert decision.task
    if decision.cause in {"missing", "refused", "withdrawn", "expired"}:
        assert decision.missing
    assert all(all(text for text in told.values()) for told in [scenario.told(decision)["explanation"]])


def what_has_not_happened_changes_nothing(scene: Scene, pick: Pick) -> None:
    later = {
        "consents": [
            *scene["consents"],
            consent("mother", scene["purpose"], [scene["receiver"]["service"]], **{"from": "2026-06-16"}),
        ],
        "refusals": [
            *scene["refusals"],
            {"by": "mother", "at": "2026-06-15T12:00:01+02:00", "purpose": scene["purpose"]},
        ],
        "blocks": [*scene["blocks"], {"service": None, "from": "2026-06-16", "to": None}],
    }
    assert judge(change(scene, later)) == judge(scene)
    if scene["consents"] and scene["consents"][0]["withdrawn"] is None:
        assert judge(change(scene, {"consents.0.withdrawn": "2026-06-15T12:00:01+02:00"})) == judge(scene)
    if scene["need"] is not None:
        ahead = judge(change(scene, {"need.at": "2026-06-15T12:00:01+02:00"}))
        assert ahead == judge(change(scene, {"need": None}))


def the_same_instant_is_the_same_answer(scene: Scene, pick: Pick) -> None:
    assert judge(change(scene, {"at": "2026-06-15T10:00:00Z"})) == judge(scene)
    assert judge(change(scene, {"at": "2026-06-14T22:00:00-12:00"})) == judge(scene)


def the_order_of_what_is_told_does_not_matter(scene: Scene, pick: Pick) -> None:
    turned = {name: list(reversed(scene[name])) for name in ("people", "guardians", "consents", "refusals", "blocks")}
    one, other = judge(scene | turned), judge(scene)
    assert (one.effect, one.fields, one.rules, set(one.missing)) == (
        other.effect,
        other.fields,
        other.rules,
        set(other.missing),
    )


def each_field_is_decided_alone(scene: Scene, pick: Pick) -> None:
    together = judge(change(scene, {"item.fields": FIELDS}))
    for name in FIELDS:
        assert judge(change(scene, {"item.fields": [name]})).fields[name] == together.fields[name]


def a_further_rule_only_narrows(scene: Scene, pick: Pick) -> None:
    asked, _ = scenario.read(scene)
    assert asked.facts is not None
    plain = decide(asked.facts, asked.ask, asked.fields)
    lets = Forbid(id="own", applies=lambda facts, ask: False)
    stops = Forbid(id="own", applies=lambda facts, ask: True)
    breaks = Forbid(id="own", applies=lambda facts, ask: 1 / 0 > 0)
    assert decide(asked.facts, asked.ask, asked.fields, RULES, (lets,)) == plain
    for narrowing in (stops, breaks):
        narrowed = decide(asked.facts, asked.ask, asked.fields, RULES, (narrowing,))
        assert shown(narrowed) <= shown(plain)
        assert not shown(narrowed) or {"B3", "B4", "B5"} & set(narrowed.rules)


LAWS = [
    lost_facts_never_show_more,
    a_withdrawal_never_shows_more,
    an_expiry_never_shows_more,
    a_refusal_never_shows_more,
    a_block_never_shows_more,
    a_block_shuts_out_all_but_duties,
    stricter_protection_never_shows_more,
    strict_protection_shows_nothing,
    a_protected_address_shows_no_place,
    a_private_note_never_leaves,
    a_guardian_without_responsibility_sees_nothing,
    a_guardian_sees_nothing_that_is_withheld,
    a_refusal_or_block_never_stops_a_duty,
    every_release_by_consent_was_said_yes_to_by_everyone_asked,
    a_yes_that_is_undone_carries_nothing,
    a_refusal_closes_an_eased_log,
    nobody_answers_for_a_child_of_others,
    what_parents_may_not_know_they_never_carry,
    a_person_in_the_item_whom_nobody_knows_stops_it,
    a_statute_asks_for_a_need,
    only_those_who_may_decide_are_asked,
    every_answer_has_its_reason,
    what_has_not_happened_changes_nothing,
    the_same_instant_is_the_same_answer,
    the_order_of_what_is_told_does_not_matter,
    each_field_is_decided_alone,
    a_further_rule_only_narrows,
]
