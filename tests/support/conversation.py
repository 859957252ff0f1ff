"""A conversation with the whole bot, as an adapter would hold it: lines are typed, buttons are pressed by label."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from bot.app.compose import open_core
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.chat.buttons import Button, parse_data
from bot.chat.dispatcher import Dispatcher
from bot.chat.instants import as_written
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.chat.throttle import NO_LIMIT, Throttle
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.feeds.f1db.client import F1db
from bot.feeds.jolpica.client import Jolpica
from bot.pacing.clock import Clock
from bot.search.catalogue import Incidents

PIT_WALL = Chat(Platform.TELEGRAM, "-1001")
GRANDSTAND = Chat(Platform.TELEGRAM, "-1002")
PADDOCK = Chat(Platform.DISCORD, "555")


class Granted:
    """What is allowed in a group: user 1 is an admin everywhere, and the bot may do all but what it is `lacking`."""

    def __init__(self, user: User, *lacking: str) -> None:
        self._user = user
        self._lacking = lacking

    async def is_admin(self) -> bool:
        """Whether it is user 1."""
        return self._user.id == "1"

    async def lacking(self) -> tuple[str, ...]:
        """What the test says."""
        return self._lacking


def patience() -> Throttle:
    """All the patience in the world."""
    return Throttle(person=NO_LIMIT, commands=NO_LIMIT, presses=NO_LIMIT)


def alone(user: User) -> Chat:
    """Somebody's private chat with the bot."""
    return Chat(user.platform, user.id, ChatKind.PRIVATE)


class Ask(Protocol):
    """Types a line, in the pit wall's group unless told otherwise."""

    async def __call__(self, line: str, user: User, chat: Chat = PIT_WALL) -> Reply: ...


class Press(Protocol):
    """Presses the button of that label below a reply."""

    async def __call__(self, reply: Reply, label: str, user: User, chat: Chat = PIT_WALL) -> Reply: ...


class Talk:
    """Somebody who types and presses, and is answered by a table of commands."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def ask(self, line: str, user: User, chat: Chat = PIT_WALL) -> Reply:
        """Type a line."""
        command, argument = parse_data(line.removeprefix("/")) if line.startswith("/") else ("", line)
        return await self.deliver(Request(command.casefold(), argument.strip(), user, chat, rights=Granted(user)))

    async def press(self, reply: Reply, label: str, user: User, chat: Chat = PIT_WALL) -> Reply:
        """Press a button."""
        (pressed,) = (button for button in buttons(reply) if button.label == label)
        return await self.send(pressed.data, user, chat)

    async def send(self, data: str, user: User, chat: Chat = PIT_WALL) -> Reply:
        """Send a button's data, whether or not there ever was such a button."""
        command, argument = parse_data(data)
        return await self.deliver(Request(command, argument, user, chat, pressed=Post(chat, "1"), rights=Granted(user)))

    async def deliver(self, request: Request) -> Reply:
        """Hand over what an adapter was told, as often as it was."""
        reply = await self._dispatcher.dispatch(request)
        assert reply is not None, "the bot kept silent"
        return reply


class Conversation(Talk):
    """The bot at work; `core` is what adapters get."""

    def __init__(self, core: Core) -> None:
        super().__init__(core.dispatcher)
        self.core = core


def buttons(reply: Reply) -> list[Button]:
    """All buttons of a reply, top to bottom."""
    return [button for row in reply.buttons for button in row]


def labels(reply: Reply) -> list[str]:
    """What the buttons of a reply say."""
    return [button.label for button in buttons(reply)]


def fields(reply: Reply) -> dict[str, str]:
    """The facts on a card, by name; those of a race also where they are folded."""
    seen = {as_written(fact.name): as_written(fact.value) for fact in reply.card.fields}
    folded = reply.card.folded if reply.unfold and reply.unfold.command == "facts" else ()
    lines = "\n".join(folded).splitlines()
    return {name: value for name, _colon, value in (line.partition(": ") for line in lines)} | seen


def votes(reply: Reply) -> dict[str, str]:
    """The votes on a card in words, choice by choice, by whose they are."""
    return {votes.name: votes.in_words for votes in reply.card.votes}


@asynccontextmanager
async def conversation(
    settings: Settings,
    incidents: Incidents,
    feed: Jolpica | None = None,
    *,
    second: F1db | None = None,
    limits: Throttle | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Conversation]:
    """The whole bot but its platforms; it has all the patience in the world unless limits are given."""
    async with open_core(settings, incidents, feed, second=second, limits=limits or patience(), clock=clock) as core:
        yield Conversation(core)
