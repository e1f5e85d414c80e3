"""Certification of an adapter: the kit's checks, put into a report that can be signed.

The adapter is named (an installed plugin) or lies at a path (a plugin's folder, or one ``.py`` file). Its bench, the
world it is tried in, comes from a function ``bench()`` in the plugin's module or in its submodule ``kit``, or from the
``BENCHES`` there by the adapter's name, where a plugin brings several; for one
file, from the file itself or a ``kit.py`` beside it. An adapter that is declared (``RestAdapter``) and brings no bench
is tried against a simulator made from its own declaration, and the report says so.
"""

import base64
import contextlib
import importlib
import importlib.util
import io
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from gateway.run.plugins import GROUP, load_entries
from gateway.sdk.api import Adapter, Capabilities
from gateway.sdk.testing import CHECKS, KIT, Bench, Outcome, run_check

WRITES = frozenset({"deliver.effect", "errors.refused", "errors.uncertain"})
"""What must be proved before an adapter counts as one that writes; with one of ``ONE_EFFECT``."""
ONE_EFFECT = frozenset({"deliver.idempotent", "deliver.conditional", "deliver.read-back"})
FULL = frozenset(
    {"deliver.changed-only", "deliver.withheld-untouched", "deliver.roundtrip", "retract.takes-back", "cursor.resumes"}
)
"""What must be proved beside that before an adapter counts as complete."""


class NotCertifiable(Exception):
    """No report can be made. ``code``: ``certify.unknown`` (no such plugin, file or folder), ``certify.broken`` (it
    could not be loaded; ``why`` is the loader's code), ``certify.no_bench`` (nothing to try it against),
    ``certify.several`` (more than one adapter, none named).
    """

    def __init__(self, code: str, why: str | None = None) -> None:
        super().__init__(code if why is None else f"{code} ({why})")
        self.code = code
        self.why = why


class Line(Struct, frozen=True, kw_only=True):
    """One check in the report. ``evidence`` tells what was seen, never a value from a record."""

    id: str
    passed: bool
    what: str
    evidence: str


class RuledOut(Struct, frozen=True, kw_only=True):
    """A check that the adapter's capabilities or the world ruled out, and why: neither passed nor failed."""

    id: str
    what: str
    evidence: str


class Report(Struct, frozen=True, kw_only=True):
    """What ``bti adapter certify --json`` prints.

    ``tier`` is ``none`` (a check failed), ``reads``, ``writes`` (it writes, and the same key is one effect) or
    ``full`` (changed fields only, withheld fields untouched, retraction). ``source`` is what it was tried against.
    ``signature`` is the base64 of an Ed25519 signature over the RFC 8785 canonical JSON of all the rest, or null.
    """

    adapter: str
    version: str
    kit: str
    tier: str
    source: str
    checks: tuple[Line, ...]
    not_applicable: tuple[RuledOut, ...]
    signature: str | None = None

    @property
    def passed(self) -> bool:
        """Whether every check that applied passed; the exit status is 0 only then."""
        return bool(self.checks) and all(line.passed for line in self.checks)


class _Candidate(Struct, frozen=True, kw_only=True):
    adapter: type[Adapter] | None
    version: str
    modules: tuple[ModuleType, ...]
    mappings: Mapping[str, str] = {}


def certify(
    name_or_path: str,
    *,
    signer: Ed25519PrivateKey | None = None,
    bench: Bench | None = None,
    progress: Callable[[Outcome], None] = lambda _: None,
) -> Report:
    """The report on an adapter. ``bench`` overrides the plugin's own; ``progress`` is called after each check.

    Raises ``NotCertifiable`` when there is nothing to try or nothing to try it against.
    """
    with candidate(name_or_path, bench=bench) as (found, version):
        outcomes = []
        for check in CHECKS:
            outcomes.append(run_check(check, found))
            progress(outcomes[-1])
        report = _report(found, version, outcomes)
    return report if signer is None else sign(report, signer)


