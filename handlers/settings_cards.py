"""What /settings shows: a chat's settings on one card, and each of them on its own with what may be chosen."""

import datetime as dt
from collections.abc import Mapping

from bot.locales import LANGUAGES
from bot.messages import BUTTON_ROWS, Button, Card, Chat, ChatKind, Field, Platform, Reply
from bot.topics import TOPICS, Topic
from handlers.clock_words import city, clock_face, is_place, local_time
from handlers.season_words import countdown
from handlers.wording import listed, rows
from storage.chat_settings import ChatSettings, Spoilers

BACK = Button("All settings", "settings")
ZONES = (
    "Europe/London",
    "Europe/Berlin",
    "Europe/Istanbul",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Melbourne",
)
"""Those that are offered at once; any other is typed."""

CLOCK = "Race times, quiet hours and what is held back go by this clock."
ANY_ZONE = "For any other, type /settings zone and a city, a country or an offset such as UTC+2."
FIXED = "It keeps no summer time; a city's clock does where the city does."
NO_ZONE = "None is set yet, so times here are in UTC."
SPOILERS = (
    "Show: a result is told as soon as it is in.\n"
    "Veil: it is told as soon, hidden until somebody taps it.\n"
    "Hold: it is told later, so many minutes after the flag, or when the clock first shows a set time after it."
)
NO_SPOILERS = "Reminders are no spoilers; they are not held back."
TYPED_SPOILERS = "Typed: /settings spoilers show, veil, hold 120 or hold until 09:00."
QUIET = (
    "During quiet hours nothing is pushed. A recap waits for their end; what would be late by then, a reminder, is"
    " dropped."
)
TYPED_QUIET = "Typed: /settings quiet 22:00-08:00, or off."
ROLES = "A role can be mentioned with each topic that is on. It must be one that I may mention."
TYPED_ROLE = "Typed: /settings role recaps @role, or none."
LANGUAGE = "The language of what is pushed here and of answers to this chat."
NOT_SET = "Each in their own"

Roles = Mapping[str, str | None]
"""The topics that are on, each with the id of its role, or None."""


def all_settings(chat: Chat, settings: ChatSettings, roles: Roles, now: dt.datetime, *, replace: bool) -> Reply:
    """Every setting in a line, with a button that leads to it."""
    pushed = chat.platform is not Platform.CONSOLE
    facts = [Field("Time zone", clock_line(settings, now))]
    doors = [Button("Time zone", "settings", "zone")]
    if pushed:
        facts += [Field("Spoilers", spoilers_line(settings)), Field("Quiet hours", quiet_line(settings))]
        doors += [Button("Spoilers", "settings", "spoilers"), Button("Quiet hours", "settings", "quiet")]
    if has_roles(chat):
        facts.append(Field("Roles", _roles_line(roles)))
        doors.append(Button("Roles", "settings", "role"))
    if len(LANGUAGES) > 1:
        facts.append(Field("Language", language_name(settings)))
        doors.append(Button("Language", "settings", "language"))
    if pushed:
        doors.append(Button("What is told here", "subscribe"))
    return Reply(Card("How this chat is told things", fields=tuple(facts)), rows(doors, 2), replace=replace)


def zone_view(settings: ChatSettings, now: dt.datetime, *, replace: bool) -> Reply:
    """The chat's clock, and others to choose from."""
    paragraphs = [clock_line(settings, now), f"{CLOCK} {ANY_ZONE}"]
    if settings.zone and not is_place(settings.zone):
        paragraphs.insert(1, FIXED)
    buttons = zone_buttons(ZONES) + ([Button("No zone", "settings", "zone none")] if settings.zone else [])
    return Reply(Card("Time zone", paragraphs=tuple(paragraphs)), (*rows(buttons, 3), (BACK,)), replace=replace)


def zone_buttons(zones: tuple[str, ...]) -> list[Button]:
    """A button for each zone, called by its city."""
    return [Button(city(zone), "settings", f"zone {zone}") for zone in zones]


def spoilers_view(settings: ChatSettings, *, replace: bool) -> Reply:
    """What is done about results, and what else could be."""
    card = Card(
        f"Spoilers: {spoilers_line(settings).lower()}",
        paragraphs=(SPOILERS, f"{NO_SPOILERS} {_by_what_clock(settings)}", TYPED_SPOILERS),
    )
    buttons = (
        Button("Show results", "settings", "spoilers show"),
        Button("Veil them", "settings", "spoilers veil"),
        Button("Hold for 2 hours", "settings", "spoilers hold 120"),
        Button("Hold for a day", "settings", "spoilers hold 1440"),
        Button("Hold until 09:00", "settings", "spoilers hold until 09:00"),
        Button("Hold until 18:00", "settings", "spoilers hold until 18:00"),
        BACK,
    )
    return Reply(card, rows(buttons, 2), replace=replace)


