"""What somebody visits, and what they are given: the values between the server and the pages."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.web.addresses import Addresses
from bot.web.pieces import Piece
from bot.web.site import Site

HTML = "text/html; charset=utf-8"

PAGE_SECONDS = 10.0
"""Seconds for which a page is kept in memory, at most: so old may be what nothing tells has moved."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that is asked for: its path without the language, what the path and the query name, and the language."""

    path: str
    named: Mapping[str, str]
    query: Mapping[str, str]
    language: str
    addresses: Addresses
    """Those that links on the page lead to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; `about` are the ids of the incidents whose next vote makes it old."""

    body: bytes = b""
    media_type: str = HTML
    status: int = 200
    about: frozenset[str] = frozenset()
    seconds: float = PAGE_SECONDS
    """For how long it may be kept in memory; not at all, where that is 0."""

    pieces: tuple[Piece, ...] = ()
    """What its body consists of, in place of it, where most of that outlives a vote."""

    headers: Mapping[str, str] = field(default_factory=dict)
    framed: bool = False
    """Whether other sites may show it within their pages."""


class NotHereError(Exception):
    """There is no such page."""


class ElsewhereError(Exception):
    """What is asked for is at another address of this site, `path`, and stays there."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


Maker: TypeAlias = Callable[[Site, Visit], Awaitable[Answer]]
"""Makes the answer to a visit. Raises NotHereError, ElsewhereError, and whatever the database does."""
