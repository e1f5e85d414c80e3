"""SOAP from a bundled description: nothing is fetched, faults become ours, and a hostile answer stays outside."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.sdk.errors import AdapterError, Misconfigured
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.soap import SoapFault, SoapService, bundle_of

NAMES = 'xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:x="http://www.w3.org/2001/XMLSchema"'
TYPES = b"""<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:gp" elementFormDefault="qualified">
<x:element name="Find"><x:complexType><x:sequence><x:element name="number" type="x:string"/></x:sequence></x:complexType></x:element>
<x:element name="Found"><x:complexType><x:sequence>
<x:element name="name" type="x:string" minOccurs="0"/><x:element name="since" type="x:date" minOccurs="0"/>
<x:element name="codes" type="x:int" minOccurs="0" maxOccurs="unbounded"/>
</x:sequence></x:complexType></x:element></x:schema>"""


def described(version: str = "soap", schema: str = "types.xsd") -> bytes:
    return f"""<definitions {NAMES} xmlns:soap="http://schemas.xmlsoap.org/wsdl/{version}/" xmlns:g="urn:gp" targetNamespace="urn:gp">
<types><x:schema targetNamespace="urn:all"><x:import namespace="urn:gp" schemaLocation="{schema}"/></x:schema></types>
<message name="i"><part name="p" element="g:Find"/></message><message name="o"><part name="p" element="g:Found"/></message>
<portType name="P"><operation name="Find"><input message="g:i"/><output message="g:o"/></operation></portType>
<binding name="B" type="g:P"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="Find"><soap:operation soapAction="urn:gp/Find"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
</binding><service name="S"><port name="P" binding="g:B"><soap:address location="http://evil.example/"/></port></service></definitions>""".encode()


ENVELOPES = {"soap": "http://schemas.xmlsoap.org/soap/envelope/", "soap12": "http://www.w3.org/2003/05/soap-envelope"}


def envelope(inner: str, version: str = "soap") -> bytes:
    return f'<s:Envelope xmlns:s="{ENVELOPES[version]}"><s:Body>{inner}</s:Body></s:Envelope>'.encode()


FOUND = '<Found xmlns="urn:gp"><name>Åse</name><since>2026-01-02</since><codes>1</codes><codes>2</codes></Found>'


@contextmanager
def service(*answers: Answer, bundle=None, version="soap", **settings) -> Iterator[tuple[SoapService, list]]:
    seen, waiting = [], [*answers]

    def answer(asked):
        seen.append(asked)
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    with LoopbackServer(answer) as server:
        client = HttpClient(url=f"{server.url}/gp", sleep=lambda _: None, timeout=30.0, **settings)
        made = bundle or {"gp.wsdl": described(version), "types.xsd": TYPES}
        try:
            yield SoapService(http=client, bundle=made, wsdl="gp.wsdl", binding="{urn:gp}B", path="v1"), seen
        finally:
            client.close()


def xml(text: str, status: int = 200, version: str = "soap", **more) -> Answer:
    return Answer(status=status, body=envelope(text, version), content_type="text/xml; charset=utf-8", **more)


@pytest.mark.parametrize("version", ENVELOPES)
def test_an_operation_is_asked_at_the_system_of_the_settings_and_answered_in_plain_values(version):
    with service(xml(FOUND, version=version), version=version) as (gp, seen):
        found = gp.ask("Find", number="06821099739")
        assert (found["name"], found["since"].isoformat(), found["codes"]) == ("Åse", "2026-01-02", [1, 2])
        assert type(found) is dict
        (asked,) = seen
        assert (asked.method, asked.path) == ("POST", "/gp/v1")
        assert b"<ns0:number>06821099739</ns0:number>" in asked.body
        assert "urn:gp/Find" in asked.headers.get("soapaction", "") + asked.headers["content-type"]


def fault(code="Client", detail="", version="soap") -> str:
    if version == "soap12":
        return f"<s:Fault><s:Code><s:Value>s:{code}</s:Value></s:Code><s:Reason><s:Text>s3cr3t</s:Text></s:Reason>{detail}</s:Fault>"
    return f"<s:Fault><faultcode>s:{code}</faultcode><faultstring>s3cr3t</faultstring>{detail}</s:Fault>"


DETAIL = '<detail><g:Unknown xmlns:g="urn:g"><g:ErrorCode>NoSuchPerson</g:ErrorCode></g:Unknown></detail>'
DETAIL12 = DETAIL.replace("detail>", "s:Detail>")
BOMB = (
    b'<!DOCTYPE s:Envelope [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>&c;</s:Body></s:Envelope>'
)
FATE = {
    # what is answered                                          a question                       an act
    "a fault of ours": (xml(fault(), 500), ("SoapFault", "soap.fault"), ("SoapFault", "soap.fault")),
    "a fault with 200": (xml(fault()), ("SoapFault", "soap.fault"), ("SoapFault", "soap.fault")),
    "a fault of theirs with a detail": (xml(fault("Server", DETAIL), 500), ("SoapFault", "soap.fault"), ("SoapFault", "soap.fault")),
    "a fault of theirs": (xml(fault("Server"), 500), ("Unreachable", "soap.server"), ("Uncertain", "soap.server")),
    "a page": (Answer(body=b"<html>s3cr3t</html>", content_type="text/html"), ("Refused", "soap.answer"), ("Uncertain", "soap.answer")),
    "a page with 500": (Answer(status=500, body=b"x", content_type="text/html"), ("Unreachable", "http.500"), ("Uncertain", "http.500")),
    "nothing with 400": (Answer(status=400), ("Refused", "http.400"), ("Refused", "http.400")),
    "nothing": (Answer(), ("Refused", "soap.answer"), ("Uncertain", "soap.answer")),
    "an answer with 500": (xml(FOUND, 500), ("Unreachable", "http.500"), ("Uncertain", "http.500")),
    "another document": (Answer(body=b"<a/>", content_type="text/xml"), ("Refused", "soap.answer"), ("Uncertain", "soap.answer")),
    "half a document": (Answer(body=envelope(FOUND)[:-9], content_type="text/xml"), ("Refused", "soap.answer"), ("Uncertain", "soap.answer")),
    "a document type": (Answer(body=BOMB, content_type="text/xml"), ("Refused", "soap.answer"), ("Uncertain", "soap.answer")),
    "a body without the answer": (xml(""), ("Refused", "soap.answer"), ("Uncertain", "soap.answer")),
    "a value that is none": (xml(FOUND.replace("2026-01-02", "s3cr3t")), ("Refused", "soap.answer"), ("Uncertain", "soap.answer")),
    "attachments": (Answer(body=envelope(FOUND), content_type="multipart/related; boundary=x"), ("Refused", "soap.answer"), ("Uncertain", "soap.answer")),
    "busy": (Answer(status=503), ("Unreachable", "http.503"), ("Unreachable", "http.503")),
    "nobody": (Answer(wreck="drop"), ("Unreachable", "http.broken"), ("Uncertain", "http.broken")),
    "no leave": (Answer(status=401), ("Misconfigured", "http.401"), ("Misconfigured", "http.401")),
    "elsewhere": (Answer(status=307, headers={"Location": "http://127.0.0.1:9/"}), ("Refused", "http.redirect"), ("Refused", "http.redirect")),
}  # fmt: skip


@pytest.mark.parametrize("what", FATE)
def test_what_a_service_answers_is_told_by_what_to_do_next(what):
    answer, question, act = FATE[what]
    with service(answer) as (gp, _):
        for call, expected in ((gp.ask, question), (gp.tell, act)):
            with pytest.raises(AdapterError) as caught:
                call("Find", number="1")
            assert (type(caught.value).__name__, caught.value.code) == expected
            assert "s3cr3t" not in f"{caught.value!r} {caught.value.path}"
            assert caught.value.__cause__ is None
            assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("version", ENVELOPES)
def test_a_fault_names_itself_by_its_detail_or_else_by_its_code(version):
    detail = DETAIL if version == "soap" else DETAIL12
    with service(xml(fault("Sender", detail, version), 500, version), version=version) as (gp, _):
        with pytest.raises(SoapFault) as caught:
            gp.ask("Find", number="1")
        assert (caught.value.name, caught.value.text("ErrorCode"), caught.value.text("Other")) == (
            "Unknown",
            "NoSuchPerson",
            None,
        )
    with service(xml(fault("Client", "", version), 500, version), version=version) as (gp, _):
        with pytest.raises(SoapFault) as caught:
            gp.ask("Find", number="1")
        assert (caught.value.name, caught.value.text("ErrorCode")) == ("Client", None)


def test_a_question_is_tried_again_and_an_act_is_not():
    with service(Answer(wreck="drop"), Answer(status=503), xml(FOUND)) as (gp, seen):
        assert gp.ask("Find", number="1")["name"] == "Åse"
        assert len(seen) == 3
    with service(Answer(status=503), xml(FOUND)) as (gp, seen):
        with pytest.raises(AdapterError):
            gp.tell("Find", number="1")
        assert len(seen) == 1


WRONG_CALLS = [
    (("Seek",), {}, "soap.description"),
    (("Find",), {}, "soap.request"),
    (("Find",), {"nummer": "1"}, "soap.request"),
    (("Find",), {"number": "1", "more": "s3cr3t"}, "soap.request"),
]


@pytest.mark.parametrize(("names", "arguments", "code"), WRONG_CALLS)
def test_a_call_that_the_description_does_not_know_is_not_sent(names, arguments, code):
    with service(xml(FOUND)) as (gp, seen):
        with pytest.raises(AdapterError) as caught:
            gp.ask(*names, **arguments)
        assert caught.value.code == code
        assert not seen


def trap() -> tuple[socket.socket, int, list]:
    """A port that notes who comes."""
    listener, came = socket.create_server(("127.0.0.1", 0)), []

    def note() -> None:
        while True:
            try:
                came.append(listener.accept()[0])
            except OSError:
                return

    threading.Thread(target=note, daemon=True).start()
    return listener, listener.getsockname()[1], came


PLACES = [
    "http://127.0.0.1:{port}/types.xsd", "https://127.0.0.1:{port}/types.xsd", "//127.0.0.1:{port}/types.xsd", "ftp://127.0.0.1:{port}/types.xsd",
    "file:///etc/passwd", "/etc/passwd", "../../../../etc/passwd", "../types.xsd", "nowhere.xsd", "types.xsd?x", "%2e%2e/types.xsd",
    "\\\\127.0.0.1\\types.xsd", "jar:http://127.0.0.1:{port}/!/types.xsd", "data:text/xml,x", "HTTP://127.0.0.1:{port}/types.xsd", "file://127.0.0.1/types.xsd",
]  # fmt: skip


def test_a_description_that_refers_elsewhere_is_refused_and_nothing_is_opened(tmp_path):
    listener, port, came = trap()
    imports = [described(schema=place.replace("{port}", str(port))) for place in PLACES]
    plain = described()
    imports += [
        plain.replace(b"<types>", b'<import namespace="urn:x" location="http://127.0.0.1:%d/x.wsdl"/><types>' % port),
        plain.replace(b"<types>", b'<types><x:schema targetNamespace="urn:b"><x:include schemaLocation="http://127.0.0.1:%d/b.xsd"/></x:schema>' % port),
        b'<!DOCTYPE definitions SYSTEM "http://127.0.0.1:%d/x.dtd">' % port + plain,
        b'<!DOCTYPE definitions [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + plain,
        b"not a description", b"<definitions/>", b"",
    ]  # fmt: skip
    for text in imports:
        bundle = {"gp.wsdl": text, "types.xsd": TYPES}
        with service(xml(FOUND), bundle=bundle) as (gp, seen), pytest.raises(Misconfigured) as caught:
            gp.ask("Find", number="1")
        assert caught.value.code == "soap.description"
        assert not seen
    listener.close()
    assert not came


def test_the_library_neither_logs_a_message_nor_opens_a_session(caplog):
    caplog.set_level(logging.DEBUG)
    with service(xml(FOUND)) as (gp, _):
        gp.ask("Find", number="06821099739")
    assert "06821099739" not in caplog.text
    assert "Åse" not in caplog.text


def test_the_library_is_imported_at_the_first_call():
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    code = "import sys, gateway.sdk.soap\nprint('zeep' in sys.modules, 'lxml' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["False", "False"]


def test_a_bundle_is_the_files_of_a_plugin_s_folder():
    assert "soap.py" in bundle_of("gateway", "sdk")
    with pytest.raises(Misconfigured):
        bundle_of("gateway", "nowhere")


NHN = Path(__file__).parents[3] / "shared" / "data" / "nhn"
RECORDED = [
    ("fastlegeregisteret/get-patient-gp.xml", None),
    ("fastlegeregisteret/get-patient-gp-invalid-nin.xml", "Feil"),
    ("fastlegeregisteret/get-patient-gp-not-found.xml", "any"),
    ("adresseregisteret/get-communication-party-details-service-response.xml", None),
    ("adresseregisteret/get-communication-party-details-not-found-response.xml", "InvalidHerIdSupplied"),
]


@pytest.mark.skipif(not NHN.is_dir(), reason="the official descriptions are not on this machine")
@pytest.mark.parametrize(("recording", "code"), RECORDED)
def test_a_national_register_s_recorded_answers_are_read_by_its_own_description(recording, code):
    folder, _, _ = recording.partition("/")
    wsdl = next((NHN / folder).glob("*.wsdl"))
    body = (NHN / recording).read_bytes()
    flr = folder == "fastlegeregisteret"
    binding = (
        "{http://schemas.nhn.no/reg/flr}WSHttpBinding_IFlrReadOperations"
        if flr
        else "{http://register.nhn.no/CommunicationParty}WSHttpBinding_ICommunicationPartyService"
    )
    asked = (
        ("GetPatientGPDetails", {"patientNin": "06821099739"})
        if flr
        else ("GetCommunicationPartyDetails", {"herId": 1})
    )
    with LoopbackServer(
        lambda _: Answer(
            status=200 if code is None else 500, body=body, content_type="application/soap+xml; charset=utf-8"
        )
    ) as server:
        client = HttpClient(url=server.url, attempts=1)
        gp = SoapService(http=client, bundle={wsdl.name: wsdl.read_bytes()}, wsdl=wsdl.name, binding=binding)
        if code is None:
            assert gp.ask(asked[0], **asked[1])
        else:
            with pytest.raises(SoapFault) as caught:
                gp.ask(asked[0], **asked[1])
            assert code in {"any", caught.value.text("ErrorCode")}
        client.close()
