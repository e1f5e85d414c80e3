"""The compiled mapping against a function written by hand for the same vendor, in one run: readings per second.

Both decode nothing, keep absent, null and empty apart, check codes and dates, and raise the same faults.
"""

import gc
import json
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from gateway.core.mapping import CodeList, compile_mapping
from gateway.core.model import Fault
from gateway.core.reading import Raw, Reading
from gateway.run.plainyaml import plain

LEVELS = {str(rank): {"code": str(rank), "rank": rank} for rank in range(4)}
SPEC = """
adapter: bench
version: "1"
kinds:
  case:
    from: sak
    id: id
    version: etag
    fields:
      subject: barn.id
      level: {path: niva, codes: {N0: 0, N1: 1, N2: 2, N3: 3}}
      opened_on: {path: opprettet, format: "%d.%m.%Y"}
      status: {path: status, codes: {AKTIV: active, LUKKET: closed}}
    nested: {concern: bekymringer, measure: tiltak}
  concern:
    from: []
    id: id
    fields:
      summary: beskrivelse
      raised_on: {path: dato, format: "%d.%m.%Y"}
      level: {path: niva, codes: {N0: 0, N1: 1, N2: 2, N3: 3}}
      status: {path: status, codes: {AAPEN: raised, LUKKET: settled}}
      conclusion: konklusjon
  measure:
    from: []
    id: id
    fields:
      title: tittel
      description: beskrivelse
      status: {path: status, codes: {PLANLAGT: proposed, I_GANG: started, FERDIG: ended}}
      started_on: {path: start, format: "%d.%m.%Y"}
      evaluate_by: {path: frist, format: "%d.%m.%Y"}
      responsible: ansvarlig.navn
"""
RANKS = {"N0": LEVELS["0"], "N1": LEVELS["1"], "N2": LEVELS["2"], "N3": LEVELS["3"]}
CASE_STATUS = {"AKTIV": "active", "LUKKET": "closed"}
CONCERN_STATUS = {"AAPEN": "raised", "LUKKET": "settled"}
MEASURE_STATUS = {"PLANLAGT": "proposed", "I_GANG": "started", "FERDIG": "ended"}
NOTHING = object()


def body(number: int) -> dict[str, Any]:
    return {
        "id": f"s{number}", "etag": "7", "barn": {"id": f"p{number}"}, "niva": "N2", "opprettet": "02.11.2026",
        "status": "AKTIV",
        "bekymringer": [
            {"id": f"b{number}-{one}", "beskrivelse": "Kommer trøtt. " * 20, "dato": "01.10.2026", "niva": "N1",
             "status": "AAPEN", "konklusjon": None}
            for one in range(3)
        ],
        "tiltak": [
            {"id": f"t{number}-{one}", "tittel": "Samtale", "beskrivelse": "Hver uke. " * 20, "status": "I_GANG",
             "start": "05.11.2026", "frist": "05.12.2026", "ansvarlig": {"navn": "Kari"}}
            for one in range(4)
        ],
    }  # fmt: skip


def _day(value: Any, path: str) -> str:
    try:
        return date(int(value[6:10]), int(value[3:5]), int(value[0:2])).isoformat()
    except (TypeError, ValueError):
        raise Fault("mapping.date", path) from None


def _code(codes: dict[str, Any], value: Any, path: str) -> Any:
    try:
        return codes[value]
    except (KeyError, TypeError):
        raise Fault("mapping.code", path) from None


def _put(fields: dict[str, Any], name: str, value: Any) -> None:
    if value is not NOTHING:
        fields[name] = value


def _coded(fields: dict[str, Any], name: str, codes: dict[str, Any], value: Any, path: str) -> None:
    if value is not NOTHING:
        fields[name] = None if value is None else _code(codes, value, path)


def _dated(fields: dict[str, Any], name: str, value: Any, path: str) -> None:
    if value is not NOTHING:
        fields[name] = None if value is None else _day(value, path)


def by_hand(_raw: Raw, told: dict[str, Any]) -> list[Reading]:
    """What a careful programmer writes for this vendor."""
    case = told["id"]
    fields: dict[str, Any] = {}
    child = told.get("barn")
    if child is not None:
        _put(fields, "subject", child.get("id", NOTHING))
    _coded(fields, "level", RANKS, told.get("niva", NOTHING), "$.niva")
    _dated(fields, "opened_on", told.get("opprettet", NOTHING), "$.opprettet")
    _coded(fields, "status", CASE_STATUS, told.get("status", NOTHING), "$.status")
    out = [Reading(kind="case", id=case, fields=fields, version=told.get("etag"))]
    for number, item in enumerate(told.get("bekymringer") or ()):
        at = f"$.bekymringer[{number}]"
        fields = {}
        _put(fields, "summary", item.get("beskrivelse", NOTHING))
        _dated(fields, "raised_on", item.get("dato", NOTHING), at + ".dato")
        _coded(fields, "level", RANKS, item.get("niva", NOTHING), at + ".niva")
        _coded(fields, "status", CONCERN_STATUS, item.get("status", NOTHING), at + ".status")
        _put(fields, "conclusion", item.get("konklusjon", NOTHING))
        out.append(Reading(kind="concern", id=item["id"], fields=fields, case=case))
    for number, item in enumerate(told.get("tiltak") or ()):
        at = f"$.tiltak[{number}]"
        fields = {}
        _put(fields, "title", item.get("tittel", NOTHING))
        _put(fields, "description", item.get("beskrivelse", NOTHING))
        _coded(fields, "status", MEASURE_STATUS, item.get("status", NOTHING), at + ".status")
        _dated(fields, "started_on", item.get("start", NOTHING), at + ".start")
        _dated(fields, "evaluate_by", item.get("frist", NOTHING), at + ".frist")
        responsible = item.get("ansvarlig")
        if responsible is not None:
            _put(fields, "responsible", responsible.get("navn", NOTHING))
        out.append(Reading(kind="measure", id=item["id"], fields=fields, case=case))
    return out


def rate(read: Callable[[Raw, Any], list[Reading]], cases: list[tuple[Raw, Any]], rounds: int) -> float:
    """Cases a second in the best of some rounds; nothing is kept from one case to the next."""
    best = 0.0
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        for raw, told in cases:
            read(raw, told)
        best = max(best, len(cases) / (time.perf_counter() - start))
    return best


def main(count: int = 3000, rounds: int = 5) -> dict[str, Any]:
    """One JSON line: both rates and their ratio."""
    levels = CodeList(read=LEVELS, write={code: code for code in LEVELS})
    mapping = compile_mapping(plain(SPEC), vocabulary={"levels": levels})
    cases = [(Raw(kind="sak", id=f"s{number}"), body(number)) for number in range(count)]
    if [one.fields for one in mapping.read(*cases[0])] != [one.fields for one in by_hand(*cases[0])]:
        raise SystemExit("the two do not read the same")
    compiled, hand = rate(mapping.read, cases, rounds), rate(by_hand, cases, rounds)
    told = {"benchmark": "mapping", "compiled_per_second": round(compiled), "by_hand_per_second": round(hand),
            "ratio": round(compiled / hand, 2)}  # fmt: skip
    print(json.dumps(told))
    return told


if __name__ == "__main__":
    main()
