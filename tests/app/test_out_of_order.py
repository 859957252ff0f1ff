"""The disk is full in the midst of a run: a sentence to whoever asks, a line in the log, and on it goes afterwards."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs

from bot.app.settings import Settings
from bot.chat.dispatcher import OUT_OF_ORDER
from bot.domain.places import User
from bot.search.catalogue import Incidents
from storage.database.base import Database, outage
from storage.database.sqlite import GONE
from tests.storage.database.test_faults import read_only
from tests.support.conversation import Conversation, conversation, votes


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow while this lasts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_is_a_sentence_and_a_line_and_then_votes_count_again(bot: Conversation, al: User) -> None:
    await bot.ask("/vote imola-2021 all-bottas", al)
    with full_disk(), capture_logs() as logs:
        lost = [await bot.ask("/vote imola-2021 all-russell", al) for _ in range(3)]
        story = await bot.ask("/crash imola", al)
        poll = await bot.ask("/blame imola", al)
    assert {(reply.card.title, reply.private) for reply in lost} == {(OUT_OF_ORDER, True)}
    assert story.card.title == "Bottas and Russell, Imola 2021", "what is read goes on"
    assert "all Bottas 1" in votes(poll)["Here"], "what was counted stays"
    failed = [line for line in logs if line["event"] == "command.failed"]
    assert [line["command"] for line in failed] == ["vote"], "said once, however many ask"
    assert "exc_info" not in failed[0], "nobody can mend a disk by a traceback"
    for _ in range(2):
        await bot.ask("/vote imola-2021 all-russell", al)
    assert "all Bottas 0" in votes(await bot.ask("/blame imola", al))["Here"]
    assert "all Russell 1" in votes(await bot.ask("/blame imola", al))["Here"]
    with full_disk(), capture_logs() as logs:
        await bot.ask("/vote imola-2021 all-bottas", al)
    assert [line["event"] for line in logs if line["event"] == "command.failed"], "another night is said again"


async def test_every_command_that_stores_something_says_so(bot: Conversation, al: User, boss: User) -> None:
    asked = ("/settings language de", "/subscribe recaps", "/polls off", "/rate imola-2021 correct", "/forgetme yes")
    await bot.ask("/vote imola-2021 all-bottas", al)
    with full_disk(), capture_logs():
        titles = {line: (await bot.ask(line, boss)).card.title for line in asked}
    assert {line: title for line, title in titles.items() if title != OUT_OF_ORDER} == {}


async def test_votes_into_a_file_that_was_deleted_are_not_acknowledged(
    bot: Conversation, settings: Settings, al: User, bo: User
) -> None:
    await bot.ask("/vote imola-2021 all-bottas", al)
    (file,) = settings.data_dir.glob("*.db")
    with capture_logs() as logs:
        moved = file.rename(file.with_suffix(".away"))
        lost = [await bot.ask("/vote imola-2021 all-russell", each) for each in (al, bo, bo)]
        file.write_bytes(moved.read_bytes())
        lost.append(await bot.ask("/vote imola-2021 all-russell", al))
    assert {reply.card.title for reply in lost} == {OUT_OF_ORDER}
    assert [line["error"] for line in logs if line["event"] == "command.failed"] == [GONE]
    moved.rename(file)
    for _ in range(2):
        await bot.ask("/vote imola-2021 all-russell", bo)
    stands = "all Bottas 1 · mostly Bottas 0 · racing incident 0 · mostly Russell 0 · all Russell 1"
    assert stands in votes(await bot.ask("/blame imola", al)).values()


@pytest.mark.postgresql
async def test_a_server_that_takes_nothing_is_the_same(
    settings: Settings, incidents: Incidents, al: User, postgresql_url: str
) -> None:
    told = replace(settings, database_url=postgresql_url)
    async with conversation(told, incidents) as bot:
        with capture_logs() as logs:
            await read_only(postgresql_url, on=True)
            lost = [await bot.ask("/vote imola-2021 all-russell", al) for _ in range(3)]
            await read_only(postgresql_url, on=False)
        assert {reply.card.title for reply in lost} == {OUT_OF_ORDER}
        assert [line["command"] for line in logs if line["event"] == "command.failed"] == ["vote"]
        await bot.ask("/vote imola-2021 all-russell", al)
        assert "all Russell 1" in votes(await bot.ask("/blame imola", al))["Here"]


async def test_a_wrong_statement_is_no_outage(database: Database) -> None:
    with pytest.raises(SQLAlchemyError) as caught:
        await database.write(lambda connection: connection.execute(text("SELECT nothing FROM nowhere")))
    assert outage(caught.value) is None
