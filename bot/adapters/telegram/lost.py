"""Answers that Telegram does not take: an outage is two lines of the log, however many people wait for theirs."""

import structlog

from bot.adapters.telegram.api.errors import RefusedError
from bot.adapters.telegram.retry import TooLateError
from bot.adapters.telegram.updates import Message, Press, Update
from bot.chat.platform import ChatGoneError, NotAllowedError, PostGoneError, SlowDownError, UnreachableError
from bot.pacing.clock import Clock
from bot.pacing.losses import Losses

log = structlog.get_logger(__name__)

UNDELIVERED = (ChatGoneError, NotAllowedError, PostGoneError, SlowDownError, UnreachableError, TooLateError)
"""What becomes of an answer that Telegram does not take."""

THE_CALLS = (RefusedError, ChatGoneError, NotAllowedError, PostGoneError)
"""What one answer is refused for, while others are taken: each reason is told by itself, and each chat's."""


class LostAnswers:
    """Tells what is lost of one bot's answers: to Telegram as a whole, and what single chats do not let it say."""

    def __init__(self, clock: Clock) -> None:
        self._losses = Losses[tuple[str, ...]](clock)
        self._refused = Losses[tuple[str, str]](clock)
        """What was for one person's eyes alone, which they may be shown in another way."""

    def look(self) -> None:
        """Tell of what is over by now."""
        for lost in self._losses.over():
            log.warning("telegram.answers_lost", answers=lost.number, seconds=round(lost.seconds), reason=lost.cause[0])

        self._refused.over()  # nothing was lost

    def not_shown_alone(self, error: Exception) -> None:
        """A message for one person's eyes alone was refused: they are answered in another way."""
        self.look()
        if self._refused.begins(("shown", reason := type(error).__name__)):
            log.info("telegram.ephemeral_refused", reason=reason)

    def not_changed_alone(self, error: Exception) -> None:
        """A message for one person's eyes alone was not changed: with the next vote it is tried again."""
        self.look()
        if self._refused.begins(("changed", reason := type(error).__name__)):
            log.info("telegram.ephemeral_not_changed", reason=reason)

    def message(self, update: Update, error: Exception) -> None:
        """An update's answer was lost."""
        self.look()
        if self._losses.begins(_cause(error, _chat(update))):
            log.warning("telegram.answer_failed", update=update.id, reason=repr(error))

    def query(self, error: Exception) -> None:
        """The answer to a press, or to what was typed after our name, was lost."""
        self.look()
        if self._losses.begins(_cause(error, "query")):
            log.warning("telegram.query_unanswered", reason=str(error))


def _cause(error: Exception, where: str) -> tuple[str, ...]:
    """What is behind a loss: Telegram, so that it fails for all, or a reason in one place."""
    kind = type(error).__name__
    return (kind, str(error), where) if isinstance(error, THE_CALLS) else (kind,)


def _chat(update: Update) -> str:
    """The chat that an update is of; empty where Telegram does not say, as of what is inline."""
    match update.content:
        case Message(chat=chat) | Press(message=Message(chat=chat)):
            return str(chat.id)
    return ""
