"""For adapters that ask by themselves: only what has changed, and one page after another.

::

    seen = Seen.of(last)                                   # kept in a cursor
    answer = changed(context.http, "/pupils", seen)        # None where nothing has changed
    for page in walk(context.http, "/pupils", by="link"):
        ...

A page's link never leads out of the system, and no walk goes round in a circle or on for ever. Declared adapters
(``RestAdapter``) need none of this.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from gateway.core.model import Fault
from gateway.sdk.errors import Refused
from gateway.sdk.http import HttpClient, Response
from gateway.sdk.paging import linked, same_place

MOST_PAGES = 10_000
By = Literal["link", "next", "offset", "page", "cursor"]


class Seen(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an answer told of its version: ``ETag`` and ``Last-Modified``, as they came (RFC 9110, 8.8)."""

    etag: str = ""
    modified: str = ""

    @classmethod
    def of(cls, response: Response) -> "Seen":
        """Of an answer; one that told of none gives none, and is asked for whole the next time."""
        return cls(etag=response.headers.get("etag", ""), modified=response.headers.get("last-modified", ""))

    def headers(self) -> dict[str, str]:
        """The conditions by which an answer is wanted only if it has changed (RFC 9110, 13.1.2 and 13.1.3).

        The tag alone, where there is one: the date, which is coarser, is then not looked at.
        """
        if self.etag:
            return {"if-none-match": self.etag}
        return {"if-modified-since": self.modified} if self.modified else {}


def changed(http: HttpClient, path: str, seen: Seen | None, **rest: Any) -> Response | None:
    """What a path holds now; ``None`` where that is what was seen. ``rest`` is for ``request``. Raises as it does."""
    headers = {**(rest.pop("headers", None) or {}), **(seen.headers() if seen is not None else {})}
    response = http.request("GET", path, headers=headers, **rest)
    return None if response.status == 304 else response


def walk(
    http: HttpClient,
    path: str,
    *,
    by: By,
    size: int = 100,
    count: Callable[[Response], int] | None = None,
    next_at: str = "next",
    size_param: str = "limit",
    page_param: str = "",
    params: Mapping[str, str | int] | None = None,
    most: int = MOST_PAGES,
    **rest: Any,
) -> Iterator[Response]:
    """The answers of a list, page by page. ``rest`` is for ``request``.

    ============  ==============================================================================================
    ``by``        the next page is
    ============  ==============================================================================================
    ``link``      the ``rel=next`` of the ``Link`` header (RFC 8288)
    ``next``      a URL in the body at ``next_at``, a dotted path (``@odata.nextLink`` is one name)
    ``cursor``    a word in the body at ``next_at``, sent as ``page_param`` (``cursor``)
    ``offset``    what comes after the records so far, sent as ``page_param`` (``offset``); ``count`` counts a page
    ``page``      the next number from 1, sent as ``page_param`` (``page``); ``count`` counts a page
    ============  ==============================================================================================

    With ``offset`` and ``page`` the last page is the one with fewer than ``size`` records; a server that gives less
    than was asked for must be walked by another way. ``size_param`` is left out when it is empty.
    Raises what ``request`` raises, and ``Refused``: ``http.elsewhere`` (a link out of the system),
    ``vendor.paging_loop`` (a page that was there before), ``vendor.paging_endless`` (more than ``most`` pages).
    """
    if by in {"offset", "page"} and count is None:
        raise TypeError("count")
    named = page_param or {"cursor": "cursor", "offset": "offset", "page": "page"}.get(by, "")
    fixed = {**(params or {}), **({size_param: size} if size_param else {})}
    asked: dict[str, str | int] = {**fixed, **({named: 1} if by == "page" else {})}
    been: set[str] = set()
    place, reached, number = path, 0, 1
    for _ in range(most):
        response = http.request("GET", place, params=asked, **rest)
        yield response
        match by:
            case "link" | "next":
                following = linked(response.headers.get("link", "")) if by == "link" else _word(response, next_at)
                place, asked = ("" if following is None else same_place(http.url, path, following)), {}
                mark = place
            case "cursor":
                mark = _word(response, next_at) or ""
                asked = {**fixed, named: mark}
            case _:
                held = 0 if count is None else count(response)
                reached, number = reached + held, number + 1
                mark = str(reached if by == "offset" else number) if held >= size else ""
                asked = {**fixed, named: mark}
        if not mark:
            return
        if mark in been:
            raise Refused("vendor.paging_loop")
        been.add(mark)
    raise Refused("vendor.paging_endless")


def _word(response: Response, path: str) -> str | None:
    """The text at a path of the body; a name may hold dots of its own. Raises ``Refused`` where the body is no JSON."""
    try:
        found: Any = response.json()
    except Fault as fault:
        raise Refused(fault.code) from None
    if isinstance(found, dict) and path in found:
        found = found[path]
    else:
        for name in path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
    return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) and found != "" else None
