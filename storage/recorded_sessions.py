"""Past sessions that are recorded to their end, so that nobody asks an archive for them again."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from storage.database.base import Database
from storage.tables import recorded_session as sessions_table


class RecordedSessions:
    """Which sessions are recorded to their end, by the keys that their source gives them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def among(self, keys: Collection[str]) -> set[str]:
        """Those of some sessions that are."""
        ours = select(sessions_table.c.session).where(sessions_table.c.session.in_(keys))
        return await self._database.read(lambda connection: set(connection.scalars(ours)))


def mark_recorded(database: Database, connection: Connection, key: str, moment: int) -> None:
    """Take note, in the transaction that records the last of a session, that all of it is; once."""
    row = database.insert(sessions_table).values(session=key, recorded_at=moment)
    connection.execute(row.on_conflict_do_nothing())
