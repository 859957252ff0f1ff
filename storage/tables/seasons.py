"""Seasons as they were last fetched, and as they were last told."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, false, text

from storage.tables.metadata import metadata

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
    Column("doubts", Text),
    Index(None, "season", "round"),
    Index(None, "starts_by"),
)
"""A race; `starts_by` is its start or its day's end, in seconds since 1970, `cancelled` if the calendar lost it.

`told` is the document as it was last told, null while nobody was told that the race is on the calendar; `changes_told`
counts the changes that were; `doubts` is a JSON document of what the feed says of its starts and is not believed yet.
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
