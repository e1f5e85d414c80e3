"""The story's municipality with its pages on loopback, at a time that stands still: the same pages each time."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile
from gateway.core.law.generated.current import CURRENT
from gateway.run import settling
from gateway.run.demo import CHAPTERS, Quiet, begins
from gateway.run.demo.people import PUPILS, Cast, cast, classmates
from gateway.run.demo.school import leave_file
from gateway.run.demo.stage import Clock, Stage, closing
from gateway.run.demo.town import make_town
from gateway.run.demo.vendors import open_vendors
from gateway.run.opening import open_world
from gateway.run.plugins import load_plugins
from gateway.run.settings import load_settings
from gateway.run.settings_web import WebSettings
from gateway.run.world import World
from gateway.web.serving import serving
from gateway.web.site import Site
from tests.browser.morning import wakes
from tests.web.house import free_port

NEEDED = {"bti-exchange", "bti-exchange-cases", "pifu-ims", "fhir-r4", "persontjenesten"}
"""The plugins that the story is told with."""
PLAYED = datetime(2026, 11, 21, 12, tzinfo=UTC)
"""When the story is told."""
MORNING = timedelta(days=2, hours=23)
"""How long after the story's beginning the morning is."""
LOOKED = timedelta(days=3, hours=3)
"""How long after the story's beginning the pages are looked at."""
TICKET = "a-ticket-of-the-start"


class Town:
    """The municipality while its pages are served."""

    def __init__(self, world: World, site: Site, people: Cast, clock: Clock) -> None:
        self.world, self.site, self.people, self.clock = world, site, people, clock
        self._children: dict[str, str] = {}

    def case(self, child: str) -> str:
        """A child's case, by the child's given name."""
        if child not in self._children:
            numbers = {one.child.given: one.child.number for one in self.people.families}
            with self.world.store.read() as tx:
                person = tx.find_people([numbers[child]])[numbers[child]]
                self._children[child] = tx.cases_of([person])[person][0]
        return self._children[child]

    def file(self, child: str) -> CaseFile:
        case = self.case(child)
        with self.world.store.read() as tx:
            return casefile.decode(tx.load_cases([case])[case][1])

    def item(self, child: str, kind: str) -> str:
        """The first item of a kind in a child's case."""
        return next(item for item, _ in self.file(child).of_kind(kind))

    def task(self, kind: str) -> str:
        """The first open task of a kind."""
        return settling.open_tasks(self.world, kind=kind)[0]["id"]

    def session(self, person: str, browser: str) -> str:
        """A session of a person in a browser that calls itself so, as the login gives it."""
        return self.site.enter(self.site.settings.people[person], browser=browser, level="local")


def tell(folder: Path) -> None:
    """Play the story in a folder, live through the morning after it, and leave the municipality there."""
    plugins, begun = load_plugins(only=NEEDED), begins(PLAYED, CURRENT)
    clock, chance = Clock(begun), Random(1).randbytes
    people = cast(begun.date())
    others = tuple(classmates(begun.date(), PUPILS))
    with open_vendors(plugins, people, begun) as vendors:
        file = make_town(folder, urls=vendors.urls(), secrets=vendors.secrets, chance=chance)
        leave_file(folder / "inn" / "skolen", people, others, begun)
        settings = load_settings(file, find=lambda _: plugins.adapters)
        opened = open_world(settings, plugins, clock=clock, chance=chance, threads=1, log=lambda _: Quiet())
        with closing(opened) as world:
            stage = Stage(
                world=world, vendors=vendors, cast=people, clock=clock, pupils=len(others) + len(people.families),
                others=others, begun=begun,
            )  # fmt: skip
            broke = [step.code for chapter in CHAPTERS if (step := chapter(stage)).failed]
            assert broke == []
            clock.at = begun + MORNING
            wakes(stage)


@contextmanager
def served(played: Path, folder: Path, web: WebSettings | None = None) -> Iterator[Town]:
    """A copy of a municipality where the story was played, with its pages open as long as the block runs.

    Where people log in elsewhere (``web``), each is called there as in ``[people]``.
    """
    shutil.copytree(played, folder)
    plugins = load_plugins(only=NEEDED)
    settings = load_settings(folder / "gateway.toml", find=lambda _: plugins.adapters)
    people = {name: msgspec.structs.replace(one, login=name) for name, one in settings.people.items()}
    web = web or WebSettings(listen=f"127.0.0.1:{free_port()}")
    settings = msgspec.structs.replace(settings, web=web, people=people)
    clock = Clock(begins(PLAYED, CURRENT) + LOOKED)
    opened = open_world(
        settings, plugins, clock=clock, chance=Random(2).randbytes, threads=1, log=lambda _: Quiet()
    )  # fmt: skip
    with closing(opened) as world, serving(world, ticket=TICKET) as site:
        yield Town(world, site, cast(begins(PLAYED, CURRENT).date()), clock)
