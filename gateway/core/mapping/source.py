"""Writes the Python source of a mapping: one function to read and one to write for each entry.

Nothing of a mapping file becomes code: its texts enter as constants (``repr`` of a ``str``) or by name from a table
of values, and the functions and variables are numbered, never named after anything in the file.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from gateway.core.mapping.crowd import crowds
from gateway.core.mapping.lines import Source
from gateway.core.mapping.spec import CodeList, Entry, Path, Pattern, Spec, Value
from gateway.core.mapping.writing import emit_writer

_HEAD_ORDER = ("category", "about", "withheld_from_parents", "service", "unit", "valid_from")


class Spot(Struct, frozen=True, kw_only=True):
    """Where a value is taken from and put, as expressions: indentation, variable, target, path for a fault."""

    depth: int
    var: str
    place: str
    where: str

    def to(self, **changes: str) -> "Spot":
        """The same spot with other expressions."""
        return msgspec.structs.replace(self, **changes)


class Scope(Struct, frozen=True, kw_only=True):
    """A vendor's object under way: the variables of it and of ours, its path, and its parts fetched so far."""

    depth: int
    body: str
    target: str
    where: str
    known: dict[Path, str]


def at(base: str, more: str) -> str:
    """The expression of a path that goes on: ``base`` is an expression, ``more`` text."""
    if base.endswith("'") and base.startswith("'") and base.count("'") == 2 and "\\" not in base:
        return literal(base[1:-1] + more)
    return f"{base} + {literal(more)}"


def literal(text: str) -> str:
    """Text as a Python constant."""
    if type(text) is not str:
        raise TypeError("only text becomes a constant")
    return repr(text)


def generate(spec: Spec) -> Source:
    """The source of all readers and writers: ``read_<n>`` and ``write_<n>`` in the order of the entries."""
    source = Source()
    inner = {name: (number, entry) for number, (name, entry) in enumerate(spec.entries.items())}
    for number, entry in inner.values():
        _emit_reader(source, entry, number, inner)
        emit_writer(source, entry, number, inner)
    return source


def _emit_reader(source: Source, entry: Entry, number: int, inner: Mapping[str, tuple[int, Entry]]) -> None:
    add = source.add
    add(0, f"def read_{number}(b, raw_id, raw_version, out, outer):")
    add(1, "if type(b) is not dict: raise Fault('mapping.shape', '$')")
    scope = Scope(depth=1, body="b", target="f", where="'$'", known={})
    for path, constant in entry.when:
        _fetch(source, path, "v", scope)
        add(1, f"if v != {source.keep(constant)} or type(v) is not type({source.keep(constant)}): return")
    add(1, "f = {}")
    add(1, "d = ()")
    add(1, "w = outer is not None and outer.withheld_from_parents")
    alone = dict(entry.fields)
    for parent, members in crowds(entry.fields, _is_simple).items():
        _emit_crowd(source, parent, members, scope)
        for name in members:
            del alone[name]
    for name, value in alone.items():
        _emit_field(source, name, value, scope)
    _emit_head(source, entry, scope)
    add(1, "out.append(r)")
    for nested in entry.nested:
        _fetch(source, nested.path, "v", scope)
        where = "$." + ".".join(nested.path)
        add(1, "if v is not A and v is not None:")
        reader = f"read_{inner[nested.entry][0]}"
        if nested.one:
            add(2, f"try: {reader}(v, None, None, out, r)")
            add(2, f"except Fault as fault: raise within(fault, {literal(where)}) from None")
            continue
        add(2, f"if type(v) is not list: raise Fault('mapping.shape', {literal(where)})")
        add(2, "for i, x in enumerate(v):")
        add(3, f"try: {reader}(x, None, None, out, r)")
        add(3, f"except Fault as fault: raise within(fault, {literal(where + '[')} + str(i) + ']') from None")


