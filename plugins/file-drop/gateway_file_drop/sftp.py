"""A folder on an SFTP server as a place for files: listed, read from any offset, and put away by renaming.

What the server says of itself is not believed: a name with a step in it is no name of a file here, a link is no file,
no more is read of a file than was listed, and a listing has an end.
"""

import io
import stat
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

from gateway.sdk import Misconfigured, Refused, Unreachable
from gateway.sdk.place import DONE, Entry
from gateway_file_drop.options import Sftp
from gateway_file_drop.outbox import PART
from gateway_file_drop.session import Server, Session

if TYPE_CHECKING:
    import asyncssh

T = TypeVar("T")

MOST_FILES = 20_000
"""Entries of one folder, at most: more is a folder that nobody tidies, or a server that never ends."""
MOST_NAMES = 100
"""Names that are tried in ``done/`` before a person is asked to look."""


def session_with(sftp: Sftp, *, secret: Callable[[], str]) -> Session:
    """A session with the server of the settings; nothing is connected yet."""
    return Session(
        Server(
            host=sftp.host,
            port=sftp.port,
            user=sftp.user,
            host_keys=sftp.host_keys,
            networks=sftp.networks,
            secret=secret,
        )
    )


class SftpPlace:
    """A folder there. ``folder`` is a path as the server tells them, relative to where the login begins."""

    def __init__(self, session: Session, folder: str) -> None:
        self.session = session
        self.folder = folder.rstrip("/") or "/"

    def health(self) -> str | None:
        """What a look into the folder says: ``None``, or a code."""
        try:
            kind = self._ask(self.session.client().stat(self.folder))
        except (Misconfigured, Refused, Unreachable) as error:
            return error.code
        return None if stat.S_ISDIR(kind.permissions or 0) else "folder.missing"

    def present(self) -> list[Entry]:
        """The plain files there; links, folders and names that are more than a name are not among them."""
        return self._ask(self._listed(self.session.client()))

    @contextmanager
    def open(self, entry: Entry) -> Iterator[BinaryIO]:
        """The file's bytes as far as they were listed."""
        file = self._ask(self._opened(self.session.client(), entry), listing=False)
        try:
            raw = _Remote(self, file, size=entry.size)
            yield cast("BinaryIO", io.BufferedReader(raw, buffer_size=1 << 18))
        finally:
            # It was only read: a handle that cannot be closed loses nothing.
            with suppress(Exception):
                self.session.wait(file.close())

    def put_away(self, entry: Entry, name: str) -> bool:
        """Rename it into ``done/``, which is made where it is missing."""
        return self._ask(self._moved(self.session.client(), entry, name))

    def names(self) -> list[str]:
        """What lies there: see ``gateway_file_drop.outbox.Outbox``."""
        return [one.name for one in self.present()]

    def put(self, name: str, data: bytes) -> None:
        """Leave a whole file there: written under another name, and renamed."""
        self._ask(self._written(self.session.client(), name, data))

    async def _written(self, client: "asyncssh.SFTPClient", name: str, data: bytes) -> None:
        import asyncssh  # noqa: PLC0415

        part, target = self._path(f".{name}{PART}"), self._path(name)
        try:
            async with client.open(part, "wb", encoding=None) as file:
                await file.write(data)
            await client.rename(part, target)
        except (asyncssh.SFTPPermissionDenied, asyncssh.SFTPWriteProtect):
            raise Misconfigured("folder.cannot_write") from None

    def read(self, file: "asyncssh.SFTPClientFile", size: int, offset: int) -> bytes:
        """Bytes of an open file."""
        data: object = self._ask(file.read(size, offset), listing=False)
        return data if isinstance(data, bytes) else b""

    async def _opened(self, client: "asyncssh.SFTPClient", entry: Entry) -> Any:
        return await client.open(self._path(entry.name), "rb", encoding=None)

    async def _listed(self, client: "asyncssh.SFTPClient") -> list[Entry]:
        found, seen = [], 0
        async for one in client.scandir(self.folder):
            seen += 1
            if seen > MOST_FILES:
                raise Refused("sftp.too_many")
            name = one.filename if isinstance(one.filename, str) else one.filename.decode("utf-8", "replace")
            mode = one.attrs.permissions
            if _is_name(name) and mode is not None and stat.S_ISREG(mode):
                found.append(_entry(name, one.attrs))
        return found

    async def _moved(self, client: "asyncssh.SFTPClient", entry: Entry, name: str) -> bool:
        import asyncssh  # noqa: PLC0415

        source, done = self._path(entry.name), f"{self.folder}/{DONE}"
        try:
            if not await client.isdir(done):
                await client.mkdir(done)
            for number in range(1, MOST_NAMES):
                target = f"{done}/{name}" if number == 1 else f"{done}/{name}-{number}"
                if await client.lexists(target):
                    continue
                await client.rename(source, target)
                there = await client.lstat(target)
                if _entry(entry.name, there).key != entry.key and not await client.lexists(source):
                    # It was replaced between the look and the move: what was moved has not been read.
                    await client.rename(target, source)
                return True
        except asyncssh.SFTPNoSuchFile:
            return True
        except (asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure):
            return False
        return False

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name}"

    def _ask(self, work: "Coroutine[Any, Any, T]", *, listing: bool = True) -> T:
        """A call's result; what the server refused is told as what it is for a folder."""
        import asyncssh  # noqa: PLC0415

        try:
            return self.session.wait(work)
        except asyncssh.SFTPNoSuchFile:
            if listing:
                raise Misconfigured("folder.missing") from None
            raise Unreachable("folder.unreadable") from None
        except asyncssh.SFTPError:
            raise Unreachable("folder.unreadable") from None


class _Remote(io.RawIOBase):
    """An open file there as a stream here, bounded by the size that was listed."""

    def __init__(self, place: SftpPlace, file: Any, *, size: int) -> None:
        self._place = place
        self._file = file
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, begin + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        data = self._place.read(self._file, wanted, self._at)[:wanted]
        if not data:
            # Shorter than it was listed: it is being written anew, and is taken up when it has settled.
            raise Unreachable("folder.unreadable")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _entry(name: str, told: "asyncssh.SFTPAttrs") -> Entry:
    seconds, rest = int(told.mtime or 0), int(told.mtime_ns or 0)
    return Entry(name=name, size=int(told.size or 0), written=seconds * 1_000_000_000 + rest)


def _is_name(name: str) -> bool:
    return 0 < len(name) <= 255 and name not in {".", ".."} and not set(name) & set("/\\\0") and name.isprintable()
