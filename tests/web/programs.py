"""A municipality with programs that may call its API, each with tokens of the test's own authority."""

from contextlib import contextmanager

import httpx
import msgspec

from gateway.run.settings_api import SCOPES, ApiClient, ApiSettings
from tests.web.authority import AUDIENCE, ISSUER, Authority
from tests.web.house import open_house

ALL = tuple(SCOPES)
PROGRAMS = {
    "school": ApiClient(client_id="id-school", scopes=ALL, role="coordinator", unit="skole-unit"),
    "health": ApiClient(client_id="id-health", scopes=ALL, role="coordinator", unit="helse-unit"),
    "welfare": ApiClient(client_id="id-welfare", scopes=ALL, role="coordinator", unit="vern-unit"),
    "watch": ApiClient(client_id="id-watch", scopes=("status.read", "flows.read", "flows.write", "tasks.read"), role="operator"),
    "guard": ApiClient(client_id="id-guard", scopes=ALL, role="privacy"),
    "few": ApiClient(client_id="id-few", scopes=("tasks.read",), role="coordinator", unit="skole-unit"),
    "desk": ApiClient(client_id="id-desk", scopes=ALL, people=True),
    "bound": ApiClient(client_id="id-bound", scopes=ALL, role="coordinator", unit="skole-unit", dpop=True),
    "supplied": ApiClient(client_id="id-supplier", scopes=ALL, role="coordinator", unit="skole-unit", consumer="987654325"),
}  # fmt: skip


class Calls:
    """A house whose API is open, and calls to it."""

    def __init__(self, house, authority):
        self.house, self.authority = house, authority
        self.origin = house.site.origin
        self.http = httpx.Client(base_url=f"{self.origin}/api/v1", timeout=60)
        self.seen = []

    def __call__(self, method, path, *, by="school", token=None, headers=None, **more):
        if token is None:
            who = {"sub": f"sub-{by}"} if by in self.house.site.settings.people else {}
            program = "desk" if who else by
            token = self.authority.token(PROGRAMS[program].client_id, **who)
        shown = {"authorization": f"Bearer {token}"} if token else {}
        answer = self.http.request(method, path, headers={**shown, **(headers or {})}, **more)
        self.seen.append(answer)
        return answer

    def get(self, path, **more):
        answer = self("GET", path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def case(self):
        return self.house.case


@contextmanager
def open_calls(folder, **more):
    """The municipality with its API, as ``open_house`` makes it."""
    made = []

    def settings(town):
        authority = Authority(town.clock)
        made.append(authority)
        place = folder.parent / f"{folder.name}.jwks"
        place.write_bytes(msgspec.json.encode(authority.jwks()))
        people = {
            name: msgspec.structs.replace(one, login=f"sub-{name}") for name, one in town.world.settings.people.items()
        }
        api = ApiSettings(issuer=ISSUER, audience=AUDIENCE, keys=f"file:{place}", clients=PROGRAMS, per_minute=100_000)
        return {"api": api, "people": people}

    with open_house(folder, more=settings, **more) as house:
        calls = Calls(house, made[0])
        try:
            yield calls
        finally:
            calls.http.close()
