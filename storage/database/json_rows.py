"""Many rows as one parameter, a JSON document that a statement reads like a table; and as one value."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

INTEGER = Integer()
BIGINT = BigInteger()
TEXT = Text()


def json_rows(dialect: str, columns: Mapping[str, TypeEngine[Any]], given: str = "rows") -> FromClause:
    """A table of these columns, whose rows are given when the statement runs: `{"rows": as_json(...)}`.

    Rows of a single column are given as bare values, which takes half as long to read.
    """
    return _table(dialect, tuple(columns.items()), given)


@cache  # putting one together takes longer than running most statements
def _table(dialect: str, named: tuple[tuple[str, TypeEngine[Any]], ...], given: str) -> FromClause:
    rows, columns = bindparam(given, type_=Text()), dict(named)
    values = _sqlite_values(rows, columns) if dialect == "sqlite" else _postgresql_values(rows, columns)
    return select(*(value.label(name) for name, value in zip(columns, values, strict=True))).subquery("given")


def _sqlite_values(rows: ColumnElement[str], columns: Mapping[str, TypeEngine[Any]]) -> list[ColumnElement[Any]]:
    row = func.json_each(rows).table_valued("value", name="element").c.value
    if len(columns) == 1:
        return [type_coerce(row, kind) for kind in columns.values()]
    return [func.json_extract(row, f"$[{number}]", type_=kind) for number, kind in enumerate(columns.values())]


def _postgresql_values(rows: ColumnElement[str], columns: Mapping[str, TypeEngine[Any]]) -> list[ColumnElement[Any]]:
    from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415 - not loaded for SQLite

    document = cast(rows, JSONB)
    if len(columns) == 1:
        bare = func.jsonb_array_elements_text(document).table_valued(column("value", Text()), name="element").c.value
        return [cast(bare, kind) for kind in columns.values()]
    row = func.jsonb_array_elements(document).table_valued(column("value", JSONB), name="element").c.value
    return [cast(row[number].astext, kind) for number, kind in enumerate(columns.values())]


def json_object(dialect: str, key: ColumnElement[str], value: ColumnElement[Any]) -> ColumnElement[str]:
    """The values of many rows as one JSON object, by their keys."""
    grouped = func.json_group_object if dialect == "sqlite" else func.json_object_agg
    return cast(grouped(key, value), Text)


def as_json(rows: Iterable[object]) -> str:
    """The document that `json_rows` reads: a row's values in the order of the columns, or bare where it has one."""
    return json.dumps([*rows], separators=(",", ":"))
