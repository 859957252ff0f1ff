"""What messages show, as far as it is known: in memory those that were met last, in groups stored a moment later."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.domain.polls import Poll
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from storage.database.faults import ClosedError
from storage.database.group_commit import GroupCommit
from storage.post_claims import Claimed
from storage.posts import Edited, Gone, Note, Posts, Shows

if TYPE_CHECKING:
    import asyncio

REMEMBERED = 20_000
"""Upper bound of messages in memory of which it is known which poll they show, and in what state."""

GATHERED = 0.05
"""Seconds for which what is to be stored is gathered for a commit."""

IN_USE = 86_400.0
"""Seconds after which it is stored anew that a message is in use, when one of its buttons is pressed."""

NEW = 60.0
"""Seconds after which a message that was pushed should be stored, with its delivery."""

NO_POLL = 0
"""What a message shows that was turned to another view; no poll has that id."""


class _Known(NamedTuple):
    poll_id: int
    noted_at: float


class ShownMessages:
    """Which message shows which poll, and the digest of what it shows; `run` is the one writer of what is stored.

    A private chat's number, for whom alone in a group a message is, and the id of an inline message, which holds the
    number of whoever posted it, are a person's: they are in memory alone.
    """

    def __init__(self, posts: Posts, clock: Clock) -> None:
        self._posts = posts
        self._clock = clock
        self._known: Remembered[Post, _Known] = Remembered(REMEMBERED)
        self._shown: Remembered[Post, int] = Remembered(REMEMBERED)
        self._polls: set[int] = set()
        self._writer = GroupCommit("posts", self._put_down, GATHERED)

    async def run(self) -> None:
        """Store what messages show until closed."""
        await self._writer.run()

    async def close(self) -> None:
        """Take nothing more; come back once all is stored."""
        await self._writer.close()

    async def polls(self) -> set[int]:
        """The ids of the polls that are shown somewhere, as it was stored before this was asked."""
        stored = await self._writer.in_turn(self._posts.polls_shown)
        self._polls |= stored
        return stored

    @property
    def ever_shown(self) -> Collection[int]:
        """The ids of the polls that some message shows, or has shown."""
        return self._polls

    def shows(self, post: Post, poll: Poll, shown: int | None = None) -> None:
        """A message shows a poll from now on; `shown` is the digest of what it shows, None if that is not known."""
        self.arrived(post, poll, shown)
        self._store(Shows(post, poll, shown))

    def arrived(self, post: Post, poll: Poll, shown: int | None) -> None:
        """A message that was pushed shows a poll; that is stored with its delivery."""
        self._known[post] = _Known(poll.id, self._clock.monotonic())
        self._polls.add(poll.id)
        if shown is not None:
            self._shown[post] = shown

    def turned(self, post: Post) -> None:
        """A message shows something else than a poll from now on."""
        self._known[post] = _Known(NO_POLL, self._clock.monotonic())
        self._shown.pop(post, None)
        self._store(Gone(post))

    def pressed(self, post: Post, poll: Poll) -> None:
        """A button of a message was pressed that showed a poll; what it was turned to meanwhile stands."""
        known = self._known.get(post)
        if known is None or (known.poll_id == poll.id and self._clock.monotonic() - known.noted_at > IN_USE):
            self.shows(post, poll)

    def edited(self, post: Post, poll: Poll, shown: int) -> None:
        """A message was edited to what has this digest."""
        if not self.is_anothers(post, poll):
            self._shown[post] = shown
            self._store(Edited(post, poll, shown))

    async def claim(self, wanted: Mapping[Post, int], poll: Poll) -> Claimed:
        """Of messages, by the digests of what they should show, those that this process has to edit, and no other.

        Those in memory alone are this process's, and so are those that are not stored yet.
        """
        stored = {post: shown for post, shown in wanted.items() if _is_stored(post)}
        alone = wanted.keys() - stored.keys()
        if not stored:
            return Claimed(frozenset(alone), frozenset(), frozenset())
        claimed = await self._writer.in_turn(lambda: self._posts.claims.claim(poll, stored))
        new = {post for post in claimed.unknown if self._is_new(post, poll)}
        for post in claimed.unknown - new:
            self._known.pop(post, None)  # another process has turned it to something else, or found it gone
        for post in claimed.ours:
            if self.is_anothers(post, poll):
                self._known[post] = _Known(poll.id, self._clock.monotonic())
        return claimed._replace(ours=claimed.ours | alone | new, unknown=claimed.unknown - new)

    def _is_new(self, post: Post, poll: Poll) -> bool:
        """Whether a message shows a poll that may not be stored yet, as its delivery is not."""
        known = self._known.get(post)
        return known is not None and known.poll_id == poll.id and self._clock.monotonic() - known.noted_at < NEW

    def unedited(self, post: Post, poll: Poll) -> None:
        """A message that was claimed could not be edited; whoever comes first may try."""
        self._shown.pop(post, None)
        self._store(Edited(post, poll, None))

    async def forget(self, post: Post) -> None:
        """A message is gone, or closed to us."""
        self._known.pop(post, None)
        self._shown.pop(post, None)
        if (stored := self._store(Gone(post))) is not None:
            await stored

    async def forget_chat(self, chat: Chat) -> None:
        """All messages of a chat are out of reach."""
        with suppress(ClosedError):
            await self._writer.in_turn(lambda: self._posts.forget_chat(chat))

    def digest(self, post: Post) -> int | None:
        """The digest of what a message shows, as far as this process knows; None where it does not."""
        return self._shown.get(post)

    def is_anothers(self, post: Post, poll: Poll) -> bool:
        """Whether a message is known to show another poll, or none."""
        known = self._known.get(post)
        return known is not None and known.poll_id != poll.id

    def newest(self, poll: Poll, platform: Platform, most: int) -> list[Post]:
        """The newest messages on a platform that show a poll, as far as they are in memory; `most` of a kind of chat.

        Those in private chats and inline ones are nowhere else, and those in groups may not be stored yet.
        """
        here: dict[ChatKind, list[Post]] = {kind: [] for kind in ChatKind}
        for post, known in self._known.items():
            if known.poll_id == poll.id and post.chat.platform is platform:
                here[post.chat.kind].append(post)
        return [post for kind in ChatKind for post in here[kind][-most:]]

    async def polls_in(self, chat: Chat) -> set[int]:
        """The ids of the polls that messages in a chat show."""
        return {
            *(known.poll_id for post, known in self._known.items() if post.chat == chat),
            *await self._posts.shown_in(chat),
        }

    def _store(self, note: Note) -> "asyncio.Future[None] | None":
        """Have it stored what a message shows; None where that is for memory alone, or it is too late."""
        if not _is_stored(note.post):
            return None
        try:
            stored = self._writer.put(note)
        except ClosedError:
            return None
        stored.add_done_callback(partial(self._was_stored, note.post))
        return stored

    def _was_stored(self, post: Post, stored: "asyncio.Future[None]") -> None:
        """Forget a message again that could not be stored, so that the next press on it tries once more."""
        if stored.cancelled() or stored.exception() is not None:
            self._known.pop(post, None)

    async def _put_down(self, notes: Sequence[Note]) -> Sequence[None]:
        await self._posts.note(*notes)
        return [None] * len(notes)


def _is_stored(post: Post) -> bool:
    """Whether it is stored what a message shows, and not in memory alone."""
    return post.chat.kind is ChatKind.GROUP and not post.only_for
