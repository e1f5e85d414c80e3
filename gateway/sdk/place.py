"""Where files lie that another system leaves: what ``gateway.sdk.folder`` needs of a folder, here or elsewhere.

``LocalPlace`` is a folder of this machine (or a share that it has mounted). A plugin can bring another: one that is
reached over SFTP is in the plugin ``file-drop``.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from msgspec import Struct

from gateway.sdk.errors import Misconfigured, Unreachable

DONE = "done"


class Entry(Struct, frozen=True, kw_only=True):
    """A file that lies there: bytes, when it was last written (nanoseconds since the epoch), and what else marks it.

    Two entries are the same file as long as all four are equal.
    """

    name: str
    size: int
    written: int
    mark: str = ""

    @property
    def key(self) -> str:
        """A hash that tells one file from another, and one version of it from the next; it says nothing of the name."""
        text = f"{self.name}\0{self.size}\0{self.written}\0{self.mark}"
        return hashlib.sha256(text.encode("utf-8", errors="surrogateescape")).hexdigest()[:20]


class Place(Protocol):
    """A folder. No call of it follows a link or leads outside."""

    def health(self) -> str | None:
        """A code for what is wrong with it, or ``None``."""
        ...

    def present(self) -> list[Entry]:
        """The plain files that lie in it. Raises ``Misconfigured`` ``folder.missing``, or ``Unreachable``."""
        ...

    def open(self, entry: Entry) -> AbstractContextManager[BinaryIO]:
        """A file's bytes, from any offset. Raises ``Unreachable`` ``folder.unreadable``."""
        ...

    def put_away(self, entry: Entry, name: str) -> bool:
        """Move a file into ``done/`` there, under that name or the next free one; nothing is overwritten.

        A file that was replaced since ``entry`` was seen goes back. ``False`` when it could not be moved; one that is
        gone needs no moving.
        """
        ...


class LocalPlace:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def health(self) -> str | None:
        """``folder.missing``, or ``None``."""
        return None if self.folder.is_dir() else "folder.missing"

    def present(self) -> list[Entry]:
        """The plain files of the folder; links are not among them."""
        try:
            with os.scandir(self.folder) as entries:
                return [
                    _entry(entry.name, entry.stat(follow_symlinks=False))
                    for entry in entries
                    if entry.is_file(follow_symlinks=False)
                ]
        except FileNotFoundError:
            raise Misconfigured("folder.missing") from None
        except OSError:
            raise Unreachable("folder.unreadable") from None

    @contextmanager
    def open(self, entry: Entry) -> Iterator[BinaryIO]:
        """The file, unless a link or something else than a file stands there by now."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        try:
            handle = os.open(self.folder / entry.name, flags)
        except OSError:
            raise Unreachable("folder.unreadable") from None
        with os.fdopen(handle, "rb", buffering=1 << 18) as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Unreachable("folder.unreadable")
            yield stream

    def put_away(self, entry: Entry, name: str) -> bool:
        """Rename it into ``done/``."""
        done, source = self.folder / DONE, self.folder / entry.name
        try:
            done.mkdir(exist_ok=True)
            target = _free(done, name)
            source.rename(target)
            if _entry(entry.name, target.lstat()).key != entry.key and not source.exists():
                # It was replaced between the look and the move: what was moved has not been read.
                target.rename(source)
        except OSError as error:
            return error.errno == errno.ENOENT
        return True


def _entry(name: str, told: os.stat_result) -> Entry:
    return Entry(name=name, size=told.st_size, written=told.st_mtime_ns, mark=str(told.st_ino))


def _free(done: Path, name: str) -> Path:
    target, number = done / name, 1
    while target.exists():
        number += 1
        target = done / f"{name}-{number}"
    return target
