"""What a chat can subscribe to: a topic is a row here, and its key in the database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """Something a chat is told by itself; `family` is the word that switches it together with its kin."""

    key: str
    name: str
    family: str
    summary: str


RECAPS = Topic(
    "recaps", "Race recaps", "recaps", "The story of a race once its result is in, and what is corrected later"
)
SPRINTS = Topic("sprints", "Sprint recaps", "sprints", "The same for sprints")
DAY_BEFORE = Topic("day-before", "Reminders a day before", "reminders", "A reminder 24 hours before a race")
HOUR_BEFORE = Topic("hour-before", "Reminders an hour before", "reminders", "A reminder an hour before a race")
CALENDAR = Topic("calendar", "Calendar changes", "calendar", "Races that are cancelled, moved or added")

TOPICS = (RECAPS, SPRINTS, DAY_BEFORE, HOUR_BEFORE, CALENDAR)
"""All of them, in the order in which they are offered."""


def topic(key: str) -> Topic | None:
    """The topic of that key, or None."""
    return next((each for each in TOPICS if each.key == key), None)


def topics_called(word: str) -> tuple[Topic, ...]:
    """The topics that a word means: `recaps`, `reminders`, `day-before`; none for any other."""
    return tuple(each for each in TOPICS if word in {each.key, each.family})
