"""The messages that show polls, each as its chat wants it: its language, its delay, its spoilers."""

from collections.abc import Callable, Mapping

from bot.cards.poll import poll_reply
from bot.cards.public_pages import PublicPages
from bot.cards.verdict import verdict_reply
from bot.chat.replies import Reply
from bot.domain.noted_incidents import as_seen, tells_result
from bot.domain.places import Chat, ChatKind
from bot.domain.polls import Poll, Question, Tally
from bot.i18n import speaking
from bot.pacing.clock import Clock
from bot.search.catalogue import Incidents
from storage.chats import Chats
from storage.polls import Polls


class PollMessages:
    """What a poll's message shows by now."""

    def __init__(
        self,
        incidents: Incidents,
        polls: Polls,
        chats: Chats,
        language: Callable[[Chat], str | None],
        hidden: Callable[[Chat, Poll], bool],
        clock: Clock,
        pages: PublicPages,
    ) -> None:
        """`hidden` says whether how a poll stands is hidden in a chat."""
        self._incidents = incidents
        self._polls = polls
        self._chats = chats
        self._language = language
        self._hidden = hidden
        self._clock = clock
        self._pages = pages

    def render(self, poll: Poll, chat: Chat, here: Tally | None, everyone: Mapping[Question, Tally]) -> Reply:
        """The message in a chat, from the chat's tally (None where it has none) and everyone's. Raises LookupError."""
        incident = self._incidents.get(poll.incident_id)
        if incident is None:
            raise LookupError(poll.incident_id)
        preferences, hidden = self._chats.preferences(chat), self._is_hidden(chat, poll)
        shown = as_seen(incident, self._clock.now(), preferences.delay_seconds)
        # Of an inline message nobody knows who reads it.
        unknown = chat.kind is ChatKind.ELSEWHERE
        veiled = tells_result(shown) and (unknown or preferences.veiled)
        with speaking(self._language(chat)):
            if poll.question is Question.RATING:
                # Who asked for the verdict has seen a ruling, however late the chat's pictures are.
                ruled = incident if shown.ruling is None else shown
                reply = verdict_reply(ruled, everyone, poll, here, hidden=hidden, veiled=veiled)
                return self._pages.linked(reply)
            closed = poll.id in preferences.closed
            tally = everyone[poll.question]
            return self._pages.linked(poll_reply(shown, poll, here, tally, hidden=hidden, closed=closed, veiled=veiled))

    def _is_hidden(self, chat: Chat, poll: Poll) -> bool:
        """Whether the votes on blame are hidden in a chat, by a poll on the incident; ratings are shown always."""
        blame = self._polls.get(poll.incident_id)
        return blame is not None and self._hidden(chat, blame)
