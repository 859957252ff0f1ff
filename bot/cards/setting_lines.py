"""How each of a chat's settings stands, in a few words of a line or a title."""

import datetime as dt

from bot.cards.clock_text import clock_face, local_time
from bot.cards.incident_text import listed
from bot.cards.reminder_choice import name
from bot.cards.season_text import countdown
from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.reminders import REMINDERS
from bot.domain.topics import TOPICS, Wanted
from bot.i18n import LANGUAGES, _, counted, marked

NOT_SET = marked("English, as none is chosen")
NO_ZONE = marked("None is set yet, so times here are in UTC.")


def clock_line(settings: ChatSettings, now: dt.datetime) -> str:
    """What time it is by the chat's clock: `It is 14:05 in London`."""
    return _("It is {time}.").format(time=local_time(now, settings.zone)) if settings.zone else _(NO_ZONE)


def spoilers_line(settings: ChatSettings) -> str:
    """What is done about results, in a few words of a sentence."""
    match settings:
        case ChatSettings(spoilers=Spoilers.VEILED):
            return _("results are veiled")
        case ChatSettings(spoilers=Spoilers.HELD, hold_minutes=int(minutes)):
            held = countdown(dt.timedelta(minutes=minutes))
            return _("results are held for {time} after the flag").format(time=held)
        case ChatSettings(spoilers=Spoilers.HELD, hold_until=int(minute)):
            return _("results are held until the first {time} after the flag").format(time=clock_face(minute))
    return _("results are shown")


def quiet_line(settings: ChatSettings) -> str:
    """The quiet hours, or that there are none."""
    if settings.quiet_from is None or settings.quiet_until is None:
        return _("none")
    return from_to(clock_face(settings.quiet_from), clock_face(settings.quiet_until))


def delay_line(settings: ChatSettings) -> str:
    """By how much later a running session is told."""
    return in_seconds(settings.delay_seconds) if settings.delay_seconds else _("off")


def polls_line(settings: ChatSettings) -> str:
    """How polls are shown, and when they are closed, in a few words."""
    shown = _("blind until you vote") if settings.blind else _("open to see")
    if settings.closing_hours is None:
        return shown
    time = countdown(dt.timedelta(hours=settings.closing_hours))
    return _("{shown}, closed after {time}").format(shown=shown, time=time)


def language_name(settings: ChatSettings) -> str:
    """The language that a chat chose, by its own name."""
    return LANGUAGES.get(settings.language or "") or _(NOT_SET)


def roles_line(roles: Wanted) -> str:
    """With which topics a role is mentioned."""
    named = [_(topic.called) for topic in TOPICS if roles.get(topic.key)]
    named += [name(each) for key, each in REMINDERS.items() if roles.get(key) and not each.is_topic]
    return _("Mentioned with {topics}").format(topics=listed(named)) if named else _("None is mentioned")


def in_seconds(number: int) -> str:
    """A length of time in seconds: `40 seconds`."""
    return counted("{number} second", "{number} seconds", number)


def from_to(start: str, end: str) -> str:
    """A span between two times of day: `22:00 to 08:00`."""
    return _("{start} to {end}").format(start=start, end=end)
