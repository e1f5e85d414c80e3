"""The national registers: recorded answers, faults, our descriptions against the official ones, and the case."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from gateway_nhn_registers.adapter import NhnRegisters
from gateway_nhn_registers.registers import Party, Practitioner, Registers
from gateway_nhn_registers.standin import CHILD, DOCTOR, NOW, OFFICE, Correspondent, StandIn
from lxml import etree

from gateway.sdk import Fault, Misconfigured, Raw, Refused, Unreachable
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.soap import bundle_of
from gateway.sdk.testing import Watch, watched_context
from tests.run.test_life import Town
from tests.run.toys import MOTHER

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "nhn"
OTHER = "17908599950"


def recorded(name):
    if not DATA.is_dir():
        pytest.skip("the registers' recorded answers lie in ../shared/data, which this machine lacks")
    return (DATA / name).read_bytes()


class Recorded:
    """A server that answers everything with one recording."""

    def __init__(self, body, status=200):
        self.server = LoopbackServer(lambda _: Answer(status=status, body=body, content_type="application/soap+xml"))

    def __enter__(self):
        self.server.__enter__()
        self.context = watched_context(self.server.url, Watch())
        return Registers(self.context.http, flr="v2/flr", ar="v1/AR")

    def __exit__(self, *error):
        self.context.http.close()
        self.server.close()


PARTIES = {
    "service": Party(
        her_id=8094866, name="Meldingsvalidering", kind="Service", parent="Norsk Helsenett SF", parent_her_id=112374,
        active=True, takes_messages=True, mail="meldingsvalidator@samsvar.nhn.no", until=date(2043, 9, 8), today=date(2025, 6, 3),
    ),
    "organzation": Party(
        her_id=8142987, name="KS-DIGITALE FELLESTJENESTER AS", kind="Organization", active=True,
        mail="meldingstjener-api@testedi.nhn.no", until=date(2125, 3, 24), today=date(2025, 6, 3),
    ),
    "no-parent": Party(
        her_id=12345, name="Et legekontor", kind="Organization", active=True, until=date(9999, 12, 31), today=date(2025, 5, 23),
    ),
    "with-parent": Party(
        her_id=55555, name="Et legekontor", kind="Organization", parent="Overordnet Organisasjon", parent_her_id=987654,
        active=True, until=date(9999, 12, 31), today=date(2025, 5, 23),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PARTIES)
def test_recorded_answers_of_the_address_register_are_read(name):
    with Recorded(recorded(f"adresseregisteret/get-communication-party-details-{name}-response.xml")) as registers:
        told = registers.party(PARTIES[name].her_id)
        assert told.certificate_at.startswith("ldap://") == (name in {"service", "organzation"})
        assert msgspec.structs.replace(told, certificate_at="") == PARTIES[name]
        with pytest.raises(Refused, match=r"ar\.another"):
            registers.party(1)


def test_that_nobody_has_a_her_id_is_an_answer():
    body = recorded("adresseregisteret/get-communication-party-details-not-found-response.xml")
    with Recorded(body, 500) as registers:
        assert registers.party(1) is None
        assert registers.certificate(1) is None


def test_recorded_answers_of_the_register_of_practitioners_are_read():
    body = recorded("fastlegeregisteret/get-patient-gp.xml")
    number = etree.fromstring(body).findtext(".//{*}PatientNIN")
    with Recorded(body) as registers:
        assert registers.practitioner(number) == Practitioner(her_id=4657988)
        with pytest.raises(Refused, match=r"flr\.another"):
            registers.practitioner(CHILD)
    with Recorded(recorded("fastlegeregisteret/get-patient-gp-not-found.xml"), 500) as registers:
        assert registers.practitioner(CHILD) is None
    invalid = Recorded(recorded("fastlegeregisteret/get-patient-gp-invalid-nin.xml"), 500)
    with invalid as registers, pytest.raises(Refused, match=r"flr\.number"):
        registers.practitioner(CHILD)


WSDL, XSD = "{http://schemas.xmlsoap.org/wsdl/}", "{http://www.w3.org/2001/XMLSchema}"
OFFICIAL = {
    "flr.wsdl": "fastlegeregisteret/nhn-fastlegeregisteret-read.wsdl",
    "ar.wsdl": "adresseregisteret/nhn-adresseregisteret-sok.wsdl",
}


def shape(root):
    """What a description says of operations and of the elements of types and messages, by their names."""
    found = {}
    for binding in root.findall(f"{WSDL}binding"):
        for one in binding.findall(f"{WSDL}operation"):
            found["operation", binding.get("name"), one.get("name")] = one[0].get("soapAction")
    for one in root.iter(f"{WSDL}input"):
        action = one.get("{http://www.w3.org/2007/05/addressing/metadata}Action")
        if action:
            found["action", one.getparent().get("name")] = action
    for schema in root.iter(f"{XSD}schema"):
        space = schema.get("targetNamespace")
        for top in schema:
            kind = etree.QName(top).localname
            if kind not in {"element", "complexType"}:
                continue
            inner = [
                (one.get("name"), one.get("maxOccurs", "1"), _plain(one.get("type")))
                for one in top.iter(f"{XSD}element")
                if one is not top
            ]
            found[kind, space, top.get("name")] = (schema.get("elementFormDefault"), inner)
    return found


def _plain(name):
    return (name or "").rpartition(":")[2]


@pytest.mark.parametrize("name", OFFICIAL)
def test_our_descriptions_say_what_the_official_ones_say(name):
    ours = shape(etree.fromstring(bundle_of("gateway_nhn_registers", "wsdl")[name]))
    theirs = shape(etree.fromstring(recorded(OFFICIAL[name])))
    assert len(ours) >= 8
    for key, told in ours.items():
        official = theirs[key]
        if isinstance(told, tuple):
            names = [(one, most) for one, most, _ in told[1]]
            assert names == [(one, most) for one, most, _ in official[1]][: len(names)], key
            kinds = {one: kind for one, _, kind in official[1]}
            assert {one: kind for one, _, kind in told[1] if kind not in {"anyType", kinds[one]}} == {}, key
            assert told[0] == official[0]
        else:
            assert told == official, key


def test_a_planted_difference_between_descriptions_is_found():
    text = bundle_of("gateway_nhn_registers", "wsdl")["flr.wsdl"]
    for right, wrong in ((b'name="GPHerId"', b'name="HerId"'), (b"IFlrReadOperations/GetPatientGPDetails", b"I/Get")):
        ours, planted = shape(etree.fromstring(text)), shape(etree.fromstring(text.replace(right, wrong)))
        assert ours != planted


@pytest.fixture
def standin():
    with StandIn() as made:
        made.party(
            Correspondent(
                her_id=DOCTOR, name="Grønn Vits", kind="OrganizationPerson", parent=OFFICE, parent_name="Legesenteret"
            )
        )
        yield made


@pytest.fixture
def adapter(standin):
    made = NhnRegisters(watched_context(standin.url, Watch()))
    yield made
    made.close()


def test_a_child_s_practitioner_is_told_by_name_office_and_her_id_since_its_day(standin, adapter):
    standin.patient(CHILD, DOCTOR)
    [raw] = adapter.lookup([CHILD, CHILD]).records
    [reading] = adapter.read(raw)
    assert (reading.kind, reading.id, reading.valid_from) == ("person", CHILD, "2020-05-02")
    assert reading.fields == {"number": CHILD, "general_practitioner": f"Grønn Vits, Legesenteret (HER-id {DOCTOR})"}
    assert CHILD not in "".join(standin.asked)


def test_a_practitioner_whom_the_address_register_lacks_is_told_by_the_her_id_alone(standin, adapter):
    standin.patient(CHILD, 77, since=None)
    [raw] = adapter.lookup([CHILD]).records
    [reading] = adapter.read(raw)
    assert (reading.fields["general_practitioner"], reading.valid_from) == ("HER-id 77", None)


def test_one_number_that_the_register_does_not_take_does_not_stop_the_others(standin, adapter):
    standin.patient(CHILD, DOCTOR)
    told = adapter.lookup(["123", OTHER, CHILD]).records
    assert [raw.id for raw in told] == [CHILD]


@pytest.mark.parametrize(
    ("words", "code"), [("<ErrorCode>Feil</ErrorCode><Message>noe annet</Message>", "flr.refused"), ("", "flr.refused")]
)
def test_another_fault_is_refused_by_a_code_and_its_words_are_dropped(standin, adapter, words, code):
    body = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>'
        f'<s:Detail><GenericFault xmlns="http://register.nhn.no/Common">{words}</GenericFault></s:Detail></s:Fault></s:Body></s:Envelope>'
    )
    standin.instead.append(Answer(status=500, body=body.encode(), content_type="application/soap+xml"))
    with pytest.raises(Refused) as told:
        adapter.lookup([CHILD])
    assert told.value.code == code
    assert "annet" not in str(told.value)


def test_a_register_that_is_away_is_asked_later(standin, adapter):
    standin.troubles.order({"faults": [{"what": "down", "times": 0}]})
    with pytest.raises(Unreachable):
        adapter.lookup([CHILD])


def certificate(days):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "prøve")])
    return (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(NOW + timedelta(days=days))
        .sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    )  # fmt: skip


STANDING = {
    "as it should": ({"certificate": certificate(30)}, None),
    "nobody": (None, "ar.unknown"),
    "not active": ({"active": False}, "ar.inactive"),
    "ended": ({"until": "2026-03-01T00:00:00"}, "ar.inactive"),
    "takes no messages": ({"takes_messages": False}, "ar.no_messages"),
    "no address for messages": ({"mail": ""}, "ar.no_messages"),
    "no certificate": ({}, "ar.no_certificate"),
    "no certificate but bytes": ({"certificate": b"x"}, "ar.no_certificate"),
    "a certificate that has ended": ({"certificate": certificate(-1)}, "ar.certificate_ended"),
}


@pytest.mark.parametrize("what", STANDING)
def test_a_check_tells_whether_a_correspondent_can_be_written_to(standin, what):
    told, code = STANDING[what]
    if told is not None:
        standin.party(Correspondent(her_id=8094866, name="Helsestasjonen", kind="Service", **told))
    made = NhnRegisters(watched_context(standin.url, Watch(), options={"parties": ["8094866"]}))
    assert made.health() == code
    made.close()


def test_without_parties_a_check_asks_for_nobody(standin, adapter):
    assert adapter.health() is None
    standin.troubles.order({"faults": [{"what": "expired_token"}]})
    assert adapter.health() == "http.401"


def test_a_party_that_is_no_her_id_is_a_wrong_setting(standin):
    context = watched_context(standin.url, Watch(), options={"parties": ["8094866", "HER"]})
    with pytest.raises(Misconfigured) as told:
        NhnRegisters(context)
    assert (told.value.code, told.value.path) == ("ar.her_id", "options.parties[1]")
    context.http.close()


@pytest.mark.parametrize(
    "body", [None, {}, {"number": 7}, {"number": CHILD}, {"number": CHILD, "her_id": 1, "since": "i går"}]
)
def test_a_kept_record_that_makes_no_sense_is_a_fault(adapter, body):
    with pytest.raises(Fault, match=r"registers\.body"):
        adapter.read(Raw(kind="practitioner", id="x", body=body))


def test_only_the_child_is_asked_about_and_its_practitioner_stands_in_the_case_with_its_source(
    tmp_path, standin, adapter
):
    for number in (CHILD, MOTHER):
        standin.patient(number, DOCTOR)
    town = Town(tmp_path)
    settings = town.world.settings
    system = msgspec.structs.replace(
        settings.systems["register"], name="registers", adapter="nhn-registers", asserts=()
    )
    settings = msgspec.structs.replace(settings, systems={**settings.systems, "registers": system})
    town.world = msgspec.structs.replace(
        town.world, settings=settings, adapters={**town.world.adapters, "registers": adapter}
    )
    town.sync(3)
    told = f"Grønn Vits, Legesenteret (HER-id {DOCTOR})"
    child, mother = town.file.items[town.person(CHILD)], town.file.items[town.person(MOTHER)]
    assert child.fields["general_practitioner"] == told
    assert child.sources["general_practitioner"] == "registers"
    assert "general_practitioner" not in mother.fields
    assert len([one for one in standin.asked if "flr" in one]) == 1
    town.world.store.close()
