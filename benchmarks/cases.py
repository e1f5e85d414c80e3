"""The job that everybody is measured on: cases of about 4 kB, and the same with a part of them changed.

A case is a child of ten to thirteen, two guardians with joint responsibility, their consents, two concerns and three
measures, as one document of the open exchange protocol. In one case of fifty one guardian has not consented, so that
nothing of it may leave. All numbers are synthetic (month + 80). Dates follow the calendar, so that the children stay
children.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from gateway.core.identity import synthetic_number

TEXT = (
    "Vi ser at leseflyten har stoppet opp, og at lekser tar lang tid hjemme. Eleven sier selv at bokstavene flytter "
    "på seg, og at det er lettere når noen leser høyt først. Familien og skolen er enige om å prøve tiltakene under "
    "i seks uker, og å snakkes igjen når de er over. Alle er kjent med hva som skrives her."
)
SERVICES = ["school", "health_station"]
YEAR = datetime.now(tz=UTC).year
CLOSED = 50
"""One case in so many may not leave."""


def _number(at: int, kind: int) -> tuple[str, str]:
    """A birth date and a synthetic number for the at-th person of a kind: child, mother, father."""
    start, days = ((date(YEAR - 13, 1, 1), 1000), (date(1980, 1, 1), 3000), (date(1970, 1, 1), 2900))[kind]
    born = start + timedelta(days=at % days)
    return born.isoformat(), synthetic_number(born, at // days)


def case(at: int, *, changed: bool = False) -> dict[str, Any]:
    """The at-th case as a document; ``changed`` edits one measure of it."""
    ident = f"c{at:07d}"
    child, mother, father = f"{ident}-p0", f"{ident}-p1", f"{ident}-p2"
    people = [_number(at, kind) for kind in range(3)]

    def item(kind: str, n: int, fields: dict[str, Any], about: list[str] | None = None) -> dict[str, Any]:
        return {
            "kind": kind, "id": f"{ident}-{kind[:3]}{n}", "case": ident, "category": kind, "about": about or [child],
            "version": "1", "fields": fields,
        }  # fmt: skip

    names, roles = ("Nora", "Ingrid", "Amir"), ("subject", "guardian", "guardian")
    persons = [
        {**item("person", n, {
            "number": number, "birth_date": born, "given_name": name, "family_name": "Prøvestad", "role": role,
            "protection": "none",
        }, about=[who]), "id": who}
        for n, (who, (born, number), name, role) in enumerate(
            zip((child, mother, father), people, names, roles, strict=True)
        )
    ]  # fmt: skip
    relations = [
        item("relation", n, {"person": who, "child": child, "responsibility": "joint", "resident": True})
        for n, who in enumerate((mother, father))
    ]
    consents = [
        item("consent", n, {
            "decision": "given", "by": who, "purpose": "bti", "services": SERVICES, "valid_from": f"{YEAR}-01-01",
            "valid_to": f"{YEAR + 1}-12-31", "given": f"{YEAR}-01-01T10:00:00+01:00", "form": "electronic",
        })
        for n, who in enumerate((mother, father) if is_open(at) else (mother,))
    ]  # fmt: skip
    concerns = [
        item("concern", n, {
            "summary": TEXT[: 330 - 20 * n], "area": area, "arenas": ["classroom"], "raised_on": f"{YEAR}-0{n + 2}-03",
            "raised_by": "employee", "status": "clarified",
        })
        for n, area in enumerate(("reading", "wellbeing"))
    ]  # fmt: skip
    measures = [
        item("measure", n, {
            "title": title, "description": TEXT[:180], "arena": "classroom", "responsible_service": "school",
            "status": "started", "started_on": f"{YEAR}-03-01",
            "evaluate_by": f"{YEAR}-05-01" if not (changed and n == 0) else f"{YEAR}-06-01",
        })
        for n, title in enumerate(("Lesekurs", "Fast voksen i friminutt", "Høytlesning hjemme"))
    ]  # fmt: skip
    return {
        "id": ident, "case": ident, "kind": "case", "category": "case", "about": [child],
        "version": "2" if changed else "1", "modified": f"{YEAR}-01-0{3 if changed else 2}T08:00:00Z",
        "fields": {"subject": child, "status": "active", "opened_on": f"{YEAR}-01-01"},
        "items": {
            "person": persons, "relation": relations, "consent": consents, "concern": concerns, "measure": measures,
        },
    }  # fmt: skip


def is_open(at: int) -> bool:
    """Whether everyone who must has consented to what the case holds being told."""
    return at % CLOSED != CLOSED - 1


def said(at: int, *, changed: bool = False) -> tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """What a receiver must know of the at-th case: the child's number, its concerns, its measures."""
    document = case(at, changed=changed)
    items = document["items"]
    return (
        items["person"][0]["fields"]["number"],
        tuple(sorted((one["fields"]["area"], one["fields"]["summary"]) for one in items["concern"])),
        tuple(sorted((one["fields"]["title"], one["fields"]["evaluate_by"]) for one in items["measure"])),
    )
