"""Where files for the product are left: never half a one, and each under a name that its delivery's key is part of."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from gateway.sdk import Misconfigured, Unreachable

PART = ".part"
"""What a file ends with while it is written; its name then begins with a dot, so that no pattern takes it."""
_NOT_OURS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR})


class Outbox(Protocol):
    """A folder that the product takes files from, here or elsewhere."""

    def names(self) -> list[str]:
        """What lies there and has not been taken. Raises ``Misconfigured`` ``folder.missing``, or ``Unreachable``."""
        ...

    def put(self, name: str, data: bytes) -> None:
        """Leave a whole file there under this name. Raises as ``names``, and ``folder.cannot_write``."""
        ...


class LocalOutbox:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """See ``Outbox``."""
        try:
            with os.scandir(self.folder) as found:
                return [one.name for one in found]
        except OSError as error:
            raise _told(error, "folder.unreadable") from None

    def put(self, name: str, data: bytes) -> None:
        """Written beside, forced to the disk, and renamed: who looks sees nothing or all of it."""
        part = self.folder / f".{name}{PART}"
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.folder / name)
            self._settle()
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise _told(error, "folder.cannot_write") from None

    def _settle(self) -> None:
        """The name is on the disk too. A share that cannot do that has done what it can."""
        with suppress(OSError):
            handle = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _told(error: OSError, code: str) -> Misconfigured | Unreachable:
    if error.errno == errno.ENOENT:
        return Misconfigured("folder.missing")
    return Misconfigured(code) if error.errno in _NOT_OURS else Unreachable(code)
