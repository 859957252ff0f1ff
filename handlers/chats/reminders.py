"""/reminders: of which sessions a chat is reminded, and how long before each."""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from bot.cards import reminder_choice as cards
from bot.cards import subscriptions
from bot.chat.buttons import Button
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.pushing import check_pushed, is_pushed
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.reminders import REMINDERS, Lead, Part, Reminder
from bot.i18n import _, marked, spoken_code
from bot.search.argument_words import switched
from bot.search.words import fold
from storage.subscriptions import Subscriptions

WHICH = marked(
    "Say of what, how long before, and on or off, as in /reminders qualifying 1h on; /reminders off ends all."
)
NO_SESSION = marked("No session by that name. There are practice, qualifying, sprint and race.")
NO_LEAD = marked("There are reminders 24h, 3h, 1h and 15m before a session.")

PARTS = {
    **{part.value: part for part in Part},
    **dict.fromkeys(("fp", "practices", "ft", "training", "trainings", "l", "libres"), Part.PRACTICE),
    **dict.fromkeys(("practicas", "entrenamiento", "entrenamientos"), Part.PRACTICE),
    **dict.fromkeys(("q", "quali", "sprint-qualifying", "sprint-shootout", "sq", "qualifikation"), Part.QUALIFYING),
    **dict.fromkeys(("c", "clasificacion", "calificacion"), Part.QUALIFYING),
    **dict.fromkeys(("s", "sprints", "sprintrennen"), Part.SPRINT),
    **dict.fromkeys(("r", "races", "rennen", "cr", "carrera", "carreras"), Part.RACE),
}
"""Sessions by what they are called in any of the languages, folded, and by what their buttons say."""

STATES = "on", "off"
ALL = {"all", "alle", "alles", "todo", "todos", "todas"}
BESIDE = {
    *("before", "the", "of", "for"),
    *("vor", "vorher", "fur", "fuer", "dem", "der", "den", "das", "die", "im"),
    *("antes", "para", "de", "del", "la", "el", "las", "los"),
}
"""What may stand among it and says no more, folded."""

_LEAD = re.compile(r"(\d+)\s*(h|hours?|std|stunden?|horas?|m|min|minutes?|minuten?|minutos?)\b", re.ASCII)
_ONE_HOUR = re.compile(r"\b(?:an|one|eine[rn]?|una) (?:hour|stunde|hora)\b")
_ONE_DAY = re.compile(r"\b(?:a|one|eine[nm]?|un) (?:day|tag|d[ií]a)\b")
_SPRINT_QUALIFYING = re.compile(r"\bsprint[ -](qualifying|quali|shootout)\b")


class Asked(NamedTuple):
    """What somebody wants: which reminders, and whether they are to be on."""

    reminders: tuple[Reminder, ...]
    on: bool


class ChosenReminders:
    """Show what a chat is reminded of, and turn reminders on and off."""

    def __init__(self, stored: Subscriptions) -> None:
        self._subscriptions = stored

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "reminders",
                marked("Reminders of practice, qualifying, sprint and race, a day to 15 minutes before (admins)"),
                self.choose,
                argument=marked("session, time before, on or off"),
                option="reminder",
                suggest=suggest,
                admin=True,
                works=is_pushed,
                posts=True,
            ),
        )

    async def choose(self, request: Request) -> Reply:
        """Turn reminders on or off; without an argument say which are on."""
        check_pushed(request)
        if not request.argument:
            return cards.reminders_view(await self._subscriptions.of(request.chat), _lacking(request))
        reminders, on = asked(request.argument)
        topics = [each.topic for each in reminders]
        if not on:
            ended = await self._subscriptions.end(request.chat, topics, request.update)
            wanted = await self._subscriptions.of(request.chat)
            undo = subscriptions.undo(ended) if len(ended.topics) > 1 else ()
            return cards.switched(wanted, reminders, on=False, lost=subscriptions.lost(ended), undo=undo)
        if request.lacking:
            return subscriptions.refused(request, Button(_("Try again"), "reminders", turning_on(reminders)))
        await self._subscriptions.begin(request.chat, topics, request.update, request.user, spoken_code())
        return cards.switched(await self._subscriptions.of(request.chat), reminders, on=True)


def _others() -> Button:
    """The way to all reminders."""
    return Button(_("Other reminders"), "reminders")


def asked(argument: str) -> Asked:
    """What somebody types: `qualifying 1h on`, `sprint off`, `24h on`. Raises UserError where that is not clear.

    Without a session it is all of them, and without a time all times before one; `off` alone is all there are.
    """
    said = _ONE_DAY.sub("24h", _ONE_HOUR.sub("1h", argument.casefold().replace(",", " ")))
    said = _SPRINT_QUALIFYING.sub("qualifying", said)
    leads = [_lead(*match) for match in _LEAD.findall(said)]
    parts: list[Part] = []
    states: list[bool] = []
    for word in _LEAD.sub(" ", said).split():
        if (on := switched(word)) is not None:
            states.append(on)
        elif fold(word) in PARTS:
            parts.append(PARTS[fold(word)])
        elif fold(word) in ALL or fold(word) in BESIDE:
            continue
        elif word[0].isdigit():
            raise UserError(_(NO_LEAD), _others())
        else:
            raise UserError(_(NO_SESSION), _others())
    if len(set(states)) != 1 or (states[0] and not (parts or leads)):
        raise UserError(_(WHICH), _others())
    meant = {*product(parts or Part, leads or Lead)}
    return Asked(tuple(each for each in REMINDERS.values() if (each.part, each.lead) in meant), states[0])


def turning_on(reminders: Sequence[Reminder]) -> str:
    """The words that turn these reminders on, which were asked for together."""
    return " ".join(
        [*dict.fromkeys(each.part for each in reminders), *dict.fromkeys(each.lead for each in reminders), "on"]
    )


def suggest(typed: str) -> Sequence[Suggestion]:
    """How what was typed goes on: the sessions, then the times before one, then on or off."""
    words = typed.casefold().split()
    begun = "" if typed.endswith(" ") or not words else words.pop()
    known = len(words)
    following: Iterator[str] | Sequence[str] = ()
    if known == 0:
        following = [*Part, "off"]
        if begun in PARTS:
            words, begun, known = [begun], "", 1
    if known == 1:
        following = [f"{lead} {state}" for state in STATES for lead in Lead]
    elif known > 1:
        following = [*STATES]
    ways = [" ".join([*words, each]) for each in following if each.startswith(begun)]
    return [Suggestion(way, way) for way in ways]


def _lead(number: str, unit: str) -> Lead:
    """The time before a session that somebody says. Raises UserError where there is no reminder then."""
    word = f"{int(number)}{'m' if unit.startswith('m') else 'h'}"
    if word not in [*Lead]:
        raise UserError(_(NO_LEAD), _others())
    return Lead(word)


def _lacking(request: Request) -> str:
    return subscriptions.lacking_said(request.lacking) if request.lacking else ""
