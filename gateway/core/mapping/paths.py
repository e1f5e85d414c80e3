"""Paths into a vendor's record: ``meta.dato``, or a list of keys where a key holds a dot."""

from collections.abc import Mapping
from typing import Any

from gateway.core.mapping.spec import Path


def path_of(told: Any) -> Path:
    """The keys of a path, outermost first; empty when it is not one."""
    if isinstance(told, str):
        keys = told.split(".")
    elif isinstance(told, list) and all(isinstance(key, str) for key in told):
        keys = told
    else:
        return ()
    return tuple(keys) if all(keys) else ()


def is_plain(told: Any, depth: int = 0) -> bool:
    """Whether a value is made of plain values only, with text for keys of its outermost levels' mappings."""
    if depth > 20:
        return False
    if isinstance(told, Mapping):
        return all(
            type(key) in (str, int, float, bool, type(None)) and is_plain(value, depth + 1)
            for key, value in told.items()
        )
    if isinstance(told, list):
        return all(is_plain(value, depth + 1) for value in told)
    return type(told) in (str, int, float, bool, type(None))


def clashes(places: list[tuple[str, Path]]) -> list[tuple[str, str]]:
    """Pairs of names whose paths are the same, or one inside the other."""
    found = []
    for number, (second, inner) in enumerate(places):
        for first, outer in places[:number]:
            short = min(len(inner), len(outer))
            if short and inner[:short] == outer[:short]:
                found.append((first, second))
    return found
