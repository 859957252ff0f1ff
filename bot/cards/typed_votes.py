"""A vote as somebody types it: the incident by any of its names, and a choice in the words on its button."""

from collections.abc import Callable

from bot.cards.incident_text import choice_label
from bot.cards.rating import rating_label
from bot.domain.incidents import WITHDRAW, Incident
from bot.domain.polls import Poll, Question
from bot.search.catalogue import Incidents
from bot.search.words import fold

CHOICE_WORDS = 6
"""Words that a choice may have, and more than any has: `slightly too lenient`, `überwiegend van der Garde`."""


def as_pressed(said: str, incidents: Incidents, poll_on: Callable[[str], Poll | None]) -> str:
    """What somebody types, as its button has it: `imola mostly russell` → `imola-2021 mostly-russell`.

    As it was said where it means no one incident, or no choice of the poll that there is on it.
    """
    words = said.split()
    for cut in range(len(words) - 1, max(0, len(words) - 1 - CHOICE_WORDS), -1):
        match incidents.find(" ".join(words[:cut])):
            case [incident] if poll := poll_on(incident.id):
                if key := _keys(incident, poll).get(fold(" ".join(words[cut:]))):
                    return f"{incident.id} {key}"
    return said


def _keys(incident: Incident, poll: Poll) -> dict[str, str]:
    """The keys of a poll's choices, by what their buttons say, and by themselves."""
    is_rating = poll.question is Question.RATING
    labels = {rating_label(each) if is_rating else choice_label(incident, each): each.key for each in poll.choices}
    keys = {key: key for key in (*labels.values(), WITHDRAW)}
    return {fold(label): key for label, key in labels.items()} | keys
