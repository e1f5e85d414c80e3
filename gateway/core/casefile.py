"""The case file: everything the gateway keeps about one case, as one value.

A case is loaded, changed and saved whole, in one transaction and as one encrypted body. What each system was last
known to agree with stands beside the items, so that a three-way merge needs nothing else.
"""

from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from gateway.core.model import Origin


class Entry(Struct, kw_only=True, omit_defaults=True, gc=False):
    """One item of a case.

    ``fields`` are plain canonical values. ``sources`` names the system of each field that another than the item's
    origin wrote last. ``recorded`` is the day on which it came here. ``about`` holds the ids of the persons that the
    item is about (the subject when empty).
    ``settled`` names fields in which a person chose another system's value over the origin's: that text is the
    origin's own record from then on, and no withdrawal takes it back from there. ``stated`` names fields whose present
    value a named person here has stated, ``unknown`` those that a believed system has said that it does not know,
    ``sealed`` those that go to nobody any more: a number that protects would lead from the old one to the new.
    """

    kind: str
    fields: dict[str, Any]
    origin: Origin
    category: str = ""
    about: list[str] = field(default_factory=list)
    withheld_from_parents: bool = False
    sources: dict[str, str] = field(default_factory=dict)
    settled: list[str] = field(default_factory=list)
    deleted: bool = False
    valid_from: str | None = None
    recorded: str = ""
    stated: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    sealed: list[str] = field(default_factory=list)


class Peer(Struct, kw_only=True, omit_defaults=True, gc=False):
    """What one system holds of one item.

    ``agreed`` names the fields whose canonical value the system is known to hold. ``behind`` maps a field that has
    changed here since to the value that the system was last known to hold. A field in neither was never agreed.
    ``released`` names the fields that we sent it (so a withdrawal knows what to take back). ``refused`` names fields
    whose present value the system has refused; they are not offered again until they change. ``count`` counts our
    confirmed deliveries and is part of the idempotency key. ``before`` is the version that our last delivery replaced
    (a record that still carries it is an old copy), ``modified`` the vendor's latest time. ``gone`` says that the
    system has deleted it, or has taken it back for us. ``reopened`` says of a case that it had ended, and was opened
    again since our last delivery.
    """

    native: str | None = None
    version: str | None = None
    before: str | None = None
    modified: str | None = None
    agreed: list[str] = field(default_factory=list)
    behind: dict[str, Any] = field(default_factory=dict)
    released: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    count: int = 0
    gone: bool = False
    reopened: bool = False


class Clash(Struct, kw_only=True, omit_defaults=True, gc=False):
    """A stored conflict: ours and theirs both stand until a person chooses. Neither value is lost.

    ``since`` is the recorded time. ``why`` tells the situation: both sides changed a field that nobody owns; a
    difference found at first contact, when nothing was agreed yet; a claim to a coordinator or consent field, which a
    vendor's raw change never decides; or a deletion of what others have changed (``name`` is then ``*``).
    """

    system: str
    item: str
    name: str
    theirs: Any
    since: str
    why: Literal["both_changed", "first_contact", "claim", "deleted"] = "both_changed"


HERE = "@"
"""What stands before a unit's name in place of a system, where a person of that unit wrote something at the gateway."""


class Crossing(Struct, kw_only=True, omit_defaults=True, gc=False):
    """A named person's word that a part of the case goes on in another system: a plan's product, a new school.

    ``system`` is where to, ``items`` what, ``plan`` the individual plan that began with it. Nothing crosses without
    one, and what it names still goes through the gate.
    """

    system: str
    purpose: str
    by: str
    begun: str
    items: list[str] = field(default_factory=list)
    plan: str | None = None


class Unread(Struct, kw_only=True, omit_defaults=True, gc=False):
    """A record of a system that waits unread and may restrict: by its kind and id there, and the item that it is of.

    ``what`` is the item's kind; ``item`` is ``None`` for a record that is new.
    """

    system: str
    kind: str
    native: str
    what: str
    item: str | None = None


class Hand(Struct, kw_only=True, omit_defaults=True, gc=False):
    """What is known here of an assignment and told to no system.

    ``person`` is the entry of ``[people]``, ``offered_by`` another. ``agreed_on`` says that the offer was accepted and
    waits for the consent; ``told`` that a system said so, and not the person here; ``reason`` why it was corrected.
    """

    person: str | None = None
    offered_by: str | None = None
    agreed_on: str | None = None
    told: str | None = None
    reason: str | None = None


class Filed(Struct, kw_only=True, omit_defaults=True, gc=False):
    """What is known here of a report to child welfare and told to no system: who filed it, and who let it go.

    ``by`` and ``sent_by`` are entries of ``[people]``. ``protection`` is what the employee stated of everybody in the
    report, ``None`` where they did not know. ``sent_by`` authorised what protection held, for a ``reason``.
    ``by_hand`` says that it goes on paper, and no system carries it any more.
    """

    by: str | None = None
    protection: str | None = None
    sent_by: str | None = None
    reason: str | None = None
    by_hand: bool = False


class CaseFile(Struct, kw_only=True, omit_defaults=True, gc=False):
    """A case: its items by id, each system's state of them, and the conflicts that wait for a person.

    ``answered`` is what people said of deadlines (``deadlines.answer``), ``unread`` what waits unread and may restrict,
    ``shielded`` the persons for whose protection all places were taken out of it. ``reports`` is what is known here of
    reports to child welfare; a report that was filed here stands in a file of its own, without a log.
    """

    id: str
    items: dict[str, Entry] = field(default_factory=dict)
    peers: dict[str, dict[str, Peer]] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    answered: dict[str, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    hands: dict[str, Hand] = field(default_factory=dict)
    shielded: list[str] = field(default_factory=list)
    reports: dict[str, Filed] = field(default_factory=dict)

    def case(self) -> Entry | None:
        """The item of kind ``case``, once a system has told of it."""
        return self.items.get(self.id)

    def of_kind(self, kind: str) -> list[tuple[str, Entry]]:
        """Living items of a kind, with their ids, in the order they came."""
        return [(key, entry) for key, entry in self.items.items() if entry.kind == kind and not entry.deleted]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(CaseFile).decode


def encode(file: CaseFile) -> bytes:
    """The body to encrypt."""
    return _encode(file)


def decode(body: bytes) -> CaseFile:
    """The case file of a decrypted body."""
    return _decode(body)
