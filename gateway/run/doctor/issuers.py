"""Whoever says who people and programs are: the provider of the login, and the issuer of the API's tokens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gateway.core.model import Fault
from gateway.run.credentials import LARGEST, wrong_set
from gateway.run.doctor.looks import Look
from gateway.run.published import tells_private
from gateway.run.settings import Settings
from gateway.sdk.errors import AdapterError
from gateway.sdk.http import HttpClient

WAIT = 5.0
"""Seconds for a connection."""


def looks(settings: Settings, *, offline: bool) -> Iterator[Look]:
    """Whether they answer, are who they should be, and publish keys that can verify."""
    if offline:
        return
    web, api = settings.web, settings.api
    if web is not None and web.login == "oidc" and web.oidc is not None:
        with _reaching(web.oidc.issuer, web.oidc.allow) as asked:
            yield from _provider(web.oidc.issuer, asked)
    if api is not None and not api.keys.startswith("file:"):
        with _reaching(api.keys, api.allow) as asked:
            told = asked(api.keys)
        codes = ["doctor.issuer_away"] if told is None else wrong_set(told)
        yield from (_look(code, "api.keys") for code in codes)


def _provider(issuer: str, asked: Callable[[str], Any]) -> Iterator[Look]:
    """What a provider tells of itself (OpenID Connect Discovery 1.0, 4.3), and its keys."""
    where = "web.oidc.issuer"
    told = asked(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if told is None:
        yield _look("doctor.issuer_away", where)
        return
    if not isinstance(told, dict) or told.get("issuer") != issuer:
        yield _look("doctor.issuer_other", where)
        return
    keys = asked(str(told.get("jwks_uri", "")))
    if keys is None:
        yield _look("doctor.issuer_away", where)
    elif not (isinstance(keys, dict) and keys.get("keys")):
        yield _look("api.keys_none", where)
    elif tells_private(keys):
        yield _look("api.keys_private", where)


def _look(code: str, where: str) -> Look:
    return Look(check="web", state="unreachable" if code == "doctor.issuer_away" else "fault", code=code, where=where)


@contextmanager
def _reaching(url: str, allow: tuple[str, ...]) -> Iterator[Callable[[str], Any]]:
    """What asks an issuer, and reaches nobody else; ``None`` for what is not had, or is no JSON."""
    http = HttpClient(url=url, allow=allow, timeout=WAIT, connect_timeout=WAIT, attempts=1, limit=LARGEST)

    def asked(address: str) -> Any:
        try:
            return http.request("GET", address, expect="json").json()
        except (AdapterError, Fault):
            return None

    try:
        yield asked
    finally:
        http.close()
