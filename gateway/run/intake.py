"""From a source's page to saved case files: fetch, read, match, merge, keep.

A page is one transaction. What cannot be read waits in quarantine, what cannot be placed waits for a person, and the
rest of the page goes on. The source is told only after the commit.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime

import msgspec
from msgspec import Struct

from gateway.core.model import Fault, check
from gateway.run.border import Walk, encoded, is_writable, readings_of, tell_source
from gateway.run.held import Unplaced
from gateway.run.keeping import save
from gateway.run.placing import Placing
from gateway.run.settings import System
from gateway.run.tally import Tally
from gateway.run.unread import Waiting, note
from gateway.run.world import Stopped, World
from gateway.sdk import Adapter, Page, Raw, Reading
from gateway.store import Stale, StoreError, Task, Tx

RETRIES = 5
"""How often a page is taken again because another lane saved one of its cases meanwhile."""


AT_ONCE = 400
"""Records that pages which are there already are put together to, so that the disk is waited for less often."""

AGAIN = 20_000
"""Waiting records that one round reads again; those beyond are next."""

FEW_GONE, FEW_CHANGED = 20, 50
"""Numbers of deletions and of changes that are never taken for a mistake in mass."""

WAITING = frozenset({"match.case_unknown", "match.person_unknown", "match.ref_unknown"})
"""Codes of records that wait for another record. They are read again, all together, when one of them or something new
has come: a page may end between a person and the case that person stands in.
"""

UNSURE = frozenset({"match.person_ambiguous", "match.case_ambiguous"})
"""Codes of records that several persons or cases fit: somebody has to say which."""

Unread = tuple[str, str, str, str, str | None, bytes, str | None]
"""A record for quarantine: system, kind, vendor's id, code, path, body, case."""


def intake(world: World, system: System, tally: Tally) -> None:
    """Take in all that a source has now. Raises ``AdapterError`` from the adapter, ``Stopped`` from a guard."""
    adapter = world.adapters[system.name]
    with world.store.read() as tx:
        cursor = tx.cursor(system.name)
    if adapter.capabilities.full_feed:
        cursor = None
    look = Look()
    for page in pages(adapter, cursor, ahead=world.threads > 1):
        world.step("fetched")
        look.seen += len(page.records)
        look.gone += sum(raw.deleted for raw in page.records)
        guard(world, system, adapter, look, last=not page.more)
        tally.add(keep(world, system, adapter, page, look=look))
        tally.fetched[system.name] += len(page.records)
        world.step("kept")
        if page.changed:
            ask_again(world, system, page.changed)
        if adapter.capabilities.acknowledges and page.records:
            tell_source(adapter.acknowledge, [raw.id for raw in page.records], "kept")
            world.step("acknowledged")
    retry_waiting(world, system, tally)


def ask_again(world: World, system: System, changed: list[str]) -> None:
    """A register says that it knows something new of these persons: the cases they stand in are due for its answer."""
    with world.store.write() as tx:
        links = tx.find_links(system.name, [("person", native) for native in changed])
        people = {link.item for link in links.values()} | set(tx.find_people(changed).values())
        cases = tx.cases_of(sorted(people))
        tx.mark_due([(system.name, case) for each in cases.values() for case in each], at=world.clock())


def pages(adapter: Adapter, cursor: str | None, *, ahead: bool) -> Iterator[Page]:
    """Pages until the source says that there are no more now; the next is fetched while one is worked on."""
    walk = Walk(adapter)
    if not ahead:
        while True:
            page = walk.fetch(cursor)
            yield page
            if not page.more:
                return
            cursor = page.cursor
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="fetch") as pool:
        coming = pool.submit(copy_context().run, walk.fetch, cursor)
        while True:
            page = coming.result()
            if page.more:
                coming = pool.submit(copy_context().run, walk.fetch, page.cursor)
            while page.more and coming.done() and len(page.records) < AT_ONCE:
                page = joined(page, coming.result())
                if page.more:
                    coming = pool.submit(copy_context().run, walk.fetch, page.cursor)
            yield page
            if not page.more:
                return


def joined(page: Page, following: Page) -> Page:
    """Two pages as one: kept in one transaction, and acknowledged together."""
    return Page(
        records=[*page.records, *following.records],
        cursor=following.cursor,
        more=following.more,
        changed=[*page.changed, *following.changed],
    )


