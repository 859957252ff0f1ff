"""Live timing's archive: static files of every session since 2018, fetched one by one at a modest pace."""

import asyncio
import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import aiohttp
import structlog
from aiohttp import ClientSession, DummyCookieJar

from bot.domain.race_control import Car, Message, Session
from bot.feeds import FeedError, QuestionFailedError, retry_after, user_agent
from bot.feeds.race_control.answers import ask, is_refusal
from bot.feeds.race_control.fields import Fields, fields, text
from bot.feeds.race_control.records import entries, read_session
from bot.feeds.race_control.source import CarsSeen, MessagesSeen, SessionSeen
from bot.feeds.race_control.topics import DRIVERS, MESSAGES, SESSION, Topics
from bot.pacing.clock import Clock
from bot.pacing.spacing import Spacing
from bot.unreached import unreached

log = structlog.get_logger(__name__)

A_SECOND = 2.0
"""Upper bound of files a second: a season's races take three quarters of a minute."""

PAUSES = (2.0, 8.0, 30.0)
"""Seconds to leave the archive alone after each failure; the last one ends the attempts."""

MOST_BYTES = 8_000_000
LONGEST_PATH = 200

ABSENT = (403, 404)
"""What the archive answers for files that it does not have."""

OK = 200


@dataclass(frozen=True, slots=True)
class ArchivedSession:
    """A session that the archive lists: where its files are, and what the list says about it."""

    path: str
    session: Session
    starts_at: dt.datetime | None
    info: Fields
    """The list's words, in the shape of a SessionInfo."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """What race control said in a session, from its first message to its last."""

    session: Session
    cars: Mapping[int, Car]
    messages: tuple[Message, ...]


class Archive:
    """The archive at an address, such as https://livetiming.formula1.com/static or a mirror of it.

    `async with` closes its connections. Every question raises FeedError where there is no answer, and
    QuestionFailedError where the archive is there, but does not have this, or has something that cannot be read.
    """

    def __init__(self, url: str, clock: Clock, *, timeout: float = 30.0) -> None:
        self._url = url.rstrip("/")
        self._clock = clock
        self._timeout = timeout
        self._spacing = Spacing(clock, a_second=A_SECOND)
        self._http = ClientSession(cookie_jar=DummyCookieJar(), headers={"User-Agent": user_agent()})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def sessions(self, season: int) -> tuple[ArchivedSession, ...]:
        """A season's sessions that have begun, in the list's order. What is listed and cannot be read is left out."""
        index = await self._json(f"{season}/Index.json")
        listed = list(read_index(season, index))
        if not listed:
            raise QuestionFailedError(f"the archive lists no session of {season}")
        now = self._clock.now()
        return tuple(each for each in listed if (each.starts_at or _midnight(each.session.date)) <= now)

    async def fetch(self, listed: ArchivedSession) -> SessionRecord:
        """What race control said in a session. Cars are missing where the archive has no list of them."""
        topics = Topics()
        info = await self._json(f"{listed.path}/{SESSION}.json", otherwise=listed.info)
        drivers = await self._json(f"{listed.path}/{DRIVERS}.json", otherwise={})
        seen = read_session(info)
        is_ours = seen is not None and seen.session.key == listed.session.key
        updates = topics.keyframes({SESSION: info if is_ours else listed.info, DRIVERS: drivers})
        for payload in await self._payloads(listed.path):
            updates += topics.delta(MESSAGES, payload)
        if topics.skipped or topics.strays:
            log.warning("race_control.record_skipped", source="archive", path=listed.path)
        return SessionRecord(
            next(update.session for update in updates if isinstance(update, SessionSeen)),
            next((update.cars for update in updates if isinstance(update, CarsSeen)), {}),
            tuple(said for update in updates if isinstance(update, MessagesSeen) for said in update.messages),
        )

    async def _payloads(self, path: str) -> list[object]:
        """A session's messages as they came, or else as they stood in the end."""
        stream = await self._file(f"{path}/{MESSAGES}.jsonStream")
        if stream is not None:
            return list(stream_payloads(stream))
        return [await self._json(f"{path}/{MESSAGES}.json")]

    async def _json(self, path: str, otherwise: Fields | None = None) -> Fields:
        """A file's JSON object; `otherwise` where the file is not there. Raises QuestionFailedError without either."""
        body = await self._file(path)
        if body is None and otherwise is not None:
            return otherwise
        try:
            says = json.loads((body or b"").decode("utf-8-sig"))
        except (ValueError, RecursionError):
            says = None
        if not isinstance(says, dict):
            raise QuestionFailedError(f"{path}: {'not there' if body is None else 'cannot be read'}")
        return says

    async def _file(self, path: str) -> bytes | None:
        """A file, asked for several times if need be; None where it is not there."""
        problem = ""
        for pause in PAUSES:
            await self._spacing.wait()
            wait = pause
            try:
                async with asyncio.timeout(self._timeout):
                    answer = await ask(self._http, f"{self._url}/{path}", MOST_BYTES)
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                problem = unreached(error)
            except ValueError as error:
                raise QuestionFailedError(f"{path}: {error}") from None
            else:
                if answer.status == OK:
                    return answer.body
                if answer.status in ABSENT:
                    return None
                problem = f"status {answer.status}"
                if is_refusal(answer.status):
                    raise QuestionFailedError(f"{path}: {problem}")
                wait = retry_after(answer.headers, otherwise=pause)
            self._spacing.pause(wait)
        log.warning("feed.request_failed", feed="race-control-archive", path=path, problem=problem)
        raise FeedError(f"no answer to {path}: {problem}")


