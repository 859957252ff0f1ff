"""The moving tally: every message that shows a poll follows its votes, with as few edits as will do."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeAlias

import structlog

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
from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.domain.polls import Poll, Question, Tally
from bot.events import CaseChanged, Events, Missed, PollMoved, PollViewChanged, RulingMade, Subscription
from bot.jobs.polls.moving_poll import PAGE, MovingPoll
from bot.jobs.polls.unseen_chats import UnseenChats
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from storage.polls import Polls
from storage.posts import Posts

log = structlog.get_logger(__name__)

PAUSE = 3.0
"""Seconds between two edits of a message for its votes, at least; what race control says waits for none of them."""

LONGEST_PAUSE = 300.0
"""Seconds between two tries while a platform cannot be reached, at most."""

BACKOFF = Backoff(first=PAUSE, longest=LONGEST_PAUSE)

A_SECOND = 1.0
"""Seconds that are added to a chat's delay, as moments are kept to the second."""

AT_ONCE = 8
"""Edits under way on one platform."""

NO_POLL = 0
"""What a message shows that was turned to another view; no poll has that id."""

ON_ITS_WAY = 120.0
"""Seconds, at most, from the writing of a poll that is pushed to its arrival; it lacks what is said or wished then."""

REMEMBERED = 20_000
"""Upper bound of messages whose last state is known, so that nothing is edited to what it shows already."""

