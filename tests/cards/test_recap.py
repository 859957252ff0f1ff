import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.recap import recap_card, recap_reply
from bot.cards.recap_facts import FIRST_THREE
from bot.cards.results import classification_reply
from bot.cards.season_text import REASONS, updated
from bot.cards.standings import standings_reply
from bot.chat.cards import FIELD, Card
from bot.chat.instants import as_written
from bot.chat.replies import CAPTION, Attachment
from bot.chat.text_limits import weight
from bot.domain.race_story import MOST_INCIDENTS, RaceStory, StandingsMove
from bot.domain.season import Championship, Classification, Entrant, FastestLap, Finish, Race, Standing, Standings
from bot.domain.sessions import Session, SessionKind
from bot.i18n import LANGUAGES, _, speaking
from bot.search.catalogue import Incidents
from tests.support.conversation import fields
from tests.support.season import (
    BOTTAS,
    DRIVERS,
    DRIVERS_BEFORE,
    FETCHED,
    NORRIS,
    RESULT,
    RUSSELL,
    SILVERSTONE,
    SPRINT,
    TEAMS,
)


def recap(*finishes: Finish) -> Card:
    """The recap of a race that ended so."""
    return recap_card(RaceStory(replace(RESULT, finishes=finishes)))


def facts(card: Card) -> dict[str, str]:
    """What a card tells, by name."""
    return {as_written(fact.name): as_written(fact.value) for fact in card.fields}


def test_two_who_shared_the_winning_car_win_together() -> None:
    first, second, third, *_ = RESULT.finishes
    reply = recap(first, replace(second, place="1"), replace(third, place="3"))
    assert reply.title == "Emilia Romagna Grand Prix: Verstappen and Hamilton win from Norris"
    assert reply.paragraphs == ()


def test_who_stands_on_the_podium_with_two_cars_is_named_once_in_the_headline() -> None:
    first, second, third, *_ = RESULT.finishes
    reply = recap(first, second, third, replace(second, position=4, place="3"))
    assert reply.title == "Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris"


def test_those_who_won_as_many_places_are_all_named() -> None:
    finishes = [replace(finish, grid=finish.position + 3) for finish in RESULT.finishes[:2]]
    assert facts(recap(*finishes))["Most places won"] == "Verstappen and Hamilton, 3 each"


def test_who_drove_on_in_another_car_is_not_out() -> None:
    first = RESULT.finishes[0]
    retired = replace(first, position=2, place="R", status="Engine")
    assert "Out" not in facts(recap(first, retired))


def test_who_never_started_is_not_out() -> None:
    out = (Finish(2, "W", BOTTAS, 0, "Did not start"), Finish(3, "F", NORRIS, 0, "Did not qualify"))
    assert "Out" not in facts(recap(RESULT.finishes[0], *out))


def test_a_winner_by_a_lap_is_told_so() -> None:
    first, second, *_ = RESULT.finishes
    reply = recap(replace(first, grid=None), replace(second, laps=62, status="+1 Lap", time=None))
    assert reply.paragraphs == ("Verstappen won, 1 lap ahead of Hamilton.",)


def test_nothing_is_claimed_of_a_race_of_which_little_is_known() -> None:
    bare = [Finish(1, "1", NORRIS, 0, ""), Finish(2, "R", BOTTAS, 0, "")]
    reply = recap(*bare)
    assert reply.title == "Emilia Romagna Grand Prix: Norris wins"
    assert reply.paragraphs == ()
    assert facts(reply) == {"Podium": "1. Norris (McLaren)", "Out": "Bottas (retired)"}
    assert recap().title == "Emilia Romagna Grand Prix"


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
    penalty=st.none() | st.floats(0, 999),
    stops=st.none() | st.lists(st.integers(1, 99), max_size=60).map(tuple),
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
ROWS = st.builds(Standing, st.none() | st.integers(1, 99), IDS, TEXTS, st.floats(0, 99999), st.integers(0, 99), TEXTS)


