"""What the machine itself must give: rights of files, room, backups, the rules of Europe/Oslo."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.run.doctor.looks import Look
from gateway.run.settings import Settings

LOW, EMPTY = 2_000_000_000, 200_000_000
"""Bytes of room below which somebody should look, and below which writing may soon fail."""

STALE_BACKUP = 26
"""Hours after which the newest backup is old: one a day, and a little late."""

_OTHERS_WRITE, _OTHERS = stat.S_IWGRP | stat.S_IWOTH, stat.S_IRWXO


def folders(settings: Settings) -> dict[str, Path]:
    """The folders that the gateway writes in, by the setting that names them."""
    places = {name: getattr(settings.store, name).removeprefix("sqlite:///") for name in ("url", "vault")}
    found = {f"store.{name}": Path(place).parent for name, place in places.items() if "://" not in place}
    return {**found, "store.checkpoints": Path(settings.store.checkpoints).parent}


def permissions(settings: Settings) -> Iterator[Look]:
    """Who else can read or change what the gateway lives on. POSIX alone."""
    if os.name != "posix":
        yield Look(check="permissions", state="not_asked", code="doctor.not_posix")
        return
    if os.geteuid() == 0:
        yield Look(check="permissions", state="look", code="doctor.root")
    for where, path, refused, code in _guarded(settings):
        try:
            mode = path.stat().st_mode
        except OSError:
            continue
        if mode & refused:
            yield Look(check="permissions", state="fault", code=code, where=where)
    for where, folder in folders(settings).items():
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
            yield Look(check="permissions", state="fault", code="doctor.unwritable", where=where)


def _guarded(settings: Settings) -> Iterator[tuple[str, Path, int, str]]:
    yield "gateway.toml", Path(settings.file), _OTHERS_WRITE, "doctor.changed_by_others"
    yield "store.key_file", Path(settings.store.key_file).parent, _OTHERS_WRITE, "doctor.changed_by_others"
    for name in ("url", "vault"):
        place = getattr(settings.store, name)
        if place.startswith("sqlite:///"):
            yield f"store.{name}", Path(place.removeprefix("sqlite:///")), _OTHERS, "doctor.read_by_others"


def disk(settings: Settings) -> Iterator[Look]:
    """Room where the gateway writes."""
    for where, folder in folders(settings).items():
        try:
            free = shutil.disk_usage(folder).free
        except OSError:
            continue
        if free < LOW:
            state, code = ("fault", "doctor.disk_empty") if free < EMPTY else ("look", "doctor.disk_low")
            yield Look(check="disk", state=state, code=code, where=where, facts={"mb": free // 1_000_000})  # type: ignore[arg-type]


def backup(settings: Settings, now: datetime) -> Iterator[Look]:
    """How old the newest file is where backups come to lie."""
    place = settings.store.backups
    if not place:
        yield Look(check="backup", state="look", code="doctor.backup_unknown", where="store.backups")
        return
    try:
        newest = max((one.stat().st_mtime for one in Path(place).iterdir() if one.is_file()), default=None)
    except OSError:
        yield Look(check="backup", state="fault", code="doctor.backup_unseen", where="store.backups")
        return
    if newest is None:
        yield Look(check="backup", state="fault", code="doctor.backup_none", where="store.backups")
        return
    hours = int((now - datetime.fromtimestamp(newest, tz=UTC)).total_seconds() // 3600)
    if hours >= STALE_BACKUP:
        facts = {"hours": hours}
        yield Look(check="backup", state="look", code="doctor.backup_old", where="store.backups", facts=facts)


def time_zone(now: datetime) -> Iterator[Look]:
    """Whether this machine knows summer time in Europe/Oslo: ages and deadlines are decided by it."""
    try:
        oslo = ZoneInfo("Europe/Oslo")
    except (ZoneInfoNotFoundError, OSError, ValueError):
        yield Look(check="time_zone", state="fault", code="doctor.time_zone")
        return
    hours = [datetime(now.year, month, 15, tzinfo=oslo).utcoffset() for month in (1, 7)]
    if [None if one is None else one.total_seconds() for one in hours] != [3600, 7200]:
        yield Look(check="time_zone", state="look", code="doctor.time_zone_rules")
