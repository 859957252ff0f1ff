import asyncio
import sqlite3
from contextlib import closing
from itertools import chain

import pytest

from bot.app.settings import Settings
from bot.domain.places import Platform, User
from bot.search.catalogue import Incidents
from tests.support.command_line import CommandLine
from tests.support.conversation import PADDOCK, PIT_WALL, alone, conversation


async def test_it_is_printed_beside_the_bot_that_has_the_file(
    settings: Settings, shipped: Incidents, racing_incident: CommandLine, al: User
) -> None:
    fans = [User(Platform.DISCORD, str(number)) for number in range(4_000, 4_060)]
    crowd = [User(Platform.TELEGRAM, str(number)) for number in range(5_000, 5_040)]
    async with conversation(settings, shipped) as bot:
        await asyncio.gather(*(bot.ask("/vote imola-2021 all-russell", fan, PADDOCK) for fan in fans))
        for number, fan in enumerate(crowd):
            side = "bottas" if number % 2 else "russell"
            await bot.ask(f"/vote imola-2021 all-{side}", fan, PIT_WALL)
            await bot.ask("/vote silverstone-2021 all-hamilton", fan, PIT_WALL)
        await bot.ask("/vote imola-2021 all-russell", al, alone(al))
        listed = await racing_incident("turnout")
        shown = await racing_incident("turnout", "imola-2021")
        again = await racing_incident("turnout", "imola-2021")
    assert (listed.code, shown.code, shown.err) == (0, 0, "")
    assert again == shown
    assert listed.out.splitlines() == ["101 votes  imola-2021 blame", "40 votes  silverstone-2021 blame"]
    assert shown.out.startswith("imola-2021 blame: 101 votes.\n")
    assert " on discord: 60 (59%); in the busiest minute " in shown.out
    assert "; 60 of 60 voters looked at voted on nothing else\n" in shown.out
    assert ": 100% of its voters voted on nothing else, and 2% of all others.\n" in shown.out
    assert shown.out.endswith("An unusual crowd may be a real one.\n")
    with closing(sqlite3.connect(settings.data_dir / "racing-incident.db")) as database:
        voters = [str(voter) for (voter,) in database.execute("SELECT voter FROM vote")]
    assert len(voters) == 141
    people = (user.id for user in chain(fans, crowd))
    assert [each for each in (*voters, *people, PIT_WALL.id, PADDOCK.id, "private") if each in shown.out] == []


async def test_where_there_is_nothing_to_show_there_is_a_sentence(
    settings: Settings, shipped: Incidents, racing_incident: CommandLine, al: User
) -> None:
    async with conversation(settings, shipped) as bot:
        nobody = await racing_incident("turnout")
        await bot.ask("/vote imola-2021 all-russell", al)
        unknown = await racing_incident("turnout", "nowhere-2021")
        known = await racing_incident("turnout", "spa-2012")
    assert (nobody.code, nobody.out) == (1, "")
    assert nobody.err.startswith("Nobody has voted yet.")
    assert (unknown.code, unknown.out) == (1, "")
    assert unknown.err.startswith("No poll is about nowhere-2021. ")
    assert (known.code, known.out) == (1, "")
    assert known.err.startswith("Nobody has voted on spa-2012. ")


@pytest.mark.usefixtures("never_ran")
async def test_without_a_database_it_says_so(racing_incident: CommandLine) -> None:
    found = await racing_incident("turnout")
    assert (found.code, found.out) == (1, "")
    assert found.err.startswith("The database cannot be read: there is no file ")
