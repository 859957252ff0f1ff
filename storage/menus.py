"""What each platform was last told about the commands."""

from sqlalchemy import case

from storage import tables
from storage.database.base import Database

UNKNOWN = ""
"""The digest while a table is being published: whether the platform took it is known only once that is noted."""


class Menus:
    """Remembers published command tables, so that they are sent only when they have changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def changed(self, key: str, digest: str) -> bool:
        """Whether a table differs from the one that was published last under that key.

        Then no table counts as published until one is noted: a process that dies in between may have published it.
        """
        row = self._database.insert(tables.menu).values(key=key, digest=UNKNOWN)
        begin = row.on_conflict_do_update(
            index_elements=["key"], set_={"digest": UNKNOWN}, where=tables.menu.c.digest != digest
        )
        return await self._database.write(
            lambda connection: connection.scalar(begin.returning(tables.menu.c.key)) is not None
        )

    async def published(self, key: str, digest: str) -> None:
        """Note that the platform has taken the table.

        Where another one was noted meanwhile, none counts as published, as nobody knows which the platform took last.
        """
        row = self._database.insert(tables.menu).values(key=key, digest=digest)
        alone = tables.menu.c.digest.in_((UNKNOWN, digest))
        noted = case((alone, row.excluded.digest), else_=UNKNOWN)
        note = row.on_conflict_do_update(index_elements=["key"], set_={"digest": noted})
        await self._database.write(lambda connection: connection.execute(note))
