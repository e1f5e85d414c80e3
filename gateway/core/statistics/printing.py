"""What is printed of counts, so that two prints can be laid beside each other.

Numbers of two days can be subtracted: that there are 17 today and were 16 yesterday tells of one child. So each count
is told as the nearest multiple of the limit, and one print stands for a calendar month. Whatever is added and
subtracted of such numbers, of any rows, figures and months, is a multiple of the limit again: nought, or no smaller
than what may be told at all.
"""

from collections.abc import Mapping
from datetime import date

from gateway.core.statistics.hiding import Node, Row


def period_of(on: date) -> str:
    """The month for which one print stands, as ``2026-11``."""
    return f"{on:%Y-%m}"


def rounded(count: int, limit: int) -> int:
    """The nearest multiple of the limit; of two as near the higher. A count of at least the limit stays at least it."""
    return (2 * count + limit) // (2 * limit) * limit


def printed(shown: Mapping[str, Mapping[Node, Row]], *, limit: int) -> dict[str, dict[Node, dict[str, int]]]:
    """The rows that may be shown (``let_out_rows``) as they are told."""
    return {
        code: {node: {cell: rounded(count, limit) for cell, count in row.items()} for node, row in rows.items()}
        for code, rows in shown.items()
    }
