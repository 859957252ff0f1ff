"""A community moves, from either database to either."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from itertools import count
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from bot.domain.places import User
from bot.search.catalogue import Incidents
from storage import tables
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.database import row_pages
from storage.database.base import CannotOpenError, Database
from storage.database.copying import Copy, CopyError
from storage.database.open import open_database
from storage.database.upgrades import LATEST, VERSION, revision
from storage.handled_updates import HandledUpdates
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import Booth, recounted, recounted_by_chat, tallied, tallied_by_chat
from tests.support.full_database import fill
from tests.support.postgresql import BOTH
from tests.support.power_cut import PowerCut, PowerCutError, Stored, all_rows

pytestmark = pytest.mark.timeout(180)  # many small transactions take their time on a busy machine

LATER = 2**62 + 100
"""When no role is held any more of those that `fill` hands out."""


@pytest.fixture(params=BOTH)
def old_url(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> str:
    """The address of a database that is to be left."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    copyfile(sqlite_template, tmp_path / "old.db")
    return f"sqlite:///{tmp_path / 'old.db'}"


@pytest.fixture
async def source(old_url: str) -> AsyncIterator[Database]:
    """A community that stays where it is, with something in every table."""
    database = open_database(old_url)
    await database.upgrade()
    await database.write(fill)
    yield database
    await database.close()


@pytest.fixture
async def target(empty_url: str) -> AsyncIterator[Database]:
    """A database without anything."""
    database = open_database(empty_url)
    yield database
    await database.close()


@pytest.fixture
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a table has several, the last of which is not full."""
    monkeypatch.setattr(row_pages, "NUMBERS", 2)
    monkeypatch.setattr(row_pages, "DOCUMENTS", 3)


ACROSS = pytest.mark.parametrize(
    ("old_url", "empty_url"),
    [
        pytest.param("sqlite", "postgresql", marks=pytest.mark.postgresql),
        ("sqlite", "sqlite"),
        pytest.param("postgresql", "sqlite", marks=[pytest.mark.postgresql, pytest.mark.exhaustive]),
        pytest.param("postgresql", "postgresql", marks=[pytest.mark.postgresql, pytest.mark.exhaustive]),
    ],
    indirect=True,
)
"""From a file to a server, as communities move, and to a file; from a server where all is tried exhaustively."""


def in_order(stored: Stored) -> dict[str, list[tuple[Any, ...]]]:
    """All rows by their tables' names; the two databases sort text in different orders."""
    return {table.name: sorted(map(tuple, rows), key=repr) for table, rows in stored.items()}


async def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    return in_order(await database.read(all_rows))


async def copied(source: Database, target: Database, now: int = LATER) -> int:
    told: list[tuple[str, int]] = []
    return await Copy(source, target, lambda *table: told.append(table)).run(now)


@ACROSS
@pytest.mark.usefixtures("_short_pages")
async def test_every_row_of_every_table_moves(source: Database, target: Database) -> None:
    told: dict[str, int] = {}
    rows = await Copy(source, target, told.__setitem__).run(LATER)
    there = await contents(target)
    assert there == await contents(source)
    assert set(there) == {*tables.metadata.tables}, "a table that is empty proves nothing"
    assert told == {name: len(rows) for name, rows in there.items()}
    assert rows == sum(told.values())


@ACROSS
async def test_a_bot_goes_on_where_it_has_moved_to(
    source: Database, target: Database, incidents: Incidents, al: User
) -> None:
    await copied(source, target)
    assert (await target.upgrade()).before == LATEST
    polls, handled = await Polls.open(target, incidents), HandledUpdates(target)
    box = BallotBox(target, await Chats.open(target, handled), handled)
    booth = Booth(box, polls, Voters(target, b"a secret"))
    counting = asyncio.create_task(box.run())
    await booth.press("imola-2021 all-russell", al)
    await box.close()
    await counting
    assert await tallied(target) == await recounted(target)
    assert await tallied_by_chat(target) == await recounted_by_chat(target)
    assert len(await target.read(lambda connection: connection.execute(select(tables.vote)).all())) == 5


@pytest.mark.parametrize("old_url", ["sqlite"], indirect=True)
async def test_twice_is_once(source: Database, target: Database) -> None:
    rows = await copied(source, target)
    before = await contents(target)
    assert await copied(source, target) == rows
    assert await contents(target) == before


@pytest.mark.exhaustive
@pytest.mark.parametrize("old_url", ["sqlite"], indirect=True)
async def test_killed_between_any_two_commits_it_goes_on(source: Database, target: Database) -> None:
    kills = 0
    for commit in count(1):
        cut = PowerCut(4 + commit % 7)
        try:
            await copied(source, cut.threaten(target))
        except PowerCutError:
            kills += 1
            with pytest.raises(CannotOpenError, match="Run the same racing-incident db copy again"):
                await target.upgrade()  # as a bot does that is started on half a community
            continue
        break
    assert kills >= 4
    assert await contents(target) == await contents(source)
    assert await target.read(revision) == LATEST


