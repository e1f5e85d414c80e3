"""The rule document: every rule, basis, duty and choice, and who has read what and when."""

from typing import Any

from gateway.core.ages import day
from gateway.core.known import Policy
from gateway.core.rules.counts import LEAST
from gateway.run import lawdoc, previewing
from gateway.web.visit import Answer, Page, Problem, Visit

SOME = 300
"""Cases that a trial looks at; ``bti preview rule`` looks at all."""


def show(visit: Visit) -> Answer:
    """The rules as they hold in the municipality today."""
    return _page(visit)


def trial(visit: Visit) -> Answer:
    """What another choice of the municipality would do, in numbers. Small counts are hidden; nothing is changed."""
    age, both = visit.form.get("age", ""), visit.form.get("both", "")
    if age not in {"", "15", "16"} or both not in {"", "yes", "no"} or not (age or both):
        raise Problem("web.value", where="age")
    told = previewing.preview_rule(
        visit.site.world, self_consent_age=int(age) if age else None, both_guardians=both == "yes" if both else None,
        most=SOME,
    )  # fmt: skip
    limit = max(visit.site.terms.policy.small_cell, LEAST)
    rows = [
        {"system": name} | ({"few": True} if one["cases"] < limit else {"few": False, **one})
        for name, one in sorted(told["counts"].items())
    ]
    changed = len(told["changed"])
    tried = {
        "age": age, "both": both, "n": told["cases"], "changed": changed, "few": 0 < changed < limit, "limit": limit,
        "rows": rows, "some": told["cases"] >= SOME,
    }  # fmt: skip
    return _page(visit, tried=tried)


def _page(visit: Visit, *, tried: dict[str, Any] | None = None) -> Page:
    world, site = visit.site.world, visit.site
    chosen = site.settings.policy
    told = lawdoc.document(
        world.rules,
        on=day(world.clock()),
        policy={name: getattr(chosen, name) for name in Policy.__struct_fields__},
        small_cell=site.terms.policy.small_cell,
        municipality=site.settings.municipality,
    )
    return Page(template="rules.html", facts={"law": told, "tried": tried}, title="title.rules")
