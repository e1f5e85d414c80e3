"""``gateway.toml``: read whole, every error told at once, and given to everybody as frozen values.

A right file is read with msgspec alone, since start-up decides a small run. A wrong one is read again with pydantic,
which tells all that is wrong with its form; the checks of ``settings_checks`` come on top, so that one look at the
list mends the file. A value from the file never stands in an error: it could be a secret.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from gateway.core.model.codes import Purpose, Sector, Service
from gateway.run.settings_api import ACTOR, ApiSettings, placed_api
from gateway.run.settings_trust import AuthSettings, TlsSettings, placed_auth, placed_secret, placed_tls
from gateway.run.settings_watch import LogSettings, TelemetrySettings, placed_telemetry
from gateway.run.settings_web import WebSettings, placed_web
from gateway.run.settings_webhooks import Webhook, placed_hook

if TYPE_CHECKING:
    from gateway.sdk.api import Adapter

Role = Literal["operator", "coordinator", "leader", "privacy"]
Assertion = Literal["consent", "relation", "protection", "birth_date", "has_capacity", "care", "pregnant", "baton"]
Language = Literal["nb", "nn", "en"]
Numbers = Literal["synthetic", "production"]


class PolicySettings(Struct, frozen=True, kw_only=True):
    """What the law leaves to the municipality."""

    self_consent_age: Literal[15, 16] = 15
    """The age from which a young person consents alone."""
    both_guardians: bool = True
    """Whether both holders of parental responsibility must consent before a log is opened."""
    inform_guardians: bool = False
    """Whether the holders are told when a young person alone has consented to a log; never of what is withheld."""


class NoticeSettings(Struct, frozen=True, kw_only=True):
    """How people are told that there is something for them."""

    plugin: str
    """The notifier, by its entry point's name: ``notify-smtp`` sends mail."""
    secret: str | None = None
    """Where its credential stands, as for a system."""
    hour: int = 7
    """The hour of the day, in Europe/Oslo, from which what is not urgent is told, once a day."""
    options: dict[str, Any] = {}
    """The notifier's own settings; its page lists them."""


class LawSettings(Struct, frozen=True, kw_only=True):
    """What the municipality's lawyer has read, and the further rules that must hold here."""

    verified: dict[str, str] = {}
    """Legal bases that a lawyer here has read and found right: `CODE = "YYYY-MM-DD name"`; the codes stand in
    `bti law show`."""
    rules: tuple[str, ...] = ()
    """Plugins whose rules must be there, by entry point; while one is missing or broken nothing is sent but by duty."""


class StoreSettings(Struct, frozen=True, kw_only=True):
    """Where the store lies. The vault and the checkpoints stand apart, since they must outlive a restored backup."""

    url: str = "sqlite:///bti.db"
    """The database: ``sqlite:///<file>`` or ``postgresql+psycopg://…``."""
    vault: str = "sqlite:///vault/bti-vault.db"
    """The database of case keys, erasures, restrictions and sent keys; never in the same backup as ``url``."""
    key_file: str = "keys/bti.key"
    """The file with the key that wraps all others."""
    checkpoints: str = "audit/checkpoints.txt"
    """The file to which signed checkpoints of the audit log are added."""
    backups: str = ""
    """The folder where backups of the database come to lie, so that `bti doctor` can say how old the newest is."""
    keep_answered: int = 365
    """Days that an answered task keeps what it was about; its kind, its times, its answer and who gave it stay."""
    keep_unread: int = 180
    """Days that the copy of a record that could not be read is kept after it last came; that it came, and what it
    holds back, stays."""
    keep_history: int = 0
    """Days that is kept what a value was before it changed, and who changed it; 0 keeps it as long as the case."""


class Person(Struct, frozen=True, kw_only=True):
    """Someone who may act at the command line, and by what right."""

    role: Role
    """What the person may do; see the table of rights."""
    unit: str | None = None
    """The unit that the person works in, an entry of ``[units]``."""
    title: str = ""
    """What systems call the person when they name who holds a log."""
    trained: bool = False
    """Whether the person has had the training that a model may ask of who holds a log."""
    mail: str = ""
    """Where a notice goes that there is something for this person; none goes without it."""
    login: str = ""
    """What the login of the web calls the person: the value of the claim that ``[web.oidc]`` names."""
    name: str = ""


class Unit(Struct, frozen=True, kw_only=True):
    """A place of work: this school, not any school."""

    service: Service
    """The kind of service, which decides what the unit may get."""
    body: str
    """The legal body that it belongs to; a private kindergarten is its own."""
    sector: Sector = "public"
    """Public or private."""
    part_of: str | None = None
    """The unit above it, an entry of ``[units]``: an agency, or a house of several services."""
    title: str = ""
    """What people call it."""
    name: str = ""


