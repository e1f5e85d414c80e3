"""The beginning of an assessment of consequences for privacy (GDPR art. 35 no. 7): what the settings can answer of it.

Likelihood, severity and the conclusion are left blank: they are the controller's own judgement.
"""

from gateway.core.document import Document, Section
from gateway.run.privacy.facts import SPECIAL, Facts
from gateway.run.privacy.points import open_points
from gateway.run.privacy.record import bases, made, measures
from gateway.run.privacy.wording import Wording

NEEDED = ("purpose", "minimal", "correct", "time", "informed", "access", "objection", "processor")
RISKS = ("wrong_receiver", "wrong_person", "address", "old_consent", "too_much", "parents", "lost", "insider",
         "broken_in", "mention", "dependence", "law")  # fmt: skip
"""What may go wrong for a child or a family, in the order of the page."""


def assessment(facts: Facts, language: str) -> Document:
    """The document in ``nb``, ``nn`` or ``en``."""
    say = Wording(language)
    sections = (
        Section(paragraphs=(*made(facts, say), say("dpia.not_whole"))),
        _why(facts, say),
        _described(facts, say),
        _necessity(say),
        bases(facts, say),
        _risks(say),
        measures(facts, say),
        open_points(facts, say),
        _heard(say),
        _conclusion(say),
    )
    return Document(title=say("dpia.title"), language=language, sections=sections)


def _why(facts: Facts, say: Wording) -> Section:
    domains = {facts.settings.units[facts.system(flow.source).unit].service for flow in facts.flows}
    points = [(say("dpia.why.children"),), (say("dpia.why.secrecy"),)]
    if len(domains) > 1:
        points.append((say("dpia.why.combined", services=say.listed(sorted(domains), say.code)),))
    if any(_special(facts, flow.source) for flow in facts.flows):
        points.append((say("dpia.why.special"),))
    return Section(heading=say("dpia.why"), points=tuple(points))


def _special(facts: Facts, system: str) -> bool:
    from gateway.core.model.codes import DOMAIN_OF_SERVICE  # noqa: PLC0415 - one look

    return DOMAIN_OF_SERVICE[facts.settings.units[facts.system(system).unit].service] in SPECIAL


def _described(facts: Facts, say: Wording) -> Section:
    states = [flow.state for flow in facts.flows]
    counts = say(
        "dpia.counts",
        systems=len(facts.systems),
        units=len(facts.settings.units),
        live=states.count("approved"),
        shadow=states.count("shadow"),
        paused=states.count("paused"),
    )
    lines = tuple(
        (say("dpia.flow", source=flow.source, target=flow.target, state=say(f"state.{flow.state}"),
             kinds=say.kinds(flow.kinds)),)
        for flow in facts.flows
    )  # fmt: skip
    return Section(heading=say("dpia.described"), paragraphs=(counts, say("dpia.see_record")), points=lines)


def _necessity(say: Wording) -> Section:
    heads = (say("head.demand"), say("head.gateway"), say("head.yours"))
    rows = tuple((say(f"need.{one}"), say(f"need.{one}.how"), say(f"need.{one}.you")) for one in NEEDED)
    return Section(heading=say("dpia.necessity"), heads=heads, rows=rows)


def _risks(say: Wording) -> Section:
    heads = (say("head.risk"), say("head.lowers"), say("head.likely"), say("head.severe"))
    rows = tuple((say(f"risk.{one}"), say(f"risk.{one}.how"), say.blank, say.blank) for one in RISKS)
    return Section(heading=say("dpia.risks"), paragraphs=(say("dpia.risks_about"),), heads=heads, rows=rows)


def _heard(say: Wording) -> Section:
    points = tuple((say(f"heard.{one}"),) for one in ("officer", "families", "staff"))
    return Section(heading=say("dpia.heard"), points=points)


def _conclusion(say: Wording) -> Section:
    points = tuple((say(f"end.{one}"),) for one in ("accept", "consult", "decided", "again"))
    return Section(heading=say("dpia.end"), points=points)
