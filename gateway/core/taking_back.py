"""What is taken back of one item: what a person's act or a protection has closed since it was sent."""

from collections.abc import Iterator

from gateway.core.casefile import Entry, Peer
from gateway.core.consent import Decision
from gateway.core.look import Group, Look, groups_of
from gateway.core.release import release
from gateway.core.sendings import Sending
from gateway.core.shielding import places


def rule(look: Look, item: str, entry: Entry, groups: list[Group]) -> Decision | None:
    """The gate's word on an item as a whole, also where no sending is planned."""
    if not groups:
        return None
    return release(
        facts=look.facts, groups=groups, memo=look.memo, wanted=(), system=look.receiver.system, kind=entry.kind,
        id=item, case=look.file.id, rules=look.rules,
    )[1]  # fmt: skip


def lost_fields(look: Look, entry: Entry, peer: Peer, decision: Decision | None) -> tuple[str, ...]:
    """Fields that the receiver got from us and that a person's act or a protection has since closed to it.

    What it has written itself meanwhile stays, and so does what a person there chose over its own text. Where somebody
    is, goes back as soon as anyone in the case is protected, whatever else keeps the rest.
    """
    if decision is None:
        return ()
    if "retract" not in decision.obligations:
        hidden = places(entry.kind) if look.facts.shielded or look.facts.strict else frozenset()
        return tuple(name for name in _given(look, entry, peer) if name in hidden)
    return tuple(name for name in _given(look, entry, peer) if decision.fields.get(name, "deny") != "permit")


def _given(look: Look, entry: Entry, peer: Peer) -> Iterator[str]:
    """Fields that the receiver has from us and from nobody else."""
    me, home = look.receiver.system, entry.origin.system
    for name in peer.released:
        if entry.sources.get(name, home) != me and not (name in entry.settled and home == me):
            yield name


def not_gettable(look: Look, item: str, entry: Entry, peer: Peer) -> list[Sending]:
    """What to take back of an item that this receiver would not be sent today, whatever anyone consents to.

    It may never have such a category any more: all that it got goes back. Or its system only stopped taking the kind:
    then a withdrawal reaches what it took before.
    """
    if peer.gone or not peer.released:
        return []
    if entry.deleted:
        return [take_back(look=look, item=item, entry=entry, peer=peer, lost=None)]
    if look.receiver.categories is not None and entry.category not in look.receiver.categories:
        lost, ruled, cause = tuple(_given(look, entry, peer)), None, "category"
    else:
        groups = groups_of(look, item, entry, [], frozenset())
        ruled = rule(look, item, entry, [*groups[0], *groups[1]])
        lost, cause = lost_fields(look, entry, peer, ruled), None
    if not lost:
        return []
    return [take_back(look=look, item=item, entry=entry, peer=peer, lost=lost, decision=ruled, cause=cause)]


def _wrote_in(look: Look, item: str, entry: Entry) -> bool:
    """Whether the receiver has written in an item, or in any item of a case: what is its own is never taken away."""
    written = look.file.items.values() if item == look.file.id else (entry,)
    return any(look.receiver.system in {one.origin.system, *one.sources.values()} for one in written if not one.deleted)


def take_back(
    *,
    look: Look,
    item: str,
    entry: Entry,
    peer: Peer,
    lost: tuple[str, ...] | None,
    decision: Decision | None = None,
    cause: str | None = None,
) -> Sending:
    """The sending that takes back: the whole item where ``lost`` is ``None`` or nothing of it would be left."""
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
        cause="deleted" if lost is None else cause or (decision or stated).cause,
    )
