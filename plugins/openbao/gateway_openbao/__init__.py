"""Credentials from a vault with the HTTP interface of OpenBao and HashiCorp Vault: the engine ``kv``, version 2."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from gateway.sdk import Fault, Misconfigured, Refused, Unreachable, hookimpl
from gateway.sdk.commands import Call, Command, Told
from gateway.sdk.http import HttpClient

GATEWAY_API = "1.0"

_PLACE = re.compile(
    r"(?P<engine>[A-Za-z0-9_-]+)/(?P<path>[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)#(?P<field>[A-Za-z0-9_.-]+)"
)
_LIMIT = 65_536
"""Bytes of a token, and of the vault's answer."""


def read(place: str, environment: Mapping[str, str]) -> str:
    """The value of a field: ``secret/klepp/skole#token`` is the field ``token`` at ``klepp/skole`` of ``secret``.

    The vault is at ``BAO_ADDR`` or ``VAULT_ADDR``; its token stands in the file ``BAO_TOKEN_FILE`` or
    ``VAULT_TOKEN_FILE`` names, else in ``BAO_TOKEN`` or ``VAULT_TOKEN``. ``…_NAMESPACE`` and ``…_CACERT`` are as the
    vault's own program has them. Nothing is kept: what was taken back in the vault is not used again.

    Raises ``Unreachable`` (the vault does not answer, or is sealed) and ``Misconfigured``: ``openbao.place``,
    ``openbao.address``, ``openbao.token``, ``openbao.nothing`` (no such path or field, or it was deleted),
    ``openbao.answer`` (what answers is no vault), ``http.401``, ``http.403``.
    """
    told = _PLACE.fullmatch(place)
    if told is None:
        raise Misconfigured("openbao.place")
    address = _named(environment, "ADDR")
    if not address.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
        raise Misconfigured("openbao.address")  # A token does not go in the clear.
    headers = {"X-Vault-Token": _token(environment), "X-Vault-Request": "true"}
    if namespace := _named(environment, "NAMESPACE"):
        headers["X-Vault-Namespace"] = namespace
    client = HttpClient(
        url=address, allow=["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"], timeout=10.0, attempts=2,
        patience=2.0, limit=_LIMIT, trust=_named(environment, "CACERT") or None,
    )  # fmt: skip
    try:
        answer = client.request("GET", f"/v1/{told['engine']}/data/{told['path']}", headers=headers)
        value = _field(answer.json(), told["field"])
    except Refused as refused:
        raise Misconfigured("openbao.nothing" if refused.code == "http.404" else refused.code) from None
    except Fault:
        raise Misconfigured("openbao.answer") from None
    finally:
        client.close()
    if value is None:
        raise Misconfigured("openbao.nothing")
    return value


def _field(answer: object, field: str) -> str | None:
    """``data.data.field`` where all of it is there and it is a text."""
    for name in ("data", "data", field):
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer if isinstance(answer, str) and answer else None


def _named(environment: Mapping[str, str], name: str) -> str:
    return environment.get(f"BAO_{name}") or environment.get(f"VAULT_{name}") or ""


def _token(environment: Mapping[str, str]) -> str:
    token, file = _named(environment, "TOKEN"), _named(environment, "TOKEN_FILE")
    if file:
        try:
            with Path(file).open(encoding="utf-8") as opened:
                token = opened.read(_LIMIT)
        except (OSError, UnicodeDecodeError):
            raise Misconfigured("openbao.token") from None
    token = token.strip()
    if not token or not token.isprintable() or not token.isascii():
        raise Misconfigured("openbao.token")
    return token


@hookimpl
def gateway_secret(place: str, environment: Mapping[str, str]) -> str:
    """The credential at a place of the vault."""
    return read(place, environment)


_WORDS = MappingProxyType(
    {
        "nb": ("Hvelvet svarer, og {place} kan leses.", "{place} kan ikke leses: {code}."),
        "nn": ("Kvelven svarar, og {place} kan lesast.", "{place} kan ikkje lesast: {code}."),
        "en": ("The vault answers, and {place} can be read.", "{place} cannot be read: {code}."),
    }
)


def _test(call: Call) -> Told:
    place = call.arguments["place"]
    fine, wrong = _WORDS[call.language]
    try:
        read(place, call.environment)
    except Unreachable:
        raise
    except Misconfigured as error:
        document = {"place": place, "readable": False, "code": error.code}
        return Told(document=document, lines=(wrong.format(place=place, code=error.code),), needs_person=True)
    return Told(document={"place": place, "readable": True, "code": None}, lines=(fine.format(place=place),))


@hookimpl
def gateway_commands() -> list[Command]:
    """``bti openbao test PLACE`` says whether a credential can be read, and never shows it."""
    says = {
        "nb": "Se om noe i hvelvet kan leses; det vises ikke.",
        "nn": "Sjå om noko i kvelven kan lesast; det blir ikkje vist.",
        "en": "See whether something in the vault can be read; it is not shown.",
    }
    return [Command(name="test", says=says, run=_test, arguments=("place",))]


__all__ = ["GATEWAY_API", "gateway_commands", "gateway_secret", "read"]
