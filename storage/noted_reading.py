"""Noted incidents as they are kept, with their rulings and the polls on them."""

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, true

from bot.domain.noted_records import KeptRuling, NotedRecord
from bot.domain.polls import Question
from storage import tables
from storage.database.json_rows import json_object

NOTED, RULING = tables.noted_incident, tables.ruling


def read_noted(connection: Connection, which: ColumnElement[bool] | None = None) -> list[NotedRecord]:
    """Those incidents, all where it is not said which, with their rulings and the ids of their polls' choices."""
    which = true() if which is None else which
    rulings: dict[str, list[KeptRuling]] = defaultdict(list)
    columns = [RULING.c.incident, *(RULING.c[name] for name in KeptRuling._fields)]
    made = select(*columns).join(NOTED).where(which, ~RULING.c.withdrawn)
    words: dict[Any, Any] = {}  # thousands of rulings say the same few things
    for incident, *ruling in connection.execute(made.order_by(RULING.c.made_at, RULING.c.id)):
        rulings[incident].append(KeptRuling(*(words.setdefault(each, each) for each in ruling)))
    offered = select(json_object(connection.dialect.name, tables.choice.c.key, tables.choice.c.id))
    choices = offered.where(tables.choice.c.poll_id == tables.poll.c.id).scalar_subquery()
    rows = (
        select(NOTED.c.id, NOTED.c.document, tables.poll.c.id, choices)
        .outerjoin(tables.poll, (tables.poll.c.incident == NOTED.c.id) & (tables.poll.c.question == Question.BLAME))
        .where(which)
    )
    return [
        NotedRecord.of(own, document, tuple(rulings.get(own, ())), poll_id, keys or "{}")
        for own, document, poll_id, keys in connection.execute(rows)
    ]
