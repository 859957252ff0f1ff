"""/subscribe and /unsubscribe: what a chat is told by itself, without anybody asking."""

import re
from collections.abc import Collection, Mapping, Sequence

from bot.cards.incident_text import listed, rows
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.messages import BUTTON_ROWS, Button, Card, Field, Reply, Request
from bot.domain.chat_settings import ChatSettings
from bot.domain.places import ChatKind, Platform
from bot.domain.topics import TOPICS, Topic, topics_called
from bot.i18n import _, marked
from bot.i18n.formats import capital, either
from storage.chat_settings import SettingsStore
from storage.subscriptions import Subscriptions

ALL = "all"
NOT_HERE = marked("That works in a group that I am a member of, or in a private chat with me.")
NOT_IN_THE_TERMINAL = marked("Nothing is pushed to the terminal. Recaps and reminders need Telegram or Discord.")
NOTHING_ON = marked("This chat is told nothing by itself. /subscribe says what there is.")
NO_RIGHT = marked("I may not post here yet.")
ROLES_GONE = marked("The roles that were mentioned are forgotten.")
SETTINGS_GONE = marked("With the last topic, the settings of this private chat are gone too.")

Wanted = Mapping[str, str | None]
"""The topics that are on, each with the role that is mentioned, or None."""


class Subscribing:
    """Turn topics on and off for a chat."""

    def __init__(self, subscriptions: Subscriptions, settings: SettingsStore) -> None:
        self._subscriptions = subscriptions
        self._settings = settings

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "subscribe",
                marked("Recaps and reminders that come by themselves (admins)"),
                self.subscribe,
                argument=marked("recaps, sprints, reminders or calendar"),
                suggest=suggest,
                admin=True,
                posts=True,
            ),
            Command(
                "unsubscribe",
                marked("Turn one of them off, or all (admins)"),
                self.unsubscribe,
                argument=marked("topic"),
                suggest=suggest,
                admin=True,
            ),
        )

    async def subscribe(self, request: Request) -> Reply:
        """Turn topics on; without an argument say which are."""
        _check_place(request)
        if not request.argument:
            return await self._card(request, f"{_(NO_RIGHT)} {_missing(request)}" if request.lacking else "")
        topics = _called(request.argument)
        if request.lacking:
            return _refused(request)
        await self._subscriptions.begin(request.chat, [topic.key for topic in topics])
        return await self._card(request, _("Turned on: {topics}.").format(topics=_named(topics)))

    async def unsubscribe(self, request: Request) -> Reply:
        """Turn topics off; without an argument all of them, which a button undoes."""
        _check_place(request)
        topics = _called(request.argument or ALL)
        wanted = await self._subscriptions.of(request.chat)
        if not wanted:
            raise UserError(_(NOTHING_ON))
        ended = wanted.keys() if len(topics) == len(TOPICS) else wanted.keys() & {topic.key for topic in topics}
        settings_gone = await self._end(request, wanted, ended)
        lost = [_(ROLES_GONE)] if any(wanted[key] for key in ended) else []
        lost += [_(SETTINGS_GONE)] if settings_gone else []
        if len(topics) == len(TOPICS):
            return _silence([topic for topic in TOPICS if topic.key in ended], lost)
        said = _("Turned off: {topics}.").format(topics=_named(topics))
        return await self._card(request, " ".join([said, *lost]))

    async def _end(self, request: Request, wanted: Wanted, ended: Collection[str]) -> bool:
        """End topics; whether settings went with them, as nothing is kept of a private chat that wants nothing."""
        last = request.chat.kind is ChatKind.PRIVATE and not wanted.keys() - ended
        had = await self._settings.of(request.chat) if last else ChatSettings()
        await self._subscriptions.end(request.chat, ended)
        if last:
            await self._settings.forget(request.chat)
        return had != ChatSettings()

    async def _card(self, request: Request, said: str = "") -> Reply:
        """Each topic, on or off, with a button that switches it."""
        wanted = await self._subscriptions.of(request.chat)
        facts = [_fact(topic, on=topic.key in wanted) for topic in TOPICS]
        card = Card(_("What this chat is told by itself"), paragraphs=(said,) if said else (), fields=tuple(facts))
        switches = [_switch(topic, on=topic.key in wanted) for topic in TOPICS]
        *above, last = rows(switches, -(-len(switches) // BUTTON_ROWS))
        return Reply(card, (*above, (*last, Button(_("Settings"), "settings"))))


def switch_words() -> list[str]:
    """The words that topics are switched by, in their order: `recaps`, `sprints`, `reminders`, `calendar`."""
    return list(dict.fromkeys(topic.family for topic in TOPICS))


def suggest(typed: str) -> Sequence[Suggestion]:
    """The topics that begin like this, each by itself."""
    begun = typed.casefold()
    return [
        Suggestion(topic.name, topic.key)
        for topic in TOPICS
        if topic.key.startswith(begun) or topic.name.casefold().startswith(begun)
    ]


def words_for(topics: Sequence[Topic]) -> str:
    """The shortest argument that means these topics."""
    if len(topics) == len(TOPICS):
        return ALL
    whole = {topic.family for topic in topics if set(topics_called(topic.family)) <= set(topics)}
    return " ".join(dict.fromkeys(topic.family if topic.family in whole else topic.key for topic in topics))


def _check_place(request: Request) -> None:
    """Raises UserError where nothing can be pushed."""
    if request.chat.platform is Platform.CONSOLE:
        raise UserError(_(NOT_IN_THE_TERMINAL))
    if request.chat.kind is ChatKind.ELSEWHERE:
        raise UserError(_(NOT_HERE))


def _called(argument: str) -> tuple[Topic, ...]:
    """The topics that somebody names. Raises UserError where one of the words is none."""
    found: dict[str, Topic] = {}
    for word in filter(None, re.split(r"[\s,]+", argument.casefold())):
        topics = TOPICS if word == ALL else topics_called(word)
        if not topics:
            raise UserError(_("No topic by that name. There are {words}.").format(words=listed(switch_words())))
        found |= {topic.key: topic for topic in topics}
    if not found:
        raise UserError(_("Say which: {words}.").format(words=either(switch_words())))
    return tuple(found.values())


def _named(topics: Sequence[Topic]) -> str:
    return listed([_(topic.called) for topic in topics])


def _fact(topic: Topic, *, on: bool) -> Field:
    said = _("On. {summary}.") if on else _("Off. {summary}.")
    return Field(capital(_(topic.called)), said.format(summary=_(topic.summary)))


def _switch(topic: Topic, *, on: bool) -> Button:
    label = _("Turn off {topic}") if on else _("Turn on {topic}")
    return Button(label.format(topic=_(topic.called)), "unsubscribe" if on else "subscribe", topic.key)


def _missing(request: Request) -> str:
    return _("Missing: {rights}.").format(rights=listed([_(right) for right in request.lacking]))


def _refused(request: Request) -> Reply:
    """Say what is missing, to the asker alone.

    On Telegram such an answer may go to a chat of its own, where a button would mean that chat.
    """
    again = _("Give me that and press again.") if request.pressed else _("Give me that and ask again.")
    card = Card(_(NO_RIGHT), paragraphs=(f"{_missing(request)} {again}",))
    button = Button(_("Try again"), "subscribe", words_for(_called(request.argument)))
    buttons = () if request.chat.platform is Platform.TELEGRAM else ((button,),)
    return Reply(card, buttons, private=True)


def _silence(ended: Sequence[Topic], lost: Sequence[str]) -> Reply:
    """Say that all is off, with a button that undoes it."""
    card = Card(_("This chat is told nothing by itself any more"), paragraphs=tuple(lost))
    undo = (Button(_("Undo"), "subscribe", words_for(ended)),) if ended else ()
    choose = Button(_("What there is"), "subscribe")
    return Reply(card, ((*undo, choose),))
