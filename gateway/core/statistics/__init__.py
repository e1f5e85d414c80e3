"""Numbers about many: lead times, levels, breaks in follow-up, what families thought; for services, agencies and all.

Only counts leave, under B10, and no count of fewer than the municipality's limit can be worked out from them, nor from
those of two days.
"""

from gateway.core.statistics.hiding import ALL, Node, Tree, let_out_rows, tree_of
from gateway.core.statistics.measuring import FIGURES, POPULATIONS, Figure, Mark, measure
from gateway.core.statistics.printing import period_of, printed, rounded

__all__ = [
    "ALL",
    "FIGURES",
    "POPULATIONS",
    "Figure",
    "Mark",
    "Node",
    "Tree",
    "let_out_rows",
    "measure",
    "period_of",
    "printed",
    "rounded",
    "tree_of",
]
