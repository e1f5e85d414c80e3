"""How a declared resource is read in pages, and where the next round begins. Pure, but for what the answers say."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from urllib.parse import urljoin

import msgspec
from msgspec import Struct

from gateway.core.model import Fault
from gateway.core.reading import Raw
from gateway.sdk import jsonio
from gateway.sdk.egress import place
from gateway.sdk.errors import Refused
from gateway.sdk.http import Response
from gateway.sdk.resource import Resource, head


class Round(Struct, omit_defaults=True):
    """A cursor: which resource is being read, its next page, the newest change seen, what each was read up to.

    ``again`` marks the second walk through numbered pages: while they were read, rows may have moved between them. A
    round that asks only for what has changed walks once, and relies on its overlap.
    """

    at: int = 0
    again: bool = False
    page: str | None = None
    top: str | None = None
    marks: dict[str, str] = {}


class Found(Struct, frozen=True):
    """What an answer held: its records, what stood around them, the ``Link`` header, the server's own time."""

    raws: list[Raw]
    around: Mapping[str, jsonio.Slice]
    link: str
    date: str


_rounds = msgspec.json.Decoder(Round)


def state_of(cursor: str | None, count: int) -> Round:
    """The state in a cursor; from the beginning, when it is none of ours: reading again is safe."""
    try:
        state = _rounds.decode(cursor) if cursor else Round()
    except (msgspec.DecodeError, UnicodeError):
        return Round()
    return state if 0 <= state.at < count else Round()


def page_of(resource: Resource, state: Round) -> tuple[str, dict[str, str | int]]:
    """The path and parameters of the page that is next."""
    if resource.paging == "link" and state.page is not None:
        return state.page, {}
    params: dict[str, str | int] = {resource.size_param: resource.size} if resource.size_param else {}
    mark = state.marks.get(_name(resource))
    if resource.since and mark is not None:
        params[resource.since] = _earlier(mark, resource.overlap)
    token = state.page or (mark if resource.feed else None)
    if token is not None:
        params[resource.page_param] = token
    elif resource.paging == "page":
        params[resource.page_param] = "1"
    return resource.path, params


def records_of(resource: Resource, response: Response) -> Found:
    """An answer's records, as their own bytes. Raises ``Refused`` where the answer is not what was declared."""
    try:
        if response.body.lstrip()[:1] == b"[" and not resource.records:
            around: Mapping[str, jsonio.Slice] = {}
            slices = jsonio.elements(response.body)
        else:
            around = jsonio.members(response.body)
            listed = _inside(around, resource.records)
            if listed is None:
                raise Refused("vendor.no_records")
            slices = jsonio.elements(listed)
    except Fault as fault:
        raise Refused(fault.code) from None
    raws = [raw_of(resource, one, None) for one in slices]
    return Found(raws, around, response.headers.get("link", ""), response.headers.get("date", ""))


def raw_of(resource: Resource, record: bytes | jsonio.Slice, version: str | None) -> Raw:
    """A record as it came. One that does not tell its id gets one from its content, so that it can be put aside."""
    body = bytes(record)
    try:
        seen = head(resource, record)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Raw(kind=resource.kind, id=f"unreadable-{sha256(body).hexdigest()[:16]}", body=body)
    return Raw(
        kind=seen.kind,
        id=seen.id or f"unreadable-{sha256(body).hexdigest()[:16]}",
        body=b"" if seen.deleted else body,
        version=seen.version or version,
        deleted=seen.deleted and seen.id is not None,
        modified=seen.modified,
    )


def next_page(resource: Resource, found: Found, state: Round) -> str | None:
    """What asks for the page after this one; ``None`` when this was the last. Raises ``Refused`` for a circle."""
    count = len(found.raws)
    match resource.paging:
        case "none":
            return None
        case "offset":
            return str(int(state.page or 0) + count) if count >= resource.size else None
        case "page":
            return str(int(state.page or 1) + 1) if count >= resource.size else None
        case "link" if not resource.next:
            token = linked(found.link)
        case _:
            token = _told(found.around, resource.next)
    if resource.more and _told(found.around, resource.more) in {None, "false"}:
        return token if resource.feed else None
    before = state.page or (state.marks.get(_name(resource)) if resource.feed else None)
    if token is not None and token == before and (resource.more or not resource.feed):
        raise Refused("vendor.paging_loop")
    return token


