"""How a chat wants to be told things: its clock, its language, its spoilers, its quiet hours."""

from dataclasses import asdict
from functools import lru_cache

from sqlalchemy import Connection, delete, select

from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.places import Chat
from storage import tables
from storage.chats import Chats, Key, id_of, is_chat, key
from storage.database.base import Database

COLUMNS = tuple(tables.chat_settings.c[name] for name in ChatSettings.__dataclass_fields__)
"""What a query selects for `read_settings`."""


@lru_cache(maxsize=1_000)
def read_settings(
    zone: str | None,
    language: str | None,
    spoilers: str | None,
    hold_minutes: int | None,
    hold_until: int | None,
    quiet_from: int | None,
    quiet_until: int | None,
) -> ChatSettings:
    """The settings in COLUMNS, all of them null where a chat never set any; the same for all that have the same."""
    kind = Spoilers.SHOWN if spoilers is None else Spoilers(spoilers)
    return ChatSettings(zone, language, kind, hold_minutes, hold_until, quiet_from, quiet_until)


class SettingsStore:
    """The settings of all chats; languages are in memory, as every answer needs one."""

    def __init__(self, database: Database, chats: Chats) -> None:
        self._database = database
        self._chats = chats

    @classmethod
    async def open(cls, database: Database, chats: Chats) -> "SettingsStore":
        """The settings in a database."""
        chats.languages.update(await database.read(_languages))
        return cls(database, chats)

    def language(self, chat: Chat) -> str | None:
        """The language that a chat chose, or None."""
        return self._chats.languages.get(key(chat))

    async def of(self, chat: Chat) -> ChatSettings:
        """A chat's settings."""
        mine = select(*COLUMNS).join(tables.chat).where(is_chat(chat))
        row = await self._database.read(lambda connection: connection.execute(mine).first())
        return ChatSettings() if row is None else read_settings(*row)

    async def store(self, chat: Chat, settings: ChatSettings) -> None:
        """Replace a chat's settings."""
        await self._database.write(lambda connection: self._store(connection, chat, settings))
        self._chats.languages.pop(key(chat), None)
        if settings.language is not None:
            self._chats.languages[key(chat)] = settings.language

    def _store(self, connection: Connection, chat: Chat, settings: ChatSettings) -> None:
        values = {**asdict(settings), "spoilers": settings.spoilers.value}
        row = self._database.insert(tables.chat_settings)
        upsert = row.on_conflict_do_update(
            index_elements=["chat_id"], set_={name: row.excluded[name] for name in values}
        )
        connection.execute(upsert, {"chat_id": self._chats.id_in(connection, chat), **values})

    async def forget(self, chat: Chat) -> None:
        """Keep no settings of a chat."""
        mine = tables.chat_settings.c.chat_id == id_of(chat)
        await self._database.write(lambda connection: connection.execute(delete(tables.chat_settings).where(mine)))
        self._chats.languages.pop(key(chat), None)


def _languages(connection: Connection) -> dict[Key, str]:
    chosen = (
        select(tables.chat.c.platform, tables.chat.c.external, tables.chat_settings.c.language)
        .join(tables.chat_settings)
        .where(tables.chat_settings.c.language.is_not(None))
    )
    return {(platform, external): language for platform, external, language in connection.execute(chosen)}
