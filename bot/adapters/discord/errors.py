"""What a failed call to Discord means, in the words of `bot.chat.platform`."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.chat.platform import (
    ChatGoneError,
    ChatUnseenError,
    NotAllowedError,
    PostGoneError,
    SetUpWronglyError,
    SlowDownError,
    TokenRefusedError,
    UnreachableError,
)
from bot.i18n import marked
from bot.unreached import unreached

A_MINUTE = 60.0
"""Seconds to wait where Discord asks for it and does not say for how long, or nothing that makes sense."""

A_DAY = 86_400.0
"""Upper bound, in seconds, of a wait that Discord asks for: a longer one is a mistake."""

FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What a call to Discord may fail with."""

UNREADABLE = (ValueError, TypeError, LookupError, RecursionError)
"""How discord.py stumbles over an answer that is none, such as a proxy's page."""

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
    40067: marked("This forum requires a tag on each post, and has none that I may set."),
    200000: marked("This server's AutoMod stopped the message."),
}
_CLOSED_BY_A_PERSON = {50007, 50278}
"""Codes of private chats that are closed to us; what else cannot be seen may be back after Discord's next hiccup."""

TOKEN_REFUSED = "Discord does not know this token: check DISCORD_TOKEN."  # noqa: S105 - what is said of one

_NO_INTENTS = 4014

_HUNG_UP_FOR_GOOD = {
    4010: "Discord refuses the shard that this connection says it is (4010): look at DISCORD_SHARDS, whose number after"
    " the / has to be the same in all processes.",
    4011: "Discord wants a bot in so many servers to be in more shards (4011): set DISCORD_SHARDS=auto, or, in each of"
    " several processes, which shards of how many are its own, as DISCORD_SHARDS=0-3/16.",
    4012: "Discord does not speak the version of its gateway any more that the bot speaks (4012): update the bot.",
    4013: "Discord does not know the intents that the bot asks for (4013), and it asks for none: update the bot.",
    _NO_INTENTS: "Discord does not let the bot have the intents that it asks for (4014), and it asks for none: update"
    " the bot, and see in the developer portal whether the application is in good standing.",
}
"""What is to be done where Discord's gateway hangs up and will not have us back, by its close codes."""

_DELETED = 10003
"""Discord's code for a channel that is not there."""

_NOT_DISCORDS_OWN = {0, 40333}
"""Codes of what stands before Discord and turns us away; they say nothing about a chat."""


class ChannelDeletedError(ChatUnseenError):
    """The channel is not there, which Discord says of a thread that was deleted, and may say by mistake."""


@contextmanager
def neutral_errors(client: discord.Client, *, editing: bool = False) -> Iterator[None]:
    """Failed calls raise what `bot.chat.platform` has for them."""
    try:
        yield
    except FAILURES as error:
        raise neutral(error, editing=editing) from error
    except UNREADABLE as error:
        raise UnreachableError(f"an answer that makes no sense: {type(error).__name__}") from error
    except RuntimeError as error:
        if not client.is_closed():
            raise
        raise UnreachableError("the connection to Discord was closed meanwhile") from error


def neutral(error: Exception, *, editing: bool = False) -> Exception:
    """A failed call as an error of `bot.chat.platform`; where our request was wrong, the library's error stays."""
    match error:
        case discord.RateLimited():
            return SlowDownError(asked_to_wait(error.retry_after))
        case discord.HTTPException(status=429) | discord.HTTPException(code=40003):  # so many private chats opened
            return SlowDownError(asked_to_wait(error.response.headers.get("Retry-After", "")))
        case discord.HTTPException():
            return _refusal(error, editing=editing)
        case discord.InvalidData():
            return NotAllowedError(_NO_SUCH_CHANNEL)
    return UnreachableError(f"Discord cannot be reached: {type(error).__name__}")


def connection_ended(error: Exception) -> Exception:
    """Why a connection to the gateway ended, and whether another one may be tried."""
    match error:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return TokenRefusedError(TOKEN_REFUSED)
        case discord.PrivilegedIntentsRequired():
            return SetUpWronglyError(_HUNG_UP_FOR_GOOD[_NO_INTENTS])
        case discord.ConnectionClosed() if error.code in _HUNG_UP_FOR_GOOD:
            return SetUpWronglyError(_HUNG_UP_FOR_GOOD[error.code])
    return UnreachableError(f"the connection to Discord ended: {unreached(error)}")


def _refusal(error: discord.HTTPException, *, editing: bool) -> Exception:
    if error.code in _POST_GONE or (editing and error.code == _ARCHIVED):
        return PostGoneError(f"Discord says {error.code}")
    if error.code in _NOT_ALLOWED:
        return NotAllowedError(_NOT_ALLOWED[error.code])
    if error.code in _CLOSED_BY_A_PERSON:
        return ChatGoneError(f"Discord says {error.code}")
    if error.status in {403, 404} and error.code not in _NOT_DISCORDS_OWN:
        unseen = ChannelDeletedError if error.code == _DELETED else ChatUnseenError
        return unseen(f"Discord says {error.code}")
    if error.status in {400, 413}:
        return error
    return UnreachableError(f"Discord says {error.status}")


def asked_to_wait(asked: str | float) -> float:
    """The seconds that Discord asks us to wait, as far as that can be believed."""
    try:
        seconds = float(asked)
    except ValueError:
        return A_MINUTE
    return min(seconds, A_DAY) if seconds > 0 else A_MINUTE
