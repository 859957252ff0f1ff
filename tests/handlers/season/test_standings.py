import datetime as dt
from dataclasses import replace

import pytest

from bot.cards.missing import NOT_IN_YET
from bot.chat.instants import as_written
from bot.chat.replies import Reply
from bot.domain.season import Championship, Classification, Finish, Standing, Standings, Witness
from bot.domain.sessions import SessionKind
from handlers.season.choosing import FETCHING
from tests.support.conversation import fields, labels
from tests.support.season import BOTTAS, CALENDAR, DRIVERS, IMOLA, MONZA, NORRIS, RESULT, VERSTAPPEN, Fans, another_year


def lines(reply: Reply) -> list[str]:
    """The lines of a reply's first paragraph."""
    return as_written(reply.card.paragraphs[0]).splitlines()


async def test_the_championship_is_told_as_it_stands(fans: Fans) -> None:
    reply = await fans.ask("/standings")
    assert reply.card.title == "Drivers' championship 2021"
    assert reply.card.subtitle == "After round 2 · in brackets: behind the first, behind the next"
    assert lines(reply) == [
        "1. Lewis Hamilton, Mercedes · 44 · 1 win",
        "2. Max Verstappen, Red Bull · 43.5 (−0.5) · 1 win",
        "3. Lando Norris, McLaren · 27 (−17, −16.5)",
        "– Valtteri Bottas, Mercedes · 16",
    ]
    assert as_written(reply.card.footer) == "Updated 19 April 2021, 06:30 UTC · Jolpica-F1, CC BY-NC-SA 4.0"


async def test_teams_are_one_press_away_and_back(fans: Fans) -> None:
    teams = await fans.press(await fans.ask("/standings"), "Teams")
    assert teams.aside
    assert lines(teams) == ["1. Mercedes · 60 · 1 win", "2. Red Bull · 53 (−7) · 1 win"]
    assert (await fans.press(teams, "Drivers")).card == (await fans.ask("/standings")).card


@pytest.mark.parametrize("asked", ["constructors 2021", "2021 TEAMS", "team 21"])
async def test_championship_and_season_come_in_any_order(fans: Fans, asked: str) -> None:
    assert (await fans.ask(f"/standings {asked}")).card.title == "Constructors' championship 2021"


async def test_a_long_standings_has_pages(newcomers: Fans) -> None:
    rows = tuple(Standing(place, f"driver-{place}", f"Driver {place}", 0, 0) for place in range(1, 84))
    await newcomers.know(Standings(1950, 7, Championship.DRIVERS, rows))
    page = await newcomers.ask("/standings 1950")
    seen = lines(page)
    while "Lower" in labels(page):
        page = await newcomers.press(page, "Lower")
        seen += lines(page)
    assert seen == ["1. Driver 1 · 0", *(f"{place}. Driver {place} · 0 (=)" for place in range(2, 84))]
    assert as_written(page.card.footer).startswith("Page 5 of 5")
    assert "Teams" not in labels(page), "there was no such championship then"
    assert as_written((await newcomers.press(page, "Higher")).card.footer).startswith("Page 4 of 5")


async def test_last_seasons_standings_holds_until_this_one_has_points(fans: Fans) -> None:
    fans.now = dt.datetime(2022, 3, 1, tzinfo=dt.UTC)
    await fans.know(calendar=[another_year(IMOLA, 2022)])
    assert (await fans.ask("/standings")).card.title == "Drivers' championship 2021"
    assert (await fans.ask("/standings 2022")).card.title == "The season of 2022 has not begun."
    assert fans.wanted == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/standings teams 1957", "The constructors' championship began in 1958."),
        ("/standings ferrari", "Say drivers or teams, and perhaps a season: /standings teams 2021."),
        ("/standings 1949", "The championship's seasons are 1950 to 2022."),
    ],
)
async def test_where_there_is_no_standings_it_is_said_why(fans: Fans, line: str, said: str) -> None:
    reply = await fans.ask(line)
    assert reply.private
    assert reply.card.title == said


async def test_a_standings_that_is_being_fetched_is_promised_for_all_to_see(fans: Fans) -> None:
    reply = await fans.ask("/standings 2019")
    assert (reply.card.title, reply.private, reply.awaits and reply.awaits.name) == (FETCHING, False, "2019")


async def test_the_picture_shows_who_won_and_lost_places(fans: Fans) -> None:
    picture = await fans.press(await fans.ask("/standings"), "As a picture")
    assert picture.attachment is not None
    assert "2 Max Verstappen 43.5 (▲1), 3 Lando Norris 27 (▼1)" in picture.attachment.alt


