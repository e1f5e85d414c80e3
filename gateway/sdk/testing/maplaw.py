"""The law of mappings as a test to inherit: what is written and read again is what it was.

::

    class TestAcme(MappingLaw):
        mapping = compile_mapping(…, vocabulary=…)

Values are made from the mapping itself: each field gets what the model allows and the vendor's format can carry.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from gateway.core.mapping import CompiledMapping, Entry
from gateway.core.mapping.draft import Draft
from gateway.core.mapping.shapes import Shape
from gateway.core.mapping.spec import CodeList, Value
from gateway.core.model import Fault
from gateway.core.reading import Raw, Reading

CANNOT = frozenset({"mapping.precision", "mapping.split", "mapping.empty"})
"""Faults by which a mapping says that its format cannot carry a value."""

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_NAME = st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=8)
_WHOLE = st.integers(0, 10**6)
_DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat)
_TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - taken as UTC below


def items(mapping: CompiledMapping, kind: str, depth: int = 2) -> st.SearchStrategy[Draft]:
    """Items of a kind that the mapping can write, with others inside them where it nests."""
    entry = _writer(mapping, kind)
    parts: st.SearchStrategy[tuple[Draft, ...]] = st.just(())
    if depth and entry.nested:
        parts = st.tuples(
            *(
                st.lists(items(mapping, inner.kind, depth - 1), max_size=1 if nested.one else 2)
                for nested in entry.nested
                if not (inner := mapping.spec.entries[nested.entry]).read_only
            )
        ).map(lambda groups: tuple(one for group in groups for one in group))
    return st.builds(
        Draft,
        kind=st.just(kind),
        fields=_fields(entry.fields, nulls=True),
        native_id=_head(entry, "id"),
        case_native_id=_head(entry, "case"),
        category=_head(entry, "category"),
        about=_head(entry, "about").map(lambda found: tuple(found or ())),
        withheld_from_parents=_head(entry, "withheld_from_parents"),
        parts=parts,
    )


def _writer(mapping: CompiledMapping, kind: str) -> Entry:
    return next(entry for entry in mapping.spec.entries.values() if entry.kind == kind and not entry.read_only)


def _head(entry: Entry, name: str) -> st.SearchStrategy[Any]:
    value = entry.head.get(name)
    if value is None or value.has_const:
        return st.none()
    return _value(value)


def _fields(values: Mapping[str, Value], *, nulls: bool) -> st.SearchStrategy[dict[str, Any]]:
    always: dict[str, st.SearchStrategy[Any]] = {}
    perhaps: dict[str, st.SearchStrategy[Any]] = {}
    for name, value in values.items():
        if value.has_const:
            always[name] = st.just(value.const)
        elif value.read_only:
            continue
        else:
            made = st.none() | _value(value) if nulls else _value(value)
            (always if value.absent_is_empty else perhaps)[name] = made
    return st.fixed_dictionaries(always, optional=perhaps)


def _value(value: Value) -> st.SearchStrategy[Any]:
    if not value.shape.many:
        return _one(value)
    if isinstance(value.each, Mapping):
        return st.lists(_fields(value.each, nulls=False), max_size=3)
    return st.lists(_one(value), min_size=int(value.single), max_size=1 if value.single else 3)


def _one(value: Value) -> st.SearchStrategy[Any]:
    if value.codes is not None:
        return st.sampled_from(_meanings(value.codes))
    if value.writes_as == "number":
        return _WHOLE.map(str)
    if value.shape.form == "instant":
        return _instants(value)
    return _shaped(value.shape)


def _meanings(codes: CodeList) -> list[Any]:
    return [codes.read[code] for code in codes.write.values()]


def _instants(value: Value) -> st.SearchStrategy[str]:
    coarse = _TIMES.map(lambda moment: moment.replace(second=0, microsecond=0))
    times = coarse if value.pattern is not None or value.form != "iso" else coarse | _TIMES
    return times.map(lambda moment: moment.isoformat() + "Z")


def _shaped(shape: Shape) -> st.SearchStrategy[Any]:
    match shape.form:
        case "choice":
            return st.sampled_from(shape.values)
        case "flag":
            return st.booleans()
        case "count":
            return _WHOLE
        case "day":
            return _DAYS
        case "instant":
            return _TIMES.map(lambda moment: moment.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z"))
        case "ref":
            return _NAME
        case "table":
            return st.dictionaries(_NAME, st.integers(0, 10), max_size=3)
        case "level":
            return st.fixed_dictionaries({"code": _NAME}, optional={"rank": st.integers(0, 3)})
        case "object":
            parts = {
                name: st.lists(_shaped(part), max_size=2) if part.many else _shaped(part)
                for name, part in shape.parts.items()
            }
            return st.fixed_dictionaries({}, optional=parts)
        case _:
            return _TEXT


class MappingLaw:
    """Inherit and set ``mapping``: the law is tested for every kind that it writes."""

    mapping: ClassVar[CompiledMapping]
    examples: ClassVar[int] = 40
    phases: ClassVar[tuple[Phase, ...]] = tuple(Phase)

    def test_what_is_written_and_read_again_is_what_it_was(self) -> None:
        """``read(write(x)) == x``, through JSON, for every kind that has records of its own."""
        tried = 0
        for entry in self.mapping.spec.entries.values():
            if entry.read_only or not entry.vendor_kinds or _writer(self.mapping, entry.kind) is not entry:
                continue
            tried += 1
            self._try(entry)
        if not tried:
            pytest.skip("the mapping writes nothing")

    def _try(self, entry: Entry) -> None:
        @settings(
            max_examples=self.examples,
            phases=self.phases,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(items(self.mapping, entry.kind))
        def law(item: Draft) -> None:
            told, expected = self._there_and_back(entry, item)
            assert told == expected

        law()

    def _there_and_back(self, entry: Entry, item: Draft) -> tuple[Any, Any]:
        try:
            body = msgspec.json.decode(msgspec.json.encode(self.mapping.write(item)))
        except Fault as fault:
            assume(fault.code not in CANNOT)
            raise
        readings = self.mapping.read(Raw(kind=entry.vendor_kinds[0], id=item.native_id or "new"), body)
        own = [reading for reading in readings if _is_of(self.mapping, reading)]
        told = sorted((_told(self.mapping, reading) for reading in own), key=_order)
        return told, sorted((_meant(self.mapping, one) for one in _flat(item)), key=_order)


def _order(told: Any) -> bytes:
    return msgspec.json.encode(told, order="sorted")


def _is_of(mapping: CompiledMapping, reading: Reading) -> bool:
    """Entries that only read may find more in a record than was written."""
    return reading.kind in mapping.writers


def _flat(item: Draft) -> list[Draft]:
    return [item, *(inner for part in item.parts for inner in _flat(part))]


def _told(mapping: CompiledMapping, reading: Reading) -> list[Any]:
    entry = _writer(mapping, reading.kind)
    fields = {name: found for name, found in reading.fields.items() if name in _carried(entry)}
    return [reading.kind, reading.id if _wrote(entry, "id") else None, fields, *_heads(entry, reading)]


def _meant(mapping: CompiledMapping, item: Draft) -> list[Any]:
    entry = _writer(mapping, item.kind)
    return [item.kind, item.native_id if _wrote(entry, "id") else None, dict(item.fields), *_heads(entry, item)]


def _carried(entry: Entry) -> set[str]:
    return {name for name, value in entry.fields.items() if value.has_const or not value.read_only}


def _wrote(entry: Entry, name: str) -> bool:
    return name in entry.head and not entry.head[name].has_const


def _heads(entry: Entry, one: Reading | Draft) -> list[Any]:
    return [
        list(one.about or ()) if _wrote(entry, "about") else None,
        one.category if _wrote(entry, "category") else None,
    ]
