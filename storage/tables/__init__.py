"""The tables, as `migrations/` builds them, by what they are about."""

from storage.tables.chats import (
    chat,
    chat_settings,
    forum_post,
    post,
    served_quotation,
    subscriber,
    subscription,
    unseen_chat,
)
from storage.tables.metadata import metadata
from storage.tables.news import announcement, delivery
from storage.tables.noted import noted_incident, noticed_message, recorded_session, ruling, unknown_templates
from storage.tables.polls import COUNTED, chat_poll, chat_tally, choice, poll, poll_tally, vote
from storage.tables.processes import allowance, bot_address, handled_update, lease, menu, secret_fingerprint
from storage.tables.seasons import classification, f1db_release, f1db_season, race, standings

__all__ = [
    "COUNTED",
    "allowance",
    "announcement",
    "bot_address",
    "chat",
    "chat_poll",
    "chat_settings",
    "chat_tally",
    "choice",
    "classification",
    "delivery",
    "f1db_release",
    "f1db_season",
    "forum_post",
    "handled_update",
    "lease",
    "menu",
    "metadata",
    "noted_incident",
    "noticed_message",
    "poll",
    "poll_tally",
    "post",
    "race",
    "recorded_session",
    "ruling",
    "secret_fingerprint",
    "served_quotation",
    "standings",
    "subscriber",
    "subscription",
    "unknown_templates",
    "unseen_chat",
    "vote",
]
