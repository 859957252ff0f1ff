"""What was last told of races and results stands beside them, and since when there is a result.

What is known by now counts as told, but for races that were told to be off the calendar, or that a draft lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

YEAR = 31556952
"""Seconds, on average: years begin within a day of its multiples."""

announcement = sa.table("announcement", sa.column("key", sa.Text))
race = sa.table(
    "race",
    *(sa.column(name, sa.Text) for name in ("key", "document", "told")),
    sa.column("cancelled", sa.Boolean),
    *(sa.column(name, sa.BigInteger) for name in ("season", "fetched_at", "changes_told")),
)
classification = sa.table(
    "classification",
    *(sa.column(name, sa.Text) for name in ("race_key", "kind", "document", "told")),
    *(sa.column(name, sa.BigInteger) for name in ("fetched_at", "known_since")),
)


def upgrade() -> None:
    op.add_column("race", sa.Column("told", sa.Text()))
    op.add_column("race", sa.Column("changes_told", sa.Integer(), server_default="0", nullable=False))
    since = sa.cast(race.c.fetched_at, sa.Text)
    called_off = race.c.cancelled & _was_announced(sa.literal("cancelled ") + race.c.key + " since " + since)
    op.execute(sa.update(race).where(called_off).values(changes_told=1))
    lost_by_a_draft = race.c.cancelled & (race.c.fetched_at < (race.c.season - 1970) * YEAR)
    op.execute(sa.update(race).where(race.c.changes_told == 0, ~lost_by_a_draft).values(told=race.c.document))
    op.add_column("classification", sa.Column("known_since", sa.BigInteger()))
    op.add_column("classification", sa.Column("told", sa.Text()))
    op.execute(sa.update(classification).values(known_since=classification.c.fetched_at))
    recap = sa.literal("recap ") + classification.c.race_key + " " + classification.c.kind
    op.execute(sa.update(classification).where(_was_announced(recap)).values(told=classification.c.document))
    with op.batch_alter_table("classification") as table:
        table.alter_column("known_since", existing_type=sa.BigInteger(), nullable=False)
    where = sa.text("told IS NOT NULL")
    columns = ["race_key", "kind"]
    op.create_index("ix_classification_told", "classification", columns, sqlite_where=where, postgresql_where=where)


def _was_announced(key: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.exists().where(announcement.c.key == key)


def downgrade() -> None:
    op.drop_index("ix_classification_told", "classification")
    for table, columns in (("classification", ("told", "known_since")), ("race", ("changes_told", "told"))):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
