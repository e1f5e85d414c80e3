"""Everything the shell works with, as one value: settings, store, adapters, and the clock and chance it is given."""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct, field

from gateway.core.casefile import HERE
from gateway.core.consent import Party, Policy
from gateway.core.identity import check_number, is_hpr
from gateway.core.model import FACETS, Origin
from gateway.core.model.codes import DOMAIN_OF_SERVICE
from gateway.core.rules import RULES, Rules
from gateway.core.sendings import Receiver
from gateway.core.teller import Source
from gateway.run.observing import SILENT, Observer
from gateway.run.settings import Settings, System, Unit
from gateway.sdk import Adapter, Notifier
from gateway.store import Store


class Stopped(Exception):
    """A guard stopped a lane; ``code`` says which. Nothing of what it looked at was kept or sent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class World(Struct, frozen=True, kw_only=True):
    """A municipality at work. Clock, chance, network (inside the adapters), store and scheduling are arguments.

    ``clock`` gives the time with an offset, ``chance(n)`` n random bytes. ``threads`` is how many lanes are worked at
    once; with 1 everything happens in the caller's thread and nothing is fetched ahead, so that a run from a seed can
    be repeated byte for byte. ``step`` is called at every point where a crash would be interesting, with its name.
    """

    settings: Settings
    store: Store
    adapters: Mapping[str, Adapter]
    clock: Callable[[], datetime]
    chance: Callable[[int], bytes]
    threads: int = 1
    step: Callable[[str], None] = lambda _: None
    broken: Mapping[str, str] = field(default_factory=dict)
    """Systems whose adapter could not be made, with the code."""
    rules: Rules = RULES
    """The rules as the municipality has them: the law with what its lawyer has read, and its own further rules."""
    closed: Mapping[str, str] = field(default_factory=dict)
    """Plugins whose rules must be there and are not, with the code: nothing is sent but by duty."""
    notifier: Notifier | None = None
    """What tells people that there is something for them."""
    observer: Observer = SILENT
    """Who tells those who run the gateway what happens: log lines, metrics, traces."""
    listeners: tuple[Callable[..., object], ...] = ()
    """What plugins want to be told: called with an event's name and its facts, never with content."""

    def tell(self, event: str, **facts: object) -> None:
        """Tell the listeners; one that breaks is passed over."""
        for listener in self.listeners:
            try:
                listener(event=event, facts=facts)
            except Exception:  # noqa: BLE001, S112 - the boundary to plugins; the text may hold a value
                continue

    def fresh(self) -> str:
        """A new opaque id of 20 characters."""
        return self.chance(10).hex()

    def jitter(self, seconds: float) -> float:
        """A wait of between half and one and a half times as long, so that lanes do not come back together."""
        return seconds * (0.5 + self.chance(1)[0] / 255)

    def number_fault(self, number: str, number_type: str | None) -> str | None:
        """What is wrong with a number here, as a stable code: its check digits, or its kind.

        An employee may have the number of health personnel (``hpr``) instead of a person number.
        """
        if number_type == "hpr":
            return None if is_hpr(number) else "identity.hpr"
        return check_number(number, numbers=self.settings.numbers)

    def source(self, system: System) -> Source:
        """The system as one that tells."""
        return Source(
            system=system.name,
            origin=self.origin(system),
            asserts=frozenset(system.asserts),
            owner=self.owner,
            units={name: _of_unit(unit, system.name) for name, unit in self.settings.units.items()},
            everyone=self.asserts(),
            protocol="baton" in system.asserts and self.adapters[system.name].capabilities.baton == "assignments",
        )

    def origin(self, system: System) -> Origin:
        """Where what this system writes comes from."""
        return _of_unit(self.settings.units[system.unit], system.name)

    def here(self, unit: str) -> Origin:
        """Where what a person of a unit writes at the gateway comes from. Raises ``KeyError``."""
        known = self.settings.units[unit]
        return Origin(
            service=known.service,
            domain=DOMAIN_OF_SERVICE[known.service],  # type: ignore[arg-type]
            unit=unit,
            body=known.body,
            system=f"{HERE}{unit}",
        )

    def owner(self, kind: str, name: str) -> str | None:
        """The system whose word stands for a field: one that owns the field, else one that owns the kind."""
        for wanted in (f"{kind}.{name}", kind):
            for system in self.settings.systems.values():
                if wanted in system.owns:
                    return system.name
        return None

    def party(self, system: System) -> Party:
        """The unit behind a system, as giver or receiver."""
        unit = self.settings.units[system.unit]
        return Party(
            service=unit.service, unit=system.unit, body=unit.body, sector=system.sector or unit.sector, person=None
        )

    def parties(self) -> dict[str, Party]:
        """The unit behind each system, and each unit by itself where a person of it writes at the gateway."""
        behind = {name: self.party(system) for name, system in self.settings.systems.items()}
        people = {
            f"{HERE}{name}": Party(service=unit.service, unit=name, body=unit.body, sector=unit.sector)
            for name, unit in self.settings.units.items()
        }
        return people | behind

    def asserts(self) -> dict[str, frozenset[str]]:
        """What each system is believed about."""
        return {name: frozenset(system.asserts) for name, system in self.settings.systems.items()}

    def policy(self) -> Policy:
        """The municipality's choices, as the gate takes them."""
        chosen = self.settings.policy
        return Policy(
            self_consent_age=chosen.self_consent_age,
            both_guardians=chosen.both_guardians,
            inform_guardians=chosen.inform_guardians,
        )

    def receiver(self, system: System, live: Callable[[str], bool]) -> Receiver:
        """The system as one that gets."""
        able = self.adapters[system.name].capabilities
        return Receiver(
            system=system.name,
            party=self.party(system),
            purpose=system.purpose,
            writes=frozenset(able.writes),
            documents=able.documents,
            create_only=able.create_only,
            closed=able.closed,
            categories=frozenset(able.categories) if able.categories is not None else None,
            carries=self.carries(system),
            baton=able.baton,
            live=live,
        )

    def carries(self, system: System) -> Mapping[str, frozenset[str]]:
        """The fields that a system's mapping can write, by kind, for kinds of which it cannot write all.

        Without a mapping it is the adapter's own word.
        """
        adapter = self.adapters[system.name]
        mapping = getattr(adapter.context.maps, "mapping", None)
        if mapping is None or adapter.capabilities.manual:
            return adapter.capabilities.carries
        carried = {kind: mapping.carried(kind) for kind in adapter.capabilities.writes}
        return {kind: fields for kind, fields in carried.items() if not fields >= FACETS[kind].keys()}

    def takers(self, but: str | None = None) -> list[str]:
        """Systems that can be written to or asked, other than one."""
        return [
            name
            for name, adapter in self.adapters.items()
            if name != but and (adapter.capabilities.writes or adapter.capabilities.lookup)
        ]


def _of_unit(unit: Unit, system: str) -> Origin:
    """Where what a unit writes comes from, told by a system."""
    return Origin(
        service=unit.service,
        domain=DOMAIN_OF_SERVICE[unit.service],  # type: ignore[arg-type]
        unit=unit.name,
        body=unit.body,
        system=system,
    )
