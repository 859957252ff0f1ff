"""What a vote refers to, its choice and its chat, is there and stays: on SQLite by itself, else by its tallies."""

import asyncio
from functools import partial
from importlib import import_module

import pytest
from alembic import command
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from storage.database.base import Database
from storage.database.upgrades import configured
from tests.storage.booth import GRANDSTAND, PIT_WALL, Booth, recounted_by_chat, tallied_by_chat, voter

ASTRAY = (
    "UPDATE vote SET choice_id = 404",
    "UPDATE vote SET choice_id = (SELECT min(id) FROM choice WHERE choice.poll_id <> vote.poll_id)",
    "UPDATE vote SET chat_id = 404",
    "INSERT INTO vote SELECT poll_id, 404, 404, chat_id, cast_at, after_ruling FROM vote",
    "INSERT INTO vote SELECT poll_id, 404, choice_id, 404, cast_at, after_ruling FROM vote",
    "DELETE FROM choice",
    "DELETE FROM chat",
    "DELETE FROM poll",
)
"""What would leave a vote that refers to nothing."""


@pytest.mark.parametrize("statement", ASTRAY)
async def test_no_statement_leaves_a_vote_that_refers_to_nothing(
    booth: Booth, database: Database, statement: str
) -> None:
    await booth.press("imola-2021 all-russell", voter(1))
    before = await tallied_by_chat(database)
    with pytest.raises(IntegrityError):
        await database.write(lambda connection: connection.exec_driver_sql(statement))
    assert await tallied_by_chat(database) == await recounted_by_chat(database) == before


async def test_a_vote_taken_back_leaves_what_it_referred_to_in_place(booth: Booth, database: Database) -> None:
    await booth.press("imola-2021 all-russell", voter(1))
    await booth.press("imola-2021 withdraw", voter(1))
    for statement in ("DELETE FROM choice", "DELETE FROM chat"):
        with pytest.raises(IntegrityError):
            await database.write(partial(Connection.exec_driver_sql, statement=statement))
    assert (await booth.press("imola-2021 all-russell", voter(1))).tally.votes == 1


def _referring(connection: Connection) -> set[str]:
    """The tables that a vote's row refers to by itself."""
    return {each["referred_table"] for each in inspect(connection).get_foreign_keys("vote")}


async def test_on_postgresql_no_vote_is_looked_up_by_itself(database: Database) -> None:
    alone = {"sqlite": {"choice", "chat"}, "postgresql": set[str]()}
    assert await database.read(_referring) == alone[database.dialect]


def as_it_was(connection: Connection) -> None:
    """Take back how votes refer to anything, but leave what this version counts them with."""
    command.downgrade(configured(connection), "0024")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(import_module("migrations.versions.0026_ballots_at_once").COUNT_BALLOTS)


async def test_votes_are_counted_while_that_becomes_so(booth: Booth, database: Database) -> None:
    await database.migrate(as_it_was)
    assert await database.read(_referring) == {"choice", "chat"}

    async def vote(number: int) -> None:
        for key, chat in (("all-russell", PIT_WALL), ("withdraw", PIT_WALL), ("all-bottas", GRANDSTAND)):
            assert (await booth.press(f"imola-2021 {key}", voter(number), chat)).changed

    with capture_logs() as logs:
        await asyncio.gather(*map(vote, range(8)), database.upgrade())
    assert [line["event"] for line in logs] == ["database.upgraded"]
    assert await tallied_by_chat(database) == await recounted_by_chat(database)
    assert sum((await tallied_by_chat(database)).values()) == 8
