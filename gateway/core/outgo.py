"""What one system is due from one case, decided now.

The plan is a value: releases that the gate made, what it withheld and by which rules, what a shadowed flow would have
sent, and what must be taken back. Nothing is sent here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from gateway.core.casefile import CaseFile, Entry, Peer
from gateway.core.consent import Decision, Facts, Party
from gateway.core.crossing import narrowed, shut
from gateway.core.keep import order_of
from gateway.core.lacking import lacks, native_of, points_to, written_by
from gateway.core.look import Group, Look, ask, dangling_in, groups_of, look_of, named, refs_of
from gateway.core.model import REFS
from gateway.core.model.codes import ENDED
from gateway.core.release import Release, release
from gateway.core.retelling import retold
from gateway.core.rules import Rules
from gateway.core.sendings import Plan, Receiver, Sending, Withheld, can_get, can_show
from gateway.core.taking_back import lost_fields, not_gettable, rule, take_back


def plan(*, file: CaseFile, facts: Facts, receiver: Receiver, parties: Mapping[str, Party], rules: Rules) -> Plan:
    """Decide for every item of the case what this receiver gets now. ``parties`` gives the unit behind each system."""
    planned = Plan(sendings=[], retractions=[], withheld=[])
    file, former = _anew(file, receiver)
    peers = file.peers.get(receiver.system, {})
    frozen = {(clash.item, clash.name) for clash in file.clashes if clash.system == receiver.system}
    coming, waits = set[str](), False
    look = look_of(file, facts, receiver, parties, rules)
    several = len(file.peers.keys() - {receiver.system}) > 1
    case_known = "case" not in receiver.writes or look.native is not None
    for item, entry in sorted(_asked_about(file, receiver).items(), key=_rank):
        look.left_out.add(item)
        peer = peers.get(item, _NEW)
        if (item, "*") in frozen or not can_show(receiver, entry, peer):
            continue
        if not can_get(receiver, entry):
            planned.retractions += not_gettable(look, item, entry, peer)
            continue
        wanted = _looked_at(look, item, entry, lacks(item, entry, peer, frozen), planned)
        if not wanted and not peer.released and not entry.deleted:
            continue
        if entry.deleted:
            if (peer.native is not None or peer.released) and not peer.gone:
                planned.retractions.append(take_back(look=look, item=item, entry=entry, peer=peer, lost=None))
            continue
        dangling = dangling_in(look, entry) | shut(look.share, item, entry) | frozenset(entry.sealed)
        wanted = [name for name in wanted if name not in dangling] if dangling else wanted
        live, silent = groups_of(look, item, entry, wanted, dangling)
        sending, decision, live, silent = _send_by_any(look, item, entry, (live, silent), (peer, wanted, several))
        if silent:
            planned.withheld.append(_shadowed(item, entry, wanted, silent))
        if peer.released and not peer.gone:
            ruled = decision if not silent else rule(look, item, entry, [*live, *silent])
            lost = lost_fields(look, entry, peer, ruled)
            if lost:
                planned.retractions.append(
                    take_back(look=look, item=item, entry=entry, peer=peer, lost=lost, decision=ruled)
                )
        planned.withheld.extend(_kept_back(item, entry, wanted, decision))
        if sending is None:
            continue
        look.left_out.discard(item)
        late = not receiver.documents and (points_to(entry, coming) or not (case_known or entry.kind in _FIRST))
        if sending.create:
            coming.add(item)  # also what waits itself, for what points to it waits longer
        waits = waits or late
        planned.sendings += [] if late else [sending]
    if receiver.documents:
        planned.sendings = _documents(planned.sendings, look, shut(look.share, file.id, file.case()), former)
    if receiver.closed and not _has_ended(file):
        planned.sendings = []
    # What others point to goes last, and of a document the case itself: in one that is gone nothing is found any more.
    planned.retractions.reverse()
    planned.retractions.sort(key=lambda one: receiver.documents and one.release.id == file.id)
    planned.later = (waits or bool(look.ahead)) and bool(planned.sendings)
    return planned


def _anew(file: CaseFile, receiver: Receiver) -> tuple[CaseFile, str | None]:
    """The case as one that takes it when it has ended is to get it, and the receiver's id of what it got before.

    A log that was opened again goes once more when it ends again, whole, as what comes after the former: nothing of
    that is changed there. What the receiver was given stays known, so that a withdrawal asks for it as well.
    """
    mine = file.peers.get(receiver.system, {})
    known = mine.get(file.id)
    if not (receiver.closed and known is not None and known.reopened and _has_ended(file)):
        return file, None
    anew = {item: Peer(released=one.released, count=one.count, gone=one.gone) for item, one in mine.items()}
    return replace(file, peers={**file.peers, receiver.system: anew}), known.native


def _asked_about(file: CaseFile, receiver: Receiver) -> Mapping[str, Entry]:
    return file.items if receiver.only is None else {item: file.items[item] for item in receiver.only}


_NEW = Peer()
"""What a system that was never told of an item holds of it."""


def _looked_at(look: Look, item: str, entry: Entry, wanted: list[str], planned: Plan) -> list[str]:
    """What of the wanted fields this receiver may be asked about; what a log that has ended keeps back is told."""
    if any(one.item == item for one in look.file.unread):
        return []  # what its own system says of it now is not known
    if look.share is None:
        return wanted
    told, kept = narrowed(look.share, item, entry, wanted, known=native_of(look.peers, item) is not None)
    if kept is not None:
        planned.withheld.append(kept)
    return told


def _rank(pair: tuple[str, Entry]) -> int:
    return order_of(pair[1].kind)


_FIRST = frozenset({"case", "person"})
"""Kinds that do not wait for the receiver to know the case."""


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


def _send_by_any(
    look: Look, item: str, entry: Entry, groups: tuple[list[Group], list[Group]], want: tuple[Peer, list[str], bool]
) -> tuple[Sending | None, Decision | None, list[Group], list[Group]]:
    """What is sent, by whoever told it where several did and the first may not tell it."""
    live, silent = groups
    peer, wanted, several = want
    sending, decision = _send(look=look, item=item, entry=entry, peer=peer, groups=live, wanted=wanted)
    if several and (silent or (decision is not None and decision.effect != "permit")):
        live, silent, moved = retold(look, item, entry, groups, decision)
        if moved:
            sending, decision = _send(look=look, item=item, entry=entry, peer=peer, groups=live, wanted=wanted)
    return sending, decision, live, silent


def _send(
    *,
    look: Look,
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
    about, known = named(look, entry)
    refs = refs_of(look, entry, known) if REFS[entry.kind] else known
    made, decision = release(
        facts=look.facts,
        groups=groups,
        memo=look.memo,
        rules=look.rules,
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
    kept_back = made is None or not (create or made.changed)  # what it may have of a record, it has
    if made is None or kept_back or not needed or (look.receiver.create_only and not create):
        return None, decision
    values = dict(made.fields) if len(made.changed) == len(made.fields) else {n: made.fields[n] for n in made.changed}
    sending = Sending(release=made, decision=decision, create=create, values={item: values}, decisions={item: decision})
    return sending, decision


def _has_ended(file: CaseFile) -> bool:
    entry = file.case()
    return entry is not None and entry.fields.get("status") in ENDED


def _documents(sendings: list[Sending], look: Look, never: frozenset[str], former: str | None) -> list[Sending]:
    """The case's releases as one, for a receiver that takes whole cases; without the case itself nothing goes.

    ``never`` names fields of the case that this receiver is not told, ``former`` what it got of it before.
    """
    if not sendings:
        return []
    file = look.file
    entry = file.case()
    root = next((one for one in sendings if one.release.id == file.id), None)
    parts = [one for one in sendings if one is not root]
    home = (entry.origin.system or "") if entry is not None else ""
    if entry is None:
        return []
    peer = look.peers.get(file.id, _NEW)
    if look.receiver.create_only and look.native is not None:
        return []  # what it was once given is all that it takes
    groups: list[Group] = []
    silent: list[Group] = []
    for source, wrote in written_by(entry).items():
        told = {name: value for name, value in wrote.items() if name not in never}
        live = source == look.receiver.system or look.receiver.live(source)
        (groups if live else silent).append((ask(look, file.id, entry, source, home), told))
    made, decision = _whole(look, entry, groups, root, parts)
    if silent or decision.effect != "permit":
        groups, silent, moved = retold(look, file.id, entry, (groups, silent), decision if groups else None)
        if moved:
            made, decision = _whole(look, entry, groups, root, parts)
    if any(at.sender == look.parties.get(home) for at, _ in silent):
        return []  # the case's own flow is closed, so there is nothing that the rest could stand in
    if made is None:
        return []
    made = replace(made, former=former) if former is not None else made
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


def _whole(
    look: Look, entry: Entry, groups: list[Group], root: Sending | None, parts: list[Sending]
) -> tuple[Release | None, Decision]:
    """A case with all that goes with it, and the gate's one word on what may be told of the case itself."""
    case, peer = look.file.id, look.peers.get(look.file.id, _NEW)
    return release(
        facts=look.facts,
        groups=groups,
        memo=look.memo,
        rules=look.rules,
        wanted=root.release.changed if root else (),
        system=look.receiver.system,
        kind=entry.kind,
        id=case,
        case=case,
        case_native_id=look.native,
        native_id=None if peer.gone else peer.native,
        version=None if peer.gone else peer.version,
        refs=refs_of(look, entry, {}),
        parts=tuple(one.release for one in parts),
    )
