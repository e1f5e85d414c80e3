"""The system that tells: a change feed of cases, encoded before anybody is timed.

========================================  ===========================================================================
``GET /v1/cases?limit=100&after=N``       the exchange protocol's feed, for the gateway
``GET /cases?since=N&page=1``             plain numbered pages of 100 of what changed after the N-th change
``POST /v1/acknowledgements``             what the gateway says is kept
``POST /_bench/change?from=A&to=B``       a user there edits the A-th to (not with) the B-th case
``GET /_bench/truth``                     how many changes it holds, how many ids were acknowledged
========================================  ===========================================================================

    python -m benchmarks.source CASES
"""

import json
import os
import sys
import tempfile

from benchmarks.cases import case
from benchmarks.wire import Answer, serve

PAGE = 100


class Log:
    """Changes in their order, as JSON documents one after another in a file, so that a page is one read."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self.ends = [0]

    def add(self, first: int, last: int, *, changed: bool) -> None:
        for at in range(first, last):
            document = json.dumps(case(at, changed=changed), ensure_ascii=False, separators=(",", ":")).encode()
            self.file.write(document + b",")
            self.ends.append(self.ends[-1] + len(document) + 1)
        self.file.flush()

    def page(self, after: int) -> tuple[bytes, int]:
        """Up to a page of documents with commas between, and where it ends."""
        last = min(after + PAGE, len(self.ends) - 1)
        if last <= after:
            return b"", after
        return os.pread(self.file.fileno(), self.ends[last] - self.ends[after] - 1, self.ends[after]), last


def main(count: int) -> None:
    log = Log()
    log.add(0, count, changed=False)
    told = {"acknowledged": 0}

    def answer(method: str, path: str, query: dict[str, str], body: bytes, _key: str) -> Answer:
        top = len(log.ends) - 1
        match method, path:
            case "GET", "/v1/cases":
                records, last = log.page(int(query.get("after", 0)))
                more = b"true" if last < top else b"false"
                return 200, b'{"records":[%b],"cursor":"%d","more":%b}' % (records, last, more)
            case "GET", "/cases":
                records, last = log.page(int(query["since"]) + (int(query["page"]) - 1) * PAGE)
                more = b"true" if last < top else b"false"
                return 200, b'{"cases":[%b],"change":%d,"more":%b}' % (records, last, more)
            case "POST", "/v1/acknowledgements":
                told["acknowledged"] += len(json.loads(body)["ids"])
                return 204, b""
            case "POST", "/_bench/change":
                log.add(int(query["from"]), int(query["to"]), changed=True)
                return 204, b""
            case "GET", "/_bench/truth":
                return 200, json.dumps({"changes": top, **told}).encode()
        return 404, b"{}"

    serve(answer)


if __name__ == "__main__":
    main(int(sys.argv[1]))
