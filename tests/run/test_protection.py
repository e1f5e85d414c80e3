"""Protection that arrives on what is already held and sent, numbers that change, and an import after a local block."""

from datetime import date

import msgspec
import pytest

from gateway.core import casefile
from gateway.core.identity import synthetic_number
from gateway.run import acts, loosening
from tests.run.test_life import Town
from tests.run.toys import CHILD, FAMILY, MOTHER, able

STREET, SCHOOL = "Hemmelegvegen 7", "Hemmeleg skule"
NEW = synthetic_number(date(2014, 5, 2), 7)
WIDE = able(writes=frozenset({"case", "person", "concern", "goal", "measure", "meeting", "enrolment"}))


def settled(tmp_path, **more):
    """A town in which the child's address and school are held and were sent."""
    town = Town(tmp_path, can_b=WIDE, can_a=able(reads=frozenset({*able().reads, "enrolment"})), **more)
    town.a.put("person", "p1", {"address": STREET, "phone": "900 00 000"})
    town.a.put("enrolment", "e1", {"person": "p1", "unit": SCHOOL, "unit_name": SCHOOL, "grade": "7"}, case="c1")
    town.a.put("meeting", "m1", {"held_on": "2026-02-02", "place": SCHOOL}, case="c1")
    town.sync(3)
    return town


def everything(town):
    """All that we hold of the town's cases, as it lies in the store: files, history and tasks."""
    with town.world.store.read() as tx:
        told = [body for case in tx.case_ids() for _, body in tx.load_cases([case]).values()]
        told += [one.body for case in tx.case_ids() for one in tx.history(case)]
        told += [tx.task(task.id).body or b"" for task in tx.tasks()]
    return b"\n".join(told)


def there(town):
    return msgspec.json.encode([one["fields"] for one in town.b.records.values() if not one["deleted"]])


@pytest.mark.parametrize(
    ("level", "who", "by"),
    [
        ("strict", "p1", "the school"),
        ("strict", "p2", "the register"),
        ("strict_abroad", "p1", "the register"),
        ("client", "p1", "the school"),
        ("confidential", "p2", "the school"),
        ("confidential", "p1", "the register"),
        ("confidential", "p1", "a person here"),
        ("strict", "p2", "a person here"),
    ],
)
def test_scenario_12_protection_that_arrives_purges_and_tells_earlier_receivers_neutrally(tmp_path, level, who, by):
    register = dict(FAMILY)
    town = settled(tmp_path, register=register)
    assert STREET.encode() in everything(town)
    assert STREET.encode() in there(town)
    number = CHILD if who == "p1" else MOTHER
    if by == "the school":
        town.a.put("person", who, {"protection": level})
    elif by == "the register":
        register[number] = {**register[number], "protection": level}
        town.clock.forward(days=1)
    else:
        loosening.state_fact(
            town.world, town.file.id, by="leder", person=town.person(number), name="protection", value=level,
            reason="vedtak sett",
        )  # fmt: skip
    tally = town.sync()
    held, left = everything(town), there(town)
    for secret in (STREET, SCHOOL, "900 00 000"):
        assert secret.encode() not in held, "our copy, and what was recorded before"
        assert secret.encode() not in left, "what a receiver had is taken back"
    assert tally.retracted
    assert town.sync(2).retracted == 0, "once is enough"
    town.a.put("person", "p1", {"address": STREET, "city": "Kleppe"})
    town.sync(2)
    assert STREET.encode() not in everything(town), "what is told again is not kept again"
    assert STREET.encode() not in there(town)
    town.world.store.close()


def test_an_order_to_take_back_names_fields_and_no_reason(tmp_path):
    town = settled(tmp_path)
    orders = []
    real = town.world.adapters["b"].retract
    town.world.adapters["b"].retract = lambda release, key: orders.append(release) or real(release, key)
    town.a.put("person", "p1", {"protection": "strict"})
    town.sync()
    assert orders
    assert not [one for one in orders if one.fields or one.changed or one.decision]
    assert {one.retract_all for one in orders} == {True}, "all of it, so that nothing of what remains tells why"
    town.world.store.close()


def test_a_protected_person_who_comes_into_a_case_brings_the_protection(tmp_path):
    sister = synthetic_number(date(2013, 6, 11), 0)
    register = {**FAMILY, sister: {"birth_date": "2013-06-11", "parents": {MOTHER: "sole"}}}
    town = settled(tmp_path, register=register)
    town.a.put("person", "p2", {"protection": "confidential"})
    town.sync(2)
    town.a.put("person", "p9", {"number": sister, "role": "subject", "address": STREET}, case="c2")
    town.a.put("person", "q2", {"number": MOTHER, "role": "guardian"}, case="c2")
    town.a.put("case", "c2", {"subject": "p9", "status": "active", "opened_on": "2026-02-10"}, case="c2")
    town.sync(2)
    assert STREET.encode() not in everything(town)
    town.world.store.close()


