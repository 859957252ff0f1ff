"""One kind of page behind its address: in which language it is read, kept or made anew, whole or not changed."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import Receive, Scope, Send

from bot.i18n import speaking
from bot.web.front.caching import Cache, Kept
from bot.web.front.codings import Coding, coding
from bot.web.front.languages import preferred
from bot.web.front.security import headers
from bot.web.pages.missing import missing_page
from bot.web.site import Site
from bot.web.visits import Answer, ElsewhereError, Maker, NotHereError, Visit

MOST_QUERY = 200
"""Characters of a value in a query that are read."""

MOST_NAMES = 20
"""Names that a query may have; of one with more nothing is read."""

NEITHER = "What is here is sent as it is, or compressed by gzip.\n"

HEEDED = {b"accept-language", b"accept-encoding", b"if-none-match"}


class Endpoint:
    """Answers visits to one kind of page; `language` is None where the browser is asked for it."""

    def __init__(self, site: Site, cache: Cache, make: Maker, language: str | None, known: tuple[str, ...]) -> None:
        """`known` are the names in a query that the page heeds; all others are the same to it."""
        self._site = site
        self._cache = cache
        self._make = make
        self._language = language
        self._known = known
        self._encrypted = site.addresses.public.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked = _heeded(scope["headers"])
        sent_as = coding(asked.get(b"accept-encoding", b"").decode("latin-1"))
        if sent_as is None:
            await PlainTextResponse(NEITHER, HTTPStatus.NOT_ACCEPTABLE, self._headers(None))(scope, receive, send)
            return
        language = self._language or preferred(asked.get(b"accept-language", b"").decode("latin-1"))
        query = self._query(scope["query_string"]) if self._known else {}
        key = (scope["path"], tuple(query.items()), language)
        kept = self._cache.get(key)
        if kept is None:
            try:
                kept = await self._cache.made(key, lambda: self._made(scope, query, language))
            except ElsewhereError as elsewhere:
                asked_with = scope["query_string"].decode("latin-1")
                path = f"{elsewhere.path}?{asked_with}" if asked_with else elsewhere.path
                redirect = RedirectResponse(path, HTTPStatus.PERMANENT_REDIRECT, self._headers(None))
                await redirect(scope, receive, send)
                return
        await self._send(kept, sent_as, asked.get(b"if-none-match", b""), send)

    def _query(self, query_string: bytes) -> dict[str, str]:
        try:
            given = dict(parse_qsl(query_string.decode("latin-1"), max_num_fields=MOST_NAMES))
        except ValueError:
            return {}
        return {name: given[name][:MOST_QUERY] for name in self._known if given.get(name)}

    async def _made(self, scope: Scope, query: Mapping[str, str], language: str) -> Answer:
        addresses = self._site.addresses.speaking(self._language) if self._language else self._site.addresses
        path = scope["path"].removeprefix(addresses.prefix) or "/"
        visit = Visit(path, scope["path_params"], query, language, addresses)
        with speaking(language):
            try:
                return await self._make(self._site, visit)
            except NotHereError:
                return missing_page(self._site, visit)

    async def _send(self, kept: Kept, sent_as: Coding, known: bytes, send: Send) -> None:
        """Send an answer, or that it is still one of the tags that are `known`."""
        sent = kept.sent.get(sent_as)
        if sent is None:
            sent = kept.sent[sent_as] = self._prepared(kept, sent_as)
        status, raw, body = sent
        if known and kept.answer.status == HTTPStatus.OK and (kept.tag in known or known.strip() == b"*"):
            status, body = HTTPStatus.NOT_MODIFIED.value, b""
            raw = [(name, value) for name, value in raw if name not in {b"content-length", b"content-encoding"}]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    def _prepared(self, kept: Kept, sent_as: Coding) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """An answer as it goes to all who take it in the same way."""
        answer, body = kept.answer, kept.body
        given = {"content-type": answer.media_type, **self._headers(answer), **answer.headers}
        if answer.status == HTTPStatus.OK:
            given["etag"] = f"W/{kept.tag.decode()}"  # weak, as the same answer may be sent compressed
        if sent_as is Coding.ALWAYS or (sent_as is Coding.WORTHWHILE and kept.shrinks):
            body, given["content-encoding"] = kept.compressed(), "gzip"
        given["content-length"] = f"{len(body)}"
        return answer.status, [(name.encode(), value.encode("latin-1")) for name, value in given.items()], body

    def _headers(self, answer: Answer | None) -> dict[str, str]:
        varying = "accept-encoding" if self._language else "accept-language, accept-encoding"
        framed = answer is not None and answer.framed
        return {"cache-control": "no-cache", "vary": varying, **headers(encrypted=self._encrypted, framed=framed)}


def _heeded(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers that are heeded; of one that comes several times all that it says."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in HEEDED:
            found[name] = b",".join((found[name], value)) if name in found else value
    return found
