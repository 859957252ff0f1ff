"""Each update is taken once, whichever way it came; one that cannot be read costs that one alone."""

from collections.abc import Awaitable, Callable

import structlog

from bot.adapters.telegram.updates import UnreadableError, Update, part, read
from bot.pacing.remembered import Remembered

log = structlog.get_logger(__name__)

TAKEN = 2_000
"""Upper bound of updates that are known by id to have been taken: many answers' worth."""

HandOn = Callable[[Update], Awaitable[None]]


class Intake:
    """Takes updates, as Telegram's JSON says them, and hands on each that is new and of a kind that we asked for."""

    def __init__(self) -> None:
        self._taken: Remembered[int, None] = Remembered(TAKEN)

    def has(self, number: int) -> bool:
        """Whether an update was taken."""
        return number in self._taken

    async def take(self, number: int, update: object, hand_on: HandOn) -> None:
        """Take an update, and come back once it is in hand, or known to be unreadable."""
        kind, content = part(update)
        self.leave(number)  # before anything is awaited, as it may come over two connections at once
        if kind is None:
            return
        try:
            await hand_on(read(number, kind, content))
        except UnreadableError as error:
            log_unreadable(number, kind, str(error))
        except BaseException:  # such as a stop while there was no room for it
            del self._taken[number]
            raise

    def leave(self, number: int) -> None:
        """Count an update as taken that cannot even be asked for."""
        self._taken[number] = None


def log_unreadable(number: int | None, kind: str | None, reason: str) -> None:
    """Tell the operator of an update that costs itself."""
    log.warning("telegram.update_unreadable", update=number, kind=kind, reason=reason)
