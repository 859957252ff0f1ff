import asyncio
import datetime as dt

import pytest

from bot.chat.cards import Card
from bot.chat.replies import Bulletin, Reply
from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.deliveries import Delivery
from bot.jobs.delivery.rendered import FRESH, MOST_RENDERED, RenderedBulletins
from tests.support.clock import FakeClock
from tests.support.post_office import SUNDAY, group


class Desk:
    """Where bulletins are written, each with a number; one that is to fail does so once."""

    def __init__(self) -> None:
        self.clock = FakeClock(SUNDAY)
        self.written = 0
        self.failures: list[Exception] = []
        self.open = asyncio.Event()
        self.open.set()
        self.rendered = RenderedBulletins(self._write, self.clock)

    async def _write(self, announcement_id: int, _settings: ChatSettings) -> Bulletin | None:
        self.written += 1
        number = self.written
        await self.open.wait()
        if self.failures:
            raise self.failures.pop()
        return Bulletin(Reply(Card(f"news {number}"))) if announcement_id else None

    async def said(self, settings: ChatSettings | None = None, announcement: int = 1, chat: int = 1) -> str:
        """What a chat is told."""
        bulletin = await self.rendered.of(Delivery(announcement, chat, group(chat), settings or ChatSettings()))
        return bulletin.reply.card.title if bulletin else "nothing"


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_chats_that_want_it_alike_share_their_words(desk: Desk) -> None:
    desk.open.clear()
    telling = [asyncio.ensure_future(desk.said(chat=number)) for number in range(10)]
    await asyncio.sleep(0)
    desk.open.set()
    assert await asyncio.gather(*telling) == ["news 1"] * 10
    assert await desk.said(ChatSettings(quiet_from=60, quiet_until=120)) == "news 1"


@pytest.mark.parametrize(
    "other", [ChatSettings(zone="Europe/London"), ChatSettings(language="de"), ChatSettings(spoilers=Spoilers.VEILED)]
)
async def test_chats_that_want_it_otherwise_have_words_of_their_own(desk: Desk, other: ChatSettings) -> None:
    assert await desk.said() == "news 1"
    assert await desk.said(other) == "news 2"
    assert await desk.said(announcement=2) == "news 3"
    assert await desk.said() == "news 1"


async def test_words_are_written_anew_after_a_while(desk: Desk) -> None:
    await desk.said()
    desk.clock.pass_by(FRESH)
    assert await desk.said() == "news 1"
    desk.clock.pass_by(dt.timedelta(seconds=1))
    assert await desk.said() == "news 2"


async def test_what_is_not_to_be_told_is_not_asked_for_again_at_once(desk: Desk) -> None:
    assert await desk.said(announcement=0) == await desk.said(announcement=0) == "nothing"
    assert desk.written == 1


async def test_words_that_could_not_be_written_are_tried_again(desk: Desk) -> None:
    desk.failures = [ValueError("no words")]
    with pytest.raises(ValueError, match="no words"):
        await desk.said()
    assert await desk.said() == "news 2"


async def test_a_delivery_that_is_given_up_does_not_take_the_words_from_others(desk: Desk) -> None:
    desk.open.clear()
    first, second = asyncio.ensure_future(desk.said()), asyncio.ensure_future(desk.said())
    await asyncio.sleep(0)
    first.cancel()
    desk.open.set()
    assert await second == "news 1"
    assert desk.written == 1


async def test_only_so_many_words_are_kept(desk: Desk) -> None:
    for number in range(1, MOST_RENDERED + 2):
        await desk.said(announcement=number)
    assert len(desk.rendered._rendered) == MOST_RENDERED
