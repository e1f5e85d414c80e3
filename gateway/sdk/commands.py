"""Commands that a plugin brings to ``bti``: plain functions from arguments to an answer, without a terminal.

They stand under the plugin's own name: ``bti NAME COMMAND``. A command gets its arguments, the caller's language and
the process's environment, and nothing of the municipality's: no store, no case, no release.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from msgspec import Struct


class Call(Struct, frozen=True, kw_only=True):
    """What a command is called with. ``arguments`` has every name that the command declares."""

    arguments: Mapping[str, str]
    language: Literal["nb", "nn", "en"]
    environment: Mapping[str, str]


class Told(Struct, frozen=True, kw_only=True):
    """What a command answers.

    ``document`` is what ``--json`` prints; ``lines`` is what a person reads, in the caller's language.
    ``needs_person`` makes the exit status 1.
    """

    document: Mapping[str, Any]
    lines: tuple[str, ...] = ()
    needs_person: bool = False


class Command(Struct, frozen=True, kw_only=True):
    """One command. ``name`` is of lower-case letters, digits and ``-``; so are the names of its arguments.

    ``says`` is its help in nb, nn and en. ``run`` may raise what an adapter may: ``Unreachable`` leaves with status 3,
    anything else with 2; what it says in an exception is dropped.
    """

    name: str
    says: Mapping[str, str]
    run: Callable[[Call], Told]
    arguments: tuple[str, ...] = ()
