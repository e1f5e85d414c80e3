"""A relay log around one child: concerns, goals, measures, meetings, the child's voice, consents, who coordinates."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from gateway.run.synthetic.people import Family, weighed
from gateway.run.synthetic.phrases import BOKMAL, NYNORSK, Phrases
from gateway.run.synthetic.places import (
    COORDINATING,
    HEALTH_STATION,
    HELPERS,
    KINDERGARTENS,
    MIDWIFE,
    SCHOOL_HEALTH,
    SCHOOLS,
    Place,
)

LEVELS = ((0, 0.12), (1, 0.38), (2, 0.36), (3, 0.14))
"""Shares of the levels among open logs."""
CONSENT_STATES = (
    ("complete", 0.70), ("missing", 0.10), ("refused", 0.05), ("withdrawn", 0.06), ("expiring", 0.07),
    ("expired", 0.02),
)  # fmt: skip
AREAS = ("play", "language", "learning", "attendance", "sleep", "friends", "regulation", "wellbeing")
_STAFF_GIVEN = ("Berit", "Torstein", "Gunn", "Marte", "Eivind", "Jorunn", "Petter", "Amina", "Signe", "Kåre", "Tuva")
_STAFF_FAMILY = ("Bø", "Haugland", "Ekeland", "Risdal", "Nesse", "Foss", "Tangen", "Warsame", "Mo", "Kleven", "Oppedal")
_SELF_CONSENT_AGE = 15


def enrolled_at(born: str, today: date, roll: Callable[[], float]) -> tuple[Place, str]:
    """The school or kindergarten of a child of this age and its group; the health station for the smallest."""
    age = today.year - int(born[:4])
    if age < 1:
        return HEALTH_STATION, "spedbarn"
    if age < 6:
        return KINDERGARTENS[int(roll() * len(KINDERGARTENS))], f"avdeling {'ABC'[int(roll() * 3)]}"
    grade = age - 5
    schools = SCHOOLS[:5] if grade <= 7 else SCHOOLS[5:7] if grade <= 10 else SCHOOLS[7:]
    return schools[int(roll() * len(schools))], f"{min(grade, 13)}{'AB'[int(roll() * 2)]}"


def enrolment(child: dict[str, Any], place: Place, group: str) -> dict[str, Any]:
    """The record of a child's place in a group."""
    fields = {"person": child["id"], "unit": place.id, "unit_name": place.name, "group": group}
    return {"kind": "enrolment", "id": f"e{child['id'][1:]}", "fields": {**fields, "role": "pupil", "status": "active"}}


class Cases:
    """Writes the cases of children. All chance comes from ``chance``; ``today`` is the municipality's date."""

    def __init__(self, chance: Random, today: date) -> None:
        self._roll = chance.random
        self._today = today
        self._day = today.toordinal()

    def write(self, family: Family, number: int) -> dict[str, Any]:
        """The case of a family's child ``number`` (from 0): its header, items, people and relations, all plain."""
        child = family.children[number]
        writing = _Writing(self._roll, self._day, family, child)
        if family.situation == "expecting":
            writing.place = MIDWIFE
        else:
            writing.place, writing.group = enrolled_at(child["fields"]["birth_date"], self._today, self._roll)
        header = writing.header()
        writing.items()
        siblings = [
            {"kind": "person", "id": each["id"], "fields": {**each["fields"], "role": "sibling"}}
            for each in family.children
            if each["id"] in writing.siblings
        ]
        return {
            "case": header,
            "items": writing.written,
            "people": [child, *family.adults, *siblings],
            "relations": list(family.relations[number]),
            "enrolment": enrolment(child, writing.place, writing.group) if writing.group else None,
        }


