"""The API as an ASGI application: from a call to its operation, and from what comes of it to bytes.

Every call goes the same way: address, method, token, pace, right, form, act. What is raised on the way becomes a
problem document with a code; the text of a foreign exception is never shown.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from typing import Any

import msgspec
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.core.model import Fault
from gateway.run import rights
from gateway.run.acts import ActFault
from gateway.run.settings import Person
from gateway.run.texts import fault as words
from gateway.sdk import jsonio
from gateway.store import StoreError
from gateway.web.api.call import Actor, Call, Operation, Reply, Wrong, absent
from gateway.web.api.described import PREFIX, PROBLEM, document, mark
from gateway.web.api.operations import OPERATIONS
from gateway.web.api.shapes import Flaw, ProblemReply
from gateway.web.api.tokens import Claimed, Tokens
from gateway.web.limits import Bucket
from gateway.web.site import Site
from gateway.web.visit import LANGUAGES, Language, Problem

_PLACE = re.compile(r" - at `([$\w.\[\]]+)`$")
_ENCODE = msgspec.json.Encoder().encode


class Route(Struct, frozen=True, kw_only=True):
    """An address, and what it takes."""

    pattern: re.Pattern[str]
    methods: Mapping[str, Operation]


def routes() -> tuple[Route, ...]:
    """The operations by address; those without a part to fill in come first."""
    found: dict[str, dict[str, Operation]] = {}
    for one in OPERATIONS:
        found.setdefault(one.path, {})[one.method] = one
    return tuple(
        Route(pattern=re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path)), methods=methods)
        for path, methods in sorted(found.items(), key=lambda pair: pair[0].count("{"))
    )


class Api:
    """The API of one municipality. ``tokens`` is ``None`` where the settings have no ``[api]``: nobody gets in."""

    def __init__(self, site: Site, tokens: Tokens | None) -> None:
        self.site, self.tokens = site, tokens
        self._routes = routes()
        self._described = _ENCODE(document(server=site.origin))
        a_minute = site.settings.api.per_minute if site.settings.api is not None else 60
        self._pace = Bucket(size=a_minute, every=timedelta(seconds=60 / a_minute), clock=site.world.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call. Raises nothing: whatever goes wrong is answered."""
        request = Request(scope, receive)
        language = language_of(request)
        headers: dict[str, str] = {}
        try:
            response = await self._answered(request, language, headers)
        except Problem as problem:
            response = _told(problem, language, headers)
        except ActFault as fault:
            gone = fault.code.startswith("act.unknown_")
            response = _told(
                absent() if gone else Problem(fault.code, status=409, where=fault.where), language, headers
            )
        except StoreError as error:
            response = _told(Problem(error.code, status=503), language, headers)
        except Exception:  # noqa: BLE001 - the error boundary: nothing of a foreign exception gets past it
            response = _told(Problem("web.unforeseen", status=500), language, headers)
        await response(scope, receive, send)

    async def _answered(self, request: Request, language: Language, headers: dict[str, str]) -> Response:
        path = request.scope["path"].removeprefix(PREFIX)
        method = "GET" if request.method == "HEAD" else request.method
        if path == "/openapi.json":
            _allowed(method, {"GET"}, headers)
            return Response(self._described, media_type="application/json")
        route, given = self._route(path)
        _allowed(method, set(route.methods), headers)
        one = route.methods[method]
        request.scope["endpoint"] = mark(one)
        actor = await run_in_threadpool(self._actor, request, headers)
        wait = self._pace.take(actor.program)
        if wait:
            headers["retry-after"] = str(ceil(wait))
            raise Problem("api.often", status=429)
        if (one.scope and one.scope not in actor.scopes) or (one.act and not rights.may(actor.person, one.act)):
            raise _no_right(headers)
        call = Call(
            site=self.site, actor=actor, language=language, given=given, query=_query(one, request),
            body=await _body(one, request), match=request.headers.get("if-match"),
        )  # fmt: skip
        reply = await run_in_threadpool(one.call, call)
        return _sent(one, reply, request)

    def _route(self, path: str) -> tuple[Route, Mapping[str, str]]:
        for route in self._routes:
            if found := route.pattern.fullmatch(path):
                return route, found.groupdict()
        raise absent()

    def _actor(self, request: Request, headers: dict[str, str]) -> Actor:
        """Who calls. Raises ``Problem``: ``api.token`` (401), ``api.rights`` (403) for whom nobody named."""
        several = request.headers.getlist("authorization")
        if self.tokens is None or not several:
            headers["www-authenticate"] = 'Bearer realm="bti"'
            raise Problem("api.token", status=401)
        shown = several[0] if len(several) == 1 else ""
        there = self.site.origin + request.scope["path"]
        try:
            claimed = self.tokens.judge(
                shown, proof=request.headers.get("dpop"), method=request.method, url=there
            )  # fmt: skip
        except Problem as problem:
            if problem.status == 401:
                headers["www-authenticate"] = 'Bearer realm="bti", error="invalid_token"'
            raise
        person = None if claimed is None else self._person(claimed)
        if claimed is None or person is None:
            raise _no_right(headers)
        return Actor(person=person, program=claimed.name, scopes=claimed.scopes, named=claimed.client.people)

    def _person(self, claimed: Claimed) -> Person | None:
        """The person that a token names, or the program as one; ``None`` for nobody here."""
        if not claimed.client.people:
            return self.site.settings.actor(claimed.client.named(claimed.name))
        try:
            return self.site.known(claimed.person) if claimed.person else None
        except Problem:
            return None