def sign(report: Report, signer: Ed25519PrivateKey) -> Report:
    """The report with a signature over the rest of it."""
    return msgspec.structs.replace(report, signature=base64.b64encode(signer.sign(_statement(report))).decode())


def is_genuine(report: Report, key: Ed25519PublicKey) -> bool:
    """Whether the report bears a signature of this key over what it says."""
    try:
        key.verify(base64.b64decode(report.signature or ""), _statement(report))
    except (InvalidSignature, ValueError):
        return False
    return True


def _statement(report: Report) -> bytes:
    import rfc8785  # noqa: PLC0415 - only when a report is signed

    rest = msgspec.to_builtins(report)
    del rest["signature"]
    return rfc8785.dumps(rest)


def _report(bench: Bench, version: str, outcomes: Sequence[Outcome]) -> Report:
    lines = tuple(
        Line(id=each.id, passed=each.passed, what=each.what, evidence=each.evidence)
        for each in outcomes
        if each.passed is not None
    )
    ruled_out = tuple(
        RuledOut(id=each.id, what=each.what, evidence=each.evidence) for each in outcomes if each.passed is None
    )
    return Report(
        adapter=bench.adapter.name,
        version=version,
        kit=KIT,
        tier=tier_of(lines, bench.adapter.capabilities),
        source=bench.source,
        checks=lines,
        not_applicable=ruled_out,
    )


def tier_of(lines: Sequence[Line], capabilities: Capabilities) -> str:
    """The tier that these checks prove for an adapter with these capabilities."""
    passed = {line.id for line in lines if line.passed}
    if not lines or len(passed) < len(lines):
        return "none"
    if not passed >= WRITES or not passed & ONE_EFFECT:
        return "reads" if capabilities.reads else "none"
    return "full" if passed >= FULL else "writes"


@contextlib.contextmanager
def candidate(name_or_path: str, *, bench: Bench | None) -> Iterator[tuple[Bench, str]]:
    """The bench of an adapter that is installed or lies at a path, and the adapter's version.

    Raises ``NotCertifiable``.
    """
    path = Path(name_or_path)
    looks_like_path = path.suffix == ".py" or "/" in name_or_path
    if not looks_like_path and path.is_dir() and not entry_points(group=GROUP, name=name_or_path):
        looks_like_path = True
    with _importable(path) if looks_like_path else contextlib.nullcontext():
        found = _at(path) if looks_like_path else _installed(name_or_path)
        yield bench or _bench(found), found.version


@contextlib.contextmanager
def _importable(path: Path) -> Iterator[None]:
    """A folder's modules can be imported while it is tried; the import path is as before afterwards."""
    folder = (path if path.is_dir() else path.parent).resolve()
    before = list(sys.path)
    sys.path[:0] = [str(each) for each in (folder, folder / "src") if each.is_dir()]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = before


def _installed(name: str) -> _Candidate:
    found = list(entry_points(group=GROUP, name=name))
    if not found:
        raise NotCertifiable("certify.unknown")
    version = found[0].dist.version if found[0].dist is not None else "0"
    return _loaded(found[0], version)


def _loaded(entry: EntryPoint, version: str) -> _Candidate:
    plugins = load_entries([entry])
    if plugins.broken:
        raise NotCertifiable("certify.broken", plugins.broken[0].code)
    if entry.name not in plugins.adapters:
        raise NotCertifiable("certify.broken", "plugin.name")
    module = sys.modules[entry.module]
    modules = (module, *_optional(f"{entry.module}.kit"))
    return _Candidate(adapter=plugins.adapters[entry.name], version=version, modules=modules, mappings=plugins.mappings)