FIELDS = st.builds(list[Finish].__mul__, st.lists(FINISHES, max_size=4), st.sampled_from([1, 10]))


@given(RACES, FIELDS, st.sampled_from([SessionKind.RACE, SessionKind.SPRINT]))
def test_any_result_fits_on_a_card(race: Race, finishes: list[Finish], kind: SessionKind) -> None:
    classification = Classification(race, kind, tuple(finishes))
    classification_reply(classification, updated(FETCHED))
    story = RaceStory(classification, StandingsMove(DRIVERS, DRIVERS), updated_at=FETCHED)
    assert recap_card(story).seen <= CAPTION
    for veiled in (False, True):
        reply = recap_reply(story, Attachment("recap.png", b"", "A picture"), veiled=veiled)
        assert reply.card.folded or reply.card == recap_card(story, veiled=veiled)


@given(
    st.builds(list[Standing].__mul__, st.lists(ROWS, max_size=4), st.sampled_from([1, 25])),
    st.integers(0, 9999),
    st.sampled_from(Championship),
)
def test_any_championship_fits_on_a_card(rows: list[Standing], page: int, kind: Championship) -> None:
    standings_reply(Standings(2021, 99, kind, tuple(rows)), page, updated(FETCHED))
    after = StandingsMove(Standings(2021, 2, kind, tuple(rows)))
    assert recap_card(RaceStory(RESULT, after, after, updated_at=FETCHED)).seen <= CAPTION


def test_many_retirements_for_many_reasons_fit_on_a_card() -> None:
    reasons = [f"{'Gearbox, and more ' * 5}{number}" for number in range(30)]
    retired = RESULT.finishes[-1]
    finishes = [replace(retired, status=why, entrant=replace(RUSSELL, driver_id=why)) for why in reasons]
    assert facts(recap(*finishes))["Out"].endswith(" more")


def test_nobody_of_a_field_of_34_is_left_out() -> None:
    finishes = tuple(
        Finish(place, f"{place}", Entrant(f"d{place}", "Johnnie", f"Parsons-{place:02}", "k", "Kurtis Kraft"), 9,
               "Finished", place + 3, 138 - place, "2:46:55.970", FastestLap(place, 100, "1:08.770"))
        for place in range(1, 35)
    )  # fmt: skip
    reply = classification_reply(replace(RESULT, finishes=finishes), updated(FETCHED))
    assert len(as_written(reply.card.paragraphs[0]).splitlines()) == 34
    retired = tuple(replace(finish, place="R", status="Connecting rod") for finish in finishes)
    out = fields(classification_reply(replace(RESULT, finishes=retired), updated(FETCHED)))["Not classified"]
    shown = out.count("Parsons")
    assert out.endswith(f"and {34 - shown} more")


def test_a_race_of_many_incidents_fits_below_its_picture(shipped: Incidents) -> None:
    every = list(shipped)
    for incidents in zip(*(every[start:] for start in range(MOST_INCIDENTS)), strict=False):
        told = tuple((each, None) for each in incidents)
        card = recap_card(RaceStory(RESULT, StandingsMove(DRIVERS), StandingsMove(TEAMS), told, FETCHED))
        assert card.seen <= CAPTION
        assert incidents[0].title in facts(card)["They will be talking about"]


def test_a_sprint_tells_its_points_and_its_race_that_they_are_counted() -> None:
    assert value(RaceStory(SPRINT), "Points") == "Verstappen 3, Hamilton 2"
    assert value(RaceStory(RESULT), "Points") == ""
    sunday = replace(RESULT, race=SILVERSTONE)
    championship = value(RaceStory(sunday, StandingsMove(DRIVERS, DRIVERS_BEFORE)), "Championship")
    assert championship.endswith("3. Norris 27 (+15, ↓1); the sprint's points included")


