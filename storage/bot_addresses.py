"""Where the bots are on their platforms: noted by those that run, read where pages are served without a token."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from bot.chat.platform import Way
from storage.database.base import Database
from storage.tables import bot_address as table


class BotAddresses:
    """Remembers how people come to the bots of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, ways: Iterable[Way]) -> None:
        """Note what running bots know of themselves, a way a platform; whoever noted a platform last is right."""
        rows = [way._asdict() for way in ways]
        if not rows:
            return
        row = self._database.insert(table)
        note = row.on_conflict_do_update(
            index_elements=["platform"],
            set_={"invitation": row.excluded.invitation, "card": row.excluded.card},
            where=(table.c.invitation != row.excluded.invitation) | (table.c.card != row.excluded.card),
        )
        await self._database.write(lambda connection: connection.execute(note, sorted(rows, key=_platform)))

    async def all(self) -> Sequence[Way]:
        """The ways that were noted, by their platforms' names, the last first: as their buttons are to stand."""
        newest = select(table.c.platform, table.c.invitation, table.c.card).order_by(table.c.platform.desc())
        return await self._database.read(lambda connection: [Way(*row) for row in connection.execute(newest)])


def _platform(row: dict[str, str]) -> str:
    """In one order for all who write, so that none waits for another in a circle."""
    return row["platform"]
