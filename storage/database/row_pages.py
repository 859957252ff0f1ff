"""A table's rows in pages by primary key, and the same rows found again in another database.

Each database goes through a table in its own order, as they do not sort text alike; what belongs together is found by
its key.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, LargeBinary, Table, Text, and_, delete, func, select, tuple_

from storage.database.base import Database
from storage.database.json_rows import as_json, json_rows

Row: TypeAlias = tuple[Any, ...]
Key: TypeAlias = tuple[Any, ...]
Page: TypeAlias = dict[Key, Row]
"""Rows by their keys, in the order of the database that they are from."""

NUMBERS, DOCUMENTS = 5_000, 500
"""Rows in a page of a table that has nothing but numbers, and of one with texts, some of which are long documents."""


class RowPages:
    """The rows of one table in one database; all but `write` and `delete` only read."""

    def __init__(self, database: Database, table: Table) -> None:
        self.table = table
        self._dialect = database.dialect
        self._key = [*table.primary_key.columns]
        self._places = [[*table.columns].index(column) for column in self._key]
        self.size = DOCUMENTS if any(isinstance(column.type, Text) for column in table.columns) else NUMBERS
        keys = json_rows(self._dialect, {column.name: column.type for column in self._key})
        ours = and_(*(column == keys.c[column.name] for column in self._key))
        self._find = select(table).join(keys, ours)
        self._delete = delete(table).where(tuple_(*self._key).in_(select(keys)))
        self._upsert = self._upserting(database)

    def after(self, connection: Connection, key: Key | None) -> Page:
        """The page that follows on a key, the first where there is none; the last has fewer rows than `size`."""
        page = select(self.table).order_by(*self._key).limit(self.size)
        if key is not None:
            page = page.where(tuple_(*self._key) > tuple_(*key))
        return self._by_key(connection.execute(page))

    def found(self, connection: Connection, keys: Sequence[Key]) -> Page:
        """Those of the rows with these keys that are there."""
        return self._by_key(connection.execute(self._find, {"rows": _given(keys)}))

    def _by_key(self, rows: Iterable[Any]) -> Page:
        return {tuple(row[place] for place in self._places): tuple(row) for row in rows}

    def count(self, connection: Connection) -> int:
        """How many rows there are."""
        return connection.execute(select(func.count()).select_from(self.table)).scalar_one()

    def write(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Put rows in the place of those with the same keys, or in where there are none."""
        if self._has_bytes:
            names = [column.name for column in self.table.columns]
            connection.execute(self._upsert, [dict(zip(names, row, strict=True)) for row in rows])
        else:
            connection.execute(self._upsert, {"rows": _given(rows)})

    def delete(self, connection: Connection, keys: Sequence[Key]) -> None:
        """Delete the rows with these keys."""
        connection.execute(self._delete, {"rows": _given(keys)})

    @property
    def _has_bytes(self) -> bool:
        """Whether there are bytes in the rows, which JSON does not know."""
        return any(isinstance(column.type, LargeBinary) for column in self.table.columns)

    def _upserting(self, database: Database) -> Any:
        insert = database.insert(self.table)
        if not self._has_bytes:
            given = json_rows(self._dialect, {column.name: column.type for column in self.table.columns})
            # SQLite takes the ON of ON CONFLICT for a join's, unless a WHERE comes before it.
            rows = select(given).where(given.c[self._key[0].name].is_not(None))
            insert = insert.from_select([column.name for column in self.table.columns], rows)
        others = [column.name for column in self.table.columns if not column.primary_key]
        if not others:
            return insert.on_conflict_do_nothing()
        return insert.on_conflict_do_update(
            index_elements=self._key, set_={name: insert.excluded[name] for name in others}
        )


def _given(rows: Sequence[Row]) -> str:
    """Rows, or keys, as `json_rows` reads them: bare where they are of one column."""
    return as_json(rows if len(rows[0]) > 1 else (row[0] for row in rows))
