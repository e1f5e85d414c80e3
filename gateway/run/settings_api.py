"""The settings of the API: whose tokens are believed, and what each program that calls may do."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from gateway.run.settings_texts import NAME, is_network, is_open, is_origin, texts

ACTOR = "api/"
"""What stands before a program's name where it acts in its own; no person of the settings can be called so."""

SCOPES: Mapping[str, str] = {
    "status.read": "what moves and what does not, in counts and codes",
    "flows.read": "flows between systems and their states",
    "flows.write": "stop flows, and for a named person open them",
    "tasks.read": "what waits for people of the unit",
    "tasks.write": "answer what waits",
    "cases.read": "cases, as far as the gate lets them go to the caller's unit",
    "explain": "why a field of a record goes to a system, or does not",
    "decide": "the gate's word on made-up facts",
}
"""What a token can be good for, without the prefix that the issuer asks for."""


class ApiClient(Struct, frozen=True, kw_only=True):
    """A program that may call. It acts in its own name, for a unit, or in the name of whoever its tokens name."""

    client_id: str
    """What the issuer calls the program (`client_id` of its tokens)."""
    scopes: tuple[str, ...]
    """What it may ask for, each beside what its token says: `tasks.read`, `tasks.write`, `cases.read`, `explain`,
    `status.read`, `flows.read`, `flows.write`, `decide`."""
    role: Literal["operator", "coordinator", "leader", "privacy"] | None = None
    """In its own name: the rights that it has, as a person's."""
    unit: str | None = None
    """In its own name: the unit that it works for, which decides what it may see."""
    people: bool = False
    """In others' names: its tokens name a person of `[people]` (`claim`), who has the rights that they always have."""
    consumer: str = ""
    """The organisation number that its tokens are for (`consumer`); needed where a supplier asks for others."""
    dpop: bool = False
    """Whether its tokens must be bound to a key of its own (DPoP); one that is bound is never taken without proof."""

    def named(self, name: str) -> str:
        """What the program is called as one who acts."""
        return ACTOR + name


class ApiSettings(Struct, frozen=True, kw_only=True):
    """The API for other programs, beneath `/api/v1` of the web. Without this section it is shut."""

    issuer: str
    """Who issues tokens, exactly as they say (`iss`): `https://maskinporten.no/`, or an authority of your own."""
    keys: str
    """Where the issuer's public keys stand (JWKS): `https://maskinporten.no/jwk`, or `file:` and a path."""
    audience: str = ""
    """Whom tokens must be for (`aud`); the web's `url` where nothing is said."""
    algorithms: tuple[Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"], ...] = (
        "RS256", "PS256", "ES256",
    )  # fmt: skip
    """How tokens may be signed."""
    type: Literal["at+jwt", "any"] = "at+jwt"
    """What tokens say that they are. `any` for an issuer such as Maskinporten, whose tokens say nothing."""
    prefix: str = "bti:"
    """What stands before a scope's name in tokens; at Maskinporten the municipality's own prefix, `klepp:bti/`."""
    claim: str = "sub"
    """The claim that names a person, for programs that act in people's names; its value is `login` in `[people]`."""
    life: int = 3600
    """Seconds from a token's issue to its end; one that lives longer is refused."""
    per_minute: int = 600
    """Calls a minute of one program; those above are told to wait."""
    allow: tuple[str, ...] = ()
    """Networks that the issuer may lie in, where it is an inner one."""
    clients: dict[str, ApiClient] = {}
    """The programs, by a name of your own."""


def api_faults(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is wrong between the settings of the API: ``(code, key, expected)``. ``table`` is the whole raw file."""
    api = table.get("api")
    if not isinstance(api, dict):
        return
    web = table.get("web")
    if not isinstance(web, dict):
        yield "settings.required", "web", "[web]"
    elif not api.get("audience") and not web.get("url"):
        yield "settings.required", "api.audience", "https://bti.example.no"
    keys = api.get("keys")
    if isinstance(keys, str) and not keys.startswith("file:") and (not is_origin(keys, bare=False) or is_open(keys)):
        yield "settings.url", "api.keys", "https://host/path | file:…"
    for place, one in enumerate(texts(api.get("allow"))):
        if not is_origin(one, bare=True) and not is_network(one):
            yield "settings.url", f"api.allow.{place}", "https://host[:port] | 10.0.0.0/8"
    for name, least, most in (("life", 60, 86400), ("per_minute", 1, 100_000)):
        told = api.get(name)
        if isinstance(told, int) and not least <= told <= most:
            yield "settings.range", f"api.{name}", f"{least}-{most}"
    clients = api.get("clients")
    yield from _clients(clients if isinstance(clients, dict) else {}, table.get("units"))


def _clients(clients: Mapping[str, Any], units: object) -> Iterator[tuple[str, str, str]]:
    seen: set[tuple[object, object]] = set()
    for name, client in clients.items():
        key = f"api.clients.{name}"
        if not NAME.fullmatch(name):
            yield "settings.name", key, "a-z 0-9 . _ -"
        if not isinstance(client, dict):
            continue
        if bool(client.get("role")) == bool(client.get("people")):
            yield "settings.api_actor", key, "role | people"
        unit = client.get("unit")
        if isinstance(unit, str) and not (isinstance(units, dict) and unit in units):
            yield "settings.unit_unknown", f"{key}.unit", "[units]"
        for place, scope in enumerate(texts(client.get("scopes"))):
            if scope not in SCOPES:
                yield "settings.choice", f"{key}.scopes.{place}", " | ".join(SCOPES)
        consumer = client.get("consumer", "")
        if isinstance(consumer, str) and consumer and not (len(consumer) == 9 and consumer.isdecimal()):
            yield "settings.consumer", f"{key}.consumer", "9 digits"
        same = (client.get("client_id"), consumer)
        if same in seen:
            yield "settings.api_twice", f"{key}.client_id", ""
        seen.add(same)


def placed_api(api: ApiSettings | None, folder: Path) -> ApiSettings | None:
    """The settings with the keys' place resolved against the settings' folder."""
    if api is None or not api.keys.startswith("file:"):
        return api
    return replace(api, keys="file:" + str(folder / api.keys.removeprefix("file:")))
