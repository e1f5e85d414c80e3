"""The one place where archives (ZIP) come in: members in memory, one by one, nothing ever written to disk.

What an archive says of itself is not believed: the central directory and each member's own header must agree on its
name, bytes are counted while they are unpacked, and archives inside are bytes like any other.

Codes: ``archive.size``, ``archive.members``, ``archive.name``, ``archive.duplicate``, ``archive.link``,
``archive.encrypted``, ``archive.method``, ``archive.ratio``, ``archive.broken``. Paths are ``member N``: a member's
name may be somebody's.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, cast

from msgspec import Struct

from gateway.core.model import Fault

_CHUNK = 1 << 16
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1 | 0x40
_RESERVED = frozenset('<>:"|?*\\')


class Limits(Struct, frozen=True, kw_only=True):
    """What an archive may cost. ``ratio`` is unpacked to packed bytes of a member, beyond its first megabyte."""

    bytes: int = 50_000_000
    members: int = 1_000
    member_bytes: int = 20_000_000
    total_bytes: int = 100_000_000
    ratio: int = 200


class Member(Struct, frozen=True, kw_only=True):
    """A file in an archive: its name with ``/`` between folders, none of them ``..``, and its bytes."""

    name: str
    data: bytes


def members(stream: BinaryIO, *, limits: Limits | None = None) -> Iterator[Member]:
    """The files of an archive in its own order. ``stream`` must be seekable.

    All names and sizes are looked at before anything is unpacked. Raises ``Fault`` with a code of this module; what
    was yielded before stands.
    """
    with opened(stream, limits=limits) as archive:
        for name in archive.names:
            yield Member(name=name, data=archive.read(name))


@contextmanager
def opened(stream: BinaryIO, *, limits: Limits | None = None) -> Iterator["Archive"]:
    """An archive whose names and sizes have been looked at. ``stream`` must be seekable. Raises ``Fault``."""
    bounds = limits or Limits()
    stream.seek(0, 2)
    if stream.tell() > bounds.bytes:
        raise Fault("archive.size", "$")
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, UnicodeDecodeError, IndexError):
        raise Fault("archive.broken", "$") from None
    with archive:
        yield Archive(archive, _checked(archive.infolist(), limits=bounds), limits=bounds)


class Archive:
    """An open archive: its members whole or as streams, their bytes counted either way, all together too."""

    def __init__(self, archive: zipfile.ZipFile, files: list[tuple[int, zipfile.ZipInfo]], *, limits: Limits) -> None:
        self._archive = archive
        self._files = {info.filename: (number, info) for number, info in files}
        self._limits = limits
        self.total = 0

    @property
    def names(self) -> list[str]:
        """The files in the archive's own order."""
        return list(self._files)

    def read(self, name: str, *, most: int | None = None) -> bytes:
        """A member's bytes. Raises ``Fault``, ``archive.size`` also for more than ``most`` bytes."""
        info = self._files[name][1]
        if most is not None and info.file_size > most:
            raise Fault("archive.size", f"member {self._files[name][0]}")
        with self.stream(name) as unpacked:
            return unpacked.read()

    def stream(self, name: str) -> BinaryIO:
        """A member as a stream that can be read once, from its beginning. Its reads raise ``Fault``."""
        number, info = self._files[name]
        try:
            unpacked = self._archive.open(info)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError):
            raise Fault("archive.broken", f"member {number}") from None
        counted = _Counted(self, unpacked, info, place=f"member {number}", limits=self._limits)
        return cast("BinaryIO", io.BufferedReader(counted, buffer_size=_CHUNK))


class _Counted(io.RawIOBase):
    """A member's bytes, refused where they become too many, and where they are not as many as was said."""

    def __init__(
        self, archive: Archive, unpacked: IO[bytes], info: zipfile.ZipInfo, *, place: str, limits: Limits
    ) -> None:
        self._archive = archive
        self._unpacked = unpacked
        self._told = info.file_size
        self._place = place
        self._room = min(limits.member_bytes, limits.total_bytes - archive.total)
        self._most = min(self._room, max(1_000_000, info.compress_size * limits.ratio))
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self._unpacked.read(min(len(buffer), _CHUNK))
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
            raise Fault("archive.broken", self._place) from None
        self._size += len(chunk)
        self._archive.total += len(chunk)
        if self._size > self._most:
            raise Fault("archive.size" if self._size > self._room else "archive.ratio", self._place)
        if not chunk and self._size != self._told:
            raise Fault("archive.broken", self._place)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._unpacked.close()
        super().close()


def _checked(infos: list[zipfile.ZipInfo], *, limits: Limits) -> list[tuple[int, zipfile.ZipInfo]]:
    if len(infos) > limits.members:
        raise Fault("archive.members", "$")
    seen: set[str] = set()
    for number, info in enumerate(infos, 1):
        place = f"member {number}"
        if not _is_plain(info.orig_filename.removesuffix("/")) or info.orig_filename != info.filename:
            raise Fault("archive.name", place)
        if info.filename.casefold() in seen:
            raise Fault("archive.duplicate", place)
        seen.add(info.filename.casefold())
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise Fault("archive.link", place)
        if info.flag_bits & _ENCRYPTED:
            raise Fault("archive.encrypted", place)
        if info.compress_type not in _METHODS:
            raise Fault("archive.method", place)
        if info.file_size > limits.member_bytes:
            raise Fault("archive.size", place)
    return [(number, info) for number, info in enumerate(infos, 1) if not info.is_dir()]


def _is_plain(name: str) -> bool:
    """Relative, without steps upwards, and without what one system or another reads as more than a name."""
    steps = name.split("/")
    return (
        0 < len(name) <= 400
        and all(step not in {"", ".", ".."} for step in steps)
        and not _RESERVED & set(name)
        and all(sign.isprintable() for sign in name)
    )
