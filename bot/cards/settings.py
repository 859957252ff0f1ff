"""What /settings shows: a chat's settings on one card, and each of them on its own with what may be chosen."""

import datetime as dt

from bot.cards.clock_text import city, is_place
from bot.cards.incident_text import rows
from bot.cards.reminder_choice import name
from bot.cards.setting_lines import (
    clock_line,
    delay_line,
    from_to,
    in_seconds,
    language_name,
    polls_line,
    quiet_line,
    roles_line,
    spoilers_line,
)
from bot.chat.buttons import BUTTON_ROWS, Button
from bot.chat.cards import Card, Field
from bot.chat.pushing import is_pushed
from bot.chat.replies import Reply
from bot.domain.chat_settings import LONGEST_DELAY, ChatSettings
from bot.domain.places import Chat, ChatKind, Platform
from bot.domain.reminders import REMINDERS
from bot.domain.topics import TOPICS, Topic, Wanted
from bot.i18n import LANGUAGES, _, marked
from bot.i18n.formats import capital

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

DELAYS = (20, 40, 60, 90, LONGEST_DELAY)
"""Seconds that are offered at once."""

CLOCK = marked("Race times, quiet hours and what is held back go by this clock.")
CLOCK_OF_RACES = marked("Race times go by this clock.")
ANY_ZONE = marked("For any other, type /settings zone and a city, a country or an offset such as UTC+2.")
FIXED = marked("It keeps no summer time; a city's clock does where the city does.")
ALL_YEAR = marked("It follows the clock of {city} all year, with summer time where that keeps it.")
SPOILERS = marked(
    "Show: a result is told as soon as it is in.\n"
    "Veil: it is told as soon, hidden until somebody taps it.\n"
    "Hold: it is told later, so many minutes after the flag, or when the clock first shows a set time after it."
)
NO_SPOILERS = marked("Reminders are no spoilers; they are not held back.")
ASKED = marked("Unless results are shown, those that somebody asks for here are hidden until tapped, too.")
TYPED_SPOILERS = marked("Typed: /settings spoilers show, veil, hold 120 or hold until 09:00.")
QUIET = marked(
    "During quiet hours nothing is pushed. A recap waits for their end; a reminder that would be late by then comes"
    " before they begin."
)
TYPED_QUIET = marked("Typed: /settings quiet 22:00-08:00, or off.")
ROLES = marked("A role can be mentioned with each topic that is on. It must be one that I may mention.")
TYPED_ROLE = marked("Typed: /settings role recaps @role, or none.")
DELAY = marked(
    "For whoever sees a race later than race control speaks of it: all that is told of a running session comes so much"
    " later here."
)
TYPED_DELAY = marked("Typed: /settings delay and seconds, up to {most}, or off.")
BLIND = marked("Blind: how a poll stands is shown to whoever has voted, and to all once the poll is closed here.")
BLIND_ALONE = marked("Blind: how a poll stands is shown once you have voted.")
CLOSING = marked(
    "Closing: so long after it was first shown here a poll is closed, and what it came to is posted. Polls that were"
    " shown before stay open; /polls close and /polls open decide on one by itself."
)
TYPED_POLLS = marked("Typed: /settings polls blind or open.")
TYPED_POLLS_AND_CLOSING = marked("Typed: /settings polls blind or open; /settings closing 24h or off.")
LANGUAGE = marked("The language of what is pushed here and of answers to this chat.")
ANSWERS = marked("The language of answers.")
AS_THEY_ARE = marked("Quotations, rulings and the stories of incidents stay as they were written, word for word.")


