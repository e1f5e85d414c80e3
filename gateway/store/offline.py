"""Verify an audit export without the product: this file needs Python and ``cryptography`` alone.

    python offline.py DIR [--key NAME+ID+KEY]... [--kept FILE]

It reads ``leaves.jsonl``, ``checkpoints.txt`` and ``keys.txt`` as the audit export's page describes them, and says what
does not hold, a line each. ``--key`` names the keys to trust, when they came another way than in the export;
``--kept`` is a file of checkpoints that were kept elsewhere, which also shows a log that was cut short or begun anew.
Exit status 0 when everything holds, 1 when something does not, 2 when the call is wrong.

Sources: RFC 6962 section 2.1 (tree), RFC 8785 (canonical JSON), C2SP signed-note and tlog-checkpoint.
"""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SAFE = 2**53 - 1


class Bad(ValueError):
    """A line that is not what the format says; the code alone, since a line may be anything."""


class Note(NamedTuple):
    """A checkpoint: ``text`` is what is signed; ``signatures`` are (name, key id, signature)."""

    text: str
    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]


class Key(NamedTuple):
    """A verifier key of the signed-note form."""

    name: str
    id: bytes
    public: bytes


def canonical(value: Any) -> bytes:
    """RFC 8785 for what entries may hold: ASCII keys, whole numbers within 2^53 - 1, no floats. Raises ``Bad``."""
    _check(value)
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Bad("entry.text") from None


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not key.isascii():
                raise Bad("entry.key")
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)
    elif isinstance(value, int) and not -SAFE <= value <= SAFE:
        raise Bad("entry.number")


