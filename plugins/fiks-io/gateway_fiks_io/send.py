"""Handing messages in: Fiks IO's sending interface and its directory of accounts, over ``context.http``.

Who we are to Maskinporten is the settings' matter (``[systems.<name>.auth]``); what stands here are the two headers by
which Fiks knows an integration.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from cryptography import x509

from gateway.sdk import Fault, Refused, jsonio
from gateway_fiks_io.certificates import certificate_of
from gateway_fiks_io.message import CLIENT_ID, CORRELATION, LARGEST, Outgoing, is_account
from gateway_fiks_io.multipart import Part, form

SEND = "/fiks-io/api/v1/send"
DIRECTORY = "/fiks-io/katalog/api/v1"


class Http(Protocol):
    """What of ``gateway.sdk.http.HttpClient`` is used here."""

    def request(self, method: str, path_or_url: str, **told: Any) -> Any:
        """An answer with ``status``, ``body`` and ``json()``."""
        ...


def integration(ident: str, password: str) -> dict[str, str]:
    """The headers by which Fiks knows an integration."""
    return {"IntegrasjonId": ident, "IntegrasjonPassord": password}


class Post:
    """The sending interface for one account. ``headers`` gives the integration's headers when they are needed."""

    def __init__(
        self, *, http: Http, account: str, headers: Callable[[], Mapping[str, str]], chance: Callable[[int], bytes]
    ) -> None:
        self._http = http
        self.account = account
        self._headers = headers
        self._chance = chance

    def send(self, outgoing: Outgoing) -> str:
        """Hand a message in; the id that the service gave it.

        Twice under one ``client_id`` is once for a receiver that keeps the rules, so it is tried again where nobody
        knows. Raises ``Fault`` ``fiks.message.size``, and ``AdapterError``; ``Refused`` ``fiks.send.answer``.
        """
        if len(outgoing.body) > LARGEST:
            raise Fault("fiks.message.size", "$")
        told = {
            "avsenderKontoId": self.account,
            "mottakerKontoId": outgoing.receiver,
            "meldingType": outgoing.type,
            "svarPaMelding": outgoing.reply_to,
            "ttl": outgoing.ttl * 1000,
            "headere": self._own(outgoing),
        }
        parts = [Part(name="metadata", data=jsonio.encode(told), type="application/json")]
        if outgoing.body:
            parts.append(Part(name="data", data=outgoing.body))
        kind, body = form(parts, boundary=self._chance(24).hex())
        answer = self._http.request(
            "POST",
            SEND,
            content=body,
            headers={**self._headers(), "Content-Type": kind},
            repeatable=True,
            expect="json",
        )
        ident = _field(answer, "meldingId")
        if not is_account(ident):
            raise Refused("fiks.send.answer", path="$.meldingId")
        return ident

    @staticmethod
    def _own(outgoing: Outgoing) -> dict[str, str]:
        own = {**outgoing.headers, CLIENT_ID: outgoing.client_id}
        return own if outgoing.correlation is None else {**own, CORRELATION: outgoing.correlation}

    def account_for(self, organisation: str, protocol: str, *, level: int = 4) -> str:
        """The account that takes a protocol's messages for an organisation. Raises ``Refused`` ``fiks.no_account``."""
        answer = self._http.request(
            "GET", f"{DIRECTORY}/lookup", headers=self._headers(), expect="json", accept=(404,),
            params={
                "identifikator": f"ORG_NO.{organisation}", "meldingProtokoll": protocol, "sikkerhetsniva": level,
            },
        )  # fmt: skip
        if answer.status == 404:
            raise Refused("fiks.no_account")
        ident = _field(answer, "kontoId")
        if not is_account(ident):
            raise Refused("fiks.no_account")
        return ident

    def key_of(self, account: str) -> x509.Certificate:
        """The certificate that an account has published. Raises ``Refused`` ``fiks.no_account``, and ``Fault``."""
        answer = self._http.request(
            "GET",
            f"{DIRECTORY}/kontoer/{account}/offentligNokkel",
            headers=self._headers(),
            expect="json",
            accept=(404,),
        )
        if answer.status == 404:
            raise Refused("fiks.no_account")
        return certificate_of(_field(answer, "nokkel").encode(), "$.nokkel")


def _field(answer: Any, name: str) -> str:
    try:
        told = answer.json()
    except Fault:
        raise Refused("fiks.send.answer") from None
    value = told.get(name) if isinstance(told, dict) else None
    return value if isinstance(value, str) else ""