def all_settings(chat: Chat, settings: ChatSettings, roles: Wanted, now: dt.datetime) -> Reply:
    """Every setting in a line, with a button that leads to it."""
    pushed = is_pushed(chat)
    facts = [Field(_("Time zone"), clock_line(settings, now))]
    doors = [Button(_("Time zone"), "settings", "zone", turns=True)]
    if pushed:
        facts.append(Field(_("Spoilers"), capital(spoilers_line(settings))))
        facts.append(Field(_("Quiet hours"), capital(quiet_line(settings))))
        doors.append(Button(_("Spoilers"), "settings", "spoilers", turns=True))
        facts.append(Field(_("Delay"), capital(delay_line(settings))))
        doors.append(Button(_("Quiet hours"), "settings", "quiet", turns=True))
        doors.append(Button(_("Delay"), "settings", "delay", turns=True))
    facts.append(Field(_("Polls"), capital(polls_line(settings))))
    doors.append(Button(_("Polls"), "settings", "polls", turns=True))
    if has_roles(chat):
        facts.append(Field(_("Roles"), roles_line(roles)))
        doors.append(Button(_("Roles"), "settings", "role", turns=True))
    if len(LANGUAGES) > 1:
        facts.append(Field(_("Language"), language_name(settings)))
        doors.append(Button(_("Language"), "settings", "language", turns=True))
    if pushed:
        doors.append(Button(_("Subscriptions"), "subscribe", turns=True))
    return Reply(Card(_("Settings of this chat"), fields=tuple(facts)), rows(doors, 2))


def zone_view(chat: Chat, settings: ChatSettings, now: dt.datetime, *, abbreviated: bool = False) -> Reply:
    """The chat's clock, and others to choose from; of one that was `abbreviated`, that it is a place's all year."""
    paragraphs = [clock_line(settings, now), f"{_(CLOCK if is_pushed(chat) else CLOCK_OF_RACES)} {_(ANY_ZONE)}"]
    if settings.zone and not is_place(settings.zone):
        paragraphs.insert(1, _(FIXED))
    elif settings.zone and abbreviated:
        paragraphs.insert(1, _(ALL_YEAR).format(city=city(settings.zone)))
    buttons = [*zone_buttons(ZONES), *((no_zone(),) if settings.zone else ())]
    return Reply(Card(_("Time zone"), paragraphs=tuple(paragraphs)), (*rows(buttons, 3), (_back(),)))


def zone_buttons(zones: tuple[str, ...]) -> list[Button]:
    """A button for each zone, called by its city."""
    return [Button(city(zone), "settings", f"zone {zone}", turns=True) for zone in zones]


def no_zone() -> Button:
    """What clears the zone."""
    return Button(_("No zone"), "settings", "zone none", turns=True)


def spoilers_view(settings: ChatSettings) -> Reply:
    """What is done about results, and what else could be."""
    card = Card(
        _("Spoilers: {state}").format(state=spoilers_line(settings)),
        paragraphs=(_(SPOILERS), _(ASKED), f"{_(NO_SPOILERS)} {_by_what_clock(settings)}", _(TYPED_SPOILERS)),
    )
    buttons = (
        Button(_("Show results"), "settings", "spoilers show", turns=True),
        Button(_("Veil them"), "settings", "spoilers veil", turns=True),
        Button(_("Hold for 2 hours"), "settings", "spoilers hold 120", turns=True),
        Button(_("Hold for a day"), "settings", "spoilers hold 1440", turns=True),
        Button(_("Hold until 09:00"), "settings", "spoilers hold until 09:00", turns=True),
        Button(_("Hold until 18:00"), "settings", "spoilers hold until 18:00", turns=True),
        _back(),
    )
    return Reply(card, rows(buttons, 2))


def quiet_view(settings: ChatSettings) -> Reply:
    """The chat's quiet hours, and others."""
    card = Card(
        _("Quiet hours: {hours}").format(hours=quiet_line(settings)),
        paragraphs=(_(QUIET), f"{_by_what_clock(settings)} {_(TYPED_QUIET)}"),
    )
    spans = (("22:00", "08:00"), ("23:00", "07:00"), ("00:00", "09:00"))
    labelled = ((capital(from_to(start, end)), f"quiet {start}-{end}") for start, end in spans)
    buttons = [Button(label, "settings", quiet, turns=True) for label, quiet in labelled]
    if settings.quiet_from is not None:
        buttons.append(Button(_("No quiet hours"), "settings", "quiet off", turns=True))
    return Reply(card, (*rows(buttons, 2), (_back(),)))


