import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.announcements import Kind
from bot.domain.corrections import FIRST_TEN, Lines, changes
from bot.domain.season import Classification, Entrant, Finish
from bot.domain.sessions import SessionKind
from bot.jobs.news.newsroom import TOLD_REMEMBERED
from bot.jobs.news.results import RECAP_IS_NEWS, STANDINGS_WAIT
from tests.support.press_room import DAY, FLAG, GRANDSTAND, HOUR, MINUTE, PIT_WALL, PressRoom
from tests.support.season import CALENDAR, DRIVERS, IMOLA, QUALIFYING, RESULT, SILVERSTONE, SPRINT, TEAMS

FIELD = [Entrant(f"driver-{place}", "Some", f"Driver {place}", "team", "Team") for place in range(1, 21)]
SPRINT_FLAG = dt.datetime(2021, 7, 17, 13, tzinfo=dt.UTC)
"""When Silverstone's sprint is over."""

QUALIFYING_FLAG = FLAG - DAY - HOUR
"""When Imola's qualifying is over."""


def result(*drivers: int, **points: float) -> Classification:
    """Imola's result where these were the first, in their order, then all others; only the first has points."""
    order = [*drivers, *(number for number in range(1, 21) if number not in drivers)]
    finishes = [
        Finish(
            place, f"{place}", FIELD[number - 1], points.get(f"driver_{number}", 25 if place == 1 else 0), "Finished"
        )
        for place, number in enumerate(order, 1)
    ]
    return Classification(IMOLA, SessionKind.RACE, tuple(finishes))


async def told(room: PressRoom) -> list[tuple[str, str]]:
    """What was announced: the kind, and of what."""
    return [(each.kind, each.subject["race"]) for each in await room.announced()]


async def test_a_recap_is_announced_once_the_result_and_both_championships_are_known(room: PressRoom) -> None:
    for known in (RESULT, DRIVERS, TEAMS):
        await room.round()
        assert await told(room) == []
        await room.know(known)
    await room.round()
    assert await told(room) == [("recap", "2021-emilia-romagna-grand-prix")]


async def test_it_is_announced_once_however_often_the_newsroom_is_restarted(room: PressRoom) -> None:
    await room.know(RESULT, DRIVERS, TEAMS)
    for _ in range(3):
        await room.round()
        room.restart()
        room.now += HOUR
    assert len(await room.announced()) == 1


async def test_it_waits_an_hour_for_the_championships_and_no_longer(room: PressRoom) -> None:
    await room.know(RESULT, DRIVERS)
    await room.round()
    room.now += STANDINGS_WAIT - MINUTE
    await room.know(RESULT)
    await room.round()
    assert await room.topics() == []
    room.now += MINUTE
    await room.round()
    assert await room.topics() == ["recaps"]


async def test_a_restart_does_not_begin_the_wait_anew(room: PressRoom) -> None:
    await room.know(RESULT)
    for _ in range(5):
        await room.round()
        assert await room.topics() == []
        room.restart()
        room.now += STANDINGS_WAIT / 5
    await room.round()
    assert await room.topics() == ["recaps"]


async def test_a_sprint_waits_for_no_championship(room: PressRoom) -> None:
    room.now = SPRINT_FLAG
    await room.know(SPRINT)
    await room.round()
    assert (await room.topics()).count("sprints") == 1


async def test_qualifying_is_not_announced(room: PressRoom) -> None:
    await room.know(replace(RESULT, kind=SessionKind.QUALIFYING), DRIVERS, TEAMS)
    await room.round()
    assert await told(room) == []


@pytest.mark.parametrize(
    ("late", "news"), [(-MINUTE, False), (RECAP_IS_NEWS, True), (RECAP_IS_NEWS + MINUTE, False), (30 * DAY, False)]
)
async def test_a_result_is_news_from_the_flag_on_for_two_days(
    room: PressRoom, late: dt.timedelta, *, news: bool
) -> None:
    room.now = FLAG + late
    await room.know(RESULT, DRIVERS, TEAMS)
    await room.round()
    assert (await told(room) != []) is news


async def test_on_new_years_day_a_race_of_the_year_before_is_still_news(room: PressRoom) -> None:
    start = dt.datetime(2021, 12, 31, 20, tzinfo=dt.UTC)
    last = replace(IMOLA, round=22, sessions=(replace(IMOLA.race, day=start.date(), starts_at=start),))
    await room.seasons.store_schedule(2021, [last], FLAG)
    room.now = start + 6 * HOUR
    await room.know(replace(RESULT, race=last), replace(DRIVERS, round=22), replace(TEAMS, round=22))
    await room.round()
    assert await room.topics() == ["recaps"]


