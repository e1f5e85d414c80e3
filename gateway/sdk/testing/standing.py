"""A stand-in of a vendor's system as the kit's world: what most of them have alike, written once.

Subclass it, say ``can`` and ``state``, and write what a user there can do; what stays here raises, or does nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from gateway.sdk.simfaults import Troubles
from gateway.sdk.testing.world import Ability, Sample, Thing


class Held(Protocol):
    """A stand-in that is open: where it answers, and what goes wrong with it."""

    @property
    def url(self) -> str:
        """Its address on loopback."""
        ...

    @property
    def troubles(self) -> Troubles:
        """The faults in force."""
        ...


S = TypeVar("S", bound=Held)


class StandInWorld(Generic[S]):
    """A ``World`` whose truth a stand-in holds."""

    can: Collection[Ability] = frozenset({"down", "rejected", "lost", "requests"})

    def __init__(self, standin: S) -> None:
        self.standin = standin
        self.url = standin.url

    def state(self) -> Mapping[str, Thing]:
        """The truth, which only the stand-in's own kind knows."""
        raise NotImplementedError

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """Users there make nothing that could be heard of."""
        raise NotImplementedError

    def edit(self, kind: str, ident: str, patch: Mapping[str, Any]) -> None:
        """Users there change nothing that could be heard of."""
        raise NotImplementedError

    def delete(self, kind: str, ident: str) -> None:
        """Nothing is deleted there."""
        raise NotImplementedError

    def fault(self, name: str, times: int = 1) -> None:
        """The system fails in this way."""
        self.standin.troubles.order({"faults": [{"what": name, "times": times}]})

    def heal(self) -> None:
        """It works again."""
        self.standin.troubles.clear()

    def ready(self, sample: Sample) -> str | None:
        """A record stands in nothing."""
        del sample
        return None

    def acknowledged(self) -> Collection[str]:
        """The system is not told what was kept."""
        return ()

    def requests(self) -> Sequence[str]:
        """Every address that was asked for, where the stand-in keeps them."""
        asked: Iterable[str] = getattr(self.standin, "asked", ())
        return list(asked)

    def age(self) -> None:
        """Nothing is read by time."""

    def webhook(self) -> Any:
        """It calls nobody."""
        raise NotImplementedError