def _emit_head(source: Source, entry: Entry, scope: Scope) -> None:
    add = source.add
    told = {}
    for name in ("id", "case", "version", "deleted", *_HEAD_ORDER):
        value = entry.head.get(name)
        if value is None:
            continue
        told[name] = f"h_{name}"
        if value.has_const:
            add(1, f"h_{name} = {source.keep(value.const)}")
            continue
        _fetch(source, value.path, "v", scope)
        where = literal("$." + ".".join(value.path))
        if value.equals is not None:
            kinds = frozenset(type(one) for one in value.equals)
            add(1, f"h_{name} = type(v) in {source.keep(kinds)} and v in {source.keep(value.equals)}")
            continue
        missing = "False" if value.shape.form == "flag" else "None"
        add(1, f"h_{name} = {missing}")
        add(1, "if v is not A and v is not None:")
        emit_values(source, value, Spot(depth=2, var="v", place=f"h_{name}", where=where))
        if value.shape.form == "flag":
            add(2, f"if type(h_{name}) is not bool: raise Fault('mapping.type', {where})")
        elif name in ("category", "service") and not value.codes:
            add(2, f"if type(h_{name}) is not str: raise Fault('mapping.type', {where})")
    id_path = literal("$." + ".".join(entry.head["id"].path)) if "id" in entry.head else "'$'"
    if entry.id_suffix is not None:
        add(1, f"i_d = None if outer is None else outer.id + {literal('/' + entry.id_suffix)}")
    else:
        add(1, f"i_d = {told.get('id', 'raw_id')}")
        if "id" in told:
            add(1, "if i_d is None: i_d = raw_id")
    add(1, f"if not i_d: raise Fault('mapping.id', {id_path})")
    case = told.get("case", "None")
    add(1, f"c = {case}")
    add(1, "if c is None and outer is not None: c = outer.id if outer.kind == 'case' else outer.case")
    for name in ("service", "unit"):
        add(1, f"o_{name} = {told.get(name, 'None')}")
        add(1, f"if o_{name} is None and outer is not None: o_{name} = outer.{name}")
    told |= {"service": "o_service", "unit": "o_unit"}
    withheld = f"{told['withheld_from_parents']} or w" if "withheld_from_parents" in told else "w"
    version = f"{told['version']} or raw_version" if "version" in told else "raw_version"
    rest = "".join(
        f", {name}={told[name]}" for name in ("category", "about", "service", "unit", "valid_from", "deleted")
        if name in told
    )  # fmt: skip
    add(
        1,
        f"r = Reading(kind={literal(entry.kind)}, id=i_d, fields=f, case=c, withheld_from_parents={withheld}, "
        f"version={version}, doubts=d{rest})",
    )


def _fetch(source: Source, path: Path, var: str, scope: Scope) -> None:
    """``var`` becomes the value at a path: absent or null parents make it absent or null."""
    known = scope.known
    for length in range(1, len(path)):
        prefix = path[:length]
        if prefix not in known:
            name = source.fresh("p")
            source.add(scope.depth, f"{name} = {_get(path, length, scope)}")
            source.add(scope.depth, f"if type({name}) is not dict and {name} is not A and {name} is not None:")
            source.add(scope.depth + 1, f"raise Fault('mapping.shape', {at(scope.where, '.' + '.'.join(prefix))})")
            known[prefix] = name
    source.add(scope.depth, f"{var} = {_get(path, len(path), scope)}")


def _get(path: Path, length: int, scope: Scope) -> str:
    key = literal(path[length - 1])
    if length == 1:
        return f"{scope.body}.get({key}, A)"
    owner = scope.known[path[: length - 1]]
    return f"{owner}.get({key}, A) if type({owner}) is dict else {owner}"


def _emit_field(source: Source, name: str, value: Value, scope: Scope) -> None:
    depth = scope.depth
    place = f"{scope.target}[{literal(name)}]"
    if value.has_const:
        const = value.const
        copied = "list" if isinstance(const, list) else "dict" if isinstance(const, Mapping) else ""
        source.add(depth, f"{place} = {copied}({source.keep(const)})")
        return
    var = source.fresh("v")
    _fetch(source, value.path, var, scope)
    if value.absent_is_empty:
        source.add(depth, f"if {var} is A: {var} = None")
    if value.has_empty and value.empty is not None:
        empty = source.keep(value.empty)
        source.add(depth, f"if {var} == {empty} and type({var}) is type({empty}): {var} = None")
    if _is_plain(value):
        source.add(depth, f"if {var} is not A: {place} = {var}")
        return
    source.add(depth, f"if {var} is None: {place} = None")
    source.add(depth, f"elif {var} is not A:")
    where = at(scope.where, "." + ".".join(value.path))
    emit_values(source, value, Spot(depth=depth + 1, var=var, place=place, where=where))


