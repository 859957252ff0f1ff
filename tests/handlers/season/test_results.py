import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.grid import AS_QUALIFIED, grid_reply
from bot.cards.results import classification_reply
from bot.cards.season_text import updated
from bot.chat.instants import as_written
from bot.chat.replies import Reply
from bot.domain.season import Classification, Entrant, Finish
from bot.domain.sessions import SessionKind
from bot.i18n import speaking
from handlers.season.choosing import FETCHING, GAP
from tests.support.conversation import labels
from tests.support.season import (
    BAHRAIN,
    BOTTAS,
    FETCHED,
    HAMILTON,
    IMOLA,
    MONZA,
    NORRIS,
    QUALIFYING,
    RESULT,
    SILVERSTONE,
    SPRINT,
    VETTEL,
    Fans,
    another_year,
    qualified,
)


def paragraphs(reply: Reply) -> list[list[str]]:
    """The lines of a reply's paragraphs."""
    return [as_written(paragraph).splitlines() for paragraph in reply.card.paragraphs]


async def test_qualifying_has_times_gaps_to_pole_and_who_went_out_when(fans: Fans) -> None:
    reply = await fans.ask("/results imola 2021 qualifying")
    assert reply.card.title == "Emilia Romagna Grand Prix 2021, qualifying"
    assert reply.card.subtitle == "17 April 2021 · Autodromo Enzo e Dino Ferrari · Imola"
    assert paragraphs(reply) == [
        [
            "1. Hamilton, Mercedes · 1:14.411",
            "2. Pérez, Red Bull · 1:14.446 · +0.035",
            "3. Verstappen, Red Bull · 1:14.884 in Q2 · +0.473",
            "10. Norris, McLaren · 1:14.718 in Q2 · +0.307",
        ],
        [
            "Out in Q2:",
            "11. Russell, Williams · 1:15.261 · +0.850",
            "15. Vettel, Aston Martin · 1:15.459 in Q1 · +1.048",
        ],
        ["Out in Q1:", "20. Bottas, Mercedes · no time"],
    ]
    assert as_written(reply.card.footer) == "Updated 19 April 2021, 06:30 UTC · Jolpica-F1, CC BY-NC-SA 4.0"


@pytest.mark.parametrize("language", ["de", "es"])
def test_times_have_the_decimal_mark_of_the_language(language: str) -> None:
    with speaking(language):
        told = "\n".join(map(as_written, classification_reply(QUALIFYING, "", ()).card.paragraphs))
        gaps = "\n".join(map(as_written, classification_reply(RESULT, "", ()).card.paragraphs))
    assert "1:14,411" in told
    assert "+0,473" in told
    assert "+22,000" in gaps


@pytest.mark.parametrize("asked", ["quali imola 21", "imola Q", "Imola QUALIFICATION", "q3 imola", "qualifying"])
async def test_qualifying_is_asked_for_in_many_words(fans: Fans, asked: str) -> None:
    assert (await fans.ask(f"/results {asked}")).card.title == "Emilia Romagna Grand Prix 2021, qualifying"


async def test_a_race_its_qualifying_and_its_sprint_are_one_press_from_each_other(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 7, 20, tzinfo=dt.UTC)
    await fans.know(replace(RESULT, race=SILVERSTONE), replace(QUALIFYING, race=SILVERSTONE), SPRINT)
    race = await fans.ask("/results silverstone")
    assert labels(race) == ["Qualifying", "The sprint", "Recap", "Standings", "Grid to flag"]
    qualifying = await fans.press(race, "Qualifying")
    assert qualifying.aside
    assert labels(qualifying) == ["The race", "The sprint", "Recap", "Standings"]
    sprint = await fans.press(qualifying, "The sprint")
    assert labels(sprint) == ["The race", "Qualifying", "Recap", "Standings", "Grid to flag"]
    assert (await fans.press(sprint, "Qualifying")).card == qualifying.card
    assert (await fans.press(qualifying, "The race")).card == race.card


async def test_what_else_the_weekend_had_is_known_from_the_calendar(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 7, 20, tzinfo=dt.UTC)
    told = replace(SILVERSTONE, sessions=(SILVERSTONE.race,))
    await fans.know(replace(RESULT, race=told), replace(SPRINT, race=told))
    latest = await fans.ask("/results")
    assert labels(latest) == ["Qualifying", "The sprint", "Recap", "Standings", "Grid to flag"]
    assert (await fans.press(latest, "The sprint")).card.subtitle.startswith("17 July 2021")