async def test_a_result_has_gaps_grid_changes_and_retirements(fans: Fans) -> None:
    reply = await fans.ask("/results imola")
    assert reply.card.title == "Emilia Romagna Grand Prix 2021"
    assert reply.card.subtitle == "18 April 2021 · Autodromo Enzo e Dino Ferrari · Imola"
    assert lines(reply) == [
        "1. Verstappen, Red Bull · 2:02:34.598 · from 3 ↑2 · 25 points",
        "2. Hamilton, Mercedes · +22.000 · from 1 ↓1 · 19 points",
        "3. Norris, McLaren · +23.702 · from 7 ↑4 · 15 points",
        "4. Pérez, Red Bull · +1:07.151 · from 2 ↓2",
        "5. Vettel, Aston Martin · 2 laps down · from the pit lane",
    ]
    assert fields(reply) == {
        "Not classified": "Bottas – collision, after 30 laps; Russell – collision, after 30 laps",
        "Fastest lap": "Hamilton, 1:16.702 on lap 60",
    }
    assert labels(reply) == ["Qualifying", "Recap", "Standings", "Grid to flag"]


async def test_without_a_name_the_latest_result_is_meant(fans: Fans) -> None:
    assert (await fans.ask("/results")).card == (await fans.ask("/results last")).card
    assert (await fans.ask("/results")).card == (await fans.ask("/results imola")).card


async def test_a_sprint_is_one_press_away_and_back(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 7, 20, tzinfo=dt.UTC)
    await fans.know(replace(RESULT, race=(await fans.seasons.schedule(2021))[2]))
    race = await fans.ask("/results silverstone")
    sprint = await fans.press(race, "The sprint")
    assert sprint.card.title == "British Grand Prix 2021, sprint"
    assert sprint.card.subtitle.startswith("17 July 2021")
    assert lines(sprint)[0] == "1. Verstappen, Red Bull · 25:38.426 · from 2 ↑1 · 3 points"
    assert (await fans.press(sprint, "The race")).card == race.card
    assert (await fans.ask("/results silverstone sprint")).card == sprint.card


async def test_there_is_no_sprint_where_there_was_none(fans: Fans) -> None:
    reply = await fans.ask("/results imola sprint")
    assert reply.card.title == "There was no sprint at that race."
    assert (await fans.press(reply, "The race")).card.title == "Emilia Romagna Grand Prix 2021"


async def test_a_race_to_come_has_no_result(fans: Fans) -> None:
    assert (await fans.ask("/results monza 2021")).card.title == "That is still to come, on 12 September 2021."


@pytest.mark.parametrize(
    ("now", "said", "wanted"),
    [
        (dt.datetime(2021, 9, 13, 9, tzinfo=dt.UTC), NOT_IN_YET[Witness.ARCHIVE], []),
        (dt.datetime(2021, 9, 20, 9, tzinfo=dt.UTC), FETCHING, [(2021, 4)]),
    ],
)
async def test_a_result_that_is_late_is_wanted(
    fans: Fans, now: dt.datetime, said: str, wanted: list[tuple[int, int]]
) -> None:
    fans.now = now
    reply = await fans.ask("/results monza 2021")
    assert (reply.card.title, fans.wanted) == (said, wanted)
    assert wanted or labels(reply) == ["The calendar"]
    await fans.know(replace(RESULT, race=MONZA))
    assert (await fans.ask("/results monza 2021")).card.title == "Italian Grand Prix 2021"


async def test_what_an_old_season_does_not_tell_is_left_out(newcomers: Fans) -> None:
    newcomers.now = dt.datetime(2021, 4, 20, tzinfo=dt.UTC)
    finishes = (
        Finish(1, "1", VERSTAPPEN, 0, ""),
        Finish(2, "2", replace(VERSTAPPEN, driver_id="jos_verstappen", given_name="Jos"), 0, "+1 Lap", laps=None),
        Finish(3, "W", NORRIS, 0, ""),
        Finish(4, "D", BOTTAS, 0, "Disqualified", laps=70),
        Finish(5, "N", BOTTAS, 0, "+11 Laps", laps=52),
    )
    race = another_year(MONZA, 1999)
    await newcomers.know(Classification(race, SessionKind.RACE, finishes), calendar=[race])
    reply = await newcomers.ask("/results monza 99")
    assert lines(reply) == ["1. Max Verstappen, Red Bull", "2. Jos Verstappen, Red Bull · 1 lap down"]
    assert fields(reply) == {
        "Not classified": "Norris – withdrawn; Bottas – disqualified; Bottas – not classified, after 52 laps"
    }


