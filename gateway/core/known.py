"""What a decision is made on: the people, who may speak for the child, and what the family has said.

Everywhere here ``None`` is a fact that nobody has told. It is never the same as *no*: a rule that needs it denies.
All dates are dates in Norway, both ends included; all times carry an offset.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Generic, TypeVar, overload

from msgspec import Struct
from msgspec.structs import replace

from gateway.core import ages
from gateway.core.model import Exclusion

STRICT = frozenset({"strict", "strict_abroad"})
"""Address protection of the highest grade: nothing about the case travels by itself (B1)."""
SHIELDED = frozenset({"client", "confidential"})
"""Address protection that lets a public body with a basis have the rest (B2). The client address counts as the
confidential one, since the table leaves it open and this is the stricter."""


class Policy(Struct, frozen=True, kw_only=True):
    """What the law leaves to the municipality: 15 or 16 years, whether every holder must open a log, and whether the
    holders are told when the young person alone has opened one.
    """

    self_consent_age: int | None = 15
    both_guardians: bool | None = True
    inform_guardians: bool = False


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
    ``level_from`` and ``level_to`` limit it to ranks of the level, both included.
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
    level_from: int | None = None
    level_to: int | None = None


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


class Another(Struct, frozen=True, kw_only=True):
    """Another person in the case, as far as it is known who answers for them: what the register says, and what was
    declared about them.
    """

    id: str
    guardians: tuple[Guardian, ...] | None = None
    care: str | None = None
    consents: tuple[ConsentFact, ...] = ()


T = TypeVar("T")


class _once(Generic[T]):  # noqa: N801 - it stands where a decorator stands
    """A property that is worked out once for a value. functools' own takes a lock, which costs more than the work."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self.work = work
        self.name = work.__name__
        self.__doc__ = work.__doc__

    @overload
    def __get__(self, facts: None, owner: Any = None) -> "_once[T]": ...
    @overload
    def __get__(self, facts: "Facts", owner: Any = None) -> T: ...
    def __get__(self, facts: "Facts | None", owner: Any = None) -> "T | _once[T]":
        if facts is None:
            return self
        found = facts.__dict__[self.name] = self.work(facts)
        return found


class Facts(Struct, frozen=True, kw_only=True, dict=True):
    """All that is known of one case at one instant.

    ``people`` are everyone in the case beside the subject: their address protection counts for all of it.
    ``others`` are those of them of whom it is known who answers for them. ``moved`` tells services at which the child
    began at another institution, and when: a declaration of before does not reach it unless it names units.
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
    others: tuple[Another, ...] = ()
    moved: tuple[tuple[str, date], ...] = ()

    @_once
    def of_others(self) -> "dict[str, Facts]":
        """For each of ``others`` the facts as they are for that person: who decides, and what those have said.

        The municipality's ease for opening a log is the subject's alone; refusals count for everyone in the case.
        """
        policy = replace(self.policy, both_guardians=True)
        return {
            one.id: replace(
                self, policy=policy, subject=self.persons.get(one.id), guardians=one.guardians, care=one.care,
                consents=one.consents, others=(), moved=(),
            )
            for one in self.others
        }  # fmt: skip

    @_once
    def rows(self) -> dict[tuple[object, ...], Any]:
        """Rows that decide, by what they look at in an ask (``rules.deciders.row_of``)."""
        return {}

    @_once
    def today(self) -> date:
        """The date in Norway."""
        return ages.day(self.at)

    @_once
    def age(self) -> int | None:
        """The subject's age in whole years; ``None`` when unknown or not born."""
        return self.age_of(self.subject)

    @_once
    def persons(self) -> dict[str, Someone]:
        """Everyone in the case whom we know, by id."""
        known = {person.id: person for person in self.people or ()}
        return known | {self.subject.id: self.subject} if self.subject else known

    @_once
    def child(self) -> str:
        """The subject's id; empty when nobody told it, which no rule lets pass."""
        return self.subject.id if self.subject else ""

    def age_of(self, person: Someone | None) -> int | None:
        """A person's age in whole years; ``None`` when unknown or not born."""
        return None if person is None or person.birth_date is None else ages.age(person.birth_date, self.today)

    @_once
    def holders(self) -> "Holders":
        """Who has parental responsibility, or the appointed guardian (verge), as the register says."""
        return _holders(self.guardians)

    @_once
    def declared(self) -> dict[tuple[str | None, str | None], tuple["Declared", ...]]:
        """What has been declared until now, by giver and purpose."""
        found: dict[tuple[str | None, str | None], list[Declared]] = {}
        for consent in self.consents:
            state = _state(consent, self)
            if state is not None:
                found.setdefault((consent.by, consent.purpose), []).append(state)
        return {key: tuple(states) for key, states in found.items()}

    def refused(self, person: str, purpose: str | None) -> tuple[Refusal, ...]:
        """What a person has said no to until now, for a purpose. A no of nobody known counts as this person's."""
        if not self.refusals:
            return ()
        return tuple(
            one
            for one in self.refusals
            if one.by in {person, None} and one.purpose in {purpose, None} and (one.at is None or one.at <= self.at)
        )

    @_once
    def protections(self) -> frozenset[str | None]:
        """The grades of address protection among everyone in the case; ``None`` among them when one is unknown."""
        everyone: list[Someone | None] = [self.subject, *(self.people or ())]
        found = {None if person is None else person.protection for person in everyone}
        named = {guardian.person for guardian in self.guardians or ()}
        if self.people is None or not named <= self.persons.keys():
            found.add(None)
        return frozenset(found)

    @_once
    def by_kind(self) -> bool:
        """Whether any declaration tells kinds or categories apart."""
        declared = self.consents
        for another in self.others:
            declared = (*declared, *another.consents)
        return any(
            one.categories or any(left_out.category or left_out.kind for left_out in one.excluded) for one in declared
        )

    @_once
    def strict(self) -> bool:
        """Whether somebody in the case is strictly protected."""
        return bool(self.protections & STRICT)

    @_once
    def shielded(self) -> bool:
        """Whether somebody in the case has a protected address."""
        return bool(self.protections & SHIELDED)


