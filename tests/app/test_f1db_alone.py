"""A bot without the archive: f1db alone is what the season is followed by, and every old race is there."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.app.settings import Settings
from bot.cards.missing import NOT_IN_YET, NOT_NOW
from bot.chat.instants import as_written
from bot.domain.season import Witness
from bot.domain.sessions import Session, SessionKind
from bot.feeds.f1db.client import F1db
from bot.search.catalogue import Incidents
from storage.f1db import F1dbReader
from storage.incidents.reading import read_f1db_ids
from tests.support.clock import HeldClock
from tests.support.conversation import Conversation, conversation
from tests.support.f1db_release import invented_release
from tests.support.f1db_server import F1dbServer
from tests.support.season import FAN

RELEASE = invented_release(range(1961, 1963), races=9)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
async def bot(settings: Settings, incidents: Incidents, clock: HeldClock) -> AsyncIterator[Conversation]:
    async with (
        F1dbServer(RELEASE.packed()) as server,
        F1db(server.latest, read_f1db_ids()) as second,
        conversation(settings, incidents, second=second, clock=clock) as bot,
    ):
        reader = F1dbReader(bot.core.stored.database)
        while await reader.release() is None:
            await clock.wake_in_time()
        yield bot


async def test_an_old_race_is_told_at_once(bot: Conversation) -> None:
    recap = await bot.ask("/recap monza 1961", FAN)
    assert "Italian Grand Prix" in recap.card.title
    results = await bot.ask("/results monza 1961", FAN)
    assert "Italian Grand Prix" in results.card.title


async def test_its_championships_are_there(bot: Conversation) -> None:
    table = await bot.ask("/standings 1961", FAN)
    assert "1961" in table.card.title


@pytest.mark.parametrize("asked", ["/recap monza 1961", "/results monza 1961", "/standings 1961", "/calendar 1961"])
async def test_whose_data_it_is_is_told(bot: Conversation, asked: str) -> None:
    footer = as_written((await bot.ask(asked, FAN)).card.footer)
    assert "f1db, CC BY 4.0" in footer
    assert "Jolpica" not in footer


async def test_what_it_has_not_told_nobody_is_asked_for_and_that_is_said(bot: Conversation) -> None:
    for asked in ("/results monza 1988", "/recap 1988", "/standings 1988", "/calendar 1988"):
        reply = await bot.ask(asked, FAN)
        assert reply.card.title == NOT_NOW[Witness.F1DB]
        assert reply.awaits is None


@pytest.mark.parametrize(
    ("asked", "after", "said"),
    [
        ("/results monza 1962 qualifying", dt.timedelta(hours=3), "No qualifying before 1994 is known here."),
        ("/results monza 1963", dt.timedelta(hours=3), NOT_IN_YET[Witness.F1DB]),
        ("/recap monza 1963", dt.timedelta(days=5), NOT_NOW[Witness.F1DB]),
    ],
)
async def test_a_result_comes_with_its_next_release(
    bot: Conversation, clock: HeldClock, asked: str, after: dt.timedelta, said: str
) -> None:
    italy = (await bot.core.stored.seasons.schedule(1962))[7]
    start = dt.datetime(1963, 9, 8, 13, tzinfo=dt.UTC)
    race = replace(italy, season=1963, sessions=(Session(SessionKind.RACE, start.date(), start),))
    await bot.core.stored.seasons.store_schedule(1963, [race], start, Witness.F1DB)
    clock.set(start + after)
    assert (await bot.ask(asked, FAN)).card.title == said