async def test_a_place_that_two_shared_is_shown_twice(newcomers: Fans) -> None:
    shared = (replace(RESULT.finishes[0], place="1"), replace(RESULT.finishes[1], place="1"))
    await newcomers.know(replace(RESULT, finishes=shared), calendar=[IMOLA])
    assert [line.partition(" ·")[0] for line in lines(await newcomers.ask("/results"))] == [
        "1. Verstappen, Red Bull",
        "1. Hamilton, Mercedes",
    ]


async def test_an_empty_standings_says_so(newcomers: Fans) -> None:
    await newcomers.know(replace(DRIVERS, entries=()))
    assert lines(await newcomers.ask("/standings 2021")) == ["Nobody stands anywhere yet."]


async def test_a_championship_is_drawn_for_who_asks(fans: Fans) -> None:
    reply = await fans.ask("/standings drivers 2021 picture")
    assert reply.attachment is not None
    assert reply.attachment.is_picture
    assert "Hamilton" in reply.attachment.alt
    assert labels(reply) == ["The whole table"]
    assert "As a picture" in labels(await fans.ask("/standings drivers 2021"))


def of_this_season(*entries: Standing) -> Standings:
    return Standings(2026, 2, Championship.DRIVERS, entries)


async def test_while_races_are_left_it_is_told_who_can_still_win(fans: Fans) -> None:
    fans.now = dt.datetime(2026, 4, 20, tzinfo=dt.UTC)
    norris = Standing(1, "norris", "Lando Norris", 83, 1, "McLaren")
    level = replace(norris, position=2, id="a", name="Al Pha", points=0)
    out = replace(level, points=-1)
    await fans.know(of_this_season(norris, level), calendar=[another_year(race, 2026) for race in CALENDAR])
    told = (await fans.ask("/standings 2026")).card.paragraphs[1]
    assert told == (
        "3 races and 1 sprint to go, 83 points at most: Lando Norris and Al Pha can still finish first. "
        "After the next race, the British Grand Prix, Lando Norris is champion if more than 50 points ahead."
    )
    await fans.know(of_this_season(norris, out))
    told = (await fans.ask("/standings 2026")).card.paragraphs[1]
    assert told == "3 races and 1 sprint to go, 83 points at most: Lando Norris cannot be overtaken any more."
    crowd = (replace(norris, position=place, id=f"d{place}", name=f"Driver {place}") for place in range(1, 9))
    await fans.know(of_this_season(*crowd))
    assert as_written((await fans.ask("/standings 2026")).card.paragraphs[1]).endswith(
        "at most: 8 can still finish first."
    )


@pytest.mark.parametrize(("wins", "may_win"), [(3, True), (4, False), (None, True)])
async def test_who_can_come_level_can_win_where_they_can_win_as_many_races(
    fans: Fans, wins: int | None, may_win: bool
) -> None:
    fans.now = dt.datetime(2026, 4, 20, tzinfo=dt.UTC)
    norris = Standing(1, "norris", "Lando Norris", 83, wins, "McLaren")
    level = Standing(2, "a", "Al Pha", 0, 0, "McLaren")
    await fans.know(of_this_season(norris, level), calendar=[another_year(race, 2026) for race in CALENDAR])
    told = as_written((await fans.ask("/standings 2026")).card.paragraphs[1])
    assert ("Lando Norris and Al Pha can still finish first." in told) is may_win
    assert ("Lando Norris cannot be overtaken any more." in told) is not may_win


@pytest.mark.parametrize(
    ("now", "is_told"),
    [
        (dt.datetime(2026, 7, 17, 11, tzinfo=dt.UTC), True),
        (dt.datetime(2026, 7, 17, 13, tzinfo=dt.UTC), False),
        (dt.datetime(2026, 7, 18, 16, 30, tzinfo=dt.UTC), False),
    ],
)
async def test_while_the_table_lacks_a_session_that_is_over_nothing_is_said_of_what_is_to_go(
    fans: Fans, now: dt.datetime, is_told: bool
) -> None:
    fans.now = now
    norris = Standing(1, "norris", "Lando Norris", 83, 1, "McLaren")
    await fans.know(of_this_season(norris), calendar=[another_year(race, 2026) for race in CALENDAR])
    assert (len((await fans.ask("/standings 2026")).card.paragraphs) == 2) is is_told


async def test_a_race_that_the_calendar_lacks_for_a_moment_is_still_to_go(fans: Fans) -> None:
    fans.now = dt.datetime(2026, 4, 20, tzinfo=dt.UTC)
    norris = Standing(1, "norris", "Lando Norris", 83, 1, "McLaren")
    level = Standing(2, "a", "Al Pha", 0, 0, "McLaren")
    calendar = [another_year(race, 2026) for race in CALENDAR]
    await fans.know(of_this_season(norris, level), calendar=calendar)
    await fans.seasons.store_schedule(2026, calendar[:-1], fans.now)
    for hours, races in ((1, 3), (6, 2)):
        fans.now = dt.datetime(2026, 4, 20, hours, tzinfo=dt.UTC)
        told = as_written((await fans.ask("/standings 2026")).card.paragraphs[1])
        assert told.startswith(f"{races} races and 1 sprint to go")


