"""An incident may ask more than one question: who was to blame, and whether the ruling is right."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("poll") as table:
        table.add_column(sa.Column("question", sa.Text(), server_default="blame", nullable=False))
        table.drop_constraint("uq_poll_incident", type_="unique")
        table.create_unique_constraint("uq_poll_incident_question", ["incident", "question"])


def downgrade() -> None:
    """Ratings are lost, as there is no room for them."""
    poll = sa.table("poll", sa.column("id", sa.Integer), sa.column("question", sa.Text))
    ratings = poll.c.question != "blame"
    for name in ("post", "chat_poll", "vote", "poll_tally", "chat_tally", "choice"):
        rows = sa.table(name, sa.column("poll_id", sa.Integer))
        op.execute(sa.delete(rows).where(rows.c.poll_id.in_(sa.select(poll.c.id).where(ratings))))
    op.execute(sa.delete(poll).where(ratings))
    with op.batch_alter_table("poll") as table:
        table.drop_constraint("uq_poll_incident_question", type_="unique")
        table.create_unique_constraint("uq_poll_incident", ["incident"])
        table.drop_column("question")
