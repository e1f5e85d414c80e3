"""Many cases that are one over and over, each with ids of its own, and what a page's look at the store costs."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import msgspec
from sqlalchemy import event

from gateway.core import casefile
from gateway.run.world import World
from gateway.store import Task

_LISTED = re.compile(r"\((?:\?|%\(\w+\)s)(?:, (?:\?|%\(\w+\)s))*\)")
STEP = 10
"""Of how many steps of the database's machine one is counted."""


TASKS = 60
"""Of how many copies tasks are open: more than a page shows, however many cases there are."""

TELLS = "vern"
"""The system that tells what it has processed; the others say that they took it, and nothing more ever."""

WAITS, UNCERTAIN = 20, 2
"""Of how many copies it has not told yet, and of how many it is not known whether a sending arrived."""

WHEN = timedelta(days=9)


def grow(world: World, case: str, count: int, *, first: int = 0) -> None:
    """Put copies of a case beside it, with the links, disclosures, sendings and tasks that rounds would have made."""
    now = world.clock()
    with world.store.read() as tx:
        body = tx.load_cases([case])[case][1]
        sent = tx.disclosures(cases=[case])
    file = casefile.decode(body)
    ids = [case, *file.items]
    unit = file.items[case].origin.unit or ""
    for at in range(first, first + count, 100):
        copies = []
        for n in range(at, min(at + 100, first + count)):
            told = body
            for place, ident in enumerate(ids):
                told = told.replace(ident.encode(), f"{n:08x}{place:012x}".encode())
            copies.append((f"{n:08x}{ids.index(case):012x}", told, n))
        with world.store.write() as tx:
            tx.save_cases([(name, 0, told) for name, told, _ in copies])
            tx.join_units([(unit, name) for name, _, _ in copies], at=now)
            tx.put_links("skole", [("case", f"c-{n}", name, name, b"d" * 16) for name, _, n in copies])
            persons = [(f"{n:08x}{ids.index(item):012x}", name) for name, _, n in copies
                       for item, _ in file.of_kind("person")]  # fmt: skip
            tx.put_person_cases(persons)
            tx.add_disclosures([
                (name, f"{n:08x}{ids.index(one.item):012x}", one.system, now, one.fields, one.rules, one.secrecy_basis, f"{name}/{k}")
                for name, _, n in copies for k, one in enumerate(sent) if one.item in ids
            ])  # fmt: skip
            tx.add_tasks([
                Task(kind=kind, dedupe=f"many/{kind}/{name}", at=now, case=name, unit=unit, deadline=now + WHEN,
                     body=msgspec.json.encode(about))
                for name, _, n in copies if n < TASKS
                for kind, about in (("gate", {"task": "protected", "rules": ["B1"]}), ("adoption", {"fields": []}))
            ])  # fmt: skip
            tx.audit([{"act": "kept", "case": name, "at": now.isoformat()} for name, _, _ in copies])
        left = [
            (f"{name}/{system}/{state}", system, name, name, b"d" * 16, state)
            for name, _, n in copies
            for system, state in (
                (sent[0].system, "accepted"),
                (sent[0].system, "delivered"),
                (TELLS, "processed" if n >= WAITS else "accepted"),
                *([(sent[0].system, "uncertain")] if n < UNCERTAIN else []),
            )
        ]
        world.store.vault.begin_sending([row[:-1] for row in left])
        world.store.vault.end_sending([(row[0], row[-1]) for row in left])


class Cost:
    """What was asked of the store: statements, and steps of the database's machine in units of ``STEP``."""

    def __init__(self) -> None:
        self.statements: Counter[str] = Counter()
        self.steps = 0

    def step(self) -> int:
        self.steps += 1
        return 0


@contextmanager
def costing(world: World) -> Iterator[Cost]:
    """Count what SQLite is asked, and does, while the block runs."""
    cost = Cost()
    databases = (world.store.main, world.store.vault.database)
    engines = [engine for one in databases for engine in dict.fromkeys((one.writer.engine, one.reader.engine))]

    opened = set()

    def asked(connection, _cursor, statement, *_rest):
        cost.statements[_LISTED.sub("(…)", statement)] += 1
        opened.add(connection.connection.dbapi_connection)
        connection.connection.dbapi_connection.set_progress_handler(cost.step, STEP)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", asked)
    try:
        yield cost
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", asked)
        for one in opened:
            one.set_progress_handler(None, STEP)
