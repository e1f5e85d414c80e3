"""How a simulated vendor shows what it holds: pages in the declared style, single records with an ``ETag``."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from gateway.sdk import jsonio
from gateway.sdk.loopback import Answer, Asked
from gateway.sdk.resource import Resource, at, put, text
from gateway.sdk.simfaults import Trouble
from gateway.sdk.simstore import Held, Shelf

_MOST = 1_000


def listing(
    shelf: Shelf, resource: Resource, asked: Asked, trouble: Trouble | None, *, inventory: bool = False
) -> Answer:
    """A page of what the resource lists: all changes in their order, tombstones only where it tells of them."""
    wanted = frozenset(resource.kinds or (resource.kind,))
    since = asked.query.get(resource.since) if resource.since and not inventory else None
    begins = datetime.fromisoformat(since) if since else None

    def passes(one: Held) -> bool:
        hidden = one.deleted and (inventory or not resource.deleted)
        late = begins is None or datetime.fromisoformat(one.modified) >= begins
        return one.kind in wanted and not hidden and late

    size = min(int(asked.query.get(resource.size_param, resource.size) or resource.size), _MOST)
    token = asked.query.get(resource.page_param)
    page, following = _cut(shelf, resource, passes, token, size)
    what = trouble.what if trouble is not None else ""
    records = [_told(resource, one, trouble, inventory=inventory) for one in page]
    if what == "duplicate_pages":
        records += records
    if what == "out_of_order":
        records.reverse()
    if not resource.records:
        return Answer(body=jsonio.encode(records), headers=_link(resource, asked, following))
    wrapper: dict[str, Any] = {}
    put(wrapper, resource.records, records)
    more = following is not None
    if resource.feed:
        following = following or (str(page[-1].seq) if page else token or "0")
    if resource.next and following is not None:
        url = f"{asked.path}?{resource.page_param}={following}&{resource.size_param}={size}"
        if since and resource.paging == "link":
            url += f"&{resource.since}={since.replace('+', '%2B')}"
        put(wrapper, resource.next, url if resource.paging == "link" else following)
    if resource.more:
        put(wrapper, resource.more, more)
    return Answer(body=jsonio.encode(wrapper), headers=_link(resource, asked, following if more else None))


def _cut(
    shelf: Shelf, resource: Resource, passes: Callable[[Held], bool], token: str | None, size: int
) -> tuple[list[Held], str | None]:
    """The records of a page and what asks for the next one."""
    if resource.paging in {"cursor", "link"}:
        page = list(islice(filter(passes, shelf.after(int(token or 0))), size + 1))
        return page[:size], str(page[size - 1].seq) if len(page) > size else None
    held = list(filter(passes, shelf.all()))
    if resource.paging == "none":
        return held, None
    if resource.paging == "offset":
        begin = int(token or 0)
        return held[begin : begin + size], str(begin + size) if begin + size < len(held) else None
    number = int(token or 1)
    return held[(number - 1) * size : number * size], str(number + 1) if number * size < len(held) else None


def _link(resource: Resource, asked: Asked, following: str | None) -> dict[str, str]:
    if resource.paging != "link" or resource.next or following is None:
        return {}
    query = {**asked.query, resource.page_param: following}
    text = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in query.items())
    return {"Link": f'<{asked.path}?{text}>; rel="next"'}


def _told(resource: Resource, one: Held, trouble: Trouble | None, *, inventory: bool) -> dict[str, Any]:
    if inventory:
        entry: dict[str, Any] = {}
        put(entry, resource.id, one.id)
        if resource.version:
            put(entry, resource.version, str(one.version))
        if resource.kind_at:
            put(entry, resource.kind_at, one.kind)
        return entry
    if trouble is not None and trouble.what == "stale" and one.before:
        return one.before
    if trouble is not None and trouble.what == "clock_skew" and resource.modified:
        body = dict(one.body)
        ahead = datetime.fromisoformat(one.modified) + timedelta(seconds=trouble.seconds)
        put(body, resource.modified, ahead.isoformat())
        return body
    return one.body


def shown(resource: Resource, held: Held | None, *, status: int = 200) -> Answer:
    """One record, or 404."""
    if held is None:
        return Answer(status=404)
    return Answer(status=status, body=jsonio.encode(held.body), headers=_tag(resource, held))


def written(resource: Resource, held: Held, told: Mapping[str, Any], *, status: int = 200) -> Answer:
    """What a write answers: the record; where documents are patched, its head and just the items that were written."""
    if not resource.nested or resource.update != "PATCH":
        return shown(resource, held, status=status)
    body: dict[str, Any] = {}
    for path in (resource.id, resource.version, resource.modified, resource.kind_at):
        if path:
            put(body, path, at(held.body, path))
    for path in dict.fromkeys(resource.nested.values()):
        if isinstance(items := at(told, path), list):
            put(body, path, list(_echo(resource, items, at(held.body, path) or [])))
    return Answer(status=status, body=jsonio.encode(body), headers=_tag(resource, held))


def _echo(resource: Resource, told: Sequence[Any], held: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The ids of written items, in the order in which they were written; new ones were put last."""
    known = {text(at(one, resource.nested_id)) for one in held}
    fresh = sum(text(at(one, resource.nested_id)) not in known for one in told)
    news = iter(held[len(held) - fresh :])
    for one in told:
        ident = text(at(one, resource.nested_id))
        item: dict[str, Any] = {}
        put(item, resource.nested_id, ident if ident in known else at(next(news), resource.nested_id))
        yield item


def _tag(resource: Resource, held: Held) -> dict[str, str]:
    return {"ETag": f'"{held.version}"'} if resource.if_match or resource.version else {}
