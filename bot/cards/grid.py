"""Where everybody started a race or a sprint; before the race, how they qualified."""

from bot.cards.race_buttons import data_of, session_data
from bot.cards.results import occasion
from bot.cards.season_text import fitting, room_beside
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.instants import Text
from bot.chat.replies import Reply
from bot.domain.classifications import from_the_pit_lane, names, never_started
from bot.domain.season import PIT_LANE, Classification
from bot.domain.sessions import SessionKind
from bot.i18n import _, marked
from bot.i18n.formats import listed
from bot.i18n.races import race_name

AS_QUALIFIED = marked("This is how they qualified: who is moved back, or starts from the pit lane, is not in it yet.")
TITLES = {
    SessionKind.RACE: marked("{race} {season}: the grid"),
    SessionKind.SPRINT: marked("{race} {season}, sprint: the grid"),
    SessionKind.QUALIFYING: marked("{race} {season}: the grid as qualified"),
}
LONGEST = 60
"""Names in one breath: as many as ever came to a race."""


def grid_reply(classification: Classification, footer: Text, *, veiled: bool = False) -> Reply:
    """The grid by a result of the race or the sprint; by one of qualifying, who would start where by that alone."""
    race, qualified = classification.race, classification.kind is SessionKind.QUALIFYING
    title = _(TITLES[classification.kind]).format(race=race_name(race.name), season=race.season)
    said = _(AS_QUALIFIED) if qualified else ""
    facts = {} if qualified else _beside_it(classification)
    room = room_beside(title, occasion(classification), said, *facts.values(), footer)
    lines = fitting(_lines(classification), room) or _("Where they started is not known.")
    card = Card(
        title,
        subtitle=occasion(classification),
        paragraphs=tuple(filter(None, (said, lines))),
        fields=tuple(Field(name, value) for name, value in facts.items() if value),
        footer=footer,
    )
    if qualified:
        return Reply(
            card, ((Button(_("Qualifying"), "results", session_data(race, classification.kind)),),), veiled=veiled
        )
    sprint = "sprint" if classification.kind is SessionKind.SPRINT else ""
    whole = Button(_("The whole result"), "results", data_of(race, sprint))
    drawn = Button(_("Grid to flag"), "results", f"{data_of(race, sprint)} picture")
    return Reply(card, ((whole, drawn),), veiled=veiled)


def _lines(classification: Classification) -> list[str]:
    """A line a driver: `1. Hamilton, Mercedes`; those of whom nobody knows where they started are left out."""
    called = names(classification)
    if classification.kind is SessionKind.QUALIFYING:
        order = [(finish.place, finish) for finish in classification.finishes if finish.place]
    else:
        on_grid = [finish for finish in classification.finishes if finish.grid not in {None, PIT_LANE}]
        order = [(f"{each.grid}", each) for each in sorted(on_grid, key=lambda finish: finish.grid or 0)]
    return [f"{place}. {called[finish.entrant.driver_id]}, {finish.entrant.team}" for place, finish in order]


def _beside_it(classification: Classification) -> dict[str, str]:
    """Who started from the pit lane, and who did not at all."""
    called = names(classification)
    return {
        name: listed([called[finish.entrant.driver_id] for finish in finishes], LONGEST)
        for name, finishes in (
            (_("From the pit lane"), from_the_pit_lane(classification)),
            (_("Did not start"), never_started(classification)),
        )
    }
