"""A system's HTTP client, with all that the settings say of how it is reached; and what is wrong with that."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gateway.run.secrets import secret_at, secret_file
from gateway.run.settings import System
from gateway.run.settings_trust import AuthSettings
from gateway.sdk.errors import AdapterError, Misconfigured
from gateway.sdk.http import Authoriser, HttpClient
from gateway.sdk.pace import Traffic
from gateway.sdk.witness import Witness

if TYPE_CHECKING:
    from gateway.sdk.trust.outlets import Identity, Proxy
    from gateway.sdk.trust.tokens import Form

_TOKEN_PATHS = {"maskinporten": "token", "helseid": "connect/token"}
"""Where the issuers that we know give tokens, after their identifier."""


def http_of(
    system: System,
    environment: Mapping[str, str],
    *,
    traffic: Traffic | None = None,
    witness: Witness | None = None,
) -> HttpClient:
    """The client of a system that has a ``url``; ``traffic`` is what its adapter declares, ``witness`` watches it.

    Raises ``Misconfigured`` for a list or a proxy that means nothing.
    """
    return HttpClient(
        url=system.url,
        allow=system.allow,
        trust=_authorities(system),
        authoriser=authoriser_of(system, environment),
        identity=identity_of(system, environment),
        proxy=proxy_of(system, environment),
        traffic=traffic,
        witness=witness,
    )


def authoriser_of(
    system: System, environment: Mapping[str, str], *, wall: Callable[[], float] = time.time
) -> Authoriser | None:
    """What lets requests in at the system; ``None`` where the settings have no ``auth``."""
    auth = system.auth
    if auth is None:
        return None
    from gateway.sdk.trust.authorising import Basic, Bearer, Granted, Possession  # noqa: PLC0415 - where it is needed
    from gateway.sdk.trust.tokens import TokenEndpoint, TokenKeeper  # noqa: PLC0415

    def secret() -> str:
        return secret_at(auth.secret, environment)

    if auth.kind == "basic":
        return Basic(user=auth.user, password=secret)
    if auth.kind == "bearer":
        return Bearer(token=secret)
    bound = auth.kind == "helseid" if auth.dpop is None else auth.dpop
    possession = Possession(wall=wall) if bound else None
    endpoint = TokenEndpoint(
        client=HttpClient(
            url=token_url(auth),
            # Names of the authority may lead into the networks that the system's may, and nowhere else.
            allow=[entry for entry in system.allow if "://" not in entry],
            attempts=1,
            limit=1_000_000,
            trust=auth.authorities or None,
            identity=identity_of(system, environment),
            proxy=proxy_of(system, environment),
        ),
        form=_form(auth, environment, wall),
        scope=auth.scope,
        prove=possession.asking if possession is not None else None,
        wall=wall,
    )
    return Granted(TokenKeeper(endpoint.fetch), possession=possession, close=endpoint.close)


def token_url(auth: AuthSettings) -> str:
    """Where tokens are asked for."""
    return auth.token_url or f"{auth.issuer.rstrip('/')}/{_TOKEN_PATHS.get(auth.kind, 'token')}"


def _form(auth: AuthSettings, environment: Mapping[str, str], wall: Callable[[], float]) -> Callable[[], "Form"]:
    from gateway.sdk.trust import grants  # noqa: PLC0415

    asked: dict[str, Any] = {"client_id": auth.client_id, "scope": auth.scope}

    def key() -> str:
        return secret_at(auth.key, environment)

    if auth.kind == "maskinporten":
        return grants.maskinporten(
            **asked,
            issuer=auth.issuer,
            key=key,
            kid=auth.kid,
            certificates=_certificates(auth) if auth.certificate else None,
            algorithm=auth.algorithm or "RS256",
            resource=auth.resource,
            consumer_org=auth.consumer_org,
            wall=wall,
        )
    if auth.kind == "client_credentials" and auth.method != "key":
        return grants.with_secret(
            **asked,
            secret=lambda: secret_at(auth.secret, environment),
            in_body=auth.method == "post",
            parameters=auth.parameters,
        )
    return grants.with_key(
        **asked,
        audience=auth.issuer or token_url(auth),
        key=key,
        kid=auth.kid,
        algorithm=auth.algorithm or "",
        details=auth.authorization_details,
        parameters=auth.parameters,
        wall=wall,
    )


def _certificates(auth: AuthSettings) -> Callable[[], str]:
    def read() -> str:
        try:
            return secret_at(f"file:{auth.certificate}", {})
        except Misconfigured:
            raise Misconfigured("auth.certificate") from None

    return read


def identity_of(system: System, environment: Mapping[str, str]) -> "Identity | None":
    """The client certificate that the system is shown. Raises ``Misconfigured`` where systemd gave no key."""
    tls = system.tls
    if tls is None or not tls.certificate:
        return None
    from gateway.sdk.trust.outlets import Identity  # noqa: PLC0415

    place = tls.password
    return Identity(
        certificate=tls.certificate,
        key=None if tls.key is None else str(secret_file(tls.key, environment)),
        password=None if place is None else lambda: secret_at(place, environment),
    )


def proxy_of(system: System, environment: Mapping[str, str]) -> "Proxy | None":
    """The proxy that the system is reached through."""
    if not system.proxy:
        return None
    from gateway.sdk.trust.outlets import Proxy  # noqa: PLC0415

    place = system.secrets.get("proxy")
    return Proxy(url=system.proxy, credentials=None if place is None else lambda: secret_at(place, environment))


def _authorities(system: System) -> str | None:
    return (system.tls.authorities if system.tls is not None else "") or None


def faults_at_rest(
    system: System, environment: Mapping[str, str], *, wall: Callable[[], float] = time.time
) -> Iterator[tuple[str, str]]:
    """``(code, dotted key)`` for what is wrong with keys and certificates, told without asking anybody."""
    auth, tls = system.auth, system.tls
    if auth is not None and auth.key is not None:
        try:
            _form(auth, environment, wall)()
        except AdapterError as error:
            about = "certificate" if error.code.startswith("auth.certificate") else "key"
            if error.code != "secret.unreadable":
                yield error.code, f"systems.{system.name}.auth.{about}"
    if tls is not None and tls.certificate:
        yield from _identity_faults(system, environment, wall)
    for key, told in (("auth", auth), ("tls", tls)):
        if told is not None and told.authorities and not _believable(told.authorities):
            yield "http.trust", f"systems.{system.name}.{key}.authorities"


def _believable(file: str) -> bool:
    import ssl  # noqa: PLC0415 - only where a list is named

    try:
        ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError):
        return False
    return True


def _identity_faults(
    system: System, environment: Mapping[str, str], wall: Callable[[], float]
) -> Iterator[tuple[str, str]]:
    import ssl  # noqa: PLC0415
    from datetime import UTC, datetime  # noqa: PLC0415

    from cryptography import x509  # noqa: PLC0415

    where = f"systems.{system.name}.tls.certificate"
    try:
        identity = identity_of(system, environment)
        if identity is not None:
            identity.load(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
            with open(identity.certificate, "rb") as file:  # noqa: PTH123 - a text from the settings
                shown = x509.load_pem_x509_certificates(file.read())[0]
            if not shown.not_valid_before_utc <= datetime.fromtimestamp(wall(), tz=UTC) <= shown.not_valid_after_utc:
                yield "tls.expired", where
    except Misconfigured as error:
        if error.code != "secret.unreadable":
            yield error.code, where
    except (OSError, ValueError, IndexError):
        yield "tls.certificate", where