def turned(resource: Resource, state: Round, found: Found, following: str | None, *, count: int) -> tuple[Round, bool]:
    """The state after a page, and whether more waits right now. ``count`` resources take turns."""
    top = _newest(state.top, found) if resource.since else None
    if resource.feed:
        told = _told(found.around, resource.more) if resource.more else None
        more = told == "true" if resource.more else len(found.raws) >= resource.size
        mark = following or state.page
    else:
        more, mark = following is not None, top
    if more:
        return Round(at=state.at, page=following, top=top, marks=state.marks, again=state.again), True
    first = not (resource.since and _name(resource) in state.marks)
    if resource.paging in {"offset", "page"} and state.page is not None and first and not state.again:
        return Round(at=state.at, top=top, marks=state.marks, again=True), True
    marks = state.marks | ({_name(resource): mark} if mark is not None else {})
    turn = (state.at + 1) % count
    return Round(at=turn, marks=marks), turn != 0


def same_place(base: str, path: str, following: str) -> str:
    """A link to the next page as a URL. Raises ``Refused`` unless it leads to where the secret may go."""
    url = urljoin(f"{base}/{path.lstrip('/')}", following) if following != path else f"{base}/{path.lstrip('/')}"
    if place(url).origin != place(base).origin:
        raise Refused("http.elsewhere")
    return url


def etag(response: Response) -> str | None:
    """The version in an answer's ``ETag``, without its quotes, so that it equals what a list tells."""
    return response.headers.get("etag", "").removeprefix("W/").strip('"') or None


def _name(resource: Resource) -> str:
    return f"{resource.kind} {resource.path}"


def _inside(around: Mapping[str, jsonio.Slice], path: str) -> jsonio.Slice | None:
    *above, last = path.split(".")
    for name in above:
        inner = around.get(name)
        if inner is None:
            return None
        around = jsonio.members(inner)
    return around.get(last)


def _told(around: Mapping[str, jsonio.Slice], path: str) -> str | None:
    try:
        found = _inside(around, path)
        value = None if found is None else jsonio.decode(found)
    except Fault as fault:
        raise Refused(fault.code) from None
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None or value == "" else str(value)


_LINK = re.compile(r"""<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]*))?)*)""")
_PARAMETER = re.compile(r""";\s*([\w!#$&+.^`|~*-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s",;]*)))?""")


def linked(header: str) -> str | None:
    """The target of ``rel=next`` in a ``Link`` header (RFC 8288, 3): a target may hold commas and semicolons."""
    for target, parameters in _LINK.findall(header):
        told = [quoted or bare for name, quoted, bare in _PARAMETER.findall(parameters) if name.lower() == "rel"]
        if told and "next" in told[0].lower().split():
            return str(target).strip() or None
    return None


def _newest(top: str | None, found: Found) -> str | None:
    """The newest time of change seen, but never later than the server's own clock says that it is now.

    A record from the future would otherwise hide all that is changed until then.
    """
    now = _date(found.date)
    for raw in found.raws:
        moment = _moment(raw.modified)
        if moment is None or raw.modified is None:
            continue
        if now is not None and _aware(moment) > now and moment.tzinfo is not None:
            continue
        best = _moment(top)
        if best is None or _aware(moment) > _aware(best):
            top = raw.modified
    return top


def _earlier(mark: str, seconds: int) -> str:
    moment = _moment(mark)
    if moment is None:
        return mark
    earlier = (moment - timedelta(seconds=seconds)).isoformat()
    return earlier.removesuffix("+00:00") + "Z" if mark.endswith("Z") else earlier


def _moment(told: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(told) if told else None
    except ValueError:
        return None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _date(header: str) -> datetime | None:
    try:
        return _aware(parsedate_to_datetime(header)) if header else None
    except (ValueError, TypeError):
        return None
