"""The page as an aiohttp application: static files, the panel as JSON, and the buttons of the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from bot.demo.page import leaps
from bot.demo.page.labels import labelled
from bot.demo.page.panel import Panel, PanelError

STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; media-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_PANEL = web.AppKey("panel", Panel)


def demo_page(panel: Panel) -> web.Application:
    """The page at `/` of this application, to be served as it is or mounted with `add_subapp("/demo", …)`.

    Its script talks to the stand-in's `/control/…` at the root of the same origin. The panel's verbs are
    `GET panel`, `POST panel/clock`, `POST panel/plan` and `POST panel/restart`; one that cannot be done now
    answers 409 with `{"error": sentence}`.
    """
    app = web.Application(middlewares=[_own_page_only, _plain_refusals])
    app[_PANEL] = panel
    app.on_response_prepare.append(_protect)
    app.router.add_get("/", _index)
    app.router.add_get("/panel", _books)
    app.router.add_post("/panel/clock", _move_clock)
    app.router.add_post("/panel/plan", _plan)
    app.router.add_post("/panel/restart", _restart)
    app.router.add_static("/static", STATIC)
    return app


@web.middleware
async def _own_page_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A page of somebody else, open in the same browser, must not press our buttons."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise web.HTTPForbidden(text="Alleen vanaf de demo zelf.")
    return await handler(request)


@web.middleware
async def _plain_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except PanelError as problem:
        return web.json_response({"error": str(problem)}, status=409)


async def _protect(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


async def _books(request: web.Request) -> web.Response:
    panel = request.app[_PANEL]
    people = await panel.people()
    return web.json_response({"people": people} | labelled(await panel.snapshot()))


async def _move_clock(request: web.Request) -> web.Response:
    panel = request.app[_PANEL]
    match leaps.read(await request.text()):
        case None:
            raise web.HTTPBadRequest(text=f'{{"to": "next moment"}} or {{"minutes": 1 to {leaps.LONGEST}}}')
        case "day" | "week" | "month" as leap:
            now = await panel.move_clock(leaps.minutes((await panel.snapshot())["now"], leap))
        case to:
            now = await panel.move_clock(to)
    return web.json_response({"now": now.isoformat()})


async def _plan(request: web.Request) -> web.Response:
    return web.json_response({"notice": await request.app[_PANEL].plan_now()})


async def _restart(request: web.Request) -> web.Response:
    await request.app[_PANEL].restart()
    return web.json_response({})
