"""Who may see how a poll stands: where polls are blind, whoever has voted, and everybody once it is closed there."""

from bot.domain.places import Chat, ChatKind, User
from bot.domain.polls import Poll
from bot.pacing.remembered import Remembered
from storage.chat_rows import Key, key
from storage.chats import Chats
from storage.voters import Voters

REMEMBERED = 10_000
"""Upper bound of polls and private chats of which it is known that the person has voted."""


class HiddenTallies:
    """Answers for messages, and for people.

    A message in a group is the same for everybody, so how an open poll stands is not in it. A private chat's is for one
    person: it shows that once they have voted, which is in memory from when it was shown or pressed there.
    """

    def __init__(self, chats: Chats, voters: Voters) -> None:
        self._chats = chats
        self._voters = voters
        self._voted: Remembered[tuple[Key, int], None] = Remembered(REMEMBERED)

    def in_chat(self, chat: Chat, poll: Poll) -> bool:
        """Whether a message that all of a chat can read must not show how a poll stands."""
        preferences = self._chats.preferences(chat)
        return preferences.blind and poll.id not in preferences.closed and (key(chat), poll.id) not in self._voted

    async def in_answer(self, chat: Chat, poll: Poll, user: User) -> bool:
        """The same of the answer to somebody's question in a chat."""
        hidden = self.in_chat(chat, poll)
        if not hidden or chat.kind is not ChatKind.PRIVATE:
            return hidden
        voted = await self.has_voted(poll, user)
        self.note(chat, poll, voted=voted)
        return not voted

    async def has_voted(self, poll: Poll, user: User) -> bool:
        """Whether somebody has a vote in a poll."""
        return await self._voters.has_voted(self._voters.pseudonym(user), poll)

    def note(self, chat: Chat, poll: Poll, *, voted: bool) -> None:
        """Take note of whether the person of a private chat has a vote; of another chat's people nothing is noted."""
        if chat.kind is not ChatKind.PRIVATE:
            return
        if voted:
            self._voted[key(chat), poll.id] = None
        else:
            self._voted.pop((key(chat), poll.id), None)
