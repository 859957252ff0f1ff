"""Commands and options in the languages of Discord's menus."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import discord
import pytest

from bot.adapters.discord.client import Client
from bot.adapters.discord.names import NAMES, SPOKEN_IN, Names
from bot.app.settings import Settings
from bot.i18n import ENGLISH, LANGUAGES
from bot.search.catalogue import Incidents
from tests.support.conversation import Conversation, conversation
from tests.support.menus import Menus

NAME = re.compile(r"[-_\w]{1,32}")
CHANNEL = discord.AppCommandOptionType.channel.value
LOCALES = sorted(str(locale) for locale in SPOKEN_IN)


@pytest.fixture
async def talk(settings: Settings, incidents: Incidents) -> AsyncIterator[Conversation]:
    async with conversation(settings, incidents) as talk:
        yield talk


async def menu(talk: Conversation) -> list[dict[str, Any]]:
    """All commands, as Discord is told of them."""

    async def ignore(*_asked: object) -> None:
        """Nobody asks."""

    client = Client(ignore, talk.core.dispatcher, Menus(), None, lambda _seconds: None)
    names = Names()
    return [await command.get_translated_payload(client.tree, names) for command in client.tree.get_commands()]


def slash(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in commands if each["type"] == discord.AppCommandType.chat_input.value]


def named(commands: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Commands, and their options."""
    for command in slash(commands):
        yield command
        yield from command["options"]


def test_every_language_is_one_of_discords() -> None:
    assert {*SPOKEN_IN.values()} == LANGUAGES.keys() - {ENGLISH}


async def test_every_command_and_option_has_its_name_in_every_language(talk: Conversation) -> None:
    for each in named(await menu(talk)):
        assert each["name"] in NAMES
        for locale in LOCALES:
            # A name that is the same in a language is left out.
            said = each["name_localizations"].get(locale, each["name"])
            assert NAME.fullmatch(said)
            assert said == said.lower()


@pytest.mark.parametrize("locale", LOCALES)
async def test_no_two_commands_have_the_same_name(talk: Conversation, locale: str) -> None:
    names = [each["name_localizations"].get(locale, each["name"]) for each in slash(await menu(talk))]
    assert len(names) == len(set(names))


async def test_every_description_is_there_in_every_language_and_fits(talk: Conversation) -> None:
    for each in named(await menu(talk)):
        assert 1 <= len(each["description"]) <= 100
        assert [*sorted(each["description_localizations"])] == LOCALES
        assert all(1 <= len(said) <= 100 for said in each["description_localizations"].values())


async def test_the_menu_fits_what_discord_takes(talk: Conversation) -> None:
    for each in slash(await menu(talk)):
        texts = [text for one in named([each]) for text in (one["name"], one["description"])]
        assert sum(map(len, texts)) <= 8000


async def test_options_are_called_by_what_they_are_and_complete_themselves(talk: Conversation) -> None:
    options = {each["name"]: each["options"] for each in slash(await menu(talk)) if each["options"]}
    assert options["polls"][0]["name"] == "switch"
    kinds = {option["name"]: option["type"] for each in options.values() for option in each}
    texts = [option for each in options.values() for option in each if option["type"] != CHANNEL]
    assert all(option["autocomplete"] for option in texts)
    assert [name for name, kind in kinds.items() if kind == CHANNEL] == ["channel"]


async def test_what_is_for_admins_may_be_about_another_channel_in_which_something_can_be_told(
    talk: Conversation,
) -> None:
    chosen = {
        each["name"]: option["channel_types"]
        for each in slash(await menu(talk))
        for option in each["options"]
        if option["type"] == CHANNEL
    }
    text, news, forum = discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum
    assert {*chosen} == {"subscribe", "unsubscribe", "reminders", "settings", "polls"}
    assert all(sorted(kinds) == sorted((text.value, news.value, forum.value)) for kinds in chosen.values())


async def test_what_is_for_admins_is_for_who_manages_the_server(talk: Conversation) -> None:
    manage = str(discord.Permissions(manage_guild=True).value)
    needs = {each["name"]: str(each["default_member_permissions"]) for each in slash(await menu(talk))}
    assert needs["settings"] == needs["polls"] == manage
    assert needs["crash"] == "None"


async def test_what_stands_in_a_message_s_menu_has_its_name_in_every_language(talk: Conversation) -> None:
    (on_a_message,) = [each for each in await menu(talk) if each["type"] == discord.AppCommandType.message.value]
    assert on_a_message["name"] == "Who was to blame?"
    assert {*on_a_message["name_localizations"]} == {*LOCALES}
    assert all(0 < len(name) <= 32 for name in on_a_message["name_localizations"].values())
