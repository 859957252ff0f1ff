"""Rounds over the messages that show a poll: a page of them is read, counted, and edited where it is behind."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple, TypeAlias

import structlog

from bot.cards.ballot import ballot
from bot.chat.digests import digest
from bot.chat.platform import (
    Adapter,
    ChatGoneError,
    ChatUnseenError,
    NotAllowedError,
    PostGoneError,
    SlowDownError,
    UnreachableError,
)
from bot.chat.replies import Reply
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.domain.polls import Choice, Poll, Question, Tally
from bot.jobs.polls.moving_poll import PAGE, MovingPoll
from bot.jobs.polls.shown_messages import ShownMessages
from bot.jobs.polls.unseen_chats import UnseenChats
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock
from storage.database.failing_work import FailingWork
from storage.polls import Polls
from storage.post_claims import CLAIM
from storage.posts import Posts

log = structlog.get_logger(__name__)

PAUSE = 3.0
"""Seconds between two edits of a message for its votes, at least; what race control says waits for none of them."""

GLANCE = 0.1
"""Seconds between two pages of a walk of which the first needed no edit, as after a restart."""

LONGEST_PAUSE = 300.0
"""Seconds between two tries while a platform cannot be reached, at most."""

BACKOFF = Backoff(first=PAUSE, longest=LONGEST_PAUSE)

AT_ONCE = 8
"""Edits under way on one platform."""

LONGEST_HOLD = CLAIM / 2
"""Seconds from a claim to the edit, at most: soon after another process may take the message over."""

Render: TypeAlias = Callable[[Poll, Chat, Tally | None, Mapping[Question, Tally]], Reply]
"""The poll's message in its chat's language, from the chat's tally (None where there is none) and everyone's.

Everyone's are those of all that is asked about the incident, as a message may show one beside the other.
"""


Chosen: TypeAlias = Callable[[Poll, Collection[User]], Awaitable[Mapping[User, Choice]]]
"""What people have chosen in a poll, of those who have a vote in it."""


class Alone(NamedTuple):
    """By what a message's only reader is known, and what is to be marked as theirs."""

    reader: Callable[[Post], User | None]
    """The one person who reads a message; None where others may."""

    chosen: Chosen


class _Behind(NamedTuple):
    """A message that shows something else than it should."""

    post: Post
    reply: Reply
    shown: int
    """The digest of what it should show."""