def decode(line: str) -> Any:
    """A line of JSON. Raises ``Bad`` for doubled keys, floats and what is not JSON at all."""
    try:
        return json.loads(line, object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Bad("leaf.json") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Bad("leaf.doubled_key")
    return found


def _refuse(_: str) -> None:
    raise Bad("leaf.float")


def base64(text: str) -> bytes:
    """Standard base64 in its one writing. Raises ``Bad``."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raise Bad("base64") from None
    if b64encode(raw).decode() != text:
        raise Bad("base64")
    return raw


def read_key(line: str) -> Key:
    """A verifier key ``name+id+base64(1 || public key)``, whose id must be its own. Raises ``Bad``."""
    name, _, rest = line.partition("+")
    number, _, encoded = rest.partition("+")
    raw = base64(encoded)
    expected = sha256(name.encode() + b"\n" + raw).digest()[:4]
    if not name or len(raw) != 33 or raw[0] != 1 or number != expected.hex():
        raise Bad("key")
    return Key(name, expected, raw[1:])


def read_notes(text: str) -> Iterator[Note]:
    """Checkpoint notes one after another, a blank line between. Raises ``Bad``."""
    if text and not text.endswith("\n"):
        raise Bad("checkpoint.end")
    lines = iter(text.split("\n")[:-1])
    for first in lines:
        body = [first]
        for line in lines:
            if not line:
                break
            body.append(line)
        signatures = []
        for line in lines:
            if not line:
                break
            mark, _, rest = line.partition(" ")
            name, _, encoded = rest.partition(" ")
            raw = base64(encoded)
            if mark != "—" or not name or len(raw) < 5:
                raise Bad("checkpoint.signature")
            signatures.append((name, raw[:4], raw[4:]))
        yield _note(body, tuple(signatures))


def _note(body: list[str], signatures: tuple[tuple[str, bytes, bytes], ...]) -> Note:
    if len(body) != 3 or not body[0] or not body[1].isdigit() or not body[1].isascii() or not signatures:
        raise Bad("checkpoint.form")
    size = int(body[1])
    root = base64(body[2])
    if str(size) != body[1] or len(root) != 32 or len(set(signatures)) != len(signatures):
        raise Bad("checkpoint.form")
    return Note("".join(line + "\n" for line in body), body[0], size, root, signatures)


def signed(note: Note, keys: Iterable[Key]) -> bool:
    """Whether one of the keys signed the note. A signature that claims to be of one of them and is not, spoils it."""
    good = False
    for name, number, signature in note.signatures:
        for key in keys:
            if (key.name, key.id) == (name, number):
                try:
                    Ed25519PublicKey.from_public_bytes(key.public).verify(signature, note.text.encode())
                except InvalidSignature:
                    return False
                good = True
    return good


def root(hashes: list[bytes], size: int) -> bytes:
    """MTH of the first ``size`` leaf hashes, level by level; a node without a neighbour goes up as it is."""
    level = hashes[:size]
    if not level:
        return sha256(b"").digest()
    while len(level) > 1:
        above = [sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = above + level[len(level) & ~1 :]
    return level[0]


def read_leaves(lines: Iterable[str]) -> Iterator[tuple[bytes, str | None]]:
    """For each line the hash of its entry, and what is wrong with it."""
    for at, line in enumerate(lines):
        try:
            yield read_leaf(line, at), None
        except Bad as bad:
            yield b"\x00" * 32, f"{bad} at leaf {at}"


def read_leaf(line: str, index: int) -> bytes:
    """The hash of a line's entry. Raises ``Bad`` unless the line is just what it must be."""
    found = decode(line)
    if not isinstance(found, dict) or found.keys() != {"index", "leaf_hash", "entry"}:
        raise Bad("leaf.form")
    hashed = sha256(b"\x00" + canonical(found["entry"])).digest()
    if found["index"] != index or isinstance(found["index"], bool):
        raise Bad("leaf.index")
    if found["leaf_hash"] != hashed.hex():
        raise Bad("leaf.hash")
    if canonical(found).decode() + "\n" != line:
        raise Bad("leaf.writing")
    return hashed


def read_keys(text: str) -> list[Key]:
    """Verifier keys, one a line, each once. Raises ``Bad``."""
    keys = [read_key(line) for line in text.split("\n")[:-1]]
    if not text.endswith("\n") or len(set(keys)) != len(keys):
        raise Bad("key")
    return keys


def verify_export(folder: Path | str, *, keys: Iterable[str] = (), kept: str | None = None) -> list[str]:
    """What does not hold in an export, empty when all does.

    ``keys`` are verifier keys to trust instead of the export's own; ``kept`` is the text of checkpoints kept elsewhere.
    """
    place = Path(folder)
    problems: list[str] = []
    try:
        with (place / "leaves.jsonl").open(encoding="utf-8", newline="") as file:
            leaves = list(read_leaves(file))
        with (place / "checkpoints.txt").open(encoding="utf-8", newline="") as file:
            notes = list(read_notes(file.read()))
        with (place / "keys.txt").open(encoding="utf-8", newline="") as file:
            inside = read_keys(file.read())
        trusted = [read_key(line) for line in keys] or inside
        outside = list(read_notes(kept)) if kept is not None else []
    except Bad as bad:
        return [str(bad)]
    except UnicodeDecodeError:
        return ["file.encoding"]
    except OSError:
        return ["file.missing"]
    hashes = [hashed for hashed, _ in leaves]
    problems += [wrong for _, wrong in leaves if wrong is not None]
    problems += _judge(notes, hashes, trusted, "checkpoint")
    problems += _judge(outside, hashes, trusted, "kept checkpoint")
    if not notes:
        problems.append("checkpoint.none")
    elif notes[-1].size != len(hashes):
        problems.append("checkpoint.last does not cover every leaf")
    return problems


def _judge(notes: list[Note], hashes: list[bytes], keys: list[Key], what: str) -> Iterator[str]:
    before = 0
    for at, note in enumerate(notes):
        if note.origin != notes[0].origin:
            yield f"{what}.origin at {at}"
        if not signed(note, keys):
            yield f"{what}.unsigned at {at}"
        if note.size < before:
            yield f"{what}.order at {at}"
        if note.size > len(hashes):
            yield f"{what}.beyond the log at {at}"
        elif root(hashes, note.size) != note.root:
            yield f"{what}.root at {at}"
        before = note.size


def main(arguments: list[str]) -> int:
    """The command line."""
    keys: list[str] = []
    kept: str | None = None
    places: list[str] = []
    rest = iter(arguments)
    try:
        for argument in rest:
            if argument == "--key":
                keys.append(next(rest))
            elif argument == "--kept":
                kept = Path(next(rest)).read_text(encoding="utf-8")
            else:
                places.append(argument)
        (place,) = places
    except (ValueError, OSError, StopIteration):
        sys.stderr.write("usage: offline.py DIR [--key NAME+ID+KEY]... [--kept FILE]\n")
        return 2
    problems = verify_export(place, keys=keys, kept=kept)
    sys.stdout.write("".join(f"{problem}\n" for problem in problems) or "every leaf, checkpoint and signature holds\n")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
