"""A vote as somebody types it: the incident by its names, and a choice in the words on its button."""

from collections.abc import Callable

from bot.cards.incident_text import choice_label
from bot.cards.rating import rating_label
from bot.domain.incidents import WITHDRAW, Incident
from bot.domain.polls import Poll, Question
from bot.search.catalogue import Incidents
from bot.search.days import named_day
from bot.search.words import fold, split

CHOICE_WORDS = 6
"""Words that a choice may have, and more than any has: `slightly too lenient`, `überwiegend van der Garde`."""


def as_pressed(said: str, incidents: Incidents, poll_on: Callable[[str], Poll | None]) -> str:
    """What somebody types, as its button has it: `imola mostly russell` → `imola-2021 mostly-russell`.

    As it was said where anything stands there but names of one incident and then one choice of the poll on it: a guess
    may be shown, but not counted, and neither may `imola not all russell`.
    """
    words = said.split()
    for cut in range(len(words) - 1, max(0, len(words) - 1 - CHOICE_WORDS), -1):
        named = " ".join(words[:cut])
        match incidents.find(named):
            case [incident] if _is_named(incident, named) and (poll := poll_on(incident.id)):
                if key := _keys(incident, poll).get(fold(" ".join(words[cut:]))):
                    return f"{incident.id} {key}"
    return said


def _is_named(incident: Incident, said: str) -> bool:
    """Whether words are nothing but what an incident is called: its id, where and when it was, who was in it."""
    suspects = (suspect.name for suspect in incident.suspects)
    names = (incident.id, incident.title, incident.short_title, incident.race, *suspects, *incident.nicknames)
    day = named_day(said)
    if day is not None and len(day.days) > 1:
        return False
    others = said if day is None else day.beside
    unread = any(each.isalnum() and not each.isascii() for each in fold(others))  # `imola ٢٠١٩` is not just `imola`
    return not unread and set(split(others)) <= {word for name in names for word in split(name)}


def _keys(incident: Incident, poll: Poll) -> dict[str, str]:
    """The keys of a poll's choices, by what their buttons say, and by themselves."""
    is_rating = poll.question is Question.RATING
    labels = {rating_label(each) if is_rating else choice_label(incident, each): each.key for each in poll.choices}
    keys = {key: key for key in (*labels.values(), WITHDRAW)}
    return {fold(label): key for label, key in labels.items()} | keys
