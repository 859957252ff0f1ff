"""What the doctor says of the second witness."""

import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.cli.doctor.archive import BOTH_OFF as ARCHIVE_BOTH_OFF
from bot.cli.doctor.archive import OFF as ARCHIVE_OFF
from bot.cli.doctor.archive import look_at_archive
from bot.cli.doctor.f1db import BOTH_OFF, OFF, WAIT, asked, look_at_f1db, read_of_f1db
from bot.cli.doctor.findings import Finding, Mark, ok, warning
from bot.cli.doctor.web import Web
from storage.database.base import Database
from storage.database.open import open_database
from storage.f1db import F1dbSeasons, WrittenSeason
from storage.seasons import Seasons
from tests.support.clock import FakeClock
from tests.support.f1db_server import F1dbServer
from tests.support.loopback_site import LoopbackSite

ANSWERS = ok("f1db: answers.")
NOW = dt.datetime(2026, 8, 21, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    await database.upgrade()
    yield database
    await database.close()


async def read(database: Database) -> F1dbSeasons:
    """A database into which a release was read."""
    f1db = F1dbSeasons(database, Seasons(database))
    await f1db.store_release(7_100_000, "sum", "", NOW)
    return f1db


async def test_a_release_that_is_there_is_told(database: Database) -> None:
    reached, release = await read_of_f1db(await read(database), ANSWERS)
    assert reached == ANSWERS
    assert release.what == (
        "f1db: a release of 7.1 MB, read on 21 August 2026; the latest still on 21 August 2026, 09:30 UTC."
    )


async def test_who_is_not_matched_is_named_by_f1dbs_ids(database: Database) -> None:
    f1db = await read(database)
    await f1db.store(WrittenSeason(2026, (), (), (), ("circuit yas_marina", "driver some_body"), "digest"), NOW)
    *_, unmatched = await read_of_f1db(f1db, ANSWERS)
    assert (unmatched.mark, unmatched.what) == (
        Mark.WARNING,
        "f1db: the archive does not know: circuit yas-marina, driver some-body.",
    )


@pytest.mark.parametrize(
    ("reached", "what", "remedy"),
    [
        (ANSWERS, "f1db: answers, but no release is read yet.", "Start the bot"),
        (
            warning("f1db: not reached at localhost, it refuses connections.", WAIT),
            "f1db: not reached at localhost, it refuses connections; no release is read yet.",
            "F1DB_URL=off does without it",
        ),
        (
            warning("f1db: localhost gives no release (status 403).", WAIT),
            "f1db: localhost gives no release (status 403); no release is read yet.",
            "F1DB_URL=off does without it",
        ),
    ],
)
async def test_where_no_release_is_read_the_reason_is_told_and_what_to_do(
    database: Database, reached: Finding, what: str, remedy: str
) -> None:
    (never,) = await read_of_f1db(F1dbSeasons(database, Seasons(database)), reached)
    assert (never.mark, never.what) == (Mark.WARNING, what)
    assert remedy in never.remedy


async def test_both_are_looked_at_together(database: Database, sqlite_url: str) -> None:
    async with F1dbServer(b"release") as server, Web(2.0, FakeClock()) as asking:
        (never,) = await look_at_f1db(asking, server.latest, sqlite_url, archive=True)
        assert never.what == "f1db: answers, but no release is read yet."
        await read(database)
        assert [each.mark for each in await look_at_f1db(asking, server.latest, sqlite_url, archive=True)] == [
            Mark.OK,
            Mark.OK,
        ]


@pytest.mark.parametrize("file", ["missing.db", "older.db"])
async def test_a_database_that_cannot_be_read_hides_nothing_of_the_network(tmp_path: Path, file: str) -> None:
    if file == "older.db":
        sqlite3.connect(tmp_path / file).close()
    async with F1dbServer(b"release") as server, Web(2.0, FakeClock()) as asking:
        assert await look_at_f1db(asking, server.latest, f"sqlite:///{tmp_path / file}", archive=True) == [ANSWERS]


async def test_what_its_address_leads_to_is_asked() -> None:
    async with F1dbServer(b"release") as server, Web(2.0, FakeClock()) as asking:
        assert await asked(asking, server.latest) == ANSWERS
        assert len(server.asked) == 1


async def test_where_the_release_itself_is_refused_by_the_network_that_is_told() -> None:
    async def leads_away(_request: web.Request) -> web.Response:
        raise web.HTTPFound("http://localhost:1/release?token=hunter2")

    async def leads_to_a_wall(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/wall")

    async def refuses(_request: web.Request) -> web.Response:
        return web.Response(status=403)

    site = web.Application()
    site.router.add_get("/latest", leads_away)
    site.router.add_get("/walled", leads_to_a_wall)
    site.router.add_get("/wall", refuses)
    async with LoopbackSite(site) as loopback, Web(2.0, FakeClock()) as asking:
        gone = await asked(asking, f"{loopback.url}/latest")
        assert gone.what == "f1db: not reached at localhost, it refuses connections."
        refused = await asked(asking, f"{loopback.url}/walled")
        assert refused.what == "f1db: 127.0.0.1 gives no release (status 403)."


async def test_no_release_and_no_answer_are_warnings() -> None:
    async with LoopbackSite(web.Application()) as nothing, Web(2.0, FakeClock()) as asking:
        missing = await asked(asking, f"{nothing.url}/latest")
        assert missing.what == "f1db: 127.0.0.1 gives no release (status 404)."
    async with Web(2.0, FakeClock()) as asking:
        assert (await asked(asking, "http://127.0.0.1:1/latest")).mark is Mark.WARNING


@pytest.mark.parametrize(("archive", "said"), [(True, OFF), (False, BOTH_OFF)])
async def test_that_it_is_off_is_told_by_what_is_left(archive: bool, said: str) -> None:
    async with Web(2.0, FakeClock()) as asking:
        (off,) = await look_at_f1db(asking, None, "", archive=archive)
        assert (off.mark, off.what) == (Mark.OK, said)


@pytest.mark.parametrize(("second", "said"), [(True, ARCHIVE_OFF), (False, ARCHIVE_BOTH_OFF)])
async def test_where_the_archive_is_off_f1db_tells_of_seasons_unless_it_is_off_too(second: bool, said: str) -> None:
    async with Web(2.0, FakeClock()) as asking:
        (off,) = await look_at_archive(asking, None, 2026, second=second)
        assert (off.mark, off.what) == (Mark.OK, said)
