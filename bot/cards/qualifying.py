"""How qualifying went, in short: who was fastest, who went out where, and whom nobody expected among them.

Nothing is said of the starting grid: the stewards' penalties make it, and it is known with the race's result.
"""

from collections.abc import Sequence

from bot.cards.race_buttons import session_data
from bot.cards.results import Lap, behind, lap_of
from bot.cards.season_text import fitting, phrase
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.instants import Text
from bot.chat.replies import Reply
from bot.domain.classifications import PODIUM, names, placed
from bot.domain.knockout import IN_Q3, out_early, reached
from bot.domain.season import Classification, Finish, Standings
from bot.i18n import _, marked
from bot.i18n.formats import decimals, ordinal
from bot.i18n.races import race_name

ROOM = 400
OUT = {2: marked("Out in Q2"), 1: marked("Out in Q1")}
EARLY = {
    2: marked("{driver}, {place} in the championship before the weekend, went out in Q2."),
    1: marked("{driver}, {place} in the championship before the weekend, went out in Q1."),
}


def qualifying_reply(
    classification: Classification, before: Standings | None, footer: Text, *, veiled: bool = False
) -> Reply:
    """Qualifying in short; `before` is the drivers' championship before the race, where that is known."""
    race, called = classification.race, names(classification)
    title = _("{race} {season}, qualifying").format(race=race_name(race.name), season=race.season)
    fastest = [finish for finish in classification.finishes if finish.classified and finish.position <= PODIUM]
    others = [each for each in classification.finishes if each.classified and PODIUM < each.position <= IN_Q3]
    early = [
        _(EARLY[last]).format(driver=called[driver], place=ordinal(place))
        for driver, place, last in (out_early(classification, before) if before else ())
    ]
    facts = {
        _("Up to tenth"): _named(others, called),
        **{_(label): _named(_out_in(classification, last), called) for last, label in OUT.items()},
    }
    card = Card(
        title,
        paragraphs=tuple(filter(None, ("\n".join(_line(classification, each, called) for each in fastest), *early))),
        fields=tuple(Field(name, value) for name, value in facts.items() if value),
        footer=footer,
    )
    doors = (
        Button(_("Result"), "results", session_data(race, classification.kind)),
        Button(_("The weekend"), "next"),
        Button(_("Standings"), "standings"),
    )
    return Reply(card, (doors,), veiled=veiled)


def _line(classification: Classification, finish: Finish, called: dict[str, str]) -> str:
    """One of the fastest: `2. Pérez, Red Bull · 1:14.446 · +0.035`."""
    lap, pole = (
        lap_of(classification, finish),
        next((lap_of(classification, each) for each in placed(classification, 1)), Lap()),
    )
    driver = f"{finish.place}. {called[finish.entrant.driver_id]}, {finish.entrant.team}"
    return phrase((driver, decimals(lap.time or ""), behind(lap, pole) if finish.position > 1 else ""))


def _out_in(classification: Classification, segment: int) -> list[Finish]:
    lines = zip(classification.finishes, reached(classification), strict=True)
    return [finish for finish, last in lines if last == segment and finish.classified]


def _named(finishes: Sequence[Finish], called: dict[str, str]) -> str:
    return fitting([called[finish.entrant.driver_id] for finish in finishes], ROOM, ", ")
