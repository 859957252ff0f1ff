"""How a chat wants to be told things: its clock, its language, its spoilers, its quiet hours."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, delete, select

from bot.messages import Chat
from storage import models
from storage.chats import Chats, Key, is_chat, key
from storage.database import Database


class Spoilers(StrEnum):
    """What is done about results that a chat may not want to see yet."""

    SHOWN = "shown"
    VEILED = "veiled"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """A chat's wishes; times of day are minutes since midnight by its clock, which is UTC where `zone` is None."""

    zone: str | None = None
    language: str | None = None
    spoilers: Spoilers = Spoilers.SHOWN
    hold_minutes: int | None = None
    """How long after the flag a result is held back; without it, until `hold_until`."""

    hold_until: int | None = None
    quiet_from: int | None = None
    quiet_until: int | None = None

    @property
    def clock(self) -> dt.tzinfo:
        """The chat's clock."""
        return dt.UTC if self.zone is None else ZoneInfo(self.zone)

    def may_be_told_at(self, moment: dt.datetime, flag: dt.datetime | None = None) -> dt.datetime:
        """The first moment from one on that the chat may be told; `flag` is the end of a session whose result is told.

        What is held back until a time of day is so until that time first comes after the flag.
        """
        if flag is not None and self.spoilers is Spoilers.HELD:
            if self.hold_minutes is not None:
                moment = max(moment, flag + dt.timedelta(minutes=self.hold_minutes))
            elif self.hold_until is not None:
                moment = max(moment, self._next(self.hold_until, flag))
        if self.quiet_from is None or self.quiet_until is None or not self._is_quiet(moment):
            return moment
        return self._next(self.quiet_until, moment)

    def _is_quiet(self, moment: dt.datetime) -> bool:
        local = moment.astimezone(self.clock)
        minute, start, end = local.hour * 60 + local.minute, self.quiet_from or 0, self.quiet_until or 0
        return start <= minute < end if start < end else minute >= start or minute < end

    def _next(self, minute: int, moment: dt.datetime) -> dt.datetime:
        """The first moment from one on at which the chat's clock says so, in UTC."""
        today = moment.astimezone(self.clock).date()
        days = (today + dt.timedelta(days=number) for number in range(3))
        times = [dt.time(*divmod(minute, 60), fold=fold) for fold in (0, 1)]  # where clocks go back, it says so twice
        moments = (dt.datetime.combine(day, time, self.clock).astimezone(dt.UTC) for day in days for time in times)
        return next(at for at in moments if at >= moment)


COLUMNS = tuple(models.chat_settings.c[name] for name in ChatSettings.__dataclass_fields__)
"""What a query selects for `read_settings`."""


def read_settings(row: Row[Any]) -> ChatSettings:
    """The settings in a row with these columns, all of them null where the chat never set any."""
    values = row._mapping  # noqa: SLF001 - public in spite of its name
    if values["spoilers"] is None:
        return ChatSettings()
    given = {name: values[name] for name in ChatSettings.__dataclass_fields__}
    return ChatSettings(**{**given, "spoilers": Spoilers(given["spoilers"])})


class SettingsStore:
    """The settings of all chats; languages are in memory, as every answer needs one."""

    def __init__(self, database: Database, chats: Chats, languages: Mapping[Key, str] | None = None) -> None:
        self._database = database
        self._chats = chats
        self._languages = dict(languages or {})

    @classmethod
    async def open(cls, database: Database, chats: Chats) -> "SettingsStore":
        """The settings in a database."""
        return cls(database, chats, await database.read(_languages))

    def language(self, chat: Chat) -> str | None:
        """The language that a chat chose, or None."""
        return self._languages.get(key(chat))

    async def of(self, chat: Chat) -> ChatSettings:
        """A chat's settings."""
        mine = select(*COLUMNS).join(models.chat).where(is_chat(chat))
        row = await self._database.read(lambda connection: connection.execute(mine).first())
        return ChatSettings() if row is None else read_settings(row)

    async def store(self, chat: Chat, settings: ChatSettings) -> None:
        """Replace a chat's settings."""
        values = {**asdict(settings), "spoilers": settings.spoilers.value}

        def change(connection: Connection) -> None:
            row = self._database.insert(models.chat_settings).values(
                chat_id=self._chats.id_in(connection, chat), **values
            )
            upsert = row.on_conflict_do_update(
                index_elements=["chat_id"], set_={name: row.excluded[name] for name in values}
            )
            connection.execute(upsert)

        await self._database.write(change)
        self._languages.pop(key(chat), None)
        if settings.language is not None:
            self._languages[key(chat)] = settings.language

    async def forget(self, chat: Chat) -> None:
        """Keep no settings of a chat."""
        mine = models.chat_settings.c.chat_id.in_(select(models.chat.c.id).where(is_chat(chat)))
        await self._database.write(lambda connection: connection.execute(delete(models.chat_settings).where(mine)))
        self._languages.pop(key(chat), None)


def _languages(connection: Connection) -> dict[Key, str]:
    chosen = (
        select(models.chat.c.platform, models.chat.c.external, models.chat_settings.c.language)
        .join(models.chat_settings)
        .where(models.chat_settings.c.language.is_not(None))
    )
    return {(platform, external): language for platform, external, language in connection.execute(chosen)}
