"""The record of processing activities (GDPR art. 30 no. 1 a to g) as a document."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from gateway.core.document import Document, Section
from gateway.run.privacy.facts import Facts, SystemFacts
from gateway.run.privacy.wording import Wording
from gateway.run.settings import Settings

Rows = tuple[tuple[str, ...], ...]


def record(facts: Facts, language: str) -> Document:
    """The record in ``nb``, ``nn`` or ``en``."""
    say = Wording(language)
    sections = (
        _opening(facts, say), _controllers(facts, say), _purposes(facts, say), _subjects(say), _systems(facts, say),
        _flows(facts, say), bases(facts, say), _receivers(facts, say), _transfers(facts, say), _retention(facts, say),
        _rights(facts, say), measures(facts, say),
    )  # fmt: skip
    return Document(title=say("record.title"), language=language, sections=sections)


def made(facts: Facts, say: Wording) -> Iterator[str]:
    """What a document was made of, and when."""
    yield say("made", on=say.day(facts.on), municipality=facts.settings.municipality)
    yield say("made_again")
    if facts.settings.numbers == "synthetic":
        yield say("synthetic")


def _opening(facts: Facts, say: Wording) -> Section:
    return Section(paragraphs=tuple(made(facts, say)))


def unit_name(facts: Facts, name: str) -> str:
    """What people call a unit."""
    return facts.settings.units[name].title or name


def _controllers(facts: Facts, say: Wording) -> Section:
    units = sorted(facts.settings.units.values(), key=lambda unit: (unit.body, unit.name))
    rows = tuple(
        (unit.body, unit.title or unit.name, say.code(unit.service), say(f"sector.{unit.sector}")) for unit in units
    )
    heads = tuple(say(f"head.{one}") for one in ("body", "unit", "service", "sector"))
    return Section(
        heading=say("controllers"), paragraphs=(say("controllers_about"), say("contact")), heads=heads, rows=rows
    )


def _purposes(facts: Facts, say: Wording) -> Section:
    found: dict[str, list[str]] = {}
    for one in facts.systems:
        found.setdefault(one.purpose, []).append(one.name)
    points = tuple(
        (say("purpose", purpose=say.code(purpose), systems=", ".join(names)),) for purpose, names in found.items()
    )
    return Section(heading=say("purposes"), paragraphs=(say("purposes_about"),), points=points)


def _subjects(say: Wording) -> Section:
    return Section(
        heading=say("subjects"), points=tuple((say(f"subjects.{one}"),) for one in ("child", "family", "staff"))
    )


def _systems(facts: Facts, say: Wording) -> Section:
    heads = tuple(say(f"head.{one}") for one in ("system", "adapter", "unit", "reads", "writes", "believed"))
    rows = tuple(
        (
            one.name,
            f"{one.adapter} {one.version}".strip() if one.broken is None else say("broken", code=one.broken),
            unit_name(facts, one.unit),
            say.kinds(one.reads),
            say.kinds(one.writes),
            say.listed(one.asserts, say.believed),
        )
        for one in facts.systems
    )
    return Section(heading=say("systems"), heads=heads, rows=rows)


def _flows(facts: Facts, say: Wording) -> Section:
    heads = tuple(say(f"head.{one}") for one in ("from", "to", "state", "categories", "processing", "release"))
    rows = tuple(
        (
            flow.source,
            flow.target,
            say(f"state.{flow.state}"),
            say.kinds(flow.kinds),
            flow.processing,
            ", ".join(flow.release),
        )
        for flow in facts.flows
    )
    told = [say("flows_about"), say("special"), *([say("all_paused")] if facts.paused else [])]
    if not rows:
        return Section(heading=say("flows"), paragraphs=(*told, say("no_flows")))
    return Section(heading=say("flows"), paragraphs=tuple(told), heads=heads, rows=rows)


def bases(facts: Facts, say: Wording) -> Section:
    """What the flows stand on, and whether somebody has read it."""
    heads = tuple(say(f"head.{one}") for one in ("code", "law", "says", "read"))
    rows = tuple(
        (
            one.code,
            f"{one.act} {one.section}",
            one.text[say.language],
            say(
                f"read.{one.read}",
                on=say.day(one.last_verified),
                who=say("by.us" if one.by_us else "by.project"),
            ),
        )
        for one in facts.grounds
    )
    return Section(heading=say("bases"), paragraphs=(say("gdpr"),), heads=heads if rows else (), rows=rows)


def _receivers(facts: Facts, say: Wording) -> Section:
    found: dict[str, list[str]] = {}
    for one in facts.systems:
        if one.writes or one.able.duty:
            found.setdefault(one.unit, []).append(one.name)
    points = [(_receiver(facts, say, unit, names),) for unit, names in found.items()]
    for one in facts.systems:
        points += [(say(code, system=one.name),) for code in _beyond(one)]
    points += [(line,) for line in _programs(facts, say)]
    if facts.settings.notices is not None:
        points.append((say("notices", plugin=facts.settings.notices.plugin),))
    return Section(heading=say("receivers"), paragraphs=(say("receivers_about"),), points=tuple(points))


def _programs(facts: Facts, say: Wording) -> Iterator[str]:
    """The programs that may call the API: whose tokens are believed, for which unit, and what they may ask for."""
    api = facts.settings.api
    for name, client in api.clients.items() if api is not None else ():
        scopes = ", ".join(client.scopes)
        if client.people or client.unit is None:
            yield say("program_people", name=name, scopes=scopes)
        else:
            yield say("program", name=name, unit=unit_name(facts, client.unit), scopes=scopes)


def _receiver(facts: Facts, say: Wording, name: str, systems: list[str]) -> str:
    unit = facts.settings.units[name]
    return say(
        "receiver",
        unit=unit.title or name,
        service=say.code(unit.service),
        sector=say(f"sector.{unit.sector}"),
        body=unit.body,
        systems=", ".join(systems),
    )


def _beyond(one: SystemFacts) -> Iterator[str]:
    if one.able.lookup:
        yield "asked_register"
    if one.able.messages:
        yield "passes_on"
    if one.able.duty:
        yield "duty"


def _transfers(facts: Facts, say: Wording) -> Section:
    heads = tuple(say(f"head.{one}") for one in ("system", "hosts", "country"))
    rows: Rows = tuple((one.name, ", ".join(one.hosts), say.blank) for one in facts.systems if one.hosts)
    rows += tuple((say(f"host.{what}"), host, say.blank) for what, host in _other_hosts(facts.settings) if host)
    return Section(
        heading=say("transfers"), paragraphs=(say("transfers_about"),), heads=heads if rows else (), rows=rows
    )


def _other_hosts(settings: Settings) -> Iterator[tuple[str, str | None]]:
    """Who else is reached, or issues what is believed: the login, the API's issuer, the collector of traces."""
    if settings.web is not None and settings.web.oidc is not None:
        yield "login", urlsplit(settings.web.oidc.issuer).hostname
    if settings.api is not None:
        yield "api", urlsplit(settings.api.issuer).hostname
    if settings.telemetry is not None:
        yield "telemetry", urlsplit(settings.telemetry.endpoint).hostname


