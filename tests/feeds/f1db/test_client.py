"""A release is fetched once, whole, and from wherever the address leads to."""

import json
import traceback

import pytest
from structlog.testing import capture_logs

from bot.domain.sessions import SessionKind
from bot.feeds import FeedError, QuestionFailedError
from bot.feeds.f1db import client
from bot.feeds.f1db.client import F1db
from bot.feeds.f1db.pile import Pile
from bot.feeds.f1db.seasons import Seasons
from tests.support.f1db_release import F1dbRelease, invented_release, packed
from tests.support.f1db_server import F1dbServer, Trouble


@pytest.fixture
def release() -> F1dbRelease:
    """Two seasons of two races."""
    return invented_release([2024, 2025])


async def test_a_release_is_fetched_from_where_the_latest_leads(
    server: F1dbServer, f1db: F1db, release: F1dbRelease
) -> None:
    server.body = release.packed()
    package = await f1db.fetch()
    assert package is not None
    assert package.size == len(server.body)
    seasons = await f1db.seasons(package)
    assert seasons.years == [2024, 2025]
    assert [race.key for race in (await f1db.season(seasons, 2025)).races] == [
        "2025-bahrain-grand-prix",
        "2025-australian-grand-prix",
    ]


async def test_a_release_that_is_known_by_its_tag_is_not_sent_again(
    server: F1dbServer, f1db: F1db, release: F1dbRelease
) -> None:
    server.body = release.packed()
    package = await f1db.fetch()
    assert package is not None
    assert await f1db.fetch(package.etag) is None
    assert [asked.status for asked in server.asked] == [200, 304]


async def test_a_release_that_is_known_by_its_sum_is_not_read_again_where_there_are_no_tags(
    release: F1dbRelease, f1db: F1db, server: F1dbServer
) -> None:
    server.body = release.packed()
    known = await f1db.fetch()
    assert known is not None
    assert await f1db.fetch(sha256=known.sha256) is None


@pytest.mark.parametrize("trouble", [Trouble(503), Trouble(404), Trouble(cut=True)])
async def test_an_outage_is_no_release(server: F1dbServer, f1db: F1db, release: F1dbRelease, trouble: Trouble) -> None:
    server.body, server.trouble = release.packed(), trouble
    with pytest.raises(FeedError) as failed:
        await f1db.fetch()
    assert not isinstance(failed.value, QuestionFailedError)


async def test_a_release_without_bounds_is_not_read_on(
    server: F1dbServer, f1db: F1db, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MOST_BYTES", 10_000)
    server.body = b"x" * 20_000
    with pytest.raises(FeedError, match="longer than"):
        await f1db.fetch()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f1db-races-race-results.json", None),
        ("f1db-races-race-results.json", b"[]"),
        ("f1db-races-race-results.json", b'[{"raceId": 1, "year": 2024'),
        ("f1db-races-race-results.json", b'[{"raceId": 99}]'),
        ("f1db-races-pit-stops.json", b'{"raceId": 1}'),
        ("f1db-races.json", b"[1, 2]"),
        ("f1db-races.json", b'[{"id": 1}]'),
        ("f1db-drivers.json", b"[]"),
        ("f1db-drivers.json", b"\xff\xfe"),
        ("f1db-races.json", b"[" * 90_000),
    ],
)
async def test_half_a_release_is_refused_whole(
    server: F1dbServer, f1db: F1db, release: F1dbRelease, name: str, content: bytes | None
) -> None:
    files = {each: json.dumps(rows).encode() for each, rows in release.files.items() if each != name}
    server.body = packed(files if content is None else files | {name: content})
    package = await f1db.fetch()
    assert package is not None
    with pytest.raises(QuestionFailedError):
        await f1db.seasons(package)


@pytest.mark.parametrize(
    "name",
    ["sprint-race-results", "qualifying-results", "pit-stops", "driver-of-the-day-results", "constructor-standings"],
)
async def test_a_release_without_a_file_that_is_not_needed_is_read_and_the_log_says_so(
    server: F1dbServer, f1db: F1db, release: F1dbRelease, name: str
) -> None:
    del release.files[f"f1db-races-{name}.json"]
    release.files["f1db-races-weather.json"] = [{"raceId": 1, "rain": True}]
    server.body = release.packed()
    package = await f1db.fetch()
    assert package is not None
    with capture_logs() as logs:
        seasons = await f1db.seasons(package)
    assert [(line["event"], line["parts"]) for line in logs] == [("feed.parts_missing", [name])]
    results = (await f1db.season(seasons, 2025)).classifications
    assert [result.finishes[0].points for result in results if result.kind is SessionKind.RACE] == [25, 25]


async def test_a_release_with_other_columns_is_read_where_its_rows_still_say_who_came_where(
    server: F1dbServer, f1db: F1db, release: F1dbRelease
) -> None:
    for row in release.rows("race-results"):
        del row["reasonRetired"]
        row["tyreChoice"] = "soft"
    server.body = release.packed()
    package = await f1db.fetch()
    assert package is not None
    seasons = await f1db.seasons(package)
    assert seasons.lacks == ["race-results.reasonRetired"]
    result = (await f1db.season(seasons, 2025)).classifications[0]
    assert (result.finishes[0].points, result.finishes[-1].status) == (25, "Retired")


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("race-results", "positionText"),
        ("race-results", "points"),
        ("sprint-race-results", "driverId"),
        ("qualifying-results", "positionNumber"),
        ("driver-standings", "points"),
    ],
)
async def test_a_release_without_a_column_that_says_who_came_where_is_not_understood(
    server: F1dbServer, f1db: F1db, release: F1dbRelease, name: str, column: str
) -> None:
    for row in release.rows(name):
        row[f"{column}New"] = row.pop(column)
    server.body = release.packed()
    package = await f1db.fetch()
    assert package is not None
    with pytest.raises(QuestionFailedError, match=f"no {column}"):
        await f1db.seasons(package)


async def test_what_was_read_of_a_release_that_is_refused_is_let_go_before_the_event_loop_hears_of_it(
    server: F1dbServer, f1db: F1db, release: F1dbRelease
) -> None:
    release.files["f1db-races-race-results.json"] = release.rows("race-results", 2025)
    server.body = release.packed()
    package = await f1db.fetch()
    assert package is not None
    with pytest.raises(QuestionFailedError) as refused:
        await f1db.seasons(package)
    error: BaseException | None = refused.value
    while error is not None:
        held = [frame.f_locals.values() for frame, _line in traceback.walk_tb(error.__traceback__)]
        assert not any(isinstance(value, (Pile, Seasons)) for values in held for value in values)
        error = error.__cause__


async def test_an_archive_that_unpacks_into_more_than_there_is_room_for_is_refused(
    server: F1dbServer, f1db: F1db, release: F1dbRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.feeds.f1db.rows.MOST_BYTES", 1_000)
    server.body = release.packed()
    package = await f1db.fetch()
    assert package is not None
    with pytest.raises(QuestionFailedError, match="longer than"):
        await f1db.seasons(package)


async def test_a_release_that_lacks_the_results_of_a_season_is_refused(
    server: F1dbServer, f1db: F1db, release: F1dbRelease
) -> None:
    release.files["f1db-races-race-results.json"] = release.rows("race-results", 2025)
    server.body = release.packed()
    package = await f1db.fetch()
    assert package is not None
    with pytest.raises(QuestionFailedError, match="results are missing"):
        await f1db.seasons(package)
