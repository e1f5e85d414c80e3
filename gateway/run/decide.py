"""The gate alone: scenarios from a text, their answers as plain values. It needs no store and no settings."""

from typing import Any

from gateway.core import scenario
from gateway.core.model import Fault
from gateway.core.scenario import Flaw
from gateway.sdk import jsonio

_LIMIT = 512 * 1024 * 1024
"""Bytes: a file that somebody made to ask many questions at once is no vendor's."""


def decide_text(text: str) -> tuple[Any, list[Flaw]]:
    """The answer to a scenario, or to an array of them in the same order, and everything that is wrong with them.

    With any flaw there is no answer (``None``). Flaws name the index in an array: ``$[2].subject.birth_date``.
    """
    try:
        value = jsonio.decode(text.encode("utf-8", "surrogatepass"), limit=_LIMIT)
    except Fault as fault:
        return None, [Flaw(code=fault.code, path=fault.path)]
    several = isinstance(value, list)
    read = [
        scenario.read(one, path=f"$[{place}]" if several else "$")
        for place, one in enumerate(value if several else [value])
    ]
    flaws = [flaw for _, found in read for flaw in found]
    if flaws:
        return None, flaws
    answers = [scenario.told(scenario.judge(asked)) for asked, _ in read]
    return (answers if several else answers[0]), []
