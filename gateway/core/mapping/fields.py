"""How one value of a mapping file is checked against the shape that the model gives it."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

import msgspec
from msgspec import Struct

from gateway.core.mapping.paths import clashes, path_of
from gateway.core.mapping.shapes import Shape
from gateway.core.mapping.spec import CodeList, Path, Pattern, Value, Vocabulary

_KEYS = {
    "path", "codes", "write", "format", "zone", "split", "each", "unknown", "empty", "absent", "const", "as",
    "read_only", "is", "single",
}  # fmt: skip


class Rules(Struct, frozen=True, kw_only=True):
    """What holds where a value stands: the code lists, the zone and absence told further out, where to report."""

    vocabulary: Vocabulary
    zones: Callable[[str], Any]
    report: Callable[[str, str, str], None]
    zone: Any = None
    absent_is_empty: bool = False

    def within(self, told: Mapping[str, Any], key: str) -> "Rules":
        """The rules inside a part of the file that may set ``zone`` or ``absent``."""
        zone, absent = self.zone, self.absent_is_empty
        if "zone" in told:
            try:
                zone = self.zones(told["zone"])
            except (KeyError, ValueError, TypeError, OSError):
                self.report(dotted(key, "zone"), "mapping.zone", "is not a time zone, such as Europe/Oslo")
        if "absent" in told:
            absent = told["absent"] == "empty"
            if told["absent"] not in ("empty", "untold"):
                self.report(dotted(key, "absent"), "mapping.choice", "is empty or untold")
        return msgspec.structs.replace(self, zone=zone, absent_is_empty=absent)


def dotted(key: str, name: Any) -> str:
    """A key inside a key."""
    return f"{key}.{name}" if key else str(name)


def value(told: Any, shape: Shape, key: str, rules: Rules, *, head: bool = False) -> Value | None:
    """The checked value, or ``None`` when it was reported. ``head`` allows a flag by comparison (``is``)."""
    given: Mapping[str, Any] = told if isinstance(told, Mapping) else {"path": told}
    rules = rules.within(given, key)
    for name in given:
        if name not in _KEYS or (name == "is" and not (head and shape.form == "flag")):
            rules.report(dotted(key, name), "mapping.key", "is not a key of a value")
    if "const" in given:
        return _const(given, shape, key, rules)
    path = path_of(given.get("path"))
    if not path:
        rules.report(key, "mapping.path", "is a path such as meta.dato, or holds path or const")
        return None
    form, pattern = _format(given.get("format"), shape, key, rules)
    equals = given.get("is")
    return Value(
        path=path,
        shape=shape,
        codes=_codes(given, shape, key, rules),
        keep_unknown=_keep(given, shape, key, rules),
        equals=None if equals is None else tuple(equals if isinstance(equals, list) else [equals]),
        pattern=pattern,
        form=form,
        zone=rules.zone,
        split=_split(given, shape, key, rules),
        single=_single(given, shape, key, rules),
        each=_each(given, shape, key, rules),
        writes_as=_writes_as(given, shape, key, rules),
        empty=given.get("empty"),
        has_empty="empty" in given,
        absent_is_empty=rules.absent_is_empty,
        read_only=given.get("read_only") is True,
    )


def _const(given: Mapping[str, Any], shape: Shape, key: str, rules: Rules) -> Value | None:
    const = given["const"]
    members = const if shape.many and isinstance(const, list) else [const]
    if len(given) > 1:
        rules.report(key, "mapping.const", "a constant takes no other keys")
    elif shape.form == "choice" and not all(member in shape.values for member in members):
        rules.report(f"{key}.const", "mapping.code_value", f"is one of {', '.join(shape.values)}")
    elif shape.form == "level":
        levels = rules.vocabulary.get("levels")
        if levels is None or const not in levels.read:
            rules.report(f"{key}.const", "mapping.code_value", "is not a level of the municipality")
        else:
            return Value(const=dict(levels.read[const]), has_const=True, shape=shape, read_only=True)
    else:
        return Value(const=const, has_const=True, shape=shape, read_only=True)
    return None


_DIRECTIVES = {"%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2}
_FORMS = {
    "day": {"iso": "iso", "midnight": "midnight"},
    "instant": {"iso": "iso", "epoch": "epoch", "epoch_ms": "epoch_ms"},
}

Form = Literal["iso", "midnight", "epoch", "epoch_ms", "pattern"]


def _format(told: Any, shape: Shape, key: str, rules: Rules) -> tuple[Form, Pattern | None]:
    if told is None:
        return "iso", None
    known = _FORMS.get(shape.form)
    if known is None:
        rules.report(f"{key}.format", "mapping.format", "only days and times have a format")
    elif told in known:
        if told == "midnight" and rules.zone is None:
            rules.report(f"{key}.zone", "mapping.zone", "is needed to know in which zone a day begins")
        return told, None
    elif not isinstance(told, str) or (pattern := _pattern(told, shape.form)) is None:
        need = "%Y, %m and %d" if shape.form == "day" else "%Y, %m, %d and %H"
        rules.report(f"{key}.format", "mapping.format", f"is {', '.join(known)}, or holds {need} once each")
    else:
        if shape.form == "instant" and rules.zone is None:
            rules.report(f"{key}.zone", "mapping.zone", "is needed, since the format holds no offset")
        return "pattern", pattern
    return "iso", None


def _pattern(told: str, form: str) -> Pattern | None:
    places: dict[str, int] = {}
    literals = []
    at = 0
    for piece in re.findall(r"%.|[^%]", told, re.DOTALL):
        if piece in _DIRECTIVES and piece not in places:
            places[piece] = at
            at += _DIRECTIVES[piece]
        elif piece.startswith("%"):
            return None
        else:
            literals.append((at, piece))
            at += 1
    needed = {"%Y", "%m", "%d"} | ({"%H"} if form == "instant" else set())
    allowed = set(_DIRECTIVES) if form == "instant" else needed
    if not needed <= set(places) <= allowed or told.endswith("%"):
        return None
    return Pattern(text=told, places=MappingProxyType(places), literals=tuple(literals), length=at)


def _codes(given: Mapping[str, Any], shape: Shape, key: str, rules: Rules) -> CodeList | None:
    told = given.get("codes")
    if told is None:
        return rules.vocabulary.get("levels") if shape.form == "level" else None
    if shape.form in ("day", "instant", "object", "table"):
        rules.report(f"{key}.codes", "mapping.codes", "a value of this form has no codes")
        return None
    if isinstance(told, str):
        found = rules.vocabulary.get(told)
        if found is None:
            rules.report(f"{key}.codes", "mapping.vocabulary", "is not a code list of the municipality")
        elif shape.form == "level" and told != "levels":
            rules.report(f"{key}.codes", "mapping.codes", "a level takes its codes from levels")
            found = None
        return found
    if not isinstance(told, Mapping) or not told:
        rules.report(f"{key}.codes", "mapping.codes", "names a code list, or maps the vendor's codes to ours")
        return None
    read = {}
    for code, meant in told.items():
        if (canonical := _canonical(meant, shape, f"{key}.codes.{code}", rules)) is not None:
            read[code] = canonical
    return CodeList(read=read, write=_reverse(read, given.get("write", {}), f"{key}.write", rules))


def _canonical(meant: Any, shape: Shape, key: str, rules: Rules) -> Any:
    match shape.form:
        case "choice" if meant in shape.values:
            return meant
        case "choice":
            rules.report(key, "mapping.code_value", f"is one of {', '.join(shape.values)}")
        case "level":
            return _level(meant, key, rules)
        case "flag" if type(meant) is bool:
            return meant
        case "count" if type(meant) is int:
            return meant
        case "text" | "ref" if type(meant) is str:
            return meant
        case _:
            rules.report(key, "mapping.code_value", f"does not fit a {shape.form}")
    return None


def _level(meant: Any, key: str, rules: Rules) -> Any:
    """A level by the municipality's own code, or by canonical rank where just one level has it."""
    levels = rules.vocabulary.get("levels")
    if levels is None:
        rules.report(key, "mapping.vocabulary", "needs the levels of a municipality")
    elif type(meant) is int:
        same = {level["code"]: level for level in levels.read.values() if level.get("rank") == meant}
        if len(same) == 1:
            return next(iter(same.values()))
        rules.report(key, "mapping.code_value", f"{len(same)} levels of the municipality have this rank")
    elif type(meant) is str and meant in levels.read:
        return levels.read[meant]
    else:
        rules.report(key, "mapping.code_value", "is not a level of the municipality")
    return None


