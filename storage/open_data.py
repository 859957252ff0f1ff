"""Noted incidents and the tallies of all polls for whoever wants to reckon with them: no voter and no chat is there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, select

from bot.domain.noted_records import NotedRecord
from bot.domain.polls import Question
from storage import tables
from storage.database.base import CannotOpenError, Reader, in_words
from storage.noted_reading import read_noted


class Asked(NamedTuple):
    """A choice of an incident's poll on a question."""

    incident_id: str
    question: Question
    choice: str


class Count(NamedTuple):
    """Votes before the ruling and after it; ratings, which have no before, are all among the first."""

    early: int
    late: int


Counts: TypeAlias = Mapping[Asked, Count]
"""Every choice that has votes."""


class OpenData(NamedTuple):
    """All votes, and the incidents that race control noted, be they told by now or not."""

    counts: Counts
    noted: list[NotedRecord]


async def read_open_data(reader: Reader) -> OpenData:
    """All tallies as they stand at one moment, beside a bot that goes on counting. Raises CannotOpenError.

    What was noted is read after them, so that nothing is counted that is not there.
    """

    def read(connection: Connection) -> OpenData:
        return OpenData(_counts(connection), read_noted(connection))

    try:
        return await reader.read(read)
    except Exception as error:
        raise CannotOpenError(in_words(error)) from error


async def read_counts(reader: Reader, incident_ids: Iterable[str] | None = None) -> Counts:
    """The tallies as they stand at one moment: all, or those of some incidents."""
    return await reader.read(lambda connection: _counts(connection, incident_ids))


def _counts(connection: Connection, incident_ids: Iterable[str] | None = None) -> Counts:
    poll, choice, tally = tables.poll, tables.choice, tables.poll_tally
    # One statement, so that all of it is of the same moment.
    rows = (
        select(poll.c.incident, poll.c.question, choice.c.key, tally.c.after_ruling, tally.c.votes)
        .select_from(tally)
        .join(choice, choice.c.id == tally.c.choice_id)
        .join(poll, poll.c.id == tally.c.poll_id)
        .where(tally.c.votes > 0)
    )
    if incident_ids is not None:
        rows = rows.where(poll.c.incident.in_(list(incident_ids)))
    votes: defaultdict[Asked, list[int]] = defaultdict(lambda: [0, 0])
    for incident_id, question, key, after, number in connection.execute(rows):
        votes[Asked(incident_id, Question(question), key)][after] = number
    return {asked: Count(*each) for asked, each in votes.items()}
