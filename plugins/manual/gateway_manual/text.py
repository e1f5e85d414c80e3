"""A task in words: just the released fields, in the reader's language, as plain text that can be read aloud.

Nothing is computed and nothing is added: a field that was not released is not mentioned, not even as missing.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.sdk import Release
from gateway_manual.words import KIND, LABEL, PHRASE, VALUE

Item = Mapping[str, Any]
"""``kind``, ``native_id`` (``None`` for what is new there), ``values`` by field, ``changed`` fields."""

_OSLO = ZoneInfo("Europe/Oslo")


def items_of(release: Release) -> list[Item]:
    """A release and its parts as items for ``task_text``; fields to take back stand as ``changed``."""
    return [
        {
            "kind": one.kind,
            "native_id": one.native_id,
            "values": {name: one.fields[name] for name in one.fields},
            "changed": list(one.retracts or one.changed),
        }
        for one in (release, *release.parts)
    ]


def task_text(
    items: Sequence[Item],
    *,
    system: str,
    language: str,
    removing: bool = False,
    labels: Mapping[str, str] | None = None,
) -> str:
    """What a person is asked to do, in ``nb``, ``nn`` or ``en`` (others get ``nb``).

    Of an item that the system already has, only what changed is shown. ``removing`` asks to take the fields away, by
    name and without their values. ``labels`` are names for fields that come before our own (a municipality's words).
    """
    spoken = language if language in PHRASE else "nb"
    phrase = PHRASE[spoken]
    lines = [phrase["remove" if removing else "enter"].format(system=_clean(system))]
    for item in items:
        lines += ["", *_item(item, spoken=spoken, removing=removing, labels=labels or {})]
    lines += ["", phrase["removed" if removing else "entered"]]
    return "\n".join(lines) + "\n"


def _item(item: Item, *, spoken: str, removing: bool, labels: Mapping[str, str]) -> list[str]:
    phrase = PHRASE[spoken]
    native = item.get("native_id")
    title = labels.get(str(item["kind"])) or KIND[spoken].get(item["kind"], str(item["kind"]))
    head = f"{title} ({phrase['new'] if native is None else phrase['existing'].format(id=_clean(str(native)))})"
    values: Mapping[str, Any] = item.get("values", {})
    changed = [str(name) for name in item.get("changed") or ()]
    if removing:
        if not changed:
            return [head, f"  {phrase['all']}"]
        return [head, *(f"  - {_label(name, spoken, labels)}" for name in changed)]
    shown = [name for name in values if native is None or not changed or name in changed]
    return [head, *(line for name in shown for line in _field(name, values[name], spoken=spoken, labels=labels))]


def _field(name: str, value: Any, *, spoken: str, labels: Mapping[str, str]) -> list[str]:
    label = _label(name, spoken, labels)
    if isinstance(value, list) and any(isinstance(one, Mapping) or "\n" in str(one) for one in value):
        return [f"  {label}:", *(f"    - {_said(name, one, spoken, labels)}" for one in value)]
    said = _said(name, value, spoken, labels)
    first, *rest = said.split("\n")
    return [f"  {label}: {first}", *(f"    {line}" for line in rest)]


def _label(name: str, spoken: str, labels: Mapping[str, str]) -> str:
    return labels.get(name) or LABEL[spoken].get(name) or name.replace("_", " ").capitalize()


def _said(name: str, value: Any, spoken: str, labels: Mapping[str, str]) -> str:
    phrase = PHRASE[spoken]
    if value is None or value in ("", []):
        return phrase["empty"]
    if isinstance(value, bool):
        return phrase["yes" if value else "no"]
    if isinstance(value, list):
        return ", ".join(_said(name, one, spoken, labels) for one in value)
    if isinstance(value, Mapping):
        if set(value) <= {"code", "rank"} and "code" in value:
            return _clean(str(value["code"]))
        return "; ".join(
            f"{_label(key, spoken, labels)}: {_said(key, one, spoken, labels)}" for key, one in value.items()
        )
    if isinstance(value, str):
        return VALUE[spoken].get(value) or _day(value, spoken) or _clean(value)
    return str(value)


def _day(value: str, spoken: str) -> str | None:
    """A date or moment as people write it; moments in Norwegian time."""
    if spoken == "en" or not value[:4].isdigit() or value[4:5] != "-":
        return None
    try:
        if len(value) == len("2026-11-21"):
            return date.fromisoformat(value).strftime("%d.%m.%Y")
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return moment.astimezone(_OSLO).strftime("%d.%m.%Y kl. %H.%M")


def _clean(text: str) -> str:
    """Without signs that steer a terminal or turn the writing direction: the text is shown, never obeyed."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(sign for sign in plain if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs"})
