"""What is taken back, what stays, and that what a receiver then tells is no edit."""

import pytest

from gateway.core import casefile
from gateway.run import acts
from tests.run.test_life import Town
from tests.run.toys import ALL, CHILD, FAMILY, MOTHER, SYNCED, able


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


def test_what_a_person_chose_over_the_origins_own_text_stays_with_the_origin(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    native = next(key[1] for key in town.b.records if key[0] == "concern")
    town.a.put("concern", "k1", {"summary": "fra a"})
    town.b.put("concern", native, {"summary": "fra b"})
    town.sync()
    town.answer("theirs")
    town.sync(2)
    assert town.a.of("concern")[0]["summary"] == "fra b"
    withdrawn(town)
    assert town.a.of("concern")[0]["summary"] == "fra b", "whoever keeps the record has made it their own"
    assert town.b.of("concern") == [{"summary": "fra b"}], "and who wrote it keeps it"
    town.world.store.close()


def test_a_text_that_its_writer_changes_after_the_choice_is_no_more_the_origins(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    native = next(key[1] for key in town.b.records if key[0] == "concern")
    town.a.put("concern", "k1", {"summary": "fra a"})
    town.b.put("concern", native, {"summary": "fra b"})
    town.sync()
    town.answer("theirs")
    town.sync(2)
    town.b.put("concern", native, {"summary": "mer fra b"})
    town.sync(2)
    assert town.a.of("concern")[0]["summary"] == "mer fra b"
    withdrawn(town)
    assert "summary" not in town.a.of("concern")[0]
    town.world.store.close()


def test_a_place_goes_only_with_the_person_it_is_about(tmp_path):
    able_to = able(writes=SYNCED | {"enrolment"}, reads=ALL | {"enrolment"})
    town = Town(tmp_path, can_a=able_to, can_b=able_to)
    town.a.put("person", "t1", {"role": "employee", "given_name": "Tora"}, case="c1")
    place = {"unit": "a-unit", "group": "4B"}
    town.a.put("enrolment", "e1", {"person": "t1", "role": "contact_teacher", **place}, case="c1")
    town.a.put("enrolment", "e2", {"person": "p1", "role": "pupil", **place}, case="c1")
    town.sync(3)
    assert [one["role"] for one in town.b.of("enrolment")] == ["pupil"]
    assert all("person" in one for one in town.b.of("enrolment"))
    assert town.tasks() == [], "nobody is asked about an employee"
    town.world.store.close()


def test_what_the_rules_do_not_name_is_no_news_in_every_round(tmp_path):
    town = Town(tmp_path, can_b=able(writes=SYNCED | {"relation"}))
    tally = town.sync()
    assert town.file.of_kind("relation")
    assert not town.b.of("relation")
    assert tally.withheld == 0
    town.world.store.close()


SISTER = "14831463008"


def two_logs(folder, **more):
    """The mother of two, with a log for each and a consent in each, of which the receiver makes one record."""
    family = {**FAMILY, SISTER: {"birth_date": "2014-03-14", "parents": {MOTHER: "sole"}}}
    town = Town(folder, register=family, **more)
    about = {"case": "c2", "about": ["q1"]}
    town.a.put("person", "q1", {"number": SISTER, "birth_date": "2014-03-14", "role": "subject"}, case="c2")
    town.a.put("person", "p2", {"role": "guardian"}, case="c2")
    town.a.put("case", "c2", {"subject": "q1", "status": "active", "opened_on": "2026-01-10"}, case="c2")
    given = {"decision": "given", "by": "p2", "purpose": "bti", "services": ["school", "health_station"],
             "valid_from": "2026-01-01", "valid_to": "2027-12-31", "given": "2026-01-01T10:00:00+01:00"}  # fmt: skip
    town.a.put("consent", "s2", given, **about)
    town.a.put("concern", "k2", {"raised_on": "2026-02-01", "summary": "søv lite"}, **about)
    town.sync(4)
    with town.world.store.read() as tx:
        files = [casefile.decode(body) for _, body in tx.load_cases(tx.case_ids()).values()]
    [mother] = {item for file in files for item, one in file.of_kind("person") if one.fields.get("number") == MOTHER}
    return town, {_child(file): file.id for file in files}, mother


def _child(file):
    return file.items[file.case().fields["subject"]].fields["number"]


def mothers(town):
    return [one for one in town.b.of("person") if one.get("number") == MOTHER]


@pytest.mark.parametrize("together", [False, True])
def test_a_grown_ups_one_record_stays_for_the_other_log_until_the_last_takes_it_back(tmp_path, together):
    town, logs, mother = two_logs(tmp_path)
    assert len(mothers(town)) == 1
    acts.withdraw_consent(town.world, logs[CHILD], by="kari", giver=mother)
    if not together:
        town.sync(3)
        assert len(mothers(town)) == 1, "the sister's log still gives it"
        assert [one["summary"] for one in town.b.of("concern")] == ["søv lite"]
        assert town.tasks() == []
    acts.withdraw_consent(town.world, logs[SISTER], by="kari", giver=mother)
    town.sync(30)
    assert town.b.of("person") == []
    assert town.b.of("concern") == []
    assert town.tasks() == [], "nothing differs, and no deletion of ours comes back as somebody's"
    for log in logs.values():
        acts.record_consent(town.world, log, by="kari", unit="a-unit", fields={
            "decision": "given", "by": mother, "purpose": "bti", "services": ["school", "health_station"],
            "valid_from": "2026-11-01", "given": town.clock().isoformat(), "form": "written"})  # fmt: skip
    town.sync(4)
    assert len(mothers(town)) == 1
    assert len(town.b.of("concern")) == 2
    town.world.store.close()


def test_what_only_one_log_gave_of_a_grown_up_goes_with_it(tmp_path):
    town, logs, mother = two_logs(tmp_path)
    with town.world.store.write() as tx:
        (version, body) = tx.load_cases([logs[CHILD]])[logs[CHILD]]
        file = casefile.decode(body)
        file.peers["b"][mother].released.append("phone")
        tx.save_cases([(logs[CHILD], version, casefile.encode(file))])
    [native] = [key[1] for key, one in town.b.records.items() if one["fields"].get("number") == MOTHER]
    town.b.records["person", native]["fields"]["phone"] = "22222222"
    acts.withdraw_consent(town.world, logs[CHILD], by="kari", giver=mother)
    town.sync(3)
    [left] = mothers(town)
    assert "phone" not in left
    assert "birth_date" in left
    town.world.store.close()