def test_of_three_drivers_none_is_left_out_however_little_room_there_is(shipped: Incidents) -> None:
    long = tuple(replace(each, name="Jean-Éric Vergne", id=f"v{number}") for number, each in enumerate(LEADERS))
    championship, many = StandingsMove(replace(DRIVERS, entries=long)), list(shipped)[:MOST_INCIDENTS]
    told = value(RaceStory(RESULT, championship, incidents=tuple((each, None) for each in many)), "Championship")
    assert told == "1. Jean-Éric Vergne 44, 2. Jean-Éric Vergne 43.5, 3. Jean-Éric Vergne 27"


LEADERS = DRIVERS.entries[:3]


def value(story: RaceStory, name: str) -> str:
    """A fact of a recap; empty where it is not told."""
    return facts(recap_card(story)).get(name, "")


def test_a_penalty_in_the_result_is_told_with_the_place_that_it_cost() -> None:
    first, second, third, fourth, *others = RESULT.finishes
    fourth = replace(fourth, laps=63, time="+26.000", penalty=5.0)
    told = facts(recap(first, second, third, fourth, *others))
    assert told["Time penalties in the result"] == "Pérez, 2nd on the road, 4th after 5 seconds"
    card = classification_reply(replace(RESULT, finishes=(first, second, third, fourth, *others)), "").card
    assert "4. Pérez, Red Bull · +26.000 · from 2 ↓2 · 5 seconds added, 2nd on the road" in as_written(
        card.paragraphs[0]
    )


@pytest.mark.parametrize(
    ("language", "status", "said"),
    [
        (None, "Water leak", "water leak"),
        ("de", "Gearbox", "Getriebe"),
        ("de", "Left-hand *mirror*", "left-hand *mirror*"),
        (None, "CV joint", "CV joint"),
        (None, "ERS", "ERS"),
        (None, " ", "retired"),
    ],
)
def test_why_somebody_retired_is_said_in_the_usual_words_or_else_in_its_own(
    language: str | None, status: str, said: str
) -> None:
    with speaking(language):
        (out,) = [
            each
            for each in recap(replace(RESULT.finishes[-1], status=status)).fields
            if "Russell" in as_written(each.value)
        ]
    assert out.value == f"Russell ({said})"


def test_a_penalty_that_cost_no_place_or_nobody_can_say_which_is_told_alone() -> None:
    first, second, *others = RESULT.finishes
    assert facts(recap(first, replace(second, penalty=5.0), *others))["Time penalties in the result"] == (
        "Hamilton, 5 seconds"
    )
    lapped = [replace(each, penalty=5.0) if each.status == "Lapped" else each for each in RESULT.finishes]
    assert facts(recap(*lapped))["Time penalties in the result"] == "Vettel, 5 seconds"


def test_who_did_not_start_from_the_grid_and_whom_viewers_voted_for_is_told() -> None:
    *finishes, last = RESULT.finishes
    result = replace(RESULT, finishes=(*finishes, replace(last, place="W", status="Did not start")))
    told = facts(recap_card(RaceStory(replace(result, driver_of_the_day="norris"))))
    assert told["At the start"] == "Vettel from the pit lane; Russell did not start"
    assert told["Driver of the day"] == "Norris"


def test_stops_are_counted_in_a_line_as_far_as_there_is_room() -> None:
    first, *others = RESULT.finishes
    card = classification_reply(replace(RESULT, finishes=(replace(first, stops=(12, 40)), *others)), "").card
    assert "25 points · 2 stops" in as_written(card.paragraphs[0])
    crowd = tuple(
        Finish(place, f"{place}", Entrant(f"d{place}", "A" * 20, "B" * 20, "t", "T" * 40), 1, stops=(1,), status="")
        for place in range(1, 31)
    )
    crowded = classification_reply(replace(RESULT, finishes=crowd), "").card
    assert "stop" not in as_written(crowded.paragraphs[0])
    assert "30. " in as_written(crowded.paragraphs[0])


