"""The moving tally: every message that shows a poll follows its votes, with as few edits as will do."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

import structlog

from bot.chat.digests import digest
from bot.chat.platform import Adapter
from bot.chat.replies import Reply
from bot.domain.places import Chat, Platform, Post
from bot.domain.polls import Poll, Question
from bot.events import CaseChanged, Events, Missed, PollMoved, PollViewChanged, RulingMade, Subscription
from bot.jobs.polls.moving_poll import MovingPoll
from bot.jobs.polls.rounds import BACKOFF, Alone, Render, Rounds
from bot.jobs.polls.shown_messages import ShownMessages
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from bot.pacing.remembered import Remembered
from storage.polls import Polls
from storage.posts import Posts

log = structlog.get_logger(__name__)

A_SECOND = 1.0
"""Seconds that are added to a chat's delay, as moments are kept to the second."""

ON_ITS_WAY = 120.0
"""Seconds, at most, from the writing of a poll that is pushed to its arrival; it lacks what is said or wished then."""

REMEMBERED = 20_000
"""Upper bound of incidents, and of chats, of which it is known when they changed last."""

Move: TypeAlias = PollMoved | CaseChanged | RulingMade | PollViewChanged
"""What a message that shows a poll follows."""


class TallyBoard:
    """Keeps messages and tallies together; what shows in groups is stored, so that it goes on after a restart."""

    def __init__(
        self,
        polls: Polls,
        posts: Posts,
        adapters: Mapping[Platform, Adapter],
        render: Render,
        alone: Alone,
        events: Events,
        clock: Clock,
        backoff: Backoff = BACKOFF,
        delays: Callable[[], Collection[int]] = tuple,
    ) -> None:
        """`alone` says who reads which message alone, and what is to be marked there as their choice.

        `delays` are the seconds by which some chats are shown later what race control says.
        """
        self._polls = polls
        self._adapters = adapters
        self._moves: Subscription[Move] = events.subscribe(PollMoved, CaseChanged, RulingMade, PollViewChanged)
        self._clock = clock
        self._delays = delays
        self._messages = ShownMessages(posts, clock)
        self._rounds = Rounds(polls, posts, self._messages, adapters, render, alone, clock, backoff)
        self._moving: dict[tuple[int, Platform], MovingPoll] = {}
        self._wake = asyncio.Event()
        self._unread = Outages[str]()
        self._said: Remembered[str, float] = Remembered(REMEMBERED)
        self._viewed: Remembered[Chat, float] = Remembered(REMEMBERED)

    def posted(self, post: Post, reply: Reply) -> None:
        """Take note of what a message of ours shows from now on."""
        poll = self._shown_by(reply)
        if poll is not None:
            self._messages.shows(post, poll, digest(reply.card, reply.marked))
        elif reply.replace:
            self._messages.turned(post)

    def delivered(self, post: Post, reply: Reply) -> None:
        """Take note of what a message shows that was pushed; that it is there is stored with its delivery."""
        poll = self._shown_by(reply)
        if poll is not None:
            self._messages.arrived(post, poll, digest(reply.card))
            if self._is_recent(self._said.get(poll.incident_id)) or self._is_recent(self._viewed.get(post.chat)):
                self._touch(poll, post)  # it may have been written before that was said, or wished

    def _shown_by(self, reply: Reply) -> Poll | None:
        return self._polls.get(reply.poll, reply.question) if reply.poll is not None else None

    def _is_recent(self, moment: float | None) -> bool:
        """Whether something happened while a message that arrives now may have been on its way."""
        return moment is not None and self._clock.monotonic() - moment < ON_ITS_WAY

    async def run(self) -> None:
        """Follow the votes until cancelled; begins with what may have moved while nobody was looking.

        In the end which messages show polls is stored, of those that were pressed last as well.
        """
        async with asyncio.TaskGroup() as storing:  # which ends with this, also where its end is cut off
            storing.create_task(self._messages.run())
            try:
                await self._follow_all()
            finally:
                for event in self._moves.take_now():
                    if isinstance(event, PollMoved):
                        self._moved(event.incident, event.question, event.pressed)
                await self._messages.close()

    async def _follow_all(self) -> None:
        """Let every poll that has moved follow, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(group))
            group.create_task(self._look_again(group))
            await self._touch_all()
            while True:
                for moving in self._moving.values():
                    if not moving.followed:
                        moving.followed = True
                        group.create_task(self._follow(moving))
                await self._wake.wait()
                self._wake.clear()

    async def _follow(self, moving: MovingPoll) -> None:
        await self._rounds.follow(moving)
        del self._moving[moving.poll.id, moving.platform]

    async def _listen(self, group: asyncio.TaskGroup) -> None:
        """Let polls follow as they move; those of a running session once more for each delay that a chat chose."""
        async for event in self._moves:
            if isinstance(event, Missed):
                group.create_task(self._touch_all())
            elif isinstance(event, PollViewChanged):
                self._viewed[event.chat] = self._clock.monotonic()
                group.create_task(self._touch_chat(event.chat))
            elif isinstance(event, PollMoved):
                self._moved(event.incident, event.question, event.pressed)
            else:
                self._said[event.incident] = self._clock.monotonic()
                self._moved(event.incident, news=True)
                for seconds in self._delays():
                    group.create_task(self._touch_later(event.incident, seconds))

    def _moved(
        self,
        incident_id: str,
        question: Question = Question.BLAME,
        pressed: Post | None = None,
        *,
        news: bool = False,
    ) -> None:
        """Let a poll's messages follow, and those of the incident's other poll, which may show its tally as well."""
        for poll in self._polls.on(incident_id):
            if poll.question is question:
                self._touch(poll, pressed, news=news)
            elif poll.id in self._messages.ever_shown:
                self._touch(poll, news=news)

    async def _touch_later(self, incident_id: str, seconds: int) -> None:
        await self._clock.sleep(seconds + A_SECOND)
        self._moved(incident_id)

    async def _look_again(self, group: asyncio.TaskGroup) -> None:
        """Let what chats show that could not be seen follow once it is time to try them again."""
        while True:
            chat, seconds = await self._rounds.to_try_again.get()
            group.create_task(self._touch_chat(chat, seconds))

    async def _touch_all(self) -> None:
        """Let all polls follow that are shown somewhere, by messages of other processes as well."""
        try:
            shown: Collection[int] = await self._messages.polls()
            self._unread.ends("posts")
        except Exception:
            if self._unread.begins("posts"):
                log.exception("tally_board.posts_not_read")
            shown = self._messages.ever_shown
        for each in self._polls.of_ids(shown):
            self._touch(each)

    async def _touch_chat(self, chat: Chat, seconds: float = 0.0) -> None:
        """Let the polls follow that messages in a chat show, so many seconds from now."""
        if seconds:
            await self._clock.sleep(seconds)
        try:
            shown = await self._messages.polls_in(chat)
            self._unread.ends("posts")
        except Exception:
            if self._unread.begins("posts"):
                log.exception("tally_board.posts_not_read", platform=chat.platform)
            return
        for each in self._polls.of_ids(shown):
            self._touch(each)

    def _touch(self, poll: Poll, pressed: Post | None = None, *, news: bool = False) -> None:
        """Let every message that shows a poll follow, the pressed one first; at once where there is news."""
        for platform in self._adapters:
            moving = self._moving.get((poll.id, platform))
            if moving is None:
                moving = self._moving[poll.id, platform] = MovingPoll(poll, platform)
                self._wake.set()
            moving.poll, moving.again = poll, True
            if news:
                moving.hurry()
            if pressed is not None and pressed.chat.platform is platform:
                moving.put_first(pressed)
        if pressed is not None:
            self._messages.pressed(pressed, poll)
