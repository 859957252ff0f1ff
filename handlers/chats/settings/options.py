"""/settings: all of a chat's settings, and which of them is meant; its roles and its language."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.cards import settings as cards
from bot.cards.cleared import cleared
from bot.cards.clock_text import city
from bot.cards.incident_text import listed
from bot.cards.setting_choice import which
from bot.chat.buttons import Button
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.languages import said_by_itself
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.chat_settings import Replaced
from bot.domain.places import Chat, ChatKind, Platform
from bot.domain.reminders import all_reminders_too
from bot.domain.topics import topics_called
from bot.events import Events
from bot.i18n import LANGUAGES, _, marked, speaking
from bot.pacing.clock import Clock
from bot.search import setting_words
from bot.search.wishes import wishes
from bot.search.zone_finder import ZoneFinder
from handlers.chats.settings.polls import PollSettings
from handlers.chats.settings.told import ToldSettings
from handlers.chats.settings.zone import ZoneSetting
from storage.chat_settings import SettingsStore
from storage.subscriptions import Subscriptions

OFFERED = 8
"""Zones that are suggested at most while one is typed."""

WHICH = marked("Say /settings with one of: {settings}.")
NO_ROLES = marked("Roles are mentioned on Discord servers only.")
ROLE = marked("Say a topic and a role, as in /settings role recaps @fans, or /settings role recaps none.")
NOT_ON = marked("That topic is not on in this chat. /subscribe turns it on.")

EXAMPLES = (
    *("spoilers show", "spoilers veil", "spoilers hold 120", "quiet 22:00-08:00", "quiet off", "delay 40", "delay off"),
    *("polls blind", "polls open", "closing 24h", "closing off"),
)
_ROLE = re.compile(r"<@&(\d{5,20})>", re.ASCII)


class ChatOptions:
    """Show a chat's settings, and change them; `zones` gives those to choose from once somebody chooses."""

    def __init__(
        self,
        settings: SettingsStore,
        subscriptions: Subscriptions,
        zones: Callable[[], ZoneFinder],
        events: Events,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._subscriptions = subscriptions
        self._zones = zones
        self._clock = clock
        told, polls = ToldSettings(settings, events), PollSettings(settings, events)
        self._each: Mapping[str, Callable[[Request, str], Awaitable[Reply]]] = {
            "zone": ZoneSetting(settings, zones, clock).zone,
            "spoilers": told.spoilers,
            "quiet": told.quiet,
            "delay": told.delay,
            "polls": polls.polls,
            "closing": polls.closing,
            "role": self._role,
            "language": self._language,
        }

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "settings",
                marked("This chat's time zone, language, spoilers, quiet hours, delay and polls (admins)"),
                self.change,
                argument=marked("setting and its value"),
                option="setting",
                suggest=self.suggest,
                admin=True,
                summaries={Platform.CONSOLE: marked("The time zone, polls and language of this terminal")},
                works=self._works,
            ),
            Command(
                "language",
                marked("This chat's time zone, language, spoilers, quiet hours, delay and polls (admins)"),
                self.speak,
                listed=False,
                admin=True,
            ),
        )

    def suggest(self, typed: str) -> Sequence[Suggestion]:
        """What can be set, and zones by the beginning of their city."""
        name, _space, begun = typed.casefold().partition(" ")
        if name == "zone" and begun:
            zones = self._zones().starting(begun, OFFERED)
            return [Suggestion(f"zone {city(zone)}", f"zone {zone}") for zone in zones]
        fitting = [example for example in (*self._each, *EXAMPLES) if example.startswith(typed.casefold())]
        return [Suggestion(example, example) for example in fitting]

    async def change(self, request: Request) -> Reply:
        """Change a setting, or show it where no value is given; without an argument show them all."""
        if not request.argument.strip():
            settings = await self._settings.of(request.chat)
            roles = await self._subscriptions.of(request.chat)
            return cards.all_settings(request.chat, settings, roles, self._clock.now())
        wanted = wishes(request.argument, LANGUAGES, self._is_zone)
        settable = [*self._settable(request.chat)]
        if len(wanted) > 1:
            wanted = tuple(wish for wish in wanted if wish.setting in settable) or wanted[:1]
        match wanted:
            case [wish]:
                return await self._each[wish.setting](request, wish.value)
            case []:
                said = _(WHICH).format(settings=", ".join(settable))
                raise UserError(said, Button(_("All settings"), "settings"))
        return which(wanted, request.chat.kind)

    async def speak(self, request: Request) -> Reply:
        """Set the language, or show it: for who does not look among the settings for it."""
        return await self.change(replace(request, command="settings", argument=f"language {request.argument}".strip()))

    def _is_zone(self, text: str) -> bool:
        """Whether a text is the name of a zone, or of several."""
        return bool(self._zones().find(text, self._clock.now().year))

    def _works(self, chat: Chat, argument: str) -> bool:
        """Whether a setting counts in a chat, and all of them where none is named."""
        word = _first_word(argument)[0].casefold()
        return word not in self._each or word in self._settable(chat)

    def _settable(self, chat: Chat) -> Iterable[str]:
        """The settings that count in a chat.

        Nothing is pushed to a terminal, polls are closed in groups, and only Discord's servers have roles.
        """
        left_out = set() if cards.has_roles(chat) else {"role"}
        if chat.kind is not ChatKind.GROUP:
            left_out.add("closing")
        if chat.platform is Platform.CONSOLE:
            left_out |= {"spoilers", "quiet", "delay"}
        return [name for name in self._each if name not in left_out]

    async def _role(self, request: Request, value: str) -> Reply:
        """Have a role mentioned with a topic that is on, or none any more."""
        if not cards.has_roles(request.chat):
            raise UserError(_(NO_ROLES), Button(_("All settings"), "settings"))
        if value:
            word, mention = _first_word(value)
            topics, role = topics_called(word.casefold()), _ROLE.fullmatch(mention)
            if not topics or (role is None and not setting_words.is_none(mention)):
                raise UserError(_(ROLE), Button(_("Roles"), "settings", "role"))
            keys = all_reminders_too([topic.key for topic in topics])
            if not await self._subscriptions.ping(request.chat, keys, role[1] if role else None, request.update):
                raise UserError(_(NOT_ON), Button(_("What there is"), "subscribe"))
        roles = await self._subscriptions.of(request.chat)
        return cards.roles_view(roles)

    async def _language(self, request: Request, value: str) -> Reply:
        """Set the language, by its code, its own name or that in another one, and answer in it."""
        code = setting_words.language(value, LANGUAGES)
        if not value:
            settings = await self._settings.of(request.chat)
            replaced = Replaced(settings, settings)
        elif code or setting_words.is_none(value):
            replaced = await self._settings.replace(request.chat, request.update, language=code or None)
        else:
            said = _("I speak {languages} only.").format(languages=listed([*LANGUAGES.values()]))
            raise UserError(said, Button(_("Language"), "settings", "language"))
        with speaking(replaced.now.language or said_by_itself(request)):
            return cleared(cards.language_view(request.chat, replaced.now), replaced)


def _first_word(text: str) -> tuple[str, str]:
    """The first word of a text, and the rest."""
    words = text.split(maxsplit=1)
    return (words[0] if words else "", words[1].strip() if words[1:] else "")