def test_when_the_winner_came_into_the_pits_is_told() -> None:
    winner, *others = RESULT.finishes
    assert facts(recap(replace(winner, stops=(12, 40)), *others))["The winner's pit stops"] == "on laps 12 and 40"
    assert facts(recap(replace(winner, stops=(12,)), *others))["The winner's pit stops"] == "on lap 12"
    assert "The winner's pit stops" not in facts(recap(replace(winner, stops=()), *others))


FIRST, SECOND, THIRD = "Longbottom-Featherstonehaugh", "Vandersteenbergen-Wolff", "Castellani-Montmorency"
FULL_FIELD = tuple(
    Finish(
        place, "2" if place == 3 else f"{place}" if place < 16 else "R" if place < 20 else "W",
        Entrant(f"d{place}", "Maximilian-Alexander", name, "t", "Scuderia Racing Point Mercedes", "LON", place),
        25 - place, "Finished" if place < 16 else REASONS[place], 0 if place in {4, 5, 6} else 23 - place, 57,
        "1:30:00.000" if place == 1 else f"+{place + (place == 3)}.500", FastestLap(place, 57, "1:17.524"),
        penalty=30.0 if place % 2 else None, stops=(11, 22, 33),
    )
    for place, name in enumerate((FIRST, SECOND, THIRD, *(f"Featherstonehaugh-{each}" for each in range(4, 23))), 1)
)  # fmt: skip
LONG_TABLE = tuple(Standing(place, f"d{place}", FIRST, 400.5 - place, 9) for place in range(1, 4))
LONG_TEAMS = tuple(Standing(place, f"t{place}", "Scuderia Racing Point", 700.5, 9) for place in range(1, 4))
FULLEST = RaceStory(
    replace(RESULT, finishes=FULL_FIELD, driver_of_the_day="d3"),
    StandingsMove(replace(DRIVERS, entries=LONG_TABLE), replace(DRIVERS, entries=LONG_TABLE[::-1])),
    StandingsMove(replace(TEAMS, entries=LONG_TEAMS), replace(TEAMS, entries=LONG_TEAMS[::-1])),
    updated_at=FETCHED,
)


@pytest.mark.parametrize("language", [None, *LANGUAGES])
@pytest.mark.parametrize("veiled", [False, True])
def test_the_fullest_recap_has_its_podium_with_the_tie_and_its_championship_whole(
    language: str | None, veiled: bool, shipped: Incidents
) -> None:
    argued = tuple((each, None) for each in list(shipped)[:MOST_INCIDENTS])
    for story in (FULLEST, replace(FULLEST, incidents=argued)):
        with speaking(language):
            card, podium, championship = recap_card(story, veiled=veiled), _(FIRST_THREE), _("Championship")
        told = facts(card)
        assert card.seen <= CAPTION
        assert all(weight(value) <= FIELD for value in told.values())
        assert [name in told[podium] for name in (f"1. {FIRST}", f"2. {SECOND}", f"2. {THIRD}")] == [True] * 3
        assert [f"{place}. " in told[championship] for place in (1, 2, 3)] == [True] * 3
        assert "…" not in "".join(told.values())


@pytest.mark.parametrize("language", [None, *LANGUAGES])
def test_the_fullest_result_has_a_line_for_each_driver_with_their_penalty(language: str | None) -> None:
    with speaking(language):
        card = classification_reply(FULLEST.classification, updated(FETCHED)).card
    lines = as_written(card.paragraphs[0]).splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["1.", "2.", "2.", *(f"{place}." for place in range(4, 16))]
    assert [number for number, line in enumerate(lines, 1) if "30 " in line] == [1, 3, 5, 7, 9, 11, 13, 15]


def test_what_is_least_is_left_out_first() -> None:
    told = facts(recap_card(replace(FULLEST, teams=None)))
    assert told.keys().isdisjoint({"At the start", "Driver of the day", "The winner's pit stops"})
    assert "Time penalties in the result" in told
