"""Forums: a race has a post there, and all that is told of it goes into that post.

Discord takes no key to tell a second post by. So that one is begun is committed before it is made, with what tells the
message apart that it begins with; where nobody noted what became of it, it is looked for among the posts that are open.
"""

import asyncio
import datetime as dt
import secrets
from typing import NamedTuple, Protocol
from weakref import WeakValueDictionary

import discord
import structlog

from bot.adapters.discord import sender
from bot.adapters.discord.addresses import channel_of, message_in
from bot.adapters.discord.errors import ChannelDeletedError, neutral_errors
from bot.adapters.discord.render import render
from bot.adapters.discord.retry import ONCE, tried
from bot.chat.platform import NotAllowedError
from bot.chat.replies import Occasion, Reply
from bot.domain.places import Chat, Platform, Post
from bot.i18n import marked
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from storage.forum_posts import ForumPost

log = structlog.get_logger(__name__)

LONGEST_TITLE = 100
"""Characters of a post's title at most."""

THREADS = 10_000
"""Posts whose forum is remembered; the longest unused is forgotten first."""

A_MOMENT = 1.0
"""Seconds between two looks whether another process has made a post."""

NO_FORUM = marked("This is no forum any more.")


class Posts(Protocol):
    """Remembers which post is a race's; see `storage.forum_posts`."""

    async def begin(self, forum: Chat, race: str, starter: str, now: dt.datetime, lost: str | None = None) -> ForumPost:
        """The post of a race, or that it is the asker's to make."""

    async def start_with(self, forum: Chat, race: str, starter: str, claim: int) -> None:
        """Note which message a post will begin with."""

    async def made(self, forum: Chat, race: str, thread: str, starter: str) -> ForumPost:
        """Note where a race's post is; the post that it has."""

    async def let_go(self, forum: Chat, race: str, claim: int) -> None:
        """Leave a post to whoever is next to make it."""

    async def forum_of(self, platform: Platform, thread: str) -> Chat | None:
        """The forum in which a thread is a race's post."""


class _News(NamedTuple):
    """What is to be told in a forum; `starter` tells it from all else, where the post begins with it."""

    forum: Chat
    about: Occasion
    reply: Reply
    starter: str
    ping: str

    @property
    def title(self) -> str:
        """The title of the post that it belongs to."""
        return self.about.title[:LONGEST_TITLE]


