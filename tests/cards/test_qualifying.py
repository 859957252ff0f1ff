from dataclasses import replace

from bot.cards.qualifying import qualifying_reply
from bot.chat.instants import as_written
from bot.domain.season import Championship, Standing, Standings
from tests.support.conversation import buttons, fields
from tests.support.season import QUALIFYING

BEFORE = Standings(
    2021,
    1,
    Championship.DRIVERS,
    (Standing(1, "russell", "George Russell", 25.0, 1), Standing(2, "hamilton", "Lewis Hamilton", 18.0, 0)),
)


def test_the_fastest_are_told_with_their_gaps_and_the_others_by_name() -> None:
    reply = qualifying_reply(QUALIFYING, None, "footer")
    assert reply.card.title == "Emilia Romagna Grand Prix 2021, qualifying"
    fastest = as_written(reply.card.paragraphs[0]).splitlines()
    assert fastest[:2] == ["1. Hamilton, Mercedes · 1:14.411", "2. Pérez, Red Bull · 1:14.446 · +0.035"]
    assert fields(reply)["Up to tenth"] == "Norris"
    assert buttons(reply)[0].argument.endswith("qualifying")


def test_nobody_is_told_a_starting_grid() -> None:
    assert "grid" not in str(qualifying_reply(QUALIFYING, BEFORE, "footer")).casefold()


def test_who_of_the_championships_first_went_out_early_is_a_surprise() -> None:
    said = qualifying_reply(QUALIFYING, BEFORE, "footer").card.paragraphs[1:]
    last = {finish.entrant.driver_id: finish for finish in QUALIFYING.finishes}["russell"]
    assert said == ("Russell, 1st in the championship before the weekend, went out in Q2.",), last
    behind = replace(BEFORE, entries=(replace(BEFORE.entries[0], position=6),))
    assert qualifying_reply(QUALIFYING, behind, "footer").card.paragraphs[1:] == ()


def test_a_veiled_card_gives_nothing_away_in_its_title() -> None:
    reply = qualifying_reply(QUALIFYING, None, "footer", veiled=True)
    assert reply.veiled
    assert "Hamilton" not in reply.card.title
