"""The audit log as a whole: root, signed checkpoints, export, and whether it holds.

Entries are appended by ``Tx.audit``. A checkpoint is a C2SP tlog-checkpoint, a signed note with one Ed25519 signature;
each is kept in the vault and appended to a file outside both databases, so that a log that was put back or written anew
no longer agrees with them.
"""

import os
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct
from sqlalchemy import text

from gateway.store import offline
from gateway.store.errors import StoreError
from gateway.store.keys import sync_folder
from gateway.store.merkle import EMPTY, extend, leaf_hash, root_of
from gateway.store.store import Store
from gateway.store.tx import Tx

_LEAVES = text("SELECT idx, hash, entry FROM audit_leaves WHERE idx >= :first ORDER BY idx LIMIT :limit")
_PAGE = 2000


class Verdict(Struct, frozen=True, kw_only=True):
    """What verifying the log found: its size and root as recomputed, how many checkpoints agree, and what is wrong."""

    size: int
    root: str
    checkpoints: int
    problems: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def origin_of(store: Store) -> str:
    """The log's name in its checkpoints, and the name of its key."""
    return f"bti-gateway/{store.tenant}"


def root(store: Store) -> tuple[int, bytes]:
    """Size and root of the log as it stands."""
    with store.read() as tx:
        return tx.tree()


def verifier_key(name: str, key: Ed25519PrivateKey) -> str:
    """The public half in the signed-note form ``name+id+base64(1 || key)``."""
    raw = b"\x01" + key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    number = sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    return f"{name}+{number}+{b64encode(raw).decode()}"


def sign(*, origin: str, size: int, tree: bytes, signer: Ed25519PrivateKey) -> str:
    """A checkpoint note. Raises ``audit.origin`` for a name that the format cannot hold."""
    if not origin or "+" in origin or any(letter.isspace() for letter in origin):
        raise StoreError("audit.origin")
    body = f"{origin}\n{size}\n{b64encode(tree).decode()}\n"
    number = bytes.fromhex(verifier_key(origin, signer).split("+")[1])
    return f"{body}\n— {origin} {b64encode(number + signer.sign(body.encode())).decode()}\n"


def checkpoint(store: Store, *, origin: str | None = None, signer: Ed25519PrivateKey | None = None) -> str:
    """Sign the log as it stands, and keep the note in the vault and in the checkpoint file.

    Raises ``audit.behind`` while the log is shorter than what was signed before, ``audit.unwritable`` when the file
    cannot be written.
    """
    with store.read() as tx:
        return _keep(store, tx, origin=origin or origin_of(store), signer=signer or store.keys.audit)


def _keep(store: Store, tx: Tx, *, origin: str, signer: Ed25519PrivateKey) -> str:
    size, tree = tx.tree()
    last = tx.leaf_at(size - 1)
    standing = [one for one in store.vault.checkpoints() if one.superseded_by is None]
    if any(one.size > size for one in standing):
        raise StoreError("audit.behind")
    note = sign(origin=origin, size=size, tree=tree, signer=signer)
    if any(one.note == note for one in standing):
        return note  # Ed25519 signs the same the same way: nothing new to say
    if store.checkpoints is not None:
        _append(store.checkpoints, note)  # first, so that the file is never short of what the vault knows
    store.vault.add_checkpoint(size=size, root=tree, last_leaf=last, note=note)
    return note


def _append(path: Path, note: str) -> None:
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        new = not path.exists()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8", newline="") as file:
            file.write(note if new or not os.fstat(handle).st_size else "\n" + note)
            file.flush()
            os.fsync(handle)
        if new:
            sync_folder(path.parent)
    except OSError:
        raise StoreError("audit.unwritable") from None


def export(store: Store, folder: Path | str) -> int:
    """Write ``leaves.jsonl``, ``checkpoints.txt`` and ``keys.txt`` (contract: Audit export); how many leaves.

    The last checkpoint is made now and covers every leaf. Raises ``audit.folder`` unless the folder is new or empty.
    """
    place = Path(folder)
    origin = origin_of(store)
    try:
        place.mkdir(parents=True, exist_ok=True)
        if any(place.iterdir()):
            raise StoreError("audit.folder")
        with store.read() as tx:
            size, _ = tx.tree()
            _keep(store, tx, origin=origin, signer=store.keys.audit)
            with (place / "leaves.jsonl").open("wb") as file:
                for page in _pages(tx, size):
                    file.writelines(
                        b'{"entry":%b,"index":%d,"leaf_hash":"%b"}\n' % (entry, index, hashed.hex().encode())
                        for index, hashed, entry in page
                    )
        notes = [one.note for one in store.vault.checkpoints() if one.superseded_by is None and one.size <= size]
        (place / "checkpoints.txt").write_text("\n".join(notes), encoding="utf-8", newline="")
        key = verifier_key(origin, store.keys.audit)
        (place / "keys.txt").write_text(f"{key}\n", encoding="utf-8", newline="")
    except OSError:
        raise StoreError("audit.folder") from None
    return size


