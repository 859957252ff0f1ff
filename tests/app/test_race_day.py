"""A race day from the first incident to the recap's correction, with the real clients.

Live timing, the results archive, Telegram and Discord are on the loopback.
"""

import asyncio
import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from sqlite3 import connect
from typing import Any

import pytest

from bot.adapters.discord import DiscordAdapter
from bot.adapters.discord.addresses import forum_chat
from bot.adapters.telegram import Addresses, TelegramAdapter
from bot.app.compose import open_core
from bot.app.season_feeds import open_feed
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.feeds.race_control.live_timing import LiveTiming
from bot.search.catalogue import Incidents
from storage.incidents.reading import read_circuits, read_drivers
from tests.adapters.discord.api import Discord
from tests.adapters.discord.forum import FORUM
from tests.adapters.discord.layouts import heading, texts
from tests.adapters.telegram.bot_api import TOKEN, BotApi
from tests.support.cases import ANT, IMOLA_RACE, PIA, VER, cleared, noted, penalised
from tests.support.clock import HeldClock, RacingClock
from tests.support.conversation import Granted
from tests.support.incidents import catalogue
from tests.support.jolpica_samples import driver_standing, imola_lines, race, team_standing
from tests.support.jolpica_server import JolpicaServer, races, results, standings_answer
from tests.support.live_timing_server import LiveTimingServer

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

CHATS = (*TELEGRAM, *DISCORD)
GROUPS = [chat for chat in CHATS if chat.kind is ChatKind.GROUP]


