"""What may be told of what happens: an allow-list by name and form. Whatever is not on it is dropped.

A number that could be a person's or a telephone's is no count, a text that could be a name is no code, and a path is
told as the route that it took. So no log, metric or trace can hold what a record says.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

LARGEST = 9_999_999
"""The largest count; a telephone number has eight digits, a person number eleven."""

LONGEST = 64
"""Characters of a code."""

_CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
_NUMBERS = re.compile(r"[0-9]{4,}")
"""Digits in a row that no code of ours has."""

COUNTS = frozenset({
    "fetched", "delivered", "withheld", "shadowed", "retracted", "quarantined", "conflicts", "tasks", "uncertain",
    "due", "cases", "sendings", "accepted", "processed", "refused", "failed", "unconfirmed", "records", "file", "times",
    "entries", "problems", "systems", "lanes", "unreachable", "stopped",
})  # fmt: skip
"""Names of counts."""

WORDS: Mapping[str, frozenset[str]] = MappingProxyType({
    "act": frozenset({"take_in", "ask", "carry", "give", "ask_after", "other"}),
    "method": frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}),
    "outcome": frozenset({"done", "failed"}),
})  # fmt: skip
"""Names of facts that have one of some words."""


def is_code(told: object) -> bool:
    """Whether a text can only be a code: small letters in words with dots between, and no row of digits."""
    return (
        isinstance(told, str)
        and len(told) <= LONGEST
        and _CODE.fullmatch(told) is not None
        and _NUMBERS.search(told) is None
    )


def is_count(told: object) -> bool:
    """Whether a number can be a count."""
    return isinstance(told, int) and not isinstance(told, bool) and 0 <= told <= LARGEST


def is_seconds(told: object) -> bool:
    """Whether a number can be a time that something took, or a share of something."""
    return isinstance(told, float) and math.isfinite(told) and abs(told) <= LARGEST


def is_status(told: object) -> bool:
    """Whether a number is the status of an HTTP answer."""
    return isinstance(told, int) and not isinstance(told, bool) and 100 <= told <= 599


_FORMS: Mapping[str, Callable[[object], bool]] = MappingProxyType({
    **dict.fromkeys(COUNTS, is_count),
    "code": is_code,
    "seconds": is_seconds,
    "status": is_status,
    "whole": lambda told: isinstance(told, bool),
})  # fmt: skip


def proper(facts: Mapping[str, object], named: Mapping[str, Collection[str]]) -> dict[str, object]:
    """Those facts that may be told. ``named`` holds, for facts whose values are names of the settings or of routes
    (``system``, ``route``), the names that there are.
    """
    told: dict[str, object] = {}
    for name, fact in facts.items():
        form = _FORMS.get(name)
        words = WORDS.get(name) or named.get(name, ())
        if form(fact) if form is not None else isinstance(fact, str) and fact in words:
            told[name] = fact
    return told
