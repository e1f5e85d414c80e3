"""A bench for the certification kit: the stand-in as both registers, with one child in them."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from gateway.sdk.testing import Sample, StandInWorld, Thing, Watch, watched_context
from gateway_nhn_registers.adapter import NhnRegisters
from gateway_nhn_registers.standin import CHILD, DOCTOR, Correspondent, StandIn

_MARK = f" (HER-id {DOCTOR})"
_TOLD = f"Grønn Vits{_MARK}"
SAMPLES = (
    Sample(
        kind="person",
        body={"doctor": _TOLD},
        fields={"number": CHILD, "general_practitioner": _TOLD},
        patch={},
        patched={},
        recorded=False,
        asks=(CHILD,),
    ),
)


class RegistersWorld(StandInWorld[StandIn]):
    """The stand-in. A patient's entry is the doctor's name, whose HER-id is always the same here."""

    can: Collection[Any] = frozenset({"make", "down", "requests"})

    def state(self) -> Mapping[str, Thing]:
        """All patients."""
        return {
            f"person:{number}": Thing(kind="person", id=number, body={"doctor": self.standin.parties[one.doctor].name})
            for number, one in self.standin.patients.items()
        }

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """The child gets a doctor with this name."""
        name = str(body["doctor"]).removesuffix(_MARK)
        self.standin.party(Correspondent(her_id=DOCTOR, name=name, kind="OrganizationPerson"))
        self.standin.patient(CHILD, DOCTOR)
        return CHILD


class RegistersBench:
    """The adapter at the stand-in."""

    adapter = NhnRegisters
    samples = SAMPLES
    source = "stand-in"
    page = 100

    @contextmanager
    def world(self) -> Iterator[RegistersWorld]:
        """Registers with nobody in them."""
        with StandIn() as standin:
            yield RegistersWorld(standin)

    def connect(self, world: RegistersWorld, watch: Watch) -> NhnRegisters:
        """A new adapter at those registers."""
        return NhnRegisters(watched_context(world.url, watch))


def bench() -> RegistersBench:
    """What ``bti adapter certify nhn-registers`` tries the adapter on."""
    return RegistersBench()
