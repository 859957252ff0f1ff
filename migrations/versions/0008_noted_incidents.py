"""Incidents that race control noted, and the rulings on them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "noted_incident",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_noted_incident"),
        sa.UniqueConstraint("session", "opened", name="uq_noted_incident_session_opened"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_noted_incident_season", "noted_incident", ["season"])
    op.create_index("ix_noted_incident_changed_at", "noted_incident", ["changed_at"])
    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at_fault", sa.Text(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ruling"),
        sa.UniqueConstraint("incident", "message", name="uq_ruling_incident_message"),
        sa.ForeignKeyConstraint(["incident"], ["noted_incident.id"], name="fk_ruling_incident"),
    )


def downgrade() -> None:
    op.drop_table("ruling")
    op.drop_table("noted_incident")
