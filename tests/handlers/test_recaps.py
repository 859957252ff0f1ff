import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Reply
from bot.season import (
    Entrant,
    FastestLap,
    Finish,
    Race,
    Row,
    Session,
    SessionKind,
    Sheet,
    Table,
    TableKind,
)
from handlers.recaps import recap_reply
from handlers.season_words import updated
from handlers.standings import sheet_reply, table_reply
from tests.conversation import fields, labels
from tests.season import BOTTAS, DRIVERS, FETCHED, IMOLA, MONZA, NORRIS, RESULT, Fans, another_year


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
        "Out": "Bottas and Russell (collision)",
        "Championship": "Hamilton 44, Verstappen 43.5, Norris 27",
        "Its incidents": "Bottas and Russell, Imola 2021",
    }
    assert reply.card.footer == updated(FETCHED)


async def test_its_incidents_are_one_press_away(fans: Fans) -> None:
    reply = await fans.ask("/recap")
    assert labels(reply) == ["Imola 2021", "Result", "Standings", "As a picture"]
    assert (await fans.press(reply, "Imola 2021")).card.title == "Bottas and Russell, Imola 2021"
    assert (await fans.press(reply, "Result")).card.title == "Emilia Romagna Grand Prix 2021"


async def test_an_incident_of_another_year_is_none_of_its_own(fans: Fans) -> None:
    race = another_year(IMOLA, 2020)
    await fans.know(replace(RESULT, race=race), calendar=[race])
    reply = await fans.ask("/recap imola 2020")
    assert labels(reply) == ["Result", "Standings"]
    assert "Its incidents" not in fields(reply)


async def test_a_table_that_is_not_known_is_left_out_and_wanted(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 9, 20, tzinfo=dt.UTC)
    await fans.know(replace(RESULT, race=MONZA))
    assert "Championship" not in fields(await fans.ask("/recap monza"))
    assert fans.wanted == [(2021, 4)]


def recap(*finishes: Finish) -> Reply:
    """The recap of a race that ended so."""
    return recap_reply(replace(RESULT, finishes=finishes), None, (), "")


def test_two_who_shared_the_winning_car_win_together() -> None:
    first, second, third, *_ = RESULT.finishes
    reply = recap(first, replace(second, place="1"), replace(third, place="3"))
    assert reply.card.title == "Emilia Romagna Grand Prix: Verstappen and Hamilton win from Norris"
    assert reply.card.paragraphs == ()


def test_those_who_won_as_many_places_are_all_named() -> None:
    finishes = [replace(finish, grid=finish.position + 3) for finish in RESULT.finishes[:2]]
    assert fields(recap(*finishes))["Most places won"] == "Verstappen and Hamilton, 3 each"


def test_who_drove_on_in_another_car_is_not_out() -> None:
    first = RESULT.finishes[0]
    retired = replace(first, position=2, place="R", status="Engine")
    assert "Out" not in fields(recap(first, retired))


def test_who_never_started_is_not_out() -> None:
    out = (Finish(2, "W", BOTTAS, 0, "Did not start"), Finish(3, "F", NORRIS, 0, "Did not qualify"))
    assert "Out" not in fields(recap(RESULT.finishes[0], *out))


def test_a_winner_by_a_lap_is_told_so() -> None:
    first, second, *_ = RESULT.finishes
    reply = recap(replace(first, grid=None), replace(second, laps=62, status="+1 Lap", time=None))
    assert reply.card.paragraphs == ("Verstappen won, 1 lap ahead of Hamilton.",)


def test_nothing_is_claimed_of_a_race_of_which_little_is_known() -> None:
    bare = [Finish(1, "1", NORRIS, 0, ""), Finish(2, "R", BOTTAS, 0, "")]
    reply = recap(*bare)
    assert reply.card.title == "Emilia Romagna Grand Prix: Norris wins"
    assert reply.card.paragraphs == ()
    assert fields(reply) == {"Podium": "1. Norris (McLaren)", "Out": "Bottas (retired)"}
    assert recap().card.title == "Emilia Romagna Grand Prix"


