"""Whether a hand-over lands: by the vendor's own account, at a product with one field and at one with a record a turn."""

import msgspec
import pytest

from gateway.run.declared import rest_bench
from gateway.sdk.resource import Resource
from gateway.sdk.rest import RestAdapter
from gateway.sdk.testing import CHECKS, run_check

MAPPING = """
adapter: {name}
version: "1"
kinds:
  assignment:
    from: assignment
    id: id
    case: sak
    version: versjon
    fields:
      role: {{path: rolle, codes: {{STAFETT: relay_holder, BARN: child_coordinator}}}}
      holder_name: navn
      state: {{path: tilstand, codes: {{TILBUDT: offered, HAR: accepted, SLUTT: ended}}}}
"""
TURNS = Resource(
    kind="assignment", path="/roller", records="data", paging="cursor", next="neste", feed=True, more="mer",
    id="id", version="versjon", modified="endret", deleted="slettet", create="POST", update="PATCH", keyed=True,
    if_match=True,
)  # fmt: skip
[CHECK] = [one for one in CHECKS if one.id == "baton.lands"]


class OneField(RestAdapter):
    name = "turns"
    resources = (TURNS,)


class EachTurn(OneField):
    capabilities = msgspec.structs.replace(OneField.capabilities, baton="assignments")


class AnotherRole:
    """Whatever is released, the vendor is told that it is the child coordinator."""

    def deliver(self, release, idempotency_key):
        told = {**release.fields, "role": "child_coordinator"}
        return super().deliver(msgspec.structs.replace(release, fields=told), idempotency_key)


class WrongRoleField(AnotherRole, OneField):
    pass


class WrongRoleTurn(AnotherRole, EachTurn):
    capabilities = EachTurn.capabilities


class KeepsTheFirst(OneField):
    """A record that is there keeps its holder."""

    def deliver(self, release, idempotency_key):
        if release.native_id is not None:
            fields = {name: value for name, value in release.fields.items() if name != "holder_name"}
            release = msgspec.structs.replace(release, fields=fields, changed=("state",))
        return super().deliver(release, idempotency_key)


class EndsNobody(EachTurn):
    """The old turn is never told to have ended, so that two hold."""

    capabilities = EachTurn.capabilities

    def deliver(self, release, idempotency_key):
        if release.native_id is not None:
            release = msgspec.structs.replace(release, fields={**release.fields, "state": "accepted"})
        return super().deliver(release, idempotency_key)


class MakesAnother(OneField):
    """A product with one field gets a second record beside the first."""

    def deliver(self, release, idempotency_key):
        return super().deliver(msgspec.structs.replace(release, native_id=None, version=None), idempotency_key)


def outcome(adapter, *, role="relay_holder"):
    bench = rest_bench(adapter, brought={"turns": MAPPING.format(name="turns")})
    bench.samples = tuple(_with(one, role) for one in bench.samples)
    return run_check(CHECK, bench)


def _with(sample, role):
    raw = {"relay_holder": "STAFETT", "child_coordinator": "BARN"}[role]
    return msgspec.structs.replace(
        sample,
        body={**sample.body, "rolle": raw, "tilstand": "HAR"},
        fields={**sample.fields, "role": role, "state": "accepted"},
    )


@pytest.mark.parametrize("adapter", [OneField, EachTurn])
@pytest.mark.parametrize("role", ["relay_holder", "child_coordinator"])
def test_a_hand_over_lands_at_a_sound_adapter(adapter, role):
    told = outcome(adapter, role=role)
    assert told.passed is True, told.evidence
    assert role in told.evidence


@pytest.mark.parametrize("adapter", [WrongRoleField, WrongRoleTurn, KeepsTheFirst, EndsNobody, MakesAnother])
def test_a_hand_over_that_does_not_land_is_found(adapter):
    assert outcome(adapter).passed is False
