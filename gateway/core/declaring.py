"""What a declaration does to a case file: a yes or a no that is written down, and one that is taken back.

An act and its preview both come here, so that what was foretold is what happens.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
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
) -> list[Change]:
    """Take consents back from ``now`` on; for some services only, where ``services`` names them. Returns the story.

    ``before`` are consents that were withdrawn earlier: nothing of them stands. What is taken back for some services
    stands for the others as a declaration of its own (``fresh`` gives its id), which supersedes the old.
    """
    story: list[Change] = []
    for key in consents:
        entry = file.items[key]
        if key in before or entry.fields.get("withdrawn") is not None:
            continue
        story.append((key, "withdrawn", None, now, now))
        change_field(file=file, item=key, name="withdrawn", value=now, system=None)
        left = [one for one in entry.fields.get("services", []) if one not in services] if services else []
        if left:
            rest = {**entry.fields, "services": left, "supersedes": key, "recorded_by": by}
            del rest["withdrawn"]
            item = fresh()
            file.items[item] = msgspec.structs.replace(entry, fields=rest, sources={})
            story.append((item, "+", None, rest, now))
    return story
