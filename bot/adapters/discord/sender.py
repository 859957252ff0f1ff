"""Messages that the bot sends to Discord by itself.

All of it goes over REST, with the rate limits that discord.py keeps; no gateway intent is needed.
"""

import hashlib
import secrets

import discord

from bot.adapters.discord.addresses import channel_of, place_of
from bot.adapters.discord.embeds import embedded
from bot.adapters.discord.errors import neutral_errors
from bot.adapters.discord.render import render
from bot.chat.platform import ChatGoneError, NotAllowedError
from bot.chat.replies import Reply
from bot.domain.places import Chat, ChatKind, Post, User

NONCE = 25
"""Characters of what tells a message from all others."""

INVALID_FORM = 50035
"""Discord's code for a change that makes no sense, such as an embed in a message that is a layout."""


async def send(client: discord.Client, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:
    """Post a reply to a channel, a thread or a private chat, and notify a role.

    Discord answers a second message with the same `once` with the first, for some minutes. Writing in an archived
    thread opens it again.
    """
    return Post(chat, await say(client, channel_of(chat), reply, once=once, ping=ping))


async def say(client: discord.Client, channel_id: int, reply: Reply, *, once: str = "", ping: str = "") -> str:
    """Post a reply as `send` does; the message's id."""
    view, files = render(reply, ping)
    channel = client.get_partial_messageable(channel_id)
    with neutral_errors(client):
        message = await channel.send(view=view, files=files, nonce=_nonce(once), allowed_mentions=only(ping))
    return str(message.id)


async def send_to_followed(client: discord.Client, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:
    """Post a reply to an announcement channel as `send` does, in a form that can be published."""
    content, embed, view, files = embedded(reply, ping)
    channel = client.get_partial_messageable(channel_of(chat))
    with neutral_errors(client):
        message = await channel.send(
            content, embed=embed, view=view, files=files, nonce=_nonce(once), allowed_mentions=only(ping)
        )
    return Post(chat, str(message.id))


async def edit(client: discord.Client, post: Post, reply: Reply, *, ping: str = "") -> None:
    """Change a message of ours below the role that it notified, which is not notified again.

    One of an earlier version, with an embed, becomes a layout; there is no way back from that.
    """
    view, files = render(reply, ping)
    with neutral_errors(client, editing=True):
        message = _message(client, post)
        await message.edit(content=None, embeds=[], view=view, attachments=files)


async def edit_followed(client: discord.Client, post: Post, reply: Reply, *, ping: str = "") -> None:
    """Change a message of ours in an announcement channel; one that is a layout already stays one.

    What Discord copied for followers changes with an embed.
    """
    content, embed, view, files = embedded(reply, ping)
    with neutral_errors(client, editing=True):
        message = _message(client, post)
        try:
            await message.edit(content=content, embed=embed, view=view, attachments=files)
        except discord.HTTPException as error:
            if error.code != INVALID_FORM:
                raise
        else:
            return
    await edit(client, post, reply, ping=ping)


async def tell_admin(client: discord.Client, chat: Chat, reply: Reply, first: User | None) -> bool:
    """Write in private to whoever comes first, or else to the owner of a channel's server; whether that was possible.

    The same is written only once.
    """
    if chat.kind is ChatKind.PRIVATE:
        return False
    if first is not None and await _confided(client, chat, reply, discord.Object(int(first.id))):
        return True
    try:
        with neutral_errors(client):
            owner = await _owner(client, channel_of(chat))
    except (ChatGoneError, NotAllowedError):
        return False
    return owner is not None and await _confided(client, chat, reply, owner)


async def _confided(client: discord.Client, chat: Chat, reply: Reply, person: discord.Object) -> bool:
    """Write to a person about a channel; False where they do not want that."""
    try:
        with neutral_errors(client):
            channel = await client.create_dm(person)
        private = Chat(chat.platform, str(channel.id), ChatKind.PRIVATE)
        await send(client, private, reply, once=f"{chat.id} {reply.card}")
    except (ChatGoneError, NotAllowedError):
        return False
    return True


async def _owner(client: discord.Client, channel_id: int) -> discord.Object | None:
    """Whose server a channel is in, by asking: without intents nothing is known of servers."""
    channel = await client.fetch_channel(channel_id)
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return None
    guild = await client.fetch_guild(channel.guild.id, with_counts=False)
    return discord.Object(guild.owner_id) if guild.owner_id else None


def _message(client: discord.Client, post: Post) -> discord.PartialMessage:
    channel, message = place_of(post)
    return client.get_partial_messageable(channel).get_partial_message(message)


def _nonce(once: str) -> str:
    """What Discord tells a message by; a random one makes up for retries within one call."""
    if not once:
        return secrets.token_hex(NONCE // 2)
    return once if len(once) <= NONCE else hashlib.sha256(once.encode()).hexdigest()[:NONCE]


def only(role: str) -> discord.AllowedMentions:
    """That a role is notified, and nobody else."""
    roles = [discord.Object(int(role))] if role else False
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)
