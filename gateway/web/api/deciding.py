"""The gate alone, on made-up facts."""

from gateway.run.decide import decide_text
from gateway.web.api.call import Call, Reply, Wrong


def decide(call: Call) -> Reply:
    """The gate's word on a scenario, or on each of several in the same order. It needs no store and tells of nobody."""
    answer, flaws = decide_text(call.body)
    if flaws:
        errors = [{"code": flaw.code, "path": flaw.path} for flaw in flaws[:100]]
        raise Wrong("api.scenario", status=422, errors=errors)
    return Reply(value=answer)
