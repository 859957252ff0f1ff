"""Who voted, as far as that is kept."""

from dataclasses import dataclass

from bot.domain.places import Chat
from bot.domain.polls import Question


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted of a voter: how many votes, and whether what their chat is told as well."""

    votes: int
    chat: bool


@dataclass(frozen=True, slots=True)
class KeptVote:
    """What is kept of a vote; `cast_at` in seconds since 1970, private chats all called `private`."""

    incident_id: str
    question: Question
    choice: str
    chat: Chat
    cast_at: int
    after_ruling: bool
    """Whether the ruling was known when it was cast."""
