"""The vendors' sides on loopback: three products, a health record and a register, each with its ground truth.

They are found in the packages of the adapters themselves, since nothing here may import a plugin.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

from msgspec import Struct

from gateway.run.demo.people import Cast, Family, Someone
from gateway.run.demo.town import SECRETS
from gateway.run.life import OSLO
from gateway.run.plugins import Plugins
from gateway.sdk.rest import RestAdapter
from gateway.sdk.simulator import Simulator

PRODUCTS: Mapping[str, str] = {"nordlogg": "bti-exchange", "fjordlogg": "bti-exchange-cases",
                                "planverk": "bti-exchange"}  # fmt: skip
NORA, JONAS, SARA = "logg-1", "logg-2", "logg-3"
"""The logs' ids in Nordlogg."""
CONCERN, MEASURE, HOLDER = "uro-1", "tiltak-1", "rolle-1"
"""Ids of records of Nora's log there."""
WORRY = "Er mye borte fra skolen, og sier at hun ikke sover."
SLEEPS = "Sover om natten"
_FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
_TAG = {"tag": [{"system": "urn:lillevik", "code": "bti"}]}


class Vendors(Struct, frozen=True, kw_only=True):
    """The vendors' systems while they are open."""

    nordlogg: Simulator
    fjordlogg: Simulator
    planverk: Simulator
    journal: Any
    register: Any
    secrets: Mapping[str, str]

    def urls(self) -> dict[str, str]:
        """Where each answers."""
        return {name: getattr(self, name).url for name in ("nordlogg", "fjordlogg", "planverk", "journal", "register")}

    def product(self, name: str) -> Simulator:
        """One of the three products."""
        return {"nordlogg": self.nordlogg, "fjordlogg": self.fjordlogg, "planverk": self.planverk}[name]

    def writes(self, name: str) -> list[dict[str, Any]]:
        """What the gateway has written into a product, by the product's own account."""
        return [effect for effect in self.product(name).state()["effects"] if effect["key"] is not None]


@contextmanager
def open_vendors(plugins: Plugins, cast: Cast, today: datetime) -> Iterator[Vendors]:
    """Open all of them, with what is in them when the story begins."""
    with ExitStack() as stack:
        products: dict[str, Simulator] = {}
        for name, adapter in PRODUCTS.items():
            declared = plugins.adapters[adapter]
            resources = declared.resources if issubclass(declared, RestAdapter) else ()
            products[name] = Simulator(resources, seed=len(products), secret=SECRETS[name])
            stack.enter_context(products[name])
        for kind, ident, body in log_of(cast, today):
            products["nordlogg"].make(kind, body, ident=ident)
        journal = _standin(plugins, "fhir-r4").StandIn(record_of(cast, today))
        stack.enter_context(journal)
        side = _standin(plugins, "persontjenesten")
        register = side.StandIn(register_of(cast))
        stack.enter_context(register)
        yield Vendors(journal=journal, register=register, secrets={**SECRETS, "register": side.TOKEN}, **products)


def _standin(plugins: Plugins, adapter: str) -> Any:
    """The stand-in that an adapter's own package brings."""
    package = plugins.adapters[adapter].__module__.partition(".")[0]
    return import_module(f"{package}.standin")


def day(at: datetime) -> str:
    """A day as Nordlogg writes it."""
    return f"{at:%d.%m.%Y}"


def midnight(told: date) -> str:
    """A day as Fjordlogg writes it: the moment at which it begins in Oslo."""
    return datetime(told.year, told.month, told.day, tzinfo=OSLO).astimezone(UTC).isoformat().replace("+00:00", "Z")


