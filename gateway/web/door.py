"""Getting in and out: the local mode for a demo, choosing a language, logging out."""

import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.web.oidc import PENDING, Oidc
from gateway.web.rendering import Renderer
from gateway.web.site import Site
from gateway.web.visit import LANGUAGES, Page, Problem

Entry = Callable[[Request], Awaitable[Response]]


def routes(site: Site, renderer: Renderer) -> list[Route]:
    """The routes that need no session."""
    entries: list[tuple[str, Entry, list[str]]] = [
        *(
            _elsewhere(site, site.oidc, renderer)
            if site.oidc
            else [("/login", _local(site, renderer), ["GET", "POST"])]
        ),
        ("/logout", _out(site), ["POST"]),
        ("/language", _language(site), ["POST"]),
    ]
    return [Route(path, entry, methods=methods) for path, entry, methods in entries]


def inside(told: str) -> str:
    """Where to go after the login: a path of this site, or its first page."""
    plain = told.startswith("/") and not told.startswith(("//", "/\\")) and told.isascii() and told.isprintable()
    return told if plain and not told.startswith(("/login", "/logout")) else "/"


def open_session(site: Site, response: Response, token: str) -> Response:
    """Give the browser its secret: not for scripts, not for other sites."""
    response.set_cookie(site.cookie, token, path="/", secure=site.secure, httponly=True, samesite="lax")
    return response


def _local(site: Site, renderer: Renderer) -> Entry:
    """One person at this machine, who shows by the link that they started it. Not for real people's data."""
    from gateway.web.app import browser_of, language_of, read_form  # noqa: PLC0415 - app builds on this module

    async def local(request: Request) -> Response:
        language = language_of(request, site)
        form, wrong = await read_form(request)
        to = inside(form.get("to") or request.query_params.get("to", "/"))
        ticket = form.get("ticket") or request.query_params.get("ticket", "")
        status, code = 200, ""
        if request.method == "POST":
            peer = request.client.host if request.client else ""
            person = site.settings.people.get(form.get("person", ""))
            wait = site.tries.take(peer)
            known = site.ticket is not None and hmac.compare_digest(site.ticket.encode(), ticket.encode())
            if not wait and not wrong and known and person is not None:
                token = await run_in_threadpool(site.enter, person, browser=browser_of(request), level="local")
                return open_session(site, RedirectResponse(to, status_code=303), token)
            status, code = (429, "web.often") if wait else (403, "web.ticket")
        facts = {"to": to, "ticket": ticket, "people": list(site.settings.people.values()), "code": code}
        page = Page(template="login.html", facts=facts, status=status, title="title.login")
        return Response(renderer.stranger(language, page), status_code=status, media_type="text/html; charset=utf-8")

    return local


def _elsewhere(site: Site, oidc: Oidc, renderer: Renderer) -> list[tuple[str, Entry, list[str]]]:
    """The login at a provider: a page with a link, the way there, and the way back."""
    from gateway.web.app import browser_of, language_of  # noqa: PLC0415 - app builds on this module

    kept = f"{site.cookie}-login"

    def told(request: Request, problem: Problem | None = None) -> Response:
        facts = {"to": inside(request.query_params.get("to", "/")), "code": problem.code if problem else ""}
        status = problem.status if problem else 200
        page = Page(template="login_elsewhere.html", facts=facts, status=status, title="title.login")
        text = renderer.stranger(language_of(request, site), page)
        return Response(text, status_code=status, media_type="text/html; charset=utf-8")

    async def show(request: Request) -> Response:
        return told(request)

    async def begin(request: Request) -> Response:
        if site.tries.take(request.client.host if request.client else ""):
            return told(request, Problem("web.often", status=429))
        try:
            there, note = await run_in_threadpool(oidc.begin, inside(request.query_params.get("to", "/")))
        except Problem as problem:
            return told(request, problem)
        response = RedirectResponse(there, status_code=303)
        response.set_cookie(kept, note, path="/", max_age=PENDING, secure=site.secure, httponly=True, samesite="lax")
        return response

    async def back(request: Request) -> Response:
        try:
            entered = await run_in_threadpool(oidc.finish, dict(request.query_params), request.cookies.get(kept, ""))
            person = site.known(entered.name)
        except Problem as problem:
            response = told(request, problem)
        else:
            token = await run_in_threadpool(site.enter, person, browser=browser_of(request), level=entered.level)
            response = open_session(site, RedirectResponse(entered.to, status_code=303), token)
        response.delete_cookie(kept, path="/", secure=site.secure, httponly=True, samesite="lax")
        return response

    return [("/login", show, ["GET"]), ("/login/begin", begin, ["GET"]), ("/login/callback", back, ["GET"])]


def _out(site: Site) -> Entry:
    from gateway.web.app import browser_of, read_form  # noqa: PLC0415 - app builds on this module

    async def out(request: Request) -> Response:
        token = request.cookies.get(site.cookie, "")
        form, _ = await read_form(request)
        person = await run_in_threadpool(site.who, token, browser=browser_of(request)) if token else None
        if person is not None and site.sealed(token, form.get("seal", "")):
            await run_in_threadpool(site.leave, token, by=person.name)
        to = "/login"
        if site.oidc is not None and person is not None:
            with suppress(Problem):
                to = await run_in_threadpool(site.oidc.out)
        response = RedirectResponse(to, status_code=303)
        response.delete_cookie(site.cookie, path="/", secure=site.secure, httponly=True, samesite="lax")
        return response

    return out


def _language(site: Site) -> Entry:
    from gateway.web.app import read_form  # noqa: PLC0415 - app builds on this module

    async def language(request: Request) -> Response:
        form, _ = await read_form(request)
        response = RedirectResponse(inside(form.get("to", "/")), status_code=303)
        if form.get("language") in LANGUAGES:
            response.set_cookie(
                "language", form["language"], path="/", max_age=31_536_000, secure=site.secure, httponly=True,
                samesite="lax",
            )  # fmt: skip
        return response

    return language
