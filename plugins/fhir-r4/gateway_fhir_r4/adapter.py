"""A FHIR R4 server: fetched from type by type, page by page, from where the last round stood; written to by case."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import Struct

from gateway.sdk import (
    Adapter,
    Capabilities,
    Context,
    Misconfigured,
    Page,
    Proof,
    Raw,
    Reading,
    Receipt,
    Refused,
    Release,
    Unreachable,
)  # fmt: skip
from gateway.sdk.http import Response
from gateway.sdk.jsonio import decode
from gateway_fhir_r4 import retracting
from gateway_fhir_r4.bundle import page, plain, raise_outcome, raw
from gateway_fhir_r4.capability import Able, able_of
from gateway_fhir_r4.compose import CARRIES, PLACES, Unit
from gateway_fhir_r4.moment import before, is_rising, later
from gateway_fhir_r4.read import gone, read
from gateway_fhir_r4.rules import TYPES, Rules
from gateway_fhir_r4.wire import Wire
from gateway_fhir_r4.writing import Writer

JSON = "application/fhir+json; fhirVersion=4.0"
INCLUDES = {
    "CarePlan": "CarePlan:subject",
    "EpisodeOfCare": "EpisodeOfCare:patient",
    "CareTeam": "CareTeam:participant",
    "Consent": "Consent:consentor",
}
"""Whom a resource brings along: the child of a case, who coordinates, who gave a consent."""


class Position(Struct, kw_only=True, omit_defaults=True):
    """Where a feed stands: the type at hand, its next page, what each type has been read up to, and ETags.

    ``had`` are those resources of the page before that the next page begins with once more, by id, and their time.
    With ``deletions`` the search of the type is done and its history is read, from ``heard`` on.
    """

    at: int = 0
    next: str | None = None
    had: dict[str, str] = {}
    deletions: bool = False
    since: dict[str, str] = {}
    heard: dict[str, str] = {}
    seen: str | None = None
    etags: dict[str, str] = {}
    modified: dict[str, str] = {}


class FhirR4(Adapter):
    """Reads, and writes the kinds that the settings name: each case in one transaction."""

    name = "fhir-r4"
    capabilities = Capabilities(
        reads=frozenset(
            {"person", "relation", "enrolment", "unit", "case", "plan", "goal", "measure", "assignment", "participant",
             "consent", "concern"}
        ),
        writes=frozenset(PLACES),
        idempotency_key=True,
        conditional_write=True,
        read_back=True,
        retracts=True,
        documents=True,
        batch=100,
        carries=CARRIES,
        full_feed=True,
        baton="team",
    )  # fmt: skip
    proved = (
        Proof(
            by="samples",
            what="173 official examples of R4",
            test="plugins/fhir-r4/tests/test_examples.py::test_every_example_is_carried_equal_or_stands_in_the_table",
        ),
        Proof(
            by="validator",
            what="fhir.resources",
            test="plugins/fhir-r4/tests/test_server.py::"
            "test_what_the_stand_in_serves_and_what_we_write_is_fhir_by_anothers_judgement",
        ),
        Proof(
            by="validator",
            what="pyrofile, R4 and no-basis",
            test="tests/interop/test_profiles.py::test_pyrofile_finds_nothing_wrong_in_what_is_written",
        ),
        Proof(by="server", what="HAPI FHIR 8.8 (JPA, H2)", test="tests/interop/test_hapi.py"),
        Proof(by="simulator", test="plugins/fhir-r4/tests/test_kit.py"),
    )
    Options = Rules

    def __init__(self, context: Context) -> None:
        """Raises ``Misconfigured`` where the options do not fit."""
        super().__init__(context)
        try:
            rules = msgspec.convert({"base": context.url, **context.options}, Rules)
        except msgspec.ValidationError:
            raise Misconfigured("fhir.options", path="options") from None
        if not rules.resources or not set(rules.resources) <= set(TYPES) or not 1 <= rules.count <= 1000:
            raise Misconfigured("fhir.options", path="options.resources")
        if not set(rules.writes) <= set(PLACES):
            raise Misconfigured("fhir.options", path="options.writes")
        self.rules = rules
        self.capabilities = self._narrowed()  # type: ignore[misc]
        self._able: Able | None = None
        self._writer = Writer(
            wire=Wire(ask=self._request, base=context.url.rstrip("/"), able=self._offered), rules=rules, log=context.log
        )
        self._types = [kind for kind in TYPES if kind in rules.resources]

    def fetch(self, cursor: str | None) -> Page:
        """One page of one type. The cursor holds times of the server's own and no more of anybody.

        A type is read from a little before the newest change that was seen (``overlap`` seconds), since rows may become
        visible late; what is unchanged is known again by its content.
        """
        where = _position(cursor)
        if where.at >= len(self._types):
            where = Position(since=where.since, heard=where.heard, etags=where.etags, modified=where.modified)
        kind = self._types[where.at]
        able = self._known()
        if not (able.keeps_history(kind) if where.deletions else able.lists(kind)):
            return self._turn(where, kind, [], None)
        if where.deletions:
            return self._history(where, kind)
        first = where.next is None
        target = where.next or self._search(kind, where.since.get(kind), back=self.rules.overlap)
        answer = self._ask(target, self._conditions(where, kind) if first else {})
        if answer.status == 304:
            return self._turn(where, kind, [], None)
        found = page(answer.body, url=self.context.url, here=target)
        if first and where.since.get(kind) is not None:
            _remember(where, kind, answer)
        records = [raw(one, found.included) for one in found.matches]
        fresh = [one for one in records if where.had.get(one.id) != (one.modified or "")]
        where.seen, where.had = later(where.seen, found.latest), {}
        following = found.next if found.next is None else self._onward(where, kind, records, found.next)
        return self._turn(where, kind, fresh, following)

    def _history(self, where: Position, kind: str) -> Page:
        """A page of what was deleted. Nothing else is taken from a history, which knows neither tags nor categories.

        It begins with the newest, so a resource that was made again after its deletion is asked for by itself.
        """
        rules, since = self.rules, where.heard.get(kind)
        told = [("_count", str(rules.count)), *([("_since", before(since, rules.overlap))] if since else [])]
        target = where.next or f"{kind}/_history?{urlencode(told)}"
        found = page(self._ask(target, {}).body, url=self.context.url, here=target)
        where.seen = later(where.seen, found.latest)
        gone = [one for one in found.deleted if one.kind == kind and self._is_gone(one)]
        return self._turn(where, kind, gone, found.next)

    def _is_gone(self, one: Raw) -> bool:
        return self._asked(f"{one.kind}/{one.id}", {}, accept=(404, 410)).status in {404, 410}

    def read(self, raw: Raw) -> list[Reading]:
        """A resource in canonical names. Raises ``Fault``."""
        if raw.deleted:
            return gone(raw.kind, raw.id)
        body = raw.body
        return read(decode(body) if isinstance(body, bytes | bytearray) else body, self.rules)

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        """Write one case, or one item of a case that is there. Raises ``AdapterError``."""
        return self.deliver_batch([(release, idempotency_key)])[0]

    def deliver_batch(self, releases: list[tuple[Release, str]]) -> list[Receipt]:
        """Write several cases in one Bundle; where the server refuses it, each in one of its own."""
        return self._writer.deliver([Unit(key=key, releases=(one, *one.parts)) for one, key in releases])

    def retract(self, release: Release, idempotency_key: str) -> Receipt:
        """Take back fields or a whole item. Raises ``AdapterError``."""
        return retracting.retract(self._writer, release, idempotency_key)

    def read_back(self, key: str) -> Page:
        """What was made under a key, by the identifier that it was made with. Raises ``AdapterError``."""
        return self._writer.read_back(key)

    def health(self) -> str | None:
        """``None``, or a code: asks what the server can do, whether it is R4, and whether that is enough."""
        self._able = None
        try:
            able = self._offered()
        except (Refused, Misconfigured, Unreachable) as error:
            return error.code
        if not able.version.startswith("4.0"):
            return "fhir.version"
        if self.rules.feed == "history" and not all(able.keeps_history(kind) for kind in self._types):
            return "fhir.no_history"
        wanted = dict.fromkeys(kind for name in self.rules.writes for kind in PLACES[name])
        return "fhir.lacks" if able.lacking(wanted) else None

    def _narrowed(self) -> Capabilities:
        """What the adapter can do as it is set up: it writes what the settings name, and offers need a code."""
        able, writes = type(self).capabilities, frozenset(self.rules.writes)
        baton: Any = able.baton if self.rules.handovers else "field"
        whole = bool(writes) and self.rules.whole
        return msgspec.structs.replace(
            able, writes=writes & able.writes, baton=baton if writes else able.baton, documents=whole
        )

    def _known(self) -> Able:
        """What the server offers to who reads; one that does not say is asked for everything."""
        try:
            return self._offered()
        except Refused:
            self._able = Able()
            return self._able

    def _offered(self) -> Able:
        """What the server says that it can do; asked once. Raises ``Refused`` ``fhir.no_capabilities``."""
        if self._able is None:
            found = plain(self._ask("metadata", {}).body)
            if found.get("resourceType") != "CapabilityStatement":
                raise Refused("fhir.no_capabilities")
            self._able = able_of(found)
        return self._able

    def _onward(self, where: Position, kind: str, records: list[Raw], link: str) -> str:
        """Where the next page is: from the last time on this one, or the server's link where times do not tell.

        Many servers count rows in their links; a resource that is changed meanwhile goes to the end, and one that was
        not read yet slips over the border. Times do not slip. They serve where the server sorted by them, as it was
        asked to, and where the page has more than one of them.
        """
        times = [one.modified or "" for one in records]
        if not is_rising(times):
            return link
        where.had = {one.id: times[-1] for one in records if one.modified == times[-1]}
        return self._search(kind, times[-1], back=0)

    def _turn(self, where: Position, kind: str, records: list[Raw], following: str | None) -> Page:
        """The page, and a cursor for the next one: of this type, of its history, or the first of the next type."""
        if following is None:
            read = where.heard if where.deletions else where.since
            newest = later(read.get(kind), where.seen)
            if newest is not None:
                if newest != read.get(kind) and not where.deletions:
                    where.etags.pop(kind, None)
                    where.modified.pop(kind, None)
                read[kind] = newest
            where.seen = None
            where.deletions = self.rules.feed == "history" and not where.deletions
            where.at += not where.deletions
        where.next = following
        more = where.at < len(self._types)
        return Page(records=records, cursor=msgspec.json.encode(where).decode(), more=more)

    def _search(self, kind: str, since: str | None, *, back: int) -> str:
        rules = self.rules
        told = [("_count", str(rules.count)), ("_sort", "_lastUpdated")]
        if since is not None:
            told.append(("_lastUpdated", f"ge{before(since, back)}"))
        if rules.tag is not None:
            told.append(("_tag", rules.tag))
        if kind in INCLUDES:
            told.append(("_include", INCLUDES[kind]))
        told.extend(parse_qsl(rules.where.get(kind, "").lstrip("?")))
        return f"{kind}?{urlencode(told)}"

    def _conditions(self, where: Position, kind: str) -> dict[str, str]:
        told = (("If-None-Match", where.etags.get(kind)), ("If-Modified-Since", where.modified.get(kind)))
        return {name: value for name, value in told if value is not None}

    def _ask(self, target: str, conditions: dict[str, str]) -> Response:
        answer = self._asked(target, conditions, accept=(400, 404, 410, 422))
        if answer.status >= 400:
            raise_outcome(_outcome(answer))
        return answer

    def _asked(self, target: str, conditions: dict[str, str], *, accept: tuple[int, ...]) -> Response:
        return self._request("GET", target, headers=conditions, accept=accept)

    def _request(
        self, method: str, target: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None,
        accept: Sequence[int] = (),
    ) -> Response:  # fmt: skip
        secret = "" if self.context.http.authoriser else self.context.secret()
        told = {"Accept": JSON, **(headers or {}), **({"Authorization": f"Bearer {secret}"} if secret else {})}
        return self.context.http.request(
            method,
            target,
            content=body,
            headers=told,
            accept=accept,
            expect="json",
            repeatable=target.endswith("_search"),
        )


def _outcome(answer: Response) -> dict[str, Any]:
    found = plain(answer.body)
    if found.get("resourceType") != "OperationOutcome":
        raise Refused(f"http.{answer.status}")
    return found


def _position(cursor: str | None) -> Position:
    if cursor is None:
        return Position()
    try:
        return msgspec.json.decode(cursor, type=Position)
    except msgspec.MsgspecError:
        raise Misconfigured("fhir.cursor") from None


def _remember(where: Position, kind: str, answer: Response) -> None:
    """Validators hold for the address that was asked, so they are kept only while that stays the same."""
    for name, kept in (("etag", where.etags), ("last-modified", where.modified)):
        found = answer.headers.get(name)
        if found is not None and len(found) < 200:
            kept[kind] = found


__all__ = ["FhirR4", "Position"]
