"""Mutants of the rules and the gate: each small change of the code, one at a time.

``mutants`` makes them, ``planted`` puts one in the place of the code that runs; ``killing`` asks the tests. Only what
stands in a function, or is a constant of a module, is changed; of changes that come to the same instructions one is
made. Those that are no change at all stand in ``equivalent_mutants.txt``, each with the reason.
"""

import ast
import functools
import gc
import importlib
import sys
import types
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct

RULES = ["consents", "counts", "deciders", "declarations", "duties", "protection", "sharing", "verdict"]
MODULES = {
    **{f"gateway.core.rules.{name}": "rules" for name in RULES},
    "gateway.core.rules": "rules",
    **{f"gateway.core.{name}": "gate" for name in ("release", "consent", "known", "facts")},
}
"""The modules to mutate; ``ask`` holds values and no code."""
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.txt")
_SWAPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change: its name is stable while the code around it is."""

    name: str
    module: str
    function: str | None
    """The outermost function, as ``name`` or ``Class.name``; ``None`` for a constant of the module."""
    code: types.CodeType
    """The changed function's, or the whole changed module's."""
    defaults: tuple[dict[str, Any], tuple[Any, ...]] | None = None
    """What a function's arguments are when they are not given, by name and by place."""


def mutants(module: str) -> Iterator[Mutant]:
    """Every change of a module, one at a time, but for those that come to the same as another or as none."""
    loaded = importlib.import_module(module)
    path = str(loaded.__file__)
    tree = ast.parse(Path(path).read_text("utf-8"))
    owners, skipped, seen = _owners(tree), _words(tree), Counter[str]()
    made: dict[str | None, set[Any]] = {}
    functions = _functions(tree)
    for place, node in enumerate(ast.walk(tree)):
        if place in skipped:
            continue
        owner = owners.get(place)
        whole: ast.AST = tree if owner is None else functions[owner]
        before, kept = None, _kept(node)
        for change in _changes(node):
            if before is None:
                before = ast.unparse(node)
                if owner not in made:
                    made[owner] = {_built(whole, owner, loaded, path)[2]}
            label = change()
            name = f"{module.removeprefix('gateway.core.')}:{owner or 'module'}: {before[:70]} -> {label[:70]}"
            name = name.replace("\n", " ")
            seen[name] += 1
            code, defaults, sign = _built(whole, owner, loaded, path)
            node.__dict__.update(
                {key: list(value) if isinstance(value, list) else value for key, value in kept.items()}
            )
            if sign not in made[owner]:
                made[owner].add(sign)
                yield Mutant(f"{name} #{seen[name]}", module, owner, code, defaults)


def _kept(node: ast.AST) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, list) else value for key, value in node.__dict__.items()}


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    found = {}
    for one in tree.body:
        if isinstance(one, ast.FunctionDef):
            found[one.name] = one
        elif isinstance(one, ast.ClassDef):
            found |= {f"{one.name}.{part.name}": part for part in one.body if isinstance(part, ast.FunctionDef)}
    return found


def _built(whole: ast.AST, owner: str | None, module: types.ModuleType, path: str) -> tuple[Any, Any, Any]:
    """The code of a changed function or module, its arguments' defaults, and what tells two changes apart."""
    if not isinstance(whole, ast.FunctionDef):
        assert isinstance(whole, ast.Module)
        code = compile(ast.fix_missing_locations(whole), path, "exec")
        return code, None, _instructions(code)
    body: list[ast.stmt] = [whole]
    for name in reversed((owner or "").split(".")[:-1]):
        body = [ast.ClassDef(name=name, bases=[], keywords=[], body=body, decorator_list=[])]
    outer = compile(ast.fix_missing_locations(ast.Module(body=body, type_ignores=[])), path, "exec")
    code = next(one for one in _codes(outer) if one.co_qualname == owner)

    def said(node: ast.expr) -> Any:
        return eval(compile(ast.Expression(node), path, "eval"), vars(module))  # noqa: S307 - our own code

    names, args = {}, whole.args
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if default is not None:
            names[arg.arg] = said(default)
    defaults = names, tuple(said(one) for one in args.defaults)
    return code, defaults, (_instructions(code), _shape(tuple(names.items())), _shape(defaults[1]))


