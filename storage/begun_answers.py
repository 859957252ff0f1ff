"""Which updates are answered by a message: noted before it is sent, many together, as most come at once.

A platform delivers an update again where it does not hear that it was taken. That its answer is begun is committed
first, so it is not answered by a second message then, by whichever process.
"""

from collections.abc import Sequence

from storage.database.base import Database
from storage.database.faults import ClosedError, is_the_databases
from storage.database.group_commit import GroupCommit
from storage.handled_updates import HandledUpdates, Update

ANSWER = " answer"
"""What stands behind an update's id where not what it asks for has been handled, but its answer is on its way."""


class BegunAnswers:
    """Takes note of answers at any time; `run` is the one writer that commits them."""

    def __init__(self, database: Database, handled: HandledUpdates) -> None:
        self._database = database
        self._handled = handled
        self._writer = GroupCommit[Update, bool]("answers", self._note)

    async def run(self) -> None:
        """Note what arrives until it is closed."""
        await self._writer.run()

    async def close(self) -> None:
        """Take nothing more; come back once all that was queued is noted."""
        await self._writer.close()

    async def begin_answer(self, platform: str, update: str) -> bool:
        """Whether a message may be sent as an update's answer: from now on none may, whether or not this one arrives.

        An update without an id may always be answered, and so may each where the database is at fault, or the bot
        about to stop: an answer that may come twice is better than none.
        """
        if not update:
            return True
        try:
            return await self._writer.put((platform, update + ANSWER))
        except ClosedError:
            return True
        except Exception as error:
            if not is_the_databases(error):
                raise
            return True

    async def _note(self, answers: Sequence[Update]) -> Sequence[bool]:
        return await self._database.write(lambda connection: self._handled.first_times(connection, answers))
