"""What the bot lacks to post by itself, as Telegram tells."""

import pytest

from bot.chat.dispatcher import ADMINS_ONLY
from tests.adapters.telegram.bot_api import BOT, PRIVATE, BotApi, Json, pressed, typed
from tests.adapters.telegram.desk import Desk

OURS = int(str(BOT["id"]))


@pytest.mark.parametrize(
    ("status", "rights", "permissions", "lacking"),
    [
        ("creator", {}, None, ()),
        ("administrator", {}, None, ()),
        ("administrator", {"can_post_messages": True}, None, ()),
        ("administrator", {"can_post_messages": False}, None, ("to post messages",)),
        ("member", {}, None, ()),
        ("member", {}, {"can_send_messages": True, "can_send_photos": True}, ()),
        ("member", {}, {"can_send_messages": True, "can_send_photos": False}, ("to send photos",)),
        ("member", {}, {"can_send_messages": False, "can_send_photos": False}, ("to send messages", "to send photos")),
        ("restricted", {}, {"can_send_messages": True}, ()),
        ("restricted", {"can_send_messages": False}, {"can_send_messages": True}, ("to send messages",)),
        ("left", {}, None, ("to send messages",)),
        ("kicked", {}, None, ("to send messages",)),
    ],
)
@pytest.mark.parametrize("update", [typed("/follow all"), pressed("follow all")])
async def test_a_command_that_makes_us_post_knows_what_we_lack(
    api: BotApi,
    desk: Desk,
    update: Json,
    status: str,
    rights: Json,
    permissions: Json | None,
    lacking: tuple[str, ...],
) -> None:
    api.members[OURS], api.rights, api.permissions = status, rights, permissions
    async with desk.open(desk.command("follow", posts=True)):
        await api.deliver(update)
    assert [request.lacking for request in desk.asked] == [lacking]


async def test_nothing_is_asked_where_it_does_not_matter(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("follow", posts=True), desk.command("crash")):
        await api.deliver(typed("/follow all", PRIVATE), typed("/crash"))
    assert [request.lacking for request in desk.asked] == [(), ()]
    assert api.given("getChatMember") == []


async def test_what_we_lack_is_not_asked_for_somebody_who_may_not_ask(api: BotApi, desk: Desk) -> None:
    api.members = {7: "member", OURS: "left"}
    async with desk.open(desk.command("follow", admin=True, posts=True)):
        await api.push(typed("/follow all"))
        await api.called("sendMessage")
        api.members[7] = "administrator"
        await api.deliver(typed("/follow all"))
    assert [request.lacking for request in desk.asked] == [("to send messages",)]
    assert ADMINS_ONLY in str(api.calls)
    assert [call["user_id"] for call in api.given("getChatMember")] == ["7", "7", "42"]
