"""The key file and the keys made from it.

The file stands outside the database and its backups. It has one ``root`` line, from which come the keys that must
never change (the index of person numbers and native ids, the signature of the audit log), and one ``master`` line for
each version of the keys that can be rotated (they wrap case keys and seal what has no case yet). All are derived with
HKDF-SHA-256 (RFC 5869), each under a name of its own.
"""

import hmac
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gateway.store.errors import StoreError

_NOTE = (
    "# bti-gateway keys. Keep this file apart from the databases and their backups, readable by the gateway alone.\n"
)
_encode = msgspec.msgpack.Encoder().encode


def derive(secret: bytes, name: str) -> bytes:
    """A key of 32 bytes for one purpose (RFC 5869, SHA-256, no salt)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"bti-gateway/" + name.encode()).derive(secret)


class Keys:
    """The keys of one tenant. ``root`` and each of ``masters`` are 32 random bytes; the highest version is current."""

    def __init__(self, *, root: bytes, masters: Mapping[int, bytes]) -> None:
        if not masters or any(len(secret) != 32 for secret in (root, *masters.values())):
            raise StoreError("store.key")
        self._root = root
        self._masters = dict(masters)
        self._index = derive(root, "index")
        self._wrap = {version: AESGCM(derive(secret, "wrap")) for version, secret in masters.items()}
        self._intake = {version: AESGCM(derive(secret, "intake")) for version, secret in masters.items()}
        self.current = max(masters)

    def __repr__(self) -> str:
        return f"Keys(versions={sorted(self._masters)})"

    @classmethod
    def create(cls, path: Path | str, chance: Callable[[int], bytes]) -> Self:
        """New keys, written to ``path`` (mode 0600). Raises ``store.key_exists`` rather than overwrite a file."""
        keys = cls(root=chance(32), masters={1: chance(32)})
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise StoreError("store.key_exists") from None
        except OSError:
            raise StoreError("store.key_unwritable") from None
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(keys._text())
            file.flush()
            os.fsync(file.fileno())
        return keys

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """The keys of a file. Raises ``store.key`` (absent, malformed) or ``store.key_open`` (anybody may read it)."""
        try:
            with Path(path).open(encoding="ascii") as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & stat.S_IRWXO:
                    raise StoreError("store.key_open")
                text = file.read(65536)
        except (OSError, UnicodeDecodeError):
            raise StoreError("store.key") from None
        root: bytes | None = None
        masters: dict[int, bytes] = {}
        try:
            for line in text.splitlines():
                match line.split():
                    case ["root", secret] if root is None:
                        root = b64decode(secret, validate=True)
                    case ["master", version, secret] if int(version) not in masters:
                        masters[int(version)] = b64decode(secret, validate=True)
                    case [word, *_] if not word.startswith("#"):
                        raise StoreError("store.key")
        except ValueError:
            raise StoreError("store.key") from None
        if root is None:
            raise StoreError("store.key")
        return cls(root=root, masters=masters)

    def renewed(self, path: Path | str, chance: Callable[[int], bytes]) -> Self:
        """These keys with a new master version on top, written over ``path`` in one step; older versions stay."""
        masters = {**self._masters, self.current + 1: chance(32)}
        return self._replace(path, masters)

    def retired(self, path: Path | str) -> Self:
        """These keys without the older master versions. Only after ``Store.rotate`` has left nothing under them."""
        return self._replace(path, {self.current: self._masters[self.current]})

    def index(self, purpose: str, *parts: str) -> bytes:
        """16 bytes that find a person number or native id again and tell nothing without the key (HMAC-SHA-256).

        Separated by purpose: ``index("person", number)``, ``index("link", system, kind, native)``.
        """
        return hmac.digest(self._index, _encode((purpose, *parts)), "sha256")[:16]

    def digest(self, content: bytes) -> bytes:
        """16 bytes by which a record's content is recognised (HMAC-SHA-256): no guess can be tried without the key."""
        return hmac.digest(self._index, b"content" + content, "sha256")[:16]

    def wrapping(self, version: int) -> AESGCM:
        """The key that wraps case keys under a master version. Raises ``store.key_version``."""
        return _of(self._wrap, version)

    def intake(self, version: int) -> AESGCM:
        """The key for bodies that belong to no case yet. Raises ``store.key_version``."""
        return _of(self._intake, version)

    @cached_property
    def audit(self) -> Ed25519PrivateKey:
        """The key that signs the audit log's checkpoints."""
        return Ed25519PrivateKey.from_private_bytes(derive(self._root, "audit"))

    def _text(self) -> str:
        masters = "".join(f"master {n} {b64encode(secret).decode()}\n" for n, secret in sorted(self._masters.items()))
        return f"{_NOTE}root {b64encode(self._root).decode()}\n{masters}"

    def _replace(self, path: Path | str, masters: Mapping[int, bytes]) -> Self:
        keys = type(self)(root=self._root, masters=masters)
        target = Path(path)
        beside = target.with_name(target.name + ".new")
        try:
            beside.unlink(missing_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(keys._text())  # noqa: SLF001  its own class
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
            sync_folder(target.parent)
        except OSError:
            raise StoreError("store.key_unwritable") from None
        return keys


def sync_folder(folder: Path) -> None:
    """Make a rename or a new file in ``folder`` survive a power cut."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _of(keys: Mapping[int, AESGCM], version: int) -> AESGCM:
    try:
        return keys[version]
    except KeyError:
        raise StoreError("store.key_version") from None
