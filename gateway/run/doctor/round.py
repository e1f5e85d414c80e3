"""The doctor's round: first what lies still, then the store, then whoever can be asked."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from gateway.run import checkup, lawcheck
from gateway.run.checkup import Finding
from gateway.run.doctor import issuers, machine, reach, standing
from gateway.run.doctor.looks import CHECKS, Look, State
from gateway.run.opening import now as wall
from gateway.run.opening import open_world
from gateway.run.plugins import Plugins
from gateway.run.settings import Settings
from gateway.store import StoreError

_OF_CODES: Mapping[str, str] = {
    "plugin": "plugins", "notifier": "notices", "mapping": "mappings", "terms": "mappings", "model": "mappings",
    "yaml": "mappings", "file": "mappings", "language": "mappings", "pack": "mappings", "store": "keys",
    "secret": "secrets", "auth": "secrets", "webhook": "secrets", "tls": "certificates",
    "http": "certificates", "law": "law",
}  # fmt: skip
"""Which check a finding's code belongs to, by its first word."""
_OF_CODE: Mapping[str, str] = {
    "check.key_beside": "keys", "check.vault_beside": "keys", "check.secret_missing": "secrets",
    "check.secret_open": "secrets", "check.metrics_short": "secrets", "check.hook_same": "secrets",
    "check.nobody_logs_in": "web", "api.keys_none": "web", "api.keys_private": "web",
    "check.plain_http": "systems", "check.placeholder": "settings",
}  # fmt: skip
_STATES: Mapping[str, State] = {"fault": "fault", "warning": "look"}


def examine(
    settings: Settings,
    plugins: Plugins,
    *,
    environment: Mapping[str, str] = os.environ,
    clock: Callable[[], datetime] = wall,
    offline: bool = False,
    quick: bool = False,
    step: Callable[[str], None] = lambda _: None,
) -> list[Look]:
    """Every look, in the order of ``CHECKS``. ``offline``: nobody is asked; ``quick``: the audit log is not read.

    ``step`` is told the name of each part that begins. One that breaks is told as ``doctor.broke`` and hides no other.
    """
    found: list[Look] = [*_at_rest(settings, plugins, environment, clock(), offline=offline)]
    parts: list[tuple[str, Callable[[], Iterator[Look]]]] = [
        ("permissions", lambda: machine.permissions(settings)),
        ("disk", lambda: machine.disk(settings)),
        ("backup", lambda: machine.backup(settings, clock())),
        ("time_zone", lambda: machine.time_zone(clock())),
        ("store", lambda: _store(settings, plugins, environment, clock, quick=quick)),
        ("systems", lambda: reach.systems(settings, plugins, environment, clock, offline=offline)),
        ("certificates", lambda: reach.certificates(settings, environment, clock(), offline=offline)),
        ("web", lambda: reach.web(settings, clock, offline=offline)),
        ("web", lambda: issuers.looks(settings, offline=offline)),
    ]
    for name, part in parts:
        step(name)
        try:
            found += part()
        except Exception:  # noqa: BLE001 - one look that breaks hides no other, and nothing of its text is kept
            found.append(Look(check=name, state="fault", code="doctor.broke"))
    seen = {look.check for look in found}
    found += [Look(check=check, state="good") for check in CHECKS if check not in seen]
    return sorted(found, key=lambda look: CHECKS.index(look.check))


def _at_rest(
    settings: Settings, plugins: Plugins, environment: Mapping[str, str], at: datetime, *, offline: bool
) -> Iterator[Look]:  # fmt: skip
    findings = checkup.examine(settings, plugins, environment=environment, offline=True, keepers=not offline)
    findings += lawcheck.examine(settings, plugins, at=at)
    unread = sum(one.code == "law.unverified" for one in findings)
    for one in findings:
        if one.kind != "note":
            yield Look(check=_check(one), state=_STATES[one.kind], code=one.code, where=one.where)
    if unread:
        yield Look(check="law", state="look", code="doctor.law_unread", where="law.verified", facts={"n": unread})


def _check(finding: Finding) -> str:
    return _OF_CODE.get(finding.code) or _OF_CODES.get(finding.code.partition(".")[0], "settings")


def _store(
    settings: Settings,
    plugins: Plugins,
    environment: Mapping[str, str],
    clock: Callable[[], datetime],
    *,
    quick: bool,
) -> Iterator[Look]:
    """What only an open store can tell; nothing of it where the store is not there, or stands at another schema."""
    shut = list(standing.shut(settings))
    if shut:
        yield from shut
        yield from standing.unasked("doctor.no_store_open")
        return
    try:
        world = open_world(settings, plugins, clock=clock, environment=environment)
    except StoreError as error:
        away = error.code in {"store.unreachable", "store.locked", "store.busy"}
        yield Look(check="store", state="unreachable" if away else "fault", code=error.code)
        yield from standing.unasked("doctor.no_store_open")
        return
    try:
        yield from standing.looks(world, quick=quick)
    finally:
        for adapter in world.adapters.values():
            with suppress(Exception):
                adapter.close()
        world.store.close()
