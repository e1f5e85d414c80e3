"""Letters through the engine: what leaves, what comes in, and what becomes of both."""

import contextlib
from datetime import UTC, datetime
from importlib.resources import files

import msgspec
import official
import pytest
from gateway_nhn_msh.adapter import NhnMsh
from gateway_nhn_msh.kit import OPTIONS
from gateway_nhn_msh.post import OURS, THEIRS
from gateway_nhn_msh.standin import StandIn

from gateway.run import acts, settling
from gateway.run.life import sync
from gateway.run.mapfiles import load_maps, load_terms
from gateway.sdk.testing import Watch, watched_context
from gateway.sdk.xmlio import parse
from tests.run.test_life import Town
from tests.run.toys import CHILD, Clock

MAPPING = files("gateway_nhn_msh").joinpath("mapping.yaml").read_text("utf-8")
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
TERMS = load_terms("klepp").vocabulary()


class Practice(Town):
    """A school's log, and a health station that is reached by letters alone."""

    def __init__(self, folder, post, **options):
        self.post, self.options = post, {**OPTIONS, **options}
        self.watch = Watch()
        super().__init__(folder, clock=Clock(BEGIN))

    def open(self, step=None):
        world = super().open(step)
        maps = load_maps("nhn-msh", vocabulary=TERMS, brought={"nhn-msh": MAPPING})
        context = watched_context(self.post.url, self.watch, maps=maps, options=self.options)
        return msgspec.structs.replace(world, adapters={**world.adapters, "b": NhnMsh(context, clock=self.clock)})

    @property
    def adapter(self):
        return self.world.adapters["b"]

    @property
    def letters(self):
        return list(self.post.post.kept.values())

    def last(self):
        return list(self.post.post.sent)[-1]

    def of(self, kind):
        return [one for one in self.tasks() if one["kind"] == kind]

    def about(self, kind):
        [task] = self.of(kind)
        return settling.show(self.world, task["id"])["about"]

    def state(self, key=None):
        with self.world.store.read() as tx:
            case = tx.case_ids()[0]
        told = {one.item: one.state for one, _ in self.world.store.vault.sendings_of(case) if one.system == "b"}
        return next(iter(told.values()))

    def close(self):
        for adapter in self.world.adapters.values():
            if isinstance(adapter, NhnMsh):
                adapter.close()
        self.world.store.close()


@pytest.fixture
def post():
    with StandIn() as made:
        yield made


@pytest.fixture
def town(tmp_path, post):
    made = Practice(tmp_path, post)
    yield made
    made.close()


def text_of(letter):
    return "\n".join(f"{note.title}\n{note.text}" for note in letter.notes)


def valid(post):
    for one in post.post.sent.values():
        official.schema("dialogue").check(parse(one.document))


def test_what_was_released_is_one_letter_about_the_child_and_nothing_else_leaves(town, post):
    town.a.put("concern", "k1", {"notes": ["bare for loggen"], "area": "lesing"}, case="c1")
    town.sync(3)
    [letter] = town.letters
    assert (letter.version, letter.function.code, letter.receipt.code) == ("1.1", "DIALOG_HELSEFAGLIG", "J")
    assert (letter.patient.given, [one.id for one in letter.patient.idents]) == ("Ola", [CHILD])
    assert letter.sender.unit.idents[0].id == OURS
    assert letter.receiver.unit.idents[0].id == THEIRS
    assert letter.conversation is None
    told = text_of(letter)
    for line in ("Bekymring\nMeldt: 01.02.2026", "Hva det gjelder: leser lite", "Område: lesing", "Status: Aktiv"):
        assert line in told
    assert "bare for loggen" not in told, "a field that the message has no place for is not sent"
    assert CHILD not in told, "the child stands in the head"
    assert CHILD not in "".join(post.asked), "and in no address"
    valid(post)


