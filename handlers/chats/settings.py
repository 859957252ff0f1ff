"""/settings: how a chat is told things, by whose clock, when it is left alone, and how its polls are shown."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.cards import settings as cards
from bot.cards.clock_text import city
from bot.cards.incident_text import listed, rows
from bot.chat.cards import Card
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.languages import said_by_itself
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.chat_settings import LONGEST_CLOSING, LONGEST_DELAY, SettingsChanges, Spoilers
from bot.domain.places import Chat, ChatKind, Platform
from bot.domain.reminders import all_reminders_too
from bot.domain.topics import topics_called
from bot.events import Events, PollViewChanged
from bot.i18n import LANGUAGES, _, marked, speaking
from bot.i18n.formats import written
from bot.pacing.clock import Clock
from bot.search import setting_words
from bot.search.time_words import LONGEST, hours, length, seconds, span, time_of_day
from bot.search.zone_finder import ZoneFinder
from bot.search.zone_names import is_abbreviation
from storage.chat_settings import SettingsStore
from storage.subscriptions import Subscriptions

OFFERED = 8
WHICH = marked("Say /settings with one of: {settings}.")
NOT_PUSHED = marked(
    "Nothing is pushed to the terminal, so there is nothing to set. Only time zone, polls and language count here."
)
NO_ZONE = marked("No zone by that name. Name a big city nearby, a country, or an offset such as UTC+2.")
SPOILERS = marked(
    "Say show, veil, hold and minutes (up to {minutes}), or hold until and a time, as in hold until 09:00."
)
QUIET = marked("Say from when to when, as in /settings quiet 22:00-08:00, or /settings quiet off.")
DELAY = marked("Say how many seconds, up to {most}, as in /settings delay 40, or /settings delay off.")
POLLS = marked("Say /settings polls blind or /settings polls open.")
CLOSING = marked("Say after how many hours, up to {most}, as in /settings closing 24h, or /settings closing off.")
ONLY_GROUPS = marked("Polls are closed in groups; here nobody votes but you.")
NO_ROLES = marked("Roles are mentioned on Discord servers only.")
ROLE = marked("Say a topic and a role, as in /settings role recaps @fans, or /settings role recaps none.")
NOT_ON = marked("That topic is not on in this chat. /subscribe turns it on.")

EXAMPLES = (
    *("spoilers show", "spoilers veil", "spoilers hold 120", "quiet 22:00-08:00", "quiet off", "delay 40", "delay off"),
    *("polls blind", "polls open", "closing 24h", "closing off"),
)
BLINDNESS = {"blind": True, "open": False}
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
        self._events = events
        self._each: Mapping[str, Callable[[Request, str], Awaitable[Reply]]] = {
            "zone": self._zone,
            "spoilers": self._spoilers,
            "quiet": self._quiet,
            "delay": self._delay,
            "polls": self._polls,
            "closing": self._closing,
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
        name, value = setting_words.setting(request.argument)
        each = self._each.get(name or self._known_by(value))
        if each is None:
            raise UserError(_(WHICH).format(settings=", ".join(self._settable(request.chat))))
        return await each(request, value)

    async def speak(self, request: Request) -> Reply:
        """Set the language, or show it: for who does not look among the settings for it."""
        return await self.change(replace(request, command="settings", argument=f"language {request.argument}".strip()))

    def _known_by(self, value: str) -> str:
        """The setting that a value can only belong to: a language, quiet hours or a time zone; empty for any other."""
        if setting_words.language(value, LANGUAGES):
            return "language"
        if span(value) is not None:
            return "quiet"
        return "zone" if not _is_none(value) and self._zones().find(value, self._clock.now().year) else ""

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

    async def _zone(self, request: Request, value: str) -> Reply:
        """Set the clock; where several are meant, or none is, say which there are."""
        if not value:
            settings = await self._settings.of(request.chat)
        elif _is_none(value):
            settings = await self._settings.change(request.chat, request.update, zone=None)
        else:
            found = self._zones().find(value, self._clock.now().year)
            if len(found) != 1:
                return self._choose_zone(found or self._zones().beginning(value), value)
            settings = await self._settings.change(request.chat, request.update, zone=found[0])
        return cards.zone_view(settings, self._clock.now(), abbreviated=is_abbreviation(value))

    def _choose_zone(self, found: Sequence[str], value: str) -> Reply:
        """Several zones as buttons, the nearest ones where none was found. Raises UserError where none is near."""
        offered = tuple(found or self._zones().nearest(value))[:OFFERED]
        if not offered:
            raise UserError(_(NO_ZONE))
        said = _("Which one do you mean?")
        if not found:
            near = listed([city(zone) for zone in offered])
            said = _("No zone by that name. Close by: {cities}.").format(cities=near)
        more = (_("There are more; a city's name finds each of them."),) if len(found) > OFFERED else ()
        buttons = rows(cards.zone_buttons(offered), 2)
        return Reply(Card(said, paragraphs=more), buttons)

    async def _spoilers(self, request: Request, value: str) -> Reply:
        _check_pushed(request)
        if value:
            settings = await self._settings.change(request.chat, request.update, **_spoilers(value))
            self._events.publish(PollViewChanged(request.chat))
        else:
            settings = await self._settings.of(request.chat)
        return cards.spoilers_view(settings)

    async def _quiet(self, request: Request, value: str) -> Reply:
        _check_pushed(request)
        if not value:
            settings = await self._settings.of(request.chat)
        elif _is_none(value):
            settings = await self._settings.change(request.chat, request.update, quiet_from=None, quiet_until=None)
        elif (quiet := span(value)) is not None:
            settings = await self._settings.change(
                request.chat, request.update, quiet_from=quiet[0], quiet_until=quiet[1]
            )
        else:
            raise UserError(_(QUIET))
        return cards.quiet_view(settings)

    async def _delay(self, request: Request, value: str) -> Reply:
        """Set by how much later than the feed a running session is told."""
        _check_pushed(request)
        delay = 0 if _is_none(value) else seconds(value)
        if not value:
            settings = await self._settings.of(request.chat)
        elif delay is not None and delay <= LONGEST_DELAY:
            settings = await self._settings.change(request.chat, request.update, delay_seconds=delay)
        else:
            raise UserError(_(DELAY).format(most=LONGEST_DELAY))
        return cards.delay_view(settings)

    async def _polls(self, request: Request, value: str) -> Reply:
        """Hide how polls stand from who has not voted, or show it to all; what is shown already follows."""
        blind = BLINDNESS.get(setting_words.chosen(value))
        if not value:
            settings = await self._settings.of(request.chat)
        elif blind is not None:
            settings = await self._settings.change(request.chat, request.update, blind=blind)
            self._events.publish(PollViewChanged(request.chat))
        else:
            raise UserError(_(POLLS))
        return cards.polls_view(settings, closes=request.chat.kind is ChatKind.GROUP)

    async def _closing(self, request: Request, value: str) -> Reply:
        """Close a group's polls so long after they were first shown there, or leave them open."""
        if request.chat.kind is not ChatKind.GROUP:
            raise UserError(_(ONLY_GROUPS))
        off = _is_none(value)
        after = None if off else hours(value)
        if not value:
            settings = await self._settings.of(request.chat)
        elif off or (after is not None and 0 < after <= LONGEST_CLOSING):
            settings = await self._settings.change(request.chat, request.update, closing_hours=after)
        else:
            raise UserError(_(CLOSING).format(most=LONGEST_CLOSING))
        return cards.polls_view(settings, closes=True)

    async def _role(self, request: Request, value: str) -> Reply:
        """Have a role mentioned with a topic that is on, or none any more."""
        if not cards.has_roles(request.chat):
            raise UserError(_(NO_ROLES))
        if value:
            word, mention = _first_word(value)
            topics, role = topics_called(word.casefold()), _ROLE.fullmatch(mention)
            if not topics or (role is None and not _is_none(mention)):
                raise UserError(_(ROLE))
            keys = all_reminders_too([topic.key for topic in topics])
            if not await self._subscriptions.ping(request.chat, keys, role[1] if role else None, request.update):
                raise UserError(_(NOT_ON))
        roles = await self._subscriptions.of(request.chat)
        return cards.roles_view(roles)

    async def _language(self, request: Request, value: str) -> Reply:
        """Set the language, by its code, its own name or that in another one, and answer in it."""
        code = setting_words.language(value, LANGUAGES)
        if not value:
            settings = await self._settings.of(request.chat)
        elif code or _is_none(value):
            settings = await self._settings.change(request.chat, request.update, language=code or None)
        else:
            raise UserError(_("I speak {languages} only.").format(languages=listed([*LANGUAGES.values()])))
        with speaking(settings.language or said_by_itself(request)):
            return cards.language_view(settings)


