"""Letters to each child's own general practitioner, whom the registers name at the moment of sending."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from gateway_nhn_msh.standin import StandIn
from gateway_nhn_registers import NhnRegisters
from gateway_nhn_registers import standin as registers
from test_stories import Practice

from gateway.run import checkup, settling
from gateway.sdk import Adapter, Address, Capabilities, Refused, Unreachable
from gateway.sdk.testing import Watch, watched_context
from tests.run.toys import CHILD

VITS = Address(id="8143025", name="Grønn Vits", parent_id="8142952", parent_name="Legesenteret")
BERG = msgspec.structs.replace(VITS, id="8143099", name="Blid Berg")


class Register(Adapter):
    """Says what it is told to say."""

    name = "register"
    capabilities = Capabilities(reads={"person"}, lookup=True, addresses={"general_practitioner"})

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def address(self, number, whose):
        self.asked.append((number, whose))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Town(Practice):
    """A school's log, and doctors who are reached by letters alone."""

    def __init__(self, folder, post, *answers):
        self.answers = {f"register-{at}": Register(one) for at, one in enumerate(answers)}
        super().__init__(folder, post, receiver="general_practitioner")

    def open(self, step=None):
        world = super().open(step)
        return msgspec.structs.replace(world, adapters={**world.adapters, **self.answers})


@pytest.fixture
def post():
    with StandIn(others=("8143025", "8143099")) as made:
        yield made


@pytest.fixture
def opened(tmp_path, post):
    made = []

    def opened(*answers):
        made.append(Town(tmp_path, post, *answers))
        return made[-1]

    yield opened
    for one in made:
        one.close()


def addressed(letter):
    [office], [doctor] = letter.receiver.idents, letter.receiver.unit.idents
    return doctor.id, letter.receiver.unit.name, office.id, letter.receiver.name


def test_a_letter_goes_to_the_doctor_whom_the_register_names_when_it_is_sent(opened):
    town = opened(VITS)
    town.sync(2)
    [letter] = town.letters
    assert addressed(letter) == ("8143025", "Grønn Vits", "8142952", "Legesenteret")
    assert town.answers["register-0"].asked == [(CHILD, "general_practitioner")], "asked once, when there is a letter"
    town.a.put("concern", "k1", {"summary": "leser bedre"})
    town.sync(2)
    first, second = town.letters
    assert second.conversation.first == first.id
    assert addressed(second) == addressed(first)
    assert town.of("refused") == []


UNSURE = [
    ((None, None), "address.unknown"), ((VITS, BERG), "address.several"), ((VITS, None), "address.several"),
    ((Refused("ar.inactive"), VITS), "ar.inactive"), ((ValueError("06821099739"), VITS), "adapter.address_failed"),
]  # fmt: skip
"""What two registers say, and the code by which a person is asked."""


def test_where_the_doctor_is_not_known_for_sure_nothing_is_sent_until_a_person_has_it_sent(opened):
    town = opened(None, None)
    for answers, code in UNSURE:
        for register, answer in zip(town.answers.values(), answers, strict=True):
            register.answer = answer
        for task in town.of("refused"):
            settling.resolve(town.world, task["id"], "again", by="kari")
        town.sync()
        assert (town.letters, town.about("refused")["code"]) == ([], code)
    assert CHILD not in str(town.watch.__dict__)
    for register in town.answers.values():
        register.answer = VITS
    [task] = town.of("refused")
    settling.resolve(town.world, task["id"], "again", by="kari")
    town.sync(2)
    assert [addressed(one)[0] for one in town.letters] == ["8143025"]


def test_a_check_of_the_settings_finds_that_no_register_names_the_doctors(opened):
    town = opened(VITS)
    alone = {"b": town.adapter}
    assert [(one.code, one.where) for one in checkup._unaddressed(alone)] == [
        ("address.no_register", "systems.b.options.receiver")
    ]
    assert checkup._unaddressed({**alone, **town.answers}) == []


def test_a_register_that_is_down_makes_the_letter_wait(opened):
    town = opened(Unreachable("http.connect"))
    tally = town.sync()
    assert tally.unreachable == {"b": "http.connect"} or town.letters == []
    assert town.of("refused") == []
    town.answers["register-0"].answer = VITS
    town.sync(3)
    assert len(town.letters) == 1


def test_a_new_doctor_does_not_get_the_rest_of_a_conversation_that_another_had(opened):
    town = opened(VITS)
    town.sync(2)
    town.answers["register-0"].answer = BERG
    town.a.put("concern", "k1", {"summary": "leser bedre"})
    town.sync(2)
    assert len(town.letters) == 1
    assert town.about("refused")["code"] == "nhn.doctor_changed"


def test_what_another_system_says_of_the_doctor_sends_no_letter_there(opened):
    town = opened(None)
    town.a.put("person", "p1", {"general_practitioner": "Ond Lege (HER-id 666)"}, case="c1")
    town.sync(3)
    assert town.letters == []


def certificate():
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    begun = datetime.now(tz=UTC) - timedelta(days=900)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begun).not_valid_after(begun + timedelta(days=4000))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


TOLD = {"parent": registers.OFFICE, "parent_name": "Legesenteret", "certificate": certificate()}
WRONG = [
    ({"takes_messages": False}, "ar.no_messages"), ({"certificate": None}, "ar.no_certificate"),
    ({"active": False}, "ar.inactive"), ({"parent": None}, "ar.no_parent"),
]  # fmt: skip


def test_both_registers_are_asked_and_only_a_doctor_who_can_be_written_to_gets_the_letter(tmp_path, post):
    def enter(**told):
        named = {"her_id": registers.DOCTOR, "name": "Grønn Vits", "kind": "OrganizationPerson"}
        books.party(registers.Correspondent(**named, **{**TOLD, **told}))

    with registers.StandIn() as books:
        books.patient(CHILD, registers.DOCTOR)
        adapter = NhnRegisters(watched_context(books.url, Watch()))
        with pytest.raises(Refused, match=r"ar\.unknown"):
            adapter.address(CHILD, "general_practitioner")
        for told, code in WRONG:
            enter(**told)
            with pytest.raises(Refused) as caught:
                adapter.address(CHILD, "general_practitioner")
            assert caught.value.code == code
        assert adapter.address("17908599950", "general_practitioner") is None, "somebody without a doctor"
        enter()
        town = Town(tmp_path, post)
        town.world = msgspec.structs.replace(town.world, adapters={**town.world.adapters, "books": adapter})
        town.sync(2)
        assert [addressed(one) for one in town.letters] == [("8143025", "Grønn Vits", "8142952", "Legesenteret")]
        assert town.of("refused") == []
        assert CHILD not in "".join(books.asked), "the number stands in no address"
        adapter.close()
        town.close()
