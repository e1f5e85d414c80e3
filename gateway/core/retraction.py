"""How far a withdrawal has got at its receivers: an order for each thing to give up, and each disclosure's state.

personvernforordningen art. 19: whoever got the data is told, and the one whom it is about can learn who that was.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

State = Literal["asked", "by_hand", "acknowledged", "refused"]

ANSWER_WITHIN = timedelta(days=3)
"""How long a receiver has until a person hears that it has not answered."""

AGAIN_AFTER = timedelta(days=7)
"""How long after that until they hear of it again."""

OUTSTANDING = frozenset({"asked", "by_hand"})
_STANDING = frozenset({"asked", "by_hand", "acknowledged", "refused"})


class Ordered(Protocol):
    """An order, as far as it is looked at here."""

    @property
    def fields(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def asked_at(self) -> datetime: ...  # noqa: D102


def state_of(fields: Sequence[str], disclosed: datetime, orders: Iterable[Ordered]) -> str | None:
    """What became of one disclosure: the orders are those about its item at its receiver.

    ``None`` when nobody has asked for any of it back. Otherwise ``asked`` or ``by_hand`` while some of it is
    outstanding, ``refused`` when some of it was refused, ``acknowledged`` when all of it is back, and ``partly`` when
    what was asked for is back and the rest may stay.
    """
    states: dict[str, set[str]] = {name: set() for name in fields}
    for one in orders:
        if one.state in _STANDING and one.asked_at >= disclosed:
            for name in one.fields:
                if name in states:
                    states[name].add(one.state)
    left = {_of_field(each) for each in states.values()}
    for state in ("asked", "by_hand", "refused"):
        if state in left:
            return state
    if left == {"acknowledged"}:
        return "acknowledged"
    return "partly" if "acknowledged" in left else None


def _of_field(states: set[str]) -> str | None:
    """A field that is back is back, whatever else was asked."""
    return next((one for one in ("acknowledged", "asked", "by_hand", "refused") if one in states), None)
