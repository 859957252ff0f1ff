"""The store of races' posts in forums, for bots that are in no forum."""

import datetime as dt

from bot.domain.places import Chat, Platform
from storage.forum_posts import ForumPost


class NoForumPosts:
    """No thread is a race's post, and nobody tells anything in a forum."""

    async def begin(self, forum: Chat, race: str, starter: str, now: dt.datetime, lost: str | None = None) -> ForumPost:
        raise NotImplementedError

    async def start_with(self, forum: Chat, race: str, starter: str, claim: int) -> None:
        raise NotImplementedError

    async def made(self, forum: Chat, race: str, thread: str, starter: str) -> ForumPost:
        raise NotImplementedError

    async def let_go(self, forum: Chat, race: str, claim: int) -> None:
        raise NotImplementedError

    async def forum_of(self, _platform: Platform, _thread: str) -> Chat | None:
        return None
