"""A consent that a system told with less than before: the rest stands, and what was left out counts as withdrawn.

A person who takes back a part leaves two declarations: the old one, withdrawn, and one for what is left. A system only
changes its record. Read so that both mean the same: the declaration as it was then is withdrawn from that moment, and
the standing one never reaches further than what was left, whatever the system tells later.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from gateway.core.known import ConsentFact
from gateway.core.model import Exclusion

NARROWED = ("services", "excluded", "categories", "units", "from_services")
"""Fields of a consent whose change can leave out something that it covered."""


class Held(Protocol):
    """A restriction, as far as it is looked at here."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def detail(self) -> Mapping[str, Any]: ...  # noqa: D102


def narrows(name: str, old: Any, new: Any) -> bool:
    """Whether a new value of a field leaves out something that the old one covered."""
    before, after = old or [], new or []
    if name == "services":
        return not set(before) <= set(after)
    if name == "excluded":
        return any(one not in before for one in after)
    return name in NARROWED and bool(after) and not (before and set(before) <= set(after))


def narrowed(consent: ConsentFact, closed: Iterable[Held]) -> Iterator[ConsentFact]:
    """The declaration as it stands, and a withdrawn one for each time that something was left out of it."""
    for one in closed:
        if one.kind != "narrowing" or one.detail.get("consent") != consent.id:
            continue
        name, was, left = (one.detail.get(key) for key in ("field", "was", "left"))
        if name not in NARROWED:
            continue
        yield msgspec.structs.replace(
            consent, **{name: _read(name, was or [])}, withdrawn=datetime.fromisoformat(one.detail["at"])
        )
        consent = msgspec.structs.replace(consent, **_less(consent, name, was or [], left or []))
    yield consent


def _read(name: str, value: list[Any]) -> tuple[Any, ...]:
    return tuple(Exclusion(**one) for one in value) if name == "excluded" else tuple(value)


def _less(consent: ConsentFact, name: str, was: list[Any], left: list[Any]) -> dict[str, Any]:
    """The field without what was left out; where nothing at all would be left, the declaration reaches nobody."""
    now = getattr(consent, name)
    if name == "services":
        gone = set(was) - set(left)
        return {name: tuple(one for one in now if one not in gone)}
    if name == "excluded":
        return {name: tuple(dict.fromkeys((*now, *_read(name, [one for one in left if one not in was]))))}
    both = tuple(one for one in now if one in left) if now else tuple(left)
    return {name: both} if both else {"services": ()}