class System(Struct, frozen=True, kw_only=True):
    """One system that the gateway reads, writes, or both."""

    adapter: str
    """The adapter's name, as in ``bti adapter list``."""
    unit: str
    """Whose system it is, an entry of ``[units]``; it decides what the system may get."""
    url: str = ""
    """Where it answers; empty for adapters that work on files or people."""
    allow: tuple[str, ...] = ()
    """What the adapter may reach beside ``url``: origins (``https://host[:port]``), and networks (``10.0.0.0/8``) that
    listed names may lead into."""
    schedule: str = "*/15 * * * *"
    """When ``bti run`` looks at it, as a cron expression in Europe/Oslo."""
    secret: str | None = None
    """Where its credential stands: ``file:<path>``, ``env:<name>``, ``credential:<name>`` or
    ``plugin:<plugin>:<place>``; never the credential."""
    secrets: dict[str, str] = {}
    """Where further credentials stand, by the names that the adapter's page gives them; ``proxy`` is the user and
    password (``user:password``) of the proxy."""
    auth: AuthSettings | None = None
    """By whose leave it is asked, a table of its own; see below."""
    tls: TlsSettings | None = None
    """The certificates, a table of its own; see below."""
    proxy: str = ""
    """The proxy that it is reached through, ``http://host:port``; the issuer of tokens too."""
    owns: tuple[str, ...] = ()
    """Kinds (``concern``) or fields (``concern.level``) for which its word stands when both sides changed."""
    asserts: tuple[Assertion, ...] = ()
    """What it is believed about: ``consent``, ``relation`` (parental responsibility), ``protection``, and of a person
    ``birth_date``, ``has_capacity``, ``care`` (measures of child welfare) and ``pregnant``. A system that asserts
    ``relation`` or ``protection`` is believed about birth dates too, one that asserts ``relation`` about capacity. One
    that asserts the ``baton`` is believed that both persons act in it when who holds the log changes."""
    purpose: Purpose = "bti"
    """What it gets records for."""
    mapping: str | None = None
    """A mapping file of your own instead of the adapter's."""
    sector: Sector | None = None
    """Public or private, where it differs from its unit's."""
    overlap: int = 300
    """Seconds before the cursor that are read again, so that a row that was committed late is seen."""
    quiet_hours: int = 24
    """Hours without contact, or with something that does not get through, after which a person is told."""
    mass_change_limit: float = 0.25
    """The share of its known records that may change or go in one round before the round stops and asks."""
    options: dict[str, Any] = {}
    """The adapter's own settings; its page lists them."""
    name: str = ""


class Settings(Struct, frozen=True, kw_only=True):
    """One municipality. Once read, every path is absolute."""

    tenant: str
    """An opaque id of your own; it never changes, municipality numbers do."""
    municipality: str
    """Today's kommunenummer, four digits."""
    model: str
    """The municipality's model: a file in ``mappings/municipalities``."""
    numbers: Numbers
    """Which person numbers may come in; the other kind is refused at the edge."""
    language: Language = "nb"
    """The language of tasks and notices."""
    wordings: Literal["at_once", "weekly"] = "at_once"
    """When it is asked which of two systems' texts stands: at once, or on the unit's list on the next Monday. Both
    stand until then; what is no free text (a date, a level) is always asked about at once."""
    store: StoreSettings = StoreSettings()
    policy: PolicySettings = PolicySettings()
    law: LawSettings = LawSettings()
    notices: NoticeSettings | None = None
    web: WebSettings | None = None
    log: LogSettings = LogSettings()
    telemetry: TelemetrySettings | None = None
    api: ApiSettings | None = None
    webhooks: dict[str, Webhook] = {}
    people: dict[str, Person] = {}
    units: dict[str, Unit] = {}
    systems: dict[str, System] = {}
    file: str = ""
    folder: str = ""

    def adapters(self) -> frozenset[str]:
        """The adapters that these settings need."""
        return frozenset(system.adapter for system in self.systems.values())

    def actor(self, name: str) -> Person | None:
        """Who acts by a name: an entry of ``[people]``, or a program of ``[api.clients]`` as one of its unit."""
        client = self.api.clients.get(name.removeprefix(ACTOR)) if self.api and name.startswith(ACTOR) else None
        if client is not None and client.role is not None:
            return Person(role=client.role, unit=client.unit, name=name)
        return self.people.get(name)

    def plugins(self) -> frozenset[str]:
        """The plugins that these settings need: for their adapters, their rules, or their notices."""
        return self.adapters() | set(self.law.rules) | ({self.notices.plugin} if self.notices is not None else set())


GIVEN: Mapping[type[Struct], frozenset[str]] = {
    Settings: frozenset({"file", "folder"}),
    Person: frozenset({"name"}),
    Unit: frozenset({"name"}),
    System: frozenset({"name"}),
}
"""Attributes that the reader fills in; as keys of the file they are unknown."""


class SettingsFault(Struct, frozen=True, kw_only=True, order=True):
    """One thing that is wrong: a stable code, the file and the dotted key, and what would be right."""

    file: str
    key: str
    code: str
    expected: str = ""


