"""/driver and /team: a season on one screen, the incidents, and who blames them."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.chat.instants import as_written
from bot.domain.places import Platform, User
from bot.domain.season import Championship, Classification, Entrant, Finish, Standing, Standings
from bot.domain.sessions import SessionKind
from bot.i18n import LANGUAGES
from storage.database.base import Result, Transaction
from tests.support.cases import MONZA, VER, noted, penalised
from tests.support.conversation import PIT_WALL, Conversation, fields, labels
from tests.support.season import (
    BAHRAIN,
    NORRIS,
    RUSSELL,
    SILVERSTONE,
    Fans,
)


def person(number: int) -> User:
    return User(Platform.TELEGRAM, f"{100 + number}")


async def test_a_drivers_season_is_on_one_screen(fans: Fans) -> None:
    reply = await fans.ask("/driver norris")
    assert (reply.card.title, reply.card.subtitle) == ("Lando Norris", "McLaren · 2021")
    assert fields(reply) == {
        "Championship 2021": "3rd, 27 points · 17 behind Lewis Hamilton · 16.5 behind Max Verstappen · after round 2",
        "Races": "0 wins · in 1 of 2 races, whose results are stored here: 1 podium, best 3rd (Emilia Romagna GP)",
        "Latest results": "Emilia Romagna GP: 3rd, from 7 ↑4",
        "Incidents": "None is known here.",
    }
    assert as_written(reply.card.footer).startswith("Updated 19 April 2021")
    assert labels(reply) == ["Standings", "Last race"]


async def test_once_every_race_is_stored_nothing_is_said_of_what_is(fans: Fans) -> None:
    won = (Finish(1, "1", NORRIS, 25, "Finished", 2), Finish(2, "2", RUSSELL, 18, "Finished", 1))
    await fans.know(Classification(BAHRAIN, SessionKind.RACE, won))
    assert fields(await fans.ask("/driver norris"))["Races"] == "1 win · 2 podiums · best 1st (Bahrain GP)"
    assert fields(await fans.ask("/driver russell"))["Latest results"] == (
        "Emilia Romagna GP: collision, from 12\nBahrain GP: 2nd, from 1 ↓1"
    )


async def test_who_leads_is_ahead_and_a_sprint_is_said_to_be_one(fans: Fans) -> None:
    reply = await fans.ask("/driver hamilton 2021")
    facts = fields(reply)
    assert facts["Championship 2021"] == "1st, 44 points · 0.5 ahead of Max Verstappen · after round 2"
    assert facts["Latest results"].startswith("British GP, sprint: 2nd, from 1 ↓1\n")
    assert (await fans.press(reply, "Last race")).card.title == "Emilia Romagna Grand Prix 2021"


async def test_a_team_has_both_its_cars(fans: Fans) -> None:
    reply = await fans.ask("/team mercedes")
    assert (reply.card.title, reply.card.subtitle) == ("Mercedes", "Lewis Hamilton, Valtteri Bottas · 2021")
    assert fields(reply)["Championship 2021"] == "1st, 60 points · 7 ahead of Red Bull · after round 2"
    assert fields(reply)["Latest results"].endswith("Emilia Romagna GP: Hamilton 2nd, Bottas collision")


async def test_two_of_one_family_are_told_apart_in_their_team(fans: Fans) -> None:
    brother = replace(RUSSELL, driver_id="bo_russell", given_name="Bo")
    won = (Finish(1, "1", brother, 25, "Finished", 2), Finish(2, "2", RUSSELL, 18, "Finished", 1))
    await fans.know(Classification(BAHRAIN, SessionKind.RACE, won))
    latest = fields(await fans.ask("/team williams"))["Latest results"]
    assert latest.endswith("Bahrain GP: Bo Russell 1st, George Russell 2nd")


async def test_its_footer_names_nobody_who_has_told_nothing(newcomers: Fans) -> None:
    assert "Jolpica" not in as_written((await newcomers.ask("/driver russell 2021")).card.footer)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("driver george", "George Russell"),
        ("driver RUS", "George Russell"),
        ("driver rusell", "George Russell"),
        ("driver sérgio perez 21", "Sergio Pérez"),
        ("driver smooth operator", "Carlos Sainz"),
        ("driver checo", "Sergio Pérez"),
        ("driver nelson piquet", "Nelson Piquet"),
        ("driver nelson piquet jr", "Nelson Piquet Jr"),
        ("team RBR", "Red Bull"),
        ("team aston", "Aston Martin"),
        ("team mclarn", "McLaren"),
    ],
)
async def test_fans_type_what_they_like(fans: Fans, typed: str, found: str) -> None:
    assert (await fans.ask(f"/{typed}")).card.title == found


async def test_of_two_who_fit_the_one_who_is_in_the_season_is_meant(fans: Fans) -> None:
    both = await fans.ask("/driver schumacher")
    assert labels(both) == ["Michael Schumacher", "Mick Schumacher"]
    assert (await fans.press(both, "Michael Schumacher")).card.title == "Michael Schumacher"
    mick = Standing(4, "mick_schumacher", "Mick Schumacher", 0, 0, "Haas F1 Team", "MSC")
    await fans.know(Standings(2021, 3, Championship.DRIVERS, (mick,)))
    assert (await fans.ask("/driver schumacher")).card.subtitle == "Haas F1 Team · 2021"


def of_old(season: int, *names: str) -> Standings:
    """A championship of long ago, in the order of these drivers."""
    entries = (Standing(number, f"{name}_id", name, 30 - number, 1, "BRM") for number, name in enumerate(names, 1))
    return Standings(season, 9, Championship.DRIVERS, tuple(entries))


async def test_a_driver_of_old_is_found_in_whatever_season_is_stored_and_shown_in_the_last_one(fans: Fans) -> None:
    await fans.know(of_old(1962, "Graham Hill", "Jim Clark"), of_old(1968, "Graham Hill", "Jackie Stewart"))
    reply = await fans.ask("/driver graham hill")
    assert (reply.card.title, reply.card.subtitle) == ("Graham Hill", "BRM · 1968")
    assert fields(reply)["Championship 1968"].startswith("1st, 29 points · 1 ahead of Jackie Stewart")
    assert (await fans.ask("/driver clark")).card.subtitle == "BRM · 1962"
    assert (await fans.ask("/driver graham hill 1962")).card.subtitle == "BRM · 1962"


async def test_of_two_of_old_who_fit_either_is_offered_and_none_before_who_races(fans: Fans) -> None:
    await fans.know(of_old(1982, "Keke Rosberg"), of_old(2016, "Nico Rosberg"), of_old(1970, "Bo Norris"))
    asked = await fans.ask("/driver rosberg")
    assert labels(asked) == ["Nico Rosberg", "Keke Rosberg"]
    assert (await fans.press(asked, "Keke Rosberg")).card.subtitle == "BRM · 1982"
    assert (await fans.ask("/driver norris")).card.title == "Lando Norris"


async def test_what_stands_for_several_teams_is_none(fans: Fans) -> None:
    reply = await fans.ask("/team seven teams")
    assert reply.card.title.startswith("No team by that name is known here.")
    assert not {"seven teams", "Michelin"} & {*labels(reply)}


async def test_nobody_of_that_name_is_told_to_the_asker_with_the_nearest(fans: Fans) -> None:
    nobody = await fans.ask("/driver qwertz")
    assert nobody.private
    assert nobody.card.title == "No driver by that name is known here."
    assert labels(nobody) == ["Standings"], "there is a way on to those who are known"
    reply = await fans.ask("/driver verstoppen mex")
    assert reply.card.title == f"{nobody.card.title} Close by: {' and '.join(labels(reply))}."
    assert 0 < len(labels(reply)) <= 3
    assert (await fans.press(reply, labels(reply)[0])).card.title == labels(reply)[0]
    assert (await fans.ask("/team")).card.title == "Say a team, and perhaps a season: /team williams 2021."
    assert (await fans.ask("/driver russell 1949")).card.title == "The championship's seasons are 1950 to 2022."


async def test_a_driver_without_results_has_incidents_and_the_season_of_the_latest(fans: Fans) -> None:
    reply = await fans.ask("/driver senna")
    assert reply.card.paragraphs == ("No result of theirs in 2021 is known here.",)
    assert reply.card.footer == ""
    assert fields(reply) == {
        "Incidents": "2 in full",
        "Blamed by rulings": "No ruling is known.",
        "Blamed by fans": "Nobody has voted yet.",
    }
    then = await fans.press(reply, "1990")
    assert fields(then)["Incidents of 1990"] == "1 in full"


async def test_a_season_of_the_past_that_is_not_stored_is_fetched(fans: Fans) -> None:
    reply = await fans.ask("/driver prost 1990")
    assert reply.awaits is not None
    assert reply.awaits.name == "1990"
    assert fans.wanted == [(1990, None)]
    assert labels(reply) == ["Look again", "Incidents"]
    fans.archive_answers = False
    reply = await fans.ask("/driver prost 1990")
    assert reply.awaits is None
    assert reply.card.paragraphs == ("No result of theirs in 1990 is known here.",)


async def test_a_championship_without_results_is_told_alone(fans: Fans) -> None:
    champion = Standing(1, "senna", "Ayrton Senna", 78, 6, "McLaren", None)
    await fans.know(Standings(1990, 16, Championship.DRIVERS, (champion,)))
    facts = fields(await fans.ask("/driver senna 1990"))
    assert (facts["Championship 1990"], facts["Races"]) == ("1st, 78 points · after round 16", "6 wins")
    assert "Latest results" not in facts


async def test_how_often_somebody_is_blamed_says_of_how_many_and_of_how_few_votes(fans: Fans) -> None:
    for number in range(10):
        await fans.vote("monza-2021", "mostly-verstappen", person(number))
    await fans.vote("baku-2018", "all-ricciardo")
    facts = fields(await fans.ask("/driver verstappen"))
    assert facts["Incidents"] == "3 in full"
    assert facts["Blamed by rulings"] == "In 2 of 3 incidents with a ruling"
    assert facts["Blamed by fans"] == ("In 1 of 2 incidents with votes · fewer than 10 votes, which say little, on 1")
    assert fields(await fans.ask("/driver verstappen 2018"))["Blamed by rulings"] == "In 1 of 1 incident with a ruling"


async def test_a_blind_chat_is_not_told_how_fans_vote(fans: Fans) -> None:
    await fans.vote("monza-2021", "mostly-verstappen")
    await fans.settings.change(PIT_WALL, blind=True)
    assert "Blamed by fans" not in fields(await fans.ask("/driver verstappen"))


async def test_what_race_control_noted_counts_for_the_driver_and_the_team(fans_at_imola: Fans) -> None:
    fans = fans_at_imola
    fans.now = dt.datetime(2025, 9, 8, tzinfo=dt.UTC)
    cases = [penalised(noted(opened=10), VER, 20), noted(opened=30, place="TURN 1")]
    await fans.recorder.record(MONZA, cases, 40)
    facts = fields(await fans.ask("/driver verstappen 2025"))
    assert facts["Incidents of 2025"] == "2 noted by race control"
    assert facts["Blamed by rulings"] == "In 1 of 1 incident with a ruling"
    listed = await fans.ask("/driver verstappen incidents")
    assert listed.card.title == "5 incidents"
    assert fields(await fans.ask("/team red bull 2025"))["Incidents of 2025"] == "2 noted by race control"
    assert fields(await fans.ask("/team mclaren 2025"))["Blamed by rulings"] == "In 0 of 1 incident with a ruling"


async def test_their_incidents_have_pages(fans: Fans) -> None:
    reply = await fans.press(await fans.ask("/driver max verstappen"), "Incidents")
    assert labels(reply) == ["Monza 2021", "Baku 2018", "Singapore 2017"]
    assert (await fans.ask("/driver max verstappen 2018 incidents page-2")).card.title == "1 incident"


LONG = (
    replace(RUSSELL, driver_id="antonelli", given_name="Andrea Kimi", family_name="Hülkenberg-Giovinazzi", code="AKH"),
    replace(RUSSELL, driver_id="fisichella", given_name="Giancarlo", family_name="Vandoorne-Fittipaldi", code="GVF"),
)
"""The longest names that anybody might have, in one team."""


def a_season_of(races: int) -> list[Classification]:
    """A season in which two of one team take turns in winning, at races with long names, each with a sprint."""
    results = []
    for number in range(1, races + 1):
        race = replace(SILVERSTONE, season=2019, round=number, name=f"Emilia Romagna-Abu Dhabi {number} Grand Prix")
        first, second = LONG if number % 2 else reversed(LONG)
        finishes = (
            Finish(1, "1", first, 25, "Finished", 12),
            Finish(2, "2", second, 18, "Finished", 11),
            *(Finish(place, f"{place}", entrant(place), 0, "Finished", place) for place in range(3, 23)),
        )
        results += [Classification(race, kind, finishes) for kind in (SessionKind.SPRINT, SessionKind.RACE)]
    return results


def entrant(number: int) -> Entrant:
    return replace(NORRIS, driver_id=f"driver-{number}", given_name="Another", family_name=f"Driver {number}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", ["driver andrea kimi hülkenberg", "team williams"])
async def test_the_longest_season_fits_on_a_screen_in_every_language(fans: Fans, language: str, asked: str) -> None:
    results = a_season_of(24)
    races = [result.race for result in results if result.kind is SessionKind.RACE]
    rows = tuple(
        Standing(place, each.driver_id, each.name, 412.5 - place, 12, each.team, each.code)
        for place, each in enumerate((entrant(3), entrant(4), *LONG), 1)
    )
    teams = tuple(
        Standing(place, team, name, 812.5 - place, 24)
        for place, (team, name) in enumerate((("a", "Stake F1 Team Kick Sauber"), ("williams", "Williams")), 1)
    )
    await fans.know(*results, Standings(2019, 24, Championship.DRIVERS, rows), calendar=races)
    await fans.know(Standings(2019, 24, Championship.TEAMS, teams))
    await fans.settings.change(PIT_WALL, language=language)
    reply = await fans.ask(f"/{asked} 2019")
    assert len(reply.card.fields) >= 4
    assert reply.card.seen <= 900


@pytest.fixture
def reads(fans: Fans, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each time that the database is read."""
    database, counted = fans.seasons._database, list[object]()
    read = database.read

    async def reading(transaction: Transaction[Result]) -> Result:
        counted.append(transaction)
        return await read(transaction)

    monkeypatch.setattr(database, "read", reading)
    return counted


