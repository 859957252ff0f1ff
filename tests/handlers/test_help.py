import re
from pathlib import Path

import pytest

from bot.chat.instants import as_written
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.search.catalogue import Incidents
from tests.support.conversation import PIT_WALL, Ask, Conversation, Press, alone, labels
from tests.support.written import written_card

README = Path(__file__).parents[2] / "README.md"


async def test_help_lists_every_command_that_menus_show(bot: Conversation, al: User) -> None:
    (text,) = (await bot.ask("/help", al)).card.paragraphs
    listed = [command for command in bot.core.dispatcher.commands.values() if command.listed]
    assert [line.split()[0] for line in as_written(text).splitlines()] == [f"/{command.name}" for command in listed]
    assert "/crash [race, drivers, nickname or random] – What happened, and both sides of it" in as_written(text)
    assert "/vote" not in as_written(text)


@pytest.mark.parametrize(
    "asked", ["/help", "/settings", "/settings zone", "/settings language", "/settings polls", "/forgetme"]
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
        assert (await ask("/start imola-2021", al, chat)).card.title == "Bottas and Russell, Imola 2021"


@pytest.mark.parametrize("payload", ["imola", "true", "IMOLA-2021", "nowhere-1949", "a" * 64, "../imola-2021"])
async def test_a_link_to_nothing_opens_with_the_greeting(ask: Ask, al: User, payload: str) -> None:
    assert (await ask(f"/start {payload}", al)).card == (await ask("/start", al)).card


def test_every_told_incident_can_be_linked_to(incidents: Incidents) -> None:
    assert [each.id for each in incidents if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", each.id)] == []