async def test_points_without_a_place_leave_it_open_who_can_win(fans: Fans) -> None:
    fans.now = dt.datetime(2026, 4, 20, tzinfo=dt.UTC)
    norris = Standing(1, "norris", "Lando Norris", 83, 1, "McLaren")
    unplaced = Standing(None, "a", "Al Pha", 40, 0, "McLaren")
    await fans.know(of_this_season(norris, unplaced), calendar=[another_year(race, 2026) for race in CALENDAR])
    assert len((await fans.ask("/standings 2026")).card.paragraphs) == 1


@pytest.mark.parametrize("first", [[Standing(1, "a", "Al Pha", None, 1)], [Standing(None, "a", "Al Pha", 90, 1)], []])
async def test_nobody_is_said_to_be_behind_a_first_whose_points_or_place_are_not_known(
    fans: Fans, first: list[Standing]
) -> None:
    rows = [Standing(2, "b", "Be Ta", 83, 1), Standing(3, "c", "Ga Mma", 40, 0)]
    await fans.know(Standings(2021, 3, Championship.DRIVERS, (*first, *rows)))
    card = (await fans.ask("/standings")).card
    assert "3. Ga Mma · 40" in as_written(card.paragraphs[0]).splitlines()
    assert card.subtitle == "After round 3"


@pytest.mark.parametrize(("lead", "may_be"), [(17, False), (18, True)])
async def test_how_it_can_be_decided_on_the_next_weekend_is_told_where_it_can_be(
    fans: Fans, lead: int, may_be: bool
) -> None:
    fans.now = dt.datetime(2026, 4, 20, tzinfo=dt.UTC)
    first = Standing(1, "norris", "Lando Norris", 40 + lead, 1, "McLaren")
    second, third = (replace(first, position=place, id=f"{place}", points=41.0 - place / 2) for place in (2, 3))
    await fans.know(of_this_season(first, second, third), calendar=[another_year(race, 2026) for race in CALENDAR])
    assert (" is champion if " in as_written((await fans.ask("/standings 2026")).card.paragraphs[1])) is may_be


async def test_of_seasons_by_other_rules_it_is_not_told_who_can_win(fans: Fans) -> None:
    assert len((await fans.ask("/standings")).card.paragraphs) == 1


async def test_the_season_is_drawn_race_by_race(fans: Fans) -> None:
    picture = await fans.press(await fans.ask("/standings"), "Race by race")
    assert picture.separate
    assert picture.attachment is not None
    assert picture.attachment.is_picture
    assert "to round 2 of 2021: Lewis Hamilton 44, Max Verstappen 43.5, Lando Norris 27" in picture.attachment.alt
    assert (await fans.press(picture, "The whole table")).card.title == "Drivers' championship 2021"


@pytest.mark.parametrize("day", ["28.3.2021", "March 28, 2021", "1 April 2021", "17 April", "17.4."])
async def test_the_championship_is_told_as_it_stood_on_a_day(fans: Fans, day: str) -> None:
    reply = await fans.ask(f"/standings {day}")
    assert reply.card.title == "Drivers' championship 2021"
    assert reply.card.subtitle.startswith("After round 1")
    assert lines(reply)[0] == "1. Lewis Hamilton, Mercedes · 25 · 1 win"
    assert len(reply.card.paragraphs) == 1, "what is left of the season is told of today"
    picture = (await fans.press(reply, "As a picture")).attachment
    assert picture is not None
    assert "Points after round 1 of 2021" in picture.alt


@pytest.mark.parametrize("day", ["18.4.2021", "18 April", "1 June 2021"])
async def test_a_day_after_the_last_race_is_told_what_stands_since(fans: Fans, day: str) -> None:
    assert (await fans.ask(f"/standings {day}")).card == (await fans.ask("/standings")).card


async def test_a_table_that_is_not_stored_is_not_told_as_another(fans: Fans) -> None:
    reply = await fans.ask("/standings teams 28.3.2021")
    assert reply.card.title == "How it stood after round 1 is not stored here."
    assert (await fans.press(reply, "The whole table")).card.title == "Constructors' championship 2021"
    assert (await fans.ask("/standings 1.1.2021")).card.title == "The first race of 2021 was on 28 March 2021."
    nowhere = await fans.ask("/standings teams 31.2.2021")
    assert nowhere.card.title == "“31.2.2021” is in no calendar."
    assert (await fans.press(nowhere, "2021")).card.title == "Constructors' championship 2021"
