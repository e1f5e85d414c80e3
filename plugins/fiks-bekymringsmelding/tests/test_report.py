"""A report on its way: to the right place, closed to everybody else, and followed until it has arrived."""

import json
from datetime import timedelta

import pytest
from fiks_desk import connect, release
from gateway_fiks_bekymringsmelding import adapter as sending
from gateway_fiks_bekymringsmelding.kit import AT, FIELDS, FiksBench
from gateway_fiks_bekymringsmelding.standin import RECEIVER, simulated
from gateway_fiks_bekymringsmelding.status import KNOWN, standing
from gateway_fiks_io import cms
from gateway_fiks_io.asice import unpack
from gateway_fiks_io.certificates import fingerprint
from gateway_fiks_io.testing import END, made_up, pem

from gateway.sdk import Misconfigured, Refused, Sent, Uncertain, Unreachable
from gateway.sdk.testing import AdapterContract


class TestKit(AdapterContract):
    @pytest.fixture
    def bench(self):
        return FiksBench()


def code(call, *told, kind=Refused):
    with pytest.raises(kind) as caught:
        call(*told)
    return caught.value.code


def state(adapter, receipt):
    [told] = adapter.follow([Sent(key=receipt.key, trace=receipt.trace)])
    return told.state, told.code


def test_a_report_reaches_child_welfare_and_nobody_on_the_way_can_read_it(service, adapter, office):
    receipt = adapter.deliver(release(), "k1")
    assert (receipt.state, receipt.native_id) == ("accepted", receipt.trace)
    taken = service.taken[receipt.trace]
    assert taken.where == "1120/00"
    for part in (taken.asice, taken.pdf):
        assert "blåmerker".encode() not in part
        assert b"06821099739" not in part
    assert state(adapter, receipt) == ("accepted", None)
    assert office.work() == ["taken"]
    saved = office.shelf[receipt.trace]
    assert saved.form["melding"]["melding"] == FIELDS["report"]
    assert saved.signed_by == fingerprint(service.sender.certificate)
    assert service.letter(receipt.trace) == saved.pdf, "what would be printed is what the system got"
    assert state(adapter, receipt) == ("delivered", None)


def test_the_container_for_the_system_holds_form_and_paper_and_nothing_else(service, adapter):
    receipt = adapter.deliver(release(), "k1")
    opened = unpack(cms.decrypt(service.taken[receipt.trace].asice, [service.system]), at=AT)
    assert set(opened.files) == {"bekymringsmelding.json", "bekymringsmelding.pdf"}
    assert json.loads(opened.files["bekymringsmelding.json"])["bydelsnavn"] == "Klepp barnevern"


def test_it_goes_to_the_district_that_it_names_or_to_the_one_for_those_who_do_not_know(service, adapter):
    service.districts["0301"] = [
        {"bydelsnummer": "01", "bydelsnavn": "Gamle Oslo", "standardMottaker": False},
        {"bydelsnummer": "02", "bydelsnavn": "Grünerløkka", "standardMottaker": True},
    ]
    assert service.taken[adapter.deliver(release(municipality_number="0301"), "k").trace].where == "0301/02"
    told = release("r2", municipality_number="0301", district_number="01")
    assert service.taken[adapter.deliver(told, "k").trace].where == "0301/01"
    wrong = release("r3", municipality_number="0301", district_number="77")
    assert code(adapter.deliver, wrong, "k") == "bekymringsmelding.district"


@pytest.mark.parametrize(("districts", "expected"), [
    ([], "bekymringsmelding.not_connected"),
    ([{"bydelsnummer": "../x", "bydelsnavn": "n", "standardMottaker": True}], "bekymringsmelding.answer"),
    ([{"bydelsnummer": "01", "standardMottaker": True}, {"bydelsnummer": "02", "standardMottaker": True}], "bekymringsmelding.district"),
    (["01"], "bekymringsmelding.answer"),
])  # fmt: skip
def test_a_municipality_that_cannot_take_it_is_a_clear_no_before_anything_is_sent(
    service, adapter, districts, expected
):
    service.districts["1120"] = districts
    assert code(adapter.deliver, release(), "k") == expected
    assert not service.taken
    assert adapter.on_paper(release()).startswith(b"%PDF-"), "the paper can be made all the same"


CERTIFICATES = {
    "fiks.certificate.expired": lambda: pem(made_up("old", end=AT - timedelta(days=1)).certificate),
    "fiks.certificate.early": lambda: pem(made_up("new", begin=AT + timedelta(days=1)).certificate),
    "fiks.certificate.short_key": lambda: pem(made_up("short", bits=1024, end=END).certificate),
    "fiks.certificate.form": lambda: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
}


