"""What is asked in one channel about another: a forum, in which nothing can be typed, or any other of the server."""

from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simcord.builders import ChannelHandle
from simcord.components import walk_components

from bot.adapters.discord.addresses import channel_chat, forum_chat
from bot.adapters.discord.elsewhere import NOT_THAT_KIND, NOT_THERE, mention, named
from bot.adapters.discord.permissions import lacking_of
from bot.chat.dispatcher import ADMINS_ONLY
from bot.domain.places import Chat
from tests.adapters.discord.club import Bot, Club, title
from tests.adapters.discord.layouts import components_of, texts
from tests.adapters.discord.test_permissions import allow


@pytest.fixture
def forum(club: Club) -> ChannelHandle:
    return club.guild.create_forum_channel("races")


def refused(response: Any) -> str:
    """A sentence to the asker alone, without its escapes."""
    return title(response).replace("\\", "")


def buttons(message: discord.Message) -> list[str]:
    return [each["custom_id"] for each in walk_components(components_of(message)) if "custom_id" in each]


async def test_an_admin_subscribes_a_forum_from_another_channel(bot: Bot, club: Club, forum: ChannelHandle) -> None:
    await club.bo.slash(club.channel, "subscribe", topic="recaps", channel=forum)
    (request,) = bot.asked
    assert (request.chat, request.argument, request.lacking) == (forum_chat(forum.id), "recaps", ())
    assert texts(components_of(club.last())) == ["### On\\: recaps", "*\\#races*"]


@pytest.mark.parametrize("kind", ["text", "news"])
async def test_so_is_any_other_channel_in_which_something_can_be_told(bot: Bot, club: Club, kind: str) -> None:
    make = club.guild.create_text_channel if kind == "text" else club.guild.create_news_channel
    channel = make("other")
    await club.bo.slash(club.channel, "subscribe", channel=channel)
    assert [(request.chat, request.argument) for request in bot.asked] == [(channel_chat(channel.id), "")]


async def test_a_channel_may_be_named_within_the_words(bot: Bot, club: Club, forum: ChannelHandle) -> None:
    await club.bo.slash(club.channel, "subscribe", topic=f"recaps {mention(forum.id)} sprints")
    assert [(request.chat, request.argument) for request in bot.asked] == [(forum_chat(forum.id), "recaps sprints")]


async def test_its_buttons_go_on_being_about_that_channel(bot: Bot, club: Club, forum: ChannelHandle) -> None:
    await club.bo.slash(club.channel, "subscribe", topic="recaps", channel=forum)
    assert buttons(club.last()) == [f"~subscribe sprints {mention(forum.id)}", "crash"]
    await club.bo.click(club.last(), label="Sprints too")
    assert [(request.chat, request.argument) for request in bot.asked[1:]] == [(forum_chat(forum.id), "sprints")]
    assert texts(components_of(club.last())) == ["### On\\: recaps", "*\\#races*"]
    assert [post.chat for post, _reply in bot.posted] == [club.chat] * 2, "the answer is where it was asked"


async def test_who_does_not_manage_the_server_may_not(bot: Bot, club: Club, forum: ChannelHandle) -> None:
    await club.bo.slash(club.channel, "subscribe", topic="recaps", channel=forum)
    answer = await club.al.click(club.last(), label="Sprints too")
    assert refused(answer.response).startswith(ADMINS_ONLY)
    assert len(bot.asked) == 1


async def test_whom_the_servers_settings_let_in_may_where_they_see_the_channel(bot: Bot, club: Club) -> None:
    await allow(club, "subscribe", club.al)
    everybody, bots = club.guild.default_role, club.guild.roles["TestBot"]
    seen, unseen = (discord.PermissionOverwrite(view_channel=is_seen) for is_seen in (True, False))
    secret = club.guild.create_text_channel("secret", overwrites={everybody: unseen, bots: seen})
    other = club.guild.create_text_channel("other")
    answer = await club.al.slash(club.channel, "subscribe", topic=mention(secret.id))
    assert refused(answer.response).startswith(ADMINS_ONLY)
    await club.al.slash(club.channel, "subscribe", channel=other)
    await club.al.click(club.last(), label="Sprints too")
    assert [request.chat for request in bot.asked] == [channel_chat(other.id)] * 2


async def test_what_the_bot_lacks_is_what_it_lacks_there(bot: Bot, club: Club) -> None:
    everybody = club.guild.default_role
    quiet = club.guild.create_text_channel(
        "quiet", overwrites={everybody: discord.PermissionOverwrite(send_messages=False, embed_links=False)}
    )
    await club.bo.slash(club.channel, "subscribe", channel=quiet)
    assert [request.lacking for request in bot.asked] == [("Send Messages", "Embed Links")]


@pytest.mark.parametrize(
    ("missing", "lacking"),
    [
        ({}, ()),
        ({"send_messages": False}, ("Create Posts",)),
        ({"send_messages_in_threads": False, "attach_files": False}, ("Send Messages in Posts", "Attach Files")),
        ({"view_channel": False, "embed_links": False}, ("View Channel", "Embed Links")),
    ],
)
def test_a_forum_takes_the_rights_to_create_posts_and_to_write_in_them(
    missing: dict[str, bool], lacking: tuple[str, ...]
) -> None:
    has = discord.Permissions.all()
    has.update(administrator=False, **missing)
    assert lacking_of(has, forum=True) == lacking


@pytest.mark.parametrize("kind", ["voice", "category", "thread"])
async def test_a_channel_in_which_nothing_can_be_told_is_said(bot: Bot, club: Club, kind: str) -> None:
    make = {"voice": club.guild.create_voice_channel, "category": club.guild.create_category}
    channel = make[kind]("other") if kind in make else club.thread()
    answer = await club.bo.slash(club.channel, "subscribe", topic=mention(channel.id))
    assert refused(answer.response) == NOT_THAT_KIND
    assert bot.asked == []


async def test_a_channel_of_another_server_is_none_of_theirs(bot: Bot, club: Club) -> None:
    theirs = club.env.create_guild(owner=club.owner).create_text_channel("theirs")
    answer = await club.bo.slash(club.channel, "subscribe", topic=mention(theirs.id))
    assert refused(answer.response) == NOT_THAT_KIND
    assert bot.asked == []


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (404, 10003)])
async def test_a_channel_that_the_bot_cannot_see_is_said(
    bot: Bot, club: Club, forum: ChannelHandle, status: int, code: int
) -> None:
    club.env.inject_error("GET", "/channels/*", status=status, code=code)
    answer = await club.bo.slash(club.channel, "subscribe", channel=forum)
    assert refused(answer.response) == NOT_THERE
    assert bot.asked == []


async def test_in_private_there_is_no_server_that_a_channel_could_be_of(
    bot: Bot, club: Club, forum: ChannelHandle
) -> None:
    answer = await club.bo.user.slash("subscribe", topic=mention(forum.id))
    assert refused(answer.response) == NOT_THAT_KIND
    assert bot.asked == []


async def test_what_takes_no_admin_is_about_no_other_channel(bot: Bot, club: Club, forum: ChannelHandle) -> None:
    await club.al.slash(club.channel, "crash", incident=mention(forum.id))
    assert [(request.chat, request.argument) for request in bot.asked] == [(club.chat, mention(forum.id))]


@given(st.text(max_size=60))
def test_any_words_name_one_channel_or_none(words: str) -> None:
    found = named(words)
    assert found is None or mention(found[0]) in words.split()


def test_forums_and_channels_are_different_chats() -> None:
    assert forum_chat(7) != channel_chat(7)
    assert isinstance(forum_chat(7), Chat)
