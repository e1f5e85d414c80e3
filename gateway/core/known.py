"""What a decision is made on: the people, who may speak for the child, and what the family has said.

Everywhere here ``None`` is a fact that nobody has told. It is never the same as *no*: a rule that needs it denies.
All dates are dates in Norway, both ends included; all times carry an offset.
"""

from datetime import date, datetime
from functools import cached_property

from msgspec import Struct

from gateway.core import ages
from gateway.core.model import Exclusion

STRICT = frozenset({"strict", "strict_abroad"})
"""Address protection of the highest grade: nothing about the case travels by itself (B1)."""
SHIELDED = frozenset({"client", "confidential"})
"""Address protection that lets a public body with a basis have the rest (B2). The client address counts as the
confidential one, since the table leaves it open and this is the stricter."""


class Policy(Struct, frozen=True, kw_only=True):
    """What the law leaves to the municipality: 15 or 16 years, and whether every holder must open a log."""

    self_consent_age: int | None = 15
    both_guardians: bool | None = True


class Someone(Struct, frozen=True, kw_only=True):
    """The subject, or another person in the case."""

    id: str
    birth_date: date | None = None
    protection: str | None = None
    has_capacity: bool | None = None
    pregnant: bool | None = None


class Guardian(Struct, frozen=True, kw_only=True):
    """What the population register says of one adult and the subject, never what a school's list says."""

    person: str
    responsibility: str | None = None
    resident: bool | None = None


class ConsentFact(Struct, frozen=True, kw_only=True):
    """One person's declaration.

    ``services`` and ``units`` name receivers (no units: any unit of the services); an empty ``from_services`` means
    from any, an empty ``categories`` all. ``given`` dates it against refusals; without it ``valid_from`` does.
    ``unknown`` names facts that are lacking: such a declaration carries nothing.
    """

    id: str
    by: str | None
    purpose: str | None
    services: tuple[str, ...]
    from_services: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    given: datetime | None = None
    withdrawn: datetime | None = None
    unknown: tuple[str, ...] = ()


class Refusal(Struct, frozen=True, kw_only=True):
    """A no. ``by`` and ``purpose`` that nobody told stand for everybody and everything; ``at`` for always.

    ``until`` is the last instant that the no may have been said, when only its day is known.
    """

    by: str | None = None
    at: datetime | None = None
    purpose: str | None = None
    until: datetime | None = None


class Block(Struct, frozen=True, kw_only=True):
    """A receiver that is shut out, whatever anyone consents to. ``service`` ``None`` shuts out every receiver."""

    service: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class Facts(Struct, frozen=True, kw_only=True, dict=True):
    """All that is known of one case at one instant.

    ``people`` are everyone in the case beside the subject: their address protection counts for all of it.
    What several questions share is worked out once, in the properties below.
    """

    at: datetime
    policy: Policy = Policy()
    subject: Someone | None = None
    people: tuple[Someone, ...] | None = ()
    guardians: tuple[Guardian, ...] | None = None
    care: str | None = None
    consents: tuple[ConsentFact, ...] = ()
    refusals: tuple[Refusal, ...] | None = ()
    blocks: tuple[Block, ...] | None = ()
    municipality: str | None = None

    @cached_property
    def today(self) -> date:
        """The date in Norway."""
        return ages.day(self.at)

    @cached_property
    def age(self) -> int | None:
        """The subject's age in whole years; ``None`` when unknown or not born."""
        return self.age_of(self.subject)

    @cached_property
    def persons(self) -> dict[str, Someone]:
        """Everyone in the case whom we know, by id."""
        known = {person.id: person for person in self.people or ()}
        return known | {self.subject.id: self.subject} if self.subject else known

    @cached_property
    def child(self) -> str:
        """The subject's id; empty when nobody told it, which no rule lets pass."""
        return self.subject.id if self.subject else ""

    def age_of(self, person: Someone | None) -> int | None:
        """A person's age in whole years; ``None`` when unknown or not born."""
        return None if person is None or person.birth_date is None else ages.age(person.birth_date, self.today)

    @cached_property
    def protections(self) -> frozenset[str | None]:
        """The grades of address protection among everyone in the case; ``None`` among them when one is unknown."""
        everyone: list[Someone | None] = [self.subject, *(self.people or ())]
        found = {None if person is None else person.protection for person in everyone}
        named = {guardian.person for guardian in self.guardians or ()}
        if self.people is None or not named <= self.persons.keys():
            found.add(None)
        return frozenset(found)
