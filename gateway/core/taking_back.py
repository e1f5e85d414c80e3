"""What is taken back of one item: what a person's act or a protection has closed since it was sent."""

from gateway.core.casefile import Entry, Peer
from gateway.core.consent import Decision
from gateway.core.look import Group, Look
from gateway.core.release import release
from gateway.core.sendings import Sending


def rule(look: Look, item: str, entry: Entry, groups: list[Group]) -> Decision | None:
    """The gate's word on an item as a whole, also where no sending is planned."""
    if not groups:
        return None
    return release(
        facts=look.facts, groups=groups, memo=look.memo, wanted=(), system=look.receiver.system, kind=entry.kind,
        id=item, case=look.file.id, rules=look.rules,
    )[1]  # fmt: skip


def lost_fields(look: Look, entry: Entry, peer: Peer, decision: Decision | None) -> tuple[str, ...]:
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
    )
