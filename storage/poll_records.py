"""The polls and choices of incidents as rows: recorded where they are missing, and read with their ids."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, select

from bot.domain.incidents import Incident
from bot.domain.polls import Poll, Question, questions
from storage import tables
from storage.database.base import Database
from storage.database.json_rows import TEXT, as_json, json_rows
from storage.poll_locks import lock_polls_on


def record_polls(database: Database, connection: Connection, incidents: Sequence[Incident]) -> list[Poll]:
    """Insert the polls and choices that are missing, note rulings, and give all polls with their ids."""
    if not incidents:
        return []
    lock_polls_on(connection, (incident.id for incident in incidents))
    asked = [(incident, Poll.of(incident, question=each)) for incident in incidents for each in questions(incident)]
    row = database.insert(tables.poll)
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["incident", "question"],
            set_={"ruled_at": row.excluded.ruled_at},
            where=tables.poll.c.ruled_at.is_distinct_from(row.excluded.ruled_at),
        ),
        [
            {"incident": poll.incident_id, "question": poll.question, "ruled_at": poll.ruled_at}
            for _incident, poll in asked
        ],
    )
    poll_ids = _poll_ids(connection, incidents)
    connection.execute(
        database.insert(tables.choice).on_conflict_do_nothing(),
        [
            {"poll_id": poll_ids[poll.incident_id, poll.question], "key": choice.key}
            for _incident, poll in asked
            for choice in poll.choices
        ],
    )
    return _recorded(connection, incidents, poll_ids)


def read_polls(connection: Connection, incidents: Sequence[Incident]) -> list[Poll]:
    """The polls on incidents, as far as they and all their choices are recorded, with their ids."""
    return _recorded(connection, incidents, _poll_ids(connection, incidents))


def _recorded(
    connection: Connection, incidents: Sequence[Incident], poll_ids: Mapping[tuple[str, Question], int]
) -> list[Poll]:
    ours, names = _on(connection, incidents)
    choices = select(tables.choice.c.id, tables.choice.c.poll_id, tables.choice.c.key).join(tables.poll).where(ours)
    choice_ids: dict[int, dict[str, int]] = defaultdict(dict)
    for choice_id, poll_id, choice_key in connection.execute(choices, names):
        choice_ids[poll_id][choice_key] = choice_id
    polls = [
        Poll.of(incident, poll_id, choice_ids[poll_id], question)
        for incident in incidents
        for question in questions(incident)
        if (poll_id := poll_ids.get((incident.id, question))) is not None
    ]
    return [poll for poll in polls if all(choice.key in choice_ids[poll.id] for choice in poll.choices)]


def _poll_ids(connection: Connection, incidents: Sequence[Incident]) -> Mapping[tuple[str, Question], int]:
    """The ids of the polls that are recorded on incidents, by the incident's id and the question."""
    ours, names = _on(connection, incidents)
    known = connection.execute(
        select(tables.poll.c.incident, tables.poll.c.question, tables.poll.c.id).where(ours), names
    )
    return {(incident_id, Question(question)): poll_id for incident_id, question, poll_id in known}


def _on(connection: Connection, incidents: Iterable[Incident]) -> tuple[ColumnElement[bool], Mapping[str, str]]:
    """That a poll is on one of these incidents, and what that takes to be given."""
    given = select(json_rows(connection.dialect.name, {"incident": TEXT})).scalar_subquery()
    return tables.poll.c.incident.in_(given), {"rows": as_json(incident.id for incident in incidents)}
