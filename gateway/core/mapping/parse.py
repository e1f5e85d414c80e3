"""From a mapping file's plain values to a checked ``Spec``. Everything that is wrong is told at once."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from gateway.core.mapping import fields as of
from gateway.core.mapping.paths import clashes, is_plain, path_of
from gateway.core.mapping.shapes import Shape, shapes
from gateway.core.mapping.spec import Entry, Nested, Path, Problem, Spec, Value, Vocabulary
from gateway.core.model import KINDS

_TOP = {"adapter", "version", "zone", "kinds"}
_ENTRY = {
    "kind", "from", "fields", "all_fields", "nested", "when", "always", "absent", "zone", "read_only",
    "id", "case", "category", "about", "withheld_from_parents", "version", "service", "unit", "deleted", "valid_from",
}  # fmt: skip
_HEAD: Mapping[str, Shape] = MappingProxyType(
    {
        "id": Shape(form="ref"),
        "case": Shape(form="ref"),
        "category": Shape(form="text"),
        "about": Shape(form="ref", many=True),
        "withheld_from_parents": Shape(form="flag"),
        "version": Shape(form="ref"),
        "service": Shape(form="text"),
        "unit": Shape(form="ref"),
        "deleted": Shape(form="flag"),
        "valid_from": Shape(form="instant"),
    }
)
_READ_ONLY_HEAD = {"version", "service", "unit", "deleted", "valid_from"}

Zones = Callable[[str], Any]
Report = Callable[[str, str, str], None]


def parse(spec: Mapping[str, Any], *, vocabulary: Vocabulary, zones: Zones) -> tuple[Spec | None, list[Problem]]:
    """The checked mapping, or ``None`` with what is wrong with it.

    ``zones`` gives a time zone for its name and raises ``KeyError`` for an unknown one.
    """
    problems: list[Problem] = []

    def report(key: str, code: str, text: str) -> None:
        problems.append(Problem(key=key, code=code, text=text))

    if not is_plain(spec):
        report("", "mapping.shape", "a mapping file holds keys and plain values")
        return None, problems
    unknown_keys(spec, _TOP, "", report)
    for key in ("adapter", "version"):
        if not isinstance(spec.get(key), str) or not spec[key]:
            report(key, "mapping.required", "is needed, as text")
    rules = of.Rules(vocabulary=vocabulary, zones=zones, report=report)
    rules = rules.within(spec, "")
    kinds = spec.get("kinds")
    if not isinstance(kinds, Mapping) or not kinds:
        report("kinds", "mapping.required", "is needed: the kinds that the vendor has")
        return None, problems
    entries = {name: found for name, told in kinds.items() if (found := _entry(name, told, rules))}
    _check_nested(entries, kinds, report)
    if problems:
        return None, sorted(set(problems))
    whole = Spec(adapter=spec["adapter"], version=spec["version"], entries=MappingProxyType(entries))
    return whole, []


def unknown_keys(told: Mapping[str, Any], known: set[str], key: str, report: Report) -> None:
    """Report each key that nothing here reads."""
    for name in told:
        if name not in known:
            report(of.dotted(key, name), "mapping.key", f"is not a key here; there are {', '.join(sorted(known))}")


def _entry(name: str, told: Any, rules: of.Rules) -> Entry | None:
    key = f"kinds.{name}"
    if not isinstance(told, Mapping):
        rules.report(key, "mapping.shape", "holds keys such as from, id and fields")
        return None
    unknown_keys(told, _ENTRY, key, rules.report)
    rules = rules.within(told, key)
    kind = told.get("kind", name)
    if kind not in KINDS:
        rules.report(of.dotted(key, "kind") if "kind" in told else key, "mapping.kind", "is not a kind of the model")
        return None
    own = shapes(kind)
    fields = {}
    told_fields = told.get("fields", {})
    if not isinstance(told_fields, Mapping):
        rules.report(f"{key}.fields", "mapping.shape", "maps field names to where they stand")
        told_fields = {}
    for field, where in told_fields.items():
        if field not in own:
            rules.report(f"{key}.fields.{field}", "mapping.field", f"is not a field of {kind}")
        elif value := of.value(where, own[field], f"{key}.fields.{field}", rules):
            fields[field] = value
    if "all_fields" in told:
        fields |= _all_fields(told["all_fields"], set(fields), kind, f"{key}.all_fields", rules)
    head, suffix = _head(told, key, rules)
    entry = Entry(
        name=name,
        kind=kind,
        vendor_kinds=_vendor_kinds(told, name, key, rules.report),
        fields=MappingProxyType(fields),
        head=MappingProxyType(head),
        id_suffix=suffix,
        when=_constants(told.get("when", {}), f"{key}.when", rules.report),
        always=_constants(told.get("always", {}), f"{key}.always", rules.report),
        nested=_nested(told.get("nested", {}), f"{key}.nested", rules.report),
        read_only=told.get("read_only") is True,
    )
    _check_paths(entry, key, rules.report)
    return entry


def _all_fields(told: Any, named: set[str], kind: str, key: str, rules: of.Rules) -> dict[str, Value]:
    """Every field that is not named, under its own name inside ``told`` (``.`` for the record itself)."""
    prefix = () if told == "." else path_of(told)
    if told != "." and not prefix:
        rules.report(key, "mapping.path", "is where all fields stand, or . for the record itself")
        return {}
    found = {}
    for name, shape in shapes(kind).items():
        if name not in named and (value := of.value([*prefix, name], shape, key, rules)):
            found[name] = value
    return found


def _head(told: Mapping[str, Any], key: str, rules: of.Rules) -> tuple[dict[str, Value], str | None]:
    head, suffix = {}, None
    for name, shape in _HEAD.items():
        where = told.get(name)
        if where is None:
            continue
        if name == "id" and isinstance(where, Mapping) and set(where) == {"suffix"}:
            suffix = str(where["suffix"])
        elif value := of.value(where, shape, f"{key}.{name}", rules, head=True):
            head[name] = value
    return head, suffix


def _vendor_kinds(told: Mapping[str, Any], name: str, key: str, report: Report) -> tuple[str, ...]:
    given = told.get("from", name)
    if given is None:
        return ()
    kinds = given if isinstance(given, list) else [given]
    if not all(isinstance(kind, str) for kind in kinds):
        report(f"{key}.from", "mapping.shape", "names the vendor's kind of record, or a list of them")
        return ()
    return tuple(kinds)


def _constants(told: Any, key: str, report: Report) -> tuple[tuple[Path, Any], ...]:
    if not isinstance(told, Mapping):
        report(key, "mapping.shape", "maps paths to constants")
        return ()
    found = []
    for where, constant in told.items():
        if isinstance(constant, (Mapping, list)):
            report(f"{key}.{where}", "mapping.const", "a constant is a single value")
        elif path := path_of(where):
            found.append((path, constant))
        else:
            report(f"{key}.{where}", "mapping.path", "is not a path")
    return tuple(found)


def _nested(told: Any, key: str, report: Report) -> tuple[Nested, ...]:
    if not isinstance(told, Mapping):
        report(key, "mapping.shape", "maps entries of kinds to where they stand")
        return ()
    found = []
    for name, where in told.items():
        given = {"path": where} if isinstance(where, str) else where
        if not isinstance(given, Mapping):
            report(f"{key}.{name}", "mapping.shape", "is a path, or holds path and one")
            continue
        unknown_keys(given, {"path", "one"}, f"{key}.{name}", report)
        if path := path_of(given.get("path")):
            found.append(Nested(path=path, entry=name, one=given.get("one") is True))
        else:
            report(f"{key}.{name}", "mapping.path", "is not a path")
    return tuple(found)


def _check_nested(entries: Mapping[str, Entry], told: Mapping[str, Any], report: Report) -> None:
    for entry in entries.values():
        for nested in entry.nested:
            key = f"kinds.{entry.name}.nested.{nested.entry}"
            inner = entries.get(nested.entry)
            if nested.entry not in told:
                report(key, "mapping.nested", "is not an entry under kinds")
            elif inner and "id" not in inner.head and inner.id_suffix is None:
                report(f"kinds.{inner.name}.id", "mapping.required", "is needed, since the item stands in another")
            elif inner and inner.id_suffix is not None and not nested.one:
                report(f"kinds.{inner.name}.id", "mapping.nested", "a suffix names one item, and here stand many")


def _check_paths(entry: Entry, key: str, report: Report) -> None:
    """No two things may be written to the same place, or one inside another."""
    places = [(f"{key}.fields.{name}", value.path) for name, value in entry.fields.items() if not value.read_only]
    places += [
        (f"{key}.{name}", value.path)
        for name, value in entry.head.items()
        if name not in _READ_ONLY_HEAD and not value.read_only
    ]
    places += [(f"{key}.when", path) for path, _ in entry.when]
    places += [(f"{key}.always", path) for path, _ in entry.always]
    places += [(f"{key}.nested.{nested.entry}", nested.path) for nested in entry.nested]
    if entry.read_only:
        return
    for first, second in clashes(places):
        report(second, "mapping.path_twice", f"is written where {first} is; mark one of them read_only")
