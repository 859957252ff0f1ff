"""/settings polls and closing: how polls are shown in a chat, and when they are closed."""

from bot.cards import settings as cards
from bot.cards.cleared import cleared
from bot.chat.buttons import Button
from bot.chat.commands import UserError
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.chat_settings import LONGEST_CLOSING
from bot.domain.places import ChatKind
from bot.events import Events, PollViewChanged
from bot.i18n import _, marked
from bot.search.setting_words import chosen, is_none
from bot.search.time_words import hours
from storage.chat_settings import SettingsStore

POLLS = marked("Say /settings polls blind or /settings polls open.")
CLOSING = marked("Say after how many hours, up to {most}, as in /settings closing 24h, or /settings closing off.")
ONLY_GROUPS = marked("Polls are closed in groups; here nobody votes but you.")

BLINDNESS = {"blind": True, "open": False}


class PollSettings:
    """Set whether polls are blind, and when a group's polls are closed."""

    def __init__(self, settings: SettingsStore, events: Events) -> None:
        self._settings = settings
        self._events = events

    async def polls(self, request: Request, value: str) -> Reply:
        """Hide how polls stand from who has not voted, or show it to all; what is shown already follows."""
        blind = BLINDNESS.get(chosen(value))
        if not value:
            settings = await self._settings.of(request.chat)
        elif blind is not None:
            settings = await self._settings.change(request.chat, request.update, blind=blind)
            self._events.publish(PollViewChanged(request.chat))
        else:
            raise UserError(_(POLLS), Button(_("Polls"), "settings", "polls"))
        return cards.polls_view(settings, closes=request.chat.kind is ChatKind.GROUP)

    async def closing(self, request: Request, value: str) -> Reply:
        """Close a group's polls so long after they were first shown there, or leave them open."""
        if request.chat.kind is not ChatKind.GROUP:
            raise UserError(_(ONLY_GROUPS), Button(_("Polls"), "settings", "polls"))
        off = is_none(value)
        after = None if off else hours(value)
        if not value:
            settings = await self._settings.of(request.chat)
        elif off or (after is not None and 0 < after <= LONGEST_CLOSING):
            replaced = await self._settings.replace(request.chat, request.update, closing_hours=after)
            return cleared(cards.polls_view(replaced.now, closes=True), replaced)
        else:
            raise UserError(_(CLOSING).format(most=LONGEST_CLOSING), Button(_("Polls"), "settings", "polls"))
        return cards.polls_view(settings, closes=True)
