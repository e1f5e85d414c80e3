"""Children made up by chance: a whole case each, as the gate could let it out, with any of its fields kept back."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from gateway_fhir_r4.compose import Composed, There, Unit, compose
from gateway_fhir_r4.receipts import renamed
from gateway_fhir_r4.rules import COORDINATOR, Rules
from msgspec import convert

from gateway.sdk import Release
from gateway.sdk.identity import synthetic_number

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
OPTIONS: dict[str, Any] = {
    "writes": ["assignment", "case", "concern", "consent", "goal", "measure", "participant", "person", "plan"],
    "services": {"Organization/skole": "school", "Organization/helse": "health_station", "Organization/ppt": "ppt"},
    "units": {"Organization/skole": "skole-1"},
    "purposes": {f"{ACT}|COC": "bti", f"{ACT}|CAREMGT": "individual_plan"},
    "flags": {"urn:kommune|uro": "concern"},
    "case_categories": ["urn:kommune|stafettlogg"],
    "plan_categories": ["urn:kommune|ip"],
    "handovers": {"urn:kommune|stafett": "relay_holder"},
    "coordinator_roles": {COORDINATOR: "plan_coordinator"},
    "closing_note": "stafettlogg",
    "tag": "urn:kommune|bti",
}
RULES: Rules = convert(OPTIONS, Rules)
NAMES = ("Nora", "Áilu Máret", "Ole-Jørgen", "Þóra", "Amina", "Jakub", "O’Brien", "Æsa")
WORDS = ("Søv dårleg", "Går ikkje på skulen", 'Les "lite" & <sjeldan>', "Snakkar med lærar\nkvar veke", "😀 trives")
STATUSES: Mapping[str, tuple[str, ...]] = {
    "case": ("draft", "consent_pending", "active", "suspended", "closing", "closed", "replaced_by_plan",
             "closed_by_family", "closed_by_withdrawal", "moved"),
    "plan": ("offered", "active", "declined", "closed"),
    "goal": ("proposed", "active", "reached", "partly_reached", "not_reached", "dropped"),
    "measure": ("proposed", "decided", "started", "evaluated", "ended", "dropped"),
    "concern": ("raised", "clarified", "followed", "settled", "dismissed"),
}  # fmt: skip
ENDED = frozenset({"closed", "replaced_by_plan", "closed_by_family", "closed_by_withdrawal", "moved"})
SERVICES = ("school", "health_station", "ppt")


class Maker:
    """Draws one child's case."""

    def __init__(self, chance: Random, number: int) -> None:
        self.chance, self.number = chance, number

    def day(self) -> str:
        return (date(2026, 1, 1) + timedelta(days=self.chance.randrange(300))).isoformat()

    def words(self) -> str:
        return f"{self.chance.choice(WORDS)} {self.chance.randrange(1000)}"

    def some(self, fields: Mapping[str, Any], *must: str) -> dict[str, Any]:
        """Any of the fields: what the gate kept back, or nobody told, is not there."""
        return {name: one for name, one in fields.items() if name in must or self.chance.random() < 0.8}

    def release(self, kind: str, ident: str, fields: Mapping[str, Any], parts: tuple[Release, ...] = ()) -> Release:
        case = f"case-{self.number}"
        return Release(
            system="journal", kind=kind, id=f"{ident}-{self.number}", case=case, fields=fields,
            changed=tuple(fields), parts=parts, category=kind,
        )  # fmt: skip

    def person(self, role: str, name: str, years: int) -> Release:
        born = date(2026 - years, 1, 1) + timedelta(days=self.chance.randrange(365))
        number = (
            {"number": synthetic_number(born, self.number % 400), "number_type": "fnr"} if role != "employee" else {}
        )
        reached = {"phone": f"9{self.number % 10_000_000:07}", "email": f"a{self.number}@example.org",
                   "address": "Vegen 1, H0101"}  # fmt: skip
        home = {"postal_code": "4352", "city": "Kleppe", "country": "NO"}
        child = {"deceased": self.chance.random() < 0.1, "language": self.chance.choice(("nb", "ti", "se")),
                 "needs_interpreter": self.chance.random() < 0.5, "general_practitioner": "Lege Legesen"}  # fmt: skip
        names = {"given_name": self.chance.choice(NAMES), "family_name": self.chance.choice(NAMES)}
        told = {**names, **reached}
        if role != "employee":
            told |= {**home, "birth_date": born.isoformat()}
        told = self.some(told | (child if role == "subject" else {}))
        if number and self.chance.random() < 0.9:
            told |= self.some(number, "number")
        return self.release("person", name, {**told, "role": role})

    def consent(self) -> Release:
        fields: dict[str, Any] = {
            "decision": "given", "by": f"mother-{self.number}", "purpose": self.chance.choice(("bti", "individual_plan")),
            "services": self.chance.sample(SERVICES, 2),
        }  # fmt: skip
        more = {"given": "2026-01-11T08:00:00Z", "valid_from": self.day(), "valid_to": "2027-12-31"}
        if self.chance.random() < 0.3:
            fields["decision"] = "refused"
            del fields["services"]
        else:
            more |= {"from_services": ["ppt"], "excluded": [{"service": "school"}]}
        if self.chance.random() < 0.3:
            more["withdrawn"] = "2026-06-01T09:30:15Z"
        return self.release("consent", "consent", fields | self.some(more))

    def assignment(self, at: int) -> Release:
        role = self.chance.choice(("relay_holder", "plan_coordinator"))
        states = ("offered", "accepted", "declined", "withdrawn", "expired", "ended")
        state = self.chance.choice(states) if role == "relay_holder" else "accepted"
        told: dict[str, Any] = {"holder_name": self.chance.choice(NAMES), "since": self.day()}
        if role == "relay_holder":
            told |= {"offered_on": self.day(), "family_wish": self.words(), "until": "2026-12-31"}
        if self.chance.random() < 0.5:
            told["holder"] = f"nurse-{self.number}"
        elif self.chance.random() < 0.5:
            told |= {"unit": "skole-1", "service": "school"}
        fields = {"role": role, "state": state, **told}
        return self.release("assignment", f"turn{at}", fields)

    def participant(self, at: int) -> Release:
        role = self.chance.choice(("relay_holder", "actor", "guardian", "subject", "coordinator", "helper"))
        told: dict[str, Any] = {"task": self.words(), "since": self.day(), "until": "2026-12-31"}
        who = self.chance.choice((None, "child", "mother", "nurse"))
        must: dict[str, Any] = {"role": role}
        if who is not None:
            must["person"] = f"{who}-{self.number}"
        if who is None or self.chance.random() < 0.5:
            must["name"] = self.chance.choice(NAMES)
        if who in {None, "nurse"} and self.chance.random() < 0.7:
            must |= {"unit": "skole-1", "service": "school"}
        return self.release("participant", f"part{at}", {**must, **self.some(told)})

    def case(self) -> Release:
        status = self.chance.choice(STATUSES["case"])
        told: dict[str, Any] = {"status": status, "opened_on": self.day()}
        if status in ENDED:
            told |= {"closed_on": "2026-12-31", "closing_note": self.words()}
        return self.release(
            "case", "log", {"subject": f"child-{self.number}", **self.some(told, "status")}, self.parts()
        )

    def parts(self) -> tuple[Release, ...]:
        chance = self.chance
        found = [
            self.person("subject", "child", 12),
            self.person("guardian", "mother", 40),
            self.person("employee", "nurse", 50),
        ]
        for at in range(chance.randrange(3)):
            fields = self.some(
                {"title": self.words(), "status": chance.choice(STATUSES["goal"]), "target_on": self.day(),
                 "area": chance.choice(("trivsel", "urn:kommune:omrade|skole"))}
            )  # fmt: skip
            found.append(self.release("goal", f"goal{at}", fields))
        for at in range(chance.randrange(3)):
            told = {"title": self.words(), "description": self.words(), "status": chance.choice(STATUSES["measure"]),
                    "started_on": self.day(), "ended_on": "2026-12-31", "evaluate_by": self.day(),
                    "responsible": chance.choice(NAMES), "responsible_service": chance.choice(SERVICES)}  # fmt: skip
            found.append(self.release("measure", f"measure{at}", self.some(told)))
        for at in range(chance.randrange(2)):
            told = {"summary": self.words(), "status": chance.choice(STATUSES["concern"]), "raised_on": self.day()}
            found.append(self.release("concern", f"concern{at}", self.some(told)))
        if chance.random() < 0.3:
            status = chance.choice(STATUSES["plan"])
            told = {"status": status, "opened_on": self.day()} | (
                {"closed_on": "2026-12-31"} if status == "closed" else {}
            )
            found.append(self.release("plan", "plan", self.some(told, "status")))
        if chance.random() < 0.7:
            found.append(self.consent())
        found += [self.assignment(at) for at in range(chance.randrange(2))]
        found += [self.participant(at) for at in range(chance.randrange(3))]
        return tuple(found)


def child(chance: Random, number: int = 1) -> Unit:
    """One child's case on its way to a record that knows nobody in it."""
    root = Maker(chance, number).case()
    return Unit(key=f"{number:064x}", releases=(root, *root.parts))


def written(unit: Unit, rules: Rules = RULES) -> tuple[Composed, dict[str, dict[str, Any]], dict[str, str]]:
    """A unit written on nothing: the composition, its resources by id as a server would name them, and the names."""
    made = compose(unit, rules, There(resources={}, of_item={}))
    names = {one.native: f"{one.kind}/x{at}" for at, one in enumerate(made.drafts.values())}
    resources = {
        names[one.native]: {**renamed(one.resource, names), "id": names[one.native].partition("/")[2]}
        for one in made.drafts.values()
    }
    return made, resources, names


def children(count: int, seed: int = 1) -> Iterator[Unit]:
    """So many children, equal for equal seeds."""
    for number in range(count):
        yield child(Random(seed * 1_000_003 + number), number)
