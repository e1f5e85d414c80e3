"""A bench for the certification kit: a product that exports each change into a folder, made by us.

It shows what the adapter does with files, not what a vendor's files look like: the mapping is the identity.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gateway.sdk import KINDS, Raw, Reading, Release
from gateway.sdk.testing import FolderWorld, Sample, Thing, Watch, watched_context
from gateway_file_drop.adapter import FileDrop
from gateway_file_drop.outbox import LocalOutbox

_HEAD = frozenset({"id", "version", "deleted"})
_TOLD: Mapping[str, Mapping[str, Any]] = {
    "agreement": {"parties": ["kommunen", "bup"], "valid_from": "2026-01-01", "title": "A1"},
    "assignment": {"role": "relay_holder", "holder_name": "Hodan Ali", "since": "2026-03-02"},
    "bright_moment": {"seen_on": "2026-03-02", "text": "Lo høyt i friminuttet."},
    "case": {"subject": "p1", "status": "active", "opened_on": "2026-03-02"},
    "child_voice": {"heard_on": "2026-03-02", "text": "Jeg vil ha flere å være med."},
    "child_welfare_report": {"filed_on": "2026-03-02", "duty": "BVL_13_2", "ground": "a", "report": "Vi er bekymret."},
    "concern": {"raised_on": "2026-03-02", "summary": "Trekker seg unna i friminuttene.", "status": "raised"},
    "consent": {"by": "p1", "purpose": "bti", "decision": "given", "information_given": "Alt er forklart."},
    "enrolment": {"person": "p1", "unit": "s1", "unit_name": "Lillevik skole"},
    "evaluation": {"evaluated_on": "2026-03-02", "text": "Det går bedre."},
    "goal": {"title": "En venn å være med", "status": "active"},
    "measure": {"title": "Lesegruppe", "status": "started", "started_on": "2026-03-09"},
    "meeting": {"held_at": "2026-03-02T10:00:00Z", "summary": "Alle var enige."},
    "participant": {"role": "helper", "name": "Hodan Ali", "service": "school"},
    "person": {"given_name": "Nora", "family_name": "Berg", "number": "17908599950"},
    "plan": {"status": "active", "goals_text": "En trygg hverdag."},
    "relation": {"person": "p2", "child": "p1", "responsibility": "joint", "source": "register"},
    "safety_plan": {"made_on": "2026-03-02", "problem": "Utrygg i garderoben."},
    "unit": {"name": "Lillevik skole", "service": "school", "phone": "+4770000000"},
    "user_experience": {"asked_on": "2026-03-02", "comment": "Vi ble hørt."},
}
_PATCH: Mapping[str, Mapping[str, Any]] = {
    kind: {max(told, key=lambda name: len(str(told[name])) * (name not in {"held_at", "valid_from"})): None}
    for kind, told in _TOLD.items()
}
OUT = "til-produktet"
SAMPLES = tuple(
    Sample(kind=kind, body=told, fields=told, patch=_PATCH[kind], patched=_PATCH[kind], recorded=False)
    for kind, told in _TOLD.items()
)


class _Identity:
    """The product writes canonical names."""

    def read(self, raw: Raw) -> list[Reading]:
        body: Any = raw.body if isinstance(raw.body, dict) else {}
        fields = {name: value for name, value in body.items() if name not in _HEAD}
        return [Reading(kind=raw.kind, id=raw.id, fields=fields, version=raw.version, deleted=raw.deleted)]

    def write(self, release: Release) -> dict[str, Any]:
        return dict(release.fields)


class ProductWorld(FolderWorld):
    """The product: it writes a file for each change, named by a number and the kind."""

    can = frozenset({"make", "edit", "delete", "acknowledged", "requests"})
    suffix = ".jsonl"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / OUT).mkdir()

    def state(self) -> Mapping[str, Thing]:
        """All living records, when what lies for the product has been taken in."""
        self.take()
        return super().state()

    def take(self) -> None:
        """The product takes each file, changes what has a column in it, and tells of the change as of any other."""
        for path in sorted((self.folder / OUT).glob("*.jsonl")):
            kind = path.name.split("-")[1]
            row = json.loads(path.read_text(encoding="utf-8"))
            ident, gone = row.pop("id"), row.pop("deleted", "")
            path.unlink()
            known = self.things.get(f"{kind}:{ident}")
            if gone:
                if known is not None:
                    self.delete(kind, ident)
                continue
            body = {**(known.body if known is not None else {}), **row}
            if known is None:
                self.keep(Thing(kind=kind, id=ident, body=body, version="1"))
            elif body != known.body:
                self.edit(kind, ident, row)

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """A user makes a record, and it is exported. Nothing is ever late in a folder."""
        ident = f"r{len(self.things) + 1}-{next(self.count)}"
        self.keep(Thing(kind=kind, id=ident, body=dict(body), version="1"))
        return ident

    def edit(self, kind: str, ident: str, patch: Mapping[str, Any]) -> None:
        """A user changes a record, and it is exported."""
        old = self.things[f"{kind}:{ident}"]
        version = str(int(old.version or "0") + 1)
        self.keep(Thing(kind=kind, id=ident, body={**old.body, **patch}, version=version))

    def delete(self, kind: str, ident: str) -> None:
        """A user deletes a record, and that is exported."""
        self.export(self.things.pop(f"{kind}:{ident}"), deleted=True)

    def export(self, thing: Thing, *, deleted: bool = False) -> None:
        """A file with one row."""
        row = {**thing.body, "id": thing.id, "version": thing.version, "deleted": "ja" if deleted else ""}
        self.leave(thing, json.dumps(row).encode() + b"\n", called=thing.kind)


class FileDropBench:
    """The adapter at a folder of our own."""

    adapter = FileDrop
    samples = SAMPLES
    source = "stand-in"
    page = 1

    @contextmanager
    def world(self) -> Iterator[ProductWorld]:
        """A new folder."""
        with tempfile.TemporaryDirectory() as where:
            yield ProductWorld(Path(where))

    def connect(self, world: ProductWorld, watch: Watch) -> FileDrop:
        """A new adapter at that folder."""
        return self.made(world, watch)

    def made(self, world: ProductWorld, watch: Watch, *, secret: str = "", **more: Any) -> FileDrop:
        """An adapter with further options: the folder may be reached otherwise."""
        kinds = {f"*-{kind}.jsonl": kind for kind in KINDS}
        options = {"folder": ".", "kinds": kinds, "deleted": "deleted", "version": "version", "settle_seconds": 0}
        options["out"] = {"folder": OUT, "format": "jsonl"}
        context = watched_context(
            "http://127.0.0.1:9",
            watch,
            maps=_Identity(),
            secret=secret,
            options=options | more,
            folder=str(world.folder),
        )
        adapter = FileDrop(context)
        if adapter.options.sftp is None:
            adapter.outbox = _TakenAtOnce(world)
        return adapter


class _TakenAtOnce(LocalOutbox):
    """The product looks into its folder whenever a file has come."""

    def __init__(self, world: ProductWorld) -> None:
        super().__init__(world.folder / OUT)
        self._world = world

    def put(self, name: str, data: bytes) -> None:
        super().put(name, data)
        self._world.take()


def bench() -> FileDropBench:
    """What ``bti adapter certify file-drop`` tries the adapter on."""
    return FileDropBench()
