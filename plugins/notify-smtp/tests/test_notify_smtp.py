"""Mail against a real server on this machine, which others made."""

import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from gateway_notify_smtp import Mail

from gateway.run.plugins import load_plugins
from gateway.sdk import AdapterError, Misconfigured, Notice, NotifierContext

controller = pytest.importorskip("aiosmtpd.controller", reason="aiosmtpd is not installed")
smtp = pytest.importorskip("aiosmtpd.smtp")

NOTICE = Notice(
    key="a1b2", to="kari@kommune.example", subject="Det ligg noko til deg", text="Logg inn, så ser du.\n", language="nn"
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A certificate for this machine that only those who are told trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(tz=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder


def trust(pair):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair / "cert.pem", pair / "key.pem")
    return context


class Box:
    """What arrives, and what the server answers."""

    def __init__(self):
        self.mails, self.users, self.answer = [], [], "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the library's name
        if not self.answer.startswith("250"):
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(
            (envelope.rcpt_tos, envelope.content.decode(), server.transport.get_extra_info("cipher") is not None)
        )
        return "250 OK"

    def login(self, server, session, envelope, mechanism, data):
        self.users.append(data.login)
        return smtp.AuthResult(success=data.password == b"hemmelig", handled=False)


@pytest.fixture
def server(pair):
    """Starts a server in one of three ways; gives its box and port."""
    running = []

    def start(tls):
        box, more = Box(), {}
        if tls == "starttls":
            more = {
                "tls_context": trust(pair),
                "require_starttls": True,
                "authenticator": box.login,
                "auth_require_tls": True,
            }
        kind = controller.Controller
        if tls == "tls":
            more = {"ssl_context": trust(pair)}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        made = kind(box, hostname="127.0.0.1", port=port, **more)
        made.start()
        running.append(made)
        return box, port

    yield start
    for one in running:
        one.stop()


def mail(pair, port, *, signs="hemmelig", **options):
    given = {"host": "127.0.0.1", "port": port, "sender": "ikke-svar@kommune.example", "ca": "cert.pem", **options}
    return Mail(NotifierContext(options=given, secret=lambda: signs, folder=str(pair)))


@pytest.mark.parametrize(("tls", "secured"), [("starttls", True), ("tls", True), ("none", False)])
def test_a_notice_arrives_with_its_words_and_nothing_else(server, pair, tls, secured):
    box, port = server(tls)
    user = "bti" if tls == "starttls" else ""
    mail(pair, port, tls=tls, user=user).send(NOTICE)
    [(to, text, encrypted)] = box.mails
    assert to == ["kari@kommune.example"]
    assert encrypted is secured
    head, _, body = text.replace("\r\n", "\n").partition("\n\n")
    assert "Subject: Det ligg noko til deg" in head
    assert "Message-ID: <a1b2@kommune.example>" in head
    assert "Auto-Submitted: auto-generated" in head
    assert body.strip() in {"Logg inn, så ser du.", "Logg inn, s=C3=A5 ser du."}
    assert box.users == ([b"bti"] if user else [])


def code(act):
    with pytest.raises(AdapterError) as told:
        act()
    assert "kari" not in str(told.value)
    return type(told.value).__name__, told.value.code


def test_a_certificate_that_nobody_trusts_gets_no_mail(server, pair):
    box, port = server("starttls")
    assert code(lambda: mail(pair, port, ca="").send(NOTICE)) == ("Unreachable", "mail.tls")
    assert box.mails == []


def test_a_server_that_offers_no_encryption_gets_no_mail(server, pair):
    box, port = server("none")
    assert code(lambda: mail(pair, port, tls="starttls").send(NOTICE)) == ("Unreachable", "mail.tls")
    assert box.mails == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("550 no such user", ("Refused", "mail.refused")), ("451 come later", ("Unreachable", "mail.later"))],
)
def test_what_the_server_answers_decides_whether_it_is_tried_again(server, pair, answer, expected):
    box, port = server("tls")
    box.answer = answer
    assert code(lambda: mail(pair, port, tls="tls").send(NOTICE)) == expected


def test_a_wrong_secret_is_for_the_operator(server, pair):
    _, port = server("starttls")
    assert code(lambda: mail(pair, port, user="bti", signs="feil").send(NOTICE)) == ("Misconfigured", "mail.login")


def test_a_server_that_is_not_there_is_tried_again(pair):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert code(lambda: mail(pair, port, tls="none").send(NOTICE)) == ("Unreachable", "mail.connect")


def test_an_address_that_would_be_two_is_refused(server, pair):
    box, port = server("none")
    for to in ("a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example"):
        notice = Notice(key="k", to=to, subject="s", text="t", language="nb")
        assert code(lambda notice=notice: mail(pair, port, tls="none").send(notice)) == ("Refused", "mail.refused")
    assert box.mails == []


@pytest.mark.parametrize(
    "options", [{"tls": "none", "host": "smtp.example"}, {"user": 1}, {"unknown": 1}, {"tls": "perhaps"}]
)
def test_options_that_are_wrong_or_unsafe_are_refused_at_the_start(pair, options):
    with pytest.raises(Misconfigured, match=r"mail\.options"):
        mail(pair, 25, **options)


def test_it_is_found_by_its_hook():
    found = load_plugins(only={"notify-smtp"})
    assert found.broken == ()
    assert found.notifiers == {"notify-smtp": Mail}
    assert found.adapters == {}
