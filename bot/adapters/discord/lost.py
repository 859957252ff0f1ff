"""Answers that Discord does not take: an outage is two lines of the log, however many people wait for theirs."""

import structlog

from bot.adapters.discord.internals import Interaction
from bot.pacing.clock import Clock
from bot.pacing.losses import Losses

log = structlog.get_logger(__name__)


class LostAnswers:
    """Tells what is lost of one bot's answers, by what Discord says, over all of its connections."""

    def __init__(self, clock: Clock) -> None:
        self._losses = Losses[tuple[str, int | None, int | None]](clock)

    def look(self) -> None:
        """Tell of what is over by now."""
        for lost in self._losses.over():
            error, status, code = lost.cause
            log.warning(
                "discord.answers_lost",
                answers=lost.number,
                seconds=round(lost.seconds),
                error=error,
                status=status,
                code=code,
            )

    def message(self, interaction: Interaction, command: str, failure: Exception) -> None:
        """The answer to an interaction was lost."""
        self.look()
        error, status, code = type(failure).__name__, getattr(failure, "status", None), getattr(failure, "code", None)
        if self._losses.begins((error, status, code)):
            log.warning(
                "discord.answer_failed", id=interaction.id, command=command, error=error, status=status, code=code
            )
