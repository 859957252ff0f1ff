"""One chat's votes on one poll that come faster than any ordinary crowd's: logged, and counted like all others.

Each process watches the votes that it counts itself.
"""

from collections.abc import Sequence
from heapq import nlargest
from typing import TypeAlias

import structlog

from bot.domain.ballots import Cast, Receipt
from bot.domain.places import ChatKind
from bot.domain.polls import Poll
from bot.domain.turnout import FLOOD, MINUTE

log = structlog.get_logger(__name__)

REMEMBERED = 10_000
"""Upper bound of polls in chats whose votes of the minute are known after a batch; the busiest are kept."""

_Place: TypeAlias = tuple[int, int]
"""The ids of a poll and of a chat."""


class Floods:
    """Knows this minute's votes on each poll in each chat. Nothing that is cast is dropped, held back or judged here.

    Plain dictionaries, as every vote is written down in one.
    """

    def __init__(self) -> None:
        self._minute = 0
        self._votes: dict[_Place, int] = {}
        self._flooded: set[_Place] = set()
        """Where the minute before was a flood, which goes on where this one is."""

    def watch(self, casts: Sequence[Cast], chat_ids: Sequence[int], receipts: Sequence[Receipt]) -> None:
        """Take note of what was counted; a flood is logged once, however many minutes on end it lasts.

        A chat is named by its short number alone, a voter not at all. Private chats, and inline messages, are counted
        as one place each, so they are left out: that is everybody's, and no one chat.
        """
        votes, full = self._votes, dict[_Place, Poll]()
        for ((poll, _choice, _voter, chat, _update), at), chat_id, (choice, changed, *_) in zip(
            casts, chat_ids, receipts, strict=True
        ):
            if at // MINUTE != self._minute:
                self._tell(full)
                votes, full = self._begin(at // MINUTE), {}
            if changed and choice is not None and chat.kind is ChatKind.GROUP:
                place = poll.id, chat_id
                votes[place] = so_far = votes.get(place, 0) + 1
                if so_far == FLOOD:
                    full[place] = poll
        self._tell(full)
        if len(votes) > REMEMBERED:
            self._votes = dict(nlargest(REMEMBERED // 2, votes.items(), key=lambda each: each[1]))

    def _begin(self, minute: int) -> dict[_Place, int]:
        """Begin another minute, with no votes yet; of the one right before it is kept where it was a flood."""
        follows = minute == self._minute + 1
        self._flooded = {place for place, votes in self._votes.items() if votes >= FLOOD} if follows else set()
        self._minute, self._votes = minute, {}
        return self._votes

    def _tell(self, full: dict[_Place, Poll]) -> None:
        """Log the floods that a batch was, or made full, but for those that only go on."""
        for place, poll in full.items():
            if place not in self._flooded:
                what = {"incident": poll.incident_id, "question": poll.question, "chat": place[1]}
                log.warning("poll.flooded", **what, votes=self._votes[place], within_seconds=MINUTE)
