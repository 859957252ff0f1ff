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
    Column("witness", Text, nullable=False, server_default="archive"),
    Index(None, "season", "round"),
    Index(None, "starts_by"),
)
"""A race; `starts_by` is its start or its day's end, in seconds since 1970, `cancelled` if the calendar lost it.

`told` is the document as it was last told, null while nobody was told that the race is on the calendar; `changes_told`
counts the changes that were; `doubts` is a JSON document of what the feed says of its starts and is not believed yet;
`witness` is whose calendar it is on.
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
    Column("witness", Text, nullable=False, server_default="archive"),
    Column("first", Text),
    Column("second", Text),
    Index(None, "kind", "starts_by"),
    Index("ix_classification_told", "race_key", "kind", sqlite_where=text("told IS NOT NULL")),
)
"""The result of a race, a sprint or qualifying; `starts_by` is the race's, `known_since` when there first was one.

`told` is the document that was last held against what was told of it, null while nothing was. `document` is what is
read: what the one `witness` said, `archive` or `f1db`, or what `both` say together, each of whose own words are in
`first` (the archive's) and `second` then.
"""

standings = Table(
    "standings",
    metadata,
    Column("season", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("fetched_at", BigInteger, nullable=False),
    Column("witness", Text, nullable=False, server_default="archive"),
)
"""A championship after a round, as a `witness` tells it: the `archive`, or `f1db` where that does not."""

f1db_season = Table(
    "f1db_season",
    metadata,
    Column("season", Integer, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
    Column("unmatched", Text, nullable=False),
)
"""A season that f1db told: a digest of all it said, and a JSON list of who or what in it the archive does not know."""

f1db_release = Table(
    "f1db_release",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reading", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("fetched_at", BigInteger, nullable=False),
    Column("checked_at", BigInteger, nullable=False),
)
"""The release of f1db's that was last read whole, in one row; `reading` is the number of the way it was read in."""
