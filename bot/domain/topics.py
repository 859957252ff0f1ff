"""What a chat can subscribe to: a topic is a row here, and its key in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

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
QUALIFYING = Topic(
    "qualifying",
    marked("qualifying results"),
    "qualifying",
    marked("Who was fastest in qualifying, and who went out where"),
)
DAY_BEFORE = Topic(
    "day-before", marked("reminders a day before"), "reminders", marked("A reminder 24 hours before a race")
)
HOUR_BEFORE = Topic(
    "hour-before", marked("reminders an hour before"), "reminders", marked("A reminder an hour before a race")
)
CALENDAR = Topic("calendar", marked("calendar changes"), "calendar", marked("Races that are cancelled, moved or added"))

INCIDENTS = Topic(
    "incidents",
    marked("incidents as they happen"),
    "incidents",
    marked("A poll while the race runs, as soon as race control notes an incident between drivers"),
)
RULINGS = Topic("rulings", marked("rulings"), "rulings", marked("A line when the stewards have ruled on an incident"))
ANNIVERSARIES = Topic(
    "anniversaries",
    marked("crashes on this day"),
    "anniversaries",
    marked("A crash of this date in an earlier year, in the evening, with its poll"),
)

TOPICS = (RECAPS, SPRINTS, QUALIFYING, DAY_BEFORE, HOUR_BEFORE, CALENDAR, INCIDENTS, RULINGS, ANNIVERSARIES)
"""All of them, in the order in which they are offered."""


ALL = "all"
"""The word that means every topic."""

SHORT = 2
"""The first letters of a topic's key by which it is known among all of them."""

BUT = "but"
"""The word before those that are not meant."""

Wanted: TypeAlias = Mapping[str, str | None]
"""Topics that are on in a chat by their keys, each with the id of the role that is mentioned with it, or None."""


class Ended(NamedTuple):
    """What a chat was told of until now, and whether its settings went too, as they do with a private chat's last."""

    topics: Wanted
    settings_gone: bool = False


def topic(key: str) -> Topic | None:
    """The topic of that key, or None."""
    return next((each for each in TOPICS if each.key == key), None)


def topics_called(word: str) -> tuple[Topic, ...]:
    """The topics that a word means: `recaps`, `reminders`, `day-before`, in shorthand `da`; none for any other."""
    return tuple(each for each in TOPICS if word in {each.key, each.family, each.key[:SHORT]})


def shorthand(topics: Sequence[Topic]) -> str:
    """Topics in so few letters that a button has room for all of them: `re da`."""
    return " ".join(each.key[:SHORT] for each in topics)


def words_for(topics: Sequence[Topic]) -> str:
    """The fewest words that mean these topics: `recaps reminders`, `day-before`, `all`, `all but rulings`."""
    others = [topic for topic in TOPICS if topic not in topics]
    if not others:
        return ALL
    return min(_words_for(topics), f"{ALL} {BUT} {_words_for(others)}", key=len)


def _words_for(topics: Sequence[Topic]) -> str:
    whole = {topic.family for topic in topics if set(topics_called(topic.family)) <= set(topics)}
    return " ".join(dict.fromkeys(topic.family if topic.family in whole else topic.key for topic in topics))
