"""A stand-in of a vendor's system, or a folder of its files, as the kit's world: what most have alike, written once.

Subclass one, say ``can``, and write what a user there can do; what stays here raises, or does nothing.
"""

import itertools
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from gateway.sdk.folder import DONE
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


class FolderWorld:
    """A system that leaves a file for each change in a folder, a second younger than the one before it.

    Write ``make``, which ends in ``keep``, and ``export``, which ends in ``leave``.
    """

    can: Collection[Ability] = frozenset({"make", "edit", "acknowledged", "requests"})
    suffix = ""
    """How the files' names end: ``.xml``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.things: dict[str, Thing] = {}
        self.files: dict[str, str] = {}
        self.count = itertools.count(1)

    def state(self) -> Mapping[str, Thing]:
        """All living records."""
        return dict(self.things)

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """A user makes a record, and it is exported. Nothing is ever late in a folder."""
        raise NotImplementedError

    def edit(self, kind: str, ident: str, patch: Mapping[str, Any]) -> None:
        """A user changes a record, and it is exported."""
        self.keep(Thing(kind=kind, id=ident, body={**self.things[f"{kind}:{ident}"].body, **patch}))

    def delete(self, kind: str, ident: str) -> None:
        """Nothing is told as deleted."""
        raise NotImplementedError

    def keep(self, thing: Thing) -> None:
        """A record is as it now is, and that is exported."""
        self.things[f"{thing.kind}:{thing.id}"] = thing
        self.export(thing)

    def export(self, thing: Thing) -> None:
        """A file that tells of a record, by ``leave``."""
        raise NotImplementedError

    def leave(self, thing: Thing, content: bytes, *, called: str = "endring") -> None:
        """Put a file that tells of a record into the folder."""
        number = next(self.count)
        path = self.folder / f"{number:06d}-{called}{self.suffix}"
        self.files[path.name] = thing.id
        path.write_bytes(content)
        os.utime(path, (number, number))

    def fault(self, name: str, times: int = 1) -> None:
        """A folder of ours does not fail."""

    def heal(self) -> None:
        """Nothing was wrong."""

    def ready(self, sample: Sample) -> str | None:
        """What a record stands in is exported together with it."""
        del sample
        return None

    def acknowledged(self) -> Collection[str]:
        """The ids in files that were put away."""
        return {self.files[path.name.partition("-")[2]] for path in (self.folder / DONE).glob(f"*{self.suffix}")}

    def requests(self) -> Sequence[str]:
        """The names of all files."""
        return sorted(path.name for path in self.folder.rglob(f"*{self.suffix}"))

    def age(self) -> None:
        """Files are old from the beginning."""

    def webhook(self) -> Any:
        """There are none."""
        raise NotImplementedError
