import re
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
import simcord.interactions

from bot.adapters.discord.permissions import MEMBERSHIP, SERVER_OR_CHAT
from tests.adapters.discord.club import Bot, Club

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
