"""The main job as a story about invented people, on the real engine: what ``bti demo`` tells.

Everything goes through a ``gateway.toml`` in a folder, installed adapters and sockets on loopback, as it would in a
municipality. Only the clock is the story's own. Each step says what it expects, and what it expects is looked up where
the vendors keep their own account.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from gateway.core.law import Law
from gateway.core.law.generated.current import CURRENT
from gateway.run.demo import beginning, leaving, turning
from gateway.run.demo.people import PUPILS, cast, classmates
from gateway.run.demo.school import leave_file
from gateway.run.demo.stage import Clock, Stage, closing
from gateway.run.demo.telling import Got, Stayed, Step, Story
from gateway.run.demo.town import make_town
from gateway.run.demo.vendors import open_vendors
from gateway.run.opening import open_world
from gateway.run.plugins import Plugins
from gateway.run.settings import load_settings

DAYS = 3
"""How long before now the story begins; it takes two days of its own time."""

CHAPTERS: tuple[Callable[[Stage], Step], ...] = (
    beginning.town,
    beginning.school,
    beginning.shadow,
    beginning.consent,
    beginning.approval,
    beginning.concern,
    turning.merge,
    turning.conflict,
    turning.claim,
    turning.withdrawal,
    turning.failure,
    leaving.crossing,
    turning.evidence,
)


class Quiet:
    """A log that keeps nothing: the story tells what happens."""

    def info(self, event: str, **facts: object) -> None:
        """Nothing."""

    def warning(self, event: str, **facts: object) -> None:
        """Nothing."""


def play(
    folder: Path,
    *,
    plugins: Plugins,
    now: datetime,
    chance: Callable[[int], bytes],
    told: Callable[[Step], None] = lambda _: None,
) -> Story:
    """Play the story in a folder that is new or empty, and leave the municipality there; ``told`` hears each step.

    The story ends shortly before ``now``. It stops at the first step that does not come out as it should. Raises
    ``FolderTaken``.
    """
    clock = Clock(begins(now, CURRENT))
    people = cast(clock().date())
    others = tuple(classmates(clock().date(), PUPILS))
    with open_vendors(plugins, people, clock()) as vendors:
        file = make_town(folder, urls=vendors.urls(), secrets=vendors.secrets, chance=chance)
        leave_file(folder / "inn" / "skolen", people, others, clock())
        settings = load_settings(file, find=lambda _: plugins.adapters)
        opened = open_world(settings, plugins, clock=clock, chance=chance, threads=1, log=lambda _: Quiet())
        with closing(opened) as world:
            stage = Stage(
                world=world, vendors=vendors, cast=people, clock=clock, pupils=len(others) + len(people.families),
                others=others, begun=clock(),
            )  # fmt: skip
            return _played(stage, told)


def _played(stage: Stage, told: Callable[[Step], None]) -> Story:
    steps: list[Step] = []
    broke: str | None = None
    for chapter in CHAPTERS:
        try:
            step = chapter(stage)
        except Exception as error:  # noqa: BLE001 - whatever breaks, the story says where; values stay out of it
            step = Step(code=chapter.__name__, at=stage.clock(), expected={f"unbroken_{type(error).__name__}": False})
        steps.append(step)
        told(step)
        if step.failed:
            broke = step.code
            break
    got = stage.who_got_what(stage.begun)
    given = {one.child for one in got}
    children = (family.child.given for family in stage.cast.families)
    return Story(
        steps=tuple(steps),
        who_got_what=got,
        nothing_left=tuple(child for child in children if child not in given),
        broke=broke,
    )


def begins(now: datetime, law: Law) -> datetime:
    """When the story begins: some days before now, at eight, and on days on which the law that we carry is verified."""
    read = [basis.last_verified for basis in law.bases if basis.last_verified is not None]
    latest = min(read) + timedelta(days=360) if read else date.max
    ends = min(now.astimezone(UTC).date(), latest)
    return datetime(ends.year, ends.month, ends.day, 8, tzinfo=UTC) - timedelta(days=DAYS)


__all__ = ["CHAPTERS", "Got", "Stayed", "Step", "Story", "begins", "play"]
