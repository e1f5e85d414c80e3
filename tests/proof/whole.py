"""The whole space in both engines: ``make proof`` runs it on all cores and prints what was counted."""

import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
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
_CHUNK = 400_000
Chunk = tuple[int, list[int], int]


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


def share(combinations: int = 9_000, asks: int = 400) -> Iterator[Chunk]:
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


def main(every: int = 1) -> int:
    """Decide everything twice, or with every so manyth facts; 0 when nowhere is a difference."""
    started = time.monotonic()
    counts, differences, rules = Counter[str](), 0, Counter[tuple[str, str]]()
    todo = list(chunks(every))
    with multiprocessing.Pool() as pool:
        for chunk, (count, differing, shown, met) in zip(todo, pool.imap(judged, todo), strict=True):
            counts[FAMILIES[chunk[0]].name] += count
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
