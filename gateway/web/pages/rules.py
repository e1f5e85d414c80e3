"""The rule document: every rule, basis, duty and choice, and who has read what and when."""

from gateway.core.ages import day
from gateway.core.known import Policy
from gateway.run import lawdoc
from gateway.web.visit import Answer, Page, Visit


def show(visit: Visit) -> Answer:
    """The rules as they hold in the municipality today."""
    world, site = visit.site.world, visit.site
    chosen = site.settings.policy
    told = lawdoc.document(
        world.rules,
        on=day(world.clock()),
        policy={name: getattr(chosen, name) for name in Policy.__struct_fields__},
        small_cell=site.terms.policy.small_cell,
        municipality=site.settings.municipality,
    )
    return Page(template="rules.html", facts={"law": told}, title="title.rules")
