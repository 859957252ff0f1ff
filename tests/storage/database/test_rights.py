"""A user of PostgreSQL who does not own the tables: which rights it lacks is named, by the bot and by the doctor."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import make_url
from structlog.testing import capture_logs

from bot.app.settings import Settings
from bot.chat.dispatcher import OUT_OF_ORDER
from bot.cli.doctor.database import look_at_database
from bot.cli.doctor.findings import Finding, Mark, ok, problem
from bot.domain.places import User
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from storage.database.base import CannotOpenError
from storage.database.open import open_database
from storage.database.rights import READ_BY_PAGES
from tests.support.conversation import conversation

pytestmark = pytest.mark.postgresql

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


class Guest(NamedTuple):
    """A user who has no more than the rights that README names, in a database of somebody else."""

    name: str
    url: str
    owner: asyncpg.Connection

    async def loses(self, rights: str) -> None:
        """Take rights from it."""
        await self.owner.execute(f"REVOKE {rights} FROM {self.name}")


@pytest.fixture
async def guest(postgresql_url: str) -> AsyncIterator[Guest]:
    address = make_url(postgresql_url)
    name = str(address.database)  # that nobody else has
    owner = await asyncpg.connect(postgresql_url)
    await owner.execute(f"CREATE ROLE {name} LOGIN")
    await owner.execute("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC")
    rights = re.findall(r"^    (GRANT .* TO )bot;", README, re.MULTILINE)
    assert len(rights) == 3
    for right in rights:
        await owner.execute(f"{right}{name}")
    yield Guest(name, address.set(username=name).render_as_string(hide_password=False), owner)
    await owner.execute(f"DROP OWNED BY {name}")
    await owner.execute(f"DROP ROLE {name}")
    await owner.close()


LOST = {
    "EXECUTE ON FUNCTION count_ballots": "GRANT EXECUTE ON FUNCTION count_ballots TO {user};",
    "INSERT, DELETE ON vote, poll_tally": "GRANT INSERT, DELETE ON TABLE poll_tally, vote TO {user};",
    "USAGE ON SEQUENCE chat_id_seq": "GRANT USAGE ON SEQUENCE chat_id_seq TO {user};",
    "ALL ON alembic_version": "GRANT SELECT ON TABLE alembic_version TO {user};",
    "USAGE ON SCHEMA public": "GRANT USAGE ON SCHEMA public TO {user};",
}


async def lose(guest: Guest, lost: str) -> None:
    """Take a right from a user, however it came by it."""
    await guest.loses(lost)
    if "SCHEMA" in lost:
        await guest.owner.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC")


@pytest.mark.parametrize(("lost", "grant"), LOST.items())
async def test_a_right_that_is_lacking_is_named_at_the_start_and_by_the_doctor(
    guest: Guest, lost: str, grant: str
) -> None:
    await lose(guest, lost)
    database = open_database(guest.url)
    with pytest.raises(CannotOpenError) as caught:
        await database.upgrade()
    await database.close()
    why, remedy = "denies {user} rights that all roles but web need.", f"As who owns its tables: {grant}"
    assert str(caught.value) == f"The database {why} {remedy}".format(user=guest.name)
    assert await examined(guest.url) == [
        problem(f"Database: {why}".format(user=guest.name), remedy.format(user=guest.name))
    ]


async def test_who_may_not_connect_is_told_what_to_do(guest: Guest) -> None:
    await guest.owner.execute(f"REVOKE CONNECT ON DATABASE {guest.name} FROM PUBLIC")
    database = open_database(guest.url)
    with pytest.raises(
        CannotOpenError, match=r"let us in: permission denied for database .* GRANT CONNECT ON DATABASE\.$"
    ):
        await database.upgrade()
    await database.close()
    assert "GRANT CONNECT" in (await examined(guest.url))[0].remedy


FOR_PAGES = ", ".join(("alembic_version", *READ_BY_PAGES))


async def test_who_reads_for_pages_alone_needs_no_more_than_readme_names(guest: Guest) -> None:
    assert f"GRANT SELECT ON {FOR_PAGES} TO pages;" in README
    await guest.loses("ALL ON ALL TABLES IN SCHEMA public")
    await guest.loses("ALL ON ALL SEQUENCES IN SCHEMA public")
    await guest.loses("ALL ON ALL FUNCTIONS IN SCHEMA public")
    await guest.owner.execute(f"GRANT SELECT ON {FOR_PAGES} TO {guest.name}")
    assert await examined(guest.url, for_pages=True) == [ok("Database: up to date, 0 votes; pages may read them.")]
    assert [finding.mark for finding in await examined(guest.url)] == [Mark.PROBLEM]


async def test_what_pages_may_not_read_is_named_at_their_start_and_by_the_doctor(guest: Guest) -> None:
    await guest.loses("SELECT ON poll_tally, alembic_version")
    why = f"denies {guest.name} rights that pages need."
    remedy = f"As who owns its tables: GRANT SELECT ON TABLE alembic_version, poll_tally TO {guest.name};"
    database = open_database(guest.url)
    with pytest.raises(CannotOpenError) as caught:
        await database.look()
    await database.close()
    assert str(caught.value) == f"The database {why} {remedy}"
    assert await examined(guest.url, for_pages=True) == [problem(f"Database: {why}", remedy)]


async def test_what_is_named_gives_the_rights(guest: Guest) -> None:
    for lost in LOST:
        await lose(guest, lost)
    for _ in range(2):  # what is in a schema is found by whoever may look into it
        (found,) = await examined(guest.url)
        await guest.owner.execute(found.remedy.partition(": ")[2])
    assert {finding.mark for finding in await examined(guest.url)} == {Mark.OK}


async def test_whom_the_owner_gives_the_rights_that_readme_names_may_vote(
    settings: Settings, incidents: Incidents, al: User, guest: Guest
) -> None:
    async with conversation(replace(settings, database_url=guest.url), incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
    assert await guest.owner.fetchval("SELECT sum(votes) FROM poll_tally") == 1


async def test_votes_that_a_right_is_lost_for_fail_as_in_an_outage(
    settings: Settings, incidents: Incidents, al: User, bo: User, guest: Guest
) -> None:
    async with conversation(replace(settings, database_url=guest.url), incidents) as bot:
        await guest.loses("EXECUTE ON FUNCTION count_ballots")
        with capture_logs() as logs:
            lost = [await bot.ask("/vote imola-2021 all-russell", each) for each in (al, bo, al)]
        assert {reply.card.title for reply in lost} == {OUT_OF_ORDER}
        failed = [(line["event"], line.get("error")) for line in logs if line["log_level"] == "error"]
        denied = "permission denied for function count_ballots"
        assert failed == [("write.failed", denied), ("command.failed", denied)]
        await guest.owner.execute(f"GRANT EXECUTE ON FUNCTION count_ballots TO {guest.name}")
        await bot.ask("/vote imola-2021 all-russell", al)
    assert await guest.owner.fetchval("SELECT sum(votes) FROM poll_tally") == 1


async def test_who_is_let_in_no_more_is_out_of_order(
    settings: Settings, incidents: Incidents, al: User, bo: User, guest: Guest
) -> None:
    async with conversation(replace(settings, database_url=guest.url), incidents) as bot:
        await guest.owner.execute(f"ALTER ROLE {guest.name} NOLOGIN")
        await guest.owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", guest.name
        )
        with capture_logs() as logs:
            lost = [await bot.ask("/vote imola-2021 all-russell", each) for each in (al, bo, al, bo)]
        assert {reply.card.title for reply in lost} == {OUT_OF_ORDER}
        of_votes = [line["event"] for line in logs if line.get("what", line.get("command")) in {"votes", "vote"}]
        assert of_votes == ["write.failed", "command.failed"], "others may have had something to write as well"
        await guest.owner.execute(f"ALTER ROLE {guest.name} LOGIN")
        await bot.ask("/vote imola-2021 all-russell", al)
    assert await guest.owner.fetchval("SELECT sum(votes) FROM poll_tally") == 1


async def examined(url: str, *, for_pages: bool = False) -> list[Finding]:
    """What the doctor finds of a database."""
    return [*await look_at_database(url, SystemClock(), follows=False, for_pages=for_pages)]