def test_a_change_is_a_letter_in_the_same_conversation_with_only_what_is_new(town, post):
    town.sync(2)
    [first] = town.letters
    town.a.put("concern", "k1", {"summary": "leser bedre"})
    town.sync(2)
    second = town.letters[1]
    assert (second.conversation.first, second.conversation.parent) == (first.id, first.id)
    assert [one.id for one in second.patient.idents] == [CHILD]
    assert text_of(second) == "Bekymring\nHva det gjelder: leser bedre"
    town.a.put("goal", "g1", {"title": "lese en bok", "status": "active"}, case="c1")
    town.sync(2)
    third = town.letters[2]
    assert (third.conversation.first, third.conversation.parent) == (first.id, second.id)
    assert text_of(third) == "Mål\nMål: lese en bok\nStatus: Aktivt"
    valid(post)


def test_an_enquiry_is_written_in_the_older_version(tmp_path, post):
    town = Practice(tmp_path, post, dialogue="henvendelse")
    town.sync(2)
    [letter] = town.letters
    assert (letter.version, letter.function.code, letter.notes) == ("1.0", "DIALOG_FORESPORSEL", ())
    assert {(one.type.code, one.type.system) for one in letter.questions} == {("99", "2.16.578.1.12.4.1.1.9152")}
    valid(post)
    town.close()


def test_without_a_consent_no_letter_is_written(tmp_path, post):
    with_none = Town.__init__
    town = Practice.__new__(Practice)
    town.post, town.options, town.watch = post, OPTIONS, Watch()
    with_none(town, tmp_path, clock=Clock(BEGIN), consent=False)
    town.sync(3)
    assert post.post.sent == {}
    town.close()


def test_a_withdrawal_cannot_unsend_a_letter_so_a_person_is_asked(town, post):
    town.sync(2)
    with town.world.store.read() as tx:
        [case] = tx.case_ids()
    consent = next(item for item, _ in town.file.of_kind("consent"))
    giver = town.file.items[consent].fields["by"]
    acts.withdraw_consent(town.world, case, by="kari", giver=giver, consent=consent)
    town.a.put("concern", "k1", {"summary": "noe nytt"})
    town.sync(3)
    assert len(town.letters) == 1, "nothing more leaves"
    assert town.of("retraction")


def test_receipts_lead_from_accepted_to_processed(town, post):
    town.sync()
    ident = town.last()
    assert town.state() == "accepted"
    post.post.arrive(ident)
    town.sync()
    assert town.state() == "delivered"
    post.post.answer(ident)
    town.sync()
    assert town.state() == "processed"
    assert all(one.read for one in post.post.inbox.values()), "the receipt itself is marked as read"
    town.clock.forward(days=5)
    town.sync()
    assert town.of("receipt") == []


@pytest.mark.parametrize(
    ("errors", "code"), [(("E21",), "apprec.e21"), (("E35", "E21"), "apprec.e35"), (("Q99",), "apprec.x99")]
)
def test_a_rejection_is_a_task_with_the_receivers_code_and_sent_again_only_when_a_person_says_so(
    town, post, errors, code, monkeypatch
):
    from gateway_nhn_msh.kith import codes  # noqa: PLC0415

    monkeypatch.setattr(codes, "ERRORS", {**codes.ERRORS, "Q99": "?"}) if code == "apprec.x99" else None
    town.sync()
    post.post.answer(town.last(), *errors)
    monkeypatch.undo()
    town.sync(3)
    assert town.about("refused")["code"] == code
    assert len(post.post.sent) == 1
    [task] = town.of("refused")
    settling.resolve(town.world, task["id"], "again", by="kari")
    town.sync(2)
    first, second = town.letters
    assert second.id != first.id
    assert second.conversation is None, "the receiver knows of no conversation yet"
    assert text_of(second) == text_of(first)


def test_a_transport_that_failed_is_a_task(town, post):
    town.sync()
    post.post.arrive(town.last(), rejected=True)
    town.sync()
    assert town.about("refused")["code"] == "nhn.transport"


