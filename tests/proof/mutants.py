"""Mutants of the rules and the gate: each small change of the code must be noticed by a test.

``make mutants`` runs all of them. A mutant lives in a forked process, where the changed code takes the place of the
function's own; so what is imported stays imported, and a mutant costs as much as its tests. First the second engine's
answers to some thousand points are asked for; who survives that meets the gate's own tests, stopped at the first that
fails. What survives both must stand in ``equivalent_mutants.txt`` with the reason why it is no change at all.
"""

import ast
import copy
import gc
import importlib
import os
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from compare import spread, walk
from families import FAMILIES
from msgspec.structs import replace
from second_engine import Answer
from second_engine import decide as second

from gateway.core.consent import decide

ROOT = Path(__file__).parents[2]
RULES = ["consents", "counts", "deciders", "declarations", "duties", "protection", "sharing", "verdict"]
MODULES = {
    **{f"gateway.core.rules.{name}": "rules" for name in RULES},
    "gateway.core.rules": "rules",
    **{f"gateway.core.{name}": "gate" for name in ("release", "consent", "known", "facts")},
}
"""The modules to mutate; ``ask`` holds values and no code."""
TESTS = [
    "tests/core/gate/test_table.py", "tests/core/gate/test_scenario.py", "tests/core/gate/test_release.py",
    "tests/core/gate/test_law.py", "tests/proof/test_dates.py", "tests/proof/test_histories.py",
]  # fmt: skip
"""The examples first, since they are quick; a survivor of these is worth a look."""
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.txt")
ALIVE = ("survived", "nowhere", "timeout")
"""What counts as not noticed; a test that was too slow has noticed nothing."""
SECONDS = int(os.environ.get("MUTANT_SECONDS", "90"))
_SWAPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change: its name is stable while the code around it is."""

    name: str
    module: str
    function: str | None
    tree: ast.Module


def mutants(module: str) -> Iterator[Mutant]:
    """Every change of a module, one at a time."""
    path = Path(str(importlib.import_module(module).__file__))
    source = path.read_text("utf-8")
    original = ast.parse(source)
    seen = Counter[str]()
    places = [(place, spot) for place, node in enumerate(ast.walk(original)) for spot in range(len(_changes(node)))]
    owners = _owners(original)
    skipped = _words(original)
    for place, spot in places:
        tree = copy.deepcopy(original)
        node = next(one for number, one in enumerate(ast.walk(tree)) if number == place)
        if place in skipped:
            continue
        before = ast.unparse(node)
        label = _changes(node)[spot]()
        owner = owners.get(place)
        name = f"{module.removeprefix('gateway.core.')}:{owner or 'module'}: {before[:70]} -> {label[:70]}".replace(
            "\n", " "
        )
        seen[name] += 1
        yield Mutant(f"{name} #{seen[name]}", module, owner, ast.fix_missing_locations(tree))


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
    """Places that are no code: docstrings, annotations, imports, decorators, the bodies of types."""
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
        elif isinstance(node, ast.Import | ast.ImportFrom):
            skip(node)
        elif isinstance(node, ast.ClassDef):
            for one in [
                *node.bases,
                *node.keywords,
                *(part for part in node.body if not isinstance(part, ast.FunctionDef)),
            ]:
                skip(one)
    return skipped


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
        if len(node.values) > 1:
            for place in range(len(node.values)):
                put(lambda place=place: node.values.pop(place))
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


# A mutant's life.


class Points(NamedTuple):
    """Points of the space with the second engine's answers."""

    known: list[Any]
    asked: list[tuple[int, Any, tuple[str, ...], Answer]]


def points(facts: int = 40, asks: int = 100, every: int = 4) -> Points:
    """A share of each family; facts are copied for each mutant, so that nothing worked out before is kept."""
    known: list[Any] = []
    asked = []
    for family in FAMILIES:
        for scene, (told, ask, fields) in walk(
            family, spread(family.facts_size, facts), spread(family.asks_size, asks), every
        ):
            if told is None:
                continue
            if not known or known[-1] is not told:
                known.append(told)
            asked.append((len(known) - 1, ask, fields, second(scene)))
    return Points(known, asked)


