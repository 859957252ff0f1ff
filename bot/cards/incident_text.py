"""How names, places and dates of incidents are put into words, the same in every answer."""

import re
from collections.abc import Iterable, Sequence

from bot.cards import noted_text
from bot.chat.buttons import Button
from bot.chat.cards import Link, Quotation
from bot.domain.incidents import RACING_INCIDENT, Incident, Source, Suspect
from bot.domain.noted_incidents import NotedIncident, is_running
from bot.domain.polls import Choice
from bot.domain.quotations import Quotation as Quoted
from bot.i18n import ENGLISH, _, formats, marked, spoken_code
from bot.i18n.formats import capital, day, within
from bot.i18n.headlines import headline_said
from bot.i18n.races import race_name
from bot.i18n.venues import spot, venue_and_season

NAMED = 6
"""Names in one breath; the rest are counted."""


SESSIONS = {
    "sprint": marked("{race}, sprint"),
    "qualifying": marked("{race}, qualifying"),
    "practice": marked("{race}, practice"),
}
TONGUES = (
    marked("Dutch"),
    marked("French"),
    marked("German"),
    marked("Italian"),
    marked("Portuguese"),
    marked("Spanish"),
)
"""The languages that people are quoted from."""


def listed(names: Sequence[str]) -> str:
    """Names in a row: `Vettel, Verstappen and Räikkönen`."""
    return formats.listed(names, NAMED)


BODIES = {
    "race-control": marked("Race control"),
    "fia": marked("The FIA"),
    "timing": marked("F1's timing"),
    "michelin-teams": marked("The seven teams"),
}
"""Suspects who are no drivers and no team, by id, as their files call them on buttons."""

BLAMED = {
    "race-control": marked("race control"),
    "fia": marked("the FIA itself"),
    "timing": marked("the timing of F1"),
    "michelin-teams": marked("the seven teams"),
}
"""The same as those who are blamed in a sentence, in languages whose grammar asks for more than a small letter."""

IN_FULL = {*BODIES.values(), marked("The Michelin teams"), marked("The FIA and its stewards")}
"""The same by what their files call them in full, where that is no proper name."""

_MET = re.compile(r"(?P<first>\w+(?:, \w+)*) and (?P<last>\w+), (?P<where>.+)")
"""A title that says no more than who met, and where: not `Bottas, Stroll and the start, Hungary 2021`."""


def title(incident: Incident) -> str:
    """Who and where: `Bottas and Russell, Imola 2021`; names alone are put together as the language does it."""
    if isinstance(incident, NotedIncident):
        return noted_text.title(incident)
    if met := _MET.fullmatch(incident.title):
        names = [*met["first"].split(", "), met["last"]]
        return f"{formats.listed(names, len(names))}, {venue_and_season(met['where'])}"
    words, _comma, where = incident.title.rpartition(", ")
    said = headline_said(words)
    return incident.title if said is None else f"{said}, {venue_and_season(where)}"


def brief_title(incident: Incident) -> str:
    """What an incident is called where there is less room: `Imola 2021`."""
    return venue_and_season(incident.short_title)


def headline(incident: Incident, *, veiled: bool) -> str:
    """What a card is called: who and where; `veiled` in a running session, as a title is in sight, where alone.

    Once the session is over it tells no more than who met, which is asked for by their names: no result.
    """
    if not names_hidden(incident, veiled=veiled):
        return title(incident)
    return noted_text.whereabouts(incident) if isinstance(incident, NotedIncident) else brief_title(incident)


def names_hidden(incident: Incident, *, veiled: bool) -> bool:
    """Whether whom it is about is hidden with the rest of a veiled card: while the session runs."""
    return veiled and is_running(incident)


def below(incident: Incident, *, veiled: bool) -> tuple[str, ...]:
    """Who it is about as a line of its own, below a headline that is `veiled` and does not say it."""
    return (title(incident),) if names_hidden(incident, veiled=veiled) else ()


def full_name(suspect: Suspect) -> str:
    """What somebody is called in full: `Max Verstappen`; who drives nothing as the language calls it."""
    return _(suspect.name) if suspect.name in IN_FULL else suspect.name


def button_names(incident: Incident) -> dict[str, str]:
    """What each suspect is called on a button, by id; who drives nothing as the language calls it."""
    names = incident.button_names
    return {suspect: _(name) if suspect in BODIES and name in IN_FULL else name for suspect, name in names.items()}


def numbered(incident: Incident) -> str:
    """The suspects with the numbers that stand for them on buttons, which are in sight: `1 Verstappen · 2 Norris`."""
    return " · ".join(f"{number} {name}" for number, name in enumerate(button_names(incident).values(), 1))


