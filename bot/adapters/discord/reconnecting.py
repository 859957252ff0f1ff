"""Outages of Discord's gateway: a line as one begins, and one as it ends; the library logs a trace at each attempt."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.pacing.outages import Outages
from bot.unreached import unreached

log = structlog.get_logger(__name__)

ONE, SEVERAL = "discord.client", "discord.shard"
"""The library's loggers where there is one connection, and where there are several."""

ATTEMPTS = ("Attempting a reconnect", "Failed to connect for shard_id")
"""How the library begins to say that a connection failed, and will be tried again."""


class Reconnecting(logging.Filter):
    """Tells of the outages of one bot's connections to the gateway, in place of the library."""

    def __init__(self) -> None:
        super().__init__()
        self._outages = Outages[int | None]()
        """By the number of the shard; None where there is one connection."""

    @contextmanager
    def told(self) -> Iterator[None]:
        """Hear what the library says while this lasts."""
        loggers = [logging.getLogger(name) for name in (ONE, SEVERAL)]
        for each in loggers:
            each.addFilter(self)
        try:
            yield
        finally:
            for each in loggers:
                each.removeFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the library's own line is logged: not that of an attempt, of which the first is told."""
        if not str(record.msg).startswith(ATTEMPTS):
            return True
        shard = record.args[0] if record.name == SEVERAL and isinstance(record.args, tuple) else None
        number = shard if isinstance(shard, int) else None
        if self._outages.begins(number):
            error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
            log.warning("discord.gateway_lost", shard=number, reason=unreached(error or ConnectionError()))
        return False

    def back(self, shard: int | None = None) -> None:
        """A connection is there, or there again."""
        if self._outages.ends(shard):
            log.info("discord.gateway_resumed", shard=shard)

    def failed(self) -> None:
        """All of it has ended, which whoever runs it tells: once it is back, that is told here."""
        self._outages.begins(None)
