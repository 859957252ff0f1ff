"""Who may do what in a group or channel; Telegram is asked each time, for it changes without notice."""

from bot.adapters.telegram.api import Api
from bot.i18n import marked

SEND = marked("to send messages")
PHOTOS = marked("to send photos")
POST = marked("to post messages")

OWNER = "creator"
ADMIN = "administrator"
LIMITED = "restricted"
GONE = ("left", "kicked")


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
