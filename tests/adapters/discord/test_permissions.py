import re
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
import simcord.interactions
from simcord.actors import MemberActor

from bot.adapters.discord.client import Client
from bot.adapters.discord.permissions import MEMBERSHIP, PRESSES, SERVER_OR_CHAT
from tests.adapters.discord.club import Bot, Club, title

README = Path(__file__).parents[3] / "README.md"

NEEDED = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, embed_links=True, attach_files=True
)
"""What the invitation asks for, and no more than what posting takes."""


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What interactions say besides what they say anyway; it is to be filled."""
    more: dict[str, Any] = {}
    base_payload = simcord.interactions.base_payload

    def payload(*args: Any, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        record, said = base_payload(*args, **kwargs)
        return record, said | more

    monkeypatch.setattr(simcord.interactions, "base_payload", payload)
    return more


def allowed(**lacking: bool) -> str:
    """All permissions but some, as Discord writes them."""
    permissions = discord.Permissions.all()
    permissions.update(administrator=False, **lacking)
    return str(permissions.value)


@pytest.mark.parametrize(
    ("permissions", "lacking"),
    [
        (allowed(), ()),
        (str(discord.Permissions(administrator=True).value), ()),
        (str(NEEDED.value), ()),
        (allowed(view_channel=False), ("View Channel",)),
        (allowed(send_messages=False, attach_files=False), ("Send Messages", "Attach Files")),
        (allowed(send_messages_in_threads=False), ()),
        (allowed(embed_links=False), ("Embed Links",)),
    ],
)
async def test_what_the_bot_lacks_to_post_in_a_channel(
    bot: Bot, club: Club, said: dict[str, Any], permissions: str, lacking: tuple[str, ...]
) -> None:
    said["app_permissions"] = permissions
    await club.al.slash(club.channel, "follow")
    assert bot.asked[0].lacking == lacking


@pytest.mark.parametrize(
    ("permissions", "lacking"),
    [
        (allowed(send_messages=False), ()),
        (allowed(send_messages_in_threads=False), ("Send Messages in Threads",)),
    ],
)
async def test_a_thread_has_a_permission_of_its_own(
    bot: Bot, club: Club, said: dict[str, Any], permissions: str, lacking: tuple[str, ...]
) -> None:
    said["app_permissions"] = permissions
    await club.al.slash(club.thread(), "follow")
    assert bot.asked[0].lacking == lacking


async def test_a_button_is_told_what_the_bot_lacks_too(bot: Bot, club: Club, said: dict[str, Any]) -> None:
    await club.al.slash(club.channel, "follow")
    said["app_permissions"] = allowed(view_channel=False)
    await club.al.click(club.last(), label="Follow")
    assert [request.lacking for request in bot.asked] == [(), ("View Channel",)]


async def test_only_what_posts_is_told(bot: Bot, club: Club, said: dict[str, Any]) -> None:
    said["app_permissions"] = "0"
    await club.al.slash(club.channel, "crash", incident="imola")
    assert bot.asked[0].lacking == ()


def client_of(club: Club) -> Client:
    assert isinstance(club.env.bot, Client)
    return club.env.bot


async def allow(club: Club, name: str, who: MemberActor) -> None:
    """Let somebody use a command, as the server's settings can."""
    commands = {command.name: command for command in await client_of(club).tree.fetch_commands()}
    club.guild.set_command_permissions(commands[name], {who: True})


async def test_a_command_for_admins_is_at_first_for_who_manages_the_server(bot: Bot, club: Club) -> None:
    assert "settings" not in club.al.available_commands(club.channel)
    await club.bo.slash(club.channel, "settings")
    assert len(bot.asked) == 1


async def test_whoever_the_servers_settings_let_in_is_let_in(bot: Bot, club: Club) -> None:
    await allow(club, "settings", club.al)
    await club.al.slash(club.channel, "settings")
    assert title(club.last()) == "Settings"
    assert len(bot.asked) == 1


async def test_who_was_let_in_may_press_what_belongs_to_the_command_for_an_hour(bot: Bot, club: Club) -> None:
    await allow(club, "settings", club.al)
    await club.al.slash(club.channel, "settings")
    await club.al.click(club.last(), label="Zone")
    assert [request.argument for request in bot.asked] == ["", "zone"]
    await bot.clock.sleep(PRESSES)
    refused = await club.al.click(club.last(), label="Zone")
    assert title(refused.response).startswith("Only this chat's admins can do that\\.")


async def test_who_only_presses_manages_the_server_or_is_refused(bot: Bot, club: Club) -> None:
    await club.bo.slash(club.channel, "settings")
    refused = await club.al.click(club.last(), label="Zone")
    assert refused.ephemeral
    assert len(bot.asked) == 1


async def test_while_discord_has_an_older_menu_it_lets_nobody_in(club: Club) -> None:
    await allow(club, "settings", club.al)
    client_of(club).menu_is_known = False
    refused = await club.al.slash(club.channel, "settings")
    assert refused.ephemeral


async def test_a_guest_is_not_let_in_by_a_servers_settings(club: Club, said: dict[str, Any]) -> None:
    await allow(club, "settings", club.al)
    said["authorizing_integration_owners"] = {"1": str(club.al.id)}
    refused = await club.al.slash(club.channel, "settings")
    assert refused.ephemeral


async def test_who_brought_the_bot_along_has_to_add_it_to_the_server(
    bot: Bot, club: Club, said: dict[str, Any]
) -> None:
    said["authorizing_integration_owners"] = {"1": str(club.al.id)}
    await club.al.slash(club.channel, "follow")
    await club.bo.click(club.last(), label="Follow")  # the key is Al's still
    assert [request.lacking for request in bot.asked] == [(MEMBERSHIP,)] * 2


async def test_a_server_that_has_added_the_bot_lacks_nothing_by_a_person_having_it_too(
    bot: Bot, club: Club, said: dict[str, Any]
) -> None:
    said["authorizing_integration_owners"] = {"0": str(club.guild.id), "1": str(club.al.id)}
    await club.al.slash(club.channel, "follow")
    assert bot.asked[0].lacking == ()


async def test_in_private_nothing_is_lacking_with_the_bot_and_a_place_for_it_elsewhere(
    bot: Bot, club: Club, said: dict[str, Any]
) -> None:
    await club.al.user.slash("follow")
    said["context"] = 2
    await club.al.user.slash("follow")
    assert [request.lacking for request in bot.asked] == [(), (SERVER_OR_CHAT,)]


def test_the_invitation_asks_for_what_is_needed() -> None:
    [asked] = re.findall(r"permissions=(\d+)", README.read_text())
    assert int(asked) == NEEDED.value
