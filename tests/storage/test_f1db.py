"""Two witnesses of one season, stored beside each other, whichever comes first, comes twice, or dies in between."""

import asyncio
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.names import OtherIds
from bot.domain.season import Championship, Classification, Finish, Race, Source, Standing, Standings, Witness
from bot.domain.sessions import SessionKind
from bot.domain.whole_seasons import WholeSeason
from bot.feeds.f1db.pile import Pile
from bot.feeds.f1db.rows import opened
from bot.feeds.f1db.seasons import Seasons as ReleasedSeasons
from storage.announcements import Announcements
from storage.championships import Championships
from storage.database.base import Database
from storage.documents import CLASSIFICATION
from storage.f1db import F1dbSeasons, Told, written
from storage.incidents.reading import read_f1db_ids
from storage.polls import Polls
from storage.race_stories import RaceStories
from storage.seasons import Seasons
from storage.told_seasons import ChangedResult, ToldSeasons
from tests.support.f1db_release import F1dbRelease, invented_release
from tests.support.incidents import catalogue
from tests.support.power_cut import PowerCut, PowerCutError

NOW = dt.datetime(2025, 12, 1, 18, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=3)


def told(release: F1dbRelease, ids: OtherIds | None = None) -> WholeSeason:
    """The season of 2025 as a release tells it."""
    with opened(io.BytesIO(release.packed())) as archive:
        return ReleasedSeasons(Pile(archive), ids or read_f1db_ids()).season(2025).said


@pytest.fixture
def release() -> F1dbRelease:
    return invented_release([2025])


@pytest.fixture
def season(release: F1dbRelease) -> WholeSeason:
    """Two races, the second with a sprint."""
    return told(release)


@pytest.fixture
def seasons(database: Database) -> Seasons:
    return Seasons(database)


@pytest.fixture
def f1db(database: Database, seasons: Seasons) -> F1dbSeasons:
    return F1dbSeasons(database, seasons)


def calendar_of(season: WholeSeason) -> tuple[Race, ...]:
    """The archive's calendar of it: other rounds and names, as they are each calendar's own."""
    return tuple(replace(race, round=race.round + 1, name=f"{race.name} Again") for race in season.races)


def from_archive(season: WholeSeason, number: int = 0) -> Classification:
    """A race's result as the archive has it: its own ids, and nothing that only f1db knows."""
    classification = [each for each in season.classifications if each.kind is SessionKind.RACE][number]
    race = next(each for each in calendar_of(season) if each.race.day == classification.race.race.day)
    return replace(
        classification, race=race, finishes=tuple(map(_plainly, classification.finishes)), driver_of_the_day=None
    )


def _plainly(finish: Finish) -> Finish:
    entrant = replace(finish.entrant, driver_id=finish.entrant.family_name.lower() + finish.entrant.given_name.lower())
    status = "Retired" if finish.place == "R" else finish.status
    grid = None if finish.grid == 0 else finish.grid
    return replace(finish, entrant=entrant, status=status, grid=grid, penalty=None, stops=None)


async def store(f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason, at: dt.datetime = NOW) -> Sequence[Told]:
    """Store what f1db says, as the job does."""
    changed = await f1db.store(written(season, await seasons.schedule(2025)), at)
    assert changed is not None
    return changed


async def everything(seasons: Seasons, season: WholeSeason) -> list[object]:
    """All that can be read of the season."""
    read: list[object] = [await seasons.schedule(2025), await seasons.results(2025)]
    for race in await seasons.schedule(2025):
        read += [await seasons.classification(race.key, kind) for kind in SessionKind]
        read += [await seasons.standings(2025, kind, race.round) for kind in Championship]
    assert len(season.races) == 2
    return read


async def test_alone_it_is_what_is_read(f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason) -> None:
    await seasons.store_schedule(2025, season.races, NOW)
    changed = await store(f1db, seasons, season)
    assert len(changed) == len(season.classifications)
    for classification in season.classifications:
        assert await seasons.classification(classification.race.key, classification.kind) == classification
        assert await seasons.updated(classification) == NOW
        assert await seasons.asked(classification) is None
    assert await seasons.standings(2025, Championship.TEAMS) == season.standings[-1]


