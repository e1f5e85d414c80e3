"""Writes the Python source that puts released fields into a vendor's names and codes."""

from collections.abc import Mapping

from gateway.core.mapping.crowd import crowds
from gateway.core.mapping.lines import Source
from gateway.core.mapping.spec import CodeList, Entry, Path, Value


def emit_writer(source: Source, entry: Entry, number: int, inner: Mapping[str, tuple[int, Entry]]) -> None:
    """``write_<n>(r)``: the vendor's body for an outgoing item. ``inner`` finds the entries of nested items."""
    add = source.add
    add(0, f"def write_{number}(r):")
    add(1, "f = r.fields")
    add(1, "refs = r.refs")
    add(1, "b = {}")
    for path, constant in (*entry.when, *entry.always):
        add(1, f"{_place(path, 'b')} = {source.keep(constant)}")
    alone = {name: value for name, value in entry.fields.items() if not value.read_only}
    for parent, members in crowds(alone, _is_simple).items():
        _emit_crowd(source, parent, members)
        for name in members:
            del alone[name]
    for name, value in alone.items():
        _emit_field(source, 1, name, value, ("f", "b", repr("$." + name)))
    _emit_head(source, entry)
    written: set[str] = set()
    if entry.nested:
        add(1, "k = {}")
        add(1, "for x in r.parts: k.setdefault(x.kind, []).append(x)")
    for nested in entry.nested:
        writer, part = inner[nested.entry]
        if part.read_only or part.kind in written:
            continue
        written.add(part.kind)
        add(1, f"if {part.kind!r} in k:")
        add(2, f"l = [write_{writer}(x) for x in k[{part.kind!r}]]")
        if nested.one:
            add(2, "if len(l) > 1: raise Fault('mapping.one', '$')")
            add(2, f"{_place(nested.path, 'b')} = l[0]")
        else:
            add(2, f"{_place(nested.path, 'b')} = l")
    add(1, "return b")


def _is_simple(value: Value) -> bool:
    return not value.has_empty


def _is_plain(value: Value) -> bool:
    """Whether our value is the vendor's as it stands."""
    if value.codes or value.writes_as or value.split or value.each or value.single or value.shape.many:
        return False
    if value.shape.form == "day":
        return value.form == "iso" and value.pattern is None
    if value.shape.form == "instant":
        return value.form == "iso" and value.pattern is None and value.zone is None
    return value.shape.form != "ref"


def _emit_crowd(source: Source, parent: Path, members: Mapping[str, Value]) -> None:
    """Many fields in one object of the vendor's: what is released is looked for there, not each that there could be."""
    add = source.add
    plain = {name: value.path[-1] for name, value in members.items() if _is_plain(value)}
    if plain:
        table = source.keep(plain)
        add(1, f"g = {{{table}[n]: x for n, x in f.items() if n in {table}}}")
        add(1, f"if g: {_place((*parent, ''), 'b').removesuffix(repr(['']))}.update(g)")
    for name, value in members.items():
        if name not in plain:
            add(1, f"if {name!r} in f:")
            _emit_field(source, 2, name, value, ("f", "b", repr("$." + name)))


def _emit_head(source: Source, entry: Entry) -> None:
    given = {
        "id": "r.native_id",
        "case": "r.case_native_id",
        "category": "r.category",
        "about": "list(r.about)",
        "withheld_from_parents": "r.withheld_from_parents",
    }
    for name, expression in given.items():
        value = entry.head.get(name)
        if value is None or value.has_const or value.read_only:
            continue
        source.add(1, f"v = {expression}")
        # Null heads are left out: an item that is new to the vendor has no id of its yet.
        source.add(1, "if v:" if name == "about" else "if v is not None:")
        if name in ("id", "case"):
            converted = f"number(v, '$.{name}')" if value.writes_as == "number" else "v"
            source.add(2, f"{_place(value.path, 'b')} = {converted}")
        elif value.equals is not None:
            source.add(2, f"if v: {_place(value.path, 'b')} = {source.keep(value.equals[0])}")
        else:
            _emit_values(source, 2, value, ("v", _place(value.path, "b"), repr("$." + name)))


def _place(path: Path, body: str) -> str:
    """Where to assign; the objects on the way are made when they are first needed."""
    inside = "".join(f".setdefault({key!r}, {{}})" for key in path[:-1])
    return f"{body}{inside}[{path[-1]!r}]"


def _emit_field(source: Source, depth: int, name: str, value: Value, inside: tuple[str, str, str]) -> None:
    """``inside`` names the fields, the body, and the expression of the canonical path."""
    fields, body, where = inside
    add = source.add
    place = _place(value.path, body)
    var = source.fresh("v")
    add(depth, f"{var} = {fields}.get({name!r}, A)")
    empty = source.keep(value.empty) if value.has_empty else "None"
    add(depth, f"if {var} is None: {place} = {empty}")
    add(depth, f"elif {var} is not A:")
    if value.has_empty and value.empty is not None:
        add(depth + 1, f"if {var} == {empty}: raise Fault('mapping.empty', {where})")
    _emit_values(source, depth + 1, value, (var, place, where))