async def test_a_season_of_any_length_is_read_in_as_many_queries(fans: Fans, reads: list[object]) -> None:
    counted = []
    for races in (3, 24):
        results = a_season_of(races)
        await fans.know(*results, calendar=[each.race for each in results if each.kind is SessionKind.RACE])
        reads.clear()
        await fans.ask("/driver andrea kimi 2019")
        counted.append(len(reads))
    assert counted[0] == counted[1] <= 6


async def test_names_are_completed_and_told_where_no_season_is_followed(bot: Conversation, al: User) -> None:
    suggest = bot.core.dispatcher.suggest
    assert [(each.label, each.argument) for each in suggest("driver", "russ")] == [("George Russell", "george russell")]
    assert [each.label for each in suggest("team", "red")] == ["Red Bull"]
    assert len(suggest("driver", "")) == 25
    reply = await bot.ask("/driver russell", al)
    assert fields(reply)["Incidents"] == "1 in full"
    assert labels(reply) == ["Incidents", "2021"]


@pytest.mark.parametrize("day", ["18.4.2021", "April 18, 2021", "18 April", "18.4."])
async def test_a_day_means_its_season(fans: Fans, day: str) -> None:
    assert (await fans.ask(f"/driver hamilton {day}")).card == (await fans.ask("/driver hamilton 2021")).card
    nowhere = await fans.ask("/driver hamilton 31.2.2021")
    assert nowhere.card.title == "“31.2.2021” is in no calendar."
    assert (await fans.press(nowhere, "2021")).card.title == "Lewis Hamilton"
