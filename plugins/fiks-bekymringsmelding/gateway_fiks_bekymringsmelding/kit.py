"""A bench for the certification kit, at our own stand-in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
from gateway_fiks_io.envelope import unseal

from gateway.sdk.jsonio import decode
from gateway.sdk.testing import Sample, StandInWorld, Thing, Watch, watched_context
from gateway_fiks_bekymringsmelding.adapter import FiksBekymringsmelding
from gateway_fiks_bekymringsmelding.standin import INTEGRATION, ORGANISATION, SECRET, StandIn

FORM = "bekymringsmelding.json"
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIELDS: Mapping[str, Any] = {
    "filed_on": "2026-11-22",
    "duty": "OPPL_24_3",
    "ground": "a",
    "filed_by": "school",
    "reporter_name": "Kari Læråsen",
    "reporter_role": "Kontaktlærer",
    "reporter_phone": "51 78 90 00",
    "reporter_email": "kari@skule.no",
    "reporter_organisation": "Bore ungdomsskole",
    "reporter_address": "Skulevegen 1, 4352 Kleppe",
    "children": [
        {"number": "06821099739", "name": "Áilu Nes", "address": "Gata 2\n4352 Kleppe", "informed": False,
         "not_informed_reason": "Det kan gjøre det verre."}
    ],
    "guardians": [{"name": "Eva Nes", "informed": False}, {"name": "Per Nes", "informed": True}],
    "report": "Vi er bekymret. Barnet har blåmerker.",
    "history": "Vi har sett det tre ganger.",
}  # fmt: skip
SAMPLES = (
    Sample(
        kind="child_welfare_report",
        body={"melding": FIELDS["report"], "historie": FIELDS["history"], "personnavn": FIELDS["reporter_name"]},
        fields=dict(FIELDS),
        patch={},
        patched={},
        recorded=False,
    ),
)


class FiksWorld(StandInWorld[StandIn]):
    """The stand-in. Nothing is ever heard from there but where a report stands."""

    def state(self) -> Mapping[str, Thing]:
        """All reports, as the service knows them."""
        return {
            f"child_welfare_report:{ident}": Thing(kind="child_welfare_report", id=ident, body=self._form(one.asice))
            for ident, one in self.standin.taken.items()
        }

    def _form(self, asice: bytes) -> Mapping[str, Any]:
        """The form in a container, which the stand-in has the key to."""
        form: Mapping[str, Any] = decode(unseal(asice, holders=[self.standin.system], at=AT).files[FORM])
        return form

    def fault(self, name: str, times: int = 1) -> None:
        """The service fails in this way; an answer that is lost is the one to the report itself."""
        on = "write" if name == "lost" else "any"
        self.standin.troubles.order({"faults": [{"what": name, "times": times, "on": on}]})


class FiksBench:
    """The adapter at the stand-in."""

    adapter = FiksBekymringsmelding
    samples = SAMPLES
    source = "stand-in"
    page = 1

    @contextmanager
    def world(self) -> Iterator[FiksWorld]:
        """A new service that has taken nothing in."""
        with StandIn(clock=lambda: AT) as standin:
            yield FiksWorld(standin)

    def connect(self, world: FiksWorld, watch: Watch) -> FiksBekymringsmelding:
        """A new adapter there."""
        context = watched_context(world.url, watch, secret=SECRET, options=options())
        return adapter_at(context, world.standin)


def adapter_at(context: Any, standin: StandIn) -> FiksBekymringsmelding:
    """An adapter with the stand-in's clock and the secrets that it signs with."""
    told = {"": SECRET, "signer": standin.signer()}
    made = FiksBekymringsmelding(msgspec.structs.replace(context, secret=lambda name="": told[name]))
    made.clock = standin.clock
    return made


def options() -> dict[str, Any]:
    """Options that fit the stand-in."""
    return {
        "organisation": ORGANISATION,
        "integration": INTEGRATION,
        "municipality": "1120",
        "municipality_name": "Klepp",
        "contact": {"organisation": "Klepp kommune", "phone": "51 42 98 00", "email": "post@klepp.kommune.no"},
    }


def bench() -> FiksBench:
    """What ``bti adapter certify fiks-bekymringsmelding`` tries the adapter on."""
    return FiksBench()
