from dataclasses import replace

import pytest

from bot.cards.race_cases import CASES, MOST_CASES, PENALTIES, case_line
from bot.cards.recap import recap_buttons, recap_card
from bot.cards.recap_facts import ADDED
from bot.chat.cards import FIELD, Card
from bot.chat.instants import as_written
from bot.chat.replies import CAPTION
from bot.chat.text_limits import weight
from bot.domain.cases import StageKind
from bot.domain.incidents import Incident
from bot.domain.noted_rulings import ruling_of_document
from bot.domain.polls import Tally
from bot.domain.race_cases import most_argued_first
from bot.domain.race_story import RaceStory, StandingsMove
from bot.domain.season import Classification
from bot.domain.sessions import SessionKind
from bot.i18n import LANGUAGES, speaking
from bot.search.catalogue import Incidents
from tests.support.cases import ALB, ANT, MONZA_SPRINT, NOR, PIA, VER, at, cleared, draft, noted, penalised, then
from tests.support.race_cases import known, voted
from tests.support.season import DRIVERS, FETCHED, RESULT, TEAMS, VERSTAPPEN

PENALISED = known(penalised(noted(), VER, 14))
CLEARED = known(cleared(noted(PIA, ANT, opened=20, place="TURN 1"), 25))
OPEN = known(noted(ALB, VER, opened=30, place="PIT LANE", reason="UNSAFE RELEASE"))


def story(*cases: tuple[Incident, Tally | None]) -> RaceStory:
    """A race's story with these cases."""
    return RaceStory(RESULT, StandingsMove(DRIVERS), StandingsMove(TEAMS), most_argued_first(cases), FETCHED)


THREE_PENALTIES = known(
    penalised(penalised(penalised(noted(), VER, 14), VER, 15, "5s time penalty"), NOR, 16, "5s time penalty")
)


def with_penalty(seconds: float | None) -> Classification:
    """Imola's result, so many seconds in the winner's time, whose number is that of race control's messages."""
    winner, *others = RESULT.finishes
    finishes = (replace(winner, entrant=replace(VERSTAPPEN, number=VER.number), penalty=seconds), *others)
    return replace(RESULT, finishes=finishes)


def fact(card: Card, name: str) -> str:
    """A fact that a card tells; empty where it does not."""
    return next((as_written(field.value) for field in card.fields if field.name == name), "")


def test_a_case_says_who_where_when_and_what_was_ruled() -> None:
    assert (
        case_line(PENALISED) == "Verstappen and Norris, noted on lap 12, turn 4: 10-second time penalty for Verstappen"
    )
    assert case_line(CLEARED) == "Piastri and Antonelli, noted on lap 12, turn 1: no further investigation"


def test_the_lap_that_race_control_names_is_the_cases() -> None:
    named = known(replace(noted(), lap_in_text=11))
    assert case_line(named) == "Verstappen and Norris, lap 11, turn 4: no ruling known"


def test_nobody_is_guilty_before_a_ruling() -> None:
    after = known(then(noted(), StageKind.AFTER_SESSION, 15))
    assert case_line(after).endswith("turn 4: to be investigated after the race")
    assert case_line(OPEN).endswith("pit lane: no ruling known")


def test_a_ruling_of_others_than_the_stewards_says_whose_it_is() -> None:
    document = ruling_of_document(
        draft(noted()), at(600), decision="appeal dismissed", link="https://example.org/42", by="the FIA"
    )
    assert case_line(known(noted(), document)).endswith("turn 4: appeal dismissed (the FIA)")


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        ({}, "no votes yet"),
        ({"all_norris": 1}, "1 vote"),
        ({"all_norris": 4, "racing_incident": 5}, "9 votes"),
        ({"all_norris": 4, "mostly_norris": 4, "racing_incident": 2}, "fans: Norris 80 % (10 votes)"),
        ({"all_norris": 6, "all_verstappen": 6}, "fans: Verstappen 50 % · Norris 50 % (12 votes)"),
    ],
)
def test_the_fans_verdict_is_told_from_ten_votes_on(votes: dict[str, int], said: str) -> None:
    assert case_line(*voted(PENALISED, **votes)) == f"{case_line(PENALISED)}; {said}"


def test_what_most_voted_on_comes_first() -> None:
    card = recap_card(story(voted(PENALISED, all_norris=1), voted(CLEARED), voted(OPEN, all_albon=3)))
    assert [line.partition(",")[0] for line in fact(card, CASES).splitlines()] == [
        "Albon and Verstappen",
        "Verstappen and Norris",
        "Piastri and Antonelli",
    ]


def test_of_many_cases_some_are_told_and_all_can_be_found() -> None:
    many = [known(penalised(noted(opened=number), VER, number + 1)) for number in range(10, 50, 2)]
    told = story(*(voted(each, all_norris=99) for each in many))
    lines = fact(recap_card(told), CASES).splitlines()
    assert 2 <= len(lines) - 1 <= MOST_CASES
    assert lines[-1] == f"and {len(many) - len(lines) + 1} more: /incidents monza 2025"
    *crashes, doors = recap_buttons(told)
    assert [button.label for row in crashes for button in row] == [
        *(f"Verstappen and Norris, turn 4, 15:{minute}" for minute in range(10, 20, 2)),
        "All of this race",
    ]
    assert crashes[-1][-1].data == "incidents monza 2025"
    assert [button.label for button in doors] == ["Result", "Standings"]