def _go_on(connection: Connection) -> None:
    """What a bot does that was started once more on the source: it changes, adds, and lets go of old rows."""
    vote, chat, post = tables.vote, tables.chat, tables.post
    connection.execute(update(vote).where(vote.c.poll_id == 1).values(after_ruling=1, cast_at=5))
    connection.execute(delete(vote).where(vote.c.poll_id == 3))
    connection.execute(delete(post).where(post.c.id == 2))
    connection.execute(update(chat).where(chat.c.id == 2).values(external="moved", moved_to=3))
    connection.execute(
        insert(chat).values(id=80, platform="telegram", external="-80", kind="group", polls=True, moved_to=None)
    )
    connection.execute(insert(tables.choice).values(id=80, poll_id=1, key="both"))
    connection.execute(
        insert(vote).values(poll_id=1, voter=-80, choice_id=80, chat_id=80, cast_at=1, after_ruling=0),
    )
    for table in (tables.delivery, tables.subscription):
        connection.execute(delete(table).where(table.c.chat_id == 4))


@pytest.mark.exhaustive
@pytest.mark.usefixtures("_short_pages")
async def test_what_has_changed_since_a_kill_is_set_right(source: Database, target: Database) -> None:
    with pytest.raises(PowerCutError):
        await copied(source, PowerCut(45).threaten(target))
    await source.write(_go_on)
    await copied(source, target)
    assert await contents(target) == await contents(source)
    assert await tallied(target) == {key: votes for key, votes in (await recounted(target)).items() if votes}


@pytest.mark.parametrize("old_url", ["sqlite"], indirect=True)
async def test_a_row_that_is_another_is_found(source: Database, target: Database) -> None:
    await copied(source, target)
    vote = tables.vote
    for change in (
        update(vote).where(vote.c.poll_id == 3).values(cast_at=1),
        delete(tables.post).where(tables.post.c.id == 4),
        insert(tables.menu).values(key="one more", digest=""),
    ):
        before = await target.read(all_rows)
        await target.write(partial(Connection.execute, statement=change))
        with pytest.raises(CopyError, match="has rows that are not this copy's, or has gone on since"):
            await copied(source, target)
        changed = await contents(target)
        assert changed != in_order(before), "what is another's stays as it is"


@ACROSS
async def test_two_who_copy_at_once_do_each_other_no_harm(source: Database, target: Database) -> None:
    done = await asyncio.gather(*(copied(source, target) for _ in range(2)), return_exceptions=True)
    assert any(isinstance(each, int) for each in done)
    assert all(isinstance(each, int) or "finished this copy meanwhile" in str(each) for each in done)
    assert await contents(target) == await contents(source)
    assert await target.read(revision) == LATEST


@ACROSS
async def test_a_target_with_rows_of_its_own_is_refused(source: Database, target: Database) -> None:
    await target.upgrade()
    await target.write(partial(Connection.execute, statement=insert(tables.menu).values(key="mine", digest="")))
    before = await contents(target)
    with pytest.raises(CopyError, match=r"has rows that are not this copy's.* Name a database that is empty\."):
        await copied(source, target)
    assert await contents(target) == before


@ACROSS
async def test_another_community_is_not_mixed_in(source: Database, target: Database) -> None:
    with pytest.raises(PowerCutError):
        await copied(source, PowerCut(10).threaten(target))
    before = await contents(target)
    fingerprint = update(tables.secret_fingerprint).values(fingerprint=b"another")
    await source.write(partial(Connection.execute, statement=fingerprint))
    with pytest.raises(CopyError, match="Another community is being copied into the target"):
        await copied(source, target)
    assert await contents(target) == before


@ACROSS
async def test_a_source_that_is_no_whole_community_of_this_version_is_refused(
    source: Database, target: Database
) -> None:
    for version, why in (("0019", "at revision 0019, and this version .* copies"), ("copying x", "not whole yet")):
        await source.write(partial(Connection.execute, statement=update(VERSION).values(version_num=version)))
        with pytest.raises(CopyError, match=why):
            await copied(source, target)
    assert await target.read(revision) is None


@ACROSS
async def test_an_older_target_is_refused(source: Database, target: Database) -> None:
    await target.upgrade()
    await target.write(partial(Connection.execute, statement=update(VERSION).values(version_num="0019")))
    with pytest.raises(CopyError, match="at revision 0019"):
        await copied(source, target)


@pytest.mark.postgresql
async def test_a_bot_that_runs_on_a_server_is_to_be_stopped(postgresql_url: str, tmp_path: Path) -> None:
    source, target = open_database(postgresql_url), open_database(f"sqlite:///{tmp_path / 'new.db'}")
    await source.write(fill)
    with pytest.raises(CopyError, match="A bot runs on the source"):
        await copied(source, target, now=2**62)
    await source.close()
    await target.close()


@pytest.mark.postgresql
async def test_a_process_that_only_answers_is_to_be_stopped_as_well(postgresql_url: str, tmp_path: Path) -> None:
    """It has no role that only one has; votes that it takes meanwhile would be left behind."""
    source, target = open_database(postgresql_url), open_database(f"sqlite:///{tmp_path / 'new.db'}")
    bot = open_database(postgresql_url)
    assert bot.notifications is not None
    async with bot.notifications.listening():
        with pytest.raises(CopyError, match="A bot runs on the source"):
            await copied(source, target)
    await bot.close()
    await copied(source, target)
    for database in (source, target):
        await database.close()


@pytest.mark.postgresql
async def test_what_does_not_fit_is_told(tmp_path: Path, empty_postgresql_url: str) -> None:
    source, target = open_database(f"sqlite:///{tmp_path / 'old.db'}"), open_database(empty_postgresql_url)
    await source.upgrade()
    await source.write(partial(Connection.execute, statement=insert(tables.menu).values(key="a\0b", digest="")))
    with pytest.raises(CopyError, match="A row of the source does not fit into the target: "):
        await copied(source, target)
    await source.close()
    await target.close()
