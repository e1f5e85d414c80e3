"""The system that is written to. It keeps every write, answers with its own ids, and can tell what it holds at the end.

=====================================  ============================================================================
``POST /v1/cases``                     the exchange protocol's new case; answers with ids, as the protocol says
``PATCH /v1/cases/{id}``               changed fields and new items of one
``POST /v1/batch``                     several of both
``GET /v1/cases``                      its feed, which is empty: nobody works there, and it does not echo writes
``POST /cases``, ``POST /cases/batch``  plain bodies, put under their ``ref``; for scripts
``GET /_bench/truth?cases=&changed=``  what it holds, and whether that is just what it should
=====================================  ============================================================================

    python -m benchmarks.target
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from benchmarks.cases import is_open, said
from benchmarks.wire import Answer, serve

Truth = tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


class Item(msgspec.Struct):
    """Of an item in a body, only its id is needed to answer."""

    id: str | None = None


class Body(msgspec.Struct):
    """A protocol document, as far as it must be seen to answer."""

    items: dict[str, list[Item]] = {}


class Write(msgspec.Struct):
    """One item of a batch."""

    key: str
    body: msgspec.Raw
    id: str | None = None


class Batch(msgspec.Struct):
    """A batch of the protocol."""

    items: list[Write]


_body = msgspec.json.Decoder(Body).decode
_batch = msgspec.json.Decoder(Batch).decode
_rows = msgspec.json.Decoder(list[msgspec.Raw]).decode


class Held:
    """Every write, in its order, as a line in a file: who was written (``""``: a script's body), and what."""

    def __init__(self) -> None:
        self.lines = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self.made = 0
        self.counts: Counter[str] = Counter()
        self.versions: dict[str, int] = {}
        self.fresh: Counter[tuple[str, str]] = Counter()
        self.keys: set[str] = set()

    def document(self, ident: str | None, body: bytes, key: str) -> bytes:
        """Keep a protocol document; the record as the answer shows it."""
        if key in self.keys:
            self.counts["repeated"] += 1
        self.keys.add(key)
        if ident is None:
            self.made += 1
            ident = f"t{self.made}"
            self.counts["created"] += 1
        else:
            self.counts["changed"] += 1
        version = self.versions[ident] = self.versions.get(ident, 0) + 1
        items = {}
        for kind, told in _body(body).items.items():
            items[kind] = [{"id": one.id or self._named(ident, kind)} for one in told]
        self._keep(ident, body)
        return msgspec.json.encode({"id": ident, "version": str(version), "kind": "case", "items": items})

    def row(self, body: bytes) -> None:
        """Keep a script's body."""
        self.counts["put"] += 1
        self._keep("", body)

    def _named(self, ident: str, kind: str) -> str:
        self.fresh[ident, kind] += 1
        return f"{ident}-{kind}-{self.fresh[ident, kind]}"

    def _keep(self, ident: str, body: bytes) -> None:
        self.lines.write(ident.encode() + b"\t" + body + b"\n")

    def cases(self) -> Iterator[Truth]:
        """What each case came to, after all writes."""
        documents: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
        rows: dict[str, Truth] = {}
        self.lines.seek(0)
        seen: Counter[tuple[str, str]] = Counter()
        for line in self.lines:
            ident, _, body = line.partition(b"\t")
            told = json.loads(body)
            if not ident:
                concerns = tuple(sorted((one["area"], one["text"]) for one in told["concerns"]))
                measures = tuple(sorted((one["name"], one["due"]) for one in told["measures"]))
                rows[told["ref"]] = (told["child"], concerns, measures)
                continue
            name = ident.decode()
            items = documents.setdefault(name, {})
            for kind, each in told.get("items", {}).items():
                for one in each:
                    known = one.get("id")
                    if known is None:
                        seen[name, kind] += 1
                        known = f"{name}-{kind}-{seen[name, kind]}"
                    items.setdefault((kind, known), {}).update(one.get("fields", {}))
        yield from rows.values()
        yield from map(_truth, documents.values())

    def truth(self, cases: int, changed: int) -> dict[str, Any]:
        """Whether each open case of the first ``cases`` is here, whole, as it was told last, and written only when new.

        The first ``changed`` of them have been edited, once each.
        """
        found = sorted(self.cases())
        wanted = sorted(said(at, changed=at < changed) for at in range(cases) if is_open(at))
        edits = sum(is_open(at) for at in range(changed))
        writes = self.counts["created"] + self.counts["changed"] + self.counts["put"]
        holds = found == wanted and writes == len(wanted) + edits and not self.counts["repeated"]
        return {"true": holds, "cases": len(found), "wanted": len(wanted), "writes": writes, **self.counts}


def _truth(items: dict[tuple[str, str], dict[str, Any]]) -> Truth:
    of: dict[str, list[dict[str, Any]]] = {}
    for (kind, _), fields in items.items():
        of.setdefault(kind, []).append(fields)
    number = next((one["number"] for one in of.get("person", ()) if one.get("role") == "subject"), "")
    return (
        number,
        tuple(sorted((one.get("area", ""), one.get("summary", "")) for one in of.get("concern", ()))),
        tuple(sorted((one.get("title", ""), one.get("evaluate_by", "")) for one in of.get("measure", ()))),
    )


def main() -> None:
    kept = Held()

    def answer(method: str, path: str, query: dict[str, str], body: bytes, key: str) -> Answer:
        match method, path:
            case "GET", "/v1/cases":
                return 200, b'{"records":[],"cursor":"0","more":false}'
            case "POST", "/v1/cases":
                return 201, kept.document(None, body, key)
            case "POST", "/v1/batch":
                answers = [
                    b'{"key":"%b","status":%d,"record":%b}'
                    % (one.key.encode(), 200 if one.id else 201, kept.document(one.id, bytes(one.body), one.key))
                    for one in _batch(body).items
                ]
                return 200, b'{"results":[%b]}' % b",".join(answers)
            case "POST", "/cases":
                kept.row(body)
                return 201, b'{"ok":true}'
            case "POST", "/cases/batch":
                for one in _rows(body):
                    kept.row(bytes(one))
                return 201, b'{"ok":true}'
            case "POST", "/v1/acknowledgements":
                return 204, b""
            case "GET", "/_bench/truth":
                return 200, json.dumps(kept.truth(int(query["cases"]), int(query["changed"]))).encode()
            case "PATCH", _ if path.startswith("/v1/cases/"):
                return 200, kept.document(path.rpartition("/")[2], body, key)
        return 404, b"{}"

    serve(answer)


if __name__ == "__main__":
    main()
