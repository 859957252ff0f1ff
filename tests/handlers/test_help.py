import re
from collections.abc import AsyncIterator
from itertools import chain
from pathlib import Path

import pytest

from bot.app.settings import Settings
from bot.chat.instants import as_written
from bot.chat.replies import Reply
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.feeds.jolpica.client import Jolpica
from bot.search.catalogue import Incidents
from tests.support.clock import FakeClock
from tests.support.conversation import PIT_WALL, Ask, Conversation, Press, alone, conversation, labels
from tests.support.jolpica_server import JolpicaServer
from tests.support.written import written_card

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
async def with_seasons(settings: Settings, incidents: Incidents) -> AsyncIterator[Conversation]:
    """A bot that can be asked about seasons as well, as it has an archive to fetch them from."""
    async with JolpicaServer() as gone:
        url = gone.url
    async with Jolpica(url, FakeClock()) as feed, conversation(settings, incidents, feed) as bot:
        yield bot


PHONE = 900
"""Characters that a phone shows at once."""


def commands_in(reply: Reply) -> list[str]:
    """The commands that a page of the help has, in its order."""
    (text,) = reply.card.paragraphs
    return [line.split()[0].removeprefix("/") for line in as_written(text).splitlines()]


async def test_help_begins_with_what_is_used_most_and_fits_a_phone(bot: Conversation, al: User) -> None:
    reply = await bot.ask("/help", al)
    assert commands_in(reply)[:3] == ["crash", "blame", "quote"]
    assert "/crash – What happened, and both sides of it" in as_written(reply.card.paragraphs[0])
    assert len(str(written_card(reply.card))) <= PHONE
    assert labels(reply)[2:] == ["Crashes and votes", "Races and seasons", "This chat, and you", "Everything"]


async def test_everything_is_a_press_away(bot: Conversation, al: User) -> None:
    reply = await bot.ask("/help all", al)
    listed = [command.name for command in bot.core.dispatcher.commands.values() if command.listed]
    assert commands_in(reply) == listed
    assert commands_in(await bot.press(await bot.ask("/help", al), "Everything", al)) == listed
    text = as_written(reply.card.paragraphs[0])
    assert "/crash [race, drivers, nickname or random] – What happened, and both sides of it" in text
    assert "/vote" not in text


async def test_each_command_is_in_one_topic_in_the_order_of_the_table(with_seasons: Conversation, al: User) -> None:
    listed = [command.name for command in with_seasons.core.dispatcher.commands.values() if command.listed]
    pages = [commands_in(await with_seasons.ask(f"/help {topic}", al)) for topic in ("crashes", "season", "chat")]
    assert sorted(chain(*pages)) == sorted(listed)
    for page in pages:
        assert page == [name for name in listed if name in page]


@pytest.mark.parametrize("asked", ["verdict", "/verdict", "VERDICT"])
async def test_a_single_command_is_explained(bot: Conversation, al: User, asked: str) -> None:
    assert commands_in(await bot.ask(f"/help {asked}", al)) == ["verdict"]


async def test_topics_are_completed_while_they_are_typed(bot: Conversation) -> None:
    suggest = bot.core.dispatcher.commands["help"].suggest
    assert suggest is not None
    assert [each.argument for each in suggest("")] == ["crashes", "season", "chat", "all"]
    assert [each.argument for each in suggest("Rac")] == ["season"]


async def test_help_on_what_there_is_not_is_the_first_page(bot: Conversation, al: User) -> None:
    assert await bot.ask("/help qwertz", al) == await bot.ask("/help", al)


@pytest.mark.parametrize(
    "asked", ["/help all", "/settings", "/settings zone", "/settings language", "/settings polls", "/forgetme"]
)
async def test_the_terminal_is_offered_only_what_works_there(ask: Ask, al: User, asked: str) -> None:
    terminal = Chat(Platform.CONSOLE, "local", ChatKind.PRIVATE)
    elsewhere = re.compile("spoiler|quiet|delay|push|held|admins|subscri|comes to this|closed here", re.IGNORECASE)
    there, here = [
        str(written_card((await ask(asked, al, chat)).card))
        for chat in (terminal, alone(al) if asked == "/forgetme" else PIT_WALL)
    ]
    assert elsewhere.search(there) is None
    assert elsewhere.search(here)


async def test_the_readme_names_every_command(bot: Conversation) -> None:
    readme = README.read_text(encoding="utf-8")
    commands = bot.core.dispatcher.commands.values()
    assert [command.name for command in commands if command.listed and f"/{command.name}" not in readme] == []


@pytest.mark.parametrize("command", ["/start", "/help"])
async def test_the_first_screen_is_one_tap_away_from_a_card(ask: Ask, press: Press, al: User, command: str) -> None:
    reply = await ask(command, al)
    assert labels(reply)[0] == "Adelaide 1994", "the most famous comes first"
    assert (await press(reply, "Adelaide 1994", al)).card.title == "Schumacher and Hill, Adelaide 1994"


async def test_about_says_who_we_are_not_and_whose_words_these_are(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/about", al)
    text = " ".join(map(as_written, reply.card.paragraphs))
    assert "unofficial" in text
    assert "word for word" in text
    assert (await press(reply, "What is kept about me?", al)).card.title == "What is kept about you"
    assert (await press(reply, "All incidents", al)).card.title == "8 incidents"


async def test_a_link_to_an_incident_opens_with_its_card(ask: Ask, al: User) -> None:
    for chat in (PIT_WALL, alone(al)):
        for payload in ("imola-2021", "IMOLA-2021", "imola_2021"):
            assert (await ask(f"/start {payload}", al, chat)).card.title == "Bottas and Russell, Imola 2021"


@pytest.mark.parametrize(
    "payload",
    [
        *("imola", "true", "nowhere-1949", "a" * 64, "../imola-2021", "settings", "vote imola-2021 all-russell"),
        *("forgetme", "de", "%F0%9F", "imola__2021"),
    ],
)
async def test_a_link_to_nothing_opens_with_the_greeting(ask: Ask, al: User, payload: str) -> None:
    assert (await ask(f"/start {payload}", al)).card == (await ask("/start", al)).card


def test_every_told_incident_can_be_linked_to(incidents: Incidents) -> None:
    assert [each.id for each in incidents if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", each.id)] == []