async def test_what_it_knows_is_read_beside_what_the_archive_says(
    f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason
) -> None:
    await seasons.store_schedule(2025, calendar_of(season), NOW)
    first = from_archive(season)
    await seasons.store_classification(first, NOW)
    await store(f1db, seasons, season, LATER)
    read = await seasons.classification(first.race.key)
    assert read is not None
    assert read.race == first.race
    assert [each.entrant.driver_id for each in read.finishes] == [each.entrant.driver_id for each in first.finishes]
    assert (read.finishes[4].penalty, read.finishes[5].grid, read.finishes[9].status) == (5.0, 0, "Gearbox")
    assert read.driver_of_the_day == first.finishes[2].entrant.driver_id
    assert await seasons.asked(read) == NOW
    assert await seasons.source(read) == Source(NOW, Witness.BOTH)


async def test_whichever_comes_first_the_same_is_read(f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason) -> None:
    await seasons.store_schedule(2025, calendar_of(season), NOW)
    first = from_archive(season)
    await store(f1db, seasons, season)
    await seasons.store_classification(first, LATER)
    late = await seasons.classification(first.race.key)
    other = replace(first, finishes=first.finishes[:-1])
    assert await seasons.store_classification(other, LATER) == late
    await seasons.store_classification(first, LATER)
    assert await seasons.classification(first.race.key) == late
    assert late is not None
    assert late.finishes[4].penalty == 5.0


async def test_both_may_be_corrected(f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason) -> None:
    await seasons.store_schedule(2025, calendar_of(season), NOW)
    first = from_archive(season)
    await seasons.store_classification(first, NOW)
    await store(f1db, seasons, season)
    at = next(number for number, each in enumerate(season.classifications) if each.kind is SessionKind.RACE)
    finishes = list(season.classifications[at].finishes)
    finishes[4] = replace(finishes[4], penalty=10.0)
    corrected = replace(season.classifications[at], finishes=tuple(finishes))
    results = tuple(corrected if number == at else each for number, each in enumerate(season.classifications))
    changed = await store(f1db, seasons, replace(season, classifications=results), LATER)
    assert changed == ((first.race.key, SessionKind.RACE),)
    read = await seasons.classification(first.race.key)
    assert read is not None
    assert read.finishes[4].penalty == 10.0


async def test_a_result_that_it_tells_first_has_the_archives_names(
    f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason
) -> None:
    await seasons.store_schedule(2025, calendar_of(season), NOW)
    await seasons.store_classification(from_archive(season, 0), NOW)
    await store(f1db, seasons, season)
    second = from_archive(season, 1)
    alone = await seasons.classification(second.race.key)
    assert alone is not None
    assert [each.entrant for each in alone.finishes] == [each.entrant for each in second.finishes]
    table = await seasons.standings(2025, Championship.DRIVERS)
    assert table is not None
    assert {each.id for each in table.entries} <= {each.entrant.driver_id for each in second.finishes}


async def test_a_championship_of_the_archives_stays(f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason) -> None:
    await seasons.store_schedule(2025, season.races, NOW)
    table = Standings(2025, 1, Championship.DRIVERS, (Standing(1, "x", "X", 25, 1),))
    await seasons.store_standings(table, NOW)
    await store(f1db, seasons, season)
    assert await seasons.standings(2025, Championship.DRIVERS, 1) == table


async def test_a_recap_names_who_told_the_championships_beside_who_told_the_result(
    database: Database, f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason
) -> None:
    await seasons.store_schedule(2025, season.races, NOW)
    result = next(each for each in season.classifications if each.kind is SessionKind.RACE)
    await seasons.store_classification(result, NOW)
    stories = RaceStories(seasons, Championships(database), Polls(database, []), catalogue())
    assert (await stories.of(result)).witness is Witness.ARCHIVE
    await store(f1db, seasons, replace(season, classifications=()))
    story = await stories.of(result)
    assert story.drivers
    assert story.witness is Witness.BOTH
    assert await seasons.result_witnesses(2025) == {Witness.ARCHIVE}
    await store(f1db, seasons, season, LATER)
    assert await seasons.result_witnesses(2025) == {Witness.F1DB, Witness.BOTH}
    assert await seasons.result_witnesses(2024) == set()


