"""The tables, as `migrations/` builds them; triggers keep the tallies equal to the votes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

chat = Table(
    "chat",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("external", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("polls", Boolean, nullable=False, server_default=true()),
    UniqueConstraint("platform", "external"),
)
"""A place where people talk; `external` is the platform's own id, `polls` whether its admins let the bot ask."""

poll = Table(
    "poll",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Text, nullable=False),
    Column("ruled_at", BigInteger),
    Column("question", Text, nullable=False, server_default="blame"),
    UniqueConstraint("incident", "question"),
)
"""An incident's question, who was to blame or how its ruling is rated; `ruled_at` is when the ruling was known.

That is in seconds since 1970, and null where nothing was ruled, or where a ruling is what is rated.
"""

choice = Table(
    "choice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("poll_id", ForeignKey("poll.id"), nullable=False),
    Column("key", Text, nullable=False),
    UniqueConstraint("poll_id", "key"),
    UniqueConstraint("poll_id", "id"),
)
"""An answer that a poll offers, or once offered."""


noted_incident = Table(
    "noted_incident",
    metadata,
    Column("id", Text, primary_key=True),
    Column("session", Text, nullable=False),
    Column("opened", Integer, nullable=False),
    Column("season", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("heard", Integer, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("session", "opened"),
    Index(None, "season"),
    Index(None, "changed_at"),
    sqlite_with_rowid=False,
)
"""An incident made from a case of a session that race control's message number `opened` opened.

`document` is what is known of it but for its rulings, as it was when `heard` notices of the session were known;
`changed_at`, in seconds since 1970, is when that, a ruling or its poll was last written.
"""

ruling = Table(
    "ruling",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", ForeignKey("noted_incident.id"), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("link", Text),
    Column("source", Text, nullable=False),
    Column("at_fault", Text, nullable=False),
    Column("message", Integer),
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("incident", "message"),
)
"""What was decided on a noted incident, each time; `made_at` in seconds since 1970, `at_fault` a JSON list of suspects.

Where race control's message number `message` says it; one is `withdrawn` where that message turned out to be about
another incident.
"""

unknown_templates = Table(
    "unknown_templates",
    metadata,
    Column("session", Text, primary_key=True),
    Column("templates", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How many templates of the stewards' messages in a session are not known; without any it has no row."""

noticed_message = Table(
    "noticed_message",
    metadata,
    Column("session", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("said_at", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("lap", Integer),
    UniqueConstraint("session", "said_at", "text"),
    sqlite_with_rowid=False,
)
"""A message of race control about an incident or a penalty; `said_at` in seconds since 1970. A session has dozens."""

recorded_session = Table(
    "recorded_session",
    metadata,
    Column("session", Text, primary_key=True),
    Column("recorded_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""A past session whose incidents are all recorded; `recorded_at` in seconds since 1970."""


def _choice_of_the_poll() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["poll_id", "choice_id"], ["choice.poll_id", "choice.id"])


vote = Table(
    "vote",
    metadata,
    Column("poll_id", Integer, primary_key=True),
    Column("voter", BigInteger, primary_key=True, autoincrement=False),
    Column("choice_id", Integer, nullable=False),
    Column("chat_id", ForeignKey("chat.id"), nullable=False),
    Column("cast_at", BigInteger, nullable=False),
    Column("after_ruling", SmallInteger, nullable=False),
    _choice_of_the_poll(),
    sqlite_with_rowid=False,
)
"""One a poll and voter; `voter` is a pseudonym, `cast_at` in seconds since 1970, `after_ruling` 0 or 1."""

poll_tally = Table(
    "poll_tally",
    metadata,
    Column("poll_id", Integer, primary_key=True),
    Column("choice_id", Integer, primary_key=True),
    Column("after_ruling", SmallInteger, primary_key=True, autoincrement=False),
    Column("votes", Integer, nullable=False),
    _choice_of_the_poll(),
    sqlite_with_rowid=False,
)
"""Everyone's votes, counted by triggers on `vote`."""

chat_tally = Table(
    "chat_tally",
    metadata,
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("poll_id", Integer, primary_key=True),
    Column("choice_id", Integer, primary_key=True),
    Column("after_ruling", SmallInteger, primary_key=True, autoincrement=False),
    Column("votes", Integer, nullable=False),
    _choice_of_the_poll(),
    sqlite_with_rowid=False,
)
"""Each chat's votes, counted by triggers on `vote`."""

post = Table(
    "post",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("poll_id", ForeignKey("poll.id"), nullable=False),
    Column("chat_id", ForeignKey("chat.id"), nullable=False),
    Column("message", Text, nullable=False),
    UniqueConstraint("chat_id", "message"),
    Index(None, "poll_id", "id"),
)
"""A message of ours that shows a poll's moving tally."""

served_quotation = Table(
    "served_quotation",
    metadata,
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("quotation", BigInteger, primary_key=True, autoincrement=False),
    Column("turn", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""When a chat was last served a quotation; `turn` counts the chat's quotations from 1."""

handled_update = Table(
    "handled_update",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("external", Text, primary_key=True),
    Column("handled_at", BigInteger, nullable=False),
    Index(None, "handled_at"),
    sqlite_with_rowid=False,
)
"""An update that has been handled, by its platform's own id; `handled_at` in seconds since 1970."""

menu = Table(
    "menu",
    metadata,
    Column("key", Text, primary_key=True),
    Column("digest", Text, nullable=False),
)
"""The command table that a platform was last told, by its digest."""

race = Table(
    "race",
    metadata,
    Column("key", Text, primary_key=True),
    Column("season", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("starts_by", BigInteger, nullable=False),
    Column("cancelled", Boolean, nullable=False, server_default=false()),
    Column("document", Text, nullable=False),
    Column("fetched_at", BigInteger, nullable=False),
    Column("told", Text),
    Column("changes_told", Integer, nullable=False, server_default="0"),
    Index(None, "season", "round"),
    Index(None, "starts_by"),
)
"""A race; `starts_by` is its start or its day's end, in seconds since 1970, `cancelled` if the calendar lost it.

`told` is the document as it was last told, null while nobody was told that the race is on the calendar; `changes_told`
counts the changes that were.
"""

classification = Table(
    "classification",
    metadata,
    Column("race_key", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("starts_by", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Column("fetched_at", BigInteger, nullable=False),
    Column("known_since", BigInteger, nullable=False),
    Column("told", Text),
    Index(None, "kind", "starts_by"),
    Index("ix_classification_told", "race_key", "kind", sqlite_where=text("told IS NOT NULL")),
)
"""The result of a race, a sprint or qualifying; `starts_by` is the race's, `known_since` when there first was one.

`told` is the document that was last held against what was told of it, null while nothing was.
"""

standings = Table(
    "standings",
    metadata,
    Column("season", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("fetched_at", BigInteger, nullable=False),
)
"""A championship after a round."""

chat_settings = Table(
    "chat_settings",
    metadata,
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("zone", Text),
    Column("language", Text),
    Column("spoilers", Text, nullable=False, server_default="shown"),
    Column("hold_minutes", Integer),
    Column("hold_until", Integer),
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    Column("delay_seconds", Integer, nullable=False, server_default="0"),
    Column("blind", Boolean, nullable=False, server_default=false()),
    Column("closing_hours", Integer),
)
"""How a chat wants to be told things; times of day are minutes since midnight in its zone."""

chat_poll = Table(
    "chat_poll",
    metadata,
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("poll_id", ForeignKey("poll.id"), primary_key=True),
    Column("opened_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("closings", Integer, nullable=False, server_default="0"),
    Index("ix_chat_poll_opened_at", "opened_at", sqlite_where=text("closed_at IS NULL")),
    sqlite_with_rowid=False,
)
"""A poll that is closed in a chat, was once, or will be by the clock; moments are seconds since 1970.

`opened_at` is when the chat's closing time began to run, null where it does not; `closed_at` is null while the poll is
open; `closings` counts how often it was closed there.
"""

subscription = Table(
    "subscription",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("role", Text),
    Column("warned", Boolean, nullable=False, server_default=false()),
    Index(None, "chat_id"),
    sqlite_with_rowid=False,
)
"""What a chat wants to be told of; `role` is pinged with it, `warned` once an admin was told that we may not post."""

announcement = Table(
    "announcement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("topic", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("follows", ForeignKey("announcement.id")),
    Column("told_to", Integer),
    Index(None, "follows"),
    # Partial on PostgreSQL too, where storage/database/postgresql.py says so: naming its dialect here would load it.
    Index(
        "ix_announcement_unfinished",
        "id",
        sqlite_where=text("told_to IS NOT NULL"),
    ),
)
"""Something to be told to all who subscribed, or to whoever was told what it `follows`.

`subject` is a JSON document; `told_to` is the last chat that has its delivery, null once all have.
"""

delivery = Table(
    "delivery",
    metadata,
    Column("announcement_id", ForeignKey("announcement.id"), primary_key=True),
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("platform", Text, nullable=False),
    Column("state", SmallInteger, nullable=False, server_default="0"),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("settled_at", BigInteger),
    Column("message", Text),
    Column("problem", Text),
    Index(
        "ix_delivery_pending",
        "platform",
        "due_at",
        "announcement_id",
        "chat_id",
        sqlite_where=text("state = 0"),
    ),
    Index("ix_delivery_dead", "settled_at", sqlite_where=text("state = 2")),
    Index(None, "chat_id"),
    sqlite_with_rowid=False,
)
"""The outbox: an announcement on its way to a chat, see `storage.outbox.State`; moments are seconds since 1970."""

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""What one process at a time does; it is the holder's until `expires_at`, in seconds since 1970."""
