"""How Alembic reaches the database: on the connection it is handed, or at DATABASE_URL from the command line."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.schema import SchemaItem

from storage.database.open import open_database
from storage.tables import metadata


def migrate(connection: Connection) -> None:
    """Run what Alembic was asked for, in the connection's transaction."""
    dialect = connection.dialect.name

    def is_there(item: SchemaItem, _name: str | None, _kind: str, *_compared: object) -> bool:
        """Whether something of the tables is to be on this database: some foreign keys are SQLite's alone."""
        return bool(item.info.get("dialect", dialect) == dialect)

    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transactional_ddl=True,
        include_object=is_there,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_at(url: str) -> None:
    """Open the database at an address and migrate it."""
    database = open_database(url)
    try:
        await database.migrate(migrate)
    finally:
        await database.close()


connection = context.config.attributes.get("connection")
if connection is not None:
    migrate(connection)
else:
    asyncio.run(migrate_at(os.environ["DATABASE_URL"]))
