"""Moments by their readers' clocks, and what becomes of them on a server that is too old to know of these."""

import datetime as dt
from collections.abc import Sequence

from bot.chat.cards import Card
from bot.chat.commands import Offer
from bot.chat.instants import Instant, text_of
from bot.chat.replies import Attachment, Reply
from bot.chat.requests import Request
from tests.adapters.telegram.bot_api import BotApi, Call, inline_query
from tests.adapters.telegram.desk import PIT_WALL, Desk

START = Instant(dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC), "Sunday 18 April, 13:00 UTC")
NEXT = Reply(Card("Imola", paragraphs=(text_of("It starts on ", START, "."),)))
DRAWN = Reply(NEXT.card, attachment=Attachment("weekend.png", b"png", "A weekend"))
CLOCK = '<tg-time unix="1618750800" format="wDt">Sunday 18 April, 13:00 UTC</tg-time>'
WRITTEN = "<b>Imola</b>\n\nIt starts on Sunday 18 April, 13:00 UTC."


async def offered(_typed: str, _request: Request) -> Sequence[Offer]:
    return [Offer("next", "Next", "The next race", NEXT)]


async def test_a_moment_is_sent_with_its_clock(api: BotApi, desk: Desk) -> None:
    async with desk.open() as adapter:
        await adapter.send(PIT_WALL, NEXT)
    assert [sent["text"] for sent in api.given("sendMessage")] == [f"<b>Imola</b>\n\nIt starts on {CLOCK}."]


async def test_an_older_server_is_told_every_message_as_it_is_written(api: BotApi, desk: Desk) -> None:
    api.knows_clocks = False
    async with desk.open(offer=offered) as adapter:
        post = await adapter.send(PIT_WALL, NEXT)
        await adapter.edit(post, NEXT)
        drawn = await adapter.send(PIT_WALL, DRAWN)
        await adapter.edit(drawn, DRAWN)
        await api.deliver(inline_query("next"))
    assert set(api.shown.values()) == {WRITTEN}
    (answer,) = api.given("answerInlineQuery")
    assert [each["input_message_content"]["message_text"] for each in answer["results"]] == [WRITTEN]
    assert refused(api.calls) == ["sendMessage"], "it is asked once"


async def test_an_older_servers_picture_is_changed_with_its_caption(api: BotApi, desk: Desk) -> None:
    async with desk.open() as adapter:
        drawn = await adapter.send(PIT_WALL, Reply(Card("Imola"), attachment=DRAWN.attachment))
        api.knows_clocks = False
        await adapter.edit(drawn, DRAWN)
    assert set(api.shown.values()) == {WRITTEN}
    assert refused(api.calls) == ["editMessageMedia"]


def refused(calls: Sequence[Call]) -> list[str]:
    return [call.method for call in calls if "<tg-time" in str(call.data)]
