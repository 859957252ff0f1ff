"""Where something can be pushed: what all that turns it on and off asks first."""

from bot.chat.commands import UserError
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform
from bot.i18n import _, marked

NOT_HERE = marked("That works in a group that I am a member of, or in a private chat with me.")
NOT_IN_THE_TERMINAL = marked("Nothing is pushed to the terminal. Recaps and reminders need Telegram or Discord.")


def is_pushed(chat: Chat, _argument: str = "") -> bool:
    """Whether anything can be pushed to a chat."""
    return chat.platform is not Platform.CONSOLE and chat.kind is not ChatKind.ELSEWHERE


def check_pushed(request: Request) -> None:
    """Raises UserError where nothing can be pushed."""
    if request.chat.platform is Platform.CONSOLE:
        raise UserError(_(NOT_IN_THE_TERMINAL))
    if request.chat.kind is ChatKind.ELSEWHERE:
        raise UserError(_(NOT_HERE))
