"""Pages in a process of their own, beside a bot on the same PostgreSQL database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import httpx
import pytest
from alembic import command
from sqlalchemy import make_url, text
from structlog.testing import capture_logs

from bot.app.monitoring.page import Monitoring
from bot.app.pages import open_site, pages_beside, serving_pages
from bot.app.roles import Role
from bot.app.settings import Settings
from bot.domain.places import Platform, User
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from storage.bot_addresses import BotAddresses
from storage.database.base import CannotOpenError
from storage.database.open import open_database
from storage.database.upgrades import LATEST, configured, revision
from tests.support.clock import HeldClock
from tests.support.conversation import conversation
from tests.support.incidents import catalogue
from tests.web.reader import NO_LIMITS, TELEGRAM, told

pytestmark = pytest.mark.postgresql

FAN = User(Platform.TELEGRAM, "7")


async def test_pages_follow_the_votes_that_a_bot_counts(
    settings: Settings, incidents: Incidents, postgresql_url: str
) -> None:
    shared = replace(settings, database_url=postgresql_url, web_url="http://127.0.0.1", web_port=0)
    async with (
        conversation(shared, incidents) as bot,
        open_site(shared, catalogue(), SystemClock()) as site,
        serving_pages(shared, site, NO_LIMITS) as serving,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{serving.port}") as http,
        http.stream("GET", "/live/imola-2021", timeout=30) as open_page,
    ):
        moves = told(open_page)
        assert "No fan has voted yet" in await anext(moves)
        assert "No fan has voted yet" in (await http.get("/imola-2021")).text
        await bot.ask("/vote imola-2021 all-russell", FAN)
        while "The only vote blames Russell" not in await anext(moves):
            pass  # the relay tells all that may have been missed when its line is there
        assert "The only vote blames Russell" in (await http.get("/imola-2021")).text


@pytest.fixture
async def reader_url(postgresql_url: str) -> AsyncIterator[str]:
    """The same database by a user who may read and no more, in transactions that are read only."""
    address = make_url(postgresql_url)
    user = f"reads_{address.database}"
    operator = await asyncpg.connect(postgresql_url)
    await operator.execute(f"CREATE ROLE {user} LOGIN")
    tables = "alembic_version, poll, choice, poll_tally, noted_incident, ruling, bot_address"  # as README has them
    await operator.execute(f"GRANT SELECT ON {tables} TO {user}")
    await operator.execute(f"ALTER ROLE {user} SET default_transaction_read_only = on")
    yield address.set(username=user).render_as_string(hide_password=False)
    await operator.execute(f"DROP OWNED BY {user}")
    await operator.execute(f"DROP ROLE {user}")
    await operator.close()


async def test_pages_need_no_right_but_to_read_and_no_token(
    settings: Settings, incidents: Incidents, postgresql_url: str, reader_url: str
) -> None:
    shared = replace(settings, database_url=postgresql_url, web_url="http://127.0.0.1", web_port=0)
    reading = replace(shared, database_url=reader_url)
    async with conversation(shared, incidents) as bot:
        await BotAddresses(bot.core.stored.database).note([TELEGRAM])
        async with (
            open_site(reading, catalogue(), SystemClock()) as site,
            serving_pages(reading, site, NO_LIMITS) as serving,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{serving.port}") as http,
            http.stream("GET", "/live/imola-2021", timeout=30) as open_page,
        ):
            moves = told(open_page)
            assert "No fan has voted yet" in await anext(moves)
            await bot.ask("/vote imola-2021 all-russell", FAN)
            while "The only vote blames Russell" not in await anext(moves):
                pass
            while TELEGRAM.to("imola-2021") not in (await http.get("/imola-2021")).text:
                await bot.ask("/vote imola-2021 all-russell", FAN)
            for path in ("/", "/incidents", "/drivers/russell", "/stewards/2021", "/blamed/2021", "/imola-2021.png"):
                assert (await http.get(path)).status_code == 200, path
            for path in ("/data/incidents.csv", "/api/incidents/imola-2021", "/feed.atom", "/sitemap.xml"):
                assert (await http.get(path)).status_code == 200, path


async def test_who_may_read_pages_alone_is_ready_for_them(reader_url: str) -> None:
    monitoring = Monitoring(HeldClock(), lambda: False, frozenset({Role.WEB}))
    monitoring.reader = database = open_database(reader_url)
    with capture_logs() as logs:
        async with (
            monitoring.open("127.0.0.1", 0) as port,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
        ):
            assert (await http.get("/readyz")).text == "ready as web\n"
            assert (await http.get("/metrics")).status_code == 200
    await database.close()
    assert logs == []


async def test_pages_beside_a_bot_know_the_bots_of_other_processes(
    settings: Settings, incidents: Incidents, postgresql_url: str
) -> None:
    shared = replace(settings, database_url=postgresql_url, web_url="http://127.0.0.1", web_port=0)
    async with conversation(shared, incidents) as bot:
        await BotAddresses(bot.core.stored.database).note([TELEGRAM])
        async with (
            pages_beside(shared, bot.core) as serving,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{serving.port}") as http,
        ):
            while TELEGRAM.to("imola-2021") not in (await http.get("/imola-2021")).text:
                await bot.ask("/vote imola-2021 all-russell", FAN)


async def refused(settings: Settings) -> str:
    """Why pages cannot be served."""
    with pytest.raises(CannotOpenError) as caught:
        async with open_site(settings, catalogue(), SystemClock()):
            pass
    return str(caught.value)


async def test_pages_migrate_nothing_and_say_which_tables_they_need(
    settings: Settings, empty_postgresql_url: str
) -> None:
    alone = replace(settings, database_url=empty_postgresql_url, web_url="http://127.0.0.1")
    start_the_bot = f"these pages need revision {LATEST}, and change nothing themselves. Start the bot once"
    assert (await refused(alone)).startswith(f"The database is empty; {start_the_bot}")
    database = open_database(empty_postgresql_url)
    await database.migrate(lambda connection: command.upgrade(configured(connection), "0019"))
    assert (await refused(alone)).startswith(f"The database is at revision 0019; {start_the_bot}")
    assert await database.read(revision) == "0019"
    await database.upgrade()
    newer = text("UPDATE alembic_version SET version_num = '9999', compatible_from = '9999'")
    await database.write(lambda connection: connection.execute(newer))
    assert (await refused(alone)).startswith("The database is at revision 9999, which this version")
    await database.close()


async def test_a_user_who_may_not_read_is_told_what_they_lack(
    settings: Settings, postgresql_url: str, reader_url: str
) -> None:
    address = make_url(reader_url)
    operator = await asyncpg.connect(postgresql_url)
    await operator.execute(f"REVOKE SELECT ON TABLE poll FROM {address.username}")  # noqa: S608 - a name of ours
    await operator.close()
    alone = replace(settings, database_url=reader_url, web_url="http://127.0.0.1")
    assert await refused(alone) == (
        f"The database denies {address.username} rights that pages need. As who owns its tables: GRANT SELECT ON TABLE"
        f" poll TO {address.username};"
    )


async def test_polls_that_no_bot_has_recorded_yet_are_not_shown(settings: Settings, postgresql_url: str) -> None:
    shared = replace(settings, database_url=postgresql_url, web_url="http://127.0.0.1", web_port=0)
    async with (
        open_site(shared, catalogue(), SystemClock()) as site,
        serving_pages(shared, site, NO_LIMITS) as serving,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{serving.port}") as http,
    ):
        for path in ("/imola-2021", "/", "/2021", "/api/incidents/imola-2021", "/data/incidents.json"):
            assert (await http.get(path)).status_code == 200, path
        assert (await http.get("/imola-2021.png")).status_code == 404


async def test_pages_alone_write_nothing_that_a_bot_reads(
    settings: Settings, postgresql_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "of-their-own"
    alone = replace(settings, data_dir=folder, database_url=postgresql_url, web_url="http://127.0.0.1")
    async with open_site(alone, catalogue(), SystemClock()):
        pass
    assert not folder.exists()
