"""What stands out in a result."""

from dataclasses import replace

from bot.domain.season import Classification, Finish, SessionKind
from bot.pictures.highlights import climbed, fastest, most_gained, most_lost, podium, retired, starters
from tests.pictures.samples import AFTER, BEFORE, FINISHES, IMOLA, RESULT, finish


def family(*finishes: Finish) -> list[str]:
    return [one.entrant.family_name for one in finishes]


def classification(*finishes: Finish) -> Classification:
    return Classification(IMOLA, SessionKind.RACE, finishes)


def test_the_podium_is_the_first_three_classified() -> None:
    disqualified = replace(FINISHES[0], place="D")
    assert family(*podium(classification(disqualified, *FINISHES[1:]))) == ["Hamilton", "Norris", "Pérez"]


def test_movers_are_those_who_were_classified_and_started_from_the_grid() -> None:
    assert family(*most_gained(RESULT)) == ["Räikkönen"]
    assert family(*most_lost(RESULT)) == ["Pérez"]


def test_nobody_moves_where_everybody_keeps_the_place() -> None:
    still = classification(finish(1, "Jim Clark", grid=1), finish(2, "Graham Hill", grid=2))
    assert most_gained(still) == most_lost(still) == ()


def test_the_fastest_lap_may_be_unknown() -> None:
    assert family(*filter(None, [fastest(RESULT)])) == ["Hamilton"]
    assert fastest(classification(*FINISHES[2:])) is None


def test_who_never_started_is_neither_retired_nor_a_starter() -> None:
    withdrawn = finish(9, "Nikita Mazepin", "haas", place="W")
    assert family(*retired(classification(*FINISHES, withdrawn))) == ["Bottas", "Russell"]
    assert starters(classification(*FINISHES, withdrawn)) == 8


def test_places_won_in_the_championship() -> None:
    assert climbed(AFTER, BEFORE) == {"Lewis Hamilton": 0, "Max Verstappen": 1, "Lando Norris": -1}
    unplaced = replace(AFTER, entries=(replace(AFTER.entries[0], position=None),))
    assert climbed(unplaced, BEFORE) == climbed(AFTER, unplaced) == {}