def planted(mutant: Mutant) -> bool:
    """Put a mutant in the place of the code; whether a place was found."""
    module = importlib.import_module(mutant.module)
    code = compile(mutant.tree, str(module.__file__), "exec")
    if mutant.function is None:
        return _constants(module, code)
    wanted = next((one for one in _codes(code) if one.co_qualname == mutant.function), None)
    found = False
    gc.unfreeze()  # what is frozen is not among the objects
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and wanted is not None:
            mine = one.__code__
            same = mine.co_qualname == mutant.function and mine.co_filename == module.__file__
            if same and len(mine.co_freevars) == len(wanted.co_freevars):
                one.__code__ = wanted
                found = True
        elif hasattr(type(one), "cache_clear") and str(getattr(one, "__module__", "")).startswith("gateway.core"):
            one.cache_clear()
    return found


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield one
            yield from _codes(one)


def _constants(module: types.ModuleType, code: types.CodeType) -> bool:
    """A changed constant of a module, put wherever it was imported to."""
    scratch: dict[str, Any] = {
        "__name__": module.__name__,
        "__file__": module.__file__,
        "__package__": module.__package__,
    }
    exec(code, scratch)  # noqa: S102 - our own code, with one change
    changed = {
        name: scratch[name]
        for name, old in vars(module).items()
        if isinstance(old, frozenset | tuple | types.MappingProxyType | str | int | dict)
        and not name.startswith("__") and name in scratch and _shape(old) != _shape(scratch[name])
    }  # fmt: skip
    for name, new in changed.items():
        old = getattr(module, name)
        for other in [
            one for one in list(sys.modules.values()) if getattr(one, "__name__", "").startswith("gateway.core")
        ]:
            for mine, value in list(vars(other).items()):
                if value is old:
                    setattr(other, mine, new)
    return bool(changed)


def _shape(value: Any) -> str:
    if isinstance(value, frozenset | set):
        return repr(sorted(map(repr, value)))
    if isinstance(value, types.MappingProxyType):
        return repr({key: _shape(one) for key, one in value.items()})
    if isinstance(value, tuple) and value and type(value[0]).__name__ == "Rule":
        return repr([(one.id, one.part, one.effect, one.says.__name__) for one in value])
    return repr(value)


def noticed(some: Points) -> bool:
    """Whether the second engine answers one of the points otherwise."""
    fresh = [replace(one) for one in some.known]
    for place, ask, fields, expected in some.asked:
        made = decide(fresh[place], ask, fields)
        got = (made.effect, dict(made.fields), made.rules[0], made.secrecy_basis, made.processing_basis)
        if got != expected[:5] or frozenset(made.must_consent) != expected.must_consent:
            return True
        if frozenset(made.missing) != expected.missing:
            return True
    return False


def fate(mutant: Mutant, some: Points) -> str:
    """``engines`` or ``tests`` noticed it, or it ``survived``, took too long, or is ``nowhere`` in what was imported."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        try:
            if not planted(mutant):
                os._exit(3)
            if noticed(some):
                os._exit(1)
        except Exception:  # noqa: BLE001 - a mutant that cannot even run is noticed
            os._exit(1)
        if os.environ.get("MUTANT_TESTS") == "0":
            os._exit(0)
        failed = pytest.main([*TESTS, "-x", "-q", "-p", "no:xdist", "-p", "no:randomly"])
        os._exit(2 if failed else 0)
    _, status = os.waitpid(child, 0)
    ended = {0: "survived", 1: "engines", 2: "tests", 3: "nowhere", -signal.SIGALRM: "timeout"}
    return ended.get(os.waitstatus_to_exitcode(status), "tests")


def equivalent() -> dict[str, str]:
    """The mutants that are no change, each with its reason."""
    lines = EQUIVALENT.read_text("utf-8").splitlines() if EQUIVALENT.exists() else []
    return dict(line.split(" ::: ", 1) for line in lines if " ::: " in line)


def main(*wanted: str) -> int:
    """Kill what can be killed; 0 when only equivalent mutants survive in the rules, and few in the gate."""
    os.chdir(ROOT)
    some = points()
    excused, started = equivalent(), time.monotonic()
    counts: dict[str, Counter[str]] = {"rules": Counter(), "gate": Counter()}
    for module, part in MODULES.items():
        if wanted and not any(one in module for one in wanted):
            continue
        for mutant in mutants(module):
            came = "equivalent" if mutant.name in excused else fate(mutant, some)
            counts[part][came] += 1
            if came in ALIVE:
                sys.stdout.write(f"{came}: {mutant.name}\n")
                sys.stdout.flush()
    for part, found in counts.items():
        sys.stdout.write(f"{part}: {sum(found.values())} mutants, {dict(found)}; {time.monotonic() - started:.0f} s\n")
    rules, gate = counts["rules"], counts["gate"]
    alive = sum(gate[one] for one in ALIVE)
    return 1 if any(rules[one] for one in ALIVE) or alive > 0.15 * max(1, sum(gate.values())) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
