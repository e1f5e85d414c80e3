"""Who is logged in to the web, and logging them out: a lost machine, a leaver, a doubt."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from gateway.run.settings import Settings
from gateway.run.settings_web import WebSettings
from gateway.store import Store


def standing(store: Store, settings: Settings) -> list[dict[str, Any]]:
    """The sessions that are not over, by person: since when, when last used, until when, and how surely logged in."""
    now, web = store.clock(), settings.web or WebSettings()
    with store.read() as tx:
        found = tx.open_sessions(now=now, idle=now - timedelta(minutes=web.idle_minutes))
    return [
        {
            "person": one.person, "level": one.level, "since": one.made_at.isoformat(),
            "seen": one.seen_at.isoformat(), "until": one.ends_at.isoformat(),
        }
        for one in found
    ]  # fmt: skip


def revoke(store: Store, people: Iterable[str], *, by: str) -> dict[str, int]:
    """End every session of some people, at once and wherever they are; how many each had. Written in the audit log."""
    now = store.clock()
    with store.write() as tx:
        ended = {person: tx.end_sessions_of(person) for person in dict.fromkeys(people)}
        tx.audit([
            {"act": "sessions_ended", "person": person, "sessions": count, "by": by, "at": now.isoformat()}
            for person, count in ended.items()
            if count
        ])  # fmt: skip
    return ended
