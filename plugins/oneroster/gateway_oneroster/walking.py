"""Reading a collection of a REST service, page by page, without believing what it says of itself.

====================================================  =============================================================
what happened                                         what becomes of it
====================================================  =============================================================
rows moved between pages while they were read         read again, at most ``TRIES`` times, then ``Unreachable``
                                                      ``oneroster.moving``
``X-Total-Count`` is not what there is                the same, then ``Refused`` ``oneroster.total``
one ``sourcedId`` for two different records           neither is taken: ``oneroster.duplicate``
a page that was there before                          ``Refused`` ``vendor.paging_loop``
a link to another host                                ``Refused`` ``http.elsewhere``
a record without a usable ``sourcedId``               refused alone: ``oneroster.shape``
====================================================  =============================================================
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any

from msgspec import Struct, field

from gateway.sdk import Context, Fault, Misconfigured, Refused, Unreachable, jsonio
from gateway.sdk.http import Response
from gateway.sdk.paging import linked, same_place
from gateway_oneroster.holding import Rows
from gateway_oneroster.options import Options
from gateway_oneroster.rows import EnrolmentRow, Row, UserRow, birth, enrolment, group, org, user

TRIES = 3
MOST_PAGES = 20_000
PATHS = {"1.2": "/ims/oneroster/rostering/v1p2", "1.1": "/ims/oneroster/v1p1"}
_ALWAYS = ("sourcedId", "status", "dateLastModified")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "orgs": (*_ALWAYS, "name", "type", "identifier", "parent"),
    "classes": (*_ALWAYS, "title", "classType", "school", "metadata"),
    "enrollments": (*_ALWAYS, "user", "class", "role", "primary", "beginDate", "endDate"),
    "demographics": (*_ALWAYS, "birthDate"),
}
"""All that is asked for of each collection; what a user is asked for follows from the options."""


class Found(Struct, kw_only=True):
    """One walk through a collection: rows by id, ids that two different records bear, and what could not be read."""

    rows: dict[str, Row] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    unread: dict[str, Fault] = field(default_factory=dict)
    totals: set[int] = field(default_factory=set)
    others: int = 0
    """Records that bear an id which another, different one has as well."""

    @property
    def count(self) -> int:
        """How many distinct records came."""
        return len(self.rows) + len(self.unread) + self.others


class Walker:
    """Asks one service. ``at`` is the time of its first answer by its own clock, by ours if it has none."""

    def __init__(self, context: Context, options: Options, *, now: Callable[[], datetime]) -> None:
        self._context, self._options, self._now = context, options, now
        self._base = PATHS[options.dialect] if options.path is None else options.path
        self.at: datetime | None = None
        self._secret: str | None = None
        self._readers: Mapping[str, Callable[[Mapping[str, Any]], Row]] = {
            "orgs": org,
            "classes": group,
            "users": lambda told: user(told, options),
            "enrollments": enrolment,
            "demographics": birth,
        }

    @property
    def collections(self) -> tuple[str, ...]:
        """What is read, what others point to first."""
        return ("orgs", "classes", "users", "enrollments", *(("demographics",) if self._options.birth_dates else ()))

    def everything(self, since: datetime | None = None) -> Rows:
        """All rows, or those that were modified at ``since`` or later. Raises ``AdapterError``."""
        self.at = None
        rows = Rows()
        for name in self.collections:
            found = self._settled(name, None if since is None else f"dateLastModified>='{_written(since)}'")
            rows.put(name, found.rows)
            for native, fault in found.unread.items():
                rows.refuse(name, native, fault)
            for native in sorted(found.twice):
                rows.refuse(name, native, Fault("oneroster.duplicate", "$.sourcedId"))
        return rows

    def probe(self) -> None:
        """Ask for one org. Raises ``AdapterError``."""
        self.ask("orgs", {"limit": 1, "offset": 0})

    def some(self, name: str, field: str, values: Iterable[str]) -> dict[str, Row] | None:
        """The rows of a collection that have one of the values in a field (``user.sourcedId``, say).

        ``None`` where the service does not answer such a question: it refuses it, answers another, or tells a row that
        cannot be read. Raises ``AdapterError`` otherwise.
        """
        wanted = sorted(values)
        if any("'" in one for one in wanted):
            return None
        rows: dict[str, Row] = {}
        for at in range(0, len(wanted), 2):  # the standard has one OR in a filter
            asked = wanted[at : at + 2]
            try:
                found = self._settled(name, " OR ".join(f"{field}='{one}'" for one in asked))
            except Refused as error:
                if error.code.startswith("http."):
                    return None
                raise
            if found.unread or found.twice or not all(_has(row, field, asked) for row in found.rows.values()):
                return None
            rows |= found.rows
        return rows

    def whole(self, name: str) -> dict[str, Row] | None:
        """All rows of a small collection; ``None`` where one cannot be read. Raises ``AdapterError``."""
        found = self._settled(name, None)
        return None if found.unread or found.twice else found.rows

    def _settled(self, name: str, filtered: str | None) -> Found:
        """A collection as it stood still; see the table above."""
        for _ in range(TRIES):
            found = self._walked(name, filtered)
            wrong = filtered is None and self._options.totals and found.totals and found.totals != {found.count}
            if not wrong and len(found.totals) <= 1 and not found.twice:
                return found
        if found.twice and not wrong:
            for native in found.twice:
                found.rows.pop(native, None)
            return found
        if len(found.totals) > 1:
            raise Unreachable("oneroster.moving", path=f"$.{name}")
        raise Refused("oneroster.total", path=f"$.{name}")

    def _walked(self, name: str, filtered: str | None) -> Found:
        found = Found()
        params: dict[str, str | int] = {
            "limit": self._options.limit,
            "offset": 0,
            "sort": "sourcedId",
            "orderBy": "asc",
        }
        if self._options.select:
            params["fields"] = ",".join(self._fields(name))
        if filtered is not None:
            params["filter"] = filtered
        path, offset = name, 0
        for _ in range(MOST_PAGES):
            response = self.ask(path, params)
            told = self._records(name, response)
            total = response.headers.get("x-total-count", "").strip()
            if total.isascii() and total.isdigit() and len(total) < 10:
                found.totals.add(int(total))
            before = found.count
            for one in told:
                self._take(name, one, found)
            if told and found.count == before:
                raise Refused("vendor.paging_loop", path=f"$.{name}")
            offset += len(told)
            following = linked(response.headers.get("link", ""))
            if following is not None:
                path, params = same_place(self._context.http.url, f"{self._base}/{name}", following), {}
            elif not told or (found.totals and offset >= max(found.totals)):
                return found
            else:
                params = {**params, "offset": offset}
        raise Refused("vendor.paging_loop", path=f"$.{name}")

    def _fields(self, name: str) -> tuple[str, ...]:
        if name != "users":
            return FIELDS[name]
        places = ("roles",) if self._options.dialect == "1.2" else ("role", "orgs")
        wanted = dict.fromkeys((*_ALWAYS, "givenName", "familyName", *places, "agents"))
        wanted |= dict.fromkeys(one.partition(":")[0] for one in self._options.numbers)
        if self._options.birth_date_key or self._options.language_key:
            wanted["metadata"] = None
        return tuple(wanted)

    def _records(self, name: str, response: Response) -> list[Any]:
        """The records of an answer, whose name is that of the collection. Raises ``Refused``."""
        try:
            told = jsonio.decode(response.body)
        except Fault as fault:
            raise Refused(fault.code, path=f"$.{name}") from None
        listed = told.get(name) if isinstance(told, dict) else None
        if not isinstance(listed, list):
            raise Refused("vendor.no_records", path=f"$.{name}")
        return listed

    def _take(self, name: str, told: Any, found: Found) -> None:
        """One record as a row; of what is not needed nothing goes further than here."""
        try:
            row = self._readers[name](told if isinstance(told, dict) else {})
        except Fault as fault:
            found.unread[_unread_id(told)] = fault
            return
        if row.id in found.rows and found.rows[row.id] != row:
            found.twice.add(row.id)
            found.others += 1
        found.rows.setdefault(row.id, row)

    def ask(self, path: str, params: Mapping[str, str | int]) -> Response:
        """One answer. The secret is asked for once more when it was renewed meanwhile. Raises ``AdapterError``."""
        where = path if "://" in path else f"{self._base}/{path}"
        if self._context.http.authoriser is not None:
            return self._noted(self._context.http.request("GET", where, params=params, expect="json"))
        for again in (False, True):
            secret = self._secret = self._context.secret() if again or self._secret is None else self._secret
            headers = {"Authorization": f"Bearer {secret}"} if secret else {}
            try:
                response = self._context.http.request("GET", where, params=params, headers=headers, expect="json")
            except Misconfigured as error:
                if error.code != "http.401" or again or self._context.secret() == secret:
                    raise
                continue
            return self._noted(response)
        raise AssertionError

    def _noted(self, response: Response) -> Response:
        """The answer; the first of a reading tells when it was."""
        if self.at is None:
            self.at = _date(response.headers.get("date", "")) or self._now()
        return response


def _has(row: Row, field: str, values: Sequence[str]) -> bool:
    """Whether a row has what was asked for; who ignores a filter tells all there is."""
    if field == "sourcedId":
        return row.id in values
    if isinstance(row, EnrolmentRow):
        return (row.user if field == "user.sourcedId" else row.group) in values
    return isinstance(row, UserRow) and bool(set(row.agents) & set(values))


def _unread_id(told: Any) -> str:
    native = told.get("sourcedId") if isinstance(told, dict) else None
    if isinstance(native, str) and 0 < len(native) <= 300:
        return native
    return f"unreadable-{sha256(jsonio.encode(told)).hexdigest()[:16]}"


def _written(at: datetime) -> str:
    """A moment as the standard writes it: in UTC, with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _date(header: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(header) if header else None
    except (ValueError, TypeError):
        return None
    return found if found is None or found.tzinfo is not None else found.replace(tzinfo=UTC)
