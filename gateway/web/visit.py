"""One call of the web as values: who asks for what, and what is answered. Handlers go from one to the other."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from gateway.run.settings import Person

if TYPE_CHECKING:
    from gateway.web.site import Site

Language = Literal["nb", "nn", "en"]
LANGUAGES: tuple[Language, ...] = ("nb", "nn", "en")


class Visit(Struct, frozen=True, kw_only=True):
    """Who asks, in which language, for what. ``form`` and ``query`` hold the last value of each name."""

    site: "Site"
    person: Person
    token: str
    """The session's secret."""
    language: Language
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    given: Mapping[str, str]
    """The parts of the path that the route names."""

    def mark(self, *shown: object) -> str:
        """What a form carries of what its page showed, so that an answer to something else is noticed.

        It is made of what this person sees, and of nothing else: what is hidden changes no form.
        """
        told = msgspec.json.encode([self.token, self.path, *shown], order="sorted").decode()
        return self.site.world.store.keys.index("seen", told).hex()

    def stale(self, mark: str) -> bool:
        """Whether the form was filled in on a page that showed something else than it would now."""
        told = self.form.get("seen")
        return told is not None and told != mark


class Page(Struct, frozen=True, kw_only=True):
    """A page to show: the template and what it is filled with."""

    template: str
    facts: Mapping[str, Any] = {}
    status: int = 200
    title: str = ""
    """The code of the page's title."""


class Away(Struct, frozen=True, kw_only=True):
    """Go to another page; ``said`` is the code of what is told there once."""

    to: str
    said: str = ""


Answer = Page | Away


Handler = Callable[[Visit], Answer]


class Place(Struct, frozen=True, kw_only=True):
    """A route: what shows it, what takes its form, and the acts (``gateway.run.rights``) that a person needs."""

    show: Handler | None = None
    do: Handler | None = None
    act: str
    form: str | None = None
    """The act that the form needs, where it is another one."""

    def needed(self, *, posts: bool) -> str:
        """The act that a call needs the right to."""
        return (self.form or self.act) if posts else self.act


class Problem(Exception):
    """What was asked cannot be done: a stable code, and the status of the answer."""

    def __init__(self, code: str, *, status: int = 400, where: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.where = where


ABSENT = ("web.absent", 404)


def absent() -> Problem:
    """What is hidden and what is not there are answered alike."""
    return Problem(ABSENT[0], status=ABSENT[1])