def level_key(canonical: Any) -> Any:
    """What a canonical value is looked up by when it is written: a level's code, else the value."""
    return canonical["code"] if isinstance(canonical, Mapping) else canonical


def _reverse(read: Mapping[Any, Any], told: Any, key: str, rules: Rules) -> dict[Any, Any]:
    """Canonical value to the one code to write. Where several mean the same, the file says which."""
    chosen = dict(told) if isinstance(told, Mapping) else {}
    write: dict[Any, Any] = {}
    twice = set()
    for code, canonical in read.items():
        meant = level_key(canonical)
        if meant in write:
            twice.add(meant)
        write.setdefault(meant, code)
    for meant, code in chosen.items():
        if code not in read or level_key(read[code]) != meant:
            rules.report(f"{key}.{meant}", "mapping.code_value", "is not a code that codes reads as this")
        write[meant] = code
    for meant in sorted(twice - set(chosen), key=str):
        rules.report(f"{key}.{meant}", "mapping.codes_ambiguous", "several codes mean this: name the one to write")
    return write


def _keep(given: Mapping[str, Any], shape: Shape, key: str, rules: Rules) -> bool:
    told = given.get("unknown", "keep" if shape.form == "level" else "refuse")
    if told not in ("keep", "refuse"):
        rules.report(f"{key}.unknown", "mapping.choice", "is keep or refuse")
    elif told == "keep" and shape.form not in ("level", "text"):
        rules.report(f"{key}.unknown", "mapping.choice", "only a code that is the municipality's own can be kept")
    return bool(told == "keep")


