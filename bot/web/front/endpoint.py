"""One kind of page behind its address: in which language it is read, kept or made anew, whole or not changed."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from bot.i18n import speaking
from bot.web.front.caching import Cache, Kept
from bot.web.front.languages import preferred
from bot.web.front.security import headers
from bot.web.pages.missing import missing_page
from bot.web.site import Site
from bot.web.visits import Answer, ElsewhereError, Maker, NotHereError, Visit

MOST_QUERY = 200
"""Characters of a query that are read."""


class Endpoint:
    """Answers visits to one kind of page; `language` is None where the browser is asked for it."""

    def __init__(
        self, site: Site, cache: Cache, make: Maker, language: str | None, known: tuple[str, ...] = ()
    ) -> None:
        """`known` are the names in a query that the page heeds; all others are the same to it."""
        self._site = site
        self._cache = cache
        self._make = make
        self._language = language
        self._known = known
        self._encrypted = site.addresses.public.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        visit = self._visit(request)
        key = (request.url.path, "&".join(f"{name}={value}" for name, value in visit.query.items()), visit.language)
        kept = self._cache.get(key)
        try:
            if kept is None:
                kept = await self._cache.made(key, lambda: self._made(visit))
            response = self._response(request, kept)
        except ElsewhereError as elsewhere:
            response = RedirectResponse(elsewhere.path, 308, headers={"cache-control": "max-age=300"})
        await response(scope, receive, send)

    def _visit(self, request: Request) -> Visit:
        language = self._language or preferred(request.headers.get("accept-language", ""))
        addresses = self._site.addresses.speaking(self._language) if self._language else self._site.addresses
        path = request.url.path.removeprefix(addresses.prefix) or "/"
        given = request.query_params if self._known else {}
        heeded = {name: given[name][:MOST_QUERY] for name in self._known if given.get(name)}
        return Visit(path, request.path_params, heeded, language, addresses)

    async def _made(self, visit: Visit) -> Answer:
        with speaking(visit.language):
            try:
                return await self._make(self._site, visit)
            except NotHereError:
                return missing_page(self._site, visit)

    def _response(self, request: Request, kept: Kept) -> Response:
        answer = kept.answer
        given = {"cache-control": "no-cache", **answer.headers, **self._headers(answer)}
        if answer.status == HTTPStatus.OK:
            given["etag"] = kept.tag
            if kept.tag in request.headers.get("if-none-match", ""):
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=given)
        body = answer.body
        if "gzip" in request.headers.get("accept-encoding", "") and (small := kept.compressed()) is not None:
            body, given["content-encoding"] = small, "gzip"
        return Response(body, answer.status, given, answer.media_type)

    def _headers(self, answer: Answer) -> dict[str, str]:
        varying = "accept-encoding" if self._language else "accept-language, accept-encoding"
        return {"vary": varying, **headers(encrypted=self._encrypted, framed=answer.framed)}
