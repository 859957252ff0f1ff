"""What is doubted of a race's starts, and what they were before they last changed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    with op.batch_alter_table("race") as race:
        race.add_column(sa.Column("doubts", sa.Text()))


def downgrade() -> None:
    with op.batch_alter_table("race") as race:
        race.drop_column("doubts")
