"""The one place where archives (ZIP) come in: members as bytes in memory, one by one, nothing ever written to disk.

What an archive says of itself is not believed: the central directory and each member's own header must agree on its
name, bytes are counted while they are unpacked, and archives inside are bytes like any other.

Codes: ``archive.size``, ``archive.members``, ``archive.name``, ``archive.duplicate``, ``archive.link``,
``archive.encrypted``, ``archive.method``, ``archive.ratio``, ``archive.broken``. Paths are ``member N``: a member's
name may be somebody's.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

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
    bounds = limits or Limits()
    stream.seek(0, 2)
    if stream.tell() > bounds.bytes:
        raise Fault("archive.size", "$")
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, UnicodeDecodeError, IndexError):
        raise Fault("archive.broken", "$") from None
    with archive:
        files = _checked(archive.infolist(), limits=bounds)
        total = 0
        for number, info in files:
            data = _unpacked(archive, info, number=number, room=bounds.total_bytes - total, limits=bounds)
            total += len(data)
            yield Member(name=info.filename, data=data)


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


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, number: int, room: int, limits: Limits) -> bytes:
    place = f"member {number}"
    most = min(limits.member_bytes, room, max(1_000_000, info.compress_size * limits.ratio))
    parts: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as unpacked:
            while chunk := unpacked.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise Fault("archive.size" if size > min(limits.member_bytes, room) else "archive.ratio", place)
                parts.append(chunk)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        raise Fault("archive.broken", place) from None
    if size != info.file_size:
        raise Fault("archive.broken", place)
    return b"".join(parts)
