"""Statistics with small counts hidden, and charts that are drawn here and run nothing."""

from typing import Any

from gateway.run.statistics import statistics
from gateway.web import words
from gateway.web.visit import Answer, Page, Problem, Visit

WIDE = 420
"""Units of the longest bar."""


def show(visit: Visit) -> Answer:
    """The figures of a year."""
    asked = visit.query.get("year", "")
    if asked and not (asked.isascii() and asked.isdigit() and 2000 <= int(asked) < 2200):
        raise Problem("web.value", where="year")
    told = statistics(
        visit.site.world, by=visit.person.name, year=int(asked) if asked else None, terms=visit.site.terms
    )
    figures = [_figure(visit, one) for one in told["figures"]]
    facts = {
        "year": told["year"],
        "limit": told["limit"],
        "counted": told["counted_at"][:10],
        "figures": [one for one in figures if one["rows"]],
    }
    return Page(template="numbers.html", facts=facts, title="title.numbers")


def _figure(visit: Visit, figure: dict[str, Any]) -> dict[str, Any]:
    def cell(name: str) -> str:
        return " + ".join(words.say(f"cell.{part}", visit.language) for part in name.split("+"))

    rows = []
    for row in figure["rows"]:
        most = max(row["counts"].values(), default=0) or 1
        bars = [{"cell": cell(name), "n": n, "width": round(WIDE * n / most, 1)} for name, n in row["counts"].items()]
        if bars:
            rows.append({"level": row["level"], "title": row["title"], "bars": bars})
    return {"code": figure["code"], "rows": rows}
