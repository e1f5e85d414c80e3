"""A bench for the certification kit: the stand-in as the register, with one family in it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from gateway.sdk.testing import Sample, StandInWorld, Thing, Watch, watched_context
from gateway_persontjenesten.adapter import Persontjenesten
from gateway_persontjenesten.seed import Seed
from gateway_persontjenesten.standin import StandIn

_CHILD, _MOTHER, _FATHER = "14831463008", "02898440780", "21868348221"
_PARENTS = (
    Seed(id="mor", number=_MOTHER, given="Marit", family="Lund", born="1984-09-02", address="Bryneveien"),
    Seed(id="far", number=_FATHER, given="Per", family="Lund", born="1983-06-21", address="Hognestadvegen"),
)
_ID = "barn"
_BODY: Mapping[str, Any] = {
    "number": _CHILD,
    "given": "Ada",
    "family": "Lund",
    "born": "2014-03-14",
    "address": "Bryneveien",
    "mother": _MOTHER,
    "father": _FATHER,
    "responsible": [{"by": _MOTHER, "type": "Joint"}, {"by": _FATHER, "type": "Joint"}],
}
SAMPLES = (
    Sample(
        kind="person",
        body=_BODY,
        fields={
            "number": _CHILD,
            "number_type": "fnr",
            "given_name": "Ada",
            "family_name": "Lund",
            "birth_date": "2014-03-14",
            "deceased": False,
            "protection": "none",
        },
        patch={"protection": "StrictlyConfidential"},
        patched={"protection": "strict"},
        recorded=False,
        asks=(_CHILD,),
    ),
    Sample(
        kind="relation",
        body=_BODY,
        fields={
            "person": "mor",
            "child": _ID,
            "relation": "mother",
            "responsibility": "joint",
            "since": "2015-01-01",
            "source": "freg",
            "resident": True,
            "shared_residence": False,
        },
        patch={"responsible": [{"by": _MOTHER, "type": "Mother"}]},
        patched={"responsibility": "sole"},
        recorded=False,
        asks=(_CHILD,),
    ),
)


class RegisterWorld(StandInWorld[StandIn]):
    """The stand-in. A relation there is a child's own entry, so it is made and changed with the child."""

    can: Collection[Any] = frozenset({"make", "edit", "down", "requests"})

    def state(self) -> Mapping[str, Thing]:
        """All persons."""
        people: Mapping[str, Any] = self.standin.register.state()["people"]
        return {f"person:{ident}": Thing(kind="person", id=ident, body=body) for ident, body in people.items()}

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """The register enters the child; the id of the relation to the mother, where that is what is made."""
        self.standin.set_people([{**body, "id": _ID}])
        return _ID if kind == "person" else f"{_ID}:mor"

    def edit(self, kind: str, ident: str, patch: Mapping[str, Any]) -> None:
        """The register changes what it says of the child."""
        self.standin.set_people([{**self.state()[f"person:{_ID}"].body, **patch}])

    def ready(self, sample: Sample) -> str | None:
        """The parents."""
        if not self.state():
            self.standin.set_people(_PARENTS)
        return None

    def requests(self) -> Sequence[str]:
        """Every address that was asked for."""
        return [f"{asked['method']} {asked['path']}" for asked in self.standin.register.asked]


class PersontjenestenBench:
    """The adapter at the stand-in."""

    adapter = Persontjenesten
    samples = SAMPLES
    source = "stand-in"
    page = 100

    @contextmanager
    def world(self) -> Iterator[RegisterWorld]:
        """A new register with nobody in it."""
        with StandIn() as standin:
            yield RegisterWorld(standin)

    def connect(self, world: RegisterWorld, watch: Watch) -> Persontjenesten:
        """A new adapter at that register."""
        return Persontjenesten(watched_context(world.url, watch, secret=StandIn.secret))


def bench() -> PersontjenestenBench:
    """What ``bti adapter certify persontjenesten`` tries the adapter on."""
    return PersontjenestenBench()
