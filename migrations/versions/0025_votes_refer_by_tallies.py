"""On PostgreSQL what a vote refers to is looked up for its tallies alone, no more for every vote."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_vote_poll_id_choice_id", "vote", type_="foreignkey")
        op.drop_constraint("fk_vote_chat_id", "vote", type_="foreignkey")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        choice = ["poll_id", "choice_id"], ["poll_id", "id"]
        op.create_foreign_key("fk_vote_poll_id_choice_id", "vote", "choice", *choice)
        op.create_foreign_key("fk_vote_chat_id", "vote", "chat", ["chat_id"], ["id"])
