"""Chats, what they want, and the messages in them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from storage.tables.metadata import WIDE, metadata

chat = Table(
    "chat",
    metadata,
    Column("id", WIDE, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("external", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("polls", Boolean, nullable=False, server_default=true()),
    Column("moved_to", WIDE),
    UniqueConstraint("platform", "external"),
)
"""A place where people talk; `external` is the platform's own id, `polls` whether its admins let the bot ask.

`moved_to` is the row of what a group that became a supergroup goes on as; of the group itself nothing else is kept.
"""

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

subscriber = Table(
    "subscriber",
    metadata,
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("person", Text, nullable=False),
    Index(None, "person"),
)
"""Who turned topics on in a group last, by the platform's own id: told where the group is closed to us."""

unseen_chat = Table(
    "unseen_chat",
    metadata,
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("tried_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("told", Boolean, nullable=False, server_default=false()),
)
"""A chat that the bot cannot see: since when, how often it was tried and when last, whether an admin was told.

Moments are seconds since 1970.
"""

post = Table(
    "post",
    metadata,
    Column("id", WIDE, primary_key=True),
    Column("poll_id", ForeignKey("poll.id"), nullable=False),
    Column("chat_id", ForeignKey("chat.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("shown", BigInteger),
    Column("used_at", BigInteger, nullable=False),
    Column("claimed_by", Text),
    Column("claimed_until", BigInteger),
    UniqueConstraint("chat_id", "message"),
    Index(None, "poll_id", "platform", "id"),
    Index(None, "used_at"),
)
"""A message of ours that shows a poll's moving tally; `platform` is its chat's.

`shown` is the digest of what it shows, null where that is not known, as while it is edited; `used_at` is when it was
sent, or one of its buttons pressed, in seconds since 1970. It is edited by the process `claimed_by` until another may,
at `claimed_until`; both are null where nobody has it in hand.
"""

served_quotation = Table(
    "served_quotation",
    metadata,
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("quotation", BigInteger, primary_key=True, autoincrement=False),
    Column("turn", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""When a chat was last served a quotation, or an incident at random, by its key; `turn` counts them from 1."""

forum_post = Table(
    "forum_post",
    metadata,
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("race", Text, primary_key=True),
    Column("thread", Text),
    Column("starter", Text, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Index(None, "thread"),
)
"""A race's post in a forum, which is the chat; `thread` is the platform's own id of it, null while it is being made.

`starter` tells the message from all others that it begins with; `begun_at` is since when somebody makes it, in seconds
since 1970.
"""
