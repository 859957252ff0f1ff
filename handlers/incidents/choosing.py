"""From a request to the incident that it is about: the one that is meant, a few to choose from, or the nearest."""

from collections.abc import Iterable, Sequence

from bot.cards.incident_text import listed, rows, suggestion_label
from bot.chat.buttons import BUTTON_DATA_BYTES, Button
from bot.chat.commands import ChoiceError, Suggestion, UserError
from bot.domain.incidents import Incident
from bot.i18n import _
from bot.search.catalogue import Incidents
from bot.search.found import Found, Nothing, Several
from bot.search.words import as_data

OFFERED = 8


def one(incidents: Incidents, asked: str, command: str) -> Incident:
    """The incident that somebody asked for. Raises ChoiceError where several fit, UserError where none does."""
    match incidents.look_up(asked):
        case Found(incident):
            return incident
        case Several(several):
            raise choice(several, command, _("Which one do you mean?"), asked if len(several) >= OFFERED else "")
        case Nothing() as nothing:
            raise none_found(nothing, command)


def one_or_latest(incidents: Incidents, asked: str, command: str, question: str) -> Incident:
    """The incident that somebody asked for; where they named none, the latest are offered with a question.

    Raises ChoiceError where none was named or several fit, UserError where none does.
    """
    if not asked:
        raise choice(incidents.starting(""), command, question)
    return one(incidents, asked, command)


def choice(incidents: Iterable[Incident], command: str, question: str, asked: str = "") -> ChoiceError:
    """Ask which of a few incidents is meant, each a button that presses `command` on it; one has all that was asked."""
    buttons = rows([_button(command, incident) for incident in incidents][:OFFERED], 2)
    everything = as_data(asked, room=BUTTON_DATA_BYTES - len("incidents "))
    return ChoiceError(question, (*buttons, (Button(_("All of them"), "incidents", everything),)) if asked else buttons)


def none_found(nothing: Nothing[Incident], command: str) -> UserError:
    """Say that nothing fits, and offer the nearest names."""
    near = nothing.near
    titles = listed([incident.short_title for incident in near])
    close = _("Close by: {names}.").format(names=titles) if near else ""
    buttons = (_button(command, incident) for incident in near)
    return UserError(" ".join(filter(None, (_missing(nothing), close, _("/incidents has them all.")))), *buttons)


def _missing(nothing: Nothing[Incident]) -> str:
    """What there is not; of a place in a season no more than that, as there may be a crash of another year."""
    place, season = nothing.place, nothing.season
    if not place:
        return _("No incident by that name.")
    if season is None:
        return _("No {place} crash here yet.").format(place=place)
    return _("No {place} crash of {year} here yet.").format(place=place, year=season)


def _button(command: str, incident: Incident) -> Button:
    """A command on an incident; of `polls close` the second word is the beginning of the button's argument."""
    name, _space, before = command.partition(" ")
    return Button(incident.short_title, name, f"{before} {incident.id}".lstrip())


def suggestions(incidents: Iterable[Incident]) -> Sequence[Suggestion]:
    """Incidents as completions: `Imola 2021 – Bottas and Russell`."""
    return [Suggestion(suggestion_label(incident), incident.id) for incident in incidents]
