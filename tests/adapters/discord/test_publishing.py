import asyncio
import dataclasses
from typing import Any

import discord
import pytest
from simcord.builders import ChannelHandle
from structlog.testing import capture_logs

from bot.chat.cards import Card
from bot.chat.replies import Attachment, Reply
from bot.domain.places import Post
from tests.adapters.discord.club import POLL, STORY, TITLE, Bot, Club, chat, title

RECAP = Reply(Card("Recap", paragraphs=("Norris won.",)), attachment=Attachment("podium.png", b"\x89PNG", "Norris"))
CROSSPOST = "/channels/*/messages/*/crosspost"


@pytest.fixture
def news(club: Club) -> ChannelHandle:
    """An announcement channel."""
    return club.guild.create_news_channel("news")


async def told(bot: Bot, channel: ChannelHandle, reply: Reply = RECAP, once: str = "") -> Post:
    """A reply sent there, and all that follows of it done."""
    post = await bot.adapter.send(chat(channel), reply, once=once)
    await asyncio.gather(*bot.adapter._posting._publisher._publishing)
    return post


def tries(club: Club) -> int:
    """How often something was to be published."""
    return sum(request.path.endswith("/crosspost") for request in club.env.http_requests)


def is_published(message: discord.Message) -> bool:
    return message.flags.crossposted or message.flags.is_crossposted  # simcord sets a copy's flag on the original


async def test_what_is_told_in_an_announcement_channel_is_published(bot: Bot, club: Club, news: ChannelHandle) -> None:
    await told(bot, news)
    assert is_published(club.last(news))


async def test_its_words_and_picture_are_in_an_embed_which_is_what_followers_get(
    bot: Bot, club: Club, news: ChannelHandle
) -> None:
    await told(bot, news, dataclasses.replace(RECAP, buttons=STORY.buttons))
    message = club.last(news)
    (embed,) = message.embeds
    assert embed.description == "### Recap\nNorris won\\."
    assert [file.filename for file in message.attachments] == ["podium.png"]
    assert embed.image.url
    labels = [button.label for row in message.components for button in getattr(row, "children", ())]
    assert labels == ["Who was to blame?", "Russell"]
    assert not message.flags.components_v2


async def test_a_role_is_notified_above_the_embed(bot: Bot, club: Club, news: ChannelHandle) -> None:
    role = club.guild.create_role("Tifosi")
    await bot.adapter.send(chat(news), RECAP, ping=str(role.id))
    assert club.last(news).content == f"<@&{role.id}>"


@pytest.mark.parametrize("kept", [POLL, dataclasses.replace(RECAP, veiled=True)], ids=["poll", "veiled"])
async def test_a_poll_and_what_is_veiled_stay_in_their_channel(
    bot: Bot, club: Club, news: ChannelHandle, kept: Reply
) -> None:
    await told(bot, news, kept)
    assert club.last(news).flags.components_v2
    assert not is_published(club.last(news))
    assert tries(club) == 0


async def test_in_another_channel_a_thread_and_a_private_chat_nothing_is_published(bot: Bot, club: Club) -> None:
    for channel in (club.channel, club.thread(), club.al.user.dm_channel):
        await told(bot, channel)
        assert club.last(channel).flags.components_v2
    assert tries(club) == 0


async def test_a_channel_is_asked_about_once_a_day(bot: Bot, club: Club) -> None:
    def asked() -> int:
        return sum(request.method == "GET" for request in club.env.http_requests)

    before = asked()
    for _ in range(3):
        await told(bot, club.channel)
    assert asked() == before + 1
    bot.clock.pass_by(86_401)
    await told(bot, club.channel)
    assert asked() == before + 2


async def test_a_channel_that_cannot_be_asked_about_is_told_all_the_same(
    bot: Bot, club: Club, news: ChannelHandle
) -> None:
    club.env.inject_error("GET", "/channels/*", status=403, code=50001)
    await told(bot, news)
    assert title(club.last(news)) == "Recap"
    await told(bot, news)
    assert is_published(club.last(news))


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (400, 50024), (404, 10008)])
async def test_a_refusal_costs_the_delivery_nothing_and_the_log_a_line(
    bot: Bot, club: Club, news: ChannelHandle, status: int, code: int
) -> None:
    club.env.inject_error("POST", CROSSPOST, status=status, code=code, times=2)
    with capture_logs() as logs:
        for _ in range(2):
            await told(bot, news)
    assert len(news.history()) == tries(club) == 2
    assert [line["event"] for line in logs] == ["discord.publish_failed"]
    await told(bot, news)
    assert is_published(club.last(news))


async def test_what_comes_twice_is_published_once(bot: Bot, club: Club, news: ChannelHandle) -> None:
    with capture_logs() as logs:
        await told(bot, news, once="1-1")
        await bot.adapter._posting._publisher._publish(
            bot.adapter._connected(), Post(chat(news), str(club.last(news).id))
        )
    assert is_published(club.last(news))
    assert logs == []


async def test_after_ten_in_an_hour_a_channel_waits(bot: Bot, news: ChannelHandle) -> None:
    for _ in range(11):
        await told(bot, news)
    assert all(is_published(message) for message in news.history())
    assert sum(bot.clock.slept) == pytest.approx(3_600)


async def test_a_delivery_does_not_wait_for_what_is_being_published(bot: Bot, club: Club, news: ChannelHandle) -> None:
    post = await bot.adapter.send(chat(news), RECAP)
    assert not is_published(club.last(news))
    assert post.message == str(club.last(news).id)


async def test_where_discord_fails_it_is_tried_again_later(bot: Bot, club: Club, news: ChannelHandle) -> None:
    wait: dict[str, Any] = {"status": 400, "code": 40003}
    club.env.inject_error("POST", CROSSPOST, **wait, times=2)
    await told(bot, news)
    assert is_published(club.last(news))
    assert bot.clock.slept == [60.0, 60.0]


async def test_a_correction_changes_what_followers_read(bot: Bot, club: Club, news: ChannelHandle) -> None:
    post = await told(bot, news)
    await bot.adapter.edit(post, Reply(Card("Recap", paragraphs=("Piastri won.",))))
    message = club.last(news)
    assert message.embeds[0].description == "### Recap\nPiastri won\\."
    assert is_published(message)


async def test_a_layout_in_an_announcement_channel_stays_one(bot: Bot, club: Club, news: ChannelHandle) -> None:
    post = await told(bot, news, POLL)
    await bot.adapter.edit(post, STORY)
    assert title(club.last(news)) == TITLE
    assert club.last(news).flags.components_v2


async def test_whoever_dies_in_between_leaves_the_message_sent_and_unpublished(
    bot: Bot, club: Club, news: ChannelHandle
) -> None:
    await bot.adapter.send(chat(news), RECAP)
    await bot.adapter._posting._publisher.close()
    assert len(news.history()) == 1
    assert not is_published(club.last(news))
