"""What a code and a path may look like, so that neither ever carries a value of a record.

Codes and paths are stored, logged and shown, also those that a plugin chose. A plugin that puts a vendor's message or
a person's number into one would have it told everywhere, so what does not have a code's form is told as ``UNNAMED``.
"""

import re

UNNAMED = "adapter.unnamed"
"""Stands for a code that is none."""

WHOLE = "$"
"""Stands for a path that is none: the record as a whole."""

_LONGEST_CODE, _LONGEST_PATH = 64, 160
_CODE = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*")
_PATH = re.compile(r"[\w$.\[\]*:@/{}#,()+='! -]*")
_NUMBER = re.compile(r"[0-9](?:[ ._-]?[0-9]){5}")
"""Six digits, also with something between them: a day, or a number of somebody or something."""
_FEW_SPACES = 3
_TRACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@=+-]{0,199}")
_PERSON = re.compile(r"(?<![A-Za-z0-9])[0-9]{11}(?![A-Za-z0-9])")


def plain_code(told: object) -> str:
    """The code, or ``UNNAMED`` where it has not the form of one: words in lower case with dots between, no number."""
    if isinstance(told, str) and len(told) <= _LONGEST_CODE and _CODE.fullmatch(told) and not _NUMBER.search(told):
        return told
    return UNNAMED


def plain_path(told: object) -> str:
    """The path, or ``WHOLE`` where it looks like text or holds a number."""
    if (
        isinstance(told, str)
        and len(told) <= _LONGEST_PATH
        and _PATH.fullmatch(told)
        and told.count(" ") <= _FEW_SPACES
        and not _NUMBER.search(told)
    ):
        return told
    return WHOLE


def plain_trace(told: object) -> str | None:
    """A system's own name for a delivery, as it is kept beside the key; ``None`` for what looks like anything else."""
    if isinstance(told, str) and _TRACE.fullmatch(told) and not _PERSON.search(told):
        return told
    return None