async def test_on_saturday_evening_the_latest_qualifying_is_that_of_the_race_to_come(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 9, 11, 18, tzinfo=dt.UTC)
    await fans.know(replace(QUALIFYING, race=MONZA))
    for asked in ("qualifying", "monza qualifying", "2021 qualifying"):
        reply = await fans.ask(f"/results {asked}")
        assert reply.card.title == "Italian Grand Prix 2021, qualifying"
        assert labels(reply) == ["Standings"], "the race is still to come"


async def test_without_a_name_the_latest_sprint_is_meant_too(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 9, 20, tzinfo=dt.UTC)
    await fans.know(replace(RESULT, race=MONZA))
    assert (await fans.ask("/results")).card.title == "Italian Grand Prix 2021"
    assert (await fans.ask("/results sprint")).card.title == "British Grand Prix 2021, sprint"


async def test_of_two_races_that_fit_the_qualifying_of_either_is_offered(fans: Fans) -> None:
    choice = await fans.ask("/results italy 2021 qualifying")
    assert labels(choice) == ["Emilia Romagna GP 2021", "Italian GP 2021"]
    reply = await fans.press(choice, "Emilia Romagna GP 2021")
    assert reply.card.title == "Emilia Romagna Grand Prix 2021, qualifying"


async def test_a_time_in_q2_that_beats_pole_has_no_gap(fans: Fans) -> None:
    wet = replace(QUALIFYING.finishes[0], segments=("1:14.823", "1:14.817", "1:31.002"))
    await fans.know(replace(QUALIFYING, finishes=(wet, *QUALIFYING.finishes[4:])))
    assert paragraphs(await fans.ask("/results imola qualifying"))[:2] == [
        ["1. Hamilton, Mercedes · 1:31.002"],
        ["Out in Q2:", "11. Russell, Williams · 1:15.261", "15. Vettel, Aston Martin · 1:15.459 in Q1"],
    ]


async def test_before_the_knockout_the_best_time_of_both_days_counts(newcomers: Fans) -> None:
    race = replace(another_year(IMOLA, 1994), sessions=(another_year(IMOLA, 1994).race,))
    finishes = (
        qualified(1, HAMILTON, "1:21.548", "1:21.837"),
        qualified(2, VETTEL, "1:23.000", "1:21.548"),
        qualified(3, NORRIS, "59.900"),
        qualified(4, BOTTAS),
    )
    await newcomers.know(Classification(race, SessionKind.QUALIFYING, finishes), calendar=[race])
    reply = await newcomers.ask("/results imola 1994 qualifying")
    assert reply.card.subtitle == "Autodromo Enzo e Dino Ferrari · Imola"
    assert paragraphs(reply) == [
        [
            "1. Hamilton, Mercedes · 1:21.548",
            "2. Vettel, Aston Martin · 1:21.548 · +0.000",
            "3. Norris, McLaren · 59.900",
            "4. Bottas, Mercedes · no time",
        ]
    ]


async def test_qualifying_that_is_not_known_is_fetched(fans: Fans) -> None:
    assert (await fans.ask("/results bahrain 2021 qualifying")).card.title == FETCHING
    assert fans.wanted == [(2021, 1)]
    assert (await fans.ask("/results monza 2021 qualifying")).card.title == (
        "That is still to come, on 11 September 2021."
    )


@pytest.mark.parametrize(
    ("season", "said"),
    [
        (1993, "No qualifying before 1994 is known here."),
        (1999, GAP.format(year=2003)),
        (2003, "The results archive has no answer"),
    ],
)
async def test_where_there_is_no_qualifying_of_old_it_is_said_plainly(newcomers: Fans, season: int, said: str) -> None:
    old = another_year(BAHRAIN, season)
    race = replace(old, sessions=(old.race,))
    await newcomers.know(replace(RESULT, race=race), calendar=[race])
    newcomers.archive_answers = False
    reply = await newcomers.ask(f"/results bahrain {season} qualifying")
    assert reply.private
    assert reply.card.title.startswith(said)
    assert ("Qualifying" in labels(await newcomers.ask(f"/results bahrain {season}"))) is (season >= 1994)


async def test_sprint_qualifying_is_not_taken_for_either(fans: Fans) -> None:
    reply = await fans.ask("/results silverstone sprint qualifying")
    assert reply.card.title == "The results of sprint qualifying are not known here. Say sprint, or qualifying."
    assert labels(reply) == ["Sprint", "Qualifying"]
    assert (await fans.press(reply, "Sprint")).card == (await fans.ask("/results silverstone sprint")).card


