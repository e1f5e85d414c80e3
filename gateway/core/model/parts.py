"""Small values that stand inside records."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct

from gateway.core.model.codes import Domain, Service
from gateway.core.model.facets import Code, Day, Flag, PersonRef, Text


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A value without an identity of its own."""


class Origin(Part, frozen=True, kw_only=True):
    """Where an item comes from: the unit that wrote it, its service, and the legal body that answers for it."""

    service: Service
    domain: Domain
    unit: str | None = None
    body: str | None = None
    system: str | None = None


class Level(Part, frozen=True, kw_only=True):
    """A municipality's own level (``code``) with its canonical ``rank`` 0 to 3, where the code is known."""

    code: str
    rank: Annotated[int, Meta(ge=0, le=3)] | None = None


class Factor(Part, frozen=True, kw_only=True):
    """A risk or protective factor: a code of the municipality's, words, or both."""

    code: Code = UNSET
    text: Text = UNSET


class Involvement(Part, frozen=True, kw_only=True):
    """Whether a party was involved at a step, and why not when not (families are always part, or it is said why)."""

    party: Code = UNSET
    """``child``, ``guardians``, or a service."""
    step: Code = UNSET
    involved: Flag = UNSET
    reason: Code = UNSET
    on: Day = UNSET


class Exclusion(Part, frozen=True, kw_only=True):
    """What a consent leaves out. Exactly one of the fields is set."""

    service: Service | None = None
    unit: str | None = None
    category: str | None = None
    kind: str | None = None
    person: PersonRef = UNSET
