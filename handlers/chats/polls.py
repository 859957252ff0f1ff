"""/polls: a chat's admins turn blame polls off and on again."""

from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import ChatKind
from bot.i18n import _, marked
from storage.chats import Chats

SWITCHED = {"on": True, "off": False}


class ChatPolls:
    """Whether a chat is asked who was to blame."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "polls",
                marked("Turn this chat's blame polls on or off (admins)"),
                self.switch,
                argument=marked("on or off"),
                suggest=lambda _typed: [Suggestion("on", "on"), Suggestion("off", "off")],
                admin=True,
            ),
        )

    async def switch(self, request: Request) -> Reply:
        """Turn polls on or off here; without an argument say which it is."""
        if request.chat.kind is not ChatKind.GROUP:
            raise UserError(_("Polls are turned on and off in groups; here nobody is asked but you."))
        asked = request.argument.casefold()
        if not asked:
            on = not self._chats.polls_off(request.chat)
            other = Button(_("Turn them off") if on else _("Turn them on"), "polls", "off" if on else "on")
            # For all to see: on Telegram a private answer goes to another chat, which its button would mean then.
            return Reply(Card(_state(on=on)), ((other,),))
        if asked not in SWITCHED:
            raise UserError(_("Say /polls on or /polls off."))
        await self._chats.set_polls(request.chat, request.update, on=SWITCHED[asked])
        return Reply(Card(_state(on=not self._chats.polls_off(request.chat))))


def _state(*, on: bool) -> str:
    return _("Blame polls are on in this chat") if on else _("Blame polls are off in this chat")
