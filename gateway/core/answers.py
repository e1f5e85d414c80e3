"""What a register's answer leaves out, and what a birth makes of what was said before it."""

from collections.abc import Collection, Sequence
from typing import Any

from gateway.core.casefile import CaseFile, Entry
from gateway.core.merge import change_field


def unsaid(file: CaseFile, system: str, child: str, told: Collection[str]) -> list[tuple[str, str, Any, Any, None]]:
    """Make unknown what a register no longer says of who answers for a child, in place; what changed, as history.

    ``told`` are the relations that its whole answer held. It does not say that the others ended, so nobody knows.
    """
    story: list[tuple[str, str, Any, Any, None]] = []
    for item, entry in file.of_kind("relation"):
        old = entry.fields.get("responsibility")
        mine = entry.origin.system == system and entry.fields.get("child") == child
        if mine and item not in told and old not in {"unknown", "none", "deprived"}:
            change_field(file=file, item=item, name="responsibility", value="unknown", system=system)
            story.append((item, "responsibility", old, "unknown", None))
    return story


Story = Sequence[tuple[str, str, Any, Any, str | None]]
"""Changes: (item, field, old, new, valid from)."""

_OF_ANYBODY = frozenset({"case", "person", "relation", "unit", "agreement"})
"""Kinds that say themselves whom they are about."""


def keep_to_subject(file: CaseFile, story: Story) -> None:
    """What was told without saying about whom stays about whom it was: another subject does not inherit it."""
    for item, name, old, new, _ in story:
        if item == file.id and name == "subject" and old not in {None, new}:
            for entry in file.items.values():
                if entry.kind not in _OF_ANYBODY and not entry.about:
                    entry.about = [old]


def asks_anew(file: CaseFile, story: Story) -> bool:
    """Whether consents that stood are to be asked for again: a child was born since, or the case is another's now."""
    case = file.case()
    subject = case.fields.get("subject") if case is not None else None
    given = [one for _, one in file.of_kind("consent") if one.fields.get("decision") == "given"]
    for item, name, old, new, _ in story:
        if item == file.id and name == "subject" and old not in {None, new} and given:
            return True
        if item == subject and name in {"birth_date", "+"}:
            born = new if name == "birth_date" else (new or {}).get("birth_date")
            if born is not None and any(_before(one, born) for one in given):
                return True
    return False


def _before(consent: Entry, born: str) -> bool:
    said = consent.fields.get("given") or consent.fields.get("valid_from")
    return isinstance(said, str) and said[:10] < born
