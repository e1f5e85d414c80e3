"""The question that the gate is asked, and its answers.

An ``Ask`` is one item of one kind on its way from a sender to a receiver, without its fields; the ``Ruling`` on it
says what each sort of field may do; a ``Decision`` says it of the very fields that were asked for.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct

from gateway.core.model import Facet

FACETS: tuple[Facet, ...] = ("fact", "narrative", "identity", "location")


class Party(Struct, frozen=True, kw_only=True, cache_hash=True, gc=False):
    """A service of a unit of a legal body. ``person`` names the guardian, for a guardian's own view."""

    service: str | None = None
    unit: str | None = None
    body: str | None = None
    sector: str | None = None
    person: str | None = None


class Need(Struct, frozen=True, kw_only=True, cache_hash=True, gc=False):
    """A named employee of the sender has judged the sharing necessary."""

    by: str | None = None
    at: datetime | None = None
    reason: str | None = None


class Duty(Struct, frozen=True, kw_only=True, cache_hash=True, gc=False):
    """A duty to tell that a named employee acts on: its code, the ground of the act, and whose duty it is."""

    code: str | None = None
    ground: str | None = None
    filed_by: str | None = None


class Ask(Struct, frozen=True, kw_only=True, cache_hash=True, gc=False):
    """One item on its way. ``about`` is empty for an item about the subject alone; ``None`` when nobody told.

    ``level`` is the rank of the level that the item stands at, which only a declaration limited to levels asks for.
    ``authorised`` says that a named person with the right to it has decided that a report by duty goes although
    somebody is strictly protected, or nobody knows whether anybody is.
    """

    kind: str | None
    domain: str | None
    category: str | None
    about: tuple[str, ...] | None
    withheld_from_parents: bool | None
    sender: Party
    receiver: Party
    purpose: str | None
    need: Need | None = None
    duty: Duty | None = None
    level: int | None = None
    authorised: bool = False


NOTHING: Mapping[str, str] = MappingProxyType(dict.fromkeys(FACETS, "deny"))
HELD: Mapping[str, str] = MappingProxyType(dict.fromkeys(FACETS, "hold"))
EVERYTHING: Mapping[str, str] = MappingProxyType(dict.fromkeys(FACETS, "permit"))


class Ruling(Struct, frozen=True, kw_only=True, gc=False):
    """What the gate says about an ask.

    ``effect`` is ``permit`` (what ``facets`` lets pass), ``deny`` or ``hold`` (an authorised person must act, ``task``
    says what). ``facets`` gives ``permit``, ``deny`` or ``hold`` for each sort of field. ``rules`` is never empty.
    ``missing`` names the deciders who have not said yes; ``unknown`` names the facts that nobody told.
    ``cause`` says why nothing leaves: ``withdrawn``, ``refused``, ``blocked``, ``protected``, ``expired``,
    ``missing``, ``unknown`` or ``rule``; ``None`` when it leaves.
    """

    effect: str
    facets: Mapping[str, str]
    rules: tuple[str, ...]
    secrecy_basis: str | None = None
    processing_basis: str | None = None
    must_consent: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    inform: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    task: str | None = None
    cause: str | None = None
    unknown: tuple[str, ...] = ()


class Decision(Struct, frozen=True, kw_only=True, gc=False):
    """The answer for an item and the fields asked for: the contract's answer, with the cause and what it is about.

    ``effect`` is ``permit`` (every field), ``partial`` (some), ``deny`` (none) or ``hold`` (none now).
    ``explain.words`` puts it in words.
    """

    effect: str
    fields: Mapping[str, str]
    rules: tuple[str, ...]
    secrecy_basis: str | None = None
    processing_basis: str | None = None
    must_consent: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    inform: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    task: str | None = None
    cause: str | None = None
    unknown: tuple[str, ...] = ()
