"""How a system is reached: by whose leave, with which certificate, through which proxy; and the checks of that."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from gateway.run.settings_texts import NAME, PLACE, SECRET, is_open, is_origin, texts

Kind = Literal["maskinporten", "helseid", "client_credentials", "basic", "bearer"]
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
Found = tuple[str, str, str]


class AuthSettings(Struct, frozen=True, kw_only=True):
    """By whose leave the system is asked. The gateway fetches and renews tokens; the adapter never sees one."""

    kind: Kind
    """`maskinporten`, `helseid`, `client_credentials` (OAuth 2), `basic` (user and password) or `bearer` (a token that
    the system's owner has handed out)."""
    issuer: str = ""
    """Who issues tokens: `https://maskinporten.no/` and `https://helseid-sts.nhn.no`, or their test environments."""
    token_url: str = ""
    """Where tokens are asked for; of Maskinporten and HelseID it follows from `issuer`."""
    client_id: str = ""
    """The client's id there."""
    scope: str = ""
    """What is asked for, with a blank between scopes."""
    secret: str | None = None
    """Where the client secret, the password or the token stands: as `secret` of the system."""
    key: str | None = None
    """Where the private key stands, as PEM or JWK."""
    kid: str = ""
    """The key's id, as it was registered with the issuer."""
    certificate: str = ""
    """A PEM file with the organisation's certificate and its chain, for a Maskinporten client without `kid`."""
    algorithm: Algorithm | None = None
    """By which the key signs; `RS256` for Maskinporten, else what the key's kind calls for."""
    method: Literal["basic", "post", "key"] = "basic"
    """How a client of `client_credentials` shows its secret: in the header, in the body, or by a key instead."""
    user: str = ""
    """The user, for `basic`."""
    resource: tuple[str, ...] = ()
    """The API that a Maskinporten token is for, where the API asks for that."""
    consumer_org: str = ""
    """The organisation number on whose behalf a supplier asks Maskinporten."""
    authorization_details: tuple[dict[str, Any], ...] = ()
    """The organisation, and the part of it, that HelseID is to put into the token."""
    parameters: dict[str, str] = {}
    """Further parameters that the token endpoint wants (`tenant_id = "…"`)."""
    authorities: str = ""
    """A PEM file with the certificate authorities that the issuer is believed by, instead of the machine's own."""
    dpop: bool | None = None
    """Whether tokens are bound to a key of the gateway's (DPoP): `true` for HelseID, else `false`."""


class TlsSettings(Struct, frozen=True, kw_only=True):
    """The certificate that we show the system, and whom we believe."""

    certificate: str = ""
    """A PEM file with our client certificate and its chain."""
    key: str | None = None
    """Where its private key stands: `file:<path>` or `credential:<name>`; left out where it is in the same file."""
    password: str | None = None
    """Where the key's password stands, as `secret` of the system."""
    authorities: str = ""
    """A PEM file with the certificate authorities that are believed instead of the machine's own."""


_ALWAYS = {"kind"}
_TOKEN = {"token_url", "client_id", "scope", "authorities"}
_TAKES: Mapping[str, set[str]] = {
    "maskinporten": {"issuer", "key", "kid", "certificate", "algorithm", "resource", "consumer_org", *_TOKEN},
    "helseid": {"issuer", "key", "kid", "algorithm", "authorization_details", "dpop", *_TOKEN},
    "client_credentials": {"secret", "key", "kid", "algorithm", "method", "issuer", "parameters", "dpop", *_TOKEN},
    "basic": {"user", "secret"},
    "bearer": {"secret"},
}
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "maskinporten": ("issuer", "client_id", "scope", "key"),
    "helseid": ("issuer", "client_id", "scope", "key", "kid"),
    "client_credentials": ("token_url", "client_id"),
    "basic": ("user", "secret"),
    "bearer": ("secret",),
}


def trust_checks(name: str, system: Mapping[str, Any]) -> Iterator[Found]:
    """All that is wrong with how a system is reached, in its raw table."""
    key = f"systems.{name}"
    secrets = system.get("secrets")
    for called, where in secrets.items() if isinstance(secrets, dict) else ():
        if not NAME.fullmatch(called):
            yield "settings.name", f"{key}.secrets.{called}", "a-z 0-9 . _ -"
        if isinstance(where, str) and not SECRET.fullmatch(where):
            yield "settings.secret_inline", f"{key}.secrets.{called}", PLACE
    proxy = system.get("proxy")
    if isinstance(proxy, str) and proxy and not is_origin(proxy, bare=True):
        yield "settings.url", f"{key}.proxy", "http://host:port"
    auth, tls = system.get("auth"), system.get("tls")
    if isinstance(tls, dict):
        yield from _tls(tls, f"{key}.tls", system)
    if isinstance(auth, dict) and isinstance(auth.get("kind"), str) and auth["kind"] in _TAKES:
        yield from _auth(auth, f"{key}.auth")
        url = system.get("url")
        if not url:
            yield "settings.required", f"{key}.url", ""
        elif isinstance(url, str) and is_origin(url, bare=False) and is_open(url):
            yield "settings.auth_plain", f"{key}.url", "https://…"


