"""A family's log on paper: the family's own view through the gate, printed for whoever asks for it at the counter.

Printing is for a family with or without digital consent. What is printed went through the same gate as everything
else, with the reader as the receiver, and that somebody printed is in the audit log.
"""

from collections.abc import Mapping

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile, Peer
from gateway.core.consent import Party
from gateway.core.model import KINDS
from gateway.core.outgo import plan
from gateway.core.paper import ORDER, Sheet, Wording, sheet
from gateway.core.release import Release
from gateway.core.sendings import Receiver
from gateway.run.acts import ActFault
from gateway.run.explaining import facts_of
from gateway.run.life import OSLO
from gateway.run.mapfiles import load_terms
from gateway.run.schemas import glossary
from gateway.run.settings import Settings
from gateway.run.world import World
from gateway.store import Tx

_SELF = "@paper"
"""What the page is called where a system's name stands."""


def print_log(world: World, case: str, *, reader: str, by: str, language: str | None = None) -> Sheet:
    """The log of a case for one reader: the person whose case it is, or a guardian. ``language``: nb, nn or en.

    Raises ``ActFault``: ``act.unknown_case``, ``act.unknown_person``, ``paper.nothing`` (the gate lets this reader see
    none of it).
    """
    now = world.clock()
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
        shared = _shared(tx, case)
    if found is None:
        raise ActFault("act.unknown_case", "case")
    file = casefile.decode(found[1])
    if reader not in file.items or file.items[reader].kind != "person":
        raise ActFault("act.unknown_person", "for")
    releases = _released(world, file, reader)
    if not any(one.kind not in {"person", "case"} for one in releases):
        raise ActFault("paper.nothing", "for")
    wording = wording_of(world.settings, language)
    told = {one.id: sorted(one.fields) for one in releases if one.kind in ORDER}
    with world.store.write() as tx:
        tx.audit(
            [{"act": "log.printed", "by": by, "case": case, "person": reader, "items": told, "at": now.isoformat()}]
        )
    return sheet(releases, wording=wording, reader=reader, today=now.astimezone(OSLO).date(), shared=shared)


def wording_of(settings: Settings, language: str | None = None) -> Wording:
    """The municipality's words, in its own language where none is named."""
    return Wording(
        language=language or settings.language,
        glossary=glossary(),
        terms=load_terms(settings.model, folder=settings.folder),
    )


def _shared(tx: Tx, case: str) -> bool:
    """Whether a consent has let any of the log go to others. What went by duty or statute has its own account."""
    return any(rule.startswith("C") for one in tx.disclosures(cases=[case]) for rule in one.rules)


def _released(world: World, file: CaseFile, reader: str) -> list[Release]:
    """What the gate lets a reader have now, as releases."""
    entry = file.case()
    own = entry is not None and entry.fields.get("subject") == reader
    peers: Mapping[str, Peer] = {item: Peer(native="") for item in (file.id, *file.items)}
    blank = msgspec.structs.replace(file, peers={**file.peers, _SELF: dict(peers)}, clashes=[])
    receiver = Receiver(
        system=_SELF,
        party=Party(service="subject" if own else "guardian", unit=None, body=None, sector="private", person=reader),
        purpose="bti",
        writes=frozenset(KINDS),
        live=lambda _: True,
    )
    facts = facts_of(world, file, world.clock())
    planned = plan(file=blank, facts=facts, receiver=receiver, parties=world.parties(), rules=world.rules)
    return [one.release for one in planned.sendings]
