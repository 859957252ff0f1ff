"""Races, results and standings, each a document with what it is found by."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "race",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("starts_by", sa.BigInteger(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_race"),
    )
    op.create_index("ix_race_season_round", "race", ["season", "round"])
    op.create_index("ix_race_starts_by", "race", ["starts_by"])
    op.create_table(
        "sheet",
        sa.Column("race_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_by", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("race_key", "kind", name="pk_sheet"),
    )
    op.create_index("ix_sheet_kind_starts_by", "sheet", ["kind", "starts_by"])
    op.create_table(
        "standings",
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("season", "kind", "round", name="pk_standings"),
    )


def downgrade() -> None:
    for table in ("standings", "sheet", "race"):
        op.drop_table(table)