def _first_word(text: str) -> tuple[str, str]:
    """The first word of a text, and the rest."""
    words = text.split(maxsplit=1)
    return (words[0] if words else "", words[1].strip() if words[1:] else "")


def _is_none(value: str) -> bool:
    """Whether somebody wants none."""
    return setting_words.chosen(value) == "none"


def _check_pushed(request: Request) -> None:
    """Raises UserError where nothing is pushed."""
    if request.chat.platform is Platform.CONSOLE:
        raise UserError(_(NOT_PUSHED))


def _spoilers(value: str) -> SettingsChanges:
    """What somebody wants done about results, as changes of settings. Raises UserError where that is not clear."""
    word, rest = setting_words.choice(value)
    match word, rest:
        case "show", "":
            return _held(Spoilers.SHOWN)
        case "veil", "":
            return _held(Spoilers.VEILED)
        case "hold", rest:
            until, time = setting_words.choice(rest)
            if until == "until" and (minute := time_of_day(time)) is not None:
                return _held(Spoilers.HELD, until=minute)
            if (minutes := length(rest)) is not None:
                return _held(Spoilers.HELD, minutes=minutes)
    raise UserError(_(SPOILERS).format(minutes=written(LONGEST)))


def _held(spoilers: Spoilers, *, minutes: int | None = None, until: int | None = None) -> SettingsChanges:
    """The three settings that go together: what is done about results, and how long they are held where they are."""
    return {"spoilers": spoilers, "hold_minutes": minutes, "hold_until": until}
