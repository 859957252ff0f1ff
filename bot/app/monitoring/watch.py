"""Monitoring, where the settings ask for it; without it nothing is measured, and no library for it is loaded."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from bot.app.roles import Roles
from bot.app.settings import Settings
from bot.chat.platform import Adapter, SetUpWronglyError
from bot.measures import UNMEASURED, Measures
from bot.pacing.clock import Clock
from storage.database.base import Reader

if TYPE_CHECKING:
    from bot.app.monitoring.page import Monitoring

log = structlog.get_logger(__name__)


class Watch:
    """One process's monitoring."""

    def __init__(self, settings: Settings, clock: Clock, stopping: Callable[[], bool], roles: Roles) -> None:
        """`stopping` says whether the bot is on its way out, and should be sent nothing more."""
        self._host = settings.health_host
        self._port = settings.health_port
        self._clock = clock
        self._monitoring: Monitoring | None = None
        if self._port is not None:
            from bot.app.monitoring.page import Monitoring as Page  # noqa: PLC0415 - only where somebody watches

            self._monitoring = Page(clock, stopping, roles)

    @property
    def measures(self) -> Measures:
        """Whom the parts of the bot tell how they do."""
        return UNMEASURED if self._monitoring is None else self._monitoring.metrics

    def over(self, adapter: Adapter) -> Adapter:
        """The same platform, its calls measured."""
        if self._monitoring is None:
            return adapter
        from bot.app.monitoring.measured import MeasuredAdapter  # noqa: PLC0415

        return MeasuredAdapter(adapter, self._monitoring.metrics, self._clock)

    def reads(self, reader: Reader) -> None:
        """Watch what is stored there from now on; until then the bot is not ready."""
        if self._monitoring is not None:
            self._monitoring.reader = reader

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Answer whoever watches while this lasts. Raises SetUpWronglyError."""
        async with AsyncExitStack() as stack:
            if self._monitoring is not None and self._port is not None:
                from bot.serving import CannotListenError  # noqa: PLC0415

                try:
                    port = await stack.enter_async_context(self._monitoring.open(self._host, self._port))
                except CannotListenError as error:
                    raise SetUpWronglyError(f"HEALTH_HOST, HEALTH_PORT: {error}") from error
                log.info("monitoring.started", host=self._host, port=port)
            yield