def _is_simple(value: Value) -> bool:
    return not (value.has_const or value.absent_is_empty or value.has_empty)


def _emit_crowd(source: Source, parent: Path, members: Mapping[str, Value], scope: Scope) -> None:
    add, depth, target = source.add, scope.depth, scope.target
    held = source.fresh("p")
    _fetch(source, parent, held, scope)
    where = at(scope.where, "." + ".".join(parent))
    add(depth, f"if type({held}) is dict:")
    plain = {value.path[-1]: name for name, value in members.items() if _is_plain(value)}
    if plain:
        table = source.keep(plain)
        add(depth + 1, f"for k, v in {held}.items():")
        add(depth + 2, f"if k in {table}: {target}[{table}[k]] = v")
    for name, value in members.items():
        if _is_plain(value):
            continue
        key, var, place = literal(value.path[-1]), source.fresh("v"), f"{target}[{literal(name)}]"
        add(depth + 1, f"if {key} in {held}:")
        add(depth + 2, f"{var} = {held}[{key}]")
        add(depth + 2, f"if {var} is None: {place} = None")
        add(depth + 2, "else:")
        spot = Spot(depth=depth + 3, var=var, place=place, where=at(scope.where, "." + ".".join(value.path)))
        emit_values(source, value, spot)
    add(depth, f"elif {held} is None:")
    add(depth + 1, f"for n in {source.keep(tuple(members))}: {target}[n] = None")
    add(depth, f"elif {held} is not A: raise Fault('mapping.shape', {where})")


def _is_plain(value: Value) -> bool:
    """Whether the vendor's value is ours as it stands; the model checks it later."""
    if value.codes or value.writes_as or value.split or value.each or value.single:
        return False
    return value.shape.form in ("text", "flag", "count", "object", "table", "level")


def emit_values(source: Source, value: Value, spot: Spot) -> None:
    """Read the vendor's value at a spot, which is neither absent nor null there."""
    depth, var = spot.depth, spot.var
    if not value.shape.many:
        emit_one(source, value, spot)
        return
    if value.single:
        made = source.fresh("y")
        emit_one(source, value, spot.to(place=made))
        source.add(depth, f"{spot.place} = [{made}]")
        return
    if value.split:
        source.add(depth, f"{var} = parted({var}, {spot.where}, {literal(value.split)})")
    source.add(depth, f"if type({var}) is not list: raise Fault('mapping.shape', {spot.where})")
    listed, one, index, made = source.fresh("l"), source.fresh("x"), source.fresh("i"), source.fresh("y")
    source.add(depth, f"{spot.place} = {listed} = []")
    source.add(depth, f"for {index}, {one} in enumerate({var}):")
    item = Spot(depth=depth + 1, var=one, place=made, where=f"{spot.where} + '[' + str({index}) + ']'")
    if value.each is not None:
        source.add(depth + 1, f"if type({one}) is not dict: raise Fault('mapping.shape', {item.where})")
    if isinstance(value.each, Mapping):
        source.add(depth + 1, f"{made} = {{}}")
        scope = Scope(depth=depth + 1, body=one, target=made, where=item.where, known={})
        for name, part in value.each.items():
            _emit_field(source, name, part, scope)
    elif value.each is not None:
        inner = source.fresh("z")
        _fetch(source, value.each, inner, Scope(depth=depth + 1, body=one, target="", where=item.where, known={}))
        where = at(item.where, "." + ".".join(value.each))
        source.add(depth + 1, f"if {inner} is A: raise Fault('mapping.shape', {where})")
        emit_one(source, value, item.to(var=inner, where=where))
    else:
        emit_one(source, value, item)
    source.add(depth + 1, f"{listed}.append({made})")


