"""What is looked up for whoever asks."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.domain.season import TEAMS_SINCE, Championship
from bot.domain.sessions import SessionKind
from bot.events import Events, Subscription, WishLookedUp
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.wishes import MOST_WISHES, WISH_RESTS, Wishes
from storage.seasons import Seasons
from tests.jobs.season.imola import (
    CALENDAR,
    KEY,
    MONZA,
    QUALIFYING,
    asked,
    points,
    points_by_round,
    publish_result,
    publish_standings_around,
)
from tests.support.clock import HeldClock
from tests.support.jolpica_samples import (
    imola_qualifying,
    line,
    race,
)
from tests.support.jolpica_server import JolpicaServer, races, results


@pytest.fixture
def wishes(intake: SeasonIntake, seasons: Seasons, events: Events, clock: HeldClock) -> Wishes:
    return Wishes(intake, seasons, events, clock)


@pytest.fixture
def arrivals() -> list[str]:
    """The names of the wishes that were looked up."""
    return []


@pytest.fixture
async def at_work(wishes: Wishes, events: Events, arrivals: list[str]) -> AsyncIterator[Wishes]:
    """Wishes are looked up."""

    async def listen(looked_up: Subscription[WishLookedUp]) -> None:
        async for event in looked_up:
            assert isinstance(event, WishLookedUp)
            arrivals.append(event.name)

    listening = asyncio.create_task(listen(events.subscribe(WishLookedUp)))
    working = asyncio.create_task(wishes.run())
    yield wishes
    listening.cancel()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


async def granted(wishes: Wishes) -> None:
    """Wait until all wishes have been dealt with."""
    while wishes._wished:  # noqa: ASYNC110 - nobody is told but who asks again
        await asyncio.sleep(0)


@pytest.mark.usefixtures("years_later")
async def test_an_old_season_is_fetched_when_it_is_wanted(
    at_work: Wishes, archive: JolpicaServer, seasons: Seasons
) -> None:
    publish_result(archive)
    assert at_work.want(2021)
    assert at_work.want(2021), "it is on its way"
    await granted(at_work)
    assert [race.round for race in await seasons.schedule(2021)] == [2, 3]
    assert await points(seasons) == await points(seasons, Championship.TEAMS) == (2, 44)
    assert asked(archive).count(CALENDAR) == 1


@pytest.mark.usefixtures("years_later")
async def test_an_old_race_is_fetched_with_its_sprint_and_the_championships_around_it(
    at_work: Wishes, archive: JolpicaServer, seasons: Seasons, arrivals: list[str]
) -> None:
    publish_result(archive)
    publish_standings_around(archive)
    assert at_work.want(2021, 2)
    await granted(at_work)
    assert await seasons.classification(KEY)
    assert await seasons.classification(KEY, SessionKind.SPRINT)
    assert await seasons.classification(KEY, SessionKind.QUALIFYING)
    assert await points_by_round(seasons, Championship.DRIVERS) == [25, 44]
    assert await points_by_round(seasons, Championship.TEAMS) == [25, 44]
    assert arrivals == ["2021-2"]


@pytest.mark.usefixtures("years_later")
async def test_who_goes_from_race_to_race_asks_for_each_championship_once(
    at_work: Wishes, archive: JolpicaServer
) -> None:
    archive.publish("2021/3/results/", results(MONZA, [line(1, "norris", "mclaren", points="25")]))
    publish_result(archive)
    publish_standings_around(archive)
    assert at_work.want(2021, 2)
    await granted(at_work)
    asked(archive)
    assert at_work.want(2021, 3)
    await granted(at_work)
    assert [path for path in asked(archive) if "standings" in path] == [
        "2021/3/driverstandings/",
        "2021/3/constructorstandings/",
    ]


@pytest.mark.usefixtures("years_later")
async def test_a_round_that_has_not_its_own_points_yet_is_not_believed_when_it_is_wanted(
    at_work: Wishes, archive: JolpicaServer, seasons: Seasons
) -> None:
    publish_result(archive)
    publish_standings_around(archive, before="44", after="44")
    assert at_work.want(2021, 2)
    await granted(at_work)
    assert await points(seasons) == await points(seasons, Championship.TEAMS) == (1, 44)


@pytest.mark.usefixtures("years_later")
async def test_without_a_result_no_championship_is_asked_for(at_work: Wishes, archive: JolpicaServer) -> None:
    publish_standings_around(archive)
    assert at_work.want(2021, 2)
    await granted(at_work)
    assert not [path for path in asked(archive) if "standings" in path]


@pytest.mark.parametrize(("season", "wanted"), [(TEAMS_SINCE, True), (TEAMS_SINCE - 1, False)])
async def test_teams_are_asked_for_in_seasons_that_had_a_championship_for_them(
    at_work: Wishes, archive: JolpicaServer, season: int, *, wanted: bool
) -> None:
    monza = race(season, 1, "Italian Grand Prix", "monza", day=f"{season}-09-07")
    archive.publish(f"{season}/races/", races(monza))
    archive.publish(f"{season}/1/results/", results(monza, [line(1, "norris", "mclaren", points="8")]))
    assert at_work.want(season, 1)
    await granted(at_work)
    paths = [path for path in asked(archive) if "standings" in path]
    assert paths == [f"{season}/1/{kind}standings/" for kind in ("driver", "constructor")[: 1 + wanted]]


@pytest.mark.parametrize(("season", "wanted"), [(1994, True), (1993, False)])
async def test_qualifying_is_looked_for_in_seasons_that_may_have_it_though_their_calendars_do_not(
    at_work: Wishes, archive: JolpicaServer, seasons: Seasons, season: int, *, wanted: bool
) -> None:
    imola = race(season, 2, "San Marino Grand Prix", day=f"{season}-04-25")
    archive.publish(f"{season}/races/", races(imola))
    archive.publish(f"{season}/2/qualifying/", results(imola, imola_qualifying(), key="QualifyingResults"))
    assert at_work.want(season, 2)
    await granted(at_work)
    known = await seasons.classification(f"{season}-san-marino-grand-prix", SessionKind.QUALIFYING)
    assert (known is not None) is (f"{season}/2/qualifying/" in asked(archive)) is wanted


@pytest.mark.usefixtures("years_later")
async def test_qualifying_that_cannot_be_read_holds_up_nothing_else_of_its_race(
    at_work: Wishes, archive: JolpicaServer, seasons: Seasons
) -> None:
    publish_result(archive)
    publish_standings_around(archive)
    archive.say(QUALIFYING, b"garbage")
    assert at_work.want(2021, 2)
    await granted(at_work)
    assert await seasons.classification(KEY)
    assert await points(seasons) == (2, 44)


async def test_a_wish_is_not_heard_again_for_a_while(at_work: Wishes, archive: JolpicaServer, clock: HeldClock) -> None:
    assert at_work.want(1949)
    await granted(at_work)
    assert "1949/races/" in asked(archive)
    assert not at_work.want(1949)
    clock.pass_by(WISH_RESTS)
    assert at_work.want(1949)


@pytest.mark.usefixtures("little_memory")
async def test_of_granted_wishes_the_oldest_is_forgotten_first(at_work: Wishes) -> None:
    for season in (1949, 1948, 1947):
        assert at_work.want(season)
        await granted(at_work)
    assert [at_work.want(season) for season in (1947, 1948)] == [False, False]
    assert at_work.want(1949)


@pytest.mark.usefixtures("years_later")
async def test_a_wish_that_fails_does_not_hold_up_the_next(
    at_work: Wishes, archive: JolpicaServer, seasons: Seasons
) -> None:
    archive.say("1988/races/", b"garbage")
    assert at_work.want(1988)
    assert at_work.want(2021)
    await granted(at_work)
    assert not at_work.want(1988)
    assert await seasons.schedule(2021)


def test_there_are_only_so_many_wishes_at_once(wishes: Wishes) -> None:
    assert all(wishes.want(1950 + number) for number in range(MOST_WISHES))
    assert not wishes.want(2020)
