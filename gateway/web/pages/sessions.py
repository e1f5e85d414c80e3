"""Who is logged in to the web, and logging them out: a lost machine, a leaver, a doubt."""

from gateway.run import sessions
from gateway.web.visit import Answer, Away, Page, Problem, Visit


def show(visit: Visit) -> Answer:
    """The sessions that are not over, by person. Nothing of what anybody looked at stands here."""
    store, settings = visit.site.world.store, visit.site.settings
    found = sessions.standing(store, settings)
    people = list(dict.fromkeys(one["person"] for one in found))
    facts = {
        "people": [{"name": name, "sessions": [one for one in found if one["person"] == name]} for name in people],
        "n": len(found),
    }
    return Page(template="sessions.html", facts=facts, title="title.sessions")


def end(visit: Visit) -> Answer:
    """End every session of a person, or of everybody, wherever they are: also one's own."""
    store, settings = visit.site.world.store, visit.site.settings
    standing = {one["person"] for one in sessions.standing(store, settings)}
    whom = visit.form.get("person", "")
    if visit.form.get("all") == "1":
        chosen = sorted({*settings.people, *standing})
    elif whom in {*settings.people, *standing}:
        chosen = [whom]
    else:
        raise Problem("web.value", where="person")
    sessions.revoke(store, chosen, by=visit.person.name)
    return Away(to="/sessions", said="said.ended")
