"""An incident on its day in a later year."""

from bot.cards.incident import story_reply
from bot.chat.replies import Reply
from bot.domain.incidents import Incident
from bot.domain.polls import Tally
from bot.i18n import counted


def anniversary_reply(incident: Incident, tally: Tally | None, years: int, *, hidden: bool = False) -> Reply:
    """The incident's card with its doors, and how many years ago it was; where the poll is `hidden`, it shows none."""
    said = counted("{number} year ago today", "{number} years ago today", years)
    return story_reply(incident, tally, hidden=hidden, opening=f"{said}.")
