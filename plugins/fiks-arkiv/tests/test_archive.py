"""A closed log reaches the archive once, its receipts climb the ladder, and nothing is ever taken back from there."""

import msgspec
import pytest
from gateway_fiks_arkiv.kit import connected
from gateway_fiks_arkiv.message import key_of
from gateway_fiks_arkiv.receipts import BROKEN, INVALID
from gateway_fiks_arkiv.standin import OURS, THEIRS, StandIn
from gateway_fiks_io.message import Message, headers_of
from test_message import needs_font, part, whole

from gateway.sdk import AdapterError, Misconfigured, Refused, Sent
from gateway.sdk.testing import Watch

pytestmark = needs_font


@pytest.fixture
def standin():
    with StandIn() as opened:
        yield opened


@pytest.fixture
def adapter(standin):
    watch = Watch()
    made = connected(standin, watch)
    yield made
    made.close()


def states(adapter, *keys):
    return {one.key: (one.state, one.code) for one in adapter.follow([Sent(key=key) for key in keys])}


def test_a_closed_log_is_archived_once_and_its_receipts_climb_the_ladder(standin, adapter):
    log = whole(part("concern", "c", summary="Trekker seg unna"))
    first = adapter.deliver(log, "s1")
    again = adapter.deliver(log, "s1")
    assert (first.state, first.native_id) == ("accepted", again.native_id)
    assert states(adapter, "s1") == {}
    standin.work()
    assert list(standin.kept) == [key_of("k1")]
    assert states(adapter, "s1") == {"s1": ("delivered", None)}
    standin.settle()
    assert states(adapter, "s1") == {"s1": ("processed", None)}
    adapter.noted(["s1"])
    adapter.close()
    assert len(standin.broker.accounts[OURS].waiting) == 0


def test_a_receipt_is_not_lost_when_the_process_dies_before_it_is_written_down(standin, adapter):
    adapter.deliver(whole(), "s1")
    standin.work()
    standin.settle()
    assert states(adapter, "s1") == {"s1": ("processed", None)}
    adapter.close()  # what was told was not written down
    assert states(adapter, "s1") == {"s1": ("processed", None)}
    adapter.noted(["s1", "never sent"])  # now it was
    adapter.close()
    assert states(adapter, "s1") == {}


def test_each_process_of_its_own_takes_what_is_written_down_out_of_the_queue(standin, adapter):
    """As by cron: every round is a process, which has seen no receipt before."""
    keys = [f"s{at}" for at in range(4)]
    for at, key in enumerate(keys):
        adapter.deliver(whole(), key)
        standin.work()
        standin.settle()
        assert states(adapter, *keys[at:]) == {key: ("processed", None)}
        adapter.noted([key])
        adapter.close()
        assert not standin.broker.accounts[OURS].waiting
    assert not standin.broker.accounts[OURS].dead


@pytest.mark.parametrize(("partly", "code"), [(True, "arkiv.partly")])
def test_an_archive_that_takes_only_a_part_has_refused(standin, adapter, partly, code):
    standin.partly = partly
    adapter.deliver(whole(), "s1")
    standin.work()
    standin.settle()
    assert states(adapter, "s1") == {"s1": ("refused", code)}


@pytest.mark.parametrize(("kind", "sender", "code"), [
    (INVALID, THEIRS, "arkiv.invalid"), (BROKEN, THEIRS, "arkiv.failed"),
    ("no.ks.fiks.kvittering.tidsavbrudd", "00000000-0000-0000-0000-000000000001", "arkiv.not_fetched"),
    ("no.ks.fiks.io.feilmelding.serverfeil", "00000000-0000-0000-0000-000000000001", "arkiv.not_fetched"),
    (INVALID, "ff000000-0000-4000-8000-000000000001", None), ("no.ks.fiks.arkiv.v1.annet", THEIRS, None),
    ("no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.kvittering", THEIRS, None),
])  # fmt: skip
def test_a_no_is_told_with_its_code_and_who_is_not_the_archive_is_not_believed(standin, adapter, kind, sender, code):
    told = Message(id="dd000000-0000-4000-8000-000000000001", type=kind, sender=sender, receiver=OURS,
                   correlation=key_of("s1"), body=b"tull" if kind.endswith("kvittering") else b"")  # fmt: skip
    standin.broker.publish(OURS, headers_of(told), told.body)
    assert states(adapter, "s1") == ({} if code is None else {"s1": ("refused", code)})


def test_what_comes_in_another_order_or_twice_says_the_same(standin, adapter):
    adapter.deliver(whole(), "s1")
    standin.work()
    standin.settle()
    mine = standin.broker.accounts[OURS].waiting
    mine.reverse()
    mine.append(msgspec.structs.replace(mine[-1]))
    assert states(adapter, "s1") == {"s1": ("processed", None)}


@pytest.mark.parametrize(("release", "code"), [
    (part("concern", "c", summary="x"), "adapter.cannot_write"),
    (msgspec.structs.replace(whole(), native_id="a1"), "vendor.create_only"),
    (whole(status="active"), "arkiv.open"),
])  # fmt: skip
def test_what_is_no_closed_log_is_refused(adapter, release, code):
    with pytest.raises(Refused) as caught:
        adapter.deliver(release, "s1")
    assert caught.value.code == code


def test_an_archive_is_never_made_to_give_up_what_it_keeps(standin, adapter):
    order = msgspec.structs.replace(whole(), retract_all=True)
    with pytest.raises(Refused) as caught:
        adapter.retract(order, "r1")
    assert caught.value.code == "archive.kept"
    assert standin.office.sent == []


@pytest.mark.parametrize("pins", [("0" * 64,)])
def test_another_archive_than_the_one_that_was_agreed_on_gets_nothing(standin, pins):
    made = connected(standin, Watch(), pins=pins)
    with pytest.raises(Refused) as caught:
        made.deliver(whole(), "s1")
    assert caught.value.code == "fiks.certificate.pinned"
    assert standin.office.sent == []
    made.close()


@pytest.mark.parametrize("options", [{"account": "meg"}, {"ukjent": 1}, {"title": ""}])
def test_options_that_make_no_sense_are_refused(standin, options):
    with pytest.raises(Misconfigured) as caught:
        connected(standin, Watch(), **options)
    assert caught.value.code == "arkiv.options"


def test_health_tells_what_is_missing(standin, adapter):
    assert adapter.health() is None
    standin.office.keys.clear()
    assert adapter.health() == "fiks.no_account"


def test_what_the_archive_cannot_be_told_is_told_here(standin, adapter):
    standin.troubles.order({"faults": [{"what": "down", "times": 9}]})
    with pytest.raises(AdapterError):
        adapter.deliver(whole(), "s1")