async def test_an_operator_may_announce_a_race_however_old_it_is_once(room: PressRoom) -> None:
    room.now += 300 * DAY
    assert await room.results.announce(RESULT)
    assert await room.results.announce(RESULT) is None


async def corrected(room: PressRoom, *later: Classification) -> list[list[str]]:
    """Who is named in each correction where a result was announced, and became others one after the other."""
    first, *others = later
    await room.know(first)
    await room.results.announce(first)
    for classification in others:
        room.now += HOUR
        await room.know(classification, classification)
    corrections = [each for each in await room.announced() if each.kind is Kind.CORRECTION]
    return [[change[0] for change in each.subject["changes"]] for each in corrections]


async def test_a_place_in_the_first_ten_that_changed_is_told(room: PressRoom) -> None:
    assert await corrected(room, result(1, 2, 3), result(1, 3, 2)) == [["driver-3", "driver-2"]]


async def test_who_fell_out_of_the_first_ten_is_told_with_who_came_in(room: PressRoom) -> None:
    later = result(*range(1, 10), 11)
    assert await corrected(room, result(), later) == [["driver-11", "driver-10"]]
    assert (await room.last()).subject["changes"] == [["driver-11", "11", 0, "10", 0], ["driver-10", "10", 0, "11", 0]]


async def test_points_that_changed_are_told_wherever_somebody_finished(room: PressRoom) -> None:
    assert await corrected(room, result(), result(driver_15=1)) == [["driver-15"]]


async def test_what_changed_behind_the_first_ten_is_not_told(room: PressRoom) -> None:
    assert await corrected(room, result(), result(*range(1, 11), 12, 11)) == []


async def test_who_was_disqualified_is_told_though_the_line_still_has_a_number(room: PressRoom) -> None:
    classification = result()
    excluded = replace(classification.finishes[9], status="Disqualified")
    later = replace(classification, finishes=(*classification.finishes[:9], excluded, *classification.finishes[10:]))
    assert await corrected(room, classification, later) == [["driver-10"]]
    assert (await room.last()).subject["changes"] == [["driver-10", "10", 0, "D", 0]]


async def test_times_and_laps_that_changed_are_not_told(room: PressRoom) -> None:
    timed = replace(RESULT, finishes=tuple(replace(finish, time="+1.234", laps=62) for finish in RESULT.finishes))
    assert await corrected(room, RESULT, timed) == []


async def test_a_change_is_told_once_and_its_reversal_too(room: PressRoom) -> None:
    there, back = result(1, 3, 2), result(1, 2, 3)
    assert await corrected(room, back, there, back, there) == [
        ["driver-3", "driver-2"],
        ["driver-2", "driver-3"],
        ["driver-3", "driver-2"],
    ]


async def test_what_was_told_longer_ago_than_anybody_remembers_is_not_corrected(room: PressRoom) -> None:
    await room.know(result(1, 2, 3), DRIVERS, TEAMS)
    await room.round()
    room.now += TOLD_REMEMBERED + DAY
    await room.round()
    await room.know(result(1, 3, 2))
    await room.round()
    assert await room.announced() == []


async def test_a_sprint_is_corrected_apart_from_its_race(room: PressRoom) -> None:
    first, second = SPRINT.finishes
    swapped = replace(SPRINT, finishes=(replace(second, position=1, place="1"), replace(first, position=2, place="2")))
    assert await corrected(room, SPRINT, swapped) == [["hamilton", "max_verstappen"]]
    assert await room.topics() == ["sprints", "sprints"]


async def test_what_was_never_told_is_not_corrected(room: PressRoom) -> None:
    room.now = FLAG + RECAP_IS_NEWS + DAY
    await room.know(result(1, 2, 3), result(1, 3, 2))
    await room.round()
    assert await told(room) == []


async def test_a_correction_goes_to_who_was_told_before_it_a_minute_later(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "recaps")
    await room.subscribe(GRANDSTAND, "recaps")
    await room.know(RESULT, DRIVERS, TEAMS)
    await room.round()
    await room.deliver(PIT_WALL)
    room.now += HOUR
    await room.know(result(1, 2, 3))
    correction = await room.last()
    room.now += dt.timedelta(seconds=29)
    await room.deliver(GRANDSTAND)
    await room.round()
    assert await room.due(correction) == {}
    room.now += MINUTE
    await room.round()
    assert {*await room.due(correction)} == {PIT_WALL.id, GRANDSTAND.id}