class _Writing:
    """One case while it is written."""

    def __init__(self, roll: Callable[[], float], day: int, family: Family, child: dict[str, Any]) -> None:
        self.roll = roll
        self.day = day
        self.family = family
        self.child = child
        self.name: str = child["fields"]["given_name"]
        self.id = f"c{child['id'][1:]}"
        self.words: Phrases = BOKMAL if roll() < 0.6 else NYNORSK
        self.level: int = weighed(LEVELS, roll())
        self.place: Place = HEALTH_STATION
        self.group = ""
        self.opened = day - 20 - int(roll() * 400)
        self.helpers = [HELPERS[int(roll() ** 1.6 * len(HELPERS))] for _ in range(max(0, self.level - 1) * 2)]
        self.written: list[dict[str, Any]] = []
        self.siblings: list[str] = []
        self.goals: list[str] = []

    def one(self, among: tuple[str, ...]) -> str:
        return among[int(self.roll() * len(among))]

    def say(self, among: tuple[str, ...]) -> str:
        return self.one(among).replace("{name}", self.name)

    def staff(self) -> str:
        return f"{self.one(_STAFF_GIVEN)} {self.one(_STAFF_FAMILY)}"

    def on(self, after: int, spread: int = 60) -> str:
        """A date some days after the opening, at most today."""
        return date.fromordinal(min(self.day, self.opened + after + int(self.roll() * spread))).isoformat()

    def ahead(self, spread: int) -> str:
        return date.fromordinal(self.day + 3 + int(self.roll() * spread)).isoformat()

    def header(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "subject": self.child["id"],
            "subject_role": "youth" if self.age() >= 13 else "child",
            "status": "draft" if self.level == 0 else "active",
            "level": {"code": str(self.level), "rank": self.level},
            "opened_on": date.fromordinal(self.opened).isoformat(),
            "owning_unit": self.place.id,
        }
        if self.place is MIDWIFE:
            fields |= {"subject_role": "pregnant", "due_date": self.ahead(200)}
        if self.level > 0:
            fields["next_meeting_on"] = self.ahead(40)
        return self._item("case", self.id, self.place, fields)

    def age(self) -> int:
        born = date.fromisoformat(self.child["fields"]["birth_date"])
        today = date.fromordinal(self.day)
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    def items(self) -> None:
        roll = self.roll
        for _ in range(1 + (roll() < 0.2)):
            self._concern()
        if self.level > 0:
            for _ in range(1 + (roll() < 0.15)):
                self._goal()
            for _ in range(1 + (roll() < 0.2 * self.level)):
                self._measure()
            for _ in range(int(roll() * (self.level * 0.6 + 0.6))):
                self._meeting()
            self._assignment()
            self._consents()
        if roll() < 0.4:
            self._voice()
        if roll() < 0.3:
            self._bright()

    def add(self, kind: str, place: Place, fields: dict[str, Any]) -> str:
        ident = f"{self.id}-{len(self.written) + 1}"
        self.written.append(self._item(kind, ident, place, fields))
        return ident

    def _item(self, kind: str, ident: str, place: Place, fields: dict[str, Any]) -> dict[str, Any]:
        return {
            "kind": kind,
            "id": ident,
            "case": self.id,
            "category": kind,
            "about": [self.child["id"]],
            "origin": place.origin(),
            "fields": fields,
        }

    def writer(self) -> Place:
        """Who writes an item: mostly the school or kindergarten, sometimes one of the helpers."""
        if self.helpers and self.roll() < 0.35:
            return self.helpers[int(self.roll() * len(self.helpers))]
        return self.place

    def _concern(self) -> None:
        words, roll = self.words, self.roll
        arena = self.one(tuple(words.arenas))
        observed = self.say(words.observed).replace("{arena}", words.arenas[arena])
        last = words.family if roll() < 0.5 else words.next_step
        fields: dict[str, Any] = {
            "summary": f"{observed} {self.say(words.since)} {self.say(last)}",
            "area": self.one(AREAS),
            "causes": [self.one(("home", "child", "environment", "leisure"))],
            "arenas": [arena],
            "level": {"code": str(self.level), "rank": self.level},
            "raised_on": self.on(-15, 30),
            "raised_by": weighed((("employee", 0.8), ("guardian", 0.16), ("youth", 0.04)), roll()),
            "status": weighed((("raised", 0.2), ("clarified", 0.3), ("followed", 0.4), ("settled", 0.1)), roll()),
        }
        if roll() < 0.4:
            fields["involvement"] = [{"party": "guardians", "step": "clarify", "involved": True}]
        if roll() < 0.4:
            fields["protective_factors"] = [{"code": self.one(("friend", "adult", "activity", "humour"))}]
        if fields["status"] in ("clarified", "settled"):
            fields["conclusion"] = self.say(words.conclusions)
        others = [each["id"] for each in self.family.children if each["id"] != self.child["id"]]
        if others and roll() < 0.1:
            self.siblings = others
            fields["siblings"] = others
        self.add("concern", self.writer(), fields)

    def _goal(self) -> None:
        words = self.words
        fields = {
            "title": self.say(words.goals),
            "description": self.say(words.goal_details),
            "area": self.one(AREAS),
            "target_on": self.ahead(120),
            "status": weighed((("active", 0.7), ("partly_reached", 0.2), ("reached", 0.1)), self.roll()),
        }
        self.goals.append(self.add("goal", self.place, fields))

    def _measure(self) -> None:
        words, roll = self.words, self.roll
        title, description = words.measures[int(roll() * len(words.measures))]
        place = self.writer()
        fields: dict[str, Any] = {
            "title": title,
            "description": description.replace("{name}", self.name),
            "goals": self.goals[:1],
            "area": self.one(AREAS),
            "responsible": self.staff(),
            "responsible_service": place.service,
            "status": weighed((("decided", 0.2), ("started", 0.55), ("evaluated", 0.15), ("ended", 0.1)), roll()),
            "decided_on": self.on(5, 30),
            "started_on": self.on(15, 60),
            "evaluate_by": self.ahead(90),
        }
        ident = self.add("measure", place, fields)
        if fields["status"] in ("evaluated", "ended"):
            fields["effect"] = self.say(words.effects)
            self.add(
                "evaluation",
                place,
                {
                    "of": [ident],
                    "phase": "during" if fields["status"] == "evaluated" else "after",
                    "evaluated_on": self.on(60, 120),
                    "outcome": weighed((("better", 0.55), ("unchanged", 0.3), ("unclear", 0.15)), roll()),
                    "text": self.say(words.effects),
                },
            )

    def _meeting(self) -> None:
        words, roll = self.words, self.roll
        held = self.on(20, 200)
        guardians = [f"{each['fields']['given_name']} {each['fields']['family_name']}" for each in self.family.adults]
        fields = {
            "meeting_type": self.one(("cooperation", "resource_team", "network")),
            # Noon in UTC is inside the working day in Norway, summer and winter.
            "held_at": f"{held}T{8 + int(roll() * 5):02d}:00:00Z",
            "place": self.place.name,
            "agenda": self.say(words.agendas),
            "summary": self.say(words.minutes),
            "decisions": [self.say(words.decisions)],
            "participants": [self.staff(), *guardians],
            "next_on": self.ahead(60),
            "status": "held",
        }
        self.add("meeting", self.place, fields)

    def _voice(self) -> None:
        fields = {
            "heard_on": self.on(0, 150),
            "text": self.say(self.words.voices),
            "talked_with": self.staff(),
            "how": "talk",
        }
        self.add("child_voice", SCHOOL_HEALTH if self.roll() < 0.2 else self.place, fields)

    def _bright(self) -> None:
        self.add("bright_moment", self.place, {"seen_on": self.on(0, 200), "text": self.say(self.words.bright)})

    def _assignment(self) -> None:
        fields: dict[str, Any] = {
            "role": "relay_holder",
            "holder_name": self.staff(),
            "service": self.place.service,
            "unit": self.place.id,
            "state": "accepted",
            "since": self.on(0, 10),
            "trained": self.roll() < 0.7,
        }
        if self.roll() < 0.3:
            fields["family_wish"] = self.say(self.words.wishes)
        self.add("assignment", self.place, fields)
        if self.level == 3 and self.roll() < 0.3:
            role = "child_coordinator" if self.age() < 18 else "plan_coordinator"
            more = {"role": role, "holder_name": self.staff(), "service": "coordinating_unit", "state": "accepted"}
            self.add("assignment", COORDINATING, {**more, "unit": COORDINATING.id, "since": self.on(30, 100)})

    def _consents(self) -> None:
        """One declaration for each who has a say; a state is drawn for the whole and falls on the last of them."""
        relations = self.family.relations[self.family.children.index(self.child)]
        givers = [
            each["fields"]["person"]
            for each in relations
            if each["fields"]["responsibility"] in ("joint", "sole", "verge")
        ]
        if self.age() >= _SELF_CONSENT_AGE:
            givers = [self.child["id"]]
        state = weighed(CONSENT_STATES, self.roll())
        if state == "missing":
            givers = givers[:-1]
        services = sorted({self.place.service, "health_station", *(each.service for each in self.helpers)})
        for place, giver in enumerate(givers):
            last = place == len(givers) - 1
            self.add("consent", self.place, self._consent(giver, services, state if last else "complete"))

    def _consent(self, giver: str, services: list[str], state: str) -> dict[str, Any]:
        given = min(self.day, self.opened + 3 + int(self.roll() * 10))
        until = {"expiring": self.day + 5 + int(self.roll() * 50), "expired": self.day - 1 - int(self.roll() * 20)}
        day = date.fromordinal(given).isoformat()
        fields: dict[str, Any] = {
            "decision": "refused" if state == "refused" else "given",
            "by": giver,
            "capacity": "subject" if giver == self.child["id"] else "guardian",
            "purpose": "bti",
            "services": services,
            "given": f"{day}T10:00:00Z",
            "valid_from": day,
            "form": self.one(("written", "oral", "electronic")),
            "form_version": "3",
        }
        if state != "refused":
            fields["valid_to"] = date.fromordinal(until.get(state, self.day + 120 + int(self.roll() * 240))).isoformat()
        if state == "withdrawn":
            fields["withdrawn"] = f"{self.on(20, 120)}T12:30:00Z"
        return fields
