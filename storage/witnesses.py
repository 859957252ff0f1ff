"""What each witness said of a result, beside what is read of it: all that is known of a result stands in one row.

While one witness alone has told of it, that is what is read; once both have, it is what they say together, and each
one's own words are kept, so that either may be corrected. Both are written in the transaction in which they are put
together: whoever reads a result, or holds it against what was told, need not know how many have told of it.
"""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from bot.domain.season import Classification, Witness
from bot.domain.two_witnesses import agreed
from storage.documents import CLASSIFICATION
from storage.tables import classification as classifications


def testimonies(which: ColumnElement[bool]) -> Select[Any]:
    """What there is of results: what is read, and what each witness said."""
    its = classifications.c
    columns = (its.race_key, its.kind, its.document, its.witness, its.first, its.second, its.fetched_at)
    return select(*columns).where(which)


def heard(row: Row[Any] | None, by: Witness, said: Classification, document: str) -> dict[str, str | None]:
    """The columns of a result after one witness said this, which is written in `document`; `row` is what there was."""
    other = None if row is None else told_by(row, Witness.F1DB if by is Witness.ARCHIVE else Witness.ARCHIVE)
    if other is None:
        return {"document": document, "witness": by.value, "first": None, "second": None}
    theirs = CLASSIFICATION.read(other)
    if by is Witness.ARCHIVE:
        together, first, second = agreed(said, theirs, {}), document, other
    else:
        together, first, second = agreed(theirs, said, {}), other, document
    read = CLASSIFICATION.write(together)
    return {"document": read, "witness": Witness.BOTH.value, "first": first, "second": second}


def told_by(row: Row[Any], witness: Witness) -> str | None:
    """What a witness said of a result, as a document; None where it has said nothing."""
    if row.witness == Witness.BOTH:
        own: str | None = row.first if witness is Witness.ARCHIVE else row.second
        return own
    alone: str | None = row.document if row.witness == witness else None
    return alone
