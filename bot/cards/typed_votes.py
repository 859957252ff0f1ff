"""A vote as somebody types it: the incident by its names, and a choice in the words on its button."""

from collections.abc import Callable, Iterator

from bot.cards import poll as poll_card
from bot.cards import rating as rating_card
from bot.cards.incident_text import brief_title, choice_label
from bot.cards.rating import rating_label
from bot.domain.incidents import WITHDRAW, Incident
from bot.domain.polls import Poll, Question
from bot.i18n import LANGUAGES, speaking, spoken_code
from bot.i18n.races import race_name
from bot.search.catalogue import Incidents
from bot.search.days import NamedDay
from bot.search.words import fold, split

CHOICE_WORDS = 6
"""Words that a choice may have, and more than any has: `slightly too lenient`, `überwiegend van der Garde`."""

AROUND = " .,;:!\"'“”„‚‘’«»()[]"
"""What may stand around a choice and says nothing; a question mark does."""


def as_pressed(said: str, incidents: Incidents, poll_on: Callable[[str], Poll | None]) -> str:
    """What somebody types, as its button has it: `imola mostly russell` → `imola-2021 mostly-russell`.

    A choice may be said in any language of the bot's. As it was said where anything stands there but names of one
    incident and then one choice of the poll on it: a guess may be shown, but not counted, and neither may
    `imola not all russell`.
    """
    words = said.split()
    for cut in range(len(words) - 1, max(0, len(words) - 1 - CHOICE_WORDS), -1):
        named = " ".join(words[:cut])
        match incidents.find(named):
            case [incident] if _is_named(incident, incidents.in_years(named), incidents.named_day(named)) and (
                poll := poll_on(incident.id)
            ):
                if key := _keys(incident, poll).get(fold(" ".join(words[cut:])).strip(AROUND)):
                    return f"{incident.id} {key}"
    return said


def _is_named(incident: Incident, said: str, day: NamedDay | None) -> bool:
    """Whether words are nothing but what an incident is called: its id, where and when it was, who was in it."""
    suspects = (suspect.name for suspect in incident.suspects)
    called = (incident.id, incident.title, incident.short_title, incident.race, *suspects, *incident.nicknames)
    names = (*called, *_called_elsewhere(incident), f"{incident.season % 100:02}")
    if day is not None and len(day.days) > 1 and not day.every_year:
        return False
    others = said if day is None else day.beside
    unread = any(each.isalnum() and not each.isascii() for each in fold(others))  # `imola ٢٠١٩` is not just `imola`
    return not unread and set(split(others)) <= {word for name in names for word in split(name)}


def _called_elsewhere(incident: Incident) -> Iterator[str]:
    """What an incident is called in every language: `Österreich 2019`."""
    for code in LANGUAGES:
        with speaking(code):
            yield brief_title(incident)
            yield race_name(incident.race)


def _keys(incident: Incident, poll: Poll) -> dict[str, str]:
    """The keys of a poll's choices, and of none, by what their buttons say in any language, and by themselves."""
    keys = {key: key for key in (*(choice.key for choice in poll.choices), WITHDRAW)}
    for code in (*LANGUAGES, spoken_code()):  # the chat's own last, as what a word means there counts
        with speaking(code):
            keys |= {fold(label): key for label, key in _labels(incident, poll)}
    return keys


def _labels(incident: Incident, poll: Poll) -> Iterator[tuple[str, str]]:
    """What the buttons of a poll say in the language that is spoken, with the key that each has."""
    is_rating = poll.question is Question.RATING
    for choice in poll.choices:
        yield rating_label(choice) if is_rating else choice_label(incident, choice), choice.key
    take_back = rating_card.take_back if is_rating else poll_card.take_back
    yield take_back(incident).label, WITHDRAW
