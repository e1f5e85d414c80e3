"""Keys, clients and a town of one system behind an authority, for the tests of trust."""

import base64
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer, Asked, LoopbackServer
from gateway.sdk.testing.authority import Client, MockAuthority
from gateway.sdk.trust import grants
from gateway.sdk.trust.authorising import Granted, Possession
from gateway.sdk.trust.keys import SigningKey
from gateway.sdk.trust.tokens import TokenEndpoint, TokenKeeper

NOW = 1_790_000_000.0
SCOPE = "ks:fiks"
SECRET = "s3cr3t-of-the-client"


@cache
def rsa_pem(bits: int = 2048) -> str:
    return _pem(rsa.generate_private_key(public_exponent=65537, key_size=bits))


@cache
def ec_pem() -> str:
    return _pem(ec.generate_private_key(ec.SECP256R1()))


def _pem(key) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


@cache
def loaded(pem: str):
    return serialization.load_pem_private_key(pem.encode(), None)


@cache
def signer(pem: str) -> SigningKey:
    """A key that was taken apart once: that costs more than all that is done with it."""
    return SigningKey.read(pem)


def certificate(pem: str, *, name: str = "kommune", days: int = 1, now: float = NOW, host: str | None = None) -> str:
    """A self-signed certificate for a key, valid from a day before ``now`` for ``days`` after it."""
    key = loaded(pem)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    moment = dt.datetime.fromtimestamp(now, tz=dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(moment - dt.timedelta(days=2))
        .not_valid_after(moment + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    if host is not None:
        import ipaddress  # noqa: PLC0415

        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
        built = built.add_extension(names, critical=False)
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def der_of(pem: str) -> str:
    shown = x509.load_pem_x509_certificate(pem.encode())
    return base64.b64encode(shown.public_bytes(serialization.Encoding.DER)).decode()


def registered(kind: str, **more) -> Client:
    pem = rsa_pem() if kind == "maskinporten" else ec_pem()
    shown = {"secret": SECRET} if kind in {"basic", "post"} else {"key": signer(pem).public, "kid": "k1"}
    return Client(id="bti", kind=kind, scopes=frozenset({SCOPE, "nhn:msh"}), **{**shown, **more})


class Ids:
    """Unique ids that a test can foresee."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        return f"id-{self.count}"


def form_of(kind: str, authority: MockAuthority, *, now: float = NOW, **more) -> Callable:
    asked = {"client_id": "bti", "scope": SCOPE, "wall": lambda: now}
    match kind:
        case "maskinporten":
            asked |= {"issuer": authority.maskinporten, "key": rsa_pem, "kid": "k1"}
            return grants.maskinporten(**{**asked, **more})
        case "helseid":
            return grants.with_key(**{**asked, "audience": authority.url, "key": ec_pem, "kid": "k1", **more})
        case "key":
            audience = f"{authority.url}/oauth/token"
            return grants.with_key(**{**asked, "audience": audience, "key": ec_pem, "kid": "k1", **more})
    asked.pop("wall")
    return grants.with_secret(**{**asked, "secret": lambda: SECRET, "in_body": kind == "post", **more})


PATHS = {"maskinporten": "/token", "helseid": "/connect/token"}


def endpoint(
    kind: str, authority: MockAuthority, *, form=None, possession=None, now: float = NOW, **more
) -> TokenEndpoint:
    asking = TokenEndpoint(
        client=HttpClient(url=authority.url + PATHS.get(kind, "/oauth/token"), attempts=1),
        form=form or form_of(kind, authority, now=now, **more),
        scope=SCOPE,
        prove=possession.asking if possession is not None else None,
        wall=lambda: now,
    )
    OPEN.append(asking)
    return asking


OPEN: list[TokenEndpoint] = []
"""Endpoints that a test has opened; a fixture closes them."""


class Site:
    """A system behind the authority, and what reached it."""

    def __init__(self, client: HttpClient, authority: MockAuthority, seen: list[Asked], keeper: TokenKeeper) -> None:
        self.client, self.authority, self.seen, self.keeper = client, authority, seen, keeper


@contextmanager
def site(kind: str, *, dpop: bool = False, clock=None, answer=None, **settings) -> Iterator[Site]:
    """A client that is let in by ``kind``; ``answer`` is the system's own answering function."""
    seen: list[Asked] = []
    counted = clock or (lambda: 0.0)

    def noted(asked: Asked) -> Answer:
        seen.append(asked)
        return (answer or (lambda _: Answer(body=b"{}")))(asked)

    with MockAuthority([registered(kind, dpop=dpop)], clock=lambda: NOW) as authority:
        possession = Possession(wall=lambda: NOW) if dpop else None
        asking = endpoint(kind, authority, possession=possession)
        keeper = TokenKeeper(asking.fetch, clock=counted)
        with LoopbackServer(authority.guarded(noted, scope=SCOPE)) as system:
            client = HttpClient(
                url=system.url,
                authoriser=Granted(keeper, possession=possession, close=asking.close),
                sleep=lambda _: None,
                **settings,
            )
            try:
                yield Site(client, authority, seen, keeper)
            finally:
                client.close()