def _retention(facts: Facts, say: Wording) -> Section:
    store = facts.settings.store
    rows = (
        (say("keep.case"), say("keep.case_how")),
        (say("keep.answered"), say("keep.days", n=store.keep_answered)),
        (say("keep.unread"), say("keep.days", n=store.keep_unread)),
        (say("keep.history"), say("keep.days", n=store.keep_history) if store.keep_history else say("keep.always")),
        (say("keep.log"), say("keep.log_how")),
        (say("keep.source"), say("keep.source_how")),
    )
    return Section(heading=say("retention"), heads=(say("head.what"), say("head.how_long")), rows=rows)


def _rights(facts: Facts, say: Wording) -> Section:
    counts = ", ".join(f"{say(f'role.{role}')} {count}" for role, count in facts.roles.items())
    rows = tuple(
        (say(f"area.{area}") if say.has(f"area.{area}") else area, say.listed(roles, lambda role: say(f"role.{role}")))
        for area, roles in facts.areas.items()
    )
    about = (say("rights_about", counts=counts),)
    return Section(heading=say("rights"), paragraphs=about, heads=(say("head.area"), say("head.roles")), rows=rows)


def measures(facts: Facts, say: Wording) -> Section:
    """The security measures, as the settings have them."""
    always = ("bodies", "gate", "shadow", "protection", "audit", "looks", "egress")
    told = [say(f"measure.{one}") for one in always]
    told.insert(1, say("measure.beside" if beside(facts) else "measure.apart"))
    told.append(_login(facts, say))
    if facts.rules:
        told.append(say("measure.rules", rules=", ".join(facts.rules)))
    for one in facts.systems:
        tls = facts.settings.systems[one.name].tls
        shown = say("how.plain") if one.plain else say("how.tls") if tls is not None and tls.certificate else ""
        told.append(say("measure.system", system=one.name, how=say(f"how.{one.login}"), tls=shown))
    return Section(heading=say("measures"), points=tuple((one,) for one in told))


def beside(facts: Facts) -> bool:
    """Whether the key or the vault lies in the database's own folder."""
    store, prefix = facts.settings.store, "sqlite:///"
    if not store.url.startswith(prefix):
        return False
    folder = Path(store.url.removeprefix(prefix)).parent
    near = [Path(store.key_file).parent]
    near += [Path(store.vault.removeprefix(prefix)).parent] if store.vault.startswith(prefix) else []
    return folder in near


def _login(facts: Facts, say: Wording) -> str:
    web = facts.settings.web
    if web is None:
        return say("measure.login_none")
    if web.login == "local" or web.oidc is None:
        return say("measure.login_local")
    level = ", ".join(web.oidc.acr)
    return say("measure.login_oidc", issuer=web.oidc.issuer, level=level, idle=web.idle_minutes, hours=web.hours)
