"""Rulings on incidents that race control noted can be rated: those that are there already get their polls."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

SCALE = ("far-too-lenient", "slightly-too-lenient", "correct", "slightly-too-harsh", "far-too-harsh")


def upgrade() -> None:
    poll = sa.table("poll", *(sa.column(name) for name in ("id", "incident", "question")))
    choice = sa.table("choice", *(sa.column(name) for name in ("poll_id", "key")))
    ruling = sa.table("ruling", *(sa.column(name) for name in ("incident", "withdrawn")))
    rating = poll.alias()
    ruled = sa.exists().where(ruling.c.incident == poll.c.incident, sa.not_(ruling.c.withdrawn))
    rated = sa.exists().where(rating.c.incident == poll.c.incident, rating.c.question == "rating")
    asked = sa.select(poll.c.incident, sa.literal("rating", sa.Text())).where(poll.c.question == "blame", ruled, ~rated)
    op.execute(sa.insert(poll).from_select(["incident", "question"], asked))
    for key in SCALE:
        offered = sa.exists().where(choice.c.poll_id == poll.c.id, choice.c.key == key)
        missing = sa.select(poll.c.id, sa.literal(key, sa.Text())).where(poll.c.question == "rating", ~offered)
        op.execute(sa.insert(choice).from_select(["poll_id", "key"], missing))


def downgrade() -> None:
    """The polls stay: the version before this one asks nobody to rate these rulings, and looks at none of them."""
