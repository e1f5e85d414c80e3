import base64
import json
from contextlib import contextmanager

import msgspec
import pytest

from gateway.sdk import Raw, Refused
from gateway.sdk.testing import CHECKS, ENCODINGS, NUMBERS, PHRASES, Search, run_check
from gateway.sdk.testing.canaries import forms
from tests.sdk.kit.broken import ALSO, BROKEN, Misreads
from tests.sdk.kit.reference import ReferenceBench, Sound, VendorWorld
from tests.sdk.kit.register import ForgetsChanges, GuessesPersons, RegisterBench, SoundRegister

ASKING = {GuessesPersons: "lookup.known", ForgetsChanges: "lookup.changes"}
LOOKUP = set(ASKING.values())
BATON = {"baton.lands"}  # broken in test_kit_baton.py: the reference vendor has concerns alone


@pytest.mark.parametrize(("adapter", "check"), BROKEN.items(), ids=lambda value: getattr(value, "__name__", value))
def test_an_adapter_that_breaks_one_promise_fails_that_check_and_no_other(adapter, check):
    outcomes = [run_check(each, ReferenceBench(adapter)) for each in CHECKS]
    assert {outcome.id for outcome in outcomes if outcome.passed is False} == {check} | ALSO.get(adapter, set())


def test_every_check_has_an_adapter_that_breaks_it():
    assert {check.id for check in CHECKS} == set(BROKEN.values()) | LOOKUP | BATON


def test_every_check_says_in_a_sentence_what_it_promises():
    assert all(check.what.endswith(".") and "\n" not in check.what for check in CHECKS)


@pytest.mark.parametrize(
    ("capabilities", "ruled_out"),
    [
        ({"retracts": False}, {"retract.takes-back"}),
        ({"inventory": False, "acknowledges": False}, {"inventory.complete", "acknowledge.known"}),
        ({"deletes": False}, {"fetch.deletes"}),
        ({"batch": 1}, {"deliver.batch", "deliver.batch-apart"}),
        ({"events": False}, {"webhook.heard"}),
        ({"read_back": False, "conditional_write": False}, {"deliver.read-back", "deliver.conditional"}),
        ({"idempotency_key": False}, {"deliver.idempotent"}),
        ({"receipts": frozenset({"accepted"})}, {"deliver.followed"}),
        (
            {"create_only": True},
            {"deliver.changed-only", "deliver.withheld-untouched", "deliver.conditional"},
        ),
    ],
)
def test_a_check_that_a_capability_rules_out_is_told_as_not_applicable(capabilities, ruled_out):
    class Less(Sound):
        pass

    Less.capabilities = msgspec.structs.replace(Sound.capabilities, **capabilities)
    outcomes = {check.id: run_check(check, ReferenceBench(Less)) for check in CHECKS}
    assert {name for name, outcome in outcomes.items() if outcome.passed is None} == ruled_out | LOOKUP | BATON


def test_an_adapter_that_declares_nothing_passes_nothing_but_what_it_refuses():
    class Mute(Sound):
        capabilities = type(Sound.capabilities)()

        def _no(self, *args, **kwargs):
            raise Refused("adapter.no")

        deliver = retract = read_back = inventory = receive = _no

    passed = {check.id for check in CHECKS if run_check(check, ReferenceBench(Mute)).passed}
    assert passed == {"capabilities.honoured"}


def test_no_outcome_tells_a_value_that_the_kit_planted():
    search = Search((*PHRASES, *NUMBERS))
    for adapter in BROKEN:
        for check in CHECKS:
            outcome = run_check(check, ReferenceBench(adapter))
            assert not search.found(outcome.evidence)


@pytest.mark.parametrize("canary", [*PHRASES, *NUMBERS])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_canary_is_found_in_each_encoding(canary, encoding):
    for spelling in forms(canary)[encoding]:
        assert Search((canary,)).found(b"foran " + spelling + b" etter")


def test_a_canary_is_found_in_base64_whatever_stands_before_it():
    for before in range(6):
        data = base64.b64encode(b"x" * before + PHRASES[0].encode() + b"yz")
        assert Search(PHRASES).found(data) == {"base64"}


def test_clean_text_holds_no_canary():
    assert not Search((*PHRASES, *NUMBERS)).found("Blåveis 06821099738 på Røyrvik".encode())


def outcomes_of_register(adapter):
    return {check.id: run_check(check, RegisterBench(adapter)) for check in CHECKS}


def test_a_register_is_tried_by_asking_and_by_what_it_says_has_changed():
    outcomes = outcomes_of_register(SoundRegister)
    assert {name for name, outcome in outcomes.items() if outcome.passed is False} == set()
    assert {name for name, outcome in outcomes.items() if outcome.passed} == {
        "fetch.deterministic", "read.recordings", "read.pure", "read.hostile", "values.plain", "lookup.known",
        "lookup.changes", "errors.unreachable", "errors.no-values", "canaries.silent", "capabilities.honoured",
    }  # fmt: skip


@pytest.mark.parametrize("adapter", ASKING, ids=lambda adapter: adapter.__name__)
def test_a_register_that_breaks_one_promise_fails_that_check_and_no_other(adapter):
    outcomes = outcomes_of_register(adapter)
    assert {name for name, outcome in outcomes.items() if outcome.passed is False} == {ASKING[adapter]}


def test_a_recording_is_read_without_a_world_that_can_do_anything():
    class Still(VendorWorld):
        can = frozenset()

    class Recordings(ReferenceBench):
        source = "recordings"

        @contextmanager
        def world(self):
            yield Still(self.page)

    def bench(adapter, *, told):
        row = {"id": "b1", "sak": "s1", "innhold": dict(ReferenceBench.samples[0].body)}
        raw = Raw(kind="concern", id="b1", body=json.dumps(row).encode())
        made = Recordings(adapter)
        made.samples = (msgspec.structs.replace(ReferenceBench.samples[0], raw=raw, **told),)
        return made

    def passed(made):
        return {check.id: run_check(check, made).passed for check in CHECKS}["read.recordings"]

    assert passed(bench(Sound, told={})) is True
    assert passed(bench(Sound, told={"fields": {"summary": "Noe annet"}})) is False
    assert passed(bench(Misreads, told={"fields": {**ReferenceBench.samples[0].fields, "status": "settled"}})) is False
