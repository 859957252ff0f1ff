"""Keeping a platform running: whatever ends it, it is started again, and never takes another one down."""

import structlog

from bot.chat.platform import Adapter, SetUpWronglyError, TokenRefusedError
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock

log = structlog.get_logger(__name__)

RESTARTS = Backoff(first=1, longest=300)
"""Between the runs of an adapter that keeps failing, in seconds; a refused token waits the longest at once."""

SETTLED = 60.0
"""Seconds after which a connection counts as good, and the next wait is the first one again."""


async def supervise(adapter: Adapter, clock: Clock, restarts: Backoff = RESTARTS) -> None:
    """Run an adapter until cancelled, with waits that double while it keeps failing.

    Raises SetUpWronglyError where trying again would be in vain.
    """
    failures = 0
    while True:
        started, ending = clock.monotonic(), "it stopped by itself"
        try:
            await adapter.run()
        except TokenRefusedError as refused:
            # No trace: the sentence says it all.
            log.error(  # noqa: TRY400
                "platform.token_refused", platform=adapter.platform, problem=str(refused), again_in=restarts.longest
            )
            await clock.sleep(restarts.longest)
            continue
        except SetUpWronglyError as wrong:
            log.error("platform.set_up_wrongly", platform=adapter.platform, problem=str(wrong))  # noqa: TRY400
            raise
        except Exception as error:
            ending = repr(error)
        if clock.monotonic() - started > SETTLED:
            failures = 0
        failures += 1
        wait = restarts.after(failures)
        log.warning("platform.lost", platform=adapter.platform, error=ending, again_in=wait)
        await clock.sleep(wait)
