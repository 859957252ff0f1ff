"""One chat's votes on one poll that come faster than any ordinary crowd's: logged, and counted like all others.

Each process watches the votes that it counts itself.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import structlog

from bot.domain.ballots import Cast, Receipt
from bot.domain.places import ChatKind
from bot.domain.turnout import FLOOD, MINUTE
from bot.pacing.remembered import Remembered

log = structlog.get_logger(__name__)

REMEMBERED = 10_000
"""Upper bound of polls in chats whose latest minute is known."""


class _Minute(NamedTuple):
    """A minute's votes on a poll from a chat, and whether the burst that it is in has been told."""

    minute: int
    votes: int
    told: bool


class Floods:
    """Knows the latest minute of each poll in each chat. Nothing that is cast is dropped, held back or judged here."""

    def __init__(self) -> None:
        self._latest: Remembered[tuple[int, int], _Minute] = Remembered(REMEMBERED)

    def watch(self, casts: Sequence[Cast], chat_ids: Sequence[int], receipts: Sequence[Receipt]) -> None:
        """Take note of what was counted; a flood is logged once, however many minutes on end it lasts.

        A chat is named by its short number alone, a voter not at all. Private chats, and inline messages, are counted
        as one place each, so they are left out: that is everybody's, and no one chat.
        """
        came = Counter(
            (ballot.poll.id, chat_id, at // MINUTE)
            for (ballot, at), chat_id, receipt in zip(casts, chat_ids, receipts, strict=True)
            if receipt.changed and receipt.choice is not None and ballot.chat.kind is ChatKind.GROUP
        )
        for (poll_id, chat_id, minute), votes in came.items():
            if (total := self._flooded(poll_id, chat_id, minute, votes)) is not None:
                ballot = next(ballot for ballot, _at in casts if ballot.poll.id == poll_id)
                poll = {"incident": ballot.poll.incident_id, "question": ballot.poll.question}
                log.warning("poll.flooded", **poll, chat=chat_id, votes=total, within_seconds=MINUTE)

    def _flooded(self, poll_id: int, chat_id: int, minute: int, votes: int) -> int | None:
        """Add votes to a minute; its votes where they have become a flood that was not told yet, None otherwise."""
        before = self._latest.get((poll_id, chat_id), _Minute(minute, 0, told=False))
        if before.minute != minute:
            goes_on = before.votes >= FLOOD and before.minute == minute - 1
            before = _Minute(minute, 0, told=goes_on)
        total = before.votes + votes
        is_new = total >= FLOOD and not before.told
        self._latest[poll_id, chat_id] = _Minute(minute, total, before.told or is_new)
        return total if is_new else None