class Rounds:
    """Brings the messages of moving polls up to date, each poll on each platform by itself."""

    def __init__(
        self,
        polls: Polls,
        posts: Posts,
        messages: ShownMessages,
        adapters: Mapping[Platform, Adapter],
        render: Render,
        alone: Alone,
        clock: Clock,
        backoff: Backoff,
    ) -> None:
        self._polls = polls
        self._posts = posts
        self._messages = messages
        self._adapters = adapters
        self._render = render
        self._alone = alone
        self._clock = clock
        self._backoff = backoff
        self._unseen = UnseenChats(clock)
        self.to_try_again: asyncio.Queue[tuple[Chat, float]] = asyncio.Queue()
        """Chats that could not be seen, each with the seconds after which it is to be tried again."""

        self._walks = FailingWork[int]()
        self._edits = FailingWork[tuple[int, Platform]]()
        self._slots = {platform: asyncio.Semaphore(AT_ONCE) for platform in Platform}

    async def follow(self, moving: MovingPoll) -> None:
        """Round after round, one page of messages each, until all show the last state."""
        before: int | None = None
        while moving.again or moving.pressed or before is not None:
            if before is None or moving.news:
                moving.begin()
                before = None
            try:
                before = await self._round(moving, before)
                self._walks.ends(moving.poll.id)
            except Exception as error:
                if self._walks.begins(moving.poll.id, error):
                    log.exception("tally_board.round_failed", poll=moving.poll.incident_id, platform=moving.platform)
                moving.again, moving.failures = True, moving.failures + 1
                await self._clock.sleep(self._pause(moving))

    async def _round(self, moving: MovingPoll, before: int | None) -> int | None:
        """Bring the pressed messages and one page of the others up to date; say where the next page starts."""
        first = dict.fromkeys(moving.take_pressed())
        page = await self._posts.showing(moving.poll, moving.platform, before, PAGE)
        stored = {each.post: each.shown for each in page}
        others = self._messages.newest(moving.poll, moving.platform, PAGE) if before is None else []
        behind = await self._behind(moving.poll, [*first | dict.fromkeys([*stored, *others])], stored)
        more = len(page) == PAGE
        behind = await self._claimed(moving, behind)
        claimed_at = self._clock.monotonic()
        edits = []
        async with asyncio.TaskGroup() as group:
            if not moving.hurries(more=more):
                pause = self._pause(moving) if behind or not more else GLANCE
                moving.pause = group.create_task(self._clock.sleep(pause))
            edits = [group.create_task(self._edit(moving, each, claimed_at)) for each in behind]
        moving.failures = 0 if all(edit.result() for edit in edits) else moving.failures + 1
        return page[-1].number if more else None

    def _pause(self, moving: MovingPoll) -> float:
        """Seconds until a poll's next round, longer while the platform cannot be reached."""
        return max(PAUSE, self._backoff.after(moving.failures + 1))

    async def _behind(self, poll: Poll, posts: list[Post], stored: Mapping[Post, int | None]) -> list[_Behind]:
        """Those of these messages that show something else than they should."""
        here, everyone = await self._tallies(poll, posts)
        alone = {post: reader for post in posts if (reader := self._alone.reader(post)) is not None}
        chosen = await self._alone.chosen(poll, alone.values()) if alone else {}
        behind = []
        for post in posts:
            reply = self._render(poll, post.chat, here.get(post), everyone)
            if post in alone:
                reply = replace(reply, chosen=ballot(poll, chosen.get(alone[post]))).seen_alone
            known = stored[post] if post in stored else self._messages.digest(post)
            if (shown := digest(reply.card, reply.marked)) != known and not self._unseen.is_resting(post.chat):
                behind.append(_Behind(post, reply, shown))
        return behind

    async def _claimed(self, moving: MovingPoll, behind: list[_Behind]) -> list[_Behind]:
        """Those of the messages that this process has to edit; the walk is repeated for what others have in hand.

        What they write may have been counted before our vote.
        """
        if not behind:
            return []
        claimed = await self._messages.claim({each.post: each.shown for each in behind}, moving.poll)
        moving.again = moving.again or bool(claimed.others)
        return [each for each in behind if each.post in claimed.ours]

    async def _tallies(self, poll: Poll, posts: Iterable[Post]) -> tuple[dict[Post, Tally], Mapping[Question, Tally]]:
        groups = {post: post.chat for post in posts if post.chat.kind is ChatKind.GROUP}
        here = await self._polls.tallies_in(poll, list(dict.fromkeys(groups.values())))
        return {post: here[chat] for post, chat in groups.items()}, await self._polls.answers(poll.incident_id)

    async def _edit(self, moving: MovingPoll, behind: _Behind, claimed_at: float) -> bool:
        """Edit a message unless it shows something else by now; whether the platform could be reached."""
        post = behind.post
        async with self._slots[moving.platform]:
            if moving.news or self._messages.is_anothers(post, moving.poll):
                return True  # it is another walk's, or another poll's
            if self._clock.monotonic() - claimed_at > LONGEST_HOLD:
                moving.again = True
                return True
            try:
                await self._adapters[moving.platform].edit(post, behind.reply)
                self._messages.edited(post, moving.poll, behind.shown)
                self._unseen.seen(post.chat)
                self._edits.ends((moving.poll.id, moving.platform))
            except (PostGoneError, NotAllowedError):
                await self._messages.forget(post)
            except ChatUnseenError:
                await self._out_of_sight(post)
            except ChatGoneError:
                await self._messages.forget_chat(post.chat)
                await self._messages.forget(post)
            except SlowDownError as slow:
                self._messages.unedited(post, moving.poll)
                moving.again = True
                await self._clock.sleep(min(slow.seconds, LONGEST_PAUSE))
            except UnreachableError:
                self._messages.unedited(post, moving.poll)
                moving.again = True
                return False
            except Exception as error:
                self._messages.unedited(post, moving.poll)
                if self._edits.begins((moving.poll.id, moving.platform), error):
                    log.exception("tally_board.edit_failed", platform=moving.platform, poll=moving.poll.incident_id)
            return True

    async def _out_of_sight(self, post: Post) -> None:
        """Leave a chat alone for a while that cannot be seen; forget its messages once it must be gone."""
        pause = self._unseen.tried(post.chat)
        if pause is not None:
            self.to_try_again.put_nowait((post.chat, pause))
            return
        await self._messages.forget_chat(post.chat)
        await self._messages.forget(post)
