"""Who may do what in a group or channel; Telegram is asked each time, for it changes without notice."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from bot.adapters.telegram.api.client import Api
from bot.i18n import marked

SEND = marked("to send messages")
PHOTOS = marked("to send photos")
POST = marked("to post messages")

OWNER = "creator"
ADMIN = "administrator"
LIMITED = "restricted"
GONE = ("left", "kicked")

Outcome = TypeVar("Outcome")


class Ask(Protocol):
    """Asks Telegram something, as patiently as an answer is worth; raises what `bot.chat.platform` has for failures."""

    async def __call__(self, question: Callable[[Api], Awaitable[Outcome]]) -> Outcome:
        """What the question's calls come to."""


class GroupRights:
    """What an asker, and the bot, may do in a group or channel.

    Who speaks as a chat, whose ids are negative, and not as themselves, is an admin where that is the group itself. So
    is whoever posts in a channel: only its admins can.
    """

    def __init__(self, ask: Ask, group: int, asker: int, ourselves: int) -> None:
        self._ask = ask
        self._group = group
        self._asker = asker
        self._ourselves = ourselves

    async def is_admin(self) -> bool:
        """Whether the asker is one of the group's admins."""
        if self._asker < 0:
            return self._asker == self._group
        return await self._ask(lambda api: is_admin(api, self._group, self._asker))

    async def lacking(self) -> tuple[str, ...]:
        """What the bot lacks to post there by itself."""
        return await self._ask(lambda api: lacking(api, self._group, self._ourselves))


async def is_admin(api: Api, group: int, user: int) -> bool:
    """Whether somebody is one of a group's admins, or its owner."""
    return (await api.member(group, user)).status in (OWNER, ADMIN)


async def lacking(api: Api, group: int, ourselves: int) -> tuple[str, ...]:
    """What the bot would need, and may not do, to post in a group or channel. A closed topic cannot be asked for."""
    member = await api.member(group, ourselves)
    if member.status == OWNER:
        return ()
    if member.status == ADMIN:
        # Only in a channel is there such a right; a group's admins may always write.
        return (POST,) if member.can_post_messages is False else ()
    if member.status in GONE:
        return (SEND,)
    permissions = (await api.group(group)).permissions
    own = member if member.status == LIMITED else None
    limits = [limit for limit in (permissions, own) if limit]
    allowed = {
        SEND: all(limit.can_send_messages is not False for limit in limits),
        PHOTOS: all(limit.can_send_photos is not False for limit in limits),
    }
    return tuple(right for right, given in allowed.items() if not given)
