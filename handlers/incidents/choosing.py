"""From a request to the incident that it is about: the one that is meant, a few to choose from, or the nearest."""

from collections.abc import Iterable, Sequence

from bot.cards.incident_text import brief_title, button_names, listed, rows
from bot.cards.labels import lines, short_titles, told_apart
from bot.cards.missing import no_day, on_dates, on_days
from bot.chat.buttons import BUTTON_DATA_BYTES, BUTTON_LABEL, Button
from bot.chat.commands import ChoiceError, Suggestion, UserError
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.places import Chat
from bot.i18n import _, counted
from bot.pacing.remembered import Remembered
from bot.search.argument_words import LATEST
from bot.search.catalogue import Incidents
from bot.search.found import Found, Nothing, Several
from bot.search.words import as_data, split

OFFERED = 8

FILLING = {
    "the",
    "der",
    "die",
    "das",
    "den",
    "el",
    "la",
    "one",
    "crash",
    "incident",
    "unfall",
    "accidente",
    "incidente",
    "race",
    "rennen",
    "carrera",
}
"""What may stand beside it, and says no more."""

CHATS = 10_000
"""Chats of which is remembered at most what they were told last."""


def one(incidents: Incidents, asked: str, command: str, *, veiled: bool) -> Incident:
    """The incident that somebody asked for; the last one as `latest`. `veiled`, others are offered without names.

    Raises ChoiceError where several fit, UserError where none does.
    """
    if asks_for_latest(asked) and (latest := incidents.latest):
        return latest
    match incidents.look_up(asked):
        case Found(incident):
            return incident
        case Several(several):
            raise choice(
                several, command, _("Which one do you mean?"), asked if len(several) >= OFFERED else "", veiled=veiled
            )
        case Nothing() as nothing:
            raise none_found(nothing, command, veiled=veiled)


def asks_for_latest(asked: str) -> bool:
    """Whether somebody asks for the latest incident, whichever that is: `latest`, `the last crash`, `el último`."""
    words = [word for word in split(asked) if word not in FILLING]
    return len(words) == 1 and words[0] in LATEST


class LastTold:
    """The incident that each chat was told of last, as far as this process remembers."""

    def __init__(self) -> None:
        self._told: Remembered[Chat, str] = Remembered(CHATS)

    def note(self, chat: Chat, incident: Incident) -> None:
        """Take note that a chat was told of an incident."""
        self._told[chat] = incident.id

    def in_chat(self, chat: Chat) -> str:
        """The id of the incident that a chat was told of last; empty where that is not known."""
        return self._told.get(chat, "")


def one_or_latest(
    incidents: Incidents, asked: str, command: str, question: str, last: str = "", *, veiled: bool
) -> Incident:
    """The incident that somebody asked for; where they named none, the one of the id `last`.

    Where there is none of that id either, the latest are offered with a question. Raises ChoiceError where none was
    named or several fit, UserError where none does.
    """
    if not any(map(str.isalnum, asked)):  # 🏎️ names none
        asked = ""
    if not asked and (told := incidents.get(last)) is not None:
        return told
    if not asked:
        raise choice(incidents.starting(""), command, question, veiled=veiled)
    return one(incidents, asked, command, veiled=veiled)


def choice(incidents: Iterable[Incident], command: str, question: str, asked: str = "", *, veiled: bool) -> ChoiceError:
    """Ask which of a few incidents is meant, each a button that presses `command` on it; one has all that was asked.

    `veiled`, those of a running session are called by where they were: nothing hides a button.
    """
    offered = list(incidents)[:OFFERED]
    buttons = rows(_buttons(command, offered, veiled=veiled), 2)
    everything = as_data(asked, room=BUTTON_DATA_BYTES - len("incidents "))
    return ChoiceError(question, (*buttons, (Button(_("All of them"), "incidents", everything),)) if asked else buttons)


def none_found(nothing: Nothing[Incident], command: str, *, veiled: bool) -> UserError:
    """Say that nothing fits, and offer the nearest names; where none is near, all of them."""
    near = nothing.near[:OFFERED]
    titles = listed(short_titles(near, veiled=veiled))
    is_counted = nothing.there and nothing.season is not None
    close = _("Close by: {names}.").format(names=titles) if near and not is_counted else ""
    them_all = "" if nothing.no_day and not near else _("/incidents has them all.")
    said = " ".join(filter(None, (_missing(nothing), close, them_all)))
    doors = _buttons(command, near, veiled=veiled) or [Button(_("All incidents"), "incidents")]
    return UserError(said, *doors)


def _missing(nothing: Nothing[Incident]) -> str:
    """What there is not; of a place in a season no more than that, as there may be a crash of another year."""
    place, season = nothing.place, nothing.season
    if nothing.days or nothing.no_day:
        return _none_on(nothing)
    if not place and season is not None:
        return _("No such crash in {year} here.").format(year=season)
    if not place or (season is None and nothing.there):  # a number beside it was no season
        return _("No incident by that name.")
    if season is None:
        return _("No crash at {place} here yet.").format(place=place)
    missing = _("No crash at {place} in {year} here").format(place=place, year=season)
    if not nothing.there:
        return f"{missing}."
    others = counted("there is {number} of another year", "there are {number} of other years", nothing.there)
    return f"{missing}; {others}."


def _none_on(nothing: Nothing[Incident]) -> str:
    """That there is no incident of a day, or no such day."""
    if not nothing.days:
        return no_day(nothing.no_day)
    when = on_dates(nothing.days) if nothing.every_year else on_days(nothing.days)
    return _("No such crash {when} here.").format(when=when)


def _buttons(command: str, incidents: Sequence[Incident], *, veiled: bool) -> list[Button]:
    """A command on each; of `polls close` the second word is the beginning of the buttons' arguments.

    Told ones that all happened at one circuit are told apart by season and names: `2014 Hamilton, Rosberg`.
    """
    name, _space, before = command.partition(" ")
    one_place = len(incidents) > 1 and len({incident.circuit for incident in incidents}) == 1
    told = not any(isinstance(incident, NotedIncident) for incident in incidents)
    by_names = one_place and told
    labels = (
        told_apart([*map(_by_names, incidents)], incidents, BUTTON_LABEL)
        if by_names
        else short_titles(incidents, veiled=veiled)
    )
    ids = [f"{before} {incident.id}".lstrip() for incident in incidents]
    return [Button(label, name, argument) for label, argument in zip(labels, ids, strict=True)]


def _by_names(incident: Incident) -> str:
    """An incident by its season and who was in it, as many as fit on a button; without names, by its title."""
    label = f"{incident.season}"
    for place, name in enumerate(button_names(incident).values()):
        longer = f"{label}{',' if place else ''} {name}"
        if len(longer) > BUTTON_LABEL:
            break
        label = longer
    return label if incident.suspects else brief_title(incident)


def suggestions(incidents: Iterable[Incident]) -> Sequence[Suggestion]:
    """Incidents as completions: `Imola 2021 – Bottas and Russell`."""
    offered = list(incidents)
    return [Suggestion(label, each.id) for label, each in zip(lines(offered, veiled=False), offered, strict=True)]