@pytest.mark.parametrize(("arrived", "days"), [(False, 1), (True, 3)])
def test_a_receipt_that_does_not_come_is_a_task_after_its_time(town, post, arrived, days):
    town.sync()
    if arrived:
        post.post.arrive(town.last())
    town.clock.forward(days=days, hours=-3)
    town.sync()
    assert town.of("receipt") == []
    town.clock.forward(hours=3)
    town.sync()
    assert town.about("receipt")["count"] == 1
    [task] = town.of("receipt")
    settling.resolve(town.world, task["id"], "arrived", by="kari")
    town.sync(2)
    assert town.of("receipt") == []
    assert len(post.post.sent) == 1


def test_an_answer_that_is_lost_is_the_same_letter_again_which_the_receiver_keeps_once(town, post):
    post.troubles.order({"faults": [{"what": "lost", "on": "write"}]})
    town.sync()
    town.clock.forward(hours=1)
    town.sync(2)
    ids = [one.message for one in post.post.sent.values()]
    assert len(ids) >= 2
    assert ids[0] == ids[1], "the same message"
    assert len({one.id for one in town.letters if one.conversation is None}) == 1


def test_a_reply_in_our_conversation_is_a_concern_of_the_case_and_its_sender_hears_that_it_was_taken_in(town, post):
    town.sync(2)
    [letter] = town.letters
    post.post.write(text="Sover dårlig, er henvist.", conversation=letter.id)
    town.sync(2)
    told = [entry for _, entry in town.file.of_kind("concern") if entry.origin.system == "b"]
    assert [one.fields for one in told] == [
        {
            "raised_on": "2026-03-01",
            "raised_by": "employee",
            "raised_by_name": "Grønn Vits",
            "summary": "Sover dårlig, er henvist.",
        }
    ]
    assert told[0].origin.domain == "health"
    [one] = post.post.inbox.values()
    assert (one.read, one.answers) == (True, [{"status": "Ok", "errors": []}])
    assert len(town.letters) == 1, "what they wrote is not written back to them"


def test_the_same_message_twice_is_one_concern(town, post):
    town.sync(2)
    [letter] = town.letters
    for _ in range(2):
        post.post.write(text="Sover dårlig", conversation=letter.id, ident="11111111-2222-3333-4444-555555555555")
    town.sync(3)
    assert len([1 for _, entry in town.file.of_kind("concern") if entry.origin.system == "b"]) == 1
    assert all(one.read for one in post.post.inbox.values())


def test_a_question_is_also_a_doubt_so_that_somebody_answers(town, post):
    town.sync(2)
    post.post.write(text="Når er neste møte?", conversation=town.letters[0].id, question=True)
    town.sync()
    assert [one["code"] for one in town.about("doubt")["doubts"]] == ["nhn.question"]


REJECTED = {
    "another child's letter in our conversation": ({"about": "17908599950"}, "Ok", []),
    "no patient's number": ({"about": ""}, "Rejected", ["E30"]),
    "a sender other than the mailbox says": ({"sender": "999"}, "Rejected", ["E10"]),
    "a file comes along": ({"file": b"%PDF-1.4"}, "Rejected", ["X99"]),
}


@pytest.mark.parametrize("what", REJECTED)
def test_a_letter_that_cannot_be_taken_into_the_case_waits_for_a_person_and_its_sender_is_told(town, post, what):
    told, status, errors = REJECTED[what]
    town.sync(2)
    post.post.write(text="Hemmelig", conversation=town.letters[0].id, **told)
    town.sync(2)
    assert [entry for _, entry in town.file.of_kind("concern") if entry.origin.system == "b"] == []
    with town.world.store.read() as tx:
        [waiting] = tx.quarantined()
    assert waiting.system == "b"
    [one] = post.post.inbox.values()
    assert (one.read, one.answers) == (True, [{"status": status, "errors": errors}])


