"""The web as an ASGI application: routes, and the one door that every call goes through.

The door finds the person, the language and the form, asks for the right, runs the handler in a thread (everything
below blocks), and turns what comes back into bytes. What a handler raises becomes a page with a code; the text of a
foreign exception is never shown.
"""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, quote

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.run import rights
from gateway.run.acts import ActFault
from gateway.store import StoreError
from gateway.web import door, watched
from gateway.web.api import described
from gateway.web.api.app import Api
from gateway.web.api.tokens import Tokens
from gateway.web.guard import Guard
from gateway.web.pages import PLACES
from gateway.web.rendering import STATIC, Renderer
from gateway.web.site import Site
from gateway.web.visit import LANGUAGES, Answer, Away, Handler, Language, Page, Place, Problem, Visit, absent

FORM_LIMIT = 64 * 1024
"""Bytes of a form; a larger one is refused."""


def make_app(site: Site, *, tokens: Tokens | None = None) -> Guard:
    """The application for one municipality. ``tokens`` judges who calls the API; without it nobody may."""
    renderer = Renderer(site)
    routes = [Route(path, _entry(site, renderer, path), methods=["GET", "POST"]) for path in PLACES]
    routes += door.routes(site, renderer)
    routes.append(Route("/{rest:path}", _nowhere(site, renderer), methods=["GET", "POST"]))
    static = Mount("/static", StaticFiles(directory=STATIC), name="static")
    routes = [*watched.routes(site), *routes]
    known: dict[object, str] = {route.endpoint: route.path for route in routes} | described.routes()
    doors = _Doors(pages=Starlette(routes=[static, *routes]), api=Api(site, tokens))
    return Guard(watched.Watched(doors, site=site, routes=known), site=site)


class _Doors:
    """The pages, and beside them the API, which answers whatever comes below its address."""

    def __init__(self, *, pages: ASGIApp, api: ASGIApp) -> None:
        self._pages, self._api = pages, api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        called = scope["type"] == "http" and str(scope["path"]).startswith(f"{described.PREFIX}/")
        await (self._api if called else self._pages)(scope, receive, send)


def language_of(request: Request, site: Site) -> Language:
    """The language that a person chose, or else the browser's first that we speak, or else the municipality's."""
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        told = part.partition(";")[0].strip().lower().partition("-")[0]
        if told in {"nb", "no", "nn", "en"}:
            return "nb" if told == "no" else told  # type: ignore[return-value]
    return site.settings.language


def browser_of(request: Request) -> str:
    """What a session is bound to: what the browser says of itself."""
    return request.headers.get("user-agent", "")


def _entry(site: Site, renderer: Renderer, path: str) -> Callable[[Request], Awaitable[Response]]:
    place = PLACES[path]

    def visit_of(request: Request) -> Visit | None:
        token = request.cookies.get(site.cookie, "")
        person = site.who(token, browser=browser_of(request)) if token else None
        if person is None:
            return None
        return Visit(
            site=site, person=person, token=token, language=language_of(request, site), path=request.url.path,
            query=dict(request.query_params), form={}, given=dict(request.path_params),
        )  # fmt: skip

    def looked_at(request: Request) -> Response:
        visit = visit_of(request)
        return _answered(renderer, place, visit, posts=False, wrong=None) if visit is not None else _to_login(request)

    async def entry(request: Request) -> Response:
        if request.method != "POST":
            return await run_in_threadpool(looked_at, request)  # in one go: each change of threads is a wait
        visit = await run_in_threadpool(visit_of, request)
        if visit is None:
            return _to_login(request)
        form, wrong = await read_form(request)
        sent_with = msgspec.structs.replace(visit, form=form)
        return await run_in_threadpool(_answered, renderer, place, sent_with, posts=True, wrong=wrong)

    return entry