def log_of(cast: Cast, today: datetime) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What the school has in Nordlogg: kind, id and body, in the product's own names."""
    opened = today.replace(day=1)
    for log, family in ((NORA, cast.nora), (JONAS, cast.jonas), (SARA, cast.sara)):
        child, mother = f"{log}-barn", f"{log}-mor"
        yield "person", child, {"kind": "person", "logg": log, "rolle": "HOVEDPERSON", **_named(family.child)}
        yield "person", mother, {"kind": "person", "logg": log, "rolle": "FORESATT", **_named(family.mother)}
        yield "case", log, {
            "kind": "case", "logg": log, "hovedperson": child, "status": "AKTIV", "niva": "niva-1",
            "opprettet": day(opened),
        }  # fmt: skip
        yield "consent", f"{log}-ja-mor", consent_of(log, mother, today)
    yield (
        "person",
        f"{JONAS}-far",
        {"kind": "person", "logg": JONAS, "rolle": "FORESATT", **_named(_father(cast.jonas))},
    )
    yield "consent", f"{JONAS}-ja-far", consent_of(JONAS, f"{JONAS}-far", today)
    yield "concern", CONCERN, concern_of(NORA, today, WORRY)
    yield "concern", f"{JONAS}-uro", concern_of(JONAS, today, "Faller ut av leken i friminuttene.")
    yield "concern", f"{SARA}-uro", concern_of(SARA, today, "Blir urolig når noen spør hvor hun bor.")
    yield "measure", MEASURE, {
        "kind": "measure", "logg": NORA, "tittel": "Fast voksen om morgenen", "status": "VEDTATT", "start": day(opened),
        "beskrivelse": "Møter Nora ved porten.", "ansvarlig": "Kari Nes",
    }  # fmt: skip
    yield "assignment", HOLDER, {
        "kind": "assignment", "logg": NORA, "rolle": "STAFETTHOLDER", "navn": "Kari Nes", "fraDato": day(opened),
        "tilstand": "AKSEPTERT",
    }  # fmt: skip


def _named(someone: Someone) -> dict[str, str]:
    return {
        "fnr": someone.number,
        "fornavn": someone.given,
        "etternavn": someone.family,
        "fodt": f"{someone.born:%d.%m.%Y}",
    }


def _father(family: Family) -> Someone:
    if family.father is None:
        raise LookupError
    return family.father


def consent_of(log: str, giver: str, at: datetime) -> dict[str, Any]:
    """A yes that a parent gave in the product."""
    return {
        "kind": "consent", "logg": log, "svar": "JA", "gittAv": giver, "formal": "BTI", "skjema": "DIGITAL",
        "tjenester": ["school", "health_station"], "fraDato": day(at),
        "tilDato": day(at.replace(year=at.year + 1, day=1)), "gitt": f"{at:%d.%m.%Y} 08:00:00",
    }  # fmt: skip


def concern_of(log: str, at: datetime, words: str) -> dict[str, Any]:
    """A concern that a teacher wrote down."""
    return {
        "kind": "concern", "logg": log, "dato": day(at), "beskrivelse": words, "meldtAv": "ANSATT", "niva": "niva-1",
        "status": "NY",
    }  # fmt: skip


def register_of(cast: Cast) -> list[dict[str, Any]]:
    """Whom the register knows: the parents, who answers for whom, and whose address is hidden."""
    told: list[dict[str, Any]] = []
    for family in cast.families:
        parents = {"mother": family.mother.number} | ({"father": family.father.number} if family.father else {})
        kind = "Joint" if family.father else "Mother"
        told.append(
            _registered(family.child)
            | parents
            | {
                "responsible": [{"by": number, "type": kind} for number in parents.values()],
                "protection": "StrictlyConfidential" if family is cast.sara else "Unclassified",
            }
        )
        told += [_registered(one) for one in (family.mother, family.father) if one is not None]
    return told


def _registered(someone: Someone) -> dict[str, Any]:
    return {
        "number": someone.number,
        "given": someone.given,
        "family": someone.family,
        "born": someone.born.isoformat(),
    }


def record_of(cast: Cast, today: datetime) -> list[dict[str, Any]]:
    """The health record: Nora's plan and goal are marked for the log; another child's are not, and stay."""
    child = cast.nora.child
    patient = {
        "resourceType": "Patient", "id": "nora", "meta": _TAG, "identifier": [{"system": _FNR, "value": child.number}],
        "name": [{"use": "official", "family": child.family, "given": [child.given]}], "birthDate": str(child.born),
    }  # fmt: skip
    return [
        patient,
        {
            "resourceType": "CarePlan", "id": "plan-1", "meta": _TAG, "status": "active", "intent": "plan",
            "subject": {"reference": "Patient/nora"}, "period": {"start": f"{today.replace(day=1):%Y-%m-%d}"},
            "category": [{"coding": [{"system": "urn:lillevik", "code": "stafettlogg"}]}],
        },
        {
            "resourceType": "Goal", "id": "mal-1", "meta": _TAG, "lifecycleStatus": "active",
            "description": {"text": SLEEPS}, "subject": {"reference": "Patient/nora"},
        },
        {
            "resourceType": "Goal", "id": "mal-2", "lifecycleStatus": "active",
            "description": {"text": "Spiser frokost"}, "subject": {"reference": "Patient/annen"},
        },
    ]  # fmt: skip
