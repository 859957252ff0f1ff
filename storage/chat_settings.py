"""How a chat wants to be told things, and its polls, by its admins' choice."""

from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias, Unpack

from sqlalchemy import Connection, select

from bot.domain.chat_settings import ChatSettings, Replaced, SettingsChanges, Spoilers
from bot.domain.places import Chat
from storage import tables
from storage.chat_rows import id_of
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.poll_clocks import stop_clocks

COLUMNS = tuple(tables.chat_settings.c[name] for name in ChatSettings.__dataclass_fields__)
"""What a query selects of a chat's settings, in the order in which `read_settings` takes it."""

Numbers: TypeAlias = tuple[int | None, int | None, int | None, int | None, int | None, bool | None, int | None]
"""The last seven of them."""


@lru_cache(maxsize=1_000)
def read_settings(zone: str | None, language: str | None, spoilers: str | None, *numbers: *Numbers) -> ChatSettings:
    """The settings in a row of COLUMNS, all null where a chat never changed any; equal rows give the same object."""
    kind = Spoilers.SHOWN if spoilers is None else Spoilers(spoilers)
    hold_minutes, hold_until, quiet_from, quiet_until, delay_seconds, blind, closing_hours = numbers
    times = (hold_minutes, hold_until, quiet_from, quiet_until)
    return ChatSettings(zone, language, kind, *times, delay_seconds or 0, bool(blind), closing_hours)


class SettingsStore:
    """The settings of all chats."""

    def __init__(self, database: Database, chats: Chats, handled: HandledUpdates) -> None:
        self._database = database
        self._chats = chats
        self._handled = handled
        self._assumed: dict[Chat, ChatSettings] = {}

    def assume(self, chat: Chat, settings: ChatSettings) -> None:
        """Take a chat for wanting this time zone and this language for as long as it has not chosen them itself."""
        self._assumed[chat] = settings

    def language(self, chat: Chat) -> str | None:
        """The language that a chat chose, or is assumed to want, or None; from memory."""
        chosen = self._chats.language(chat)
        if chosen is not None or not self._assumed:
            return chosen
        return self._assumed[chat].language if chat in self._assumed else None

    async def of(self, chat: Chat) -> ChatSettings:
        """A chat's settings."""
        return self._completed(chat, await self._database.read(lambda connection: _settings_of(connection, chat)))

    async def change(self, chat: Chat, update: str = "", **changes: Unpack[SettingsChanges]) -> ChatSettings:
        """Change at least one of a chat's settings, and leave the others alone; what all of them are now.

        An update that was handled before changes nothing.
        """
        return (await self.replace(chat, update, **changes)).now

    async def replace(self, chat: Chat, update: str = "", **changes: Unpack[SettingsChanges]) -> Replaced:
        """Change settings likewise; what all of them were until then as well, for who wants that back."""
        was, now = await self._chats.write(lambda connection: self._change(connection, chat, update, changes), chat)
        return Replaced(self._completed(chat, was), self._completed(chat, now))

    def _completed(self, chat: Chat, chosen: ChatSettings) -> ChatSettings:
        """What a chat chose, and where it chose no zone or language, what it is assumed to want."""
        assumed = self._assumed.get(chat)
        if assumed is None:
            return chosen
        return replace(chosen, zone=chosen.zone or assumed.zone, language=chosen.language or assumed.language)

    def _change(self, connection: Connection, chat: Chat, update: str, changes: SettingsChanges) -> Replaced:
        if not self._handled.first_time(connection, chat.platform, update):
            settings = _settings_of(connection, chat)
            return Replaced(settings, settings)
        chat_id = self._chats.rows.id_in(connection, chat)
        was = _settings_of(connection, chat)  # the chat's row is locked by now, so nobody changes them meanwhile
        if "closing_hours" in changes and changes["closing_hours"] is None:
            stop_clocks(connection, chat_id)
        row = self._database.insert(tables.chat_settings).values(chat_id=chat_id, **changes)
        changed = row.on_conflict_do_update(
            index_elements=["chat_id"], set_={name: row.excluded[name] for name in changes}
        )
        return Replaced(was, read_settings(*connection.execute(changed.returning(*COLUMNS)).one()))


def _settings_of(connection: Connection, chat: Chat) -> ChatSettings:
    row = connection.execute(select(*COLUMNS).where(tables.chat_settings.c.chat_id == id_of(chat))).first()
    return ChatSettings() if row is None else read_settings(*row)
