"""What a mapping file says, once it has been checked: frozen values from which source is written."""

from collections.abc import Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct

from gateway.core.mapping.shapes import Shape

Path = tuple[str, ...]


class CodeList(Struct, frozen=True, kw_only=True):
    """A code list both ways.

    ``read`` gives the canonical value of a written code (of a level: ``{"code", "rank"}``); ``write`` gives the code
    to write for a canonical value (of a level: for its code). Several codes may be read as the same value; one is
    written.
    """

    read: Mapping[Any, Any]
    write: Mapping[Any, Any]


Vocabulary = Mapping[str, CodeList]
"""A municipality's code lists by name: ``levels``, ``steps``, ``meeting_types``, ``services`` …"""


class Problem(Struct, frozen=True, kw_only=True, order=True):
    """Something wrong in a mapping file: where in it (dotted keys), a stable code, and what to do."""

    key: str
    code: str
    text: str


class MappingInvalid(Exception):
    """A mapping that cannot be used, with all its problems at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.code} at {problem.key}: {problem.text}" for problem in problems))
        self.problems = problems


class Pattern(Struct, frozen=True, kw_only=True):
    """A fixed-width way to write days or times, such as ``%d.%m.%Y``: what stands where."""

    text: str
    places: Mapping[str, int]
    literals: tuple[tuple[int, str], ...]
    length: int


class Value(Struct, frozen=True, kw_only=True):
    """How one thing stands with the vendor: where, in which writing, through which codes."""

    path: Path = ()
    shape: Shape = Shape(form="text")
    const: Any = None
    has_const: bool = False
    codes: CodeList | None = None
    keep_unknown: bool = False
    equals: tuple[Any, ...] | None = None
    """A header flag that is true when the vendor's value is one of these."""
    pattern: Pattern | None = None
    form: Literal["iso", "midnight", "epoch", "epoch_ms", "pattern"] = "iso"
    zone: tzinfo | None = None
    split: str | None = None
    single: bool = False
    """The vendor has one value where ours is a list."""
    each: "Path | Mapping[str, Value] | None" = None
    """For a list of the vendor's objects: where in each the value stands, or each part of ours by its name."""
    writes_as: Literal["number", "text"] | None = None
    empty: Any = None
    has_empty: bool = False
    absent_is_empty: bool = False
    read_only: bool = False


class Nested(Struct, frozen=True, kw_only=True):
    """Items that stand inside the vendor's record: where, read and written by which entry, one or many."""

    path: Path
    entry: str
    one: bool = False


class Entry(Struct, frozen=True, kw_only=True):
    """One kind as one of the vendor's kinds of record writes it."""

    name: str
    kind: str
    vendor_kinds: tuple[str, ...]
    fields: Mapping[str, Value]
    head: Mapping[str, Value] = MappingProxyType({})
    id_suffix: str | None = None
    when: tuple[tuple[Path, Any], ...] = ()
    always: tuple[tuple[Path, Any], ...] = ()
    nested: tuple[Nested, ...] = ()
    read_only: bool = False


class Spec(Struct, frozen=True, kw_only=True):
    """A whole mapping file."""

    adapter: str
    version: str
    entries: Mapping[str, Entry]