@pytest.mark.parametrize("language", [None, *LANGUAGES])
def test_cases_of_many_cars_fit_below_the_picture_in_every_language(language: str | None) -> None:
    cars = (VER, NOR, PIA, ANT, ALB)
    long = [
        known(
            penalised(
                noted(*cars, opened=number, place="EXIT OF THE LONG STRAIGHT BEHIND THE PADDOCK"), VER, number + 1
            )
        )
        for number in range(10, 40, 2)
    ]
    with speaking(language):
        for veiled in (False, True):
            card = recap_card(story(*(voted(each, norris=99) for each in long)), veiled=veiled)
            assert card.seen <= CAPTION
            assert all(weight(field.value) <= FIELD for field in card.fields)
            assert len(card.fields) > 2


def test_the_penalties_in_the_cases_are_told_by_their_source() -> None:
    both = known(penalised(penalised(noted(), VER, 14), NOR, 16, "5s time penalty"))
    warned = known(penalised(noted(ALB, PIA, opened=20), ALB, 22, "reprimand"))
    card = recap_card(story((both, None), (warned, None), (CLEARED, None), (OPEN, None)))
    assert fact(card, PENALTIES) == "Verstappen 10 s, Norris 5 s, reprimand for Albon"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, "Verstappen 10 s, Verstappen 5 s, Norris 5 s"),
        (10.0, "Verstappen 5 s, Norris 5 s"),
        (15.0, "Norris 5 s"),
        (20.0, "Verstappen 10 s, Verstappen 5 s, Norris 5 s"),
    ],
)
def test_what_is_in_a_drivers_time_is_told_with_the_result_alone(seconds: float | None, told: str) -> None:
    card = recap_card(RaceStory(with_penalty(seconds), incidents=((THREE_PENALTIES, None),)))
    assert fact(card, PENALTIES) == told
    assert fact(card, ADDED) == (f"Verstappen, {seconds:g} seconds" if seconds else "")


def test_where_there_is_no_room_for_the_penalties_in_the_result_they_are_told_with_their_cases() -> None:
    card = recap_card(replace(story((THREE_PENALTIES, None)), classification=with_penalty(10.0)))
    assert fact(card, ADDED) == ""
    assert fact(card, PENALTIES) == "Verstappen 10 s, Verstappen 5 s, Norris 5 s"


def test_a_penalty_that_another_ruling_replaced_is_not_told() -> None:
    document = ruling_of_document(draft(noted()), at(600), decision="penalty withdrawn", link="https://example.org/42")
    again = cleared(penalised(noted(), VER, 14), 20)
    for incident in (known(penalised(noted(), VER, 14), document), known(again)):
        assert fact(recap_card(story((incident, None))), PENALTIES) == ""


def test_how_often_fans_and_stewards_agreed_is_told_of_rulings_with_ten_votes() -> None:
    right = voted(PENALISED, all_verstappen=6, racing_incident=4)
    wrong = voted(CLEARED, all_piastri=10)
    few, unruled = voted(known(cleared(noted(ALB, NOR, opened=40), 42)), all_albon=9), voted(OPEN, all_albon=50)
    said = "4 cases. The largest group of fans agreed with 1 of 2 rulings."
    assert said in recap_card(story(right, wrong, few, unruled)).paragraphs
    assert "1 case. The largest group of fans agreed with 1 of 1 ruling." in recap_card(story(right)).paragraphs
    for nothing_to_say in (story(few, unruled), story(right, wrong).without_votes):
        assert "agreed" not in " ".join(map(as_written, recap_card(nothing_to_say).paragraphs))


def test_where_polls_are_blind_nothing_is_said_of_votes() -> None:
    blind = recap_card(story(voted(PENALISED, all_norris=90), voted(OPEN, all_albon=3)).without_votes)
    assert fact(blind, CASES) == f"{case_line(PENALISED)}\n{case_line(OPEN)}"


def test_veiled_nothing_but_the_text_names_anybody() -> None:
    told = story((PENALISED, None), (CLEARED, None))
    assert fact(recap_card(told, veiled=True), CASES) == f"1. {case_line(PENALISED)}\n2. {case_line(CLEARED)}"
    assert [button.label for button in recap_buttons(told, veiled=True)[0]] == ["1", "2"]


def test_a_told_incident_of_the_race_stands_among_the_cases(incidents: Incidents) -> None:
    imola = incidents.get("imola-2021")
    assert imola
    card = recap_card(story((imola, None), voted(PENALISED, all_norris=1)))
    first, second = fact(card, CASES).splitlines()
    assert first == f"{case_line(PENALISED)}; 1 vote"
    assert second.startswith("Bottas and Russell, lap 31 of 63")


def test_a_sprint_has_cases_of_its_own() -> None:
    sprint = known(penalised(noted(), VER, 14), session=MONZA_SPRINT)
    told = RaceStory(replace(RESULT, kind=SessionKind.SPRINT), incidents=(voted(sprint, all_verstappen=10),))
    assert told.cases == 1
    assert fact(recap_card(told), PENALTIES) == "Verstappen 10 s"


def test_a_recap_of_everything_at_once_is_told_without_what_is_least() -> None:
    winner, *others, last = RESULT.finishes
    finishes = (replace(winner, penalty=5.0, stops=(12, 30)), *others, replace(last, place="W", status="Did not start"))
    everything = replace(
        story((PENALISED, None)), classification=replace(RESULT, finishes=finishes, driver_of_the_day="norris")
    )
    told = [field.name for field in recap_card(everything).fields]
    assert {"Podium", "Championship", CASES, PENALTIES, ADDED} <= {*told}
    assert "The winner's pit stops" not in told