def _instructions(code: types.CodeType) -> tuple[Any, ...]:
    """What the code does, whatever the lines it stands on."""
    consts = tuple(_instructions(one) if isinstance(one, types.CodeType) else _const(one) for one in code.co_consts)
    return (code.co_code, consts, code.co_names, code.co_varnames, code.co_freevars, code.co_exceptiontable)


def _const(one: Any) -> Any:
    return (type(one), tuple(sorted(map(repr, one))) if isinstance(one, frozenset) else repr(one))


def _owners(tree: ast.Module) -> dict[int, str]:
    """The outermost function, or class and method, of each place in the tree."""
    numbers = {id(node): place for place, node in enumerate(ast.walk(tree))}
    found: dict[int, str] = {}

    def visit(node: ast.AST, owner: str | None) -> None:
        for child in ast.iter_child_nodes(node):
            mine = owner
            if isinstance(child, ast.FunctionDef) and (owner is None or owner.endswith(".")):
                mine = (owner or "") + child.name
            elif isinstance(child, ast.ClassDef) and owner is None:
                mine = child.name + "."
            if mine is not None and not mine.endswith("."):
                found[numbers[id(child)]] = mine
            visit(child, mine)

    visit(tree, None)
    return found


def _words(tree: ast.Module) -> set[int]:
    """Places that are no code: docstrings, annotations and names of types, imports, decorators, the bodies of types."""
    skipped = set[int]()
    numbers = {id(node): place for place, node in enumerate(ast.walk(tree))}

    def skip(node: ast.AST | None) -> None:
        if node is not None:
            skipped.update(numbers[id(one)] for one in ast.walk(node))

    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skip(node)
        elif isinstance(node, ast.arg | ast.AnnAssign):
            skip(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            skip(node.returns)
            for one in node.decorator_list:
                skip(one)
        elif isinstance(node, ast.Import | ast.ImportFrom) or _names_a_type(node):
            skip(node)
        elif isinstance(node, ast.ClassDef):
            for one in [
                *node.bases,
                *node.keywords,
                *(part for part in node.body if not isinstance(part, ast.FunctionDef)),
            ]:
                skip(one)
    return skipped


def _names_a_type(node: ast.AST) -> bool:
    """``Part = Literal[...]``, ``T = TypeVar(...)``, and ``__all__``, which only the one who reads the code reads."""
    if not isinstance(node, ast.Assign):
        return False
    named = {one.id for one in node.targets if isinstance(one, ast.Name)}
    call = node.value.func if isinstance(node.value, ast.Call) else None
    return (
        named == {"__all__"}
        or (isinstance(call, ast.Name) and call.id == "TypeVar")
        or (isinstance(node.value, ast.Subscript) and any(one.istitle() for one in named))
    )


def _changes(node: ast.AST) -> list[Callable[[], str]]:
    """What can be done to a node; each does it, and says what stands there now."""
    made: list[Callable[[], str]] = []

    def put(change: Callable[[], Any]) -> None:
        made.append(lambda: (change(), ast.unparse(node))[1])

    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            if type(op) in _SWAPS:
                put(lambda place=place, op=op: node.ops.__setitem__(place, _SWAPS[type(op)]()))
    elif isinstance(node, ast.BoolOp):
        put(lambda: setattr(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And()))
        for place in range(len(node.values)):
            left = [one for number, one in enumerate(node.values) if number != place]
            put(lambda left=left: setattr(node, "values", left if len(left) > 1 else left * 2))  # ``a and a`` is ``a``
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        put(lambda: setattr(node, "operand", ast.UnaryOp(op=ast.Not(), operand=node.operand)))
    elif isinstance(node, ast.IfExp):
        put(lambda: setattr(node, "test", ast.UnaryOp(op=ast.Not(), operand=node.test)))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        put(lambda: setattr(node, "value", not node.value))
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        put(lambda: setattr(node, "value", node.value + 1))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        put(lambda: setattr(node, "value", node.value + "?"))
    elif (
        isinstance(node, ast.Tuple | ast.Set)
        and len(node.elts) > 1
        and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    ):
        for place in range(len(node.elts)):
            put(lambda place=place: node.elts.pop(place))
    elif isinstance(node, ast.Name) and node.id in {"any", "all", "min", "max"}:
        put(lambda: setattr(node, "id", {"any": "all", "all": "any", "min": "max", "max": "min"}[node.id]))
    elif isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        put(lambda: setattr(node, "value", ast.Constant(None)))
    return made


# A mutant in the code's place.


@functools.cache
def _running(module: str) -> dict[str, list[types.FunctionType]]:
    """The functions of a module as they run, by name, wherever a decorator or a table holds them."""
    path = importlib.import_module(module).__file__
    found: dict[str, list[types.FunctionType]] = {}
    gc.unfreeze()  # what is frozen is not among the objects
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__code__.co_filename == path:
            found.setdefault(one.__code__.co_qualname, []).append(one)
    return found


@functools.cache
def _caches() -> list[Any]:
    core = [one for name, one in list(sys.modules.items()) if name.startswith("gateway.core")]
    return [one for module in core for one in vars(module).values() if hasattr(one, "cache_clear")]


def prepare() -> None:
    """Look once for what is to be replaced, before the first process is forked."""
    _caches()
    for module in MODULES:
        importlib.import_module(module)
        _running(module)


def planted(mutant: Mutant) -> bool:
    """Put a mutant in the place of the code, in this process for good; whether a place was found."""
    for one in _caches():
        one.cache_clear()
    if mutant.function is None:
        return _constants(importlib.import_module(mutant.module), mutant.code)
    found = False
    for function in _running(mutant.module).get(mutant.function, ()):
        if len(function.__code__.co_freevars) == len(mutant.code.co_freevars):
            function.__code__ = mutant.code
            if mutant.defaults is not None:
                function.__kwdefaults__ = dict(mutant.defaults[0])
                function.__defaults__ = mutant.defaults[1]
            found = True
    return found


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield one
            yield from _codes(one)


def _constants(module: types.ModuleType, code: types.CodeType) -> bool:
    """A changed constant of a module, put wherever it was imported to or is an argument's default."""
    scratch: dict[str, Any] = {
        "__name__": module.__name__,
        "__file__": module.__file__,
        "__package__": module.__package__,
    }
    exec(code, scratch)  # noqa: S102 - our own code, with one change
    changed = {
        name: scratch[name]
        for name, old in vars(module).items()
        if isinstance(old, frozenset | tuple | types.MappingProxyType | str | int | dict | Struct)
        and not name.startswith("__") and name in scratch and _shape(old) != _shape(scratch[name])
    }  # fmt: skip
    swapped = {id(getattr(module, name)): new for name, new in changed.items()}
    core = [one for name, one in list(sys.modules.items()) if name.startswith("gateway.core")]
    for other in core:
        for mine, value in list(vars(other).items()):
            if id(value) in swapped:
                setattr(other, mine, swapped[id(value)])
            elif isinstance(value, types.FunctionType):
                value.__defaults__ = tuple(swapped.get(id(one), one) for one in value.__defaults__ or ()) or None
                told = value.__kwdefaults__ or {}
                value.__kwdefaults__ = {key: swapped.get(id(one), one) for key, one in told.items()} or None
    return bool(changed)


def _shape(value: Any) -> str:
    if isinstance(value, frozenset | set):
        return repr(sorted(map(repr, value)))
    if isinstance(value, types.MappingProxyType | dict):
        return repr({key: _shape(one) for key, one in value.items()})
    if type(value).__name__ == "Rules":
        return _shape(value.table)
    if isinstance(value, tuple) and value and type(value[0]).__name__ == "Rule":
        return repr([(one.id, one.part, one.effect, one.says.__name__) for one in value])
    return repr(value)


def equivalent() -> dict[str, str]:
    """The mutants that are no change, each with its reason."""
    lines = EQUIVALENT.read_text("utf-8").splitlines() if EQUIVALENT.exists() else []
    return dict(line.split(" ::: ", 1) for line in lines if " ::: " in line and not line.startswith("#"))
