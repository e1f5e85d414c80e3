"""The store's figures as a file for Prometheus' node exporter: for who runs rounds by cron and serves no pages.

Whoever reads the file sees all of a reading or all of the one before, never half of one. What a process counts since
it began is not in it: a process that ends with its round would tell the same small numbers again and again.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from gateway.run.observing.exposition import in_text
from gateway.run.observing.figures import Figure, figures
from gateway.run.world import World

OURS_ALONE = frozenset({"bti_system_resting"})
"""Figures that only a process that goes on can tell: one that begins now has rested from nobody."""

MODE = 0o644
"""The exporter runs as another user, and no figure tells of anybody."""


class TextfileFault(Exception):
    """The file could not be written: ``metrics.file``."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.code, self.where = "metrics.file", where


def read(world: World) -> list[Figure]:
    """Every figure of the store now. Raises ``StoreError``."""
    return [one for one in figures(world, now=world.clock()) if one.metric not in OURS_ALONE]


def write(told: list[Figure], place: Path) -> None:
    """Put figures where a file is, in one step. Raises ``TextfileFault``; a file that stands there then stays."""
    beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")  # the exporter reads only what ends in .prom
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as file:
            beside.chmod(MODE)  # whatever the umask of who runs cron takes away
            file.write(in_text(told))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise TextfileFault(str(place)) from None
