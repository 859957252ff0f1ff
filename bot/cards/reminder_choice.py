"""What /reminders shows: of which sessions a chat is reminded, and how long before each, with a button for each."""

from collections.abc import Collection, Sequence

from bot.cards.incident_text import listed
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.replies import Reply
from bot.domain.reminders import REMINDERS, Lead, Part, Reminder
from bot.i18n import _, marked
from bot.i18n.formats import capital

CALLED = {
    Part.PRACTICE: marked("practice"),
    Part.QUALIFYING: marked("qualifying"),
    Part.SPRINT: marked("the sprint"),
    Part.RACE: marked("the race"),
}
SHORT = {Part.PRACTICE: marked("FP"), Part.QUALIFYING: marked("Q"), Part.SPRINT: marked("S"), Part.RACE: marked("R")}
"""What stands on buttons, of which four are beside one another."""

LEADS = {
    Lead.DAY: marked("24 hours"),
    Lead.THREE_HOURS: marked("3 hours"),
    Lead.HOUR: marked("1 hour"),
    Lead.QUARTER: marked("15 minutes"),
}
SHORT_LEADS = {
    Lead.DAY: marked("24 h"),
    Lead.THREE_HOURS: marked("3 h"),
    Lead.HOUR: marked("1 h"),
    Lead.QUARTER: marked("15 min"),
}
HOW = marked("A button with + turns a reminder on, one with − turns it off; {parts}.")
TYPED = marked("Typed: /reminders qualifying 1h on, or off; /reminders off for all.")


def reminders_view(wanted: Collection[str], said: str = "", undo: Sequence[Button] = ()) -> Reply:
    """All that a chat is reminded of, and a button for each reminder there is; what was done just now is `said`."""
    facts = [Field(capital(_(CALLED[part])), _leads_on(part, wanted)) for part in Part]
    parts = ", ".join(f"{_(SHORT[part])}: {_(CALLED[part])}" for part in Part)
    paragraphs = (*((said,) if said else ()), f"{_(HOW).format(parts=parts)} {_(TYPED)}")
    rows = [tuple(_button(each, wanted) for each in REMINDERS.values() if each.part is part) for part in Part]
    any_on = any(topic in wanted for topic in REMINDERS)
    none = (Button(_("All off"), "reminders", "off", turns=True),) if any_on else ()
    doors = (*none, *undo, Button(_("Subscriptions"), "subscribe", turns=True))
    return Reply(Card(_("What this chat is reminded of"), paragraphs=paragraphs, fields=tuple(facts)), (*rows, doors))


def switched(
    wanted: Collection[str],
    reminders: Sequence[Reminder],
    *,
    on: bool,
    lost: Sequence[str] = (),
    undo: Sequence[Button] = (),
) -> Reply:
    """That reminders are on now, or off with what was `lost`; of those that are not so by now nothing is said.

    Where all are off that is one short sentence; `undo` turns on again what has just been turned off.
    """
    so = [each for each in reminders if (each.topic in wanted) is on]
    said = _("Turned on: {topics}.") if on else _("Turned off: {topics}.")
    told = [said.format(topics=listed([name(each) for each in so]))] if so else []
    if not on and len(so) == len(REMINDERS):
        told = [_("All reminders are off.")]
    return reminders_view(wanted, " ".join([*told, *lost]), undo)


def chosen(wanted: Collection[str]) -> str:
    """The reminders that a chat chose beside those that are topics by themselves, or that it chose none."""
    names = [name(each) for topic, each in REMINDERS.items() if topic in wanted and not each.is_topic]
    return listed(names) if names else _("none so far")


def name(reminder: Reminder) -> str:
    """What a reminder is called within a sentence: `1 hour before qualifying`."""
    return _("{time} before {session}").format(time=_(LEADS[reminder.lead]), session=_(CALLED[reminder.part]))


def _leads_on(part: Part, wanted: Collection[str]) -> str:
    on = [_(LEADS[each.lead]) for topic, each in REMINDERS.items() if each.part is part and topic in wanted]
    return _("{times} before").format(times=listed(on)) if on else _("No reminder")


def _button(reminder: Reminder, wanted: Collection[str]) -> Button:
    on = reminder.topic in wanted
    label = f"{_(SHORT[reminder.part])} {'−' if on else '+'}{_(SHORT_LEADS[reminder.lead])}"
    return Button(label, "reminders", f"{reminder.part} {reminder.lead} {'off' if on else 'on'}", turns=True)
