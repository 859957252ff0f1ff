"""Reading noted incidents: as they are kept, with their rulings and their polls, in two statements however many."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, ScalarSelect, select, true

from bot.domain.noted_records import NO_POLL, KeptPoll, KeptRuling, NotedRecord
from bot.domain.polls import Question
from storage import tables
from storage.database.json_rows import json_object

NOTED, RULING = tables.noted_incident, tables.ruling


def read_noted(connection: Connection, which: ColumnElement[bool] | None = None) -> list[NotedRecord]:
    """The incidents of which a condition on `noted_incident` is true, or all; part of a transaction."""
    dialect, which = connection.dialect.name, true() if which is None else which
    rulings = _rulings(connection, which)
    blame, rating = (tables.poll.alias(question) for question in (Question.BLAME, Question.RATING))
    kept = [column for poll in (blame, rating) for column in (poll.c.id, _choices(dialect, poll))]
    rows = (
        select(NOTED.c.id, NOTED.c.document, *kept)
        .outerjoin(blame, (blame.c.incident == NOTED.c.id) & (blame.c.question == Question.BLAME))
        .outerjoin(rating, (rating.c.incident == NOTED.c.id) & (rating.c.question == Question.RATING))
        .where(which)
    )
    return [
        NotedRecord.of(own, document, rulings.get(own, ()), _kept(*asked[:2]), _kept(*asked[2:]))
        for own, document, *asked in connection.execute(rows)
    ]


def _rulings(connection: Connection, which: ColumnElement[bool]) -> Mapping[str, tuple[KeptRuling, ...]]:
    """What was ruled on each incident and not withdrawn, in the order in which it was."""
    rulings: dict[str, list[KeptRuling]] = defaultdict(list)
    columns = [RULING.c.incident, *(RULING.c[name] for name in KeptRuling._fields)]
    made = select(*columns).join(NOTED).where(which, ~RULING.c.withdrawn)
    words: dict[Any, Any] = {}  # thousands of rulings say the same few things
    for incident, *ruling in connection.execute(made.order_by(RULING.c.made_at, RULING.c.id)):
        rulings[incident].append(KeptRuling(*(words.setdefault(each, each) for each in ruling)))
    return {incident: tuple(each) for incident, each in rulings.items()}


def _choices(dialect: str, poll: FromClause) -> ScalarSelect[str]:
    offered = select(json_object(dialect, tables.choice.c.key, tables.choice.c.id))
    return offered.where(tables.choice.c.poll_id == poll.c.id).scalar_subquery()


def _kept(poll_id: int | None, choices: str | None) -> KeptPoll:
    return NO_POLL if poll_id is None or choices is None else KeptPoll(poll_id, choices)
