"""The gate's whole answers on scenes that have names: what is met first when a rule is changed.

``answers.txt`` holds a scene and its answer on each line. A scene is a start that a row of the table lets through, and
what is changed in it, by the names of the choices. The scenes were chosen by the mutants: for each small change of a
rule that any scene at hand could show, one is there that shows it. ``python tests/proof/answers.py`` writes the answers
of the same scenes anew, and a person reads what became otherwise.
"""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from compare import parsed
from msgspec.structs import replace
from neighbours import AXES, moved
from scenes import PERMITTED, permitted
from space import ALL_SIGN, Choices, people, set_paths

from gateway.core.ask import Ask, Decision
from gateway.core.consent import Facts, decide
from gateway.core.rules import RULES, Rules

TABLE = Path(__file__).with_name("answers.txt")
UNREAD, GONE = "nobody has read ", "no basis for "
"""Choices about the law and not the facts: a norm's name follows."""
Name = tuple[str, ...]
SIBLING: Choices = {
    f"sibling of {years}": {"people": people(sibling=f"{2026 - years}-06-15")} for years in (10, 14, 15, 16, 17, 18)
}
AGES: Choices = {f"age {years}": {"subject.birth_date": f"{2026 - years}-06-15"} for years in (8, 13)}
HOUR: Choices = {
    "judged this very moment": {"need.at": "2026-06-15T12:00:00+02:00"},
    "judged a second from now": {"need.at": "2026-06-15T12:00:01+02:00"},
}


class Row(NamedTuple):
    """A named scene as the gate takes it."""

    name: Name
    facts: Facts
    ask: Ask
    fields: tuple[str, ...]
    rules: Rules


@cache
def starts() -> dict[str, dict[str, Any]]:
    """What each row lets through: as it is, and with everybody's yes, alone or with others in the item."""
    found = {}
    for rule in PERMITTED:
        scene = found[rule] = permitted(rule) | {"people": people()}
        if rule.startswith("C"):
            every = found[f"{rule} with every yes"] = set_paths(scene, ALL_SIGN["all sign"].items())
            found[f"{rule} about a sibling too"] = set_paths(every, [("item.about", ["child", "sibling"])])
            found[f"{rule} where one is enough"] = set_paths(every, [("municipality.policy.both_guardians", False)])
    return found


@cache
def choices() -> dict[str, dict[str, Any]]:
    """Every change of one fact, by its name."""
    found: dict[str, dict[str, Any]] = {}
    for axis in (*AXES, SIBLING, AGES, HOUR):
        for name, choice in axis.items():
            assert found.setdefault(name, choice) == choice, f"two choices have the name {name}"
    return found


@cache
def law(choice: str) -> Rules:
    """The rules on a law of which something was not read this year, or is not in force."""
    bases = RULES.law.bases
    if choice.startswith(UNREAD):
        norm = choice.removeprefix(UNREAD)
        assert any(one.norm == norm for one in bases), norm
        bases = tuple(replace(one, last_verified=None) if one.norm == norm else one for one in bases)
    else:
        norm = choice.removeprefix(GONE)
        bases = tuple(one for one in bases if one.norm != norm)
        assert bases != RULES.law.bases, norm
    return replace(RULES, law=replace(RULES.law, bases=bases))


def row(name: Name) -> Row | None:
    """A named scene; ``None`` for one that the gate is never asked about, since nobody told the time."""
    scene, rules = starts()[name[0]], RULES
    for choice in name[1:]:
        if choice.startswith((UNREAD, GONE)):
            rules = law(choice)
        elif choice in HOUR and scene["need"] is None:
            continue
        else:
            scene = moved(scene, choices()[choice])
    facts, ask, fields = parsed(scene)
    return None if facts is None else Row(name, facts, ask, fields, rules)


def answered(one: Row) -> Decision:
    """The answer, with nothing kept from another question on the same facts."""
    return decide(replace(one.facts), one.ask, one.fields, one.rules)


def told(made: Decision) -> str:
    """An answer on one line: the effect, the fields where they differ, and all else that is there."""
    parts = [f"{made.effect} by {' '.join(made.rules)}"]
    if len(set(made.fields.values())) > 1 or made.effect not in made.fields.values():
        parts.append("fields=" + " ".join(f"{name}:{effect}" for name, effect in made.fields.items()))
    for name in made.__struct_fields__:
        value = getattr(made, name)
        if name not in {"effect", "rules", "fields"} and value not in {None, ()}:
            parts.append(f"{name}={' '.join(value) if isinstance(value, tuple) else value}")
    return "; ".join(parts)


def read() -> Iterator[tuple[Row, str]]:
    """Each line of the table: the scene, and the answer that stands there."""
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, answer = line.partition(" => ")
            found = row(tuple(name.split(" | ")))
            assert found is not None, name
            yield found, answer


def write(names: list[Name]) -> None:
    """The table of some scenes, with the answers as they are now."""
    lines = ["# The gate's whole answers on named scenes (answers.py); a line that changes is read by a person."]
    for name in sorted(set(names), key=lambda one: (list(starts()).index(one[0]), one)):
        found = row(name)
        if found is not None:
            lines.append(f"{' | '.join(name)} => {told(answered(found))}")
    TABLE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    write([one.name for one, _ in read()])
    sys.stdout.write(f"{len(TABLE.read_text('utf-8').splitlines()) - 1} answers written\n")
