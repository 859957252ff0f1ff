"""Logs for people and machines, in which no secret is ever seen."""

import json
import logging
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.chat.dispatcher import REQUEST_ID
from storage.database.base import outage
from storage.database.faults import ClosedError

QUIET = ("httpx", "httpcore", "telegram", "discord", "aiosqlite", "alembic", "asyncio")
"""Libraries whose INFO tells addresses with tokens in them, or what nobody at 3 a.m. wants to read."""


NO_CONCERN = ("PyNaCl is not installed", "davey is not installed", "Guilds intent seems to be disabled")
"""Beginnings of what discord.py warns of at each start and nobody needs to mend: there is no voice, and no cache."""


def _of_concern(record: logging.LogRecord) -> bool:
    """Whether a library's line says anything to an operator."""
    return not record.getMessage().startswith(NO_CONCERN)


def _with_request(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the request that a line is about."""
    request_id = REQUEST_ID.get()
    return event if request_id is None else {**event, "request": request_id}


def _but_for_the_end(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave out what failed only because the bot is shutting down."""
    failed = event.get("exc_info")
    if isinstance(sys.exception() if failed is True else failed, ClosedError):
        raise structlog.DropEvent
    return event


def _outage_in_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Say what the database says of itself in place of a trace, which tells nothing of one that is away or full."""
    failed = event.get("exc_info")
    error = sys.exception() if failed is True else failed
    said = outage(error) if isinstance(error, BaseException) else None
    if said is None:
        return event
    return {"error": said} | {name: value for name, value in event.items() if name != "exc_info"}


class _Redact:
    """Blackens secrets in a finished line, so that it does not matter where in it a library has put them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        plain = [text for secret in secrets if secret for text in (secret, repr(secret)[1:-1])]
        written = {form for text in plain for form in (text, json.dumps(text)[1:-1])}
        self._written = sorted(written, key=len, reverse=True)

    def __call__(self, _logger: WrappedLogger, _method: str, rendered: Any) -> str:
        line = str(rendered)
        for secret in self._written:
            line = line.replace(secret, "•••")
        return line


def configure(level: str, style: str, secrets: Iterable[str], stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's logs to `stream` (standard error), JSON or in colours.

    `style` is `json`, `console`, or `auto`: colours where somebody watches, JSON otherwise.
    """
    stream = stream or sys.stderr
    shared: list[Processor] = [
        _with_request,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _renderer(style, watched=stream.isatty()),
            _Redact(secrets),
        ],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.addFilter(_of_concern)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # it warns of each request that is none
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[
            _but_for_the_end,
            _outage_in_words,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )


def _renderer(style: str, *, watched: bool) -> Processor:
    """What makes a line of an event."""
    if style == "json" or (style == "auto" and not watched):
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=watched, exception_formatter=structlog.dev.plain_traceback)