def language_of(request: Request) -> Language:
    """The first language of ``Accept-Language`` that we speak; English, which is what programs are written in."""
    for part in request.headers.get("accept-language", "").split(","):
        told = part.partition(";")[0].strip().lower().partition("-")[0]
        found = "nb" if told == "no" else told
        if found in LANGUAGES:
            return found
    return "en"


def _allowed(method: str, known: set[str], headers: dict[str, str]) -> None:
    if method not in known:
        headers["allow"] = ", ".join(sorted(known | ({"HEAD"} if "GET" in known else set())))
        raise Problem("api.method", status=405)


def _no_right(headers: dict[str, str]) -> Problem:
    headers["www-authenticate"] = 'Bearer realm="bti", error="insufficient_scope"'
    return Problem("api.rights", status=403)


def _query(one: Operation, request: Request) -> Any:
    """The parameters of the address as the operation's type. Raises ``Problem`` (``api.query``)."""
    told = request.query_params.multi_items()
    plain = dict(told)
    if len(plain) != len(told) or (plain and one.query is None):
        raise Problem("api.query", status=400)
    if one.query is None:
        return None
    try:
        return msgspec.convert(plain, one.query, strict=False)
    except msgspec.ValidationError as error:
        raise Problem("api.query", status=400, where=_where(error)) from None


async def _body(one: Operation, request: Request) -> Any:
    """What was sent as the operation's type. Raises ``Problem``: ``api.large``, ``api.type``, ``api.body``."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > one.limit:
            raise Problem("api.large", status=413)
    if one.body is None:
        return None
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem("api.type", status=415)
    try:
        value = jsonio.decode(body, limit=one.limit)
    except Fault as fault:
        raise Wrong("api.body", status=400, errors=[{"code": fault.code, "path": fault.path}]) from None
    if one.raw:
        return body.decode()
    try:
        return msgspec.convert(value, one.body, strict=True)
    except msgspec.ValidationError as error:
        raise Wrong("api.body", status=422, errors=[{"code": "json.shape", "path": _where(error) or "$"}]) from None


def _where(error: msgspec.ValidationError) -> str:
    """The place of a fault. Nothing else of the message is kept: it can quote what was sent."""
    found = _PLACE.search(str(error))
    return found.group(1) if found else ""


def _sent(one: Operation, reply: Reply, request: Request) -> Response:
    headers = {"etag": reply.etag} if reply.etag else {}
    known = request.headers.get("if-none-match")
    if one.method == "GET" and reply.etag is not None and known == reply.etag:
        return Response(status_code=304, headers=headers)
    return Response(_ENCODE(reply.value), media_type="application/json", headers=headers)


def _told(problem: Problem, language: Language, headers: Mapping[str, str]) -> Response:
    texts = words(problem.code)
    value = ProblemReply(
        type=f"urn:bti:problem:{problem.code}",
        title=texts[LANGUAGES.index(language)] if texts else problem.code,
        status=problem.status,
        code=problem.code,
        where=problem.where,
        errors=[Flaw(**one) for one in problem.errors] if isinstance(problem, Wrong) else [],
    )
    return Response(
        _ENCODE(value), status_code=problem.status, media_type=PROBLEM,
        headers={"content-language": language, "vary": "Accept-Language", **headers},
    )  # fmt: skip