def quiet_view(settings: ChatSettings, *, replace: bool) -> Reply:
    """The chat's quiet hours, and others."""
    card = Card(
        f"Quiet hours: {quiet_line(settings).lower()}", paragraphs=(QUIET, f"{_by_what_clock(settings)} {TYPED_QUIET}")
    )
    spans = ("22:00-08:00", "23:00-07:00", "00:00-09:00")
    buttons = [Button(span.replace("-", " to "), "settings", f"quiet {span}") for span in spans]
    if settings.quiet_from is not None:
        buttons.append(Button("No quiet hours", "settings", "quiet off"))
    return Reply(card, (*rows(buttons, 2), (BACK,)), replace=replace)


def roles_view(roles: Roles, *, replace: bool) -> Reply:
    """Which topic mentions which role."""
    on = [topic for topic in TOPICS if topic.key in roles]
    lines = [f"{topic.name}: {_role_line(roles[topic.key])}" for topic in on]
    paragraphs = (ROLES, "\n".join(lines) or "No topic is on yet.", TYPED_ROLE)
    buttons = [_no_role(topic) for topic in on if roles[topic.key]]
    doors = () if on else (Button("What is told here", "subscribe"),)
    width = 1 if len(buttons) < len(TOPICS) else 2
    return Reply(Card("Roles", paragraphs=paragraphs), (*rows(buttons, width), (*doors, BACK)), replace=replace)


def language_view(settings: ChatSettings, *, replace: bool) -> Reply:
    """The chat's language, and the others that there are."""
    card = Card(f"Language: {language_name(settings)}", paragraphs=(LANGUAGE,))
    buttons = [Button(name, "settings", f"language {code}") for code, name in LANGUAGES.items()]
    if settings.language is not None:
        buttons.append(Button(NOT_SET, "settings", "language none"))
    width = max(2, -(-len(buttons) // (BUTTON_ROWS - 1)))
    return Reply(card, (*rows(buttons, width), (BACK,)), replace=replace)


def has_roles(chat: Chat) -> bool:
    """Whether there are roles to mention: on a Discord server."""
    return chat.platform is Platform.DISCORD and chat.kind is ChatKind.GROUP


def clock_line(settings: ChatSettings, now: dt.datetime) -> str:
    """What time it is by the chat's clock: `It is 14:05 in London`."""
    return f"It is {local_time(now, settings.zone)}." if settings.zone else NO_ZONE


def spoilers_line(settings: ChatSettings) -> str:
    """What is done about results, in a few words."""
    match settings:
        case ChatSettings(spoilers=Spoilers.VEILED):
            return "Results are veiled"
        case ChatSettings(spoilers=Spoilers.HELD, hold_minutes=int(minutes)):
            return f"Results are held for {countdown(dt.timedelta(minutes=minutes))} after the flag"
        case ChatSettings(spoilers=Spoilers.HELD, hold_until=int(minute)):
            return f"Results are held until the first {clock_face(minute)} after the flag"
    return "Results are shown"


def quiet_line(settings: ChatSettings) -> str:
    """The quiet hours, or that there are none."""
    if settings.quiet_from is None or settings.quiet_until is None:
        return "None"
    return f"{clock_face(settings.quiet_from)} to {clock_face(settings.quiet_until)}"


def language_name(settings: ChatSettings) -> str:
    """The language that a chat chose, by its own name."""
    return LANGUAGES.get(settings.language or "", NOT_SET)


def _by_what_clock(settings: ChatSettings) -> str:
    return f"Times go by the clock of {city(settings.zone)}." if settings.zone else "Times are UTC until a zone is set."


def _roles_line(roles: Roles) -> str:
    named = [topic.name for topic in TOPICS if roles.get(topic.key)]
    return f"Mentioned with {listed(named).lower()}" if named else "None is mentioned"


def _role_line(role: str | None) -> str:
    return f"the role with the number {role}" if role else "no role"


def _no_role(topic: Topic) -> Button:
    return Button(f"None with {topic.name.lower()}", "settings", f"role {topic.key} none")
