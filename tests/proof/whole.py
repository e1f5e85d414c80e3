"""The whole space in both engines: ``make proof`` runs it on all cores and prints what was counted.

What is decided is written down part by part, so that a run that was stopped goes on where it was. A part counts again
only while no line of the rules and the proof has changed.
"""

import hashlib
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import theorems_of_form  # noqa: F401 - its theorems register themselves
from compare import Point, disagree, first, spread, told, walk
from families import FAMILIES
from second_engine import decide as second
from theorems import THEOREMS, At, counterexample

from gateway.core.consent import decide
from gateway.core.rules import RULES

EVERY = int(os.environ.get("PROOF_EVERY", "101"))
"""Each so manyth point is also put to all the theorems, which take fifty times as long as a decision."""
SHOWN = 3
"""How many differences of one chunk are printed whole."""
KEPT = Path(os.environ.get("PROOF_KEPT", "build/proof.jsonl"))
"""Where the parts that are decided are written down, a line each."""
CORES = int(os.environ.get("PROOF_CORES", "0")) or None
"""How many processes decide; none told, one for each core."""
_CHUNK = 200_000
Chunk = tuple[int, list[int], int]
Result = tuple[int, int, list[str], Counter[tuple[str, str]]]
ROOT = Path(__file__).parents[2]


def say(line: str) -> None:
    """A line of the report."""
    sys.stdout.write(line + "\n")


def chunks(every: int = 1) -> Iterator[Chunk]:
    """The whole space in parts of some hundred thousand combinations; or every so manyth facts, with all asks."""
    for number, family in enumerate(FAMILIES):
        size = max(1, _CHUNK // family.asks_size)
        facts = spread(family.facts_size, -(-family.facts_size // every)) if every > 1 else range(family.facts_size)
        for begins in range(0, len(facts), size):
            yield number, list(facts[begins : begins + size]), 0


def share(combinations: int = 3_600, asks: int = 340) -> Iterator[Chunk]:
    """A part of each family that is always the same, and spread over all of it."""
    for number, family in enumerate(FAMILIES):
        met = min(asks, family.asks_size)
        every = max(1, met // 60)
        yield number, spread(family.facts_size, combinations * every // met), met


def proved(scene: dict[str, Any], point: Point) -> list[str]:
    """The theorems that fail on a point, in print."""
    facts, ask, fields = point
    if facts is None:
        return []
    at = At(facts, ask, fields, decide(facts, ask, fields), RULES)
    reasons = ((name, check(at)) for name, check in THEOREMS.items())
    return [f"{name}: {counterexample(scene, at, why)}" for name, why in reasons if why]


def judged(chunk: Chunk) -> tuple[int, int, list[str], Counter[tuple[str, str]]]:
    """How many combinations of a chunk were decided, on how many the engines differ, the first such, and the rules."""
    number, facts, met = chunk
    family = FAMILIES[number]
    asks = spread(family.asks_size, met) if met else range(family.asks_size)
    every = max(1, met // 60) if met else 1
    count, differing, shown, rules = 0, 0, [], Counter[tuple[str, str]]()
    for scene, point in walk(family, facts, asks, every):
        one = first(*point)
        count += 1
        rules[one.rule, one.effect] += 1
        if not met and (count + facts[0]) % EVERY == 0:
            failing = proved(scene, point)
            differing += len(failing)
            shown += failing[:SHOWN]
            rules["points put to the theorems", ""] += 1
        if one != second(scene):
            differing += 1
            if len(shown) < SHOWN:
                kept = "" if disagree(scene) else "  only among other asks on the same facts, which is worse\n"
                shown.append(kept + told(scene))
    return count, differing, shown, rules


def written() -> str:
    """A mark of all that the answers rest on: the core and the proof, as they are written."""
    mark = hashlib.sha256(str(EVERY).encode())
    for folder in (ROOT / "gateway" / "core", ROOT / "tests" / "proof"):
        for path in sorted(one for one in folder.rglob("*") if one.suffix in {".py", ".yaml"}):
            mark.update(path.read_bytes())
    return mark.hexdigest()[:16]


def decided(todo: list[Chunk]) -> Iterator[tuple[str, Result]]:
    """The family and result of each part: from what was written down, or decided now on all cores."""
    mark, kept = written(), dict[str, Result]()
    for line in KEPT.read_text("utf-8").splitlines() if KEPT.exists() else ():
        try:
            of, sign, count, differing, shown, rules = json.loads(line)
        except ValueError:
            continue  # the line on which a run was stopped
        if of == mark:
            kept[sign] = count, differing, shown, Counter({(rule, effect): many for rule, effect, many in rules})
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    yield from ((FAMILIES[one[0]].name, kept[_sign(one)]) for one in todo if _sign(one) in kept)
    left = [one for one in todo if _sign(one) not in kept]
    with multiprocessing.Pool(CORES) as pool, KEPT.open("a", encoding="utf-8") as notes:
        for chunk, result in zip(left, pool.imap(judged, left), strict=True):
            rules = [(*key, many) for key, many in result[3].items()]
            notes.write(json.dumps([mark, _sign(chunk), *result[:3], rules]) + "\n")
            notes.flush()
            yield FAMILIES[chunk[0]].name, result


def _sign(chunk: Chunk) -> str:
    family, facts, met = chunk
    return f"{FAMILIES[family].name}:{hashlib.sha256(repr((facts, met)).encode()).hexdigest()[:16]}"


def main(every: int = 1) -> int:
    """Decide everything twice, or with every so manyth facts; 0 when nowhere is a difference."""
    started = time.monotonic()
    counts, differences, rules = Counter[str](), 0, Counter[tuple[str, str]]()
    for name, (count, differing, shown, met) in decided(list(chunks(every))):
        counts[name] += count
        differences += differing
        rules += met
        for one in shown:
            say(one)
    tried = rules.pop(("points put to the theorems", ""), 0)
    for name, count in counts.items():
        say(f"{name:<24}{count:>12,}")
    shown_first = sum(count for (_, effect), count in rules.items() if effect in {"permit", "partial"})
    say(f"{'all':<24}{sum(counts.values()):>12,}  of which something leaves in {shown_first:,}")
    say(f"{differences} differences; {len({rule for rule, _ in rules})} rules met; {time.monotonic() - started:.0f} s")
    say(f"{len(THEOREMS)} theorems on {tried:,} of these points")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