def emit_one(source: Source, value: Value, spot: Spot) -> None:
    """Read a single value."""
    add, depth, var, place, where = source.add, spot.depth, spot.var, spot.place, spot.where
    if value.writes_as == "number":
        add(depth, f"{var} = digits({var}, {where})")
    elif value.writes_as == "text":
        add(depth, f"{var} = number({var}, {where})")
    if value.codes is not None:
        _emit_code(source, value, value.codes, spot)
        return
    match value.shape.form:
        case "ref":
            add(depth, f"{place} = {var} if type({var}) is str else text({var}, {where})")
        case "choice":
            values = source.keep({one: one for one in value.shape.values})
            add(depth, f"try: {place} = {values}[{var}]")
            add(depth, f"except (KeyError, TypeError): raise Fault('mapping.code', {where}) from None")
        case "day":
            _emit_day(source, value, spot)
        case "instant":
            _emit_instant(source, value, spot)
        case _:
            add(depth, f"{place} = {var}")


def _emit_code(source: Source, value: Value, codes: CodeList, spot: Spot) -> None:
    add, depth, var, place, where = source.add, spot.depth, spot.var, spot.place, spot.where
    table = source.keep(codes.read)
    kinds = {type(code) for code in codes.read}
    if kinds != {str}:  # 1 and True are the same key to Python, and not to a vendor
        add(depth, f"if type({var}) not in {source.keep(frozenset(kinds))}:")
        add(depth + 1, f"raise Fault('mapping.code', {where})")
    found = f"{table}[{var}]"
    add(depth, f"try: {place} = {f'dict({found})' if value.shape.form == 'level' else found}")
    add(depth, "except (KeyError, TypeError):")
    if not value.keep_unknown:
        add(depth + 1, f"raise Fault('mapping.code', {where}) from None")
        return
    kept = f"text({var}, {where})"
    add(depth + 1, f"{place} = {{'code': {kept}}}" if value.shape.form == "level" else f"{place} = {kept}")
    add(depth + 1, f"d += (('mapping.code', {where}),)")


def _emit_pattern(source: Source, pattern: Pattern, spot: Spot, code: str) -> dict[str, str]:
    """Check what stands between; give the expression of each part of the time."""
    var = spot.var
    odd = "".join(f" or {var}[{place}] != {literal(char)}" for place, char in pattern.literals)
    source.add(spot.depth, f"if type({var}) is not str or len({var}) != {pattern.length}{odd}:")
    source.add(spot.depth + 1, f"raise Fault({literal(code)}, {spot.where})")
    return {part: f"{var}[{start}:{start + (4 if part == '%Y' else 2)}]" for part, start in pattern.places.items()}


def _emit_day(source: Source, value: Value, spot: Spot) -> None:
    told = spot.var
    if value.form == "midnight":
        source.add(spot.depth, f"{spot.place} = midnight({told}, {spot.where}, {source.keep(value.zone)})")
        return
    if value.pattern is not None:
        part = _emit_pattern(source, value.pattern, spot, "mapping.date")
        told = f"{part['%Y']} + '-' + {part['%m']} + '-' + {part['%d']}"
    source.add(spot.depth, f"{spot.place} = day({told}, {spot.where})")


def _emit_instant(source: Source, value: Value, spot: Spot) -> None:
    told = spot.var
    if value.form in ("epoch", "epoch_ms"):
        per_second = 1 if value.form == "epoch" else 1000
        source.add(spot.depth, f"{spot.place} = epoch({told}, {spot.where}, {per_second})")
        return
    if value.pattern is not None:
        part = _emit_pattern(source, value.pattern, spot, "mapping.time")
        told = f"{part['%Y']} + '-' + {part['%m']} + '-' + {part['%d']} + 'T' + {part['%H']}"
        told += f" + ':' + {part['%M']}" if "%M" in part else " + ':00'"
        told += f" + ':' + {part['%S']}" if "%S" in part else ""
    source.add(spot.depth, f"{spot.place} = instant({told}, {spot.where}, {source.keep(value.zone)})")
