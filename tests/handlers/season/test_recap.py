import datetime as dt
from dataclasses import replace

from bot.cards.season_text import updated
from bot.domain.season import Championship, Finish, Standing, Standings
from tests.support.conversation import fields, labels
from tests.support.season import (
    BAHRAIN,
    CALENDAR,
    DRIVERS,
    DRIVERS_BEFORE,
    FETCHED,
    IMOLA,
    MONZA,
    RESULT,
    TEAMS,
    Fans,
    another_year,
)


async def test_a_recap_is_the_story_of_a_race(fans: Fans) -> None:
    reply = await fans.ask("/recap imola")
    assert reply.card.title == "Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris"
    assert reply.card.subtitle == "18 April 2021 · Autodromo Enzo e Dino Ferrari · Imola"
    assert reply.card.paragraphs == ("Verstappen won from 3rd on the grid, 22.000 seconds ahead of Hamilton.",)
    assert fields(reply) == {
        "Podium": "1. Verstappen (Red Bull), 2. Hamilton (Mercedes), 3. Norris (McLaren)",
        "Most places won": "Norris, from 7th to 3rd",
        "Most places lost": "Pérez, from 2nd to 4th",
        "Fastest lap": "Hamilton, 1:16.702 on lap 60",
        "At the start": "Vettel from the pit lane",
        "Out": "Bottas and Russell (collision)",
        "Championship": "1. Hamilton 44 (+19), 2. Verstappen 43.5 (+25, ↑1), 3. Norris 27 (+15, ↓1)",
        "Constructors": "1. Mercedes 60, 2. Red Bull 53",
        "They will be talking about": "Bottas and Russell, Imola 2021. The stewards: no further action",
    }
    assert reply.card.footer == updated(FETCHED)


async def test_it_stands_below_a_picture_that_says_the_same(fans: Fans) -> None:
    reply = await fans.ask("/recap imola")
    assert reply.attachment is not None
    assert reply.attachment.is_picture
    assert "Verstappen" in reply.attachment.alt
    assert await fans.ask("/recap imola picture") == reply


async def test_what_one_screen_does_not_hold_is_folded_and_told_to_who_presses_for_it(fans: Fans) -> None:
    reply = await fans.ask("/recap imola")
    assert reply.unfold
    for _again in range(2):
        whole = await fans.ask(f"/{reply.unfold.data}")
        assert whole.card.paragraphs == reply.card.folded
        assert whole.attachment is None
    sprint = await fans.ask("/recap silverstone 2021 sprint")
    assert not sprint.card.folded, "there is little to tell"


async def test_what_the_fans_say_of_its_incidents_is_told(fans: Fans) -> None:
    await fans.vote("imola-2021", "all-russell")
    told = fields(await fans.ask("/recap imola"))["They will be talking about"]
    assert told.endswith("no further action; fans: Russell 1")


async def test_a_sprint_has_a_story_of_its_own(fans: Fans) -> None:
    reply = await fans.ask("/recap silverstone 2021 sprint")
    assert reply.card.title == "British Grand Prix, sprint: Verstappen wins from Hamilton"
    assert reply.card.subtitle.startswith("17 July 2021")
    assert "Championship" not in fields(reply)
    assert (await fans.press(reply, "Result")).card.title == "British Grand Prix 2021, sprint"


async def test_its_incidents_are_one_press_away(fans: Fans) -> None:
    reply = await fans.ask("/recap")
    assert labels(reply) == ["Imola 2021", "Result", "Standings"]
    assert (await fans.press(reply, "Imola 2021")).card.title == "Bottas and Russell, Imola 2021"
    assert (await fans.press(reply, "Result")).card.title == "Emilia Romagna Grand Prix 2021"


async def test_an_incident_of_another_year_is_none_of_its_own(fans: Fans) -> None:
    race = another_year(IMOLA, 2020)
    await fans.know(replace(RESULT, race=race), calendar=[race])
    reply = await fans.ask("/recap imola 2020")
    assert labels(reply) == ["Result", "Standings"]
    assert "They will be talking about" not in fields(reply)


async def test_a_table_that_is_not_known_is_left_out_and_wanted(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 9, 20, tzinfo=dt.UTC)
    await fans.know(replace(RESULT, race=MONZA))
    assert "Championship" not in fields(await fans.ask("/recap monza"))
    assert fans.wanted == [(2021, 4)]


async def test_a_recap_that_cannot_tell_the_change_asks_for_the_table_before(newcomers: Fans) -> None:
    await newcomers.know(RESULT, DRIVERS, TEAMS, calendar=CALENDAR)
    await newcomers.ask("/recap imola")
    assert newcomers.wanted == [(2021, 2)]
    await newcomers.know(DRIVERS_BEFORE)
    await newcomers.ask("/recap imola")
    assert newcomers.wanted == [(2021, 2)]


async def test_before_the_first_race_of_a_season_there_is_no_table(newcomers: Fans) -> None:
    first = Standings(2021, 1, Championship.DRIVERS, tuple(_standing(finish) for finish in RESULT.finishes))
    await newcomers.know(replace(RESULT, race=BAHRAIN), first, calendar=CALENDAR)
    await newcomers.ask("/recap bahrain")
    assert newcomers.wanted == []


async def test_a_table_that_contradicts_the_result_is_left_out_until_it_is_mended(fans: Fans) -> None:
    first, second, *others = RESULT.finishes
    disqualified = replace(first, place="D", status="Disqualified", points=0)
    winner = replace(second, place="1", position=1, points=26)
    await fans.know(replace(RESULT, finishes=(winner, disqualified, *others)))
    assert "Championship" not in fields(await fans.ask("/recap"))
    leader, second_then, *rest = DRIVERS.entries
    after = (replace(leader, points=51), replace(second_then, points=18.5), *rest)
    await fans.know(replace(DRIVERS, entries=after))
    assert fields(await fans.ask("/recap"))["Championship"].startswith("1. Hamilton 51 (+26), 2. Verstappen 18.5 (↑1)")


def _standing(finish: Finish) -> Standing:
    """A line of a championship that has seen this race alone."""
    entrant = finish.entrant
    return Standing(finish.position, entrant.driver_id, entrant.name, finish.points, 0, entrant.team, entrant.code)