class Renumbered:
    """A register that has given the child a new number, and protection or none with it."""

    def __init__(self, town, level):
        self.real = town.world.adapters["register"].read
        self.level = level
        town.world.adapters["register"].read = self.read

    def read(self, raw):
        return [
            msgspec.structs.replace(
                one, fields={**one.fields, "number": NEW, "former_numbers": [CHILD], "protection": self.level}
            )
            if one.kind == "person" and one.id == CHILD
            else one
            for one in self.real(raw)
        ]


def renumber(town, level):
    Renumbered(town, level)
    town.clock.forward(days=1)
    town.sync(2)


def test_scenario_15_a_new_number_is_an_alias_and_reaches_who_has_the_old(tmp_path):
    town = settled(tmp_path)
    renumber(town, "none")
    with town.world.store.read() as tx:
        assert tx.case_count() == 1
        assert len(set(tx.find_people([CHILD, NEW]).values())) == 1
    assert NEW in {one.get("number") for one in town.b.of("person")}
    town.world.store.close()


@pytest.mark.parametrize("level", ["strict", "confidential"])
def test_scenario_15_no_link_between_the_numbers_is_shown_where_protection_is_the_reason(tmp_path, level):
    town = settled(tmp_path)
    renumber(town, level)
    town.a.put("person", "p1", {"given_name": "Ola"})
    town.sync(2)
    assert NEW.encode() not in there(town)
    assert NEW not in str(town.a.records), "nor to the school, which has the old one"
    with town.world.store.read() as tx:
        assert len(set(tx.find_people([CHILD, NEW]).values())) == 1, "we know the person by both"
        for case in tx.case_ids():
            for one in tx.history(case):
                assert not (CHILD.encode() in one.body and NEW.encode() in one.body)
        for task in tx.tasks():
            assert NEW.encode() not in (tx.task(task.id).body or b"")
    town.b.put("person", "x1", {"number": CHILD, "role": "subject"}, case="z1")
    town.b.put("case", "z1", {"subject": "x1", "status": "active", "opened_on": "2026-03-01"}, case="z1")
    town.sync(2)
    with town.world.store.read() as tx:
        files = [casefile.decode(body) for _, body in tx.load_cases(tx.case_ids()).values()]
    assert not [clash for file in files for clash in file.clashes if clash.name in {"number", "former_numbers"}]
    assert NEW.encode() not in there(town), "nor to one who tells the old one anew"
    assert NEW not in str(town.a.records)
    town.world.store.close()


def test_scenario_16_numbers_that_follow_each_other_are_one_person_and_one_case(tmp_path):
    town = settled(tmp_path)
    later = [NEW, synthetic_number(date(2014, 5, 2), 8)]
    known = [CHILD]
    for number in later:
        town.a.put("person", "p1", {"number": number, "former_numbers": list(known)})
        known.append(number)
        town.sync()
    with town.world.store.read() as tx:
        assert tx.case_count() == 1
        assert len(set(tx.find_people(known).values())) == 1
    town.world.store.close()


ANSWERS = [("none", "sole", "2000-05-02"), ("none", "joint", "2014-05-02"), ("confidential", "none", "2014-05-02")]


@pytest.mark.parametrize(("level", "responsibility", "born"), ANSWERS)
def test_bergen_an_import_after_a_local_block_sends_nothing_and_loosens_nothing(tmp_path, level, responsibility, born):
    """In Bergen a registry import dropped locally held visit bans, and 477 adults were told where the school was."""
    register = dict(FAMILY)
    town = settled(tmp_path, register=register)
    case = town.file.id
    acts.set_block(town.world, case, by="kari", service="health_station", valid_from=None, valid_to=None)
    town.sync()
    loosening.state_fact(
        town.world, case, by="leder", person=town.person(CHILD), name="protection", value="confidential",
        reason="besøksforbud",
    )  # fmt: skip
    acts.withdraw_consent(town.world, case, by="kari", giver=town.person(MOTHER))
    town.sync(2)
    before = {one.id for one in loosening.standing(town.world, case)}
    writes, effects = town.b.writes, len(town.b.effects)
    father = synthetic_number(date(1983, 6, 2), 3)
    register[father] = {"birth_date": "1983-06-02"}
    register[CHILD] = {
        "birth_date": born, "protection": level, "parents": {MOTHER: responsibility, father: responsibility}
    }  # fmt: skip
    town.a.put("person", "p1", {"address": STREET, "school_unit": SCHOOL, "protection": "none"})
    for _ in range(3):
        town.clock.forward(days=1)
        town.sync()
    assert (town.b.writes, len(town.b.effects)) == (writes, effects), "nothing is sent"
    assert before <= {one.id for one in loosening.standing(town.world, case)}, "nothing is loosened"
    assert STREET.encode() not in everything(town)
    with town.world.store.read() as tx:
        file = casefile.decode(tx.load_cases([case])[case][1])
    assert file.shielded
    town.world.store.close()