def names_in_sight(incident: Incident, *, veiled: bool) -> dict[str, str]:
    """What each suspect is called, by id, where nothing can be hidden: by the numbers for who is not to be named."""
    if not names_hidden(incident, veiled=veiled):
        return button_names(incident)
    return {suspect: str(number) for number, suspect in enumerate(incident.button_names, 1)}


def side_name(incident: Incident, side: str, *, veiled: bool = False) -> str:
    """What the votes for a side are called: a surname, or `racing incident`; `veiled`, a number for the surname."""
    if side == RACING_INCIDENT:
        return capital(_("racing incident"))
    return names_in_sight(incident, veiled=veiled)[side]


def choice_label(incident: Incident, choice: Choice, *, veiled: bool = False) -> str:
    """What a poll's choice is called on its button: `Mostly Russell`, `Racing incident`; `veiled`, `Mostly 2`."""
    name = side_name(incident, choice.side, veiled=veiled)
    of = within(name)
    match choice.key.removesuffix(choice.side):
        case "all-":
            return _("All {name}").format(name=of)
        case "mostly-":
            return _("Mostly {name}").format(name=of)
    return name


def names_within(incident: Incident) -> dict[str, str]:
    """What each suspect is called within a sentence, by id: `Russell`, `race control`; English within another one."""
    called = within if spoken_code() == ENGLISH else str
    return {suspect: called(name) for suspect, name in button_names(incident).items()}


def names_blamed(incident: Incident) -> dict[str, str]:
    """What each suspect is called in a sentence that blames them, by id: „gibt der Rennleitung die Schuld“."""
    within_one = names_within(incident)
    if spoken_code() == ENGLISH:
        return within_one
    bodies = BLAMED | ({"race-control": BLAMED["fia"]} if _is_called_the_fia(incident) else {})
    return {suspect: _(bodies[suspect]) if suspect in bodies else name for suspect, name in within_one.items()}


def _is_called_the_fia(incident: Incident) -> bool:
    """Whether it is the FIA that stands for race control there."""
    return incident.button_names.get("race-control") == BODIES["fia"]


def race_day(incident: Incident) -> str:
    """The session and its day: `Emilia Romagna Grand Prix, 18 April 2021`."""
    race = _(SESSIONS.get(incident.session, "{race}")).format(race=race_name(incident.race))
    return f"{race}, {day(incident.date)}"


def occasion(incident: Incident) -> str:
    """When and where: `Emilia Romagna Grand Prix, 18 April 2021 · lap 31 of 63 · approaching Tamburello`."""
    return " · ".join((race_day(incident), *whereabouts(incident)))


def whereabouts(incident: Incident) -> list[str]:
    """The lap and the place, as far as they are known: `lap 31 of 63`, `approaching Tamburello`."""
    parts = []
    if incident.lap is not None:
        parts.append(lap_said(incident.lap, incident.laps))
    if isinstance(incident, NotedIncident):
        if incident.lap is None and incident.case.lap is not None:
            parts.append(_("noted on lap {lap}").format(lap=incident.case.lap))
        parts.append(noted_text.place(incident.case))
    else:
        parts.append(spot(incident.place))
    return [part for part in parts if part]


def lap_said(lap: int, laps: int | None = None) -> str:
    """A lap, of how many where that is told: `lap 31 of 63`; the one before the first is the formation lap."""
    if not lap:
        return _("formation lap")
    return (_("lap {lap} of {laps}") if laps else _("lap {lap}")).format(lap=lap, laps=laps)


def quotation(quoted: Quoted, words: str = "") -> Quotation:
    """Somebody's words, or these of them, with who, where and when, and the link to check them."""
    return Quotation(words or quoted.words, speaker(quoted), Link(_("source"), quoted.link))


def speaker(quoted: Quoted) -> str:
    """Who said something, where and when, and from which language it is translated."""
    by = f"{quoted.speaker}, {quoted.occasion}, {day(quoted.date)}"
    if quoted.translated_from:
        translated = _("translated from {language}").format(language=_(quoted.translated_from))
        by = f"{by} ({translated})"
    return by


def sources(incident: Incident, most: int = 4) -> tuple[Link, ...]:
    """The links below a card, one for each publisher, `most` of them."""
    by_publisher: dict[str, Source] = {}
    for source in incident.sources:
        by_publisher.setdefault(source.publisher, source)
    return tuple(
        Link(source.publisher, source.link, day(source.date) if source.date else "")
        for source in list(by_publisher.values())[:most]
    )


def page_of(page: int, pages: int) -> str:
    """Which page of a list this is; nothing where there is one."""
    return _("Page {page} of {pages}").format(page=page, pages=pages) if pages > 1 else ""


def rows(buttons: Iterable[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows of `width`."""
    every = tuple(buttons)
    return tuple(every[start : start + width] for start in range(0, len(every), width))
