"""How fast a page of cases is kept: one JSON line a database.

A page is one transaction of 100 cases of about 4 kB: for each a case, a history row of 300 bytes, a link, 3 persons
with their numbers, 2 due marks, a disclosure and an audit leaf. ``new`` pages are first contact (keys are made too),
``again`` pages load the same cases and save them changed. ``synchronous=FULL`` and encryption are on.

    python benchmarks/store.py [--pages N] [--url postgresql+psycopg://…/db]
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from gateway.store import Keys, Store, open_store

CASES = 100
BODY = os.urandom(4000)
STORY = os.urandom(300)
ROWS = CASES * (1 + 1 + 1 + 3 + 3 + 2 + 1 + 1)


def keep(store: Store, page: int, *, new: bool) -> None:
    """One page, as the engine keeps it."""
    at = datetime.now(UTC)
    ids = [f"case{page:05}{n:03}" for n in range(CASES)]
    natives = [("concern", f"{page}-{n}") for n in range(CASES)]
    people = [(f"{page:05}{n:03}{m:03}", f"{case}-p{m}") for n, case in enumerate(ids) for m in range(3)]
    with store.write() as tx:
        tx.find_links("school", natives)
        tx.find_people([number for number, _ in people])
        if new:
            versions = dict.fromkeys(ids, 0)
        else:
            versions = {case: version for case, (version, _) in tx.load_cases(ids).items()}
        tx.save_cases([(case, versions[case], BODY) for case in ids])
        tx.append_history([(case, at, None, STORY) for case in ids])
        tx.put_links(
            "school", [(kind, native, case, "i", b"d" * 16) for (kind, native), case in zip(natives, ids, strict=True)]
        )
        if new:
            tx.put_people(people)
            tx.put_person_cases([(person, person[:12]) for _, person in people])
        tx.mark_due([(system, case) for case in ids for system in ("health", "log")], at)
        tx.add_disclosures(
            [(case, "i", "health", at, ["level"], ["C1"], "CONSENT", f"{case}{versions[case]}") for case in ids]
        )
        tx.audit([{"act": "kept", "case": case, "fields": ["level", "raised_on"], "rules": ["C1"]} for case in ids])


def timed(work: Callable[[int], None], pages: int) -> float:
    """Seconds for all the pages."""
    start = time.perf_counter()
    for page in range(pages):
        work(page)
    return time.perf_counter() - start


def measure(url: str, vault_url: str, folder: Path, pages: int) -> dict[str, object]:
    """Pages and rows a second at first contact and after."""
    store = open_store(
        url=url, vault_url=vault_url, keys=Keys.create(folder / "key", os.urandom), tenant="bench",
        clock=lambda: datetime.now(UTC), chance=os.urandom,
    )  # fmt: skip
    keep(store, 99_999, new=True)
    new = timed(lambda page: keep(store, page, new=True), pages)
    again = timed(lambda page: keep(store, page, new=False), pages)

    def send(page: int) -> None:
        keys = [f"{page}-{n}" for n in range(CASES)]
        store.vault.begin_sending([(key, "health", "case", "i", b"c" * 16) for key in keys])
        store.vault.end_sending([(key, "accepted") for key in keys])

    sent = timed(send, pages)
    store.close()
    return {
        "benchmark": "store", "database": store.main.dialect, "pages": pages, "cases_a_page": CASES,
        "new_cases_per_second": round(pages * CASES / new), "new_rows_per_second": round(pages * ROWS / new),
        "again_cases_per_second": round(pages * CASES / again),
        "again_rows_per_second": round(pages * (ROWS - 6 * CASES) / again),
        "sendings_per_second": round(pages * CASES / sent),
    }  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--url")
    parser.add_argument("--vault")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = chosen.url or f"sqlite:///{folder}/main.db"
        result = measure(url, chosen.vault or f"sqlite:///{folder}/vault.db", folder, chosen.pages)
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
