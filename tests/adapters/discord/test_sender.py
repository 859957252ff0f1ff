import dataclasses
from typing import Any, cast

import discord
import pytest

from bot.chat.cards import Card, Field
from bot.chat.platform import ChatGoneError, NotAllowedError, PostGoneError, SlowDownError, UnreachableError
from bot.chat.replies import Attachment, Reply
from bot.domain.places import Chat, ChatKind, Platform, Post
from tests.adapters.discord.club import POLL, STORY, TITLE, Bot, Club, chat, title
from tests.adapters.discord.layouts import components_of, in_sight, pictures, texts

PICTURE = Attachment("podium.png", b"\x89PNG", "Norris won")
CHART = Attachment("chart.png", b"\x89PNG2", "Russell leads")


def sent(club: Club, number: int = -1) -> dict[str, Any]:
    """What Discord was told in one of the bot's calls, the last one first."""
    return cast("dict[str, Any]", club.env.http_requests[number].json)


async def posted_as_an_embed(club: Club, data: str = "blame imola-2021") -> Post:
    """A message as earlier versions sent it: a role above an embed, buttons below."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Who was to blame?", custom_id=data))
    channel = club.env.bot.get_partial_messageable(club.channel.id)
    message = await channel.send("<@&1>", embed=discord.Embed(title=TITLE), view=view)
    return club.post(message)


async def test_a_message_carries_what_tells_it_from_all_others(bot: Bot, club: Club) -> None:
    await bot.adapter.send(club.chat, STORY, once="a" * 25)
    assert (sent(club)["nonce"], sent(club)["enforce_nonce"]) == ("a" * 25, True)


async def test_what_tells_messages_apart_fits_however_long_it_is(bot: Bot, club: Club) -> None:
    for once in ("a" * 26, "a" * 26, "a" * 27, "", ""):
        await bot.adapter.send(club.chat, STORY, once=once)
    first, again, other, *any_other = [sent(club, number)["nonce"] for number in range(-5, 0)]
    assert first == again != other
    assert len({first, other, *any_other}) == 4
    assert {len(nonce) for nonce in (first, other)} == {25}
    assert all(0 < len(nonce) <= 25 for nonce in any_other)


async def test_one_role_is_notified_and_nobody_else(bot: Bot, club: Club) -> None:
    role = club.guild.create_role("Tifosi")
    await bot.adapter.send(club.chat, STORY, ping=str(role.id))
    assert texts(components_of(club.last()))[0] == f"<@&{role.id}>"
    assert sent(club)["allowed_mentions"] == {"parse": [], "roles": [role.id]}

    await bot.adapter.send(club.chat, STORY)
    assert len(texts(components_of(club.last()))) == 1
    assert sent(club)["allowed_mentions"] == {"parse": []}


async def test_a_notified_role_goes_on_standing_above_what_is_changed(bot: Bot, club: Club) -> None:
    role = club.guild.create_role("Tifosi")
    post = await bot.adapter.send(club.chat, STORY, ping=str(role.id))
    await bot.adapter.edit(post, POLL)
    assert texts(components_of(club.last())) == [f"<@&{role.id}>", "Who was to blame?"]
    assert sent(club)["allowed_mentions"] == {"parse": []}


async def test_a_message_of_an_earlier_version_becomes_a_layout_when_it_is_changed(bot: Bot, club: Club) -> None:
    old = await posted_as_an_embed(club)
    await bot.adapter.edit(old, POLL)
    message = club.last()
    assert title(message) == "Who was to blame?"
    assert (message.content, message.embeds, message.flags.components_v2) == ("", [], True)
    await bot.adapter.edit(old, STORY)
    assert title(club.last()) == TITLE


async def test_a_press_below_a_message_of_an_earlier_version_makes_it_a_layout(club: Club) -> None:
    await posted_as_an_embed(club, "~blame imola-2021")
    await club.al.click(club.last(), label="Who was to blame?")
    message = club.last()
    assert title(message) == "Who was to blame?"
    assert (message.content, message.embeds, message.flags.components_v2) == ("", [], True)


async def test_a_thread_and_a_private_chat_are_chats(bot: Bot, club: Club) -> None:
    for channel in (club.thread(), club.al.user.dm_channel):
        post = await bot.adapter.send(chat(channel), STORY)
        assert title(club.last(channel)) == TITLE
        await bot.adapter.edit(post, POLL)
        assert title(club.last(channel)) == "Who was to blame?"
    assert club.channel.history() == []


async def test_a_command_in_a_thread_is_answered_there(bot: Bot, club: Club) -> None:
    thread = club.thread()
    await club.al.slash(thread, "crash", incident="imola")
    assert bot.asked[0].chat == chat(thread) != club.chat
    assert title(club.last(thread)) == TITLE


async def test_a_message_of_ours_can_be_changed(bot: Bot, club: Club) -> None:
    post = await bot.adapter.send(club.chat, STORY)
    await bot.adapter.edit(post, POLL)
    assert title(club.last()) == "Who was to blame?"
    assert club.post(club.last()) == post


async def test_a_picture_is_replaced_and_taken_away_again(bot: Bot, club: Club) -> None:
    post = await bot.adapter.send(club.chat, Reply(Card("Recap"), attachment=PICTURE))
    await bot.adapter.edit(post, Reply(Card("Chart"), attachment=CHART))
    assert [file.filename for file in club.last().attachments] == ["chart.png"]
    await bot.adapter.edit(post, Reply(Card("Words")))
    assert club.last().attachments == []


async def test_what_is_veiled_stays_so_when_it_is_changed(bot: Bot, club: Club) -> None:
    result = Reply(Card("Imola", fields=(Field("Winner", "Norris"),)), attachment=PICTURE, veiled=True)
    post = await bot.adapter.send(club.chat, result)
    corrected = Card("Imola", fields=(Field("Winner", "Piastri"),))
    await bot.adapter.edit(post, dataclasses.replace(result, card=corrected, attachment=CHART))
    message = club.last()
    assert texts(components_of(message)) == ["### Imola", "**Winner**: Piastri"]
    assert in_sight(components_of(message)) == ["### Imola"]
    assert len(pictures(components_of(message))) == len(message.attachments) == 1


async def test_a_deleted_message_is_gone(bot: Bot, club: Club) -> None:
    post = await bot.adapter.send(club.chat, STORY)
    await club.last().delete()
    with pytest.raises(PostGoneError):
        await bot.adapter.edit(post, POLL)


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (404, 10003)])
async def test_a_channel_that_shuts_us_out_is_gone(bot: Bot, club: Club, status: int, code: int) -> None:
    club.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    with pytest.raises(ChatGoneError):
        await bot.adapter.send(club.chat, STORY)


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (403, 50013, "Embed Links"),
        (403, 160005, "This thread is locked"),
        (400, 50083, "archived, and locked"),
        (400, 50008, "kind of channel"),
        (400, 50024, "kind of channel"),
        (400, 40058, "kind of channel"),
        (400, 200000, "AutoMod"),
    ],
)
async def test_what_is_in_the_way_of_a_message_is_said(
    bot: Bot, club: Club, status: int, code: int, reason: str
) -> None:
    club.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    with pytest.raises(NotAllowedError, match=reason):
        await bot.adapter.send(club.chat, STORY)


async def test_in_an_archived_thread_nothing_can_be_changed_any_longer(bot: Bot, club: Club) -> None:
    post = await bot.adapter.send(chat(club.thread()), STORY)
    club.env.inject_error("PATCH", "/channels/*", status=400, code=50083)
    with pytest.raises(PostGoneError):
        await bot.adapter.edit(post, POLL)


async def test_without_a_connection_discord_cannot_be_reached() -> None:
    adapter = Bot().adapter
    somewhere = Chat(Platform.DISCORD, "1")
    with pytest.raises(UnreachableError):
        await adapter.send(somewhere, STORY)
    with pytest.raises(UnreachableError):
        await adapter.tell_admin(somewhere, STORY)


async def test_who_owns_the_server_looks_after_its_channels_and_threads(bot: Bot, club: Club) -> None:
    assert await bot.adapter.tell_admin(club.chat, STORY)
    assert title(club.last(club.owner.dm_channel)) == TITLE
    assert await bot.adapter.tell_admin(chat(club.thread()), POLL)
    assert title(club.last(club.owner.dm_channel)) == "Who was to blame?"
    assert club.channel.history() == []


async def test_an_owner_is_told_the_same_of_a_channel_once(bot: Bot, club: Club) -> None:
    nonces = []
    for channel, reply in ((club.channel, STORY), (club.channel, STORY), (club.channel, POLL), (club.thread(), STORY)):
        await bot.adapter.tell_admin(chat(channel), reply)
        nonces.append(sent(club)["nonce"])
    assert nonces[0] == nonces[1]
    assert len(set(nonces)) == 3


async def test_a_private_chat_has_nobody_to_look_after_it(bot: Bot, club: Club) -> None:
    private = chat(club.al.user.dm_channel)
    calls = len(club.env.http_requests)
    assert not await bot.adapter.tell_admin(dataclasses.replace(private, kind=ChatKind.PRIVATE), STORY)
    assert len(club.env.http_requests) == calls
    assert not await bot.adapter.tell_admin(private, STORY)
    assert club.al.user.dm_channel.history() == []


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/channels/*", 403, 50001),
        ("GET", "/channels/*", 404, 10003),
        ("GET", "/guilds/*", 404, 10004),
        ("POST", "/channels/*/messages", 403, 50007),
    ],
)
async def test_an_owner_who_cannot_be_reached_is_not_told(
    bot: Bot, club: Club, method: str, path: str, status: int, code: int
) -> None:
    club.env.inject_error(method, path, status=status, code=code)
    assert not await bot.adapter.tell_admin(club.chat, STORY)


@pytest.mark.parametrize(("status", "code", "meaning"), [(503, 0, UnreachableError), (400, 40003, SlowDownError)])
async def test_an_owner_may_be_told_later(
    bot: Bot, club: Club, status: int, code: int, meaning: type[Exception]
) -> None:
    club.env.inject_error("POST", "/users/@me/channels", status=status, code=code)
    with pytest.raises(meaning):
        await bot.adapter.tell_admin(club.chat, STORY)
