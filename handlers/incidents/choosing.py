"""From a person's words to an incident: the one they mean, a few to choose from, or the nearest names."""

from collections.abc import Iterable, Sequence

from bot.cards.incident_text import listed, rows, suggestion_label
from bot.chat.commands import Suggestion, UserError
from bot.chat.messages import Button, Card, Reply
from bot.domain.incidents import Incident
from bot.i18n import _
from bot.search.catalogue import Incidents

OFFERED = 8


def choose(incidents: Iterable[Incident], command: str, title: str, *, replace: bool = False) -> Reply:
    """A short list of incidents as buttons, each pressing `command` on it."""
    buttons = [Button(incident.short_title, command, incident.id) for incident in incidents]
    return Reply(Card(title), rows(buttons[:OFFERED], 2), replace=replace)


def one_or_choice(incidents: Incidents, asked: str, command: str) -> Incident | Reply:
    """The incident that somebody asked for, or the list to choose it from. Raises UserError where none fits."""
    match incidents.find(asked):
        case []:
            raise none_found(incidents, asked, command)
        case [incident]:
            return incident
        case several:
            return choose(several, command, _("Which one do you mean?"))


def none_found(incidents: Incidents, asked: str, command: str) -> UserError:
    """Say that nothing fits, and offer the nearest names."""
    near = incidents.nearest(asked)
    place = incidents.place(asked)
    missing = _("No {place} crash here yet.").format(place=place) if place else _("No incident by that name.")
    titles = listed([incident.short_title for incident in near])
    close = _("Close by: {names}.").format(names=titles) if near else ""
    buttons = (Button(incident.short_title, command, incident.id) for incident in near)
    return UserError(" ".join(filter(None, (missing, close, _("/incidents has them all.")))), *buttons)


def suggestions(incidents: Iterable[Incident]) -> Sequence[Suggestion]:
    """Incidents as completions: `Imola 2021 – Bottas and Russell`."""
    return [Suggestion(suggestion_label(incident), incident.id) for incident in incidents]