@pytest.mark.parametrize("which", ["print", "system"])
@pytest.mark.parametrize("expected", CERTIFICATES)
def test_a_certificate_that_may_not_be_used_stops_the_sending_before_anything_leaves(service, adapter, which, expected):
    service.certificates[which] = CERTIFICATES[expected]()
    assert code(adapter.deliver, release(), "k") == expected
    assert not service.taken


@pytest.mark.parametrize(("which", "option"), [("print", "print_pins"), ("system", "receiver_pins")])
def test_another_certificate_than_the_one_that_was_agreed_on_is_not_used(service, which, option):
    right = {"print": service.printer, "system": service.system}[which]
    pinned = connect(service, **{option: [fingerprint(right.certificate).upper()]})
    assert pinned.deliver(release(), "k").state == "accepted"
    service.certificates[which] = pem(made_up("in the middle").certificate)
    assert code(pinned.deliver, release("r2"), "k") == "fiks.certificate.pinned"
    pinned.close()
    assert code(lambda: connect(service, **{option: ["none"]}), kind=Misconfigured) == "fiks.certificate.pin"


def test_a_report_that_is_too_large_is_refused_here(service, adapter, monkeypatch):
    monkeypatch.setattr(sending, "LARGEST", 20_000)
    assert code(adapter.deliver, release(), "k") == "bekymringsmelding.size"
    assert not service.taken


def test_an_answer_that_is_lost_leaves_it_uncertain_and_one_that_never_left_may_go_again(service, adapter):
    service.troubles.order({"faults": [{"what": "lost", "times": 1, "on": "write"}]})
    with pytest.raises(Uncertain):
        adapter.deliver(release(), "k")
    assert len(service.taken) == 1, "it had arrived"
    service.troubles.order({"faults": [{"what": "down", "times": 9}]})
    with pytest.raises(Unreachable):
        adapter.deliver(release("r2"), "k")
    assert len(service.taken) == 1


def test_a_rejection_is_told_at_once_and_the_letter_is_followed_to_its_end(service, adapter, office):
    office.full = True
    receipt = adapter.deliver(release(), "k")
    assert office.work() == ["failed"]
    assert state(adapter, receipt) == ("uncertain", "bekymringsmelding.avvist_fagsystem")
    service.posted()
    assert state(adapter, receipt) == ("delivered", "bekymringsmelding.by_post")
    assert service.taken[receipt.trace].letters == 1


def test_a_printer_that_rejects_is_told_too(service, adapter, office):
    service.post_works, office.full = False, True
    receipt = adapter.deliver(release(), "k")
    office.work()
    assert state(adapter, receipt) == ("uncertain", "bekymringsmelding.avvist_print")


def test_a_report_that_nobody_fetches_goes_by_post_after_a_day(service, adapter):
    now = AT
    service.clock = service.broker.clock = lambda: now
    receipt = adapter.deliver(release(), "k")
    now = AT + timedelta(hours=25)
    assert state(adapter, receipt) == ("uncertain", "bekymringsmelding.avvist_fagsystem")


def test_the_order_of_a_history_says_nothing_and_what_is_unknown_is_still_under_way():
    history = [{"tilstand": name} for name in KNOWN]
    assert standing(history) == standing(history[::-1])
    assert standing([{"tilstand": "AKSEPTERT"}, {"tilstand": "NY_TILSTAND"}]).state == "accepted"
    for wrong in ([], {}, "LEVERT", [{}], [{"tilstand": 7}]):
        assert code(standing, wrong) == "bekymringsmelding.answer"


def test_a_report_that_the_service_does_not_know_is_for_a_person(adapter):
    assert adapter.follow([Sent(key="k", trace="nobody")])[0].code == "bekymringsmelding.unknown_there"
    assert adapter.follow([Sent(key="k", trace=None)]) == []


def test_the_same_report_twice_in_the_queue_is_saved_once_and_answered_twice(service, adapter, office):
    receipt = adapter.deliver(release(), "k")
    one = service.broker.accounts[RECEIVER].waiting[0]
    service.broker.publish(RECEIVER, one.headers, one.body)
    assert office.work() == ["taken", "taken"]
    assert list(office.shelf) == [receipt.trace]


def test_what_was_signed_by_somebody_else_is_not_taken_in(service, adapter, office):
    service.sender = made_up("a stranger")
    stranger = connect(service)
    receipt = stranger.deliver(release(), "k")
    assert office.work() == ["failed"]
    assert office.shelf == {}
    assert state(stranger, receipt)[1] == "bekymringsmelding.avvist_fagsystem", "it still reaches them, by post"
    stranger.close()


def test_health_says_what_is_wrong_before_the_first_report(service, adapter):
    assert adapter.health() is None
    service.districts.clear()
    assert adapter.health() == "bekymringsmelding.not_connected"


def test_nothing_stands_there_from_the_beginning():
    assert simulated(7) == []
