"""Who saw what: the ledger of a person, as the family would read it. The number comes in a form, not in an address."""

from pathlib import Path

from gateway.core.identity import check_number
from gateway.run import access
from gateway.run.acts import ActFault
from gateway.run.languages import packs
from gateway.web.visit import Answer, Page, Problem, Visit


def show(visit: Visit) -> Answer:
    """The form."""
    return letter(visit)


def make(visit: Visit) -> Answer:
    """The answer to a person, or to somebody who asks about them. Hidden and absent are answered alike."""
    world, form = visit.site.world, visit.form
    language = form.get("language", visit.language)
    numbers = [form.get(name, "").replace(" ", "") for name in ("number", "asker")]
    for number, name in zip(numbers, ("number", "asker"), strict=True):
        if (number or name == "number") and check_number(number, numbers=visit.site.settings.numbers) is not None:
            raise Problem("web.number", where=name)
    try:
        about = access.person_of(world, numbers[0])
        asker = access.person_of(world, numbers[1]) if numbers[1] else None
        told = access.access(world, about, by=visit.person.name, asker=asker, language=language)
    except ActFault as fault:
        if fault.code != "act.unknown_person":
            raise
        return letter(visit, nothing=True)
    return letter(visit, document=told["document"], waits=told["answer"] == "waits")


def letter(visit: Visit, *, document: object = None, nothing: bool = False, waits: bool = False) -> Page:
    """The page with a letter to print and hand over, where there is one."""
    known = sorted(packs(Path(visit.site.settings.folder)))
    facts = {"document": document, "nothing": nothing, "waits": waits, "packs": known}
    return Page(template="ledger.html", facts=facts, title="title.ledger")
