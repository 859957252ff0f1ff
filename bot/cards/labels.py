"""What incidents are called on buttons and in lists: short, and no two of a list alike."""

from collections.abc import Iterable, Sequence

from bot.cards import noted_text
from bot.cards.incident_text import brief_title, headline, lap_said, listed, names_hidden, names_within
from bot.chat.buttons import BUTTON_LABEL
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedIncident
from bot.i18n.formats import capital
from bot.i18n.venues import venue_name


def short_title(incident: Incident, *, veiled: bool) -> str:
    """What an incident is called on a button: `Imola 2021`; `veiled`, one of a running session by where it was."""
    if not names_hidden(incident, veiled=veiled):
        return brief_title(incident)
    return fitting(headline(incident, veiled=True))


def suggestion_label(incident: Incident, *, veiled: bool = False) -> str:
    """An incident in a line of a list: `Imola 2021 – Bottas and Russell`; `veiled`, a running one without names."""
    if names_hidden(incident, veiled=veiled):
        return headline(incident, veiled=True)
    called = names_within(incident)
    names = capital(listed([called[suspect.id] for suspect in incident.suspects]))
    if isinstance(incident, NotedIncident):
        where = ", ".join(filter(None, (names, noted_text.place(incident.case))))
        return f"{venue_name(incident.venue)} {incident.season} – {where}"
    return f"{brief_title(incident)} – {names}"


def short_titles(incidents: Sequence[Incident], *, veiled: bool) -> list[str]:
    """What each of a few incidents is called on its button, so that nobody takes one for another."""
    return told_apart([short_title(each, veiled=veiled) for each in incidents], incidents, BUTTON_LABEL)


def lines(incidents: Sequence[Incident], *, veiled: bool) -> list[str]:
    """The incidents in a list, a line each, so that nobody takes one for another."""
    return told_apart([suggestion_label(each, veiled=veiled) for each in incidents], incidents)


def told_apart(labels: Sequence[str], incidents: Sequence[Incident], room: int | None = None) -> list[str]:
    """Labels of incidents, those that are alike with what tells theirs apart: the lap, the time at the track.

    Where neither does, they are numbered as they stand. Each has so many characters at most as there is `room`.
    """
    told = list(labels)
    for label in {each for each in labels if labels.count(each) > 1}:
        places = [place for place, each in enumerate(labels) if each == label]
        ways = zip(*(_marks(incidents[place]) for place in places), strict=True)
        numbers = tuple(f"({number})" for number, _place in enumerate(places, 1))
        marks = next((way for way in ways if all(way) and len({*way}) == len(way)), numbers)
        for place, mark in zip(places, marks, strict=True):
            joint = " " if mark.startswith("(") else ", "
            told[place] = fitting(label, len(label) if room is None else room - len(joint + mark)) + joint + mark
    return told


def fitting(label: str, room: int = BUTTON_LABEL) -> str:
    """A label as far as there is room for it."""
    return label if len(label) <= room else f"{label[: room - 1].rstrip(' ,')}…"


def numbered_apart(labels: Iterable[str], room: int = BUTTON_LABEL) -> list[str]:
    """Labels of which nothing more is known, those that are alike numbered as they stand."""
    labels = list(labels)
    seen: dict[str, int] = {}
    told = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        mark = f" ({seen[label]})" if labels.count(label) > 1 else ""
        told.append(f"{fitting(label, room - len(mark))}{mark}")
    return told


def _marks(incident: Incident) -> tuple[str, ...]:
    """What may tell an incident from those that are called the same, the shortest to read first."""
    if not isinstance(incident, NotedIncident):
        return "" if incident.lap is None else lap_said(incident.lap), ""
    lap = noted_text.lap(incident.case)
    return "" if lap is None else lap_said(lap), f"{incident.case.opened_at.astimezone(incident.zone):%H:%M}"
