"""What race control noted, and what was ruled on it."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, false

from storage.tables.metadata import metadata

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