def stream_payloads(stream: bytes) -> Iterator[object]:
    """The payloads of a `.jsonStream` file: lines of a time since its start, and JSON right after it.

    A line that is none gives None, which is no topic's payload either.
    """
    for line in stream.decode("utf-8-sig", errors="replace").split("\n"):
        at = re.match(r"\s*[0-9:.]*", line)
        rest = line[at.end() :] if at else line
        if rest.strip():
            yield _payload(rest)


def _payload(written: str) -> object:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return None


def read_index(season: int, index: Fields) -> Iterator[ArchivedSession]:
    """The sessions of an Index.json, whose meetings have sessions in the place of SessionInfo's other way round."""
    for _, meeting in entries(index.get("Meetings")):
        about = fields(meeting)
        sessions = [fields(each) for _, each in entries(about.get("Sessions"))]
        last_day = max((day for each in sessions if (day := _day(each))), default=None)
        for each in sessions:
            info = {**each, "Meeting": {name: value for name, value in about.items() if name != "Sessions"}}
            seen = read_session(info)
            path = _path(each.get("Path")) or (seen and last_day and _usual_path(season, last_day, seen))
            if seen and path:
                yield ArchivedSession(path, seen.session, seen.starts_at, info)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _day(session: Fields) -> str | None:
    starts = text(session.get("StartDate"))
    return starts[:10] if starts and re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}T", starts) else None


def _path(value: object) -> str | None:
    """Where a session's files are, if that is three folders of names."""
    said = text(value, LONGEST_PATH)
    parts = said.strip("/").split("/") if said else []
    names = [part for part in parts if re.fullmatch(r"[\w-][\w.'&-]*", part)]
    return "/".join(parts) if len(parts) == len(names) == 3 else None  # noqa: PLR2004 - year, event, session


def _usual_path(season: int, last_day: str, seen: SessionSeen) -> str | None:
    """Where they usually are: lists of early seasons do not say. An event's folder has the day of its race."""
    event, name = (words.replace(" ", "_") for words in (seen.session.event, seen.session.name))
    return _path(f"{season}/{last_day}_{event}/{seen.session.date.isoformat()}_{name}")
