"""What is taken back, what stays, and that what a receiver then tells is no edit."""

from gateway.run import acts
from tests.run.test_life import Town
from tests.run.toys import MOTHER, able


def withdrawn(town: Town) -> None:
    """The mother takes her consent back; the rounds until everything is quiet."""
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    town.sync(3)


def test_a_system_keeps_its_own_record_and_loses_what_others_wrote_in_it(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    native = next(key[1] for key in town.b.records if key[0] == "concern")
    town.b.put("concern", native, {"area": "reading"})
    town.sync(2)
    assert town.a.records["concern", "k1"]["fields"]["area"] == "reading"
    withdrawn(town)
    assert town.a.records["concern", "k1"]["fields"] == {"raised_on": "2026-02-01", "summary": "leser lite"}
    assert town.b.records["concern", native]["fields"] == {"area": "reading"}
    assert town.tasks() == [], "that it is empty now is what was asked for, and nobody's edit"
    town.world.store.close()


def test_what_was_taken_back_is_sent_again_when_they_consent_anew(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    native = next(key[1] for key in town.b.records if key[0] == "concern")
    town.b.put("concern", native, {"area": "reading"})
    town.sync(2)
    withdrawn(town)
    told = {"decision": "given", "by": town.person(MOTHER), "purpose": "bti", "services": ["school", "health_station"],
            "valid_from": "2026-11-01", "given": town.clock().isoformat(), "form": "written"}  # fmt: skip
    acts.record_consent(town.world, town.file.id, by="kari", unit="a-unit", fields=told)
    town.sync(3)
    assert {"raised_on": "2026-02-01", "summary": "leser lite", "area": "reading"} in town.b.of("concern")
    town.world.store.close()


def test_of_a_document_the_items_are_taken_back_before_the_case(tmp_path):
    town = Town(tmp_path, can_b=able(documents=True))
    order = []
    town.sync(2)
    adapter = town.world.adapters["b"]
    retract = adapter.retract
    adapter.retract = lambda release, key: order.append(release.kind) or retract(release, key)
    withdrawn(town)
    assert order[-1] == "case"
    assert {"person", "concern"} <= set(order[:-1])
    town.world.store.close()
