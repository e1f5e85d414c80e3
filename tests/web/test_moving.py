"""Flows in numbers, messages with three rights, first contact line by line, a rule that is tried, looks and requests."""

import re

import msgspec
import pytest

from gateway.run import settling
from gateway.run.acts import ActFault
from gateway.run.counting import KEPT, forget_old, lately
from gateway.run.tally import Tally
from gateway.run.unusual import OUTSIDE, answers_for, review
from tests.scenarios.municipality import FATHER
from tests.web.test_pages import SECRET_WORDS, text_of


def key_of(house, person="liv"):
    return re.search(r'href="/messages/([^"]+)"', text_of(house.of(person).get("/messages"))).group(1)


def test_a_message_has_three_rights_and_each_look_is_recorded(house):
    key = None
    for one in re.findall(r'href="/messages/([^"]+)"', text_of(house.of("liv").get("/messages"))):
        if "Sammendrag" in text_of(house.of("liv").get(f"/messages/{one}")):
            key = one
    assert key, "the concern was sent"
    meta = text_of(house.of("liv").get(f"/messages/{key}"))
    assert SECRET_WORDS not in meta
    assert re.search(r"[BCX]\d+", meta)
    body = text_of(house.of("liv").send(f"/messages/{key}", {}))
    assert SECRET_WORDS in body
    dag = text_of(house.of("dag").get(f"/messages/{key}"))
    assert "Sammendrag" not in dag
    assert "Ola" not in dag
    for person, status in (("dag", 403), ("ida", 403)):
        assert house.of(person).send(f"/messages/{key}", {}).status_code == status
    with house.town.world.store.read() as tx:
        looks = {(one["by"], one["what"]) for one in tx.newest_entries(60) if one["act"] == "looked"}
    assert {("liv", "message"), ("liv", "message body"), ("dag", "message")} <= looks


def test_a_message_of_a_case_that_is_none_of_ones_business_is_as_absent_as_none(house):
    key, berit = key_of(house), house.of("berit")
    hidden, absent = berit.get(f"/messages/{key}"), berit.get("/messages/" + "0" * len(key))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content.replace(key.encode(), b"") == absent.content.replace(b"0" * len(key), b"")


def test_a_leader_elsewhere_finds_no_message_of_a_case_that_is_none_of_theirs_by_number_or_key(house):
    import msgspec as m  # noqa: PLC0415

    people = house.site.settings.people
    people["turid"] = m.structs.replace(people["liv"], name="turid", title="", unit="vern-unit", login="")
    turid = house.of("turid")
    for asked in ({"number": house.town.child}, {"case": house.case}, {}):
        there = turid.send("/messages", asked)
        assert house.case not in re.sub(r'value="[^"]*"', "", text_of(there)), asked
    liv = house.of("liv").send("/messages", {"number": house.town.child})
    assert house.case in text_of(liv)
    with house.town.world.store.read() as tx:
        acts = [(one["act"], one.get("by")) for one in tx.newest_entries(9)]
    assert ("kept_out", "turid") in acts
    assert ("looked", "liv") in acts


def test_messages_are_found_by_what_became_of_them(house):
    liv = house.of("liv")
    assert re.search(r'href="/messages/[^"]+"', text_of(liv.send("/messages", {"outcome": "sent"})))
    assert not re.search(r'href="/messages/[^"]+"', text_of(liv.send("/messages", {"outcome": "retracted"})))


def test_flows_tell_in_numbers_what_was_sent_and_what_was_kept_back_and_why(house):
    with house.town.world.store.read() as tx:
        numbers = lately(tx, at=house.site.now(), days=7)
    assert numbers["helse"]["sent"] > 0
    page = text_of(house.of("dag").get("/flows"))
    table = page.split('id="numbers"')[1].split("</section>")[0]
    assert "helse" in table
    assert re.search(r"[BCX]\d+: \d+", table)


def test_the_numbers_of_a_day_are_let_go_of_after_a_month(house):
    world = house.town.world
    with pytest.raises(KeyError), world.store.write() as tx:
        forget_old(tx, at=world.clock() + KEPT)
        assert lately(tx, at=world.clock(), days=30)
        forget_old(tx, at=world.clock() + KEPT + KEPT)
        assert lately(tx, at=world.clock(), days=30) == {}
        raise KeyError  # nothing of it stays


def test_a_rule_is_tried_in_numbers_with_small_ones_hidden_and_changes_nothing(house):
    liv = house.of("liv")
    page = text_of(liv.send("/rules", {"both": "no"}))
    assert "saker er vurdert" in page
    page = text_of(liv.send("/rules", {"age": "16"}))
    assert "saker er vurdert" in page
    for wrong in ({}, {"age": "14"}, {"both": "maybe"}):
        assert liv.send("/rules", wrong).status_code == 400
    assert house.of("kari").send("/rules", {"age": "16"}).status_code == 403