class Forums:
    """Sends what is told of a race into its post, and knows to which forum a post belongs."""

    def __init__(self, posts: Posts, clock: Clock) -> None:
        self._posts = posts
        self._clock = clock
        self._forums: Remembered[str, Chat] = Remembered(THREADS)
        self._asked: dict[str, asyncio.Task[Chat | None]] = {}
        self._making: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def forum_of(self, thread: str) -> Chat | None:
        """The forum in which a thread is a race's post; None for any other thread.

        Who asks while it is being looked up is answered in turn, so that a person's presses keep their order.
        """
        known = self._forums.get(thread)
        if known is not None:
            return known
        asked = self._asked.get(thread)
        if asked is None:
            asked = self._asked[thread] = asyncio.create_task(self._posts.forum_of(Platform.DISCORD, thread))
            asked.add_done_callback(lambda _asked: self._asked.pop(thread))
        forum = await asyncio.shield(asked)
        if forum is not None:
            self._forums[thread] = forum
        return forum

    async def send(self, client: discord.Client, forum: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:
        """Post a reply in the post of what it is about, which is made where there is none, or none any more.

        What is about no race has a post by its own title. Writing in an archived post opens it again.
        """
        about = reply.occasion or Occasion(reply.card.title, reply.card.title)
        news, lost = _News(forum, about, reply, once or secrets.token_hex(8), ping), None
        while True:
            post = await self._post(client, news, lost)
            thread = str(post.thread)
            if post.starter == news.starter:
                return message_in(forum, int(thread), thread)  # a post's first message has the post's own id
            try:
                message = await sender.say(client, int(thread), reply, once=once, ping=ping)
            except ChannelDeletedError:
                lost = thread
            else:
                return message_in(forum, int(thread), message)

    async def _post(self, client: discord.Client, news: _News, lost: str | None) -> ForumPost:
        """The post that news belongs to, made if need be; another process that makes it is waited for."""
        lock = self._making.setdefault((news.forum.id, news.about.key), asyncio.Lock())
        async with lock:
            while True:
                now = self._clock.now()
                post = await self._posts.begin(news.forum, news.about.key, news.starter, now, lost)
                if post.mine:
                    post = await self._make(client, news, post)
                if post.thread is not None:
                    self._forums[post.thread] = news.forum
                    return post
                await self._clock.sleep(A_MOMENT)

    async def _make(self, client: discord.Client, news: _News, post: ForumPost) -> ForumPost:
        """Make a post, unless somebody did who had begun it; where that fails, it is left to whoever is next.

        Where another one was noted meanwhile, as this took longer than others wait, ours is taken away.
        """
        try:
            with neutral_errors(client):
                channel = await _forum(client, news.forum)
                left = await _left_behind(client, channel, news.title) if post.begun else None
            if post.begun and left is None:
                await self._posts.start_with(news.forum, news.about.key, news.starter, post.claim)
            with neutral_errors(client):
                made = left or await _made(self._clock, channel, news)
        except Exception:
            await self._posts.let_go(news.forum, news.about.key, post.claim)
            raise
        self._forums[made] = news.forum  # before it is noted: buttons may be pressed by now
        starter = post.starter if left else news.starter
        noted = await self._posts.made(news.forum, news.about.key, made, starter)
        if noted.thread not in {None, made}:
            self._forums.pop(made, None)
            with neutral_errors(client):
                await _taken_away(client, int(made))
        return noted


async def _forum(client: discord.Client, forum: Chat) -> discord.ForumChannel:
    """A forum as Discord has it now, with its tags. Raises NotAllowedError where it is something else."""
    channel = await client.fetch_channel(channel_of(forum))
    if not isinstance(channel, discord.ForumChannel):
        raise NotAllowedError(NO_FORUM)
    return channel


async def _left_behind(client: discord.Client, channel: discord.ForumChannel, title: str) -> str | None:
    """The post of ours by that title which is open in a forum; None where there is none."""
    threads = await channel.guild.active_threads()
    ours = client.user.id if client.user is not None else None
    found = (each for each in threads if (each.parent_id, each.owner_id, each.name) == (channel.id, ours, title))
    return next((str(each.id) for each in found), None)


async def _made(clock: Clock, channel: discord.ForumChannel, news: _News) -> str:
    """Make a post; its id."""
    view, files = render(news.reply, news.ping)
    (thread, _message) = await tried(
        lambda: channel.create_thread(
            name=news.title,
            view=view,
            files=files,
            applied_tags=_tags(channel),
            allowed_mentions=sender.only(news.ping),
        ),
        ONCE,
        clock,
    )
    return str(thread.id)


async def _taken_away(client: discord.Client, thread: int) -> None:
    """Delete a post of ours; where only moderators may, its message, and where that fails it is told in the log."""
    post = client.get_partial_messageable(thread)
    try:
        try:
            await client.http.delete_channel(thread)
        except discord.Forbidden:
            await post.get_partial_message(thread).delete()
    except discord.NotFound:
        return
    except (discord.HTTPException, OSError) as error:
        log.warning("forum.second_post_left", thread=thread, error=repr(error))


def _tags(channel: discord.ForumChannel) -> list[discord.ForumTag]:
    """A tag, where a forum asks for one: the first that everybody may set."""
    open_to_all = [tag for tag in channel.available_tags if not tag.moderated]
    return open_to_all[:1] if channel.flags.require_tag else []
