"""What one system is due from one case, decided now.

The plan is a value: releases that the gate made, what it withheld and by which rules, what a shadowed flow would have
sent, and what must be taken back. Nothing is sent here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from gateway.core.casefile import CaseFile, Entry, Peer
from gateway.core.consent import Ask, Decision, Facts, Party, Ruling
from gateway.core.keep import order_of
from gateway.core.lacking import lacks, native_of, points_to, subject_of, targets, written_by
from gateway.core.model import REFS
from gateway.core.model.codes import DOMAIN_OF_SERVICE
from gateway.core.release import release
from gateway.core.sendings import Plan, Receiver, Sending, Withheld, can_get


def plan(*, file: CaseFile, facts: Facts, receiver: Receiver, parties: Mapping[str, Party]) -> Plan:
    """Decide for every item of the case what this receiver gets now. ``parties`` gives the unit behind each system."""
    planned = Plan(sendings=[], retractions=[], withheld=[])
    peers = file.peers.get(receiver.system, {})
    frozen = {(clash.item, clash.name) for clash in file.clashes if clash.system == receiver.system}
    coming: set[str] = set()
    waits = False
    case = file.case()
    look = _Look(
        file=file,
        facts=facts,
        receiver=receiver,
        parties=parties,
        memo={},
        asks={},
        peers=peers,
        subject=case.fields.get("subject") if case else None,
        level=case.fields.get("level") if case else None,
        left_out=set(),
        native=native_of(peers, file.id),
        named={},
    )
    case_known = "case" not in receiver.writes or look.native is not None
    ranked = sorted(file.items.items(), key=_rank)
    for item, entry in ranked:
        look.left_out.add(item)
        if not can_get(receiver, entry) or (item, "*") in frozen:
            continue
        peer = peers.get(item, _NEW)
        wanted = lacks(item, entry, peer, frozen)
        if not wanted and not peer.released and not entry.deleted:
            continue
        if entry.deleted:
            if (peer.native is not None or peer.released) and not peer.gone:
                planned.retractions.append(_take_back(look=look, item=item, entry=entry, peer=peer, lost=None))
            continue
        dangling = _dangling(look, entry)
        if dangling:
            wanted = [name for name in wanted if name not in dangling]
        live, silent = _groups(look, item, entry, wanted, dangling)
        if silent:
            planned.withheld.append(_shadowed(item, entry, wanted, silent))
        sending, decision = _send(look=look, item=item, entry=entry, peer=peer, groups=live, wanted=wanted)
        if peer.released and not peer.gone:
            ruled = decision if not silent else _rule(look, item, entry, [*live, *silent])
            lost = _lost(look, entry, peer, ruled)
            if lost:
                planned.retractions.append(
                    _take_back(look=look, item=item, entry=entry, peer=peer, lost=lost, decision=ruled)
                )
        planned.withheld.extend(_kept_back(item, entry, wanted, decision))
        if sending is None:
            continue
        look.left_out.discard(item)
        if not receiver.documents and (points_to(entry, coming) or not (case_known or entry.kind in _FIRST)):
            waits = True
            continue
        if sending.create:
            coming.add(item)
        planned.sendings.append(sending)
    if receiver.documents:
        planned.sendings = _documents(planned.sendings, look)
    # What others point to goes last, and of a document the case itself: in one that is gone nothing is found any more.
    planned.retractions.reverse()
    planned.retractions.sort(key=lambda one: receiver.documents and one.release.id == file.id)
    planned.later = waits and bool(planned.sendings)
    return planned


class _Look(Struct, frozen=True, kw_only=True, gc=False):
    """What is looked at for one case and receiver. Questions that are equal are one object, and answered once."""

    file: CaseFile
    facts: Facts
    receiver: Receiver
    parties: Mapping[str, Party]
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


_NO_FIELDS: frozenset[str] = frozenset()
_NEW = Peer()
"""What a system that was never told of an item holds of it."""


def _rank(pair: tuple[str, Entry]) -> int:
    return order_of(pair[1].kind)


_FIRST = frozenset({"case", "person"})
"""Kinds that do not wait for the receiver to know the case."""


def _dangling(look: _Look, entry: Entry) -> frozenset[str]:
    """Fields that this receiver could not hold: its format has no place for them, or for what they point to."""
    names, carried = REFS[entry.kind], look.receiver.carries.get(entry.kind)
    if not names and carried is None:
        return _NO_FIELDS
    left = {
        name
        for name in names
        if name in entry.fields and not all(_nameable(look, one) for one in targets(entry.fields[name]))
    }
    if carried is not None:
        left.update(entry.fields.keys() - carried)
    return frozenset(left) if left else _NO_FIELDS


def _nameable(look: _Look, item: str) -> bool:
    if native_of(look.peers, item) is not None:
        return True
    target = look.file.items.get(item)
    return (
        item not in look.left_out and target is not None and not target.deleted and target.kind in look.receiver.writes
    )


Group = tuple[Ask, dict[str, Any]]


def _groups(
    look: _Look, item: str, entry: Entry, wanted: list[str], dangling: frozenset[str]
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
            (live if look.receiver.live(source) else silent).append((_ask(look, item, entry, source, home), values))
    return live, silent


def _shadowed(item: str, entry: Entry, wanted: list[str], silent: list[Group]) -> Withheld:
    fields = tuple(name for _, values in silent for name in values if name in wanted)
    return Withheld(item=item, kind=entry.kind, fields=fields, decision=None, shadow=True)


def _kept_back(item: str, entry: Entry, wanted: list[str], decision: Decision | None) -> Iterator[Withheld]:
    """What of the wanted fields the gate keeps back."""
    if decision is None or decision.effect == "permit":
        return
    fields = tuple(name for name in wanted if decision.fields.get(name, "permit") != "permit")
    if fields:
        yield Withheld(item=item, kind=entry.kind, fields=fields, decision=decision)


def _rule(look: _Look, item: str, entry: Entry, groups: list[Group]) -> Decision | None:
    """The gate's word on an item as a whole, also where no sending is planned."""
    if not groups:
        return None
    return release(
        facts=look.facts, groups=groups, memo=look.memo, wanted=(), system=look.receiver.system, kind=entry.kind,
        id=item, case=look.file.id,
    )[1]  # fmt: skip


