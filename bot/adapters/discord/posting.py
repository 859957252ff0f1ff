"""What the bot posts by itself and changes later: in channels, in announcement channels, in forums, in private."""

import discord

from bot.adapters.discord import sender
from bot.adapters.discord.addresses import is_forum
from bot.adapters.discord.forums import Forums
from bot.adapters.discord.publishing import Publisher, is_for_followers
from bot.chat.replies import Reply
from bot.domain.places import Chat, Post
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered

PINGED = 1_000
"""Messages whose role goes on standing above them when they are changed; the longest unused is forgotten first."""


class Posting:
    """Posts in each kind of channel as is usual there. All of it raises what `sender.send` and `sender.edit` do."""

    def __init__(self, forums: Forums, clock: Clock) -> None:
        self._forums = forums
        self._publisher = Publisher(clock)
        self._pinged: Remembered[str, str] = Remembered(PINGED)

    async def send(self, client: discord.Client, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:
        """Post a reply, once, and notify a role; in an announcement channel it is published as well."""
        if is_forum(chat):
            post = await self._forums.send(client, chat, reply, once=once, ping=ping)
        elif await self._is_followed(client, chat, reply):
            post = await sender.send_to_followed(client, chat, reply, once=once, ping=ping)
            self._publisher.publish(client, post)
        else:
            post = await sender.send(client, chat, reply, once=once, ping=ping)
        if ping:
            self._pinged[post.message] = ping
        return post

    async def edit(self, client: discord.Client, post: Post, reply: Reply) -> None:
        """Change a message of ours, its picture included."""
        ping = self._pinged.get(post.message, "")
        followed = await self._is_followed(client, post.chat, reply)
        await (sender.edit_followed if followed else sender.edit)(client, post, reply, ping=ping)

    async def close(self) -> None:
        """Publish nothing more of what waits still."""
        await self._publisher.close()

    async def _is_followed(self, client: discord.Client, chat: Chat, reply: Reply) -> bool:
        """Whether a reply is one that followers of the channel read as well."""
        return is_for_followers(reply) and await self._publisher.is_followed(client, chat)
