"""A school owner's OneRoster service on loopback, for tests, the kit and ``bti adapter simulate``.

It is strict: a parameter, field or filter that the service does not know is refused, as is a request without the token.
In the dialect ``1.1`` it is as the public FINT provider is: it says of everything that it was modified just now, counts
before it filters, has no links to the next page, and takes a filter that it cannot read for none.
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from gateway.sdk import Fault
from gateway.sdk.loopback import Answer, Asked, LoopbackServer
from gateway.sdk.simfaults import Troubles
from gateway_oneroster.school import records, town
from gateway_oneroster.walking import PATHS

TOKEN = "standin"  # noqa: S105 - a stand-in's word, secret to nobody
Records = Iterable[tuple[str, Mapping[str, Any]]]
_COMMON = frozenset({"sourcedId", "status", "dateLastModified", "metadata"})
_KNOWN: Mapping[str, frozenset[str]] = {
    "orgs": _COMMON | {"name", "type", "identifier", "parent", "children"},
    "classes": _COMMON
    | {"title", "classCode", "classType", "location", "grades", "subjects", "course", "school", "terms", "subjectCodes",
       "periods", "resources"},
    "users": _COMMON
    | {"userMasterIdentifier", "username", "userIds", "enabledUser", "givenName", "familyName", "middleName", "role",
       "roles", "orgs", "primaryOrg", "identifier", "email", "sms", "phone", "agents", "grades", "password",
       "userProfiles"},
    "enrollments": _COMMON | {"user", "class", "school", "role", "primary", "beginDate", "endDate"},
    "demographics": _COMMON | {"birthDate", "sex"},
}  # fmt: skip
_PARAMS = frozenset({"limit", "offset", "sort", "orderBy", "filter", "fields"})
_CONDITION = re.compile(r"(?P<name>[A-Za-z][\w.]*)(?P<how>!=|>=|<=|=|>|<|~)'(?P<value>[^']*)'")


def simulated(seed: int) -> Records:
    """A school owner with two schools, for ``bti adapter simulate``; synthetic, and equal for equal seeds."""
    return records(town(seed=seed, schools=2, classes=2, pupils=6))


class _Wrong(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class StandIn:
    """The service while it is open: ``with StandIn(records) as service: service.url``.

    ``most`` is the largest page that it gives, ``now`` its clock. ``lies`` is added to what it says its total is.
    ``between`` is called before each answer to a page after the first, so that rows can move while they are read.
    """

    secret = TOKEN

    def __init__(
        self,
        told: Records = (),
        *,
        port: int = 0,
        dialect: Literal["1.2", "1.1"] = "1.2",
        most: int = 1_000,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.dialect, self.most, self.now, self.lies = dialect, most, now, 0
        self.between: Callable[[], None] | None = None
        self.told: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in _KNOWN}
        self.extra: dict[str, list[dict[str, Any]]] = {name: [] for name in _KNOWN}
        """Records beside those that are known by id: doubled ids, or none."""
        self.asked: list[str] = []
        self.given = 0
        """How many rows it has given."""
        self.by_id: Literal["yes", "refuses", "ignores"] = "yes"
        """Whether it answers a filter by other fields than the time."""
        self.troubles = Troubles()
        self._lock = threading.RLock()
        for name, record in told:
            self.put(name, record)
        self._server = LoopbackServer(self._answer, port=port)
        self.url, self.wait, self.close = self._server.url, self._server.wait, self._server.close

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # what people there do

    def put(self, name: str, record: Mapping[str, Any], *, at: datetime | None = None) -> None:
        """Somebody there makes a record, or changes one: what is not named stays."""
        with self._lock:
            held = self.told[name].setdefault(str(record["sourcedId"]), {"status": "active"})
            held.update(record)
            held["dateLastModified"] = _written(at or self.now())

    def delete(self, name: str, ident: str) -> None:
        """Somebody there deletes a record: it is marked, and goes later."""
        self.put(name, {"sourcedId": ident, "status": "tobedeleted"})

    def vanish(self, name: str, ident: str) -> None:
        """A record is gone without a word."""
        with self._lock:
            del self.told[name][ident]

    # answers

    def _answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/_sim/"):
            return self._simulate(asked)
        self.asked.append(asked.target)
        return self.troubles.upon(lambda: self._own(asked), reads=asked.method == "GET")

    def _own(self, asked: Asked) -> Answer:
        try:
            name = self._collection(asked)
            with self._lock:
                return self._page(name, asked)
        except _Wrong as wrong:
            status = {"imsx_codeMajor": "failure", "imsx_severity": "error"}
            return Answer(status=wrong.status, body=json.dumps(status).encode(), headers=self._headers())

    def _collection(self, asked: Asked) -> str:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            raise _Wrong(401)
        base, _, name = asked.path.rpartition("/")
        if base != PATHS[self.dialect] or name not in _KNOWN or (self.dialect, name) == ("1.1", "demographics"):
            raise _Wrong(404)
        if asked.method != "GET":
            raise _Wrong(405)
        return name

    def _page(self, name: str, asked: Asked) -> Answer:
        pairs = parse_qsl(urlsplit(asked.target).query, keep_blank_values=True)
        params = dict(pairs)
        if len(params) != len(pairs) or params.keys() - _PARAMS:
            raise _Wrong(400)
        limit, offset = _number(params.get("limit", "100"), least=1), _number(params.get("offset", "0"), least=0)
        if offset and self.between is not None:
            self.between()
        rows = sorted((*self.told[name].values(), *self.extra[name]), key=lambda one: str(one.get("sourcedId")))
        if self.dialect == "1.1":
            rows = [{**one, "dateLastModified": _written(self.now())} for one in rows]
        if params.get("orderBy", "asc") not in {"asc", "desc"} or params.get("sort", "sourcedId") not in _KNOWN[name]:
            raise _Wrong(400)
        before = len(rows)
        by_id = "filter" in params and "dateLastModified" not in params["filter"]
        if by_id and self.by_id == "refuses":
            raise _Wrong(400)
        if "filter" in params and not (by_id and self.by_id == "ignores"):
            rows = self._filtered(name, rows, params["filter"])
        total = before if self.dialect == "1.1" else len(rows)
        limit = min(limit, self.most)
        page = rows[offset : offset + limit]
        self.given += len(page)
        headers = self._headers() | {"X-Total-Count": str(total + self.lies)}
        if self.dialect == "1.2" and offset + limit < len(rows):
            query = urlencode({**params, "offset": offset + limit, "limit": limit}, quote_via=quote)
            headers["Link"] = f'<{self.url}{asked.path}?{query}>; rel="next", <{self.url}{asked.path}>; rel="first"'
        body = {name: [_selected(name, one, params.get("fields")) for one in page]}
        return Answer(body=json.dumps(body, ensure_ascii=False).encode(), headers=headers)

    def _filtered(self, name: str, rows: list[dict[str, Any]], told: str) -> list[dict[str, Any]]:
        parts = re.split(r" (AND|OR) ", told)
        conditions = [_CONDITION.fullmatch(one) for one in parts[::2]]
        if len(conditions) > 2 or not all(conditions):
            if self.dialect == "1.1":
                return rows
            raise _Wrong(400)
        if any(one is None or one["name"].partition(".")[0] not in _KNOWN[name] for one in conditions):
            raise _Wrong(400)
        every = any if "OR" in parts[1::2] else all
        return [row for row in rows if every(_holds(row, one) for one in conditions if one is not None)]

    def _headers(self) -> dict[str, str]:
        return {"Date": format_datetime(self.now(), usegmt=True)}

    def _simulate(self, asked: Asked) -> Answer:
        try:
            if (asked.method, asked.path) == ("GET", "/_sim/state"):
                with self._lock:
                    state = {"people": self.told["users"], "records": self.told, "requests": len(self.asked)}
                    return Answer(body=json.dumps(state).encode())
            told = json.loads(asked.body)
            if (asked.method, asked.path) == ("POST", "/_sim/records"):
                self.put(str(told["collection"]), dict(told["record"]))
                return Answer(status=204)
            if (asked.method, asked.path) == ("POST", "/_sim/faults"):
                self.troubles.order(told)
                return Answer(status=204)
        except (Fault, ValueError, TypeError, KeyError):
            return Answer(status=400)
        return Answer(status=404)


def _number(told: str, *, least: int) -> int:
    if not told.isascii() or not told.isdigit() or int(told) < least:
        raise _Wrong(400)
    return int(told)


def _values(here: Any, steps: list[str]) -> list[str]:
    """What stands in a field, under each of several where it is a list; an empty text where nothing does."""
    if isinstance(here, list):
        return [found for one in here for found in _values(one, steps)]
    if not steps:
        return [str(here) if here is not None else ""]
    return _values(here.get(steps[0]) if isinstance(here, Mapping) else None, steps[1:])


def _holds(row: Mapping[str, Any], condition: re.Match[str]) -> bool:
    return any(_is(told, condition) for told in _values(row, condition["name"].split(".")))


def _is(told: str, condition: re.Match[str]) -> bool:
    value = condition["value"]
    match condition["how"]:
        case "=":
            return told == value
        case "!=":
            return told != value
        case "~":
            return value in told
        case ">":
            return told > value
        case ">=":
            return told >= value
        case "<":
            return told < value
        case _:
            return told <= value


def _selected(name: str, row: Mapping[str, Any], fields: str | None) -> dict[str, Any]:
    if fields is None:
        return dict(row)
    wanted = fields.split(",")
    if any(one not in _KNOWN[name] for one in wanted):
        raise _Wrong(400)
    return {one: row[one] for one in wanted if one in row}


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