async def test_a_recap_that_was_worded_after_the_change_needs_no_correction(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "recaps")
    await room.subscribe(GRANDSTAND, "recaps")
    await room.know(RESULT, DRIVERS, TEAMS)
    await room.round()
    await room.deliver(PIT_WALL)
    await room.know(result(1, 2, 3))
    correction = await room.last()
    room.now += dt.timedelta(seconds=30)
    await room.deliver(GRANDSTAND)
    room.now += dt.timedelta(seconds=30)
    await room.round()
    assert {*await room.due(correction)} == {PIT_WALL.id}


PLACES = st.sampled_from([*(str(place) for place in range(1, 23)), *"RDEWFN"])
RESULTS = st.dictionaries(
    st.sampled_from([entrant.driver_id for entrant in FIELD]), st.tuples(PLACES, st.integers(0, 26).map(float))
)


@given(RESULTS, RESULTS)
def test_only_what_differs_is_worth_telling_and_all_of_it_in_the_points(before: Lines, now: Lines) -> None:
    told_of = {change[0] for change in changes(before, now)}
    differing = {driver for driver in {*before, *now} if before.get(driver) != now.get(driver)}
    points = {driver for driver in differing if before.get(driver, ("", 0))[1] != now.get(driver, ("", 0))[1]}
    leading = {driver for driver in differing if {before.get(driver, "-")[0], now.get(driver, "-")[0]} & FIRST_TEN}
    assert told_of == points | leading


@given(RESULTS)
def test_a_result_does_not_differ_from_itself(lines: Lines) -> None:
    assert changes(lines, lines) == []


async def test_qualifying_is_told_once_it_is_in_and_what_changes_in_it_later(room: PressRoom) -> None:
    room.now = QUALIFYING_FLAG
    await room.know(QUALIFYING)
    for _twice in range(2):
        await room.round()
        room.restart()
    (told_first,) = await room.announced()
    assert (told_first.topic, told_first.kind) == ("qualifying", Kind.RECAP)
    pole, *others = QUALIFYING.finishes
    await room.know(replace(QUALIFYING, finishes=(replace(pole, place="D", status="Disqualified"), *others)))
    correction = await room.last()
    assert (correction.kind, correction.topic, correction.follows) == (Kind.CORRECTION, "qualifying", told_first.id)
    assert [change[0] for change in correction.subject["changes"]] == ["hamilton"]


async def test_what_changes_behind_the_first_ten_of_qualifying_is_amended(room: PressRoom) -> None:
    room.now = QUALIFYING_FLAG
    await room.know(QUALIFYING)
    await room.round()
    *first, last = QUALIFYING.finishes
    await room.know(replace(QUALIFYING, finishes=(*first, replace(last, segments=("1:17.000",)))))
    await room.round()
    assert [each.kind for each in await room.announced()] == [Kind.RECAP, Kind.AMENDMENT]


async def test_qualifying_is_no_news_once_the_race_was_started(room: PressRoom) -> None:
    await room.know(QUALIFYING)
    await room.round()
    assert await room.announced() == []


@pytest.mark.parametrize("session", [SPRINT, replace(QUALIFYING, race=SILVERSTONE)])
async def test_a_race_that_is_renamed_between_its_sessions_is_told_of_once(
    room: PressRoom, session: Classification
) -> None:
    renamed = [replace(race, name="Pirelli Grand Prix") if race is SILVERSTONE else race for race in CALENDAR]
    room.now = SPRINT_FLAG + 3 * HOUR
    await room.know(session)
    await room.round()
    await room.read(*renamed)
    (silverstone,) = [race for race in await room.seasons.schedule(2021) if race.round == SILVERSTONE.round]
    await room.know(replace(session, race=silverstone))
    await room.round()
    assert [each for each in await told(room) if each[0] == "recap"] == [("recap", SILVERSTONE.key)]


async def test_a_race_that_is_renamed_on_its_weekend_is_reminded_of_once(room: PressRoom) -> None:
    renamed = [replace(race, name="Pirelli Grand Prix") if race is SILVERSTONE else race for race in CALENDAR]
    await room.subscribe(PIT_WALL, "day-before")
    room.now = SPRINT_FLAG + 2 * HOUR
    await room.round()
    await room.read(*renamed)
    room.now += HOUR
    await room.round()
    assert len(await room.announced()) == 1
