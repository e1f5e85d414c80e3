"""What stands open for whoever answers for privacy, read from the settings: each with a stable code and a place."""

from collections.abc import Iterator

from msgspec import Struct

from gateway.core.document import Section
from gateway.run.owners import upwards
from gateway.run.privacy.facts import Facts, SystemFacts
from gateway.run.privacy.record import beside, unit_name
from gateway.run.privacy.wording import Wording

OTHERS = frozenset({"vendor", "server", "validator", "client", "samples"})
"""What an adapter was proved against that others made."""


class Point(Struct, frozen=True, kw_only=True):
    """One thing that is open: ``where`` names a system, a flow, a basis, a unit or a key of the settings."""

    code: str
    where: str


def points_of(facts: Facts) -> list[Point]:
    """All of them, the gravest kinds first."""
    return [*_whole(facts), *_bases(facts), *_people(facts), *(one for each in facts.systems for one in _system(each))]


def _whole(facts: Facts) -> Iterator[Point]:
    settings = facts.settings
    for plugin in facts.closed:
        yield Point(code="rules_missing", where=plugin)
    if settings.web is not None and settings.web.login == "local":
        yield Point(code="trial_login", where="web.login")
    if settings.numbers == "synthetic":
        yield Point(code="synthetic", where="numbers")
    if beside(facts):
        yield Point(code="key_beside", where="store")
    for name in settings.api.clients if settings.api is not None else ():
        yield Point(code="program", where=f"api.clients.{name}")
    if not settings.store.keep_history:
        yield Point(code="history_always", where="store.keep_history")
    if not settings.policy.both_guardians:
        yield Point(code="one_guardian", where="policy.both_guardians")
    for flow in facts.flows:
        if flow.state == "approved":
            yield Point(code="live", where=f"{flow.source} → {flow.target}")
    waiting = sum(flow.state == "shadow" for flow in facts.flows)
    if waiting:
        yield Point(code="shadow", where=str(waiting))


def _bases(facts: Facts) -> Iterator[Point]:
    for one in facts.grounds:
        if one.read != "verified":
            yield Point(code=f"basis_{one.read}", where=one.code)
        elif not one.by_us:
            yield Point(code="basis_not_by_us", where=one.code)
    known = {one.code for one in facts.grounds}
    lacking = {code for flow in facts.flows for code in (flow.processing, *flow.release)} - known
    for code in sorted(lacking):
        yield Point(code="basis_unverified", where=code)


def _people(facts: Facts) -> Iterator[Point]:
    settings = facts.settings
    if not facts.roles["privacy"]:
        yield Point(code="no_privacy", where="people")
    leading = {person.unit for person in settings.people.values() if person.role == "leader"}
    giving = dict.fromkeys(facts.system(flow.source).unit for flow in facts.flows)
    for name in giving:
        if not leading & set(upwards(settings, name)):
            yield Point(code="no_leader", where=name)
    if settings.notices is None:
        yield Point(code="no_notices", where="notices")
    for unit in settings.units.values():
        if unit.sector == "private":
            yield Point(code="private_unit", where=unit.name)


def _system(one: SystemFacts) -> Iterator[Point]:
    if one.broken is not None:
        yield Point(code="broken", where=one.name)
        return
    able = one.able
    checks = {
        "plain_http": one.plain,
        "no_login": bool(one.hosts) and one.login == "none",
        "believed_consent": "consent" in one.asserts,
        "no_take_back": bool(one.writes) and not able.retracts and not able.keeps,
        "archive_keeps": able.keeps,
        "no_inventory": bool(one.writes) and not able.inventory and not able.manual,
        "uncertain": bool(one.writes) and not (able.idempotency_key or able.conditional_write or able.read_back),
        "by_hand": able.manual,
        "only_simulated": not one.proved & OTHERS,
        "not_vendor": bool(one.proved & OTHERS) and "vendor" not in one.proved,
    }
    for code, is_so in checks.items():
        if is_so:
            yield Point(code=code, where=one.name)


def open_points(facts: Facts, say: Wording) -> Section:
    """The open points as a table."""
    rows = tuple((_where(facts, one), say(f"point.{one.code}")) for one in points_of(facts))
    heads = (say("head.where"), say("head.open"))
    return Section(heading=say("points"), paragraphs=(say("points_about"),), heads=heads if rows else (), rows=rows)


def _where(facts: Facts, one: Point) -> str:
    return unit_name(facts, one.where) if one.code in {"no_leader", "private_unit"} else one.where
