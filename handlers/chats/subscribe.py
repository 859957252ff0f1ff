"""/subscribe and /unsubscribe: what a chat is told by itself, without anybody asking."""

import re
from collections.abc import Sequence

from bot.cards import subscriptions as cards
from bot.chat.buttons import Button
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.pushing import check_pushed, is_pushed
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.reminders import Reminder, all_reminders_too, in_shorthand
from bot.domain.topics import ALL, BUT, SHORT, TOPICS, Topic, topics_called
from bot.i18n import LANGUAGES, _, marked, speaking, spoken_code
from bot.i18n.formats import either, listed
from bot.search.words import fold
from storage.subscriptions import Subscriptions

NOTHING_ON = marked("Nothing comes to this chat by itself. /subscribe says what there is.")


BETWEEN = {"", "and", "und", "y", "e", "&", "+"}
"""What may stand between two topics."""

SWITCH = {"on", "an"}
"""What may stand beside topics that are written out; among those in shorthand `an` is one."""

SAID = {
    **dict.fromkeys(("everything", "alles", "todo"), ALL),
    **dict.fromkeys(("except", "ausser", "ohne", "excepto", "menos"), BUT),
    **dict.fromkeys(("recap", "bericht", "berichte", "resumen", "resumenes", "cronica", "cronicas"), "recaps"),
    **dict.fromkeys(("reminder", "erinnerung", "erinnerungen", "aviso", "avisos"), "reminders"),
    **dict.fromkeys(("recordatorio", "recordatorios"), "reminders"),
    **dict.fromkeys(("kalender", "calendario"), "calendar"),
    **dict.fromkeys(("incident", "vorfall", "vorfalle", "incidente", "incidentes", "live"), "incidents"),
    **dict.fromkeys(("ruling", "entscheidung", "decision"), "rulings"),
    **dict.fromkeys(("anniversary", "jahrestag", "jahrestage", "aniversario", "aniversarios"), "anniversaries"),
    **dict.fromkeys(("quali", "qualifikation", "clasificacion"), "qualifying"),
    "sprint": "sprints",
}
"""Folded words that people type for the words that topics are switched by."""


class Subscribing:
    """Turn topics on and off for a chat."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self._subscriptions = subscriptions

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "subscribe",
                marked("Recaps, reminders and live polls that come by themselves (admins)"),
                self.subscribe,
                argument=marked(
                    "recaps, sprints, qualifying, reminders, calendar, incidents, rulings or anniversaries"
                ),
                option="topic",
                suggest=suggest,
                admin=True,
                works=is_pushed,
                posts=True,
            ),
            Command(
                "unsubscribe",
                marked("Turn one of them off, or all (admins)"),
                self.unsubscribe,
                argument=marked("topic"),
                option="topic",
                suggest=suggest,
                admin=True,
                works=is_pushed,
            ),
        )

    async def subscribe(self, request: Request) -> Reply:
        """Turn topics on; without an argument say which are."""
        check_pushed(request)
        if not request.argument:
            wanted = await self._subscriptions.of(request.chat)
            return cards.topics_view(wanted, lacking=request.lacking)
        reminders, words = apart(request.argument)
        topics = called(words) if words or not reminders else ()
        if request.lacking:
            again = cards.turning_on(topics, reminders)
            return cards.refused(request, Button(_("Try again"), "subscribe", again))
        keys = [topic.key for topic in topics] + [each.topic for each in reminders]
        await self._subscriptions.begin(request.chat, keys, request.update, request.user, spoken_code())
        return cards.turned_on(await self._subscriptions.of(request.chat), topics)

    async def unsubscribe(self, request: Request) -> Reply:
        """Turn topics off; without an argument all of them, which a button undoes."""
        check_pushed(request)
        topics = called(request.argument or ALL)
        if len(topics) < len(TOPICS):
            keys = all_reminders_too([topic.key for topic in topics])
            ended = await self._subscriptions.end(request.chat, keys, request.update)
            return cards.turned_off(await self._subscriptions.of(request.chat), topics, ended)
        ended = await self._subscriptions.end(request.chat, update=request.update)
        if ended.topics:
            return cards.all_turned_off(ended)
        if wanted := await self._subscriptions.of(request.chat):  # turned on since, where the request came again
            return cards.topics_view(wanted)
        raise UserError(_(NOTHING_ON), _there_is())


def switch_words() -> list[str]:
    """The words that topics are switched by, in their order: `recaps`, `sprints`, `reminders`."""
    return list(dict.fromkeys(topic.family for topic in TOPICS))


def suggest(typed: str) -> Sequence[Suggestion]:
    """The topics that begin like this, each by itself."""
    begun = typed.casefold()
    return [
        Suggestion(topic.name, topic.key)
        for topic in TOPICS
        if topic.key.startswith(begun) or topic.name.casefold().startswith(begun)
    ]


def apart(argument: str) -> tuple[tuple[Reminder, ...], str]:
    """The reminders that an argument names in shorthand, as a button does, and its other words."""
    words = argument.casefold().split()
    reminders = dict.fromkeys(each for word in words for each in in_shorthand(word))
    return tuple(reminders), " ".join(word for word in words if not in_shorthand(word))


def called(argument: str) -> tuple[Topic, ...]:
    """The topics that somebody names. Raises UserError where one of the words is none."""
    words = [SAID.get(word, word) for word in re.split(r"[\s,]+", _by_keys(argument)) if word not in BETWEEN]
    if any(len(word) > SHORT for word in words):
        words = [word for word in words if word not in SWITCH]
    meant, left_out = _parted(words)
    found = dict.fromkeys(topic for word in meant for topic in _meant(word))
    for topic in [topic for word in left_out for topic in _meant(word)]:
        found.pop(topic, None)
    if not found:
        raise UserError(_("Say which: {words}.").format(words=either(switch_words())), _there_is())
    return tuple(found)


def _by_keys(argument: str) -> str:
    """What somebody types, folded, with topics' names in any language as their keys: „Rennberichte“ → `recaps`."""
    said = fold(argument)
    for name in sorted(names := _names(), key=len, reverse=True):
        said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", names[name], said)
    return said


def _names() -> dict[str, str]:
    """The keys of topics by what they are called in every language, folded."""
    names: dict[str, str] = {}
    for code in LANGUAGES:
        with speaking(code):
            names |= {fold(_(topic.called)): topic.key for topic in TOPICS}
    return names


def _there_is() -> Button:
    """The way to all topics."""
    return Button(_("What there is"), "subscribe")


def _meant(word: str) -> tuple[Topic, ...]:
    topics = TOPICS if word == ALL else topics_called(word)
    if not topics:
        words = listed(switch_words(), len(TOPICS))
        raise UserError(_("No topic by that name. There are {words}.").format(words=words), _there_is())
    return topics


def _parted(words: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The words before `but`, and those after it."""
    at = words.index(BUT) if BUT in words else len(words)
    return words[:at], words[at + 1 :]