LETTERS = st.sampled_from(["x", "-", "é", "漢", "🏁"])
NAMES = st.builds(str.__mul__, LETTERS, st.sampled_from([1, 6, 99])).map("x{}".format)
DRIVERS = st.builds(Entrant, NAMES, NAMES, NAMES, NAMES, NAMES)
TIMES = st.lists(st.sampled_from(["", "53.377", "1:14.4", "99:59.999"]), max_size=3).map(tuple)


@given(st.sampled_from([1994, 2021]), st.lists(st.tuples(DRIVERS, TIMES), min_size=1, max_size=4), st.integers(1, 40))
def test_any_qualifying_fits_on_a_card(season: int, lines: list[tuple[Entrant, tuple[str, ...]]], times: int) -> None:
    finishes = tuple(qualified(place, who, *laps) for place, (who, laps) in enumerate(lines * times, 1))
    classification_reply(
        Classification(another_year(IMOLA, season), SessionKind.QUALIFYING, finishes), updated(FETCHED)
    )


async def test_the_ways_from_the_grid_to_the_flag_are_drawn(fans: Fans) -> None:
    picture = await fans.press(await fans.ask("/results imola 2021"), "Grid to flag")
    assert picture.separate
    assert picture.card.title == "Emilia Romagna Grand Prix 2021: from grid to flag"
    assert picture.attachment is not None
    assert "Verstappen 3 → 1" in picture.attachment.alt
    assert (await fans.press(picture, "The whole result")).card == (await fans.ask("/results imola 2021")).card


async def test_of_qualifying_there_are_no_ways_to_be_drawn(fans: Fans) -> None:
    reply = await fans.ask("/results imola 2021 qualifying")
    assert "Grid to flag" not in labels(reply)
    refused = await fans.ask("/results imola 2021 qualifying picture")
    assert refused.card.title == "Where they started is not known, so there is nothing to draw."
    assert (await fans.press(refused, "The race")).card == (await fans.ask("/results imola 2021")).card


async def test_the_grid_says_where_everybody_started(fans: Fans) -> None:
    grid = await fans.press(await fans.press(await fans.ask("/results imola 2021"), "Grid to flag"), "The grid")
    assert grid.card.title == "Emilia Romagna Grand Prix 2021: the grid"
    started = [each for each in RESULT.finishes if each.grid]
    order = sorted(started, key=lambda finish: finish.grid or 0)
    lines = as_written(grid.card.paragraphs[0]).splitlines()
    assert [line.partition(".")[0] for line in lines] == [f"{each.grid}" for each in order]
    assert lines[0].endswith(f"{order[0].entrant.family_name}, {order[0].entrant.team}")
    assert labels(grid) == ["The whole result", "Grid to flag"]
    assert (await fans.ask("/results imola 2021 starting grid")).card == grid.card


async def test_before_the_race_the_grid_is_as_they_qualified_and_says_so(newcomers: Fans) -> None:
    await newcomers.know(QUALIFYING, calendar=[IMOLA])
    assert IMOLA.race.starts_at
    newcomers.now = IMOLA.race.starts_at + dt.timedelta(minutes=20)
    on_the_road = await newcomers.ask("/results imola 2021 grid")
    newcomers.now = IMOLA.race.starts_at - dt.timedelta(hours=2)
    grid = await newcomers.ask("/results imola 2021 grid")
    assert grid.card == on_the_road.card
    assert grid.card.title == "Emilia Romagna Grand Prix 2021: the grid as qualified"
    assert grid.card.paragraphs[0] == AS_QUALIFIED
    pole = QUALIFYING.finishes[0].entrant
    assert as_written(grid.card.paragraphs[1]).splitlines()[0] == f"1. {pole.family_name}, {pole.team}"
    assert labels(grid) == ["Qualifying"]


@given(st.lists(st.tuples(DRIVERS, st.none() | st.integers(0, 40)), max_size=40))
def test_any_grid_fits_on_a_card(starters: list[tuple[Entrant, int | None]]) -> None:
    finishes = tuple(
        Finish(position=place, place=f"{place}", entrant=who, points=0, status="Finished", grid=grid)
        for place, (who, grid) in enumerate(starters, 1)
    )
    grid_reply(Classification(IMOLA, SessionKind.RACE, finishes), updated(FETCHED))