Render = Callable[[Poll, Chat, Tally | None, Mapping[Question, Tally]], Reply]
"""The poll's message in its chat's language, from the chat's tally (None where there is none) and everyone's.

Everyone's are those of all that is asked about the incident, as a message may show one beside the other.
"""


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
        events: Events,
        clock: Clock,
        backoff: Backoff = BACKOFF,
        delays: Callable[[], Collection[int]] = tuple,
    ) -> None:
        """`delays` are the seconds by which some chats are shown later what race control says."""
        self._polls = polls
        self._posts = posts
        self._adapters = adapters
        self._render = render
        self._moves: Subscription[Move] = events.subscribe(PollMoved, CaseChanged, RulingMade, PollViewChanged)
        self._clock = clock
        self._backoff = backoff
        self._delays = delays
        self._moving: dict[tuple[int, Platform], MovingPoll] = {}
        self._wake = asyncio.Event()
        self._shown: Remembered[Post, int] = Remembered(REMEMBERED)
        self._known: Remembered[Post, int] = Remembered(REMEMBERED)
        self._unstored: dict[Post, Poll | None] = {}
        self._ever_shown: set[int] = set()
        self._said: Remembered[str, float] = Remembered(REMEMBERED)
        self._viewed: Remembered[Chat, float] = Remembered(REMEMBERED)
        self._unseen = UnseenChats(clock)
        self._later: asyncio.Queue[tuple[Chat, float]] = asyncio.Queue()
        self._slots = {platform: asyncio.Semaphore(AT_ONCE) for platform in Platform}

    def posted(self, post: Post, reply: Reply) -> None:
        """Take note of what a message of ours shows from now on."""
        poll = self._polls.get(reply.poll, reply.question) if reply.poll is not None else None
        if poll is not None:
            self._learn(post, poll)
            self._shown[post] = hash(reply.card)
        elif reply.replace:
            self._known[post] = NO_POLL
            self._shown.pop(post, None)
            self._store_later(post, None)

    def delivered(self, post: Post, reply: Reply) -> None:
        """Take note of what a message shows that was pushed; that it is there is stored with its delivery."""
        poll = self._polls.get(reply.poll, reply.question) if reply.poll is not None else None
        if poll is not None:
            self._known[post], self._shown[post] = poll.id, hash(reply.card)
            self._ever_shown.add(poll.id)
            if self._is_recent(self._said.get(poll.incident_id)) or self._is_recent(self._viewed.get(post.chat)):
                self._touch(poll, post)  # it may have been written before that was said, or wished

    def _is_recent(self, moment: float | None) -> bool:
        """Whether something happened while a message that arrives now may have been on its way."""
        return moment is not None and self._clock.monotonic() - moment < ON_ITS_WAY

    async def run(self) -> None:
        """Follow the votes until cancelled; begins with what may have moved while nobody was looking."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen(group))
                group.create_task(self._look_again(group))
                shown = await self._posts.polls_shown()
                self._ever_shown |= shown
                for poll in self._polls.of_ids(shown):
                    self._touch(poll)
                while True:
                    await self._store_what_is_shown()
                    for moving in self._moving.values():
                        if not moving.followed:
                            moving.followed = True
                            group.create_task(self._follow(moving))
                    await self._wake.wait()
                    self._wake.clear()
        finally:
            await self._store_what_is_shown()

    async def _listen(self, group: asyncio.TaskGroup) -> None:
        """Let polls follow as they move; those of a running session once more for each delay that a chat chose."""
        async for event in self._moves:
            if isinstance(event, Missed):
                for each in self._polls.of_ids(self._ever_shown):
                    self._touch(each)
            elif isinstance(event, PollViewChanged):
                self._viewed[event.chat] = self._clock.monotonic()
                for each in await self._shown_in(event.chat):
                    self._touch(each)
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
            elif poll.id in self._ever_shown:
                self._touch(poll, news=news)

    async def _touch_later(self, incident_id: str, seconds: int) -> None:
        await self._clock.sleep(seconds + A_SECOND)
        self._moved(incident_id)

    async def _look_again(self, group: asyncio.TaskGroup) -> None:
        """Let what chats show that could not be seen follow once it is time to try them again."""
        while True:
            chat, seconds = await self._later.get()
            group.create_task(self._touch_chat_later(chat, seconds))

    async def _touch_chat_later(self, chat: Chat, seconds: float) -> None:
        await self._clock.sleep(seconds)
        for each in await self._shown_in(chat):
            self._touch(each)

    async def _shown_in(self, chat: Chat) -> list[Poll]:
        """The polls that messages in a chat show; those of a private chat are in memory alone."""
        shown = {poll for post, poll in self._known.items() if post.chat == chat}
        try:
            shown.update(await self._posts.shown_in(chat))
        except Exception:
            log.exception("tally_board.posts_not_read", platform=chat.platform)
        return self._polls.of_ids(shown)

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
                moving.pressed[pressed] = None
        # Who presses late may still see the buttons of what a message showed before: what it was turned to stands.
        if pressed is not None and pressed not in self._known:
            self._learn(pressed, poll)

    def _learn(self, post: Post, poll: Poll) -> None:
        self._known[post] = poll.id
        self._ever_shown.add(poll.id)
        self._store_later(post, poll)

    def _store_later(self, post: Post, poll: Poll | None) -> None:
        """Have it stored which poll a message shows, or that it shows none any more.

        A private chat's number, and for whom alone in a group a message is, is a person's: that is not kept.
        """
        if post.chat.kind is not ChatKind.PRIVATE and not post.only_for:
            self._unstored[post] = poll
            self._wake.set()

    async def _store_what_is_shown(self) -> None:
        unstored, self._unstored = self._unstored, {}
        for post, poll in unstored.items():
            try:
                await (self._posts.forget(post) if poll is None else self._posts.remember(poll, post))
            except Exception:
                self._known.pop(post, None)
                log.exception("tally_board.post_not_stored", platform=post.chat.platform)

    async def _follow(self, moving: MovingPoll) -> None:
        """Round after round, one page of messages each, until all show the last state."""
        before: int | None = None
        while moving.again or moving.pressed or before is not None:
            if before is None or moving.news:
                moving.begin()
                before = None
            try:
                before = await self._round(moving, before)
            except Exception:
                log.exception("tally_board.round_failed", poll=moving.poll.incident_id, platform=moving.platform)
                moving.again, moving.failures = True, moving.failures + 1
                await self._clock.sleep(self._pause(moving))
        del self._moving[moving.poll.id, moving.platform]

    async def _round(self, moving: MovingPoll, before: int | None) -> int | None:
        """Bring the pressed messages and one page of the others up to date; say where the next page starts."""
        pressed = moving.take_pressed()
        page = await self._posts.showing(moving.poll, before, PAGE)
        private = self._newest(moving, ChatKind.PRIVATE) if before is None else []
        unstored = self._newest(moving, ChatKind.GROUP) if before is None else []
        candidates = dict.fromkeys([*pressed, *private, *(post for _, post in page), *unstored])
        posts = [post for post in candidates if post.chat.platform is moving.platform]
        here, everyone = await self._tallies(moving.poll, posts)
        edits = []
        async with asyncio.TaskGroup() as group:
            if not moving.hurries(more=len(page) == PAGE):
                moving.pause = group.create_task(self._clock.sleep(self._pause(moving)))
            for post in posts:
                reply = self._render(moving.poll, post.chat, here.get(post), everyone)
                if self._shown.get(post) != hash(reply.card):
                    edits.append(group.create_task(self._edit(moving, post, reply)))
        moving.failures = 0 if all(edit.result() for edit in edits) else moving.failures + 1
        return page[-1][0] if len(page) == PAGE else None

    def _pause(self, moving: MovingPoll) -> float:
        """Seconds until a poll's next round, longer while the platform cannot be reached."""
        return max(PAUSE, self._backoff.after(moving.failures + 1))

    def _newest(self, moving: MovingPoll, kind: ChatKind) -> list[Post]:
        """The newest messages in a kind of chat on a platform that show a poll, as far as they are in memory.

        Those in private chats are nowhere else, and those in groups may not be stored yet.
        """
        known = (post for post, shown in self._known.items() if shown == moving.poll.id)
        here = [post for post in known if post.chat.platform is moving.platform and post.chat.kind is kind]
        return here[-PAGE:]

    async def _tallies(self, poll: Poll, posts: Iterable[Post]) -> tuple[dict[Post, Tally], Mapping[Question, Tally]]:
        groups = {post: post.chat for post in posts if post.chat.kind is ChatKind.GROUP}
        here = await self._polls.tallies_in(poll, list(dict.fromkeys(groups.values())))
        return {post: here[chat] for post, chat in groups.items()}, await self._polls.answers(poll.incident_id)

    async def _edit(self, moving: MovingPoll, post: Post, reply: Reply) -> bool:
        """Edit a message unless it shows something else by now; whether the platform could be reached."""
        async with self._slots[moving.platform]:
            if moving.news or self._known.get(post, moving.poll.id) != moving.poll.id:
                return True  # it is another walk's, or another poll's
            if self._unseen.is_resting(post.chat):
                return True
            try:
                await self._adapters[moving.platform].edit(post, reply)
                self._shown[post] = hash(reply.card)
                self._unseen.seen(post.chat)
            except (PostGoneError, NotAllowedError):
                await self._forget(post)
            except ChatUnseenError:
                await self._out_of_sight(post)
            except ChatGoneError:
                await self._posts.forget_chat(post.chat)
                await self._forget(post)
            except SlowDownError as slow:
                moving.again = True
                await self._clock.sleep(min(slow.seconds, LONGEST_PAUSE))
            except UnreachableError:
                moving.again = True
                return False
            except Exception:
                log.exception("tally_board.edit_failed", platform=moving.platform, poll=moving.poll.incident_id)
            return True

    async def _out_of_sight(self, post: Post) -> None:
        """Leave a chat alone for a while that cannot be seen; forget its messages once it must be gone."""
        pause = self._unseen.tried(post.chat)
        if pause is not None:
            self._later.put_nowait((post.chat, pause))
            return
        await self._posts.forget_chat(post.chat)
        await self._forget(post)

    async def _forget(self, post: Post) -> None:
        self._known.pop(post, None)
        self._shown.pop(post, None)
        if not post.only_for:
            await self._posts.forget(post)
