"""What was handed out: the log of disclosures, and what had left when a process died and no round has claimed since."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from gateway.core import casefile
from gateway.core.law import Basis, Obligation
from gateway.run.claiming import names_of
from gateway.run.world import World
from gateway.store import Disclosure, Tx

UNCERTAIN = "delivery.uncertain"
"""Stands among the rules of what may have arrived."""


def handed_out(
    world: World,
    tx: Tx,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    cases: Sequence[str] | None = None,
    system: str | None = None,
    newest: int | None = None,
) -> list[Disclosure]:
    """What went out from ``start`` until before ``end``, of some cases or of all, to a system or to all, by time.

    Of all cases only the ``newest`` are read where somebody says how many: a page that shows some reads some.

    What was begun and never ended stands there as uncertain, with the time at which it began, until a round claims it:
    a report on a breach must not be short of it.
    """
    told = tx.disclosures(cases=cases, system=system, start=start, end=end, newest=newest)
    begun = [
        one
        for one in world.store.vault.unfinished_anywhere()
        if (cases is None or one.case in cases)
        and (system is None or one.system == system)
        and (start is None or start <= one.since)
        and (end is None or one.since < end)
    ]
    if not begun:
        return told
    known = {(one.key, one.item) for one in tx.disclosures(cases={one.case for one in begun})}
    told += [
        Disclosure(one.case, item, one.system, one.since, tuple(fields), (UNCERTAIN,), None, one.key)
        for one in begun
        for item, fields in names_of(one).items()
        if (one.key, item) not in known
    ]
    return sorted(told, key=lambda one: (one.at, one.key, one.item))


def basis_of(world: World, code: str | None) -> Basis | Obligation | None:
    """The section that a code names, in the law as the municipality has it."""
    law = world.rules.law
    known: list[Basis | Obligation] = [*law.bases, *law.duties]
    return next((one for one in known if one.code == code), None)


def report(world: World, start: datetime, end: datetime) -> dict[str, Any]:
    """Who got what between two times, the end not included: pseudonyms, kinds, names of fields, rules; no content.

    ``summary`` counts disclosures, cases and the persons in them, in all and by system, as a notice of a breach asks.
    Erased cases have no kind and no persons any more; what was disclosed of them stands.
    """
    with world.store.read() as tx:
        found = handed_out(world, tx, start=start, end=end)
        cases = list(dict.fromkeys(one.case for one in found))
        kinds = _kinds(tx, cases)
        people = tx.people_of(cases)
    return {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "disclosures": [_plain(world, one, kinds.get((one.case, one.item))) for one in found],
        "summary": {
            "disclosures": len(found),
            "cases": len(cases),
            "people": len({person for some in people.values() for person in some}),
            "uncertain": sum(UNCERTAIN in one.rules for one in found),
            "by_system": {
                name: {"disclosures": count, "cases": len({one.case for one in found if one.system == name})}
                for name, count in sorted(Counter(one.system for one in found).items())
            },
        },
    }


def _plain(world: World, one: Disclosure, kind: str | None) -> dict[str, Any]:
    system = world.settings.systems.get(one.system)
    unit = world.settings.units[system.unit] if system is not None else None
    basis = basis_of(world, one.secrecy_basis)
    return {
        "case": one.case,
        "item": one.item,
        "kind": kind,
        "system": one.system,
        "unit": system.unit if system is not None else None,
        "service": unit.service if unit is not None else None,
        "body": unit.body if unit is not None else None,
        "at": one.at.isoformat(),
        "fields": list(one.fields),
        "rules": list(one.rules),
        "basis": one.secrecy_basis,
        "law": f"{basis.act} {basis.section}" if basis is not None else None,
        "uncertain": UNCERTAIN in one.rules,
        "retracted": one.retract_state,
        "retracted_at": one.retracted_at.isoformat() if one.retracted_at is not None else None,
    }


_SOME = 300


def _kinds(tx: Tx, cases: Sequence[str]) -> dict[tuple[str, str], str]:
    found = {}
    for at in range(0, len(cases), _SOME):
        for case, (_, body) in tx.load_cases(_some(cases, at)).items():
            found.update({(case, item): entry.kind for item, entry in casefile.decode(body).items.items()})
    return found


def _some(cases: Sequence[str], at: int) -> Iterable[str]:
    return cases[at : at + _SOME]