def _tls(tls: Mapping[str, Any], key: str, system: Mapping[str, Any]) -> Iterator[Found]:
    for name, form, expected in (("key", _FILE, "file:… | credential:…"), ("password", SECRET, PLACE)):
        told = tls.get(name)
        if told is None:
            continue
        if isinstance(told, str) and not form.fullmatch(told):
            yield "settings.secret_inline", f"{key}.{name}", expected
        if not tls.get("certificate"):
            yield "settings.required", f"{key}.certificate", ""
    url = system.get("url")
    if isinstance(url, str) and url.startswith("http:"):
        yield "settings.tls_plain", f"{key}", "https://…"


def _auth(auth: Mapping[str, Any], key: str) -> Iterator[Found]:
    kind = auth["kind"]
    by_key = auth.get("method") == "key"
    needs = [*_NEEDS[kind]]
    if kind == "client_credentials":
        needs.append("key" if by_key else "secret")
    if kind == "maskinporten" and not auth.get("certificate"):
        needs.append("kid")
    yield from (("settings.required", f"{key}.{name}", "") for name in needs if not auth.get(name))
    takes = set(_TAKES[kind])
    if kind == "client_credentials":
        takes -= {"secret"} if by_key else {"key", "kid", "algorithm", "issuer"}
    if auth.get("kid"):
        takes.discard("certificate")
    for name in auth:
        if name in AuthSettings.__struct_fields__ and name not in takes | _ALWAYS:
            yield "settings.auth_unused", f"{key}.{name}", ""
    for name in ("secret", "key"):
        where = auth.get(name)
        if isinstance(where, str) and not SECRET.fullmatch(where):
            yield "settings.secret_inline", f"{key}.{name}", PLACE
    for name in ("issuer", "token_url"):
        url = auth.get(name)
        if isinstance(url, str) and url and (not is_origin(url, bare=False) or is_open(url)):
            yield "settings.url", f"{key}.{name}", "https://host[:port]/path"
    yield from _maskinporten(auth, key) if kind == "maskinporten" else ()


def _maskinporten(auth: Mapping[str, Any], key: str) -> Iterator[Found]:
    issuer = auth.get("issuer")
    if isinstance(issuer, str) and issuer and not issuer.endswith("/"):
        yield "settings.auth_issuer", f"{key}.issuer", "https://maskinporten.no/"
    algorithm = auth.get("algorithm")
    if isinstance(algorithm, str) and algorithm in _ALGORITHMS and not algorithm.startswith("RS"):
        yield "settings.choice", f"{key}.algorithm", "RS256 | RS384 | RS512"
    organisation = auth.get("consumer_org")
    if isinstance(organisation, str) and organisation and not re.fullmatch(r"[0-9]{9}", organisation):
        yield "settings.organisation", f"{key}.consumer_org", "9 digits"
    for index, one in enumerate(texts(auth.get("resource"))):
        if not one:
            yield "settings.required", f"{key}.resource.{index}", ""


_FILE = re.compile(r"file:.+|credential:[A-Za-z0-9._-]+")
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})


def placed_secret(secret: str | None, folder: Path) -> str | None:
    """A secret's place with its path resolved against a folder."""
    if secret is None or not secret.startswith("file:"):
        return secret
    return "file:" + str(folder / secret.removeprefix("file:"))


def placed_auth(auth: AuthSettings | None, folder: Path) -> AuthSettings | None:
    """The same, with every path absolute."""
    if auth is None:
        return None
    return msgspec.structs.replace(
        auth,
        secret=placed_secret(auth.secret, folder),
        key=placed_secret(auth.key, folder),
        certificate=str(folder / auth.certificate) if auth.certificate else "",
        authorities=str(folder / auth.authorities) if auth.authorities else "",
    )


def placed_tls(tls: TlsSettings | None, folder: Path) -> TlsSettings | None:
    """The same, with every path absolute."""
    if tls is None:
        return None
    return msgspec.structs.replace(
        tls,
        key=placed_secret(tls.key, folder),
        password=placed_secret(tls.password, folder),
        certificate=str(folder / tls.certificate) if tls.certificate else "",
        authorities=str(folder / tls.authorities) if tls.authorities else "",
    )