class SettingsError(Exception):
    """The settings cannot be used. ``faults`` holds all that is wrong with them."""

    def __init__(self, faults: Iterable[SettingsFault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("; ".join(f"{fault.code} at {fault.key}" for fault in self.faults))


Find = Callable[[frozenset[str]], "Mapping[str, type[Adapter]]"]


def load_settings(path: Path, *, find: Find | None = None) -> Settings:
    """The settings in a file.

    ``find`` gives the installed adapters among the names asked for; with it, adapters and their options are checked
    too. Raises ``SettingsError`` with every fault: ``settings.missing``, ``settings.unreadable``, ``settings.toml``,
    ``settings.required``, ``settings.unknown_key``, ``settings.type``, ``settings.choice``, and the codes of
    ``settings_checks``.
    """
    file = path.absolute()
    return parse_settings(_text(file), file=file, find=find)


def parse_settings(text: str, *, file: Path, find: Find | None = None) -> Settings:
    """The settings in a text; ``file`` is where it stands (absolute), and paths are relative to its folder."""
    from gateway.run import settings_checks  # noqa: PLC0415 - settings_checks builds on the structs above

    table = _table(text, file)
    faults = settings_checks.checks(table)
    found: Mapping[str, type[Adapter]] | None = None
    if find is not None:
        found = find(settings_checks.plugins_named(table))
        faults += settings_checks.adapter_checks(table, found)
    settings: Settings | None = None
    try:
        settings = msgspec.convert(_stripped(table), Settings)
    except msgspec.ValidationError:
        settings = None
    if settings is None or settings_checks.unknown_keys(table):
        from gateway.run import settings_form  # noqa: PLC0415 - pydantic costs 100 ms and only a wrong file needs it

        faults += settings_form.form_faults(table, Settings) or [("settings.type", "$", "")]
    if faults or settings is None:
        raise SettingsError(
            SettingsFault(code=code, file=str(file), key=key, expected=expected)
            for code, key, expected in dict.fromkeys(faults)
        )
    return _placed(settings, file)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        code = "settings.missing"
    except (OSError, UnicodeDecodeError):
        code = "settings.unreadable"
    raise SettingsError([SettingsFault(code=code, file=str(file), key="$")])


def _table(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Only the place is taken from the message: the rest of it can quote the file.
        place = re.search(r"\(at (line \d+, column \d+|end of document)\)$", str(error))
        key = place.group(1) if place else "$"
    raise SettingsError([SettingsFault(code="settings.toml", file=str(file), key=key)])


def _stripped(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table without what only the reader may fill in."""
    return {key: value for key, value in table.items() if key not in GIVEN[Settings]}


def _placed(settings: Settings, file: Path) -> Settings:
    """The settings with names filled in and every path resolved against the file's folder."""
    folder = file.parent
    units = {name: msgspec.structs.replace(unit, name=name) for name, unit in settings.units.items()}
    systems = {
        name: msgspec.structs.replace(
            system,
            name=name,
            sector=system.sector or units[system.unit].sector,
            secret=placed_secret(system.secret, folder),
            secrets={called: placed_secret(where, folder) or "" for called, where in system.secrets.items()},
            auth=placed_auth(system.auth, folder),
            tls=placed_tls(system.tls, folder),
            mapping=None if system.mapping is None else str(folder / system.mapping),
        )
        for name, system in settings.systems.items()
    }
    store, notices = settings.store, settings.notices
    if notices is not None:
        notices = msgspec.structs.replace(notices, secret=placed_secret(notices.secret, folder))
    return msgspec.structs.replace(
        settings,
        file=str(file),
        folder=str(folder),
        people={name: msgspec.structs.replace(person, name=name) for name, person in settings.people.items()},
        units=units,
        systems=systems,
        notices=notices,
        web=placed_web(settings.web, folder),
        telemetry=placed_telemetry(settings.telemetry, folder),
        api=placed_api(settings.api, folder),
        webhooks={name: placed_hook(hook, folder) for name, hook in settings.webhooks.items()},
        store=msgspec.structs.replace(
            store,
            url=_placed_url(store.url, folder),
            vault=_placed_url(store.vault, folder),
            key_file=str(folder / store.key_file),
            checkpoints=str(folder / store.checkpoints),
            backups=str(folder / store.backups) if store.backups else "",
        ),
    )


def _placed_url(url: str, folder: Path) -> str:
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url == f"{prefix}:memory:":
        return url
    return prefix + str(folder / url.removeprefix(prefix))


def flow_faults(settings: Settings, systems: Collection[str]) -> list[SettingsFault]:
    """A fault ``settings.flow_system`` for each named system of a flow that the settings do not have."""
    return [
        SettingsFault(code="settings.flow_system", file=settings.file, key=f"systems.{name}")
        for name in sorted(set(systems) - set(settings.systems))
    ]
