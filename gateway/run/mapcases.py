"""Cases beside a mapping: vendor records, what they mean, and how they are written. ``bti map test`` runs them."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from gateway.core.mapping import CompiledMapping
from gateway.core.mapping.draft import draft
from gateway.core.model import Fault
from gateway.core.reading import Raw, Reading
from gateway.run.mapfiles import FileFault, FileMaps, FilesInvalid, MappingText, keys_of


class Told(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fault that a case expects."""

    code: str
    path: str


class MapCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case. Exactly one of ``readings`` and ``fault`` is told."""

    name: str
    raw: Raw
    readings: list[Reading] | None = None
    write: Any = None
    fault: Told | None = None


class CaseResult(Struct, frozen=True, kw_only=True):
    """How a case went; ``told`` says what differed, by path and code, never by value."""

    name: str
    passed: bool
    told: str = ""


def load_cases(text: MappingText) -> list[MapCase]:
    """The cases of a file. Raises ``FilesInvalid`` with every case that is not one."""
    told = keys_of(text)
    listed = told.get("cases")
    faults = []
    cases = []
    if set(told) != {"cases"} or not isinstance(listed, list):
        raise FilesInvalid([FileFault(file=text.file, key="cases", code="case.shape", text="holds a list of cases")])
    for number, plain in enumerate(listed):
        try:
            case = msgspec.convert(plain, MapCase)
        except msgspec.ValidationError as error:
            _, found, rest = str(error).rpartition(" - at `$")
            path = rest.rstrip("`") if found else ""
            faults.append(_wrong(text.file, f"cases[{number}]{path}", "does not fit a case"))
            continue
        if (case.readings is None) == (case.fault is None):
            faults.append(_wrong(text.file, f"cases[{number}]", "tells either readings or a fault"))
        cases.append(case)
    if faults:
        raise FilesInvalid(faults)
    return cases


def _wrong(file: str, key: str, text: str) -> FileFault:
    return FileFault(file=file, key=key, code="case.shape", text=text)


def run_cases(mapping: CompiledMapping, cases: list[MapCase]) -> list[CaseResult]:
    """The cases' results, in their order."""
    return [_run(mapping, case) for case in cases]


def _run(mapping: CompiledMapping, case: MapCase) -> CaseResult:
    try:
        readings = FileMaps(mapping).read(case.raw)
    except Fault as fault:
        if case.fault is not None and (fault.code, fault.path) == (case.fault.code, case.fault.path):
            return CaseResult(name=case.name, passed=True)
        return CaseResult(name=case.name, passed=False, told=f"reading: {fault.code} at {fault.path}")
    if case.readings is None:
        return CaseResult(name=case.name, passed=False, told="reading: no fault was raised")
    told = list(_differences(msgspec.to_builtins(case.readings), msgspec.to_builtins(readings), "$"))
    if not told and case.write is not None:
        try:
            written = mapping.write(draft(readings[0], tuple(readings[1:])))
        except Fault as fault:
            return CaseResult(name=case.name, passed=False, told=f"writing: {fault.code} at {fault.path}")
        told = list(_differences(case.write, written, "$"))
        told = [f"writing: {one}" for one in told]
    return CaseResult(name=case.name, passed=not told, told="; ".join(told[:5]))


def _differences(wanted: Any, found: Any, at: str) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in sorted({*wanted, *found}, key=str):
            if key not in found:
                yield f"{at}.{key} is missing"
            elif key not in wanted:
                yield f"{at}.{key} is too much"
            else:
                yield from _differences(wanted[key], found[key], f"{at}.{key}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(one, other, f"{at}[{number}]")
    elif wanted != found or type(wanted) is not type(found):
        yield f"{at} differs"
