"""/settings spoilers, quiet and delay: when a chat is told what happens, and whether hidden at first."""

from bot.cards import settings as cards
from bot.cards.cleared import cleared
from bot.chat.buttons import Button
from bot.chat.commands import UserError
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.chat_settings import LONGEST_DELAY, SettingsChanges, Spoilers
from bot.domain.places import Platform
from bot.events import Events, PollViewChanged
from bot.i18n import _, marked
from bot.i18n.formats import written
from bot.search.setting_words import choice, is_none
from bot.search.time_words import LONGEST_HOLD_MINUTES, length, seconds, span, time_of_day
from storage.chat_settings import SettingsStore

NOT_PUSHED = marked(
    "Nothing is pushed to the terminal, so there is nothing to set. Only time zone, polls and language count here."
)
SPOILERS = marked(
    "Say show, veil, hold and minutes (up to {minutes}), or hold until and a time, as in hold until 09:00."
)
QUIET = marked("Say from when to when, as in /settings quiet 22:00-08:00, or /settings quiet off.")
DELAY = marked("Say how many seconds, up to {most}, as in /settings delay 40, or /settings delay off.")


class ToldSettings:
    """Set what is done about results, when a chat is left alone, and by how much later it is told of a session."""

    def __init__(self, settings: SettingsStore, events: Events) -> None:
        self._settings = settings
        self._events = events

    async def spoilers(self, request: Request, value: str) -> Reply:
        """Set what is done about results: shown, veiled or held; polls that are shown already follow."""
        _check_pushed(request)
        if value:
            settings = await self._settings.change(request.chat, request.update, **_spoilers(value))
            self._events.publish(PollViewChanged(request.chat))
        else:
            settings = await self._settings.of(request.chat)
        return cards.spoilers_view(settings)

    async def quiet(self, request: Request, value: str) -> Reply:
        """Set the hours in which nothing is pushed."""
        _check_pushed(request)
        if not value:
            settings = await self._settings.of(request.chat)
        elif is_none(value):
            replaced = await self._settings.replace(request.chat, request.update, quiet_from=None, quiet_until=None)
            return cleared(cards.quiet_view(replaced.now), replaced)
        elif (quiet := span(value)) is not None:
            settings = await self._settings.change(
                request.chat, request.update, quiet_from=quiet[0], quiet_until=quiet[1]
            )
        else:
            raise UserError(_(QUIET), Button(_("Quiet hours"), "settings", "quiet"))
        return cards.quiet_view(settings)

    async def delay(self, request: Request, value: str) -> Reply:
        """Set by how much later than the feed a running session is told."""
        _check_pushed(request)
        delay = 0 if is_none(value) else seconds(value)
        if not value:
            settings = await self._settings.of(request.chat)
        elif delay is not None and delay <= LONGEST_DELAY:
            replaced = await self._settings.replace(request.chat, request.update, delay_seconds=delay)
            return cleared(cards.delay_view(replaced.now), replaced)
        else:
            raise UserError(_(DELAY).format(most=LONGEST_DELAY), Button(_("Delay"), "settings", "delay"))
        return cards.delay_view(settings)


def _check_pushed(request: Request) -> None:
    """Raises UserError where nothing is pushed."""
    if request.chat.platform is Platform.CONSOLE:
        raise UserError(_(NOT_PUSHED), Button(_("All settings"), "settings"))


def _spoilers(value: str) -> SettingsChanges:
    """What somebody wants done about results, as changes of settings. Raises UserError where that is not clear."""
    word, rest = choice(value)
    match word, rest:
        case "show", "":
            return _held(Spoilers.SHOWN)
        case "veil", "":
            return _held(Spoilers.VEILED)
        case "hold", rest:
            until, time = choice(rest)
            if until == "until" and (minute := time_of_day(time)) is not None:
                return _held(Spoilers.HELD, until=minute)
            if (minutes := length(rest)) is not None:
                return _held(Spoilers.HELD, minutes=minutes)
    said = _(SPOILERS).format(minutes=written(LONGEST_HOLD_MINUTES))
    raise UserError(said, Button(_("Spoilers"), "settings", "spoilers"))


def _held(spoilers: Spoilers, *, minutes: int | None = None, until: int | None = None) -> SettingsChanges:
    """The three settings that go together: what is done about results, and how long they are held where they are."""
    return {"spoilers": spoilers, "hold_minutes": minutes, "hold_until": until}
