"""Two-way field maps: rename, nest and translate code lists, by a YAML file that is compiled to Python at load.

``compile_mapping`` checks a file's plain values and gives a ``CompiledMapping`` with ``read`` and ``write``. The law
``read(write(x)) == x`` holds for every canonical ``x`` that the vendor's format can carry; what it cannot carry is a
``Fault`` when it is written, never a silent loss. The format is told in ``docs/reference/mapping.md``.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from gateway.core.mapping.parse import Zones, parse
from gateway.core.mapping.source import generate
from gateway.core.mapping.spec import CodeList, Entry, MappingInvalid, Problem, Spec, Vocabulary
from gateway.core.model import Fault
from gateway.core.reading import Raw, Reading


class Outgoing(Protocol):
    """What ``write`` needs of an item: a ``Release`` is one."""

    @property
    def kind(self) -> str:
        """The canonical kind."""
        ...

    @property
    def fields(self) -> Mapping[str, Any]:
        """Canonical values by field name."""
        ...

    @property
    def native_id(self) -> str | None:
        """The vendor's id, for an item that it holds already."""
        ...

    @property
    def case_native_id(self) -> str | None:
        """The vendor's id of the case."""
        ...

    @property
    def refs(self) -> Mapping[str, str] | None:
        """The vendor's id for each of ours that a field names; ``None`` when the fields hold the vendor's already."""
        ...

    @property
    def category(self) -> str | None:
        """The item's category, where the vendor is told."""
        ...

    @property
    def about(self) -> tuple[str, ...]:
        """Whom the item is about, as ids that ``refs`` knows."""
        ...

    @property
    def withheld_from_parents(self) -> bool | None:
        """Whether guardians may not see it; ``None`` when the vendor is not told."""
        ...

    @property
    def parts(self) -> "Sequence[Outgoing]":
        """The items that stand inside, for a vendor that takes whole documents."""
        ...


class CompiledMapping(Struct, frozen=True, kw_only=True):
    """A mapping ready for use. ``source`` is the generated Python; ``spec`` is what it was made from."""

    adapter: str
    version: str
    spec: Spec
    source: str
    readers: Mapping[str, tuple[tuple[str, Callable[..., None]], ...]]
    writers: Mapping[str, Callable[[Any], dict[str, Any]]]

    def read(self, raw: Raw, body: Any) -> list[Reading]:
        """Readings of one vendor record whose decoded body is ``body``: the record's own first, then those inside it.

        A tombstone without a body gives an empty deleted reading. Raises ``Fault`` with a ``mapping.*`` code and the
        vendor's path.
        """
        readers = self.readers.get(raw.kind)
        if readers is None:
            raise Fault("mapping.kind", "$")
        if raw.deleted and not body:
            return [Reading(kind=kind, id=raw.id, fields={}, version=raw.version, deleted=True) for kind, _ in readers]
        out: list[Reading] = []
        for _, reader in readers:
            reader(body, raw.id, raw.version, out, None)
        return out

    def write(self, item: Outgoing) -> dict[str, Any]:
        """The vendor's body for an item: what its fields say, in the vendor's names and codes, and nothing else.

        Raises ``Fault`` with a ``mapping.*`` code and our path for a kind that is not written, for a value that the
        vendor has no code or no exact writing for, and for a reference that ``refs`` does not know.
        """
        writer = self.writers.get(item.kind)
        if writer is None:
            raise Fault("mapping.kind", "$.kind")
        return writer(item)

    def carried(self, kind: str) -> frozenset[str]:
        """The fields of a kind that ``write`` puts into a body; the others never reach this vendor."""
        entry = _writing(self.spec).get(kind)
        return frozenset(name for name, value in entry.fields.items() if not value.read_only) if entry else frozenset()

    def told(self, kind: str) -> frozenset[str]:
        """The fields of a kind that a reading of this vendor can hold."""
        entries = [entry for entry in self.spec.entries.values() if entry.kind == kind]
        return frozenset(name for entry in entries for name in entry.fields)


def compile_mapping(
    spec: Mapping[str, Any], *, vocabulary: Vocabulary | None = None, zones: Zones = ZoneInfo
) -> CompiledMapping:
    """A mapping from the plain values of its file.

    ``vocabulary`` holds the municipality's code lists (``Terms.vocabulary()``). Raises ``MappingInvalid`` with all
    that is wrong.
    """
    parsed, problems = parse(spec, vocabulary=vocabulary or {}, zones=zones)
    if parsed is None:
        raise MappingInvalid(problems)
    source = generate(parsed)
    names = source.ready()
    numbers = {name: number for number, name in enumerate(parsed.entries)}
    readers: dict[str, list[tuple[str, Callable[..., None]]]] = {}
    for entry in parsed.entries.values():
        for kind in entry.vendor_kinds:
            readers.setdefault(kind, []).append((entry.kind, names[f"read_{numbers[entry.name]}"]))
    writers = {kind: names[f"write_{numbers[entry.name]}"] for kind, entry in _writing(parsed).items()}
    return CompiledMapping(
        adapter=parsed.adapter,
        version=parsed.version,
        spec=parsed,
        source="\n".join(source.lines) + "\n",
        readers=MappingProxyType({kind: tuple(found) for kind, found in readers.items()}),
        writers=MappingProxyType(writers),
    )


def _writing(spec: Spec) -> dict[str, Entry]:
    """The entry that writes each kind: the first that is not read only."""
    found: dict[str, Entry] = {}
    for entry in spec.entries.values():
        if not entry.read_only:
            found.setdefault(entry.kind, entry)
    return found


__all__ = [
    "CodeList", "CompiledMapping", "Entry", "MappingInvalid", "Outgoing", "Problem", "Spec", "Vocabulary",
    "compile_mapping",
]  # fmt: skip