async def test_what_was_told_is_held_against_what_is_read(
    database: Database, f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason
) -> None:
    await seasons.store_schedule(2025, calendar_of(season), NOW)
    first = from_archive(season)
    await seasons.store_classification(first, NOW)
    told_seasons = ToldSeasons(database, Announcements(database))
    (unchanged,) = [each for each in (await seasons.results(2025)) if each.race == first.race]
    await told_seasons.result_compared(_as_told(unchanged), was_told=True)
    assert await told_seasons.changed_results() == []
    await store(f1db, seasons, season)
    (changed,) = await told_seasons.changed_results()
    assert changed.classification.finishes[4].penalty == 5.0
    assert [each.place for each in changed.classification.finishes] == [each.place for each in first.finishes]


def _as_told(result: Classification) -> ChangedResult:
    return ChangedResult(result, CLASSIFICATION.write(result))


async def test_told_twice_nothing_changes(f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason) -> None:
    await seasons.store_schedule(2025, season.races, NOW)
    await store(f1db, seasons, season)
    before = await everything(seasons, season)
    assert await store(f1db, seasons, season, LATER) == ()
    assert await everything(seasons, season) == before


async def test_together_both_are_kept(
    database: Database, f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason
) -> None:
    await seasons.store_schedule(2025, calendar_of(season), NOW)
    firsts = [from_archive(season, 0), from_archive(season, 1)]
    another = F1dbSeasons(database, Seasons(database))
    await asyncio.gather(
        store(f1db, seasons, season),
        *(seasons.store_classification(each, NOW) for each in firsts),
        store(another, seasons, season),
    )
    for first in firsts:
        read = await seasons.classification(first.race.key)
        assert read is not None
        assert (read.finishes[4].penalty, read.finishes[0].entrant) == (5.0, first.finishes[0].entrant)


async def test_after_a_power_cut_the_season_is_whole_or_not_there(
    database: Database, seasons: Seasons, season: WholeSeason
) -> None:
    await seasons.store_schedule(2025, season.races, NOW)
    before = await everything(seasons, season)
    doomed = F1dbSeasons(PowerCut(1).threaten(database), seasons)
    with pytest.raises(PowerCutError):
        await store(doomed, seasons, season)
    assert await everything(seasons, season) == before
    assert len(await store(F1dbSeasons(database, seasons), seasons, season)) == len(season.classifications)


async def test_a_calendar_that_changes_meanwhile_is_not_written_over(
    f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason
) -> None:
    await seasons.store_schedule(2025, season.races, NOW)
    ready = written(season, await seasons.schedule(2025))
    moved = (*season.races[:1], replace(season.races[1], circuit="Elsewhere"))
    await seasons.store_schedule(2025, moved, LATER)
    assert await f1db.store(ready, LATER) is None
    assert await seasons.results(2025) == ()


async def test_a_release_is_known_once_it_is_noted(f1db: F1dbSeasons) -> None:
    assert await f1db.release() is None
    await f1db.store_release(1_000, "sum", '"tag"', NOW)
    await f1db.checked(LATER)
    known = await f1db.release()
    assert known is not None
    assert (known.size, known.sha256, known.etag, known.fetched_at, known.checked_at) == (
        1_000,
        "sum",
        '"tag"',
        NOW,
        LATER,
    )


async def test_who_is_not_matched_is_named(f1db: F1dbSeasons, seasons: Seasons, season: WholeSeason) -> None:
    races = tuple(replace(race, circuit_id="elsewhere") for race in calendar_of(season))
    await seasons.store_schedule(2025, races, NOW)
    first = from_archive(season)
    entrant = replace(first.finishes[0].entrant, given_name="Somebody", family_name="Else", driver_id="else")
    finishes = (replace(first.finishes[0], entrant=entrant), *first.finishes[1:])
    await seasons.store_classification(replace(first, finishes=finishes), NOW)
    await store(f1db, seasons, season)
    at = next(each for each in season.classifications if each.kind is SessionKind.RACE).finishes[0].entrant.driver_id
    assert await f1db.unmatched() == ("circuit albert_park", "circuit bahrain", f"driver {at}")
