"""Many rows as one parameter: a JSON document that a statement reads like a table."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, FromClause, Integer, Text, bindparam, cast, column, func, select
from sqlalchemy.types import TypeEngine

INTEGER = Integer()
BIGINT = BigInteger()
TEXT = Text()


def json_rows(dialect: str, columns: Mapping[str, TypeEngine[Any]]) -> FromClause:
    """A table of these columns, whose rows are given when the statement runs: `{"rows": as_json(...)}`."""
    rows = bindparam("rows", type_=Text())
    if dialect == "sqlite":
        element = func.json_each(rows).table_valued("value", name="element")
        values = (
            func.json_extract(element.c.value, f"$[{number}]", type_=kind).label(name)
            for number, (name, kind) in enumerate(columns.items())
        )
        return select(*values).subquery("given")
    from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415 - not loaded for SQLite

    element = func.jsonb_array_elements(cast(rows, JSONB)).table_valued(column("value", JSONB), name="element")
    values = (
        cast(element.c.value[number].astext, kind).label(name) for number, (name, kind) in enumerate(columns.items())
    )
    return select(*values).subquery("given")


def as_json(rows: Iterable[Sequence[object]]) -> str:
    """The document that `json_rows` reads, its values in the order of the columns."""
    return json.dumps([*rows], separators=(",", ":"))
