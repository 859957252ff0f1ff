"""What running processes share: updates that are handled, menus that are published, roles, paces, bots' addresses."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, Table, Text

from storage.tables.metadata import metadata

handled_update = Table(
    "handled_update",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("external", Text, primary_key=True),
    Column("handled_at", BigInteger, nullable=False),
    Index(None, "handled_at"),
    sqlite_with_rowid=False,
)
"""An update that has been handled, by its platform's own id; `handled_at` in seconds since 1970."""

menu = Table(
    "menu",
    metadata,
    Column("key", Text, primary_key=True),
    Column("digest", Text, nullable=False),
)
"""The command table that a platform was last told, by its digest."""

bot_address = Table(
    "bot_address",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("invitation", Text, nullable=False),
    Column("card", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""How people come to the bot on a platform, as the running bot knows it; see `bot.chat.platform.Way`."""

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""What one process at a time does; it is the holder's until `expires_at`, in seconds since 1970."""

allowance = Table(
    "allowance",
    metadata,
    Column("name", Text, primary_key=True),
    Column("entered", Text, nullable=False),
    Column("silent_until", Float(53), nullable=False),
    sqlite_with_rowid=False,
)
"""How many calls a service takes from all processes together: `entered` is a JSON list of the last ones' moments.

It wants none before `silent_until`; moments are seconds since 1970, by the database's clock.
"""

secret_fingerprint = Table(
    "secret_fingerprint",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", LargeBinary, nullable=False),
)
"""What the secret behind the pseudonyms is known by again, in one row; it does not tell the secret."""
