"""Polls, votes and their tallies, posts, served quotations, menus.

The tallies are kept by triggers: row by row on SQLite, where it is cheap; once a statement on PostgreSQL, where
counting row by row makes concurrent transactions wait for each other.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_tables()
    for statement in SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    for table in ("menu", "served_quotation", "post", "chat_tally", "poll_tally", "vote", "choice", "poll", "chat"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION count_vote_cast(), count_vote_changed(), count_vote_withdrawn()")


def create_tables() -> None:
    op.create_table(
        "chat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("external", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("polls", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chat"),
        sa.UniqueConstraint("platform", "external", name="uq_chat_platform_external"),
    )
    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("ruled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_poll"),
        sa.UniqueConstraint("incident", name="uq_poll_incident"),
    )
    op.create_table(
        "choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_choice"),
        sa.UniqueConstraint("poll_id", "key", name="uq_choice_poll_id_key"),
        sa.UniqueConstraint("poll_id", "id", name="uq_choice_poll_id_id"),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name="fk_choice_poll_id"),
    )
    create_vote_tables()
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.UniqueConstraint("chat_id", "message", name="uq_post_chat_id_message"),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name="fk_post_poll_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_post_chat_id"),
    )
    op.create_index("ix_post_poll_id_id", "post", ["poll_id", "id"])
    op.create_table(
        "served_quotation",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("quotation", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "quotation", name="pk_served_quotation"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_served_quotation_chat_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "menu",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_menu"),
    )


def create_vote_tables() -> None:
    choice = (["poll_id", "choice_id"], ["choice.poll_id", "choice.id"])
    op.create_table(
        "vote",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter", sa.BigInteger(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("cast_at", sa.BigInteger(), nullable=False),
        sa.Column("after_ruling", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("poll_id", "voter", name="pk_vote"),
        sa.ForeignKeyConstraint(*choice, name="fk_vote_poll_id_choice_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_vote_chat_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "poll_tally",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("after_ruling", sa.SmallInteger(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("poll_id", "choice_id", "after_ruling", name="pk_poll_tally"),
        sa.ForeignKeyConstraint(*choice, name="fk_poll_tally_poll_id_choice_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chat_tally",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("after_ruling", sa.SmallInteger(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "poll_id", "choice_id", "after_ruling", name="pk_chat_tally"),
        sa.ForeignKeyConstraint(*choice, name="fk_chat_tally_poll_id_choice_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_chat_tally_chat_id"),
        sqlite_with_rowid=False,
    )


SQLITE_COUNT_NEW = """
    INSERT INTO poll_tally VALUES (new.poll_id, new.choice_id, new.after_ruling, 1)
        ON CONFLICT DO UPDATE SET votes = votes + 1;
    INSERT INTO chat_tally VALUES (new.chat_id, new.poll_id, new.choice_id, new.after_ruling, 1)
        ON CONFLICT DO UPDATE SET votes = votes + 1;
"""

SQLITE_COUNT_OLD = """
    UPDATE poll_tally SET votes = votes - 1
        WHERE poll_id = old.poll_id AND choice_id = old.choice_id AND after_ruling = old.after_ruling;
    UPDATE chat_tally SET votes = votes - 1
        WHERE chat_id = old.chat_id AND poll_id = old.poll_id
        AND choice_id = old.choice_id AND after_ruling = old.after_ruling;
"""

SQLITE_TRIGGERS = (
    f"CREATE TRIGGER vote_cast AFTER INSERT ON vote BEGIN {SQLITE_COUNT_NEW} END",
    f"CREATE TRIGGER vote_changed AFTER UPDATE ON vote BEGIN {SQLITE_COUNT_OLD} {SQLITE_COUNT_NEW} END",
    f"CREATE TRIGGER vote_withdrawn AFTER DELETE ON vote BEGIN {SQLITE_COUNT_OLD} END",
)

# Rows are counted in the order of their keys, so that two transactions never wait for each other in a circle.
POSTGRESQL_COUNT = """
    INSERT INTO poll_tally AS tally
        SELECT poll_id, choice_id, after_ruling, sum(change)
        FROM ({changes}) AS changed
        GROUP BY poll_id, choice_id, after_ruling HAVING sum(change) <> 0
        ORDER BY poll_id, choice_id, after_ruling
        ON CONFLICT (poll_id, choice_id, after_ruling) DO UPDATE SET votes = tally.votes + excluded.votes;
    INSERT INTO chat_tally AS tally
        SELECT chat_id, poll_id, choice_id, after_ruling, sum(change)
        FROM ({changes}) AS changed
        GROUP BY chat_id, poll_id, choice_id, after_ruling HAVING sum(change) <> 0
        ORDER BY chat_id, poll_id, choice_id, after_ruling
        ON CONFLICT (chat_id, poll_id, choice_id, after_ruling) DO UPDATE SET votes = tally.votes + excluded.votes;
"""

POSTGRESQL_FUNCTION = """
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {count} RETURN NULL; END $$
"""

POSTGRESQL_TRIGGER = """
    CREATE TRIGGER {name} AFTER {event} ON vote REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {function}()
"""

GAINED = "SELECT *, 1 AS change FROM gained"
LOST = "SELECT *, -1 AS change FROM lost"


def postgresql_trigger(name: str, event: str, rows: str, changes: str) -> tuple[str, str]:
    function = f"count_{name}"
    return (
        POSTGRESQL_FUNCTION.format(name=function, count=POSTGRESQL_COUNT.format(changes=changes)),
        POSTGRESQL_TRIGGER.format(name=name, event=event, rows=rows, function=function),
    )


POSTGRESQL_TRIGGERS = (
    *postgresql_trigger("vote_cast", "INSERT", "NEW TABLE AS gained", GAINED),
    *postgresql_trigger(
        "vote_changed", "UPDATE", "NEW TABLE AS gained OLD TABLE AS lost", f"{GAINED} UNION ALL {LOST}"
    ),
    *postgresql_trigger("vote_withdrawn", "DELETE", "OLD TABLE AS lost", LOST),
)
