"""The interpreter's memory, set for a round's work."""

import gc


def steady() -> None:
    """Look for circles among objects seldom: what a round makes by the hundred thousand has none.

    What start-up left is not looked at again. Looking as often as the interpreter does by itself is a fifth of the
    processor time of a large round, and frees nothing. Called by commands that run rounds.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
