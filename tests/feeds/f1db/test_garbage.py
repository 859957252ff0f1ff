"""Whatever a stranger sends, it is read, or refused; nothing else happens."""

import io
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.f1db.pile import Pile
from bot.feeds.f1db.rows import CHUNK, ReleaseError, objects, opened
from bot.feeds.f1db.seasons import Seasons
from storage.incidents.reading import read_f1db_ids
from tests.support.f1db_release import invented_release, packed

RELEASE = invented_release([2025], races=1)
WHOLE = RELEASE.packed()

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3),
    max_leaves=8,
)


def read(body: bytes) -> None:
    """Read a release, all of it."""
    with opened(io.BytesIO(body)) as archive:
        seasons = Seasons(Pile(archive), read_f1db_ids())
        for year in seasons.years:
            seasons.season(year)


ROWS = st.lists(st.dictionaries(st.text(max_size=10), ANYTHING, max_size=5), max_size=5)
CHUNKS = st.sampled_from([1, 7, CHUNK])
"""Bytes at a time: so that rows, and letters of several bytes, lie in two of them."""


@given(rows=ROWS, indent=st.sampled_from([None, 0, 2]), plain=st.booleans(), chunk=CHUNKS)
def test_rows_come_as_they_were_written(
    rows: list[dict[str, object]], indent: int | None, chunk: int, *, plain: bool
) -> None:
    written = json.dumps(rows, indent=indent, ensure_ascii=plain)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.feeds.f1db.rows.CHUNK", chunk)
        assert repr([*objects(io.BytesIO(written.encode()))]) == repr(json.loads(written))


@given(cut=st.integers(0, 400))
def test_an_array_that_is_cut_off_is_refused(cut: int) -> None:
    written = json.dumps(RELEASE.rows("race-results")[:1]).encode()
    with suppress(ValueError):
        rows = [*objects(io.BytesIO(written[: cut % len(written)]))]
        raise AssertionError(rows)


@given(cut=st.integers(0, len(WHOLE) - 1))
def test_a_cut_off_archive_is_refused(cut: int) -> None:
    with suppress(ReleaseError):
        read(WHOLE[:cut])
        raise AssertionError(cut)


@given(at=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255))
def test_an_archive_with_a_wrong_byte_is_read_or_refused(at: int, byte: int) -> None:
    with suppress(ReleaseError):
        read(WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :])


@given(data=st.data(), value=ANYTHING)
def test_a_cell_may_be_anything(data: st.DataObject, value: object) -> None:
    name = data.draw(st.sampled_from(sorted(RELEASE.files)))
    rows = RELEASE.files[name]
    line = data.draw(st.integers(0, len(rows) - 1)) if rows else 0
    if not rows:
        return
    cell = data.draw(st.sampled_from(sorted(rows[line])))
    odd = [row | {cell: value} if number == line else row for number, row in enumerate(rows)]
    with suppress(ReleaseError):
        read(
            packed({each: json.dumps(odd if each == name else RELEASE.files[each]).encode() for each in RELEASE.files})
        )