class Holders(Struct, frozen=True, kw_only=True):
    """Who may speak for the child by law, when no care measure is in force.

    ``persons`` hold parental responsibility. ``shape`` is ``sole``, ``apart`` (the child lives with just one of them,
    who is ``resident``), ``together``, ``unsure`` (nobody told where the child lives), ``verge`` (``persons`` are
    appointed), ``nobody``, or ``unknown``: lacking or contradictory, on which nobody can decide.
    """

    shape: str
    persons: tuple[str, ...] = ()
    resident: tuple[str, ...] = ()


def _holders(guardians: tuple[Guardian, ...] | None) -> Holders:
    unknown = Holders(shape="unknown")
    if guardians is None:
        return unknown
    by_person: dict[str, Guardian] = {}
    for one in guardians:
        if by_person.setdefault(one.person, one) != one or one.responsibility in {None, "unknown"}:
            return unknown
    having = {kind: [one for one in by_person.values() if one.responsibility == kind] for kind in POWERS}
    joint, sole, verge = (having[kind] for kind in POWERS)
    if not joint and not sole:
        persons = tuple(one.person for one in verge)
        return Holders(shape="verge", persons=persons) if persons else Holders(shape="nobody")
    if verge or len(sole) > 1 or (sole and joint) or len(joint) == 1:
        return unknown  # One alone cannot hold it jointly, and a verge is appointed where nobody holds it.
    if sole:
        return Holders(shape="sole", persons=(sole[0].person,), resident=(sole[0].person,))
    persons = tuple(one.person for one in joint)
    resident = tuple(one.person for one in joint if one.resident)
    if any(one.resident is None for one in joint):
        return Holders(shape="unsure", persons=persons)
    return Holders(shape="apart" if len(resident) == 1 else "together", persons=persons, resident=resident)


POWERS = ("joint", "sole", "verge")
"""What an adult can hold that lets them speak for a child."""


class Declared(Struct, frozen=True, kw_only=True):
    """A declaration and what has become of it: ``active``, ``withdrawn`` or ``expired``; ``given`` when.

    ``outgrown`` are services at which the child has begun at another institution since: it does not reach those.
    """

    consent: ConsentFact
    state: str
    given: datetime
    outgrown: tuple[str, ...] = ()


def _state(consent: ConsentFact, facts: Facts) -> Declared | None:
    """``None`` for a declaration that carries nothing: a fact of it is lacking, or its time has not come."""
    if consent.unknown or consent.valid_from is None:
        return None
    given = consent.given or ages.starts(consent.valid_from)
    if given > facts.at or consent.valid_from > facts.today:
        return None
    if consent.withdrawn is not None and consent.withdrawn <= facts.at:
        return Declared(consent=consent, state="withdrawn", given=given)
    expired = consent.valid_to is not None and consent.valid_to < facts.today
    outgrown: tuple[str, ...] = ()
    if facts.moved and not consent.units:
        outgrown = tuple(service for service, since in facts.moved if ages.day(given) < since)
    return Declared(consent=consent, state="expired" if expired else "active", given=given, outgrown=outgrown)
