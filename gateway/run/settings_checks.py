"""What must hold between settings beyond their form. Each check looks at a raw table and passes over what is not there.

A check yields ``(code, key, expected)``. They run on the raw table so that a fault of form elsewhere hides none of
them. The codes are documented in ``docs/reference/errors.md``.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from gateway.core.law.generated.current import CURRENT
from gateway.core.model import KINDS
from gateway.run.settings import (
    GIVEN,
    LawSettings,
    NoticeSettings,
    Person,
    PolicySettings,
    Settings,
    StoreSettings,
    System,
    Unit,
)
from gateway.run.settings_api import ApiClient, ApiSettings, api_faults
from gateway.run.settings_texts import NAME, PLACE, SECRET, is_network, is_origin, is_schedule, texts
from gateway.run.settings_trust import AuthSettings, TlsSettings, trust_checks
from gateway.run.settings_watch import LogSettings, TelemetrySettings, watch_faults
from gateway.run.settings_web import OidcSettings, WebSettings, web_faults
from gateway.run.settings_webhooks import Webhook, hook_faults

if TYPE_CHECKING:
    from gateway.sdk.api import Adapter

Found = tuple[str, str, str]

_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_SINGLE: Mapping[str, type[Struct]] = {
    "store": StoreSettings, "policy": PolicySettings, "law": LawSettings, "notices": NoticeSettings,
    "web": WebSettings, "log": LogSettings, "telemetry": TelemetrySettings, "api": ApiSettings,
}  # fmt: skip
_NAMED: Mapping[str, type[Struct]] = {"people": Person, "units": Unit, "systems": System, "webhooks": Webhook}
_VERIFIED = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(\S.{0,99})")
_STORE_URL = re.compile(r"sqlite:///.+|postgresql\+psycopg://.+")


def tables(table: Mapping[str, Any], section: str) -> dict[str, dict[str, Any]]:
    """The entries of a section (``systems``, ``units``, ``people``) that are tables."""
    entries = table.get(section)
    if not isinstance(entries, dict):
        return {}
    return {name: entry for name, entry in entries.items() if isinstance(entry, dict)}


def plugins_named(table: Mapping[str, Any]) -> frozenset[str]:
    """The plugins that a raw table asks for: for their adapters, their rules, or their notices."""
    named = [system.get("adapter") for system in tables(table, "systems").values()]
    law, notices = table.get("law"), table.get("notices")
    named += texts(law.get("rules")) if isinstance(law, dict) else []
    named += [notices.get("plugin")] if isinstance(notices, dict) else []
    return frozenset(name for name in named if isinstance(name, str))


def unknown_keys(table: Mapping[str, Any]) -> list[str]:
    """Dotted keys that the settings do not know."""
    found = _unknown(table, Settings, "")
    for section, struct in _SINGLE.items():
        found += _unknown(table.get(section), struct, f"{section}.")
    for section, struct in _NAMED.items():
        for name, entry in tables(table, section).items():
            found += _unknown(entry, struct, f"{section}.{name}.")
    web = table.get("web")
    found += _unknown(web.get("oidc") if isinstance(web, dict) else None, OidcSettings, "web.oidc.")
    api = table.get("api")
    for name, client in tables(api if isinstance(api, dict) else {}, "clients").items():
        found += _unknown(client, ApiClient, f"api.clients.{name}.")
    for name, system in tables(table, "systems").items():
        found += _unknown(system.get("auth"), AuthSettings, f"systems.{name}.auth.")
        found += _unknown(system.get("tls"), TlsSettings, f"systems.{name}.tls.")
    return found


def _unknown(table: Any, struct: type[Struct], prefix: str) -> list[str]:
    if not isinstance(table, dict):
        return []
    known = set(struct.__struct_fields__) - GIVEN.get(struct, frozenset())
    return [prefix + key for key in table if key not in known]


def checks(table: Mapping[str, Any]) -> list[Found]:
    """All that is wrong between the settings of a raw table."""
    return [
        *_names(table),
        *_store(table),
        *_law(table),
        *_units(table),
        *_systems(table),
        *_owners(table),
        *_notices(table),
        *_web(table),
        *watch_faults(table, tables(table, "systems")),
    ]


def _names(table: Mapping[str, Any]) -> Iterator[Found]:
    tenant = table.get("tenant")
    if isinstance(tenant, str) and not NAME.fullmatch(tenant):
        yield "settings.name", "tenant", "a-z 0-9 . _ -"
    municipality = table.get("municipality")
    if isinstance(municipality, str) and not re.fullmatch(r"[0-9]{4}", municipality):
        yield "settings.municipality", "municipality", "0000-9999"
    model = table.get("model")
    if isinstance(model, str) and not NAME.fullmatch(model):
        yield "settings.name", "model", "a-z 0-9 . _ -"
    for section in ("people", "units", "systems"):
        for name in tables(table, section):
            if not NAME.fullmatch(name):
                yield "settings.name", f"{section}.{name}", "a-z 0-9 . _ -"


def _notices(table: Mapping[str, Any]) -> Iterator[Found]:
    for name, person in tables(table, "people").items():
        mail = person.get("mail")
        if isinstance(mail, str) and mail and not _MAIL.fullmatch(mail):
            yield "settings.mail", f"people.{name}.mail", "name@host"
    notices = table.get("notices")
    if isinstance(notices, dict):
        hour, secret = notices.get("hour"), notices.get("secret")
        if isinstance(hour, int) and not 0 <= hour <= 23:
            yield "settings.range", "notices.hour", "0-23"
        if isinstance(secret, str) and not SECRET.fullmatch(secret):
            yield "settings.secret_inline", "notices.secret", PLACE


def _web(table: Mapping[str, Any]) -> Iterator[Found]:
    web = table.get("web")
    if isinstance(web, dict):
        yield from web_faults(web, table.get("numbers"))
    yield from api_faults(table)
    yield from hook_faults(table)


def _store(table: Mapping[str, Any]) -> Iterator[Found]:
    store = table.get("store")
    for name in ("keep_answered", "keep_unread"):
        days = store.get(name) if isinstance(store, Mapping) else None
        if isinstance(days, int) and not 30 <= days <= 3650:
            yield "settings.range", f"store.{name}", "30-3650"
    days = store.get("keep_history") if isinstance(store, Mapping) else None
    if isinstance(days, int) and days != 0 and not 365 <= days <= 36500:
        yield "settings.range", "store.keep_history", "0 | 365-36500"
    store = store if isinstance(store, dict) else {}
    urls = {key: store[key] for key in ("url", "vault") if isinstance(store.get(key), str)}
    for key, url in urls.items():
        if not _STORE_URL.fullmatch(url):
            yield "settings.store_url", f"store.{key}", "sqlite:///file | postgresql+psycopg://…"
    if len(urls) == 2 and urls["url"] == urls["vault"]:
        yield "settings.vault_shared", "store.vault", ""


def _law(table: Mapping[str, Any]) -> Iterator[Found]:
    """Verifications of bases: a code that the law has, a day and a name."""
    law = table.get("law")
    lines = law.get("verified") if isinstance(law, dict) else None
    for code, line in lines.items() if isinstance(lines, dict) else ():
        if code not in CURRENT.codes():
            yield "settings.law_code", f"law.verified.{code}", "bti law show"
        if isinstance(line, str) and verification(line) is None:
            yield "settings.law_line", f"law.verified.{code}", "YYYY-MM-DD name"


def verification(line: str) -> tuple[date, str] | None:
    """The day on which a basis was read, and by whom; ``None`` for a line that does not say both."""
    found = _VERIFIED.fullmatch(line.strip())
    try:
        return (date.fromisoformat(found.group(1)), found.group(2)) if found else None
    except ValueError:
        return None


def _units(table: Mapping[str, Any]) -> Iterator[Found]:
    units = tables(table, "units")
    for section, key in (("people", "unit"), ("systems", "unit"), ("units", "part_of")):
        for name, entry in tables(table, section).items():
            unit = entry.get(key)
            if isinstance(unit, str) and unit not in units:
                yield "settings.unit_unknown", f"{section}.{name}.{key}", "[units]"
    for name in units:
        seen, above = {name}, units[name].get("part_of")
        while isinstance(above, str) and above in units and above not in seen:
            seen.add(above)
            above = units[above].get("part_of")
        if above == name:
            yield "settings.unit_circle", f"units.{name}.part_of", ""


def _systems(table: Mapping[str, Any]) -> Iterator[Found]:
    for name, system in tables(table, "systems").items():
        key = f"systems.{name}"
        secret = system.get("secret")
        if isinstance(secret, str) and not SECRET.fullmatch(secret):
            yield "settings.secret_inline", f"{key}.secret", PLACE
        yield from trust_checks(name, system)
        url = system.get("url")
        if isinstance(url, str) and url and not is_origin(url, bare=False):
            yield "settings.url", f"{key}.url", "https://host[:port]/path"
        for index, allowed in enumerate(texts(system.get("allow"))):
            if not is_origin(allowed, bare=True) and not is_network(allowed):
                yield "settings.url", f"{key}.allow.{index}", "https://host[:port] | 10.0.0.0/8"
        schedule = system.get("schedule")
        if isinstance(schedule, str) and not is_schedule(schedule):
            yield "settings.schedule", f"{key}.schedule", "minute hour day month weekday"
        overlap = system.get("overlap")
        if isinstance(overlap, int) and not 0 <= overlap <= 7 * 86400:
            yield "settings.range", f"{key}.overlap", "0-604800"
        quiet = system.get("quiet_hours")
        if isinstance(quiet, int) and not 1 <= quiet <= 24 * 90:
            yield "settings.range", f"{key}.quiet_hours", "1-2160"
        limit = system.get("mass_change_limit")
        if isinstance(limit, (int, float)) and not 0 < limit <= 1:
            yield "settings.range", f"{key}.mass_change_limit", "0 < x <= 1"


def _owners(table: Mapping[str, Any]) -> Iterator[Found]:
    first: dict[str, str] = {}
    for name, system in tables(table, "systems").items():
        for index, owned in enumerate(texts(system.get("owns"))):
            key = f"systems.{name}.owns.{index}"
            kind, dot, field = owned.partition(".")
            struct = KINDS.get(kind)
            if struct is None or (dot and field not in struct.__struct_fields__):
                yield "settings.owns_unknown", key, "kind | kind.field"
            elif first.setdefault(owned, name) != name:
                yield "settings.owns_twice", key, ""


def adapter_checks(table: Mapping[str, Any], found: "Mapping[str, type[Adapter]]") -> list[Found]:
    """Systems whose adapter is not installed, and options that their adapter does not take."""
    faults: list[Found] = []
    for name, system in tables(table, "systems").items():
        adapter = system.get("adapter")
        if not isinstance(adapter, str):
            continue
        if adapter not in found:
            faults.append(("settings.adapter_unknown", f"systems.{name}.adapter", "bti adapter list"))
            continue
        options = system.get("options", {})
        if isinstance(options, dict):
            faults += _option_faults(options, found[adapter].Options, f"systems.{name}.options")
    return faults


def _option_faults(options: dict[str, Any], struct: type[Struct] | None, key: str) -> list[Found]:
    known = set() if struct is None else set(struct.__struct_fields__)
    if struct is not None and set(options) <= known:
        try:
            msgspec.convert(options, struct)
        except msgspec.ValidationError:
            pass
        else:
            return []
    elif struct is None:
        return [("settings.unknown_key", f"{key}.{name}", "") for name in options]
    from gateway.run import settings_form  # noqa: PLC0415 - pydantic costs 100 ms and only a wrong file needs it

    return settings_form.form_faults(options, struct, key) or [("settings.type", key, "")]