class Look(Struct, kw_only=True):
    """What one round has seen of a source so far: records, deletions among them, and known ones that have changed."""

    seen: int = 0
    gone: int = 0
    changed: int = 0


def guard(world: World, system: System, adapter: Adapter, look: Look, *, last: bool) -> None:
    """Stop on a source that is suddenly empty, and on deletions or changes in numbers that look like a mistake."""
    with world.store.read() as tx:
        if tx.remembered(f"proceed/{system.name}") == "yes":
            return
        before = tx.lane(system.name).full_count
        gone = look.gone if look.gone > FEW_GONE else 0
        changed = look.changed if look.changed > FEW_CHANGED else 0
        many = max(gone, changed)
        known = tx.link_count(system.name) if many else 0
    if adapter.capabilities.full_feed and last and before and look.seen == 0:
        raise Stopped("guard.emptied")
    if many > known * system.mass_change_limit:
        raise Stopped("guard.mass_change")


def fingerprint(world: World, raw: Raw) -> bytes:
    """What tells that a record is the same as last time: keyed, over what the vendor wrote."""
    body = raw.body if isinstance(raw.body, bytes) else encoded(raw.body)
    return world.store.keys.digest(b"\x01" + body if raw.deleted else body)


def keep(
    world: World,
    system: System,
    adapter: Adapter,
    page: Page,
    *,
    all_of_it: bool = False,
    look: Look | None = None,
) -> Tally:
    """Keep a page: all of it in one transaction, or nothing. Taken again when another lane was faster.

    ``all_of_it`` also takes records that are as they were last time. ``look`` counts the round's changes.
    """
    careful = False
    for attempt in range(RETRIES):
        try:
            with world.store.write() as tx:
                return _keep(world, system, adapter, page, tx, look=look, all_of_it=all_of_it, careful=careful)
        except UnicodeEncodeError:
            if careful:
                raise
            careful = True  # one of the records holds what cannot be written: look for it, so that the others go on
        except StoreError as error:  # saved by another lane meanwhile, or erased
            if attempt == RETRIES - 1 or not (isinstance(error, Stale) or error.code == "store.erased"):
                raise
    raise AssertionError  # pragma: no cover


def keep_answer(world: World, system: System, adapter: Adapter, page: Page) -> Tally:
    """Keep a register's answer: also what it said before, since the case that asked may be new."""
    return keep(world, system, adapter, msgspec.structs.replace(page, cursor=None), all_of_it=True)


def _keep(
    world: World,
    system: System,
    adapter: Adapter,
    page: Page,
    tx: Tx,
    *,
    look: Look | None,
    all_of_it: bool,
    careful: bool,
) -> Tally:
    tally = Tally()
    now = world.clock()
    prints = {(raw.kind, raw.id): fingerprint(world, raw) for raw in page.records}
    links = tx.find_links(system.name, list(prints))
    if look is not None:
        look.changed += sum(bool(link.content) and link.content != prints[key] for key, link in links.items())
        guard(world, system, adapter, look, last=False)
    unread: list[Unread] = []
    waiting: list[Waiting] = []
    readings: list[tuple[Raw, list[Reading]]] = []
    for raw in page.records:
        link = links.get((raw.kind, raw.id))
        if not all_of_it and link is not None and link.content == prints[raw.kind, raw.id]:
            continue
        try:
            readings.append((raw, read(world, adapter, raw, careful=careful)))
        except Fault as fault:
            unread.append(_quarantined(system, raw, fault.code, fault.path))
            waiting.append((raw, _as_told(adapter, raw)))
    placing = Placing(world=world, system=system, tx=tx, now=now, tally=tally, links=links, asked=frozenset(prints))
    unplaced = placing.take(readings, prints)
    unread.extend(_quarantined(system, one.raw, one.code, one.path) for one in unplaced)
    by_key = {(raw.kind, raw.id): told for raw, told in readings}
    left = {(one.raw.kind, one.raw.id) for one in unplaced}
    waiting.extend((one.raw, by_key.get((one.raw.kind, one.raw.id), [])) for one in unplaced)
    note(placing, waiting, by_key.keys() - left)
    unsure = [_which(system, one, now, prints) for one in unplaced if one.code in UNSURE]
    save(placing, page.cursor)
    if unsure:
        tally.tasks += len(tx.add_tasks(unsure))
    if unread:
        tx.quarantine(unread, at=now)
        tally.quarantined += len(unread)
    if tally.created or any(one.code in WAITING for one in unplaced):
        tx.remember(f"look again/{system.name}", "yes")  # with the page, so that a crash forgets nobody who waits
    tx.settle_quarantine(system.name, [key for key in by_key if key not in left])
    return tally


