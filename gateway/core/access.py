"""Who may be told who got what, and what of it: the answer to somebody who asks to see.

The right is the asker's own (``RIGHT_OF_ACCESS``), not a consent; so the gate is not asked whether an item may leave,
but what it keeps from a guardian, and its protections, hold here as well. What is left out is never counted: every
answer names the same exceptions, so that hidden and absent look alike.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from gateway.core.ask import Ask, Party
from gateway.core.casefile import Entry
from gateway.core.known import Facts
from gateway.core.law import Law
from gateway.core.rules.sharing import own_view

Role = Literal["subject", "guardian", "other", "person"]
"""As whom somebody asks. ``person``: nobody can be answered without a person who looks first."""

_GROWN_ENOUGH = 15
"""From this age a party in one's own case (``ACCESS_UNDER_15``)."""
_HIDDEN_KINDS = frozenset({"child_welfare_report", "wonder_note"})
_DUTIES = frozenset({"B3", "B4", "B5"})


class Standing(Struct, frozen=True, kw_only=True):
    """As whom somebody asks about a case, and on which ground of the law of access a person must look first."""

    role: Role
    ground: str | None = None


class Handed(Struct, frozen=True, kw_only=True):
    """Fields of an item that went to a receiver. ``sure`` is false when nobody knows whether they arrived."""

    case: str
    item: str
    kind: str
    system: str
    service: str
    at: datetime
    fields: tuple[str, ...]
    basis: str | None
    rules: tuple[str, ...]
    sure: bool = True
    retracted: str | None = None


def standing(facts: Facts, asker: str, about: str, law: Law) -> Standing:
    """As whom ``asker`` asks for what is held about ``about`` in a case whose subject ``facts`` tell.

    Where somebody in the case is protected, where the facts do not tell who may ask, for a child under 15, for a
    guardian of a youth who decides alone, and for a parent without responsibility, a person looks first.
    """
    if facts.strict or facts.shielded or None in facts.protections:
        return Standing(role="person", ground="ACCESS_PROTECTED")
    if asker == about:
        if about != facts.child:
            return Standing(role="other")
        if facts.age is None or facts.age < _GROWN_ENOUGH:
            return Standing(role="person", ground="ACCESS_UNDER_15")
        return Standing(role="subject")
    if about != facts.child:
        return Standing(role="person", ground="ACCESS_SECRECY")
    return _as_guardian(facts, asker, law)


def _as_guardian(facts: Facts, asker: str, law: Law) -> Standing:
    ruling = own_view(facts, _question(facts, asker, withheld=False), law)
    if ruling is not None or facts.age is None:
        return Standing(role="person", ground="ACCESS_NO_RESPONSIBILITY")
    if facts.care not in {"none", None}:
        return Standing(role="person", ground="ACCESS_CHILD_WELFARE")
    if facts.age >= (facts.policy.self_consent_age or _GROWN_ENOUGH):
        return Standing(role="person", ground="ACCESS_YOUTH")
    return Standing(role="guardian")


def _question(facts: Facts, asker: str, *, withheld: bool) -> Ask:
    return Ask(
        kind="case",
        domain="family",
        category="case",
        about=(facts.child,),
        withheld_from_parents=withheld,
        sender=Party(),
        receiver=Party(service="guardian", person=asker),
        purpose="bti",
    )


def kept_back(
    role: Role, *, asker: str, about: str, entry: Entry, persons: Iterable[str], handed: Handed
) -> str | None:
    """On which ground a line is left out of the answer; ``None`` when it stands there.

    ``persons`` are those whom the item is about. That child welfare had anything to do with it is never told here.
    """
    if (
        handed.service == "child_welfare"
        or entry.origin.service == "child_welfare"
        or entry.origin.domain == "child_welfare"
        or entry.fields.get("service") == "child_welfare"
        or "child_welfare" in (entry.fields.get("services") or ())
        or _HIDDEN_KINDS & {entry.kind, entry.category}
        or _DUTIES & set(handed.rules)
    ):
        return "ACCESS_CHILD_WELFARE"
    whom = set(persons)
    if role == "guardian":
        if entry.withheld_from_parents:
            return "ACCESS_PARENTS"
        return None if whom <= {about, asker} else "ACCESS_SECRECY"
    return None if whom == {about} or (not whom and role == "subject") else "ACCESS_SECRECY"


class Line(Struct, frozen=True, kw_only=True):
    """The same kind of thing to the same receiver on the same basis, however often."""

    system: str
    service: str
    kind: str
    fields: tuple[str, ...]
    basis: str | None
    sure: bool
    retracted: str | None
    times: int
    first: datetime
    last: datetime


def gathered(handed: Iterable[Handed]) -> list[Line]:
    """What was handed out, by receiver and kind, in the order in which it began."""
    found: dict[tuple[object, ...], list[Handed]] = {}
    for one in sorted(handed, key=lambda each: each.at):
        key = (one.system, one.service, one.kind, one.basis, one.sure, one.retracted)
        found.setdefault(key, []).append(one)
    return [_line(some) for some in found.values()]


def _line(some: list[Handed]) -> Line:
    first = some[0]
    return Line(
        system=first.system,
        service=first.service,
        kind=first.kind,
        fields=tuple(sorted({name for one in some for name in one.fields})),
        basis=first.basis,
        sure=first.sure,
        retracted=first.retracted,
        times=len(some),
        first=first.at,
        last=some[-1].at,
    )


def persons_of(item: str, entry: Entry, subject: str | None) -> tuple[str, ...]:
    """Whom an item is about, as far as access goes: who is told to be, and in a relation or a place both."""
    named = [entry.fields.get(name) for name in ("person", "child", "subject")]
    own = (item,) if entry.kind == "person" else ()
    told = (*entry.about, *own, *(one for one in named if isinstance(one, str)))
    return tuple(dict.fromkeys(told)) or ((subject,) if subject else ())
