"""YAML as plain values and nothing more: no tags, no aliases, no keys told twice, no words that turn into booleans.

``no`` and ``off`` stay text (a language code is not a lie), a date stays text, ``010`` stays text. So what a mapping
file says is what stands in it.
"""

import re
from typing import Any

import yaml

LIMIT = 1_000_000
"""Characters of a file. A mapping that needs more is not a mapping."""
DEPTH = 100
"""Lists and keys inside each other. The C parser builds nodes by recursion and knows no limit of its own."""


class YamlFault(Exception):
    """Text that cannot be taken. ``code`` is ``yaml.syntax``, ``yaml.twice``, ``yaml.alias``, ``yaml.size``; ``place``
    names the line and column. The text itself is not told.
    """

    def __init__(self, code: str, place: str) -> None:
        super().__init__(f"{code} at {place}")
        self.code = code
        self.place = place


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The library's C parser where its wheel brings one: reading a mapping is a large part of a small run."""


class _Loader(_Safe):  # type: ignore[misc]
    yaml_implicit_resolvers: Any = {}  # noqa: RUF012 - the library's own attribute, filled below

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, (str, int, float, bool, type(None))):
                raise YamlFault("yaml.syntax", _place(key_node.start_mark))
            if (type(key), key) in keys:
                raise YamlFault("yaml.twice", _place(key_node.start_mark))
            keys.add((type(key), key))
        told: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return told


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", list("tf")),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


def _place(mark: Any) -> str:
    return "the file" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}"


def plain(text: str) -> Any:
    """The plain values of a YAML text. Raises ``YamlFault``."""
    if len(text) > LIMIT:
        raise YamlFault("yaml.size", "the file")
    try:
        _look_through(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader with less in it
    except yaml.MarkedYAMLError as error:
        raise YamlFault("yaml.syntax", _parsing(text) or _place(error.problem_mark)) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise YamlFault("yaml.syntax", "the file") from None


def _parsing(text: str) -> str | None:
    """Where the text stops being YAML, by the parser in Python: the C one tells another place for the same text."""
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        return _place(error.problem_mark)
    except (yaml.YAMLError, RecursionError, ValueError):
        return "the file"
    return None


def _look_through(text: str) -> None:
    """Refuse what must not be built: aliases, and nesting that is too deep."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise YamlFault("yaml.alias", _place(event.start_mark))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH:
                raise YamlFault("yaml.syntax", "the file")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
