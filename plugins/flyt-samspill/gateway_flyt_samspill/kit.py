"""A bench for the certification kit, at our own stand-in.

The kit delivers a case without its people, which no plan can begin with; the bench gives it made-up ones.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from gateway.sdk import Receipt, Release
from gateway.sdk.http import Authoriser, HttpClient
from gateway.sdk.testing import Sample, StandInWorld, Thing, Watch, watched_context
from gateway.sdk.trust import grants
from gateway.sdk.trust.authorising import Granted
from gateway.sdk.trust.tokens import TokenEndpoint, TokenKeeper
from gateway_flyt_samspill.adapter import FlytSamspill
from gateway_flyt_samspill.standin import CLIENT, ORGANISATION, SECRET, StandIn

CHILD, LEAD = "06821099739", "17908599950"
_NAME = "Nora Eksempel"
SAMPLES = (
    Sample(
        kind="case",
        body={"mainPerson": {"name": _NAME}},
        fields={"subject": "kit-child", "closing_note": _NAME},
        patch={},
        patched={},
        recorded=False,
    ),
)
"""Of a case the form takes whose it is. The note stands for the name, which in a case is another record's."""


class Peopled(FlytSamspill):
    """The adapter, with a child and a lead put beside a case that comes without."""

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        """As the adapter does. Raises ``AdapterError``."""
        if release.kind == "case" and not release.parts:
            told = {"given_name": release.fields.get("closing_note", _NAME), "number": CHILD, "role": "subject"}
            release = msgspec.structs.replace(
                release,
                parts=(
                    _part(release, "person", str(release.fields.get("subject")), told),
                    _part(release, "person", "kit-lead", {"given_name": "Liv Koordinator", "number": LEAD}),
                    _part(release, "assignment", "kit-held", {"role": "plan_coordinator", "holder": "kit-lead"}),
                ),
            )
        return super().deliver(release, idempotency_key)


def _part(whole: Release, kind: str, ident: str, fields: Mapping[str, Any]) -> Release:
    return msgspec.structs.replace(whole, kind=kind, id=ident, fields=fields, changed=tuple(fields), parts=())


class SamspillWorld(StandInWorld[StandIn]):
    """The stand-in. Its users do nothing that could be heard of."""

    def state(self) -> Mapping[str, Thing]:
        """All plans, as what the gateway knows them by."""
        return {f"case:{ident}": Thing(kind="case", id=ident, body=body) for ident, body in self.standin.plans.items()}


class SamspillBench:
    """The adapter at the stand-in."""

    adapter = Peopled
    samples = SAMPLES
    source = "stand-in"
    page = 1

    @contextmanager
    def world(self) -> Iterator[SamspillWorld]:
        """A new Samspill without plans."""
        with StandIn() as standin:
            yield SamspillWorld(standin)

    def connect(self, world: SamspillWorld, watch: Watch) -> FlytSamspill:
        """A new adapter there."""
        return Peopled(watched_context(world.url, watch, options=options(), authoriser=authoriser_of(world.url, watch)))


def options() -> dict[str, Any]:
    """Options that fit the stand-in."""
    return {"organisation": ORGANISATION, "plan_type": "ip", "roles": {"guardian": "foresatt", "school": "fagperson"}}


def authoriser_of(url: str, watch: Watch, *, client: str = CLIENT) -> Authoriser:
    """What ``[systems.<name>.auth]`` would make of the stand-in's sign-in; ``watch`` closes it."""
    form = grants.with_secret(
        client_id=client, scope="", secret=lambda: SECRET, in_body=True, parameters={"tenant_id": ORGANISATION}
    )
    endpoint = TokenEndpoint(client=HttpClient(url=f"{url}/connect/token", attempts=1), form=form, scope="")
    watch.closing.append(endpoint.close)
    return Granted(TokenKeeper(endpoint.fetch), close=endpoint.close)


def bench() -> SamspillBench:
    """What ``bti adapter certify flyt-samspill`` tries the adapter on."""
    return SamspillBench()