def test_differences_of_first_contact_are_answered_line_by_line(house):
    from gateway.store import Task  # noqa: PLC0415

    world, kari = house.town.world, house.of("kari")
    body = msgspec.json.encode({"fields": []})
    with world.store.write() as tx:
        names = tx.add_tasks(
            [
                Task(kind="adoption", dedupe=f"a{n}", at=world.clock(), case=house.case, system="helse", unit="skole-unit", body=body)
                for n in range(3)
            ]
        )  # fmt: skip
    page = text_of(kari.get("/adoptions"))
    assert "ulikheter fra første møte venter" in text_of(kari.get("/flows"))
    values = dict(re.findall(r'name="(t-[0-9a-f]+)" value="([0-9a-f]+/ours)"', page))
    assert set(values) == {f"t-{name}" for name in names}
    first, second, third = names
    sent = {
        f"t-{first}": values[f"t-{first}"],
        f"t-{second}": values[f"t-{second}"].replace("ours", "theirs"),
        f"t-{third}": "",
    }
    assert kari.send("/adoptions", sent).status_code == 303
    with world.store.read() as tx:
        assert [tx.task(name).outcome for name in names] == ["ours", "theirs", None]
    assert kari.send("/adoptions", sent).status_code == 409  # answered already: told, and nothing done
    stale = kari.send("/adoptions", {f"t-{third}": "0" * 32 + "/ours"})
    assert stale.status_code == 409
    assert house.of("berit").send("/adoptions", {f"t-{third}": values[f"t-{third}"]}).status_code == 409
    with world.store.read() as tx:
        assert tx.task(third).open


def asked(house):
    """A parent without responsibility asks; the task that waits for the privacy officer."""
    ida = house.of("ida")
    page = text_of(ida.send("/ledger", {"number": house.town.child, "asker": FATHER}))
    assert "Noen må se på dette først" in page
    return settling.open_tasks(house.town.world, kind="access")[0]["id"]


def test_a_request_that_waits_is_refused_or_given_with_a_letter(house):
    ida, task = house.of("ida"), asked(house)
    page = text_of(ida.get(f"/tasks/{task}"))
    assert "Gi innsyn" in page
    assert house.town.child not in page
    assert FATHER not in page
    for person in ("liv", "kari"):
        assert house.of(person).get(f"/tasks/{task}").status_code == 404
    assert ida.send(f"/tasks/{task}", {"do": "refuse", "ground": "NO_SUCH"}).status_code == 400
    refused = ida.send(f"/tasks/{task}", {"do": "refuse", "ground": "ACCESS_NO_RESPONSIBILITY"})
    assert 'class="ds-card letter"' in text_of(refused)
    assert "barnelova" in refused.text
    assert ida.send(f"/tasks/{task}", {"do": "give"}).status_code == 409  # answered
    again = asked(house)
    assert again != task
    given = text_of(ida.send(f"/tasks/{again}", {"do": "give"}))
    assert 'class="ds-card letter"' in given
    with house.town.world.store.read() as tx:
        assert (tx.task(task).outcome, tx.task(again).outcome) == ("refused", "given")


def test_what_a_privacy_officer_looked_at_is_answered_for_by_a_leader(house):
    world = house.town.world
    assert answers_for(world.settings, "ida") == "leader"
    assert answers_for(world.settings, "kari") == answers_for(world.settings, "gone") == "privacy"
    with world.store.write() as tx:
        tx.audit(
            [
                {"act": "kept_out", "by": "kari", "what": "case", "case": str(n), "at": world.clock().isoformat()}
                for n in range(OUTSIDE)
            ]
        )
    tally = Tally()
    review(world, tally)
    review(world, tally)
    assert tally.tasks >= 1
    [task] = [one for one in settling.open_tasks(world) if one["kind"] == "unusual" and "ida" in one["owner"]]
    assert task["owner"] == ["ida"]
    ida = house.of("ida")
    assert f"/tasks/{task['id']}" in ida.get("/audit").text
    page = ida.get(f"/tasks/{task['id']}").text
    assert "forsøkte saker uten å ha noe med dem å gjøre" in page
    assert ida.send(f"/tasks/{task['id']}", {"answer": "in_order"}).status_code == 409  # no reason
    for by, reason, code in (("kari", "x", "act.own_look"), ("ida", " ", "act.no_reason")):
        with pytest.raises(ActFault, match=code):
            settling.resolve(world, task["id"], "in_order", by=by, reason=reason)
    told = ida.send(f"/tasks/{task['id']}", {"answer": "followed_up", "reason": "Snakket med Kari."})
    assert told.status_code == 303
    assert "Det følges opp" in ida.get("/audit").text
    with world.store.read() as tx:
        assert msgspec.json.decode(tx.task(task["id"]).body)["reason"] == "Snakket med Kari."
        assert "Kari." not in str(tx.newest_entries(50))
    assert house.of("kari").get(f"/tasks/{task['id']}").status_code == 404