def _at(path: Path) -> _Candidate:
    if path.is_file():
        return _file(path)
    project = path / "pyproject.toml"
    if not project.is_file():
        raise NotCertifiable("certify.unknown")
    try:
        told = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
        named = dict(told["entry-points"][GROUP])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError):
        raise NotCertifiable("certify.broken", "plugin.name") from None
    # Of several, the one that bears the folder's name is meant.
    name = next(iter(named)) if len(named) == 1 else path.resolve().name
    if name not in named:
        raise NotCertifiable("certify.several")
    value = named[name]
    found = _loaded(EntryPoint(name=name, value=value, group=GROUP), str(told.get("version", "0")))
    beside = _optional_file(path / "kit.py")
    return msgspec.structs.replace(found, modules=(*found.modules, *beside))


def _file(path: Path) -> _Candidate:
    module = _run_file(path)
    adapters = [
        each
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, Adapter)
        and each.__module__ == module.__name__
        and hasattr(each, "name")
        and hasattr(each, "capabilities")
    ]
    modules = (module, *(_optional_file(path.with_name("kit.py")) if path.name != "kit.py" else ()))
    if len(adapters) > 1 and _bench_maker(modules) is None:
        raise NotCertifiable("certify.several")
    adapter = adapters[0] if len(adapters) == 1 else None
    version = str(getattr(module, "__version__", "0"))
    return _Candidate(adapter=adapter, version=version, modules=modules, mappings=_brought(module))


def _brought(module: ModuleType) -> Mapping[str, str]:
    """The mappings that one file brings, as a plugin would."""
    told = getattr(module, "gateway_mappings", None)
    if not callable(told):
        return {}
    with _quietly():
        return {str(name): str(text) for name, text in told().items()}


def _run_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bti_certified_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise NotCertifiable("certify.unknown")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    with _quietly():
        spec.loader.exec_module(module)
    return module


def _optional_file(path: Path) -> tuple[ModuleType, ...]:
    return (_run_file(path),) if path.is_file() else ()


def _optional(name: str) -> tuple[ModuleType, ...]:
    """A module, if there is one; one that is there and broken is told."""
    try:
        if importlib.util.find_spec(name) is None:
            return ()
    except ModuleNotFoundError:
        return ()
    with _quietly():
        return (importlib.import_module(name),)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """What foreign code prints while it is loaded is dropped, and so is the text of what it raises."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            yield
        except (Exception, SystemExit):  # noqa: BLE001 - a plugin may raise anything
            raise NotCertifiable("certify.broken", "plugin.import") from None


def _bench_maker(modules: Sequence[ModuleType], name: str | None = None) -> Callable[[], Any] | None:
    makers = [maker for module in modules if callable(maker := getattr(module, "bench", None))]
    named = [getattr(module, "BENCHES", {}).get(name) for module in modules] if name else []
    return next((maker for maker in reversed([*makers, *named]) if callable(maker)), None)


def _bench(candidate: _Candidate) -> Bench:
    make = _bench_maker(candidate.modules, getattr(candidate.adapter, "name", None))
    if make is not None:
        with _quietly():
            bench: Bench = make()
        return bench
    if candidate.adapter is None:
        raise NotCertifiable("certify.unknown")
    return declared_bench(candidate.adapter, candidate.mappings)


def declared_bench(adapter: type[Adapter], mappings: Mapping[str, str]) -> Bench:
    """A bench made from an adapter's own declaration. Raises ``NotCertifiable`` when it has none, or no mapping."""
    from gateway.run.declared import FilesInvalid, HandBench, rest_bench  # noqa: PLC0415 - most plugins bring a bench
    from gateway.sdk.rest import RestAdapter  # noqa: PLC0415

    if adapter.capabilities.manual:
        hands: Any = HandBench(adapter=adapter)
        return cast("Bench", hands)
    if not issubclass(adapter, RestAdapter) or not adapter.resources:
        raise NotCertifiable("certify.no_bench")
    try:
        return rest_bench(adapter, brought=mappings)
    except FilesInvalid as invalid:
        raise NotCertifiable("certify.no_bench", invalid.faults[0].code) from None
