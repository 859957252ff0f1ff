"""A race day from the flag to the correction, with the real clients.

The results archive, Telegram and Discord are on the loopback.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from sqlite3 import connect
from typing import Any

import pytest
from aiohttp import web

from bot.adapters.discord import DiscordAdapter
from bot.adapters.telegram import TelegramAdapter
from bot.app.compose import Core, open_core, open_feed
from bot.app.settings import Settings
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.search.catalogue import Incidents
from tests.adapters.discord.api import Discord, answer, payload
from tests.adapters.telegram.bot_api import TOKEN, BotApi
from tests.support.cases import ANT, IMOLA_RACE, PIA, VER, cleared, noted, penalised
from tests.support.clock import HeldClock
from tests.support.conversation import Granted
from tests.support.incidents import catalogue
from tests.support.jolpica_samples import driver_standing, imola_lines, race, team_standing
from tests.support.jolpica_server import JolpicaServer, races, results, standings_answer

LIGHTS_OUT = dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC)
IMOLA = race(time="13:00:00Z")

TELEGRAM = [
    *(Chat(Platform.TELEGRAM, f"-100{number}") for number in range(3)),
    *(Chat(Platform.TELEGRAM, f"-200{number}:7") for number in range(3)),
    *(Chat(Platform.TELEGRAM, f"30{number}", ChatKind.PRIVATE) for number in range(3)),
]
"""Groups, topics of groups, private chats."""

DISCORD = [
    *(Chat(Platform.DISCORD, f"50{number}") for number in range(3)),
    *(Chat(Platform.DISCORD, f"60{number}") for number in range(3)),
    *(Chat(Platform.DISCORD, f"70{number}", ChatKind.PRIVATE) for number in range(3)),
]
"""Channels, threads, private chats: all the same to Discord."""


class Paddock(Discord):
    """A Discord on which messages are changed, too."""

    def __init__(self) -> None:
        super().__init__()
        self.edits: list[tuple[str, dict[str, Any]]] = []

    def _app(self) -> web.Application:
        app = super()._app()
        app.router.add_patch("/api/v10/channels/{channel}/messages/{message}", self._edit)
        return app

    async def _edit(self, request: web.Request) -> web.Response:
        (message,) = (each for each in self.messages.values() if each["id"] == request.match_info["message"])
        self.edits.append((request.match_info["channel"], await payload(request)))
        return answer(message)

    def told(self) -> list[tuple[str, str]]:
        """What was said in which channel, its markdown taken away."""
        return [(each["channel_id"], each["embeds"][0]["title"].replace("\\", "")) for each in self.messages.values()]


class Weekend:
    """All that is there on a race day."""

    def __init__(self, settings: Settings, incidents: Incidents, archive: JolpicaServer, api: BotApi) -> None:
        self.archive = archive
        self.api = api
        self.discord = Paddock()
        self.clock = HeldClock(LIGHTS_OUT - dt.timedelta(minutes=5))
        self._settings = settings.model_copy(update={"jolpica_url": archive.url})
        self._incidents = incidents

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Core]:
        """The bot, on both platforms, until it is stopped."""
        async with (
            open_feed(self._settings, self.clock) as feed,
            open_core(self._settings, self._incidents, feed, clock=self.clock) as core,
        ):
            core.join(TelegramAdapter(TOKEN, core.dispatcher, core.posted, core.menus, api_url=self.api.url))
            core.join(
                DiscordAdapter(
                    self.discord.token, core.dispatcher, core.posted, core.menus, connector=self.discord.connector
                )
            )
            running = [asyncio.create_task(adapter.run()) for adapter in core.adapters.values()]
            await self.api.polled()
            await self.discord.answers.get()
            running.append(asyncio.create_task(core.deliverer.run(core.adapters)))
            yield core
            for task in reversed(running):
                task.cancel()
                await asyncio.wait({task})

    async def subscribe(self, core: Core, *topics: str) -> None:
        """Let all the chats be told of topics, as their admins would."""
        for chat in (*TELEGRAM, *DISCORD):
            admin = User(chat.platform, "1")
            request = Request("subscribe", " ".join(topics), admin, chat, rights=Granted(admin))
            reply = await core.dispatcher.dispatch(request)
            assert reply
            assert not reply.private, reply.card.title

    def publish(self, lines: list[dict[str, Any]]) -> None:
        """The archive has the result, and the championships with it."""
        self.archive.publish("2021/2/results/", results(IMOLA, lines))
        drivers = [driver_standing(1, "hamilton", "mercedes", points="44")]
        self.archive.publish("2021/driverstandings/", standings_answer("DriverStandings", drivers))
        teams = standings_answer("ConstructorStandings", [team_standing(1, "mercedes", "60")])
        self.archive.publish("2021/constructorstandings/", teams)

    def is_corrected(self) -> bool:
        """Whether the bot has noticed that a result is another now."""
        with closing(connect(self._settings.data_dir / "racing-incident.db")) as database:
            (corrections,) = database.execute("SELECT count(*) FROM announcement WHERE kind = 'correction'").fetchone()
        return bool(corrections)

    def on_telegram(self) -> list[tuple[str, str]]:
        """What was said in which chat or topic, its markup taken away."""
        said = [call.data for call in self.api.calls if call.method in {"sendPhoto", "sendMessage"}]
        return [(_address(call), _headline(call)) for call in said]

    def says(self, words: str) -> int:
        """How many messages say these words, markup taken away."""
        said = [str(call.data) for call in self.api.calls if call.method in {"sendPhoto", "sendMessage"}]
        said += [str(message) for message in self.discord.messages.values()]
        return sum(words in each.replace("\\", "") for each in said)

    def told(self) -> list[tuple[str, str]]:
        """All that was said, and where."""
        return [*self.on_telegram(), *self.discord.told()]


def _address(call: dict[str, Any]) -> str:
    topic = call.get("message_thread_id")
    return f"{call['chat_id']}:{topic}" if topic else str(call["chat_id"])


def _headline(call: dict[str, Any]) -> str:
    first, _, _ = (call.get("caption") or call["text"]).partition("\n")
    return str(first).removeprefix("<b>").removesuffix("</b>")


@pytest.fixture
async def weekend(settings: Settings) -> AsyncIterator[Weekend]:
    async with JolpicaServer() as archive, BotApi() as api:
        archive.publish("2021/races/", races(IMOLA))
        weekend = Weekend(settings, catalogue(), archive, api)
        await weekend.discord.start()
        yield weekend
        await weekend.discord.stop()


EVERYWHERE = Counter(chat.id for chat in (*TELEGRAM, *DISCORD))
RECAP = "Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris"
OPEN = "Verstappen and Norris, noted on lap 12, turn 4: no ruling known"
RULED = "Verstappen and Norris, noted on lap 12, turn 4: 10-second time penalty for Verstappen"
CORRECTION = "Corrected: Emilia Romagna Grand Prix 2021"


def chats(told: list[tuple[str, str]], title: str) -> Counter[str]:
    """Where something was said, and how often."""
    return Counter(chat for chat, said in told if said == title)


async def test_what_is_ruled_after_the_recap_changes_it_everywhere(weekend: Weekend) -> None:
    async with weekend.bot() as core:
        await weekend.subscribe(core, "recaps")
        await core.recorder.record(IMOLA_RACE, [noted(), cleared(noted(PIA, ANT, opened=20, place="TURN 1"), 25)], 25)
        weekend.clock.set(LIGHTS_OUT + dt.timedelta(hours=3))
        weekend.publish(imola_lines())
        await weekend.clock.go_on_while(lambda: len(weekend.told()) < EVERYWHERE.total())
    assert weekend.says(f"{OPEN}; no votes yet") == EVERYWHERE.total()
    assert weekend.says("Piastri and Antonelli, noted on lap 12, turn 1: no further investigation; no votes yet") > 0

    weekend.clock.pass_by(dt.timedelta(minutes=20))
    async with weekend.bot() as core:
        for _twice in range(2):
            await core.recorder.record(IMOLA_RACE, [penalised(noted(), VER, 90)], 90)
        await weekend.clock.go_on_while(lambda: not weekend.is_corrected())
        weekend.clock.pass_by(dt.timedelta(minutes=2))
        await weekend.clock.go_on_while(lambda: len(weekend.told()) < 2 * EVERYWHERE.total())
    assert chats(weekend.told(), RECAP) == chats(weekend.told(), CORRECTION) == EVERYWHERE
    edited = [str(call) for call in weekend.api.given("editMessageMedia")]
    edited += [str(content) for _channel, content in weekend.discord.edits]
    assert len(edited) == EVERYWHERE.total()
    assert all(RULED in each.replace("\\", "") for each in edited)


async def test_every_chat_has_one_recap_and_one_correction_whatever_is_restarted(weekend: Weekend) -> None:
    async with weekend.bot() as core:
        await weekend.subscribe(core, "recaps")
        await weekend.clock.go_on_while(lambda: not weekend.archive.asked)
        assert weekend.told() == []
        weekend.clock.set(LIGHTS_OUT + dt.timedelta(hours=3))
        weekend.publish(imola_lines())
        await weekend.clock.go_on_while(lambda: len(weekend.told()) < EVERYWHERE.total())
    assert chats(weekend.told(), RECAP) == EVERYWHERE

    weekend.clock.pass_by(dt.timedelta(hours=5))
    first, second, *others = imola_lines()
    swapped = [second | {"position": "1", "positionText": "1"}, first | {"position": "2", "positionText": "2"}]
    weekend.publish([*swapped, *others])
    async with weekend.bot():
        await weekend.clock.go_on_while(lambda: not weekend.is_corrected())
        weekend.clock.pass_by(dt.timedelta(minutes=2))
        await weekend.clock.go_on_while(lambda: len(weekend.told()) < 2 * EVERYWHERE.total())
    assert chats(weekend.told(), RECAP) == chats(weekend.told(), CORRECTION) == EVERYWHERE
    changed = Counter(_address(call) for call in weekend.api.given("editMessageMedia"))
    changed.update(channel for channel, _ in weekend.discord.edits)
    assert changed == Counter({address.partition(":")[0]: 1 for address in EVERYWHERE})
