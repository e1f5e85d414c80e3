"""B10: numbers about many leave where no person can be told from them.

A single item is never anonymous, so no ask is carried by this rule: it speaks of counts alone. Whoever shows counts
that add up to each other on several levels asks once for each level that has a total.
"""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from gateway.core.ask import Decision
from gateway.core.law import Law
from gateway.core.law.generated.current import CURRENT

LEAST = 3
"""No municipality can choose to show smaller groups than this: with two, each tells the other."""
NORM = "ANONYMOUS"


class Counted(Struct, frozen=True, kw_only=True):
    """Counts as they may be shown, and the decision that says so.

    ``shown`` holds the cells that may be shown, ``hidden`` the names of the others, ``total`` the sum of all of them,
    or ``None`` where it would tell what is hidden. ``limit`` is the smallest number that was shown.
    """

    shown: Mapping[str, int]
    hidden: tuple[str, ...]
    total: int | None
    limit: int
    decision: Decision


def let_out(
    cells: Mapping[str, int], *, small_cell: int, on: date, law: Law = CURRENT, with_total: bool = False
) -> Counted:
    """What of some counts may be shown on a day, by the norm ``ANONYMOUS``. The cells are separate: no one is in two.

    A cell below ``small_cell`` is hidden, an empty one too, since it tells that nobody is there. ``with_total`` asks
    for the sum as well, or says that it is shown elsewhere: then further cells are hidden, the smallest first, until
    what is hidden cannot be reckoned from the rest. Without a verified basis all is held.
    """
    limit = max(small_cell, LEAST)
    norm = law.norm(NORM, on)
    if norm.basis is None or not norm.carries:
        return _all_hidden(cells, limit, "deny" if norm.basis is None else "hold")
    order = sorted(cells, key=lambda name: (cells[name], name))
    small = sum(cells[name] < limit for name in order)
    if with_total and small:
        while small < len(order) and sum(cells[name] for name in order[:small]) < limit:
            small += 1
    hidden = frozenset(order[:small])
    total = sum(cells.values())
    shown = {name: count for name, count in cells.items() if name not in hidden}
    effect = "permit" if not hidden else "partial" if shown else "deny"
    told = {name: "deny" if name in hidden else "permit" for name in cells}
    return Counted(
        shown=shown,
        hidden=tuple(name for name in cells if name in hidden),
        total=total if with_total and total >= limit else None,
        limit=limit,
        decision=Decision(
            effect=effect if cells else "deny",
            fields=told,
            rules=("B10",),
            secrecy_basis=norm.basis.code if shown else None,
            cause=None if effect == "permit" and cells else "rule",
            obligations=("hide_small_cells",),
        ),
    )


def _all_hidden(cells: Mapping[str, int], limit: int, effect: str) -> Counted:
    decision = Decision(
        effect=effect,
        fields=dict.fromkeys(cells, effect),
        rules=("B10", "X8"),
        task="verify_legal_basis",
        cause="rule",
    )
    return Counted(shown={}, hidden=tuple(cells), total=None, limit=limit, decision=decision)