def verify(store: Store) -> Verdict:
    """Recompute every leaf and the tree, and hold the checkpoints of vault and file against them."""
    problems: list[str] = []
    key = offline.read_key(verifier_key(origin_of(store), store.keys.audit))
    notes = _notes(store, problems)
    wanted = {note.size for note in notes}
    roots: dict[int, bytes] = {0: EMPTY}
    frontier: list[bytes] = []
    size = 0
    with store.read() as tx:
        claimed, tree = tx.tree()
        for page in _pages(tx, None):
            for index, hashed, entry in page:
                if index != size:
                    problems.append(f"audit.gap at {size}")
                if leaf_hash(entry) != hashed:
                    problems.append(f"audit.leaf at {index}")
                size, frontier = extend(size, frontier, [leaf_hash(entry)])
                if size in wanted:
                    roots[size] = root_of(frontier)
    found = root_of(frontier)
    if (claimed, tree) != (size, found):
        problems.append("audit.tree")
    agreeing = 0
    for note in notes:
        if not offline.signed(note, [key]):
            problems.append(f"audit.checkpoint_unsigned at {note.size}")
        elif note.size > size:
            problems.append(f"audit.rolled_back at {note.size}")
        elif roots.get(note.size) != note.root:
            problems.append(f"audit.checkpoint_root at {note.size}")
        else:
            agreeing += 1
    return Verdict(size=size, root=found.hex(), checkpoints=agreeing, problems=tuple(dict.fromkeys(problems)))


def _notes(store: Store, problems: list[str]) -> list[offline.Note]:
    """Checkpoints of the vault, then those of the file that the vault does not know; superseded ones are left out."""
    kept = store.vault.checkpoints()
    notes: list[offline.Note] = []
    try:
        for one in kept:
            if one.superseded_by is None:
                notes += offline.read_notes(one.note)
        known = {(note.text, note.signatures) for one in kept for note in offline.read_notes(one.note)}
    except offline.Bad:
        problems.append("audit.checkpoint_form")
        known = set()
    if store.checkpoints is None:
        return notes
    try:
        filed = list(offline.read_notes(store.checkpoints.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        if kept:
            problems.append("audit.checkpoint_file")
        return notes
    except offline.Bad:
        problems.append("audit.checkpoint_file")
        return notes
    if known - {(note.text, note.signatures) for note in filed}:
        problems.append("audit.checkpoint_file")
    return [*notes, *(note for note in filed if (note.text, note.signatures) not in known)]


def accept_restore(store: Store, *, by: str) -> None:
    """A named person says that the main database was put back from a backup, so that the log may go on from there.

    The checkpoints of what was lost stay in the vault, marked; the entry names the newest of them, so that whoever
    holds it can see what happened. Raises ``store.no_person`` without a name.
    """
    if not by.strip():
        raise StoreError("store.no_person")
    size, _ = root(store)
    lost = [one for one in store.vault.checkpoints() if one.superseded_by is None and one.size > size]
    if not lost:
        store.behind = False
        return
    newest = max(lost, key=lambda one: one.size)
    entry = {
        "act": "restored", "by": by, "at": store.clock().isoformat(), "size": size, "lost_size": newest.size,
        "lost_root": newest.root.hex(),
    }  # fmt: skip
    with store.write() as tx:
        tx.audit([entry])
    store.vault.supersede(size=size, why=by)
    store.behind = False


def _pages(tx: Tx, size: int | None) -> Iterator[list[tuple[int, bytes, bytes]]]:
    first = 0
    while True:
        limit = _PAGE if size is None else min(_PAGE, size - first)
        page = [
            (row.idx, bytes(row.hash), bytes(row.entry)) for row in tx.run(_LEAVES, {"first": first, "limit": limit})
        ]
        if not page:
            return
        yield page
        first = page[-1][0] + 1