LETTERS = st.sampled_from("aZé.*_-'👍")
TEXTS = st.builds("x{}".format, st.builds(str.__mul__, LETTERS, st.sampled_from([0, 6, 99])))
IDS = st.sampled_from([f"driver-{number}" for number in range(40)])
ENTRANTS = st.builds(Entrant, IDS, TEXTS, TEXTS, IDS, TEXTS)
LAPS = st.builds(FastestLap, st.none() | st.integers(0, 3), st.integers(0, 999), TEXTS)
FINISHES = st.builds(
    Finish,
    st.integers(1, 40),
    st.sampled_from([*(str(place) for place in range(1, 41)), *"RDEWFN"]),
    ENTRANTS,
    st.floats(0, 99999).map(lambda number: round(number, 2)),
    st.sampled_from(["", "Finished", "Lapped", "+1 Lap", "Collision", "ERS"]) | TEXTS,
    st.none() | st.integers(0, 999999),
    st.none() | st.integers(0, 999999),
    st.none() | TEXTS,
    st.none() | LAPS,
)
RACES = st.builds(
    Race,
    st.integers(1950, 2100),
    st.integers(1, 99),
    TEXTS,
    st.text("abc-_", min_size=1, max_size=64),
    TEXTS,
    TEXTS,
    TEXTS,
    st.dates(dt.date(1950, 1, 1)).map(lambda day: (Session(SessionKind.RACE, day),)),
)
ROWS = st.builds(Row, st.none() | st.integers(1, 99), IDS, TEXTS, st.floats(0, 99999), st.integers(0, 99), TEXTS)


FIELDS = st.builds(list[Finish].__mul__, st.lists(FINISHES, max_size=4), st.sampled_from([1, 10]))


@given(RACES, FIELDS, st.sampled_from([SessionKind.RACE, SessionKind.SPRINT]))
def test_any_result_fits_on_a_card(race: Race, finishes: list[Finish], kind: SessionKind) -> None:
    sheet = Sheet(race, kind, tuple(finishes))
    sheet_reply(sheet, updated(FETCHED))
    recap_reply(sheet, DRIVERS, (), updated(FETCHED))


@given(
    st.builds(list[Row].__mul__, st.lists(ROWS, max_size=4), st.sampled_from([1, 25])),
    st.integers(0, 9999),
    st.sampled_from(TableKind),
)
def test_any_championship_fits_on_a_card(rows: list[Row], page: int, kind: TableKind) -> None:
    table_reply(Table(2021, 99, kind, tuple(rows)), page, updated(FETCHED))
    recap_reply(RESULT, Table(2021, 2, kind, tuple(rows)), (), updated(FETCHED))


def test_many_retirements_for_many_reasons_fit_on_a_card() -> None:
    reasons = [f"{'Gearbox, and more ' * 5}{number}" for number in range(30)]
    finishes = [replace(RESULT.finishes[-1], status=status) for status in reasons]
    assert fields(recap(*finishes))["Out"].endswith(" more")


def test_nobody_of_a_field_of_34_is_left_out() -> None:
    finishes = tuple(
        Finish(place, f"{place}", Entrant(f"d{place}", "Johnnie", f"Parsons-{place:02}", "k", "Kurtis Kraft"), 9,
               "Finished", place + 3, 138 - place, "2:46:55.970", FastestLap(place, 100, "1:08.770"))
        for place in range(1, 35)
    )  # fmt: skip
    reply = sheet_reply(replace(RESULT, finishes=finishes), updated(FETCHED))
    assert len(reply.card.paragraphs[0].splitlines()) == 34
    retired = tuple(replace(finish, place="R", status="Connecting rod") for finish in finishes)
    out = fields(sheet_reply(replace(RESULT, finishes=retired), updated(FETCHED)))["Not classified"]
    shown = out.count("Parsons")
    assert out.endswith(f"and {34 - shown} more")


async def test_a_race_is_drawn_for_who_asks(fans: Fans) -> None:
    assert "As a picture" in labels(await fans.ask("/recap imola"))
    reply = await fans.ask("/recap imola picture")
    assert reply.attachment is not None
    assert reply.attachment.is_picture
    assert "Verstappen" in reply.attachment.alt
    assert labels(reply) == ["The story"]
