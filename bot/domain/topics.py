"""What a chat can subscribe to: a topic is a row here, and its key in the database."""

from dataclasses import dataclass

from bot.i18n import marked
from bot.i18n.formats import capital


@dataclass(frozen=True, slots=True)
class Topic:
    """Something a chat is told by itself; `family` is the word that switches it together with its kin.

    What it is called within a sentence, and its summary, are put into a chat's language by `_`.
    """

    key: str
    called: str
    family: str
    summary: str

    @property
    def name(self) -> str:
        """What it is called at the beginning of a line, in English."""
        return capital(self.called)


RECAPS = Topic(
    "recaps",
    marked("race recaps"),
    "recaps",
    marked("The story of a race once its result is in, and what is corrected later"),
)
SPRINTS = Topic("sprints", marked("sprint recaps"), "sprints", marked("The same for sprints"))
DAY_BEFORE = Topic(
    "day-before", marked("reminders a day before"), "reminders", marked("A reminder 24 hours before a race")
)
HOUR_BEFORE = Topic(
    "hour-before", marked("reminders an hour before"), "reminders", marked("A reminder an hour before a race")
)
CALENDAR = Topic("calendar", marked("calendar changes"), "calendar", marked("Races that are cancelled, moved or added"))

TOPICS = (RECAPS, SPRINTS, DAY_BEFORE, HOUR_BEFORE, CALENDAR)
"""All of them, in the order in which they are offered."""


def topic(key: str) -> Topic | None:
    """The topic of that key, or None."""
    return next((each for each in TOPICS if each.key == key), None)


def topics_called(word: str) -> tuple[Topic, ...]:
    """The topics that a word means: `recaps`, `reminders`, `day-before`; none for any other."""
    return tuple(each for each in TOPICS if word in {each.key, each.family})
