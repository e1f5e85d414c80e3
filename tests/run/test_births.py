"""An unborn child's case becomes the child's; a register's answer is whole; a number that fits two asks a person."""

from datetime import date

import pytest

from gateway.core.identity import synthetic_number
from tests.run.test_life import Town
from tests.run.test_restrictions import fate, subject
from tests.run.toys import FAMILY, MOTHER

BORN = "2026-11-23"
BABY = synthetic_number(date(2026, 11, 23), 0)


def unborn(tmp_path, *, of):
    """A log during a pregnancy, of the woman or of a child without number, with a consent that she gave then."""
    register = {MOTHER: FAMILY[MOTHER]}
    town = Town(tmp_path, register=register)
    town.a.records.clear()
    town.a.log.clear()
    put = town.a.put
    put("person", "p1", {"role": "subject" if of == "p1" else "other", "given_name": "Ufødt"}, case="c1")
    put("person", "p2", {"number": MOTHER, "role": "guardian"}, case="c1")
    put("case", "c1", {"subject": of, "status": "active", "opened_on": "2026-10-10"}, case="c1")
    put("concern", "k1", {"raised_on": "2026-10-12", "summary": "røyker"}, case="c1")
    consent(town, "s1", "2026-10-10")
    town.sync(2)
    return town, register


def consent(town, name, on):
    town.a.put(
        "consent", name,
        {"decision": "given", "by": "p2", "purpose": "bti", "services": ["health_station"], "valid_from": on,
         "given": f"{on}T10:00:00+01:00"},
        case="c1",
    )  # fmt: skip


def birth(town, register):
    register[BABY] = {"birth_date": BORN, "parents": {MOTHER: "sole"}}
    town.a.put("person", "p1", {"number": BABY, "role": "subject"})
    town.clock.at = town.clock.at.replace(month=11, day=24)
    town.sync(3)


def test_of_an_unborn_child_without_a_number_nobody_can_decide(tmp_path):
    town, _ = unborn(tmp_path, of="p1")
    assert fate(town) == "deny"
    with town.world.store.read() as tx:
        assert not tx.quarantined("a")
    town.world.store.close()


@pytest.mark.parametrize("of", ["p1", "p2"])
def test_a_birth_brings_a_number_new_deciders_and_consents_that_are_asked_anew(tmp_path, of):
    town, register = unborn(tmp_path, of=of)
    if of == "p2":
        town.a.put("case", "c1", {"subject": "p1"})
    birth(town, register)
    assert str(subject(town).birth_date) == BORN
    assert fate(town) == "deny", "what was said before the birth carries nothing of the child"
    asked = [task for task in town.tasks() if task["kind"] == "gate"]
    assert asked
    if of == "p1":
        consent(town, "s2", "2026-11-24")
        town.sync(2)
        assert fate(town) == "permit"
    else:
        [(_, concern)] = town.file.of_kind("concern")
        assert concern.about == [town.person(MOTHER)], "what was about her stays about her"
    town.world.store.close()


def test_a_relation_that_the_registers_answer_leaves_out_is_unknown(tmp_path):
    register = dict(FAMILY)
    town = Town(tmp_path, register=register)
    town.sync(2)
    assert fate(town) == "permit"
    [child] = [number for number in register if register[number].get("parents")]
    register[child] = {**register[child], "parents": {}}
    town.clock.forward(days=1)
    town.sync(2)
    assert fate(town) == "deny"
    register[child] = FAMILY[child]
    town.clock.forward(days=1)
    town.sync(2)
    assert fate(town) == "permit"
    town.world.store.close()


def test_a_number_history_that_fits_two_persons_asks_a_person_and_merges_nobody(tmp_path):
    other = synthetic_number(date(2014, 5, 2), 5)
    town = Town(tmp_path)
    town.a.put("person", "p7", {"number": other, "role": "sibling"}, case="c1")
    town.sync(2)
    child = next(iter(FAMILY))
    town.a.put("person", "p1", {"former_numbers": [other]})
    town.sync()
    assert "doubt" in {task["kind"] for task in town.tasks()}
    with town.world.store.read() as tx:
        assert len(set(tx.find_people([child, other]).values())) == 2
    assert fate(town) == "deny", "until somebody has said who is who"
    town.world.store.close()
