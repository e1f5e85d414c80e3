"""A family, and a connection that answers as the gateway's own client does, on the standard library alone."""

import http.client
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from gateway_persontjenesten.seed import Responsible, Seed
from msgspec import Struct

from gateway.sdk import Context, Refused, Uncertain, Unreachable

CHILD, MOTHER, FATHER, AUNT = "14831463008", "02898440780", "21868348221", "09919023829"


def people(**child: Any) -> list[Seed]:
    told: dict[str, Any] = {
        "number": CHILD,
        "address": "Bryneveien",
        "mother": MOTHER,
        "father": FATHER,
        "responsible": (Responsible(by=MOTHER), Responsible(by=FATHER)),
        **child,
    }
    return [
        Seed(given="Ada", family="Lund", born="2014-03-14", **told),
        Seed(number=MOTHER, given="Marit", family="Lund", born="1984-09-02", address="Bryneveien"),
        Seed(number=FATHER, given="Per", family="Vik", born="1983-06-21", address="Hognestadvegen"),
        Seed(number=AUNT, given="Siv", family="Lund", born="1990-11-09", address="Stasjonsvegen"),
    ]


class Response(Struct, frozen=True, kw_only=True):
    status: int
    headers: Mapping[str, str]
    body: bytes


class Http:
    def __init__(self, url: str, token: str) -> None:
        self._host = urlsplit(url).netloc
        self._token = token

    def request(
        self,
        method: str,
        path_or_url: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> Response:
        connection = http.client.HTTPConnection(self._host, timeout=5)
        try:
            connection.request(
                method, path_or_url, body=content, headers={**(headers or {}), "Authorization": f"Bearer {self._token}"}
            )
            answer = connection.getresponse()
            found = Response(
                status=answer.status,
                headers={name.lower(): value for name, value in answer.getheaders()},
                body=answer.read(),
            )
        except (OSError, http.client.HTTPException):
            raise Uncertain("http.cut") from None
        finally:
            connection.close()
        if found.status == 429 or found.status >= 500:
            raise Unreachable(f"http.{found.status}")
        if found.status >= 400:
            raise Refused(f"http.{found.status}")
        return found


class Quiet:
    def info(self, event: str, **facts: object) -> None: ...

    def warning(self, event: str, **facts: object) -> None: ...


def context(url: str, token: str, **options: Any) -> Context:
    return Context(
        system="register",
        url=url,
        http=Http(url, token),
        secret=lambda: token,
        maps=None,
        log=Quiet(),
        options=options,
    )
