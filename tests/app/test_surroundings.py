import pytest

from bot.app.settings import Settings
from bot.app.surroundings import surroundings
from bot.chat.instants import as_written
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.search.catalogue import Incidents
from tests.support.conversation import conversation

DESK = Chat(Platform.CONSOLE, "terminal", ChatKind.PRIVATE)
WHO = User(Platform.CONSOLE, "local")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "es"}, "es"),
        ({"LANG": "de_AT@euro"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "es_ES.UTF-8"}, "es"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, None),
        ({"LANG": "C.UTF-8"}, None),
        ({}, None),
    ],
)
def test_a_terminals_language_is_that_of_its_environment(environment: dict[str, str], language: str | None) -> None:
    assert surroundings(environment).language == language


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":Europe/Berlin", "Europe/Berlin"),
        ("CET-1CEST,M3.5.0,M10.5.0", None),
        ("Europe", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_a_terminals_zone_is_that_of_its_environment(said: str, zone: str | None) -> None:
    assert surroundings({"TZ": said}).zone == zone


async def test_what_a_terminal_chose_counts_for_more_than_its_environment(
    settings: Settings, incidents: Incidents
) -> None:
    async with conversation(settings, incidents) as bot:
        bot.core.stored.chat_settings.assume(DESK, surroundings({"LANG": "de_DE.UTF-8", "TZ": "Europe/Berlin"}))
        assert as_written((await bot.ask("/settings zone", WHO, DESK)).card.paragraphs[0]).endswith("in Berlin.")
        await bot.ask("/settings language es", WHO, DESK)
        await bot.ask("/settings zone Tokyo", WHO, DESK)
        chosen = await bot.core.stored.chat_settings.of(DESK)
        assert (chosen.language, chosen.zone) == ("es", "Asia/Tokyo")
        await bot.ask("/settings language none", WHO, DESK)
        assert bot.core.stored.chat_settings.language(DESK) == "de"


async def test_only_the_terminal_is_taken_for_its_environment(settings: Settings, incidents: Incidents) -> None:
    elsewhere = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
    async with conversation(settings, incidents) as bot:
        bot.core.stored.chat_settings.assume(DESK, surroundings({"LANG": "de_DE.UTF-8", "TZ": "Europe/Berlin"}))
        assert bot.core.stored.chat_settings.language(elsewhere) is None
        assert (await bot.core.stored.chat_settings.of(elsewhere)).zone is None