class Weekend:
    """All that is there on a race day; race control is listened to where there is a track."""

    def __init__(
        self,
        settings: Settings,
        incidents: Incidents,
        archive: JolpicaServer,
        api: BotApi,
        clock: HeldClock | RacingClock,
        track: LiveTimingServer | None = None,
    ) -> None:
        self.archive = archive
        self.api = api
        self.track = track
        self.discord = Discord()
        self.clock = clock
        self._settings = replace(settings, jolpica_url=archive.url)
        self._told = incidents.told

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Core]:
        """The bot, on both platforms, until it is stopped."""
        source = LiveTiming(self.track.url, self.clock) if self.track else None
        async with (
            open_feed(self._settings, self.clock) as feed,
            open_core(
                self._settings, Incidents(self._told, read_circuits(), read_drivers()), feed, source, clock=self.clock
            ) as core,
        ):
            core.join(
                TelegramAdapter(
                    *(TOKEN, core.dispatcher, core.posted, core.menus, core.groups, core.answers),
                    addresses=Addresses(self.api.url),
                )
            )
            core.join(
                DiscordAdapter(
                    *(self.discord.token, core.dispatcher, core.posted, core.menus, core.stored.forum_posts),
                    connector=self.discord.connector,
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
        for chat in CHATS:
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

    def on_discord(self) -> list[tuple[str, str]]:
        """What was said in which channel, its markdown taken away."""
        return [(each["channel_id"], _plain(heading(each["components"]))) for each in self.discord.messages.values()]

    def told(self) -> list[tuple[str, str]]:
        """All that was said, and where."""
        return [*self.on_telegram(), *self.on_discord()]

    def screens(self) -> dict[str, list[str]]:
        """What each chat shows by now, message by message in their order; topics are in their group."""
        shown = defaultdict[str, list[str]](list)
        for (group, _message), text in sorted(self.api.shown.items(), key=lambda item: item[0][1]):
            shown[str(group)].append(re.sub(r"<[^>]+>", "", text))
        for (channel, _posted), components in self.discord.shown.items():
            shown[channel].append(_plain("\n".join(texts(components))))
        return dict(shown)

    async def until_shown(self, *wanted: str, chats: Collection[Chat] = CHATS) -> None:
        """Let time go on until each of some chats has a message that shows all of this."""
        addresses = {_group(chat) for chat in chats}

        def all_show() -> bool:
            screens = self.screens()
            return all(
                any(all(words in text for words in wanted) for text in screens.get(address, ()))
                for address in addresses
            )

        await self.clock.go_on_while(lambda: not all_show())


def _group(chat: Chat) -> str:
    """A chat, or the group that a topic is in."""
    return chat.id.partition(":")[0]


def _address(call: dict[str, Any]) -> str:
    topic = call.get("message_thread_id")
    return f"{call['chat_id']}:{topic}" if topic else str(call["chat_id"])


def _plain(markdown: str) -> str:
    return re.sub(r"[\\*]|^### ", "", markdown, flags=re.MULTILINE)


def _headline(call: dict[str, Any]) -> str:
    first, _, _ = (call.get("caption") or call["text"]).partition("\n")
    return str(first).removeprefix("<b>").removesuffix("</b>")


@pytest.fixture
async def weekend(settings: Settings) -> AsyncIterator[Weekend]:
    async with JolpicaServer() as archive, BotApi() as api:
        archive.publish("2021/races/", races(IMOLA))
        weekend = Weekend(settings, catalogue(), archive, api, HeldClock(LIGHTS_OUT - dt.timedelta(minutes=5)))
        async with weekend.discord:
            yield weekend


@pytest.fixture
async def sunday(settings: Settings, incidents: Incidents) -> AsyncIterator[Weekend]:
    """A weekend on which race control is heard."""
    async with JolpicaServer() as archive, BotApi() as api, LiveTimingServer() as track:
        archive.publish("2021/races/", races(IMOLA))
        weekend = Weekend(settings, incidents, archive, api, RacingClock(LIGHTS_OUT), track)
        async with weekend.discord:
            yield weekend


EVERYWHERE = Counter(chat.id for chat in CHATS)
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


async def test_a_forum_has_all_that_is_told_of_a_race_in_one_post_whatever_is_restarted(weekend: Weekend) -> None:
    admin = User(Platform.DISCORD, "1")
    async with weekend.bot() as core:
        await core.dispatcher.dispatch(
            Request("subscribe", "recaps", admin, forum_chat(int(FORUM)), rights=Granted(admin))
        )
        weekend.clock.set(LIGHTS_OUT + dt.timedelta(hours=3))
        weekend.publish(imola_lines())
        await weekend.clock.go_on_while(lambda: not weekend.told())
    first, second, *others = imola_lines()
    swapped = [second | {"position": "1", "positionText": "1"}, first | {"position": "2", "positionText": "2"}]
    weekend.clock.pass_by(dt.timedelta(hours=5))
    weekend.publish([*swapped, *others])
    async with weekend.bot():
        await weekend.clock.go_on_while(lambda: not weekend.is_corrected())
        weekend.clock.pass_by(dt.timedelta(minutes=2))
        await weekend.clock.go_on_while(lambda: len(weekend.told()) == 1)
    assert weekend.discord.forum.titles == ["Emilia Romagna GP 2021"]
    (post,) = weekend.discord.forum.posts
    assert weekend.on_discord() == [(post, RECAP), (post, CORRECTION)]
    assert [channel for channel, _changed in weekend.discord.edits] == [post]


GRAND_PRIX = {
    "Key": 900,
    "Name": "Emilia Romagna Grand Prix",
    "Location": "Imola",
    "Country": {"Key": 13, "Code": "ITA", "Name": "Italy"},
    "Circuit": {"Key": 6, "ShortName": "Imola"},
}
COLLISION = "TURN 4 INCIDENT INVOLVING CARS 3 (ABE) AND 4 (COR)"
WRONG = "TURN 9 INCIDENT INVOLVING CARS 5 (DUN) AND 6 (ELM)"
RIGHT = "TURN 9 INCIDENT INVOLVING CARS 5 (DUN) AND 7 (FAY)"
MISSED = "PIT LANE INCIDENT INVOLVING CARS 8 (GIL) AND 9 (HOP)"
LATE = "TURN 17 INCIDENT INVOLVING CARS 10 (IVY) AND 11 (JAY)"


async def test_a_race_with_its_incidents_ends_the_same_in_every_chat_whatever_is_cut_or_restarted(
    sunday: Weekend,
) -> None:
    track, clock = sunday.track, sunday.clock
    assert track
    async with sunday.bot() as core:
        await sunday.subscribe(core, "incidents", "rulings", "recaps")
        await track.session("Emilia Romagna Grand Prix", starts_at=LIGHTS_OUT, Meeting=GRAND_PRIX)
        await track.drivers(ABE=3, COR=4, DUN=5, ELM=6, FAY=7, GIL=8, HOP=9, IVY=10, JAY=11)
        await track.status("Started")
        await clock.go_on_while(lambda: not track.listeners)

        await track.say(f"{COLLISION} NOTED - CAUSING A COLLISION", lap=2, at=clock.now())
        await sunday.until_shown("Abe and Cor, turn 4")
        await track.say(f"{WRONG} NOTED", lap=9, at=clock.now())
        await sunday.until_shown("Dun and Elm, turn 9")
        await track.say(f"CORRECTION: {RIGHT} NOTED", lap=9, at=clock.now())
        await sunday.until_shown("Dun and Fay, turn 9")
        penalty = "FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 3 (ABE) - CAUSING A COLLISION"
        await track.say(penalty, lap=11, at=clock.now())
        await sunday.until_shown("Who was to blame? Abe and Cor", "The stewards: 10-second time penalty for Abe")

        await track.cut()
        await track.say(f"{MISSED} NOTED - UNSAFE RELEASE", lap=30, at=clock.now())
        await sunday.until_shown("Gil and Hop, pit lane")

    nothing = f"FIA STEWARDS: {RIGHT} REVIEWED NO FURTHER INVESTIGATION"
    await track.say(nothing, lap=33, at=clock.now())
    await track.say(f"{LATE} NOTED - CAUSING A COLLISION", lap=62, at=clock.now())
    async with sunday.bot():
        await sunday.until_shown("Ivy and Jay, turn 17")
        await sunday.until_shown(
            "Who was to blame? Dun and Fay", "The stewards: no further investigation", chats=GROUPS
        )
        await track.say("CHEQUERED FLAG", lap=63, at=clock.now(), category="Flag", Flag="CHEQUERED")
        penalty = "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 11 (JAY) - CAUSING A COLLISION"
        await track.say(penalty, lap=63, at=clock.now())
        await sunday.until_shown("Who was to blame? Ivy and Jay", "The stewards: 5-second time penalty for Jay")
        await sunday.until_shown("Ivy and Jay, turn 17, Imola 2021\n", "5-second time penalty for Jay")

    clock.set(LIGHTS_OUT + dt.timedelta(hours=3))
    sunday.publish(imola_lines())
    async with sunday.bot():
        await sunday.until_shown(RECAP)

    ruled = ("Abe and Cor, turn 4", "Dun and Fay, turn 9", "Ivy and Jay, turn 17")
    polls = [f"Who was to blame? {incident}, Imola 2021" for incident in (*ruled, "Gil and Hop, pit lane")]
    rulings = [f"{incident}, Imola 2021" for incident in ruled]
    screens = {chat: _by_title(texts) for chat, texts in sunday.screens().items()}
    for chat in CHATS:
        shown = screens[_group(chat)]
        assert Counter(title for title, _ in shown) == Counter([*polls, *rulings, RECAP]), chat
        edited_in = {title for title, text in shown if title in polls and "The stewards: " in text}
        # A private chat's messages are in no list, so after a restart those from before it are followed no more.
        missed = {polls[1]} if chat.kind is ChatKind.PRIVATE else set()
        assert edited_in == {*polls[:3]} - missed, chat
        # What the recap says of the incidents is to be asked of `dict(shown)[RECAP]`.


def _by_title(texts: Iterable[str]) -> list[tuple[str, str]]:
    return [(text.partition("\n")[0], text) for text in texts]
