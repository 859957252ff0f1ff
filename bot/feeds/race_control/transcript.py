"""What race control has said in one session: each line once, whichever source it came from, and how often."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from bot.domain.race_control import Message

MOST_MESSAGES = 10_000
"""Upper bound of messages in a session; the longest real ones have some hundreds."""


class Transcript:
    """Tells new messages from known ones, and gives each an index that no other has.

    A message is known by its second and its text, as OpenF1 does not number messages, and live timing may begin anew.
    One keeps the index that its source gives it as long as that is free; otherwise it gets the next after the highest.
    What is not `known` to begin with comes after all that is, as whoever numbered that may have counted otherwise.
    """

    def __init__(self, known: Iterable[Message] = ()) -> None:
        self._indexes: dict[tuple[dt.datetime, str], int] = {}
        self._said: dict[int, tuple[dt.datetime, str]] = {}
        self._next = self._first_new = 0
        self.take(known)
        self._first_new = self._next

    def take(self, messages: Iterable[Message]) -> tuple[Message, ...]:
        """Those messages that are new, under the index that is theirs from now on."""
        return tuple(taken for message in messages if (taken := self._take(message)) is not None)

    def contradicts(self, message: Message) -> bool:
        """Whether another message is known by its index, and this one is not known at all."""
        return message.index in self._said and _identity(message) not in self._indexes

    def _take(self, message: Message) -> Message | None:
        identity = _identity(message)
        if identity in self._indexes or len(self._indexes) >= MOST_MESSAGES:
            return None
        is_free = message.index >= self._first_new and message.index not in self._said
        index = message.index if is_free else self._next
        self._indexes[identity], self._said[index] = index, identity
        self._next = max(self._next, index + 1)
        return replace(message, index=index)


def _identity(message: Message) -> tuple[dt.datetime, str]:
    return message.at.replace(microsecond=0), message.text