def _lost(look: _Look, entry: Entry, peer: Peer, decision: Decision | None) -> tuple[str, ...]:
    """Fields that the receiver got from us, that a person's act or a protection has since closed to it, and that it
    has not written itself meanwhile.
    """
    if decision is None or "retract" not in decision.obligations:
        return ()
    return tuple(
        name
        for name in peer.released
        if decision.fields.get(name, "deny") != "permit"
        and entry.sources.get(name, entry.origin.system) != look.receiver.system
    )


def _ask(look: _Look, item: str, entry: Entry, source: str, home: str) -> Ask:
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


def _send(
    *,
    look: _Look,
    item: str,
    entry: Entry,
    peer: Peer,
    groups: list[Group],
    wanted: list[str],
) -> tuple[Sending | None, Decision | None]:
    if not groups:
        return None, None
    if len(groups) == 1:
        needed = tuple(wanted) if len(groups[0][1]) == len(wanted) else tuple(n for n in wanted if n in groups[0][1])
    else:
        live = {name for _, values in groups for name in values}
        needed = tuple(name for name in wanted if name in live)
    create = peer.native is None or peer.gone
    about, known = _named(look, entry)
    refs = _refs(look, entry, known) if REFS[entry.kind] else known
    made, decision = release(
        facts=look.facts,
        groups=groups,
        memo=look.memo,
        wanted=needed,
        system=look.receiver.system,
        kind=entry.kind,
        id=item,
        case=look.file.id,
        case_native_id=look.native,
        native_id=None if create else peer.native,
        version=None if create else peer.version,
        refs=refs,
        category=entry.category or entry.kind,
        about=about,
        withheld_from_parents=entry.withheld_from_parents,
    )
    if made is None or not needed or (look.receiver.create_only and not create):
        return None, decision
    values = dict(made.fields) if len(made.changed) == len(made.fields) else {n: made.fields[n] for n in made.changed}
    sending = Sending(release=made, decision=decision, create=create, values={item: values}, decisions={item: decision})
    return sending, decision


