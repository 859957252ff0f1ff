"""The messages that show polls, each in its chat's language."""

from collections.abc import Callable

from bot.cards.poll import poll_reply
from bot.chat.replies import Reply
from bot.domain.places import Chat
from bot.domain.polls import Poll, Tally
from bot.i18n import speaking
from bot.search.catalogue import Incidents


class PollMessages:
    """What a poll's message shows by now."""

    def __init__(
        self,
        incidents: Incidents,
        language: Callable[[Chat], str | None],
        hidden: Callable[[Chat, Poll], bool],
        closed: Callable[[Chat, int], bool],
    ) -> None:
        """`hidden` and `closed` say of a chat and a poll, or its id, how it is shown there."""
        self._incidents = incidents
        self._language = language
        self._hidden = hidden
        self._closed = closed

    def render(self, poll: Poll, chat: Chat, here: Tally | None, everyone: Tally) -> Reply:
        """The message in a chat, from the chat's tally (None where it has none) and everyone's. Raises LookupError."""
        incident = self._incidents.get(poll.incident_id)
        if incident is None:
            raise LookupError(poll.incident_id)
        hidden, closed = self._hidden(chat, poll), self._closed(chat, poll.id)
        with speaking(self._language(chat)):
            return poll_reply(incident, poll, here, everyone, hidden=hidden, closed=closed)
