"""A stand-in for Samspill's external API and its sign-in on loopback: our reading of what is published, no more."""

import json
import threading
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from gateway.sdk import Fault
from gateway.sdk.loopback import Answer, Asked, LoopbackServer
from gateway.sdk.simfaults import Troubles
from gateway_flyt_samspill.adapter import PATHS

SECRET = "standin"  # noqa: S105 - what the stand-in takes, secret to nobody
TOKEN = "token-of-the-standin"  # noqa: S105 - likewise
CLIENT = "bti"
ORGANISATION = "999999999"
LISTS: Mapping[str, list[dict[str, str]]] = {
    "types": [{"id": "ip", "name": "Individuell plan"}, {"id": "samspill", "name": "Samspillsplan"}],
    "roles": [{"id": "foresatt", "name": "Foresatt"}, {"id": "fagperson", "name": "Fagperson"}],
    "affiliations": [{"id": "barn", "name": "Barn og unge"}],
}
_NEEDED = ("organizationNumber", "planType", "mainPerson", "planLead")


def simulated(seed: int) -> list[Mapping[str, Any]]:
    """Nothing stands there from the beginning."""
    del seed
    return []


class StandIn:
    """Samspill while it is open. ``GET /_sim/state`` tells its plans; ``POST /_sim/faults`` orders faults."""

    secret = SECRET

    def __init__(self, records: Iterable[Mapping[str, Any]] = (), *, port: int = 0) -> None:
        self.plans: dict[str, dict[str, Any]] = {f"plan-{at}": dict(one) for at, one in enumerate(records, 1)}
        self.accounts: set[str] = set()
        self.asked: list[str] = []
        self.troubles = Troubles()
        self._lock = threading.Lock()
        self._server = LoopbackServer(self._answer, port=port)
        self.url, self.wait, self.close = self._server.url, self._server.wait, self._server.close

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(self, asked: Asked) -> Answer:
        if asked.path == "/_sim/state":
            return _told({"plans": self.plans, "accounts": len(self.accounts), "requests": len(self.asked)})
        if asked.path == "/_sim/faults":
            try:
                self.troubles.order(json.loads(asked.body))
            except (Fault, ValueError):
                return Answer(status=400)
            return Answer(status=204)
        self.asked.append(f"{asked.method} {asked.path}")
        if asked.path == "/connect/token":
            return self._signed_in(asked)
        return self.troubles.upon(lambda: self._own(asked), reads=asked.method == "GET")

    def _signed_in(self, asked: Asked) -> Answer:
        form = parse_qs(asked.body.decode("utf-8", "replace"))
        shown = [form.get(name) for name in ("client_secret", "client_id", "tenant_id", "grant_type")]
        if shown != [[SECRET], [CLIENT], [ORGANISATION], ["client_credentials"]]:
            return Answer(status=400, body=b'{"error": "invalid_client"}')
        return _told({"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"})

    def _own(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(status=401, body=b"{}")
        what = next((name for name, path in PATHS.items() if path == asked.path), None)
        if asked.method == "GET" and what is not None and what in LISTS:
            return _told(LISTS[what])
        if asked.method == "POST" and what == "plans":
            return self._begun(asked.body)
        return Answer(status=404, body=b"{}")

    def _begun(self, body: bytes) -> Answer:
        """A complete form makes a plan, and accounts for those in it who have none."""
        try:
            form = json.loads(body)
            people = [form["mainPerson"], form["planLead"], *form.get("participants", [])]
            whole = all(form.get(name) for name in _NEEDED) and all(
                one.get("name") and str(one.get("identityNumber", "")).isdigit() for one in people
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            whole = False
        if not whole or form["organizationNumber"] != ORGANISATION:
            return Answer(status=400, body=b'{"error": "incomplete"}')
        with self._lock:
            ident = f"plan-{len(self.plans) + 1}"
            self.plans[ident] = form
            self.accounts.update(str(one["identityNumber"]) for one in people)
        return _told({"planId": ident}, status=201)


def _told(value: Any, *, status: int = 200) -> Answer:
    return Answer(status=status, body=json.dumps(value, ensure_ascii=False).encode())
