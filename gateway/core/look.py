"""What is looked at for one case and receiver: the questions to the gate, and what the receiver can name."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gateway.core.casefile import HERE, CaseFile, Entry, Peer
from gateway.core.consent import Ask, Facts, Party, Ruling
from gateway.core.crossing import Share, share_of
from gateway.core.keep import order_of
from gateway.core.lacking import native_of, subject_of, targets
from gateway.core.model import REFS
from gateway.core.model.codes import DOMAIN_OF_SERVICE
from gateway.core.rules import Rules
from gateway.core.sendings import Receiver


class Look(Struct, frozen=True, kw_only=True, gc=False):
    """What is looked at for one case and receiver. Questions that are equal are one object, and answered once."""

    file: CaseFile
    facts: Facts
    receiver: Receiver
    parties: Mapping[str, Party]
    rules: Rules
    memo: dict[Ask, Ruling]
    asks: dict[tuple[Any, ...], Ask]
    peers: Mapping[str, Peer]
    subject: str | None
    level: Mapping[str, Any] | None
    """Where the case stands, for items that have no level of their own."""
    native: str | None
    """The receiver's own id of the case."""
    named: dict[tuple[str, ...], tuple[tuple[str, ...], dict[str, str]]]
    """For each set of persons that items are about, how the receiver names them."""
    left_out: set[str]
    """Items that were looked at and are not sent now: what the receiver lacks of them cannot be named to it."""
    ahead: set[str]
    """Items that a field points to and that come after it: the field goes once the receiver has an id for them."""
    share: Share | None
    """What of the case this receiver may be asked about; ``None`` when nothing narrows it."""


def look_of(file: CaseFile, facts: Facts, receiver: Receiver, parties: Mapping[str, Party], rules: Rules) -> Look:
    """One case as one receiver is asked about it, with nothing decided yet."""
    case, peers = file.case(), file.peers.get(receiver.system, {})
    return Look(
        file=file,
        facts=facts,
        receiver=receiver,
        parties=parties,
        rules=rules,
        memo={},
        asks={},
        peers=peers,
        subject=case.fields.get("subject") if case else None,
        level=case.fields.get("level") if case else None,
        left_out=set(),
        native=native_of(peers, file.id),
        named={},
        ahead=set(),
        share=share_of(file, receiver),
    )


_NO_FIELDS: frozenset[str] = frozenset()


def dangling_in(look: Look, entry: Entry) -> frozenset[str]:
    """Fields that this receiver could not hold: its format has no place for them, or for what they point to."""
    names, carried = REFS[entry.kind], look.receiver.carries.get(entry.kind)
    if not names and carried is None:
        return _NO_FIELDS
    left = {
        name
        for name in names
        if name in entry.fields and not all(_nameable(look, entry, one) for one in targets(entry.fields[name]))
    }
    if carried is not None:
        left.update(entry.fields.keys() - carried)
    return frozenset(left) if left else _NO_FIELDS


def _nameable(look: Look, entry: Entry, item: str) -> bool:
    """Whether the receiver has an id for what a field points to, or gets it before the field."""
    if native_of(look.peers, item) is not None:
        return True
    target = look.file.items.get(item)
    if item in look.left_out or target is None or target.deleted or target.kind not in look.receiver.writes:
        return False
    if look.receiver.documents or order_of(target.kind) <= order_of(entry.kind):
        return True
    look.ahead.add(item)
    return False


Group = tuple[Ask, dict[str, Any]]


def groups_of(
    look: Look, item: str, entry: Entry, wanted: list[str], dangling: frozenset[str]
) -> tuple[list[Group], list[Group]]:
    """The item's fields by the system that wrote them, each with its own question to the gate: live flows, others."""
    home = entry.origin.system or ""
    fields = entry.fields
    emptied = [name for name in wanted if name not in fields]
    if entry.sources or emptied or dangling:
        by_source: dict[str, dict[str, Any]] = {}
        for name in (*fields, *emptied):
            if name in dangling:
                continue
            by_source.setdefault(entry.sources.get(name, home), {})[name] = fields.get(name)
    else:
        by_source = {home: fields}
    live: list[Group] = []
    silent: list[Group] = []
    for source, values in by_source.items():
        if source != look.receiver.system:
            (live if may_flow(look, source, home) else silent).append((ask(look, item, entry, source, home), values))
    return live, silent


def may_flow(look: Look, source: str, home: str) -> bool:
    """Whether what a source wrote may flow here. What a person wrote at the gateway goes where the item itself goes,
    and back to the item's own system; both need that somebody has let things flow into it.
    """
    receiver = look.receiver
    if not source.startswith(HERE):
        return receiver.live(source)
    return receiver.live(source) and (home == receiver.system or receiver.live(home))


def ask(look: Look, item: str, entry: Entry, source: str, home: str) -> Ask:
    """The question to the gate about what one system wrote of an item; ``home`` is the item's own system."""
    about = tuple(entry.about) if entry.about else subject_of(item, entry, look.subject)
    origin = entry.origin
    level = entry.fields.get("level", look.level)
    rank = level.get("rank") if level is not None else None
    sign = (entry.kind, entry.category, about, entry.withheld_from_parents, source, origin.unit, origin.service, rank)
    known = look.asks.get(sign)
    if known is not None:
        return known
    sender, domain = look.parties.get(source), str(origin.domain)
    if sender is None and source != home:
        sender, domain = Party(), ""  # whoever wrote this is not known any more, so nobody can say that it may leave
    elif source == home or sender is None:
        sender = Party(
            service=origin.service, unit=origin.unit, body=origin.body, sector=sender.sector if sender else "public"
        )
    else:
        domain = DOMAIN_OF_SERVICE.get(sender.service or "", domain)
    made = look.asks[sign] = Ask(
        kind=entry.kind,
        domain=domain,
        category=entry.category or entry.kind,
        about=about,
        withheld_from_parents=entry.withheld_from_parents,
        sender=sender,
        receiver=look.receiver.party,
        purpose=look.receiver.purpose,
        level=rank,
    )
    return made


def named(look: Look, entry: Entry) -> tuple[tuple[str, ...], dict[str, str]]:
    """Whom an item is about, where the receiver can name all of them, and its ids of those that it can."""
    key = tuple(entry.about)
    found = look.named.get(key)
    if found is None:
        known = {one: native for one in key if (native := native_of(look.peers, one)) is not None}
        found = look.named[key] = (key if len(known) == len(key) else (), known)
    return found


def refs_of(look: Look, entry: Entry, known: dict[str, str]) -> dict[str, str]:
    """The receiver's own ids of what the fields point to, and of ``known``."""
    found = dict(known)
    for name in REFS[entry.kind]:
        value = entry.fields.get(name)
        for one in targets(value):
            native = native_of(look.peers, one) if isinstance(one, str) else None
            if isinstance(one, str) and native is not None:
                found[one] = native
    return found
