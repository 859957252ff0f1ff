"""What /subscribe and /unsubscribe show: what a chat is told by itself, with a button that switches each topic."""

from collections.abc import Sequence

from bot.cards.incident_text import listed, rows
from bot.cards.reminder_choice import chosen
from bot.chat.buttons import BUTTON_DATA_BYTES, BUTTON_ROWS, TURNING, Button
from bot.chat.cards import Card, Field
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import Platform
from bot.domain.reminders import REMINDERS, Reminder
from bot.domain.reminders import shorthand as reminders_shorthand
from bot.domain.topics import TOPICS, Ended, Topic, Wanted, words_for
from bot.domain.topics import shorthand as topics_shorthand
from bot.i18n import _, marked
from bot.i18n.formats import capital

NO_RIGHT = marked("I may not post here yet.")
ROLES_GONE = marked("The roles that were mentioned are forgotten.")
SETTINGS_GONE = marked("With the last topic, the settings of this private chat are gone too.")


def topics_view(wanted: Wanted, *, lacking: Sequence[str] = ()) -> Reply:
    """Each topic, on or off, and which rights the bot lacks to tell of any."""
    return _topics(wanted, lacking_said(lacking) if lacking else "")


def turned_on(wanted: Wanted, topics: Sequence[Topic]) -> Reply:
    """That topics are on now, and all that are; of one that is off again by now nothing is said."""
    on = [topic for topic in topics if topic.key in wanted]
    return _topics(wanted, _("Turned on: {topics}.").format(topics=_named(on)) if on else "")


def turned_off(wanted: Wanted, topics: Sequence[Topic], ended: Ended) -> Reply:
    """That topics are off now, what went with those that were on, and all that are on still.

    Of one that is on again by now nothing is said.
    """
    off = [topic for topic in topics if topic.key not in wanted]
    said = [_("Turned off: {topics}.").format(topics=_named(off))] if off else []
    return _topics(wanted, " ".join([*said, *lost(ended)]))


def all_turned_off(ended: Ended) -> Reply:
    """That nothing is on any more, with a button that turns on again what was."""
    card = Card(_("Nothing comes to this chat by itself any more"), paragraphs=tuple(lost(ended)))
    return Reply(card, ((*undo(ended), Button(_("What there is"), "subscribe", turns=True)),))


def undo(ended: Ended) -> Sequence[Button]:
    """What turns on again all that was, in one press."""
    topics = [topic for topic in TOPICS if topic.key in ended.topics]
    chosen_ones = [REMINDERS[key] for key in ended.topics if key in REMINDERS and not REMINDERS[key].is_topic]
    again = turning_on(topics, chosen_ones)
    return (Button(_("Undo"), "subscribe", again, turns=True),) if again else ()


def turning_on(topics: Sequence[Topic], reminders: Sequence[Reminder]) -> str:
    """The words that turn these on together, in shorthand where a button has no room for whole ones."""
    whole, short = (
        " ".join(filter(None, (said, reminders_shorthand(reminders))))
        for said in (words_for(topics) if topics else "", topics_shorthand(topics))
    )
    return whole if len(f"{TURNING}subscribe {whole}") <= BUTTON_DATA_BYTES else short


def refused(request: Request, try_again: Button) -> Reply:
    """What the bot lacks to tell of what somebody wants to turn on, for the asker alone.

    On Telegram such an answer may go to a chat of its own, where a button would mean that chat.
    """
    again = _("Give me that and press again.") if request.pressed else _("Give me that and ask again.")
    card = Card(_(NO_RIGHT), paragraphs=(f"{_missing(request.lacking)} {again}",))
    return Reply(card, () if request.chat.platform is Platform.TELEGRAM else ((try_again,),), private=True)


def lacking_said(lacking: Sequence[str]) -> str:
    """That the bot may not post here, and which rights it lacks."""
    return f"{_(NO_RIGHT)} {_missing(lacking)}"


def _topics(wanted: Wanted, said: str) -> Reply:
    facts = [_fact(topic, on=topic.key in wanted) for topic in TOPICS]
    facts.append(Field(_("Other reminders"), capital(f"{chosen(wanted)}.")))
    card = Card(_("What comes to this chat by itself"), paragraphs=(said,) if said else (), fields=tuple(facts))
    switches = [_switch(topic, on=topic.key in wanted) for topic in TOPICS]
    *above, last = rows(switches, -(-len(switches) // BUTTON_ROWS))
    doors = (Button(_("Other reminders"), "reminders", turns=True), Button(_("Settings"), "settings", turns=True))
    return Reply(card, (*above, (*last, *doors)))


def _fact(topic: Topic, *, on: bool) -> Field:
    said = _("On. {summary}.") if on else _("Off. {summary}.")
    return Field(capital(_(topic.called)), said.format(summary=_(topic.summary)))


def _switch(topic: Topic, *, on: bool) -> Button:
    label = _("Turn off {topic}") if on else _("Turn on {topic}")
    return Button(label.format(topic=_(topic.called)), "unsubscribe" if on else "subscribe", topic.key, turns=True)


def _named(topics: Sequence[Topic]) -> str:
    return listed([_(topic.called) for topic in topics])


def _missing(lacking: Sequence[str]) -> str:
    return _("Missing: {rights}.").format(rights=listed([_(right) for right in lacking]))


def lost(ended: Ended) -> list[str]:
    """What went with the topics that were turned off: the roles that were mentioned, a private chat's settings."""
    roles_gone = [_(ROLES_GONE)] if any(ended.topics.values()) else []
    return [*roles_gone, _(SETTINGS_GONE)] if ended.settings_gone else roles_gone
