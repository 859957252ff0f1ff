"""Keeping a platform running: whatever ends it, it is started again, and never takes another one down."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog

from bot.chat.platform import Adapter, TokenRefusedError

log = structlog.get_logger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
SETTLED = 60.0
"""Seconds after which a connection counts as good, and the next pause is a short one again."""


async def supervise(
    adapter: Adapter,
    *,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    clock: Callable[[], float] = monotonic,
) -> None:
    """Run an adapter until cancelled, with pauses that double while it keeps failing."""
    pause = FIRST_PAUSE
    while True:
        started, ending = clock(), "it stopped by itself"
        try:
            await adapter.run()
        except TokenRefusedError as refused:
            log.error(str(refused), platform=adapter.platform, again_in=LONGEST_PAUSE)  # noqa: TRY400 - no trace: the sentence says it all
            await sleep(LONGEST_PAUSE)
            continue
        except Exception as error:
            ending = repr(error)
        if clock() - started > SETTLED:
            pause = FIRST_PAUSE
        log.warning("platform lost", platform=adapter.platform, error=ending, again_in=pause)
        await sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
