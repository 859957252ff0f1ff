"""A database with rows in every table, of whatever columns it has by now; short and long values are among them."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, LargeBinary, SmallInteger, Table, Text, insert

from storage import tables
from storage.database.copying import WRITING

COUNTED = {tally for _votes, tally in tables.COUNTED}


def fill(connection: Connection, rows: int = 4) -> None:
    """Put so many rows into each table; tallies follow from the votes by themselves."""
    for table in WRITING:
        if table not in COUNTED:
            connection.execute(insert(table), [_row(table, number) for number in range(1, rows + 1)])


def _row(table: Table, number: int) -> dict[str, Any]:
    row = {column.name: _value(column, number) for column in table.columns}
    if "voter" in row:
        row["voter"] = (-(2**63) + number, 2**63 - number)[number % 2]
    return row


def _value(column: Column[Any], number: int) -> Any:
    if column.foreign_keys:
        return _value(next(iter(column.foreign_keys)).column, number)
    if column.nullable and number % 2:
        return None
    text = f'{column.table.name} {number}: {{"{column.name}": "Räikkönen – \n\\ 🏁"}}'
    kinds = {
        Boolean: bool(number % 3),
        LargeBinary: bytes([0, 255, number % 256]),
        SmallInteger: number % 2,
        Text: text,
    }
    if not column.primary_key:
        kinds |= {BigInteger: 2**62 + number}
    return next((value for kind, value in kinds.items() if isinstance(column.type, kind)), number)
