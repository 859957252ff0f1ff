"""On PostgreSQL ballots are not counted at once where their poll was closed in their chat a while ago.

Another process may have closed it, and whoever counts not have heard of that yet. An hour is more than the ten minutes
after which all of memory is read again. A transaction then looks at each of the ballots by itself.
"""

from pathlib import Path
from runpy import run_path

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

INDEX = "ix_chat_poll_closed_at"

LOCKED = "        ORDER BY id FOR NO KEY UPDATE;\n"
"""The end of the statement after which nobody else closes any of the polls."""

CLOSED = """\
    -- Mostly nobody has closed any poll of late, and one look at an index says so: nothing else is even prepared.
    IF EXISTS (SELECT FROM chat_poll WHERE closed_at >= at - 3600) THEN
        IF EXISTS (SELECT FROM jsonb_array_elements(gained || moved || withdrawn) JOIN chat_poll
            ON chat_id = (value->>3)::bigint AND poll_id = (value->>0)::integer WHERE closed_at IS NOT NULL)
        THEN
            RAISE 'a poll was closed beside' USING ERRCODE = 'serialization_failure';
        END IF;
    END IF;
"""

BEFORE: str = run_path(str(Path(__file__).with_name("0026_ballots_at_once.py")))["COUNT_BALLOTS"]


def upgrade() -> None:
    where = sa.text("closed_at IS NOT NULL")
    op.create_index(INDEX, "chat_poll", ["closed_at"], sqlite_where=where, postgresql_where=where)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(BEFORE.replace(LOCKED, LOCKED + CLOSED))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(BEFORE)
    op.drop_index(INDEX, "chat_poll")
