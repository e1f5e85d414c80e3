"""The facts behind the privacy documents: systems, flows, bases, receivers, retention, rights and measures."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from gateway.core.ages import day
from gateway.core.law import Basis
from gateway.core.model import KINDS
from gateway.core.model.codes import DOMAIN_OF_SERVICE
from gateway.core.rules.sharing import HEALTH_SERVICES
from gateway.core.rules.verdict import PROCESSING
from gateway.run import rights, telling
from gateway.run.lawdoc import basis_state
from gateway.run.plugins import Plugins
from gateway.run.settings import Settings, System
from gateway.run.world import World
from gateway.sdk.api import Capabilities

SPECIAL = frozenset({"health", "child_welfare", "social"})
"""Domains whose records are of special categories, or as sensitive (GDPR art. 9 and 10), whatever stands in them."""


class SystemFacts(Struct, frozen=True, kw_only=True):
    """A system: whose it is, what it reads and is given (kinds), the hosts that data goes to, and what it can do."""

    name: str
    adapter: str
    version: str
    unit: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    hosts: tuple[str, ...]
    plain: bool
    login: str
    asserts: tuple[str, ...]
    owns: tuple[str, ...]
    purpose: str
    broken: str | None
    able: Capabilities
    proved: frozenset[str]


class FlowFacts(Struct, frozen=True, kw_only=True):
    """From one system to another: kinds, state, and the codes of what it stands on.

    ``processing`` is the basis for processing what arises with the giver, ``release`` what may lift secrecy.
    """

    source: str
    target: str
    state: str
    kinds: tuple[str, ...]
    processing: str
    release: tuple[str, ...]


class Ground(Struct, frozen=True, kw_only=True):
    """A legal basis as it is on the day: ``read`` is ``verified``, ``overdue`` or ``unverified``."""

    code: str
    act: str
    section: str
    text: Mapping[str, str]
    read: str
    last_verified: date | None
    by_us: bool


class Facts(Struct, frozen=True, kw_only=True):
    """All of it, on a day."""

    settings: Settings
    on: date
    systems: tuple[SystemFacts, ...]
    flows: tuple[FlowFacts, ...]
    grounds: tuple[Ground, ...]
    roles: Mapping[str, int]
    areas: Mapping[str, tuple[str, ...]]
    closed: tuple[str, ...]
    paused: bool
    rules: tuple[str, ...]

    def system(self, name: str) -> SystemFacts:
        """A system by its name."""
        return next(one for one in self.systems if one.name == name)


AREAS: Mapping[str, tuple[str, ...]] = {
    "see": ("baton.show", "consent.show", "crossing.show", "explain", "preview", "tasks.show", "report.list",
            "restriction.list", "log.print", "report.print", "web.body"),
    "say": ("consent.record", "block.set", "fact.record", "tasks.resolve"),
    "carry": ("baton.offer", "baton.accept", "baton.decline", "baton.withdraw", "baton.end", "baton.correct",
              "crossing.begin", "crossing.decline", "crossing.move"),
    "report": ("report.file", "report.send", "report.confirm"),
    "loosen": ("block.lift", "restriction.lift", "flow.approve", "flow.resume"),
    "stop": ("flow.pause", "flow.shadow", "session.revoke"),
    "answer": ("access", "disclosures", "report.count", "preview.rule"),
    "review": ("access.review", "audit.restored", "erase", "history.prune"),
    "count": ("statistics",),
    "run": ("audit.export", "keys.rotate", "session.list", "tasks.list", "web.audit", "web.flows", "web.message",
            "web.messages", "web.replay", "web.rules"),
}  # fmt: skip
"""The acts of the table of rights by what they let a person do; an act that stands in none is told by its own name."""


def facts_of(world: World, plugins: Plugins) -> Facts:
    """The facts of a municipality today; no case is opened, and no system asked."""
    on, settings = day(world.clock()), world.settings
    systems = tuple(_system(world, system, plugins) for system in settings.systems.values())
    states = telling.flows(world)
    flows = tuple(_flow(world, on, told, systems) for told in states)
    codes = {code for flow in flows for code in (flow.processing, *flow.release)}
    with world.store.read() as tx:
        paused = tx.paused()
    roles = dict.fromkeys(("coordinator", "leader", "privacy", "operator"), 0)
    for person in settings.people.values():
        roles[person.role] += 1
    return Facts(
        settings=settings,
        on=on,
        systems=systems,
        flows=flows,
        grounds=tuple(_ground(basis, settings, on) for basis in world.rules.law.bases if basis.code in codes),
        roles=roles,
        areas=_areas(),
        closed=tuple(world.closed),
        paused=bool(paused),
        rules=tuple(rule.id for rule in world.rules.extra),
    )


def _areas() -> dict[str, tuple[str, ...]]:
    """The roles of each area: those who may do at least one act in it. What no area names stands by its own name."""
    named = {act for acts in AREAS.values() for act in acts}
    areas = {**AREAS, **{act: (act,) for act in rights.ACTS if act not in named}}
    return {
        area: tuple(sorted({role for act in acts for role in rights.ACTS.get(act, ())}))
        for area, acts in areas.items()
    }  # fmt: skip


def _system(world: World, system: System, plugins: Plugins) -> SystemFacts:
    adapter = world.adapters.get(system.name)
    origin = plugins.origins.get(system.adapter)
    able = adapter.capabilities if adapter is not None else Capabilities()
    urls = [url for url in (system.url, *system.allow, system.proxy) if "://" in url]
    if system.auth is not None:
        urls += [url for url in (system.auth.issuer, system.auth.token_url) if url]
    return SystemFacts(
        name=system.name,
        adapter=system.adapter,
        version=origin.version if origin is not None else "",
        unit=system.unit,
        reads=_kinds(able.reads),
        writes=_kinds(able.writes),
        hosts=tuple(dict.fromkeys(host for url in urls if (host := urlsplit(url).hostname))),
        plain=system.url.startswith("http://"),
        login=system.auth.kind if system.auth is not None else "secret" if system.secret else "none",
        asserts=tuple(system.asserts),
        owns=tuple(system.owns),
        purpose=system.purpose,
        broken=world.broken.get(system.name),
        able=able,
        proved=frozenset(proof.by for proof in adapter.proved) if adapter is not None else frozenset(),
    )


def _kinds(some: Iterable[str]) -> tuple[str, ...]:
    return tuple(kind for kind in KINDS if kind in set(some))


def _flow(world: World, on: date, told: Mapping[str, Any], systems: tuple[SystemFacts, ...]) -> FlowFacts:
    by_name = {one.name: one for one in systems}
    source, target = by_name[told["from"]], by_name[told["to"]]
    kinds = set(source.reads) & set(target.writes)
    if target.able.categories is not None:
        kinds &= set(target.able.categories)
    giver, taker = world.settings.units[source.unit], world.settings.units[target.unit]
    domain, law = DOMAIN_OF_SERVICE[giver.service], world.rules.law
    norms = ["HEALTH_RELEASE" if domain == "health" else "RELEASE_CONSENT"]
    if {giver.service, taker.service} <= HEALTH_SERVICES:
        norms.append("HEALTH_TEAM")
    elif giver.body == taker.body and domain not in {"health", "child_welfare"}:
        norms.append("SAME_BODY")
    if domain == "child_welfare" and taker.sector == "public":
        norms.append("CHILD_WELFARE_TASK")
    if giver.service == taker.service == "school" and source.unit != target.unit:
        norms.append("SCHOOL_MOVE")
    return FlowFacts(
        source=source.name,
        target=target.name,
        state=told["state"],
        kinds=_kinds(kinds),
        processing=_code(law.norm(PROCESSING[domain], on).basis, PROCESSING[domain]),
        release=tuple(_code(law.norm(norm, on).basis, norm) for norm in norms),
    )


def _code(basis: Basis | None, norm: str) -> str:
    return basis.code if basis is not None else norm


def _ground(basis: Basis, settings: Settings, on: date) -> Ground:
    return Ground(
        code=basis.code,
        act=basis.act,
        section=basis.section,
        text={language: getattr(basis.text, language) for language in ("nb", "nn", "en")},
        read=basis_state(basis, on),
        last_verified=basis.last_verified,
        by_us=basis.code in settings.law.verified,
    )
