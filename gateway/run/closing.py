"""What a system told that closes something: kept apart as well, where no import and no restore opens it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from gateway.core.casefile import CaseFile
from gateway.core.facts import STRICTNESS
from gateway.core.model import moment
from gateway.core.narrowing import narrows
from gateway.store import Restriction

CLOSING = frozenset({"person", "consent"})
"""Kinds that can close something."""


def closed(
    file: CaseFile, item: str, fields: Mapping[str, Any], *, was: Mapping[str, Any], at: datetime, source: str
) -> Iterator[Restriction]:
    """The restrictions that these new values of a person or a consent are; ``source`` is the system that told them.

    ``was`` holds the old values, where there were any.
    """
    entry = file.items[item]

    def made(kind: str, person: str | None, detail: dict[str, Any]) -> Restriction:
        return Restriction(kind=kind, case=file.id, person=person, detail=detail, at=at, by=None, source=source)

    if entry.kind == "person":
        level = fields.get("protection")
        if level is not None and STRICTNESS.index(level) > 0:
            yield made("protection", item, {"level": level})
        measure = fields.get("care")
        if measure not in {None, "none"}:
            yield made("care", item, {"measure": measure})
        return
    giver = entry.fields.get("by")
    if fields.get("withdrawn") is not None:
        yield made("withdrawal", giver, {"consent": item, "at": fields["withdrawn"]})
    if fields.get("decision") == "refused":
        told = {"by": giver, "purpose": entry.fields.get("purpose"), "at": entry.fields.get("given") or moment(at)}
        yield made("refusal", giver, told)
    for name, old in was.items():
        if narrows(name, old, fields.get(name)):
            told = {"consent": item, "at": moment(at), "field": name, "was": old or [], "left": fields.get(name) or []}
            yield made("narrowing", giver, told)
