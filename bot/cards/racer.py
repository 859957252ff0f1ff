"""A driver or a team on one screen: the championship, the season's results, the incidents, and who blames them."""

from collections.abc import Iterator, Sequence

from bot.cards.incident_text import listed, rows
from bot.cards.race_buttons import data_of
from bot.cards.racer_season import championship, latest, races, subtitle
from bot.cards.season_text import phrase
from bot.chat.buttons import BUTTON_DATA_BYTES, Button
from bot.chat.cards import Card, Field
from bot.chat.commands import ChoiceError, UserError
from bot.chat.instants import Text
from bot.chat.replies import Reply
from bot.chat.requests import Awaited
from bot.domain.polls import SMALL
from bot.domain.racers import Blame, Racer, RacerSeason
from bot.domain.season import Championship
from bot.domain.sessions import SessionKind
from bot.i18n import _, counted, marked
from bot.search.words import as_data, split

OFFERED = 8
INCIDENTS = "incidents"
"""At the end of an argument: their incidents, page by page."""

COMMANDS = {Championship.DRIVERS: "driver", Championship.TEAMS: "team"}
NOBODY = {
    Championship.DRIVERS: marked("No driver by that name is known here."),
    Championship.TEAMS: marked("No team by that name is known here."),
}
NO_RESULTS = marked("No result of theirs in {season} is known here.")
FETCHING = marked("Their season {season} is being fetched from the archive, and comes here in a moment.")


def racer_reply(
    view: RacerSeason,
    blame: Blame,
    asked: int | None,
    other: int | None,
    footer: Text,
    awaits: Awaited | None = None,
    *,
    veiled: bool = False,
) -> Reply:
    """Their card; `asked` is the season that was named, whose incidents alone count; `other` one with an incident.

    `veiled`, what is known of the season is hidden until somebody taps it; where nothing is, there is nothing to hide.
    Where a season is being fetched, the request `awaits` it, and a button looks again by hand.
    """
    racer = view.racer
    facts = {
        _("Championship {season}").format(season=view.season): championship(view),
        _("Races"): races(view),
        _("Latest results"): latest(view),
        _("Incidents of {season}").format(season=asked) if asked else _("Incidents"): _incidents(blame),
        **blamed_by(blame),
    }
    known = bool(view.raced or view.standing)
    card = Card(
        racer.name,
        subtitle=subtitle(view),
        paragraphs=() if known else (_(FETCHING if awaits else NO_RESULTS).format(season=view.season),),
        fields=tuple(Field(name, value) for name, value in facts.items() if value),
        footer=footer if known else "",
    )
    again = ((Button(_("Look again"), COMMANDS[racer.kind], asking(racer, asked), turns=True),),) if awaits else ()
    return Reply(card, (*again, *_doors(view, blame, asked, other)), awaits=awaits, veiled=veiled and known)


def blamed_by(blame: Blame) -> dict[str, str]:
    """In how many incidents rulings, and fans, blame somebody."""
    return {_("Blamed by rulings"): _ruled(blame), _("Blamed by fans"): _voted(blame)}


def several(racers: Sequence[Racer], season: int | None) -> ChoiceError:
    """Ask which of a few is meant."""
    buttons = [Button(racer.name, COMMANDS[racer.kind], asking(racer, season)) for racer in racers[:OFFERED]]
    is_about_drivers = all(racer.kind is Championship.DRIVERS for racer in racers)
    question = _("Who do you mean?") if is_about_drivers else _("Which one do you mean?")
    return ChoiceError(question, rows(buttons, 2))


def nobody(kind: Championship, near: Sequence[Racer], season: int | None) -> UserError:
    """That nobody of that name is known, with the names that come nearest; where none does, the way to all of them."""
    buttons = [Button(racer.name, COMMANDS[kind], asking(racer, season)) for racer in near]
    everybody = Button(_("Standings"), "standings", f"{kind} {season or ''}".rstrip())
    close = _("Close by: {names}.").format(names=listed([racer.name for racer in near])) if near else ""
    return UserError(" ".join(filter(None, (_(NOBODY[kind]), close))), *(buttons or [everybody]))


def asking(racer: Racer, season: int | None = None, more: str = "") -> str:
    """The argument that asks for somebody, in a season where one is named."""
    name = as_data(" ".join(split(racer.name)), room=BUTTON_DATA_BYTES - len("~driver  2021 incidents page-9999"))
    return " ".join(filter(None, (name, f"{season or ''}", more)))


def _incidents(blame: Blame) -> str:
    """How many there are: `12: 2 in full, 10 noted by race control`."""
    if not blame.incidents:
        return _("None is known here.")
    told = counted("{number} in full", "{number} in full", blame.told) if blame.told else ""
    noted = counted("{number} noted by race control", "{number} noted by race control", blame.noted)
    return phrase((told, noted if blame.noted else ""))


def _ruled(blame: Blame) -> str:
    """In how many the ruling that stands blames them."""
    if not blame.ruled:
        return _("No ruling is known.") if blame.incidents else ""
    return counted(
        "In {part} of {number} incident with a ruling",
        "In {part} of {number} incidents with a ruling",
        blame.ruled,
        part=str(blame.ruled_against),
    )


def _voted(blame: Blame) -> str:
    """In how many the largest group of fans blames them, and how many of those few have voted on."""
    if blame.polled is None or not blame.incidents:
        return ""
    if not blame.polled:
        return _("Nobody has voted yet.")
    said = counted(
        "In {part} of {number} incident with votes",
        "In {part} of {number} incidents with votes",
        blame.polled,
        part=str(blame.voted_against),
    )
    few = _("fewer than {small} votes, which say little, on {number}")
    return phrase((said, few.format(small=SMALL, number=blame.few) if blame.few else ""))


def _doors(view: RacerSeason, blame: Blame, asked: int | None, other: int | None) -> tuple[tuple[Button, ...], ...]:
    """Their incidents, the standings, their last race; the season of an incident where this one has nothing."""
    return tuple(filter(None, (tuple(_ways(view, blame, asked)), tuple(_elsewhen(view, other)))))


def _ways(view: RacerSeason, blame: Blame, asked: int | None) -> Iterator[Button]:
    racer = view.racer
    if blame.incidents:
        yield Button(_("Incidents"), COMMANDS[racer.kind], asking(racer, asked, INCIDENTS))
    if view.standings is not None:
        yield Button(_("Standings"), "standings", f"{racer.kind} {view.season}")
    raced = [result.race for result, _finishes in view.raced if result.kind is SessionKind.RACE]
    if raced:
        yield Button(_("Last race"), "results", data_of(raced[-1]))


def _elsewhen(view: RacerSeason, other: int | None) -> Iterator[Button]:
    if other is not None and other != view.season and not (view.raced or view.standing):
        yield Button(f"{other}", COMMANDS[view.racer.kind], asking(view.racer, other))