def _split(given: Mapping[str, Any], shape: Shape, key: str, rules: Rules) -> str | None:
    told = given.get("split")
    if told is not None and (not shape.many or not isinstance(told, str) or not told):
        rules.report(f"{key}.split", "mapping.split", "is a separator, and belongs to a list")
        return None
    return told


def _single(given: Mapping[str, Any], shape: Shape, key: str, rules: Rules) -> bool:
    told = given.get("single") is True
    if told and (not shape.many or "split" in given or "each" in given):
        rules.report(f"{key}.single", "mapping.single", "belongs to a list that is neither split nor made of objects")
    return told


def _each(given: Mapping[str, Any], shape: Shape, key: str, rules: Rules) -> Path | Mapping[str, Value] | None:
    told = given.get("each")
    if told is None:
        return None
    if not shape.many:
        rules.report(f"{key}.each", "mapping.each", "belongs to a list")
    elif not isinstance(told, Mapping) or "path" in told:
        if path := path_of(told["path"] if isinstance(told, Mapping) else told):
            return path
        rules.report(f"{key}.each", "mapping.path", "is not a path")
    elif shape.form != "object":
        rules.report(f"{key}.each", "mapping.each", "is a path, since our values here have no parts")
    else:
        return _parts(told, shape, f"{key}.each", rules)
    return None


def _parts(told: Mapping[str, Any], shape: Shape, key: str, rules: Rules) -> Mapping[str, Value]:
    found = {}
    for name, where in told.items():
        if name not in shape.parts:
            rules.report(f"{key}.{name}", "mapping.field", f"is not one of {', '.join(shape.parts)}")
        elif part := value(where, shape.parts[name], f"{key}.{name}", rules):
            found[name] = part
    places = [(f"{key}.{name}", part.path) for name, part in found.items() if not part.read_only]
    for first, second in clashes(places):
        rules.report(second, "mapping.path_twice", f"is written where {first} is; mark one of them read_only")
    return MappingProxyType(found)


def _writes_as(given: Mapping[str, Any], shape: Shape, key: str, rules: Rules) -> Literal["number", "text"] | None:
    told: Any = given.get("as")
    fits = {"number": ("text", "ref"), "text": ("count",)}
    if told is None or shape.form in fits.get(told, ()):
        return told  # type: ignore[no-any-return]
    rules.report(f"{key}.as", "mapping.as", "is number for our text, or text for our number")
    return None