def _named(look: _Look, entry: Entry) -> tuple[tuple[str, ...], dict[str, str]]:
    """Whom an item is about, where the receiver can name all of them, and its ids of those that it can."""
    key = tuple(entry.about)
    found = look.named.get(key)
    if found is None:
        known = {one: native for one in key if (native := native_of(look.peers, one)) is not None}
        found = look.named[key] = (key if len(known) == len(key) else (), known)
    return found


def _refs(look: _Look, entry: Entry, known: dict[str, str]) -> dict[str, str]:
    """The receiver's own ids of what the fields point to, and of ``known``."""
    found = dict(known)
    for name in REFS[entry.kind]:
        value = entry.fields.get(name)
        for one in targets(value):
            native = native_of(look.peers, one) if isinstance(one, str) else None
            if isinstance(one, str) and native is not None:
                found[one] = native
    return found


def _wrote_in(look: _Look, item: str, entry: Entry) -> bool:
    """Whether the receiver has written in an item, or in any item of a case: what is its own is never taken away."""
    written = look.file.items.values() if item == look.file.id else (entry,)
    return any(look.receiver.system in {one.origin.system, *one.sources.values()} for one in written if not one.deleted)


def _take_back(
    *,
    look: _Look,
    item: str,
    entry: Entry,
    peer: Peer,
    lost: tuple[str, ...] | None,
    decision: Decision | None = None,
) -> Sending:
    whole = lost is None or (set(lost) >= set(peer.released) and not _wrote_in(look, item, entry))
    made, stated = release(
        facts=look.facts,
        groups=[],
        memo=look.memo,
        wanted=(),
        system=look.receiver.system,
        kind=entry.kind,
        id=item,
        case=look.file.id,
        case_native_id=look.native,
        native_id=peer.native,
        version=peer.version,
        refs={},
        retracts=lost or tuple(peer.released),
        retract_all=whole,
    )
    assert made is not None  # noqa: S101 - a retraction carries no value, so the gate always lets it go
    return Sending(
        release=made,
        decision=decision or stated,
        create=False,
        values={item: {}},
        decisions={item: decision or stated},
    )


def _documents(sendings: list[Sending], look: _Look) -> list[Sending]:
    """The case's releases as one, for a receiver that takes whole cases; without the case itself nothing goes."""
    if not sendings:
        return []
    file = look.file
    entry = file.case()
    root = next((one for one in sendings if one.release.id == file.id), None)
    parts = [one for one in sendings if one is not root]
    home = (entry.origin.system or "") if entry is not None else ""
    if entry is None or (home != look.receiver.system and not look.receiver.live(home)):
        return []  # the case's own flow is closed, so there is nothing that the rest could stand in
    peer = look.peers.get(file.id, _NEW)
    groups = [
        (_ask(look, file.id, entry, source, home), values)
        for source, values in written_by(entry).items()
        if source == look.receiver.system or look.receiver.live(source)
    ]
    made, decision = release(
        facts=look.facts,
        groups=groups,
        memo=look.memo,
        wanted=root.release.changed if root else (),
        system=look.receiver.system,
        kind=entry.kind,
        id=file.id,
        case=file.id,
        case_native_id=look.native,
        native_id=None if peer.gone else peer.native,
        version=None if peer.gone else peer.version,
        refs=_refs(look, entry, {}),
        parts=tuple(one.release for one in parts),
    )
    if made is None:
        return []
    values: dict[str, dict[str, Any]] = {file.id: root.values[file.id] if root else {}}
    decisions = {file.id: root.decision if root else decision}
    for one in parts:
        values.update(one.values)
        decisions.update(one.decisions)
    return [
        Sending(
            release=made,
            decision=decision,
            create=peer.native is None or peer.gone,
            values=values,
            decisions=decisions,
        )
    ]
