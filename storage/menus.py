"""What each platform was last told about the commands."""

from sqlalchemy import select

from storage import tables
from storage.database.base import Database


class Menus:
    """Remembers published command tables, so that they are sent only when they have changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def changed(self, key: str, digest: str) -> bool:
        """Whether a table differs from the one that was published last under that key."""
        published = select(tables.menu.c.digest).where(tables.menu.c.key == key)
        return await self._database.read(lambda connection: connection.scalar(published)) != digest

    async def published(self, key: str, digest: str) -> None:
        """Note that the platform has taken the table."""
        row = self._database.insert(tables.menu).values(key=key, digest=digest)
        note = row.on_conflict_do_update(index_elements=["key"], set_={"digest": row.excluded.digest})
        await self._database.write(lambda connection: connection.execute(note))
