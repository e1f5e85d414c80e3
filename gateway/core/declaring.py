"""What a declaration does to a case file: a yes or a no that is written down, and one that is taken back.

An act and its preview both come here, so that what was foretold is what happens.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gateway.core.casefile import CaseFile, Entry
from gateway.core.merge import change_field
from gateway.core.model import Origin
from gateway.core.past import Change


def declare(*, file: CaseFile, item: str, fields: Mapping[str, Any], origin: Origin) -> list[Change]:
    """Write a consent or refusal into the file, as a new item about the subject. Returns the story."""
    case = file.case()
    subject = case.fields.get("subject") if case is not None else None
    file.items[item] = Entry(
        kind="consent", fields=dict(fields), origin=origin, category="consent", about=[subject] if subject else []
    )
    return [(item, "+", None, dict(fields), fields.get("valid_from"))]


def given_by(file: CaseFile, giver: str, consent: str | None = None) -> list[str]:
    """Ids of what a giver has said yes to, or of one such consent."""
    return [
        key
        for key, entry in file.of_kind("consent")
        if entry.fields.get("by") == giver and entry.fields.get("decision") == "given" and consent in {None, key}
    ]


def withdraw(
    *,
    file: CaseFile,
    consents: Sequence[str],
    before: Collection[str],
    services: Sequence[str],
    now: str,
    by: str,
    fresh: Callable[[], str],
    categories: Sequence[str] = (),
) -> list[Change]:
    """Take consents back from ``now`` on; for some services or categories only, where they are named. The story.

    ``before`` are consents that were withdrawn earlier: nothing of them stands. What is taken back for some stands for
    the others as declarations of their own (``fresh`` gives their ids), which supersede the old.
    """
    story: list[Change] = []
    for key in consents:
        entry = file.items[key]
        if key in before or entry.fields.get("withdrawn") is not None:
            continue
        story.append((key, "withdrawn", None, now, now))
        change_field(file=file, item=key, name="withdrawn", value=now, system=None)
        for limits in _left_of(entry.fields, services, categories):
            rest = {**entry.fields, **limits, "supersedes": key, "recorded_by": by}
            del rest["withdrawn"]
            item = fresh()
            file.items[item] = msgspec.structs.replace(entry, fields=rest, sources={})
            story.append((item, "+", None, rest, now))
    return story


def _left_of(fields: Mapping[str, Any], services: Sequence[str], categories: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The limits of what still stands: the other services whole, and of the named ones the other categories."""
    told = fields.get("services", [])
    others = [one for one in told if one not in services] if services else []
    if others:
        yield {"services": others}
    named = [one for one in told if one in services] if services else told
    kept = [one for one in fields.get("categories", []) if one not in categories]
    if categories and named and (kept or not fields.get("categories")):
        excluded = [*fields.get("excluded", []), *({"category": one} for one in categories)]
        yield {"services": named, "categories": kept, "excluded": excluded}
