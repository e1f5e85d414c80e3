"""One call of the API as values, and what an operation is."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from gateway.run import rights
from gateway.run.settings import Person
from gateway.web.visit import Language, Problem

if TYPE_CHECKING:
    from gateway.web.site import Site

ABSENT = "api.absent"


class Actor(Struct, frozen=True, kw_only=True):
    """Who calls: the person, or the program as one; by which program, and what its token is good for."""

    person: Person
    program: str
    """The program's name in the settings."""
    scopes: frozenset[str]
    named: bool
    """Whether a named person stands behind the call."""

    @property
    def through(self) -> str:
        """The program that asks in somebody's name; empty for one that asks in its own."""
        return self.program if self.named else ""


class Call(Struct, frozen=True, kw_only=True):
    """A call that may be made. ``query`` and ``body`` have the operation's types."""

    site: "Site"
    actor: Actor
    language: Language
    given: Mapping[str, str]
    query: Any = None
    body: Any = None
    match: str | None = None
    """What the caller says they saw (``If-Match``)."""

    def tag(self, value: Any) -> str:
        """The mark of what the caller sees (RFC 9110, 8.8.3): keyed, so that nothing can be told from it but change."""
        text = msgspec.json.encode(value, order="sorted").decode()
        return f'"{self.site.world.store.keys.index("etag", text).hex()}"'

    def demand(self, act: str) -> None:
        """Raise ``Problem`` (``api.rights``) where the caller has no right to an act."""
        if not rights.may(self.actor.person, act):
            raise Problem("api.rights", status=403)

    def demand_person(self) -> None:
        """Raise ``Problem`` (``api.person``) where a program calls in its own name."""
        if not self.actor.named:
            raise Problem("api.person", status=403)

    def demand_match(self, tag: str) -> None:
        """Raise ``Problem``: ``api.match_missing``, or ``api.changed`` where another state stands than was seen."""
        if self.match is None:
            raise Problem("api.match_missing", status=428)
        if self.match != tag:
            raise Problem("api.changed", status=412)


class Reply(Struct, frozen=True, kw_only=True):
    """An answer: a value of the operation's type, and the mark of the state that it shows."""

    value: Any
    etag: str | None = None


class Operation(Struct, frozen=True, kw_only=True):
    """One thing that can be asked or done. Its first line of text is its summary in the description."""

    id: str
    method: Literal["GET", "POST", "PUT"]
    path: str
    scope: str
    """What the token must be good for; empty where any good token will do."""
    act: str = ""
    """What the caller must have the right to (``gateway.run.rights``); empty where the scope is all."""
    call: Callable[[Call], Reply]
    gives: Any
    query: type[Struct] | None = None
    body: Any = None
    raw: bool = False
    """Whether the body is handed on as it came, for a reader of its own that tells all that is wrong with it."""
    tagged: bool = False
    """Whether the answer carries an ``ETag``."""
    matches: bool = False
    """Whether ``If-Match`` is looked at."""
    problems: tuple[int, ...] = ()
    """Statuses that it can answer with beside those that every operation has."""
    limit: int = 64 * 1024
    """Bytes of the body."""


def absent() -> Problem:
    """What is hidden and what is not there are answered alike."""
    return Problem(ABSENT, status=404)


class Wrong(Problem):
    """What was sent is wrong in places: ``errors`` holds a code and a path for each, never a value."""

    def __init__(self, code: str, *, status: int, errors: list[dict[str, str]]) -> None:
        super().__init__(code, status=status)
        self.errors = errors
