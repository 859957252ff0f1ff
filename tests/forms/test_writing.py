"""Values as JSON: what is stored is held against it letter by letter, by older versions as well."""

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forms.reading import read
from bot.forms.writing import as_json


class Flag(StrEnum):
    RED = "red"


class Pair(NamedTuple):
    one: int
    other: str


@dataclass(frozen=True, slots=True)
class Said:
    text: str = ""
    points: float | None = None
    flag: Flag = Flag.RED
    on: dt.date | None = None
    at: dt.datetime | None = None
    clock: dt.time | None = None
    rest: tuple[str | None, ...] = ()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Said(), '{"text":"","points":null,"flag":"red","on":null,"at":null,"clock":null,"rest":[]}'),
        (Pair(1, "é\n"), '[1,"é\\n"]'),
        ([Said("x", points=25)], "25.0"),
        (Said(points=12.5), '"points":12.5'),
        (Said(at=dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC)), '"at":"2021-04-18T13:00:00Z"'),
        (Said(at=dt.datetime(2021, 4, 18, 13, 0, 0, 5, dt.UTC)), '"at":"2021-04-18T13:00:00.000005Z"'),
        (Said(at=dt.datetime(2021, 4, 18, tzinfo=dt.timezone(dt.timedelta(hours=2)))), "2021-04-18T00:00:00+02:00"),
        (Said(on=dt.date(2021, 4, 18), clock=dt.time(15, 4, 5)), '"on":"2021-04-18","at":null,"clock":"15:04:05"'),
    ],
)
def test_a_value_is_written_as_it_always_was(value: object, written: str) -> None:
    assert written in as_json(value)


@given(
    st.builds(
        Said,
        st.text(st.characters(codec="utf-8")),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        on=st.none() | st.dates(),
        at=st.none() | st.datetimes(timezones=st.just(dt.UTC)),
        clock=st.none() | st.times(),
        rest=st.lists(st.none() | st.text(st.characters(codec="utf-8"))).map(tuple),
    )
)
def test_what_is_written_is_read_again(said: Said) -> None:
    assert read(Said, json.loads(as_json(said))) == said