def _answered(renderer: Renderer, place: Place, visit: Visit, *, posts: bool, wrong: str | None) -> Response:
    try:
        handler = _allowed(place, visit, posts=posts, wrong=wrong)
        return sent(renderer, visit, _once(handler, visit) if posts else handler(visit))
    except Problem as problem:
        return _told(renderer, visit, problem)
    except ActFault as fault:
        unknown = fault.code.startswith("act.unknown_") and fault.where not in visit.form
        return _told(renderer, visit, absent() if unknown else Problem(fault.code, status=409, where=fault.where))
    except StoreError as error:
        return _told(renderer, visit, Problem(error.code, status=503))
    except Exception:  # noqa: BLE001 - the error boundary: nothing of a foreign exception gets past it
        return _told(renderer, visit, Problem("web.unforeseen", status=500))


def _allowed(place: Place, visit: Visit, *, posts: bool, wrong: str | None) -> Handler:
    """What handles a call, where the caller may make it. Raises ``Problem``."""
    if visit.site.acts.take(visit.person.name):
        raise Problem("web.often", status=429)
    handler = place.do if posts else place.show
    if handler is None:
        raise Problem("web.method", status=405)
    if posts and (wrong or not visit.site.sealed(visit.token, visit.form.get("seal", ""))):
        raise Problem(wrong or "web.seal", status=403 if wrong is None else 413)
    if not rights.may(visit.person, place.needed(posts=posts)):
        raise Problem("web.rights", status=403)
    return handler


def _once(handler: Handler, visit: Visit) -> Answer:
    """What a form asks for, done once: the same form sent twice says so. Raises ``Problem`` (``web.twice``).

    What was not done (a page came back, with what is wrong or what it would do) may be sent again.
    """
    site, once = visit.site, visit.form.get("once", "")
    if not once:
        return handler(visit)
    if not site.claim(visit.token, once):
        raise Problem("web.twice", status=409)
    try:
        answer = handler(visit)
    except BaseException:
        site.unclaim(visit.token, once)
        raise
    if not isinstance(answer, Away):
        site.unclaim(visit.token, once)
    return answer


def sent(renderer: Renderer, visit: Visit, answer: Answer) -> Response:
    """An answer as bytes."""
    if isinstance(answer, Away):
        to = answer.to + (("&" if "?" in answer.to else "?") + "said=" + quote(answer.said) if answer.said else "")
        return RedirectResponse(to, status_code=303)
    return Response(renderer.page(visit, answer), status_code=answer.status, media_type="text/html; charset=utf-8")


def _told(renderer: Renderer, visit: Visit, problem: Problem) -> Response:
    facts = {"code": problem.code, "where": problem.where, "status": problem.status}
    return sent(
        renderer, visit, Page(template="problem.html", facts=facts, status=problem.status, title="title.problem")
    )


def _to_login(request: Request) -> Response:
    """To the login, and afterwards back."""
    return RedirectResponse("/login?to=" + quote(request.url.path, safe="/"), status_code=303)


def _nowhere(site: Site, renderer: Renderer) -> Callable[[Request], Awaitable[Response]]:
    async def nowhere(request: Request) -> Response:
        token = request.cookies.get(site.cookie, "")
        person = await run_in_threadpool(site.who, token, browser=browser_of(request)) if token else None
        if person is None:
            return _to_login(request)
        visit = Visit(
            site=site, person=person, token=token, language=language_of(request, site), path=request.url.path,
            query={}, form={}, given={},
        )  # fmt: skip
        return _told(renderer, visit, absent())

    return nowhere


async def read_form(request: Request) -> tuple[Mapping[str, str], str | None]:
    """A form's fields, and the code of what is wrong with it."""
    if request.method != "POST":
        return {}, None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > FORM_LIMIT:
            return {}, "web.large"
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}, "web.form"
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=200, errors="strict")
    except ValueError:
        return {}, "web.form"
    told: dict[str, str] = {}
    for name, value in fields:
        told[name] = f"{told[name]},{value}" if name in told else value  # boxes of one name are one list
    return told, None