def _emit_values(source: Source, depth: int, value: Value, names: tuple[str, str, str]) -> None:
    """``names`` are those of the canonical value, of where it goes, and of its path."""
    var, place, where = names
    add = source.add
    if value.single:
        add(depth, f"if len({var}) != 1: raise Fault('mapping.one', {where})")
        add(depth, f"{var} = {var}[0]")
    if value.single or not value.shape.many:
        _emit_one(source, depth, value, names)
        return
    listed, one, made = source.fresh("l"), source.fresh("x"), source.fresh("y")
    add(depth, f"{listed} = []")
    add(depth, f"for {one} in {var}:")
    if isinstance(value.each, tuple):
        _emit_one(source, depth + 1, value, (one, made, where))
        add(depth + 1, f"{one} = {{}}")
        add(depth + 1, f"{_place(value.each, one)} = {made}")
        add(depth + 1, f"{listed}.append({one})")
    elif value.each is not None:
        add(depth + 1, f"{made} = {{}}")
        for name, part in value.each.items():
            if not part.read_only:
                _emit_field(source, depth + 1, name, part, (one, made, f"{where} + {'.' + name!r}"))
        add(depth + 1, f"{listed}.append({made})")
    else:
        _emit_one(source, depth + 1, value, (one, made, where))
        add(depth + 1, f"{listed}.append({made})")
    end = listed if value.split is None else f"joined({listed}, {where}, {value.split!r})"
    add(depth, f"{place} = {end}")


def _emit_one(source: Source, depth: int, value: Value, names: tuple[str, str, str]) -> None:
    var, place, where = names
    add = source.add
    if value.shape.form == "ref":
        add(depth, f"{var} = reference(refs, {var}, {where})")
    if value.codes is not None:
        _emit_code(source, depth, value, value.codes, names)
        return
    if value.writes_as == "number":
        add(depth, f"{place} = number({var}, {where})")
    elif value.writes_as == "text":
        add(depth, f"{place} = digits({var}, {where})")
    elif value.shape.form == "day":
        _emit_day(source, depth, value, names)
    elif value.shape.form == "instant":
        _emit_instant(source, depth, value, names)
    else:
        add(depth, f"{place} = {var}")


def _emit_code(source: Source, depth: int, value: Value, codes: CodeList, names: tuple[str, str, str]) -> None:
    var, place, where = names
    add = source.add
    table = source.keep(dict(codes.write))
    meant = f"{var}['code']" if value.shape.form == "level" else var
    add(depth, f"try: code = {table}[{meant}]")
    add(depth, "except (KeyError, TypeError):")
    if value.keep_unknown:  # what was kept as it stood goes back as it stood, unless it would be read as another
        reads = source.keep(frozenset(code for code in codes.read if type(code) is str))
        add(depth + 1, f"code = {meant}")
        known = f" or 'rank' in {var}" if value.shape.form == "level" else ""
        add(depth + 1, f"if code in {reads}{known}: raise Fault('mapping.code', {where}) from None")
    else:
        add(depth + 1, f"raise Fault('mapping.code', {where}) from None")
    convert = f"number(code, {where})" if value.writes_as == "number" else "code"
    add(depth, f"{place} = {convert}")


def _emit_day(source: Source, depth: int, value: Value, names: tuple[str, str, str]) -> None:
    var, place, where = names
    if value.form == "midnight":
        source.add(depth, f"{place} = to_midnight({var}, {where}, {source.keep(value.zone)})")
    elif value.pattern is not None:
        parts = {"%Y": f"{var}[0:4]", "%m": f"{var}[5:7]", "%d": f"{var}[8:10]"}
        pieces = [(start, parts[part]) for part, start in value.pattern.places.items()]
        pieces += [(start, repr(char)) for start, char in value.pattern.literals]
        source.add(depth, f"{place} = {' + '.join(piece for _, piece in sorted(pieces))}")
    else:
        source.add(depth, f"{place} = {var}")


def _emit_instant(source: Source, depth: int, value: Value, names: tuple[str, str, str]) -> None:
    var, place, where = names
    if value.form in ("epoch", "epoch_ms"):
        source.add(depth, f"{place} = to_epoch({var}, {where}, {1 if value.form == 'epoch' else 1000})")
    elif value.zone is None:
        source.add(depth, f"{place} = {var}")
    else:
        pattern = None if value.pattern is None else value.pattern.text
        zone = source.keep(value.zone)
        source.add(depth, f"{place} = local({var}, {where}, {zone}, {source.keep(pattern)})")
