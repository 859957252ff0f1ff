"""Results and championships as two witnesses tell them, and what was last read of the second one."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with op.batch_alter_table("race") as race:
        race.add_column(sa.Column("witness", sa.Text(), nullable=False, server_default="archive"))
    with op.batch_alter_table("classification") as classification:
        classification.add_column(sa.Column("witness", sa.Text(), nullable=False, server_default="archive"))
        classification.add_column(sa.Column("first", sa.Text()))
        classification.add_column(sa.Column("second", sa.Text()))
    with op.batch_alter_table("standings") as standings:
        standings.add_column(sa.Column("witness", sa.Text(), nullable=False, server_default="archive"))
    op.create_table(
        "f1db_season",
        sa.Column("season", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("unmatched", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("season", name=op.f("pk_f1db_season")),
    )
    op.create_table(
        "f1db_release",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_f1db_release")),
    )


def downgrade() -> None:
    op.drop_table("f1db_release")
    op.drop_table("f1db_season")
    with op.batch_alter_table("standings") as standings:
        standings.drop_column("witness")
    with op.batch_alter_table("classification") as classification:
        classification.drop_column("second")
        classification.drop_column("first")
        classification.drop_column("witness")
    with op.batch_alter_table("race") as race:
        race.drop_column("witness")
