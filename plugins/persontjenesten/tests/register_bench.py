"""A family and a connection to the stand-in that holds it."""

from typing import Any

from gateway_persontjenesten.seed import Responsible, Seed

from gateway.sdk import Context
from gateway.sdk.http import HttpClient

CHILD, MOTHER, FATHER, AUNT = "14831463008", "02898440780", "21868348221", "09919023829"


OPENED: list[HttpClient] = []


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


class Quiet:
    def info(self, event: str, **facts: object) -> None: ...

    def warning(self, event: str, **facts: object) -> None: ...


def client(url: str) -> HttpClient:
    """A client that the bench closes after the test."""
    opened = HttpClient(url=url, attempts=1)
    OPENED.append(opened)
    return opened


def context(url: str, token: str, **options: Any) -> Context:
    return Context(
        system="register",
        url=url,
        http=client(url),
        secret=lambda: token,
        maps=None,
        log=Quiet(),
        options=options,
    )
