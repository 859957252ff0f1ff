"""An invented weekend: a sprint and a race, in each of which race control notes five incidents and rules on each.

Five, as a chat is pushed no more of one session by themselves.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.domain.live_telling import MOST_BY_THEMSELVES
from bot.domain.places import Chat, Platform
from storage.chats import Chats
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.subscriptions import Subscriptions
from tests.support.live_timing_server import LiveTimingServer
from tests.support.openf1_server import OpenF1Server

CODES = ("ABE", "COR", "DUN", "ELM", "FAY", "GIL", "HOP", "IVY", "JAY", "KIT", "NAB")
CARS = {code: number for number, code in enumerate(CODES, 3)}
SESSIONS = (("Sprint", 9001), ("Race", 9002))

PENALTY, NO_FURTHER = "10-second", "no further investigation"
"""What a poll's message says after a ruling."""


class Incident(NamedTuple):
    """What race control says of one incident, and what is to be seen of its ruling."""

    noted: str
    ruling: str
    shown: str


def incidents() -> list[Incident]:
    """A session's incidents, no two between the same drivers."""
    return [_incident(number) for number in range(MOST_BY_THEMSELVES)]


def _incident(number: int) -> Incident:
    one, other = (f"{CARS[code]} ({code})" for code in CODES[2 * number : 2 * number + 2])
    what = f"TURN {number + 1} INCIDENT INVOLVING CARS {one} AND {other}"
    noted = f"{what} NOTED - CAUSING A COLLISION"
    if number % 2:
        return Incident(noted, f"FIA STEWARDS: {what} REVIEWED NO FURTHER INVESTIGATION", NO_FURTHER)
    return Incident(noted, f"FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR {one} - CAUSING A COLLISION", PENALTY)


class Said(NamedTuple):
    """A message of race control's."""

    at: dt.datetime
    lap: int
    text: str
    is_ruling: bool = False
    category: str = "Other"
    more: Mapping[str, str] = {}


def race(starts_at: dt.datetime) -> list[Said]:
    """A race: five incidents, of which one is corrected; their rulings, the last of them after the flag."""
    noted = [(incident.noted, False) for incident in incidents()]
    what = noted[1][0].replace("6 (ELM)", "13 (NAB)").removesuffix(" - CAUSING A COLLISION")
    ruled = [(incident.ruling.replace("6 (ELM)", "13 (NAB)"), True) for incident in incidents()]
    texts = [*noted[:2], (f"CORRECTION: {what}", False), ruled[0], *noted[2:], *ruled[1:4]]
    said = [_said(starts_at, lap, *text) for lap, text in enumerate(texts, 2)]
    flag = _said(starts_at, len(said) + 2, "CHEQUERED FLAG")._replace(category="Flag", more={"Flag": "CHEQUERED"})
    return [*said, flag, _said(starts_at, len(said) + 3, *ruled[4])]


def _said(starts_at: dt.datetime, lap: int, text: str, is_ruling: bool = False) -> Said:
    return Said(starts_at + dt.timedelta(seconds=lap), lap, text, is_ruling)


async def begin(track: LiveTimingServer, name: str, key: int, starts_at: dt.datetime | None = None) -> None:
    """Let a session begin on live timing, now unless there is a moment."""
    await track.session("Dutch Grand Prix", name, key=key, starts_at=starts_at or dt.datetime.now(dt.UTC))
    await track.drivers(**CARS)
    await track.status("Started")


def begin_on_openf1(track: OpenF1Server, name: str, key: int) -> None:
    """Let a session begin on OpenF1."""
    track.session("Dutch Grand Prix", name, key=key, starts_at=dt.datetime.now(dt.UTC))
    track.drivers(**CARS)


def chats(on_telegram: int, on_discord: int) -> list[Chat]:
    """So many groups on Telegram, and channels on Discord."""
    groups = [Chat(Platform.TELEGRAM, str(-number)) for number in range(1001, 1001 + on_telegram)]
    return groups + [Chat(Platform.DISCORD, str(10_000 + number)) for number in range(on_discord)]


async def subscribe(address: str, chats: Iterable[Chat], *topics: str) -> None:
    """A database in which chats wait for something to happen."""
    database = open_database(address)
    await database.upgrade()
    handled = HandledUpdates(database)
    subscriptions = Subscriptions(database, await Chats.open(database, handled), handled)
    for chat in chats:
        await subscriptions.begin(chat, topics)
    await database.close()