def _which(system: System, one: Unplaced, at: datetime, prints: dict[tuple[str, str], bytes]) -> Task:
    """Who somebody is, or which case is meant, is asked of a person, once for what the record says."""
    return Task(
        kind="doubt",
        dedupe=f"{one.code}/{system.name}/{prints[one.raw.kind, one.raw.id].hex()}",
        at=at,
        system=system.name,
        unit=system.unit,
        body=msgspec.json.encode({"doubts": [{"code": one.code, "path": one.path}]}),
    )


def _as_told(adapter: Adapter, raw: Raw) -> list[Reading]:
    """What can be told of a record that is not as it should be: of what kind it is, and of which case."""
    try:
        return readings_of(adapter, raw)
    except Fault:
        return []


def read(world: World, adapter: Adapter, raw: Raw, *, careful: bool = False) -> list[Reading]:
    """A raw record in canonical names and writing. Raises ``Fault``; a plugin that breaks is a fault of the record.

    ``careful`` also looks for values that cannot be written down.
    """
    readings = readings_of(adapter, raw)
    if careful and not is_writable(readings):
        raise Fault("adapter.answer", "$")
    if raw.deleted and not readings:
        readings = [Reading(kind=raw.kind, id=raw.id, fields={}, deleted=True)]
    return [_checked(world, raw, one) for one in readings]


def _checked(world: World, raw: Raw, reading: Reading) -> Reading:
    if reading.kind == "wonder_note":
        raise Fault("model.never_synced", "$.kind")
    if reading.kind == "person":
        check_numbers(world, reading)
    fields = check(reading.kind, reading.fields, whole=False)
    mine = reading.id == raw.id
    deleted = reading.deleted or (raw.deleted and mine)
    version = reading.version or (raw.version if mine else None)
    since = _instant(reading.valid_from) or _instant(raw.modified)
    if (fields, deleted, version, since) == (reading.fields, reading.deleted, reading.version, reading.valid_from):
        return reading
    return msgspec.structs.replace(reading, fields=fields, deleted=deleted, version=version, valid_from=since)


def _instant(told: str | None) -> str | None:
    """When a source says that something changed, where that is a day or an instant; anything else says nothing."""
    try:
        return told if told and datetime.fromisoformat(told) else None
    except ValueError:
        return None


def check_numbers(world: World, reading: Reading) -> None:
    """Refuse a number that is wrong, or of the kind that this municipality must not hold. Raises ``Fault``."""
    fields = reading.fields
    number = fields.get("number")
    if number is not None:
        code = world.number_fault(number, fields.get("number_type"))
        if code is not None:
            raise Fault(code, "$.number")
    for at, former in enumerate(fields.get("former_numbers") or ()):
        code = world.number_fault(former, None)
        if code is not None:
            raise Fault(code, f"$.former_numbers[{at}]")


def _quarantined(system: System, raw: Raw, code: str, path: str | None) -> Unread:
    return (system.name, raw.kind, raw.id, code, path, encoded(raw), None)


def retry_waiting(world: World, system: System, tally: Tally) -> None:
    """Read again what waits for other records, once after something new has come; a page at a time.

    What a page waits for may only have come with a later one, and there may be more than ``AGAIN``: then the next
    round goes on.
    """
    with world.store.read() as tx:
        if tx.remembered(f"look again/{system.name}") != "yes":
            return
        waiting = tx.quarantined_with(system.name, WAITING, limit=AGAIN)
    found = 0
    for at in range(0, len(waiting), AT_ONCE):
        with world.store.read() as tx:
            bodies = tx.quarantined_bodies(waiting[at : at + AT_ONCE])
        raws = [msgspec.msgpack.decode(body, type=Raw) for body in bodies.values()]
        again = keep(world, system, world.adapters[system.name], Page(records=raws))
        found += again.created
        tally.quarantined = max(0, tally.quarantined - len(raws))
        tally.add(again)
    more = len(waiting) == AGAIN or (found and len(waiting) > AT_ONCE)
    with world.store.write() as tx:
        tx.remember(f"look again/{system.name}", "yes" if more else "")