def test_a_letter_in_no_conversation_of_ours_waits_for_a_person(town, post):
    town.sync(2)
    post.post.write(text="Gjelder en elev hos dere")
    town.sync(2)
    with town.world.store.read() as tx:
        [waiting] = tx.quarantined()
    assert waiting.code == "match.case_unknown"
    assert [one.answers for one in post.post.inbox.values()] == [[{"status": "Ok", "errors": []}]]


def test_a_letter_that_the_service_did_not_hand_out_is_left_unread_and_read_the_next_time(town, post):
    town.sync(2)
    post.post.write(text="Sover dårlig", conversation=town.letters[0].id)
    post.troubles.order({"faults": [{"what": "content_type", "on": "read", "after": 1}]})
    sync(town.world)
    [one] = post.post.inbox.values()
    assert (one.read, one.answers) == (False, [])
    town.sync(2)
    assert (one.read, len(one.answers)) == (True, 1)
    with town.world.store.read() as tx:
        assert list(tx.quarantined()) == []
    assert [entry.fields["summary"] for _, entry in town.file.of_kind("concern") if entry.origin.system == "b"] == [
        "Sover dårlig"
    ]


def test_receipts_for_messages_that_nobody_sent_and_twice_for_the_same_change_nothing(town, post):
    town.sync()
    ident = town.last()
    for _ in range(2):
        post.post.answer(ident)
    stranger = post.post.take(post.post.sent[ident].document.replace(town.letters[0].id.encode(), b"ukjent"))
    post.post.answer(stranger, "E21")
    town.sync(2)
    assert town.state() == "processed"
    assert town.of("refused") == []
    assert all(one.read for one in post.post.inbox.values())
    assert all(not one.answers for one in post.post.inbox.values()), "a receipt is not receipted"


@pytest.mark.parametrize(
    "step",
    [
        "kept",
        "sent",
        "acknowledged",
        *(pytest.param(step, marks=pytest.mark.campaign) for step in ("fetched", "begun", "outcomes asked", "proved")),
    ],
)
def test_a_process_that_dies_anywhere_loses_no_letter_and_sends_none_twice(tmp_path, post, step):
    class Death(BaseException):
        pass

    def die(at):
        if at == step and post.post.inbox:
            raise Death

    town = Practice(tmp_path, post)
    town.sync(2)
    first = town.letters[0].id
    post.post.write(text="Sover dårlig", conversation=first)
    town.a.put("concern", "k1", {"summary": "leser bedre"})
    town.close()
    town.world = town.open(step=die)
    with contextlib.suppress(Death):
        town.sync()
    town.close()
    town.world = town.open()
    town.clock.forward(hours=5)
    town.sync(4)
    assert {text_of(one) for one in town.letters[1:]} == {"Bekymring\nHva det gjelder: leser bedre"}
    told = [entry.fields["summary"] for _, entry in town.file.of_kind("concern") if entry.origin.system == "b"]
    assert told == ["Sover dårlig"]
    assert all(one.read for one in post.post.inbox.values())
    assert len(town.letters) == 2
    town.close()


def test_what_comes_after_a_rejected_first_letter_waits_for_a_person_and_both_go_when_they_say_so(town, post):
    town.sync()
    post.post.answer(town.last(), "E21")
    town.sync()
    town.a.put("goal", "g1", {"title": "lese en bok"}, case="c1")
    town.sync(3)
    codes = sorted(settling.show(town.world, one["id"])["about"]["code"] for one in town.of("refused"))
    assert codes == ["apprec.e21", "nhn.patient"], "without the first letter there is nobody whom the second is about"
    assert len(post.post.sent) == 1
    for task in town.of("refused"):
        settling.resolve(town.world, task["id"], "again", by="kari")
    town.sync(3)
    assert [one.conversation for one in town.letters] == [None, None]
    assert "lese en bok" in text_of(town.letters[1])
    assert "leser lite" in text_of(town.letters[1])
    assert town.of("refused") == []
