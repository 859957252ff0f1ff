"""Messages that the bot sends to Discord by itself, and what Discord's refusals mean.

All of it goes over REST, with the rate limits that discord.py keeps; no gateway intent is needed.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.adapters.discord.render import render
from bot.locales import marked
from bot.messages import Chat, ChatKind, Post, Reply
from bot.platform import ChatGoneError, NotAllowedError, PostGoneError, SlowDownError, UnreachableError

NONCE = 25
"""Characters of what tells a message from all others."""

A_MINUTE = 60.0

FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What a call to Discord may fail with."""

_POST_GONE = {10008, 10015, 50005, 50027}
_ARCHIVED = 50083
_NO_SUCH_CHANNEL = marked("Nothing can be posted in this kind of channel.")
_NOT_ALLOWED = {
    50013: marked(
        "Posting here takes the permissions View Channel, Send Messages (in threads: Send Messages in Threads), "
        "Embed Links and Attach Files."
    ),
    160005: marked("This thread is locked."),
    _ARCHIVED: marked("This thread is archived, and locked."),
    50008: _NO_SUCH_CHANNEL,
    50024: _NO_SUCH_CHANNEL,
    40058: _NO_SUCH_CHANNEL,
    200000: marked("This server's AutoMod stopped the message."),
}
_NOT_DISCORDS_OWN = {0, 40333}
"""Codes of what stands before Discord and turns us away; they say nothing about a chat."""


async def send(client: discord.Client, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:
    """Post a reply to a channel, a thread or a private chat, and notify a role.

    Discord answers a second message with the same `once` with the first, for some minutes. Writing in an archived
    thread opens it again.
    """
    embed, view, files = render(reply)
    with neutral_errors(client):
        message = await client.get_partial_messageable(int(chat.id)).send(
            content=f"<@&{ping}>" if ping else None,
            embed=embed,
            view=view,
            files=files,
            nonce=_nonce(once),
            allowed_mentions=_only(ping),
        )
    return Post(chat, str(message.id))


async def edit(client: discord.Client, post: Post, reply: Reply) -> None:
    """Change a message of ours; the role that it notified goes on standing above it."""
    embed, view, files = render(reply)
    with neutral_errors(client, editing=True):
        message = client.get_partial_messageable(int(post.chat.id)).get_partial_message(int(post.message))
        await message.edit(embed=embed, view=view, attachments=files)


async def tell_owner(client: discord.Client, chat: Chat, reply: Reply) -> bool:
    """Write in private to the owner of a channel's server, the same only once; whether that was possible."""
    if chat.kind is ChatKind.PRIVATE:
        return False
    try:
        with neutral_errors(client):
            owner = await _owner(client, int(chat.id))
            if owner is None:
                return False
            channel = await client.create_dm(owner)
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


def _nonce(once: str) -> str:
    """What Discord tells a message by; a random one makes up for retries within one call."""
    if not once:
        return secrets.token_hex(NONCE // 2)
    return once if len(once) <= NONCE else hashlib.sha256(once.encode()).hexdigest()[:NONCE]


def _only(role: str) -> discord.AllowedMentions:
    """That a role is notified, and nobody else."""
    roles = [discord.Object(int(role))] if role else False
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


@contextmanager
def neutral_errors(client: discord.Client, *, editing: bool = False) -> Iterator[None]:
    """Failed calls raise what `bot.platform` has for them."""
    try:
        yield
    except FAILURES as error:
        raise neutral(error, editing=editing) from error
    except RuntimeError as error:
        if not client.is_closed():
            raise
        raise UnreachableError("the connection to Discord was closed meanwhile") from error


def neutral(error: Exception, *, editing: bool = False) -> Exception:
    """What a failed call means, in the words of `bot.platform`; a request that was wrong stays what it is."""
    match error:
        case discord.RateLimited():
            return SlowDownError(error.retry_after)
        case discord.HTTPException(status=429) | discord.HTTPException(code=40003):  # so many private chats opened
            return SlowDownError(float(error.response.headers.get("Retry-After", A_MINUTE)))
        case discord.HTTPException():
            return _refusal(error, editing=editing)
        case discord.InvalidData():
            return NotAllowedError(_NO_SUCH_CHANNEL)
    return UnreachableError(f"Discord cannot be reached: {type(error).__name__}")


def _refusal(error: discord.HTTPException, *, editing: bool) -> Exception:
    if error.code in _POST_GONE or (editing and error.code == _ARCHIVED):
        return PostGoneError(f"Discord says {error.code}")
    if error.code in _NOT_ALLOWED:
        return NotAllowedError(_NOT_ALLOWED[error.code])
    if error.status in {403, 404} and error.code not in _NOT_DISCORDS_OWN:
        return ChatGoneError(f"Discord says {error.code}")
    if error.status in {400, 413}:
        return error
    return UnreachableError(f"Discord says {error.status}")