def delay_view(settings: ChatSettings) -> Reply:
    """By how much later than the feed a running session is told, and other delays."""
    card = Card(
        _("Delay: {time}").format(time=delay_line(settings)),
        paragraphs=(_(DELAY), _(TYPED_DELAY).format(most=LONGEST_DELAY)),
    )
    buttons = [Button(in_seconds(delay), "settings", f"delay {delay}", turns=True) for delay in DELAYS]
    if settings.delay_seconds:
        buttons.append(Button(_("No delay"), "settings", "delay off", turns=True))
    return Reply(card, (*rows(buttons, 3), (_back(),)))


def polls_view(settings: ChatSettings, *, closes: bool) -> Reply:
    """How polls are shown, and when they are closed where they can be: in groups."""
    card = Card(
        _("Polls: {state}").format(state=polls_line(settings)),
        paragraphs=tuple(map(_, (BLIND, CLOSING, TYPED_POLLS_AND_CLOSING) if closes else (BLIND_ALONE, TYPED_POLLS))),
    )
    buttons = [
        Button(_("Blind until you vote"), "settings", "polls blind", turns=True),
        Button(_("Open to see"), "settings", "polls open", turns=True),
    ]
    if closes:
        buttons += [
            Button(_("Close after a day"), "settings", "closing 24h", turns=True),
            Button(_("Close after a week"), "settings", "closing 168h", turns=True),
        ]
    if settings.closing_hours is not None:
        buttons.append(Button(_("Never close"), "settings", "closing off", turns=True))
    return Reply(card, (*rows(buttons, 2), (_back(),)))


def roles_view(roles: Wanted) -> Reply:
    """Which topic mentions which role."""
    on = [topic for topic in TOPICS if topic.key in roles]
    others = [each for key, each in REMINDERS.items() if key in roles and not each.is_topic]
    lines = [f"{capital(_(topic.called))}: {_role_line(roles[topic.key])}" for topic in on]
    lines += [f"{capital(name(each))}: {_role_line(roles[each.topic])}" for each in others]
    paragraphs = (_(ROLES), "\n".join(lines) or _("No topic is on yet."), _(TYPED_ROLE))
    buttons = [_no_role(topic) for topic in on if roles[topic.key]]
    if any(roles[each.topic] for each in others):
        buttons.append(Button(_("None with any reminder"), "settings", "role reminders none", turns=True))
    doors = () if on or others else (Button(_("Subscriptions"), "subscribe", turns=True),)
    width = -(-len(buttons) // (BUTTON_ROWS - 1)) or 1
    return Reply(Card(_("Roles"), paragraphs=paragraphs), (*rows(buttons, width), (*doors, _back())))


def language_view(chat: Chat, settings: ChatSettings) -> Reply:
    """The chat's language, and the others that there are."""
    title = _("Language: {name}").format(name=language_name(settings))
    card = Card(title, paragraphs=(f"{_(LANGUAGE if is_pushed(chat) else ANSWERS)} {_(AS_THEY_ARE)}",))
    buttons = [Button(name, "settings", f"language {code}", turns=True) for code, name in LANGUAGES.items()]
    if settings.language is not None:
        buttons.append(Button(_("None of them"), "settings", "language none", turns=True))
    width = max(2, -(-len(buttons) // (BUTTON_ROWS - 1)))
    return Reply(card, (*rows(buttons, width), (_back(),)))


def has_roles(chat: Chat) -> bool:
    """Whether there are roles to mention: on a Discord server."""
    return chat.platform is Platform.DISCORD and chat.kind is ChatKind.GROUP


def _by_what_clock(settings: ChatSettings) -> str:
    if settings.zone is None:
        return _("Times are UTC until a zone is set.")
    return _("Times go by the clock of {city}.").format(city=city(settings.zone))


def _back() -> Button:
    return Button(_("All settings"), "settings", turns=True)


def _role_line(role: str | None) -> str:
    return _("the role with the number {number}").format(number=role) if role else _("no role")


def _no_role(topic: Topic) -> Button:
    return Button(
        _("None with {topic}").format(topic=_(topic.called)), "settings", f"role {topic.key} none", turns=True
    )
