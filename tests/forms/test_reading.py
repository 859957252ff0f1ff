"""What is read into values, and what is said of what cannot be."""

import datetime as dt
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, make_dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Annotated, Any, Literal, NamedTuple, NewType, Self, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forms.mistakes import FormError, Mistake
from bot.forms.reading import read
from bot.forms.rules import First, Key, OrNone, at_most, items, within, written_as, zoned
from bot.forms.secret import Secret

Code = Annotated[str, written_as("[A-Z]{3}", "a code has three large letters")]


def _grams(said: object) -> object:
    return int(said.removesuffix(" g")) if isinstance(said, str) else said


def _share(laps: float) -> float:
    return 1 / laps


class Tyre(StrEnum):
    SOFT = "soft"
    HARD = "hard"


class Driver(NamedTuple):
    code: Code
    number: Annotated[int, within(1, 99)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stint:
    driver: Driver
    tyre: Tyre = Tyre.HARD
    laps: int
    best: float | None = None
    on: dt.date | None = None
    at: Annotated[dt.datetime, zoned] | None = None
    clock: dt.time | None = None
    flag: Literal["red", "green"] = "green"
    team: Annotated[str | None, Key("Constructor", "Team")] = None
    again: tuple["Stint", ...] = ()
    by_lap: Mapping[str, float] | None = None
    weight: Annotated[int, First(_grams)] = 0
    note: Annotated[Annotated[str, at_most(4)] | None, OrNone()] = None
    told: bool = False
    whatever: object = None

    def problems(self) -> Iterator[str]:
        if self.laps > 1 and self.tyre is Tyre.SOFT:
            yield "softs last a lap"
        if self.laps > 99:
            yield "nobody drives so far"


class Share(NamedTuple):
    laps: Annotated[float, _share]


class Account(NamedTuple):
    password: Annotated[Secret, First(lambda said: Secret(said) if isinstance(said, str) else said)]


STINT = {"driver": {"code": "VER"}, "laps": 1}


def mistakes(said: object, *, closed: bool = False) -> dict[str, str]:
    with pytest.raises(FormError) as error:
        read(Stint, said, closed=closed)
    return {mistake.path: mistake.reason for mistake in error.value.mistakes}


def test_what_need_not_be_said_has_its_default() -> None:
    assert read(Stint, STINT) == Stint(driver=Driver("VER"), laps=1)


def test_every_type_is_read() -> None:
    said = STINT | {
        "tyre": "soft",
        "best": 91,
        "on": "2021-04-18",
        "at": "2021-04-18T13:00:00Z",
        "clock": "15:00",
        "flag": "red",
        "Team": "Red Bull",
        "again": [STINT],
        "by_lap": {"1": 91.5},
        "weight": "798 g",
        "note": "long",
        "told": True,
        "whatever": ["anything"],
    }
    stint = read(Stint, said)
    assert stint.best == 91.0
    assert isinstance(stint.best, float)
    assert (stint.tyre, stint.on, stint.clock) == (Tyre.SOFT, dt.date(2021, 4, 18), dt.time(15))
    assert stint.at == dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC)
    assert (stint.team, stint.again, stint.by_lap) == ("Red Bull", (read(Stint, STINT),), {"1": 91.5})
    assert (stint.weight, stint.note, stint.told, stint.whatever) == (798, "long", True, ["anything"])


def test_of_several_keys_the_first_counts() -> None:
    assert read(Stint, STINT | {"Team": "one", "Constructor": "another"}).team == "another"


def test_a_mistake_under_one_of_several_keys_is_told_there() -> None:
    assert mistakes(STINT | {"Constructor": 7}) == {"Constructor": "Input should be a valid string"}
    assert mistakes(STINT | {"Team": 7}, closed=True) == {"Team": "Input should be a valid string"}


def test_what_is_made_beforehand_is_held_to_its_class() -> None:
    assert read(Account, {"password": "box box"}).password == Secret("box box")
    with pytest.raises(FormError, match="password: Input should be a valid Secret"):
        read(Account, {"password": 7})


def test_a_rule_that_fails_itself_is_no_mistake_of_who_wrote() -> None:
    with pytest.raises(ZeroDivisionError):
        read(Share, {"laps": 0})


class Gear(IntEnum):
    FIRST = 1


class Car(NamedTuple):
    gear: Gear = Gear.FIRST
    doors: Literal[1] = 1
    telemetry: bytes = b""
    number: Decimal | None = None


def test_what_is_equal_is_not_the_same() -> None:
    assert read(Car, {"gear": 1, "doors": 1}) == Car()
    assert type(read(Car, {"gear": 1}).gear) is Gear
    for said in (True, 1.0, "1"):
        for field in ("gear", "doors"):
            with pytest.raises(FormError, match=f"{field}: Input should be 1"):
                read(Car, {field: said})


@pytest.mark.parametrize(("field", "said"), [("telemetry", 3), ("telemetry", "3"), ("number", "44")])
def test_of_no_class_a_value_is_made_that_is_not_asked_for(field: str, said: object) -> None:
    with pytest.raises(FormError, match=f"{field}: Input should be a valid"):
        read(Car, {field: said})
    made = {"telemetry": b"3", "number": Decimal(44)}
    assert read(Car, made) == Car(telemetry=b"3", number=Decimal(44))


class Lap(TypedDict):
    seconds: float


@pytest.mark.parametrize(
    "kind",
    [
        *(set[int], frozenset[int], dict[str, int], tuple[int, str], tuple[int, int], Sequence[str], Iterable[int]),
        *(deque[int], Counter[str], MutableMapping[str, int], type[int], Lap, Any, NewType("Number", int), Self),
    ],
)
def test_a_form_of_what_nothing_here_reads_is_a_mistake_of_whoever_wrote_it(kind: Any) -> None:
    form = make_dataclass("Form", [("field", kind)])
    with pytest.raises(TypeError, match="no form is read by"):
        read(form, {"field": "34"})


def test_values_are_taken_as_they_are() -> None:
    driver, on, at = Driver("VER"), dt.date(2021, 4, 18), dt.datetime(2021, 4, 18, tzinfo=dt.UTC)
    stint = read(Stint, {"driver": driver, "laps": 1, "on": on, "at": at, "tyre": Tyre.SOFT})
    assert stint.driver is driver
    assert read(Stint, stint) is stint


@pytest.mark.parametrize(
    ("said", "where", "why"),
    [
        ({"laps": "1"}, "laps", "Input should be a valid integer"),
        ({"laps": True}, "laps", "Input should be a valid integer"),
        ({"laps": 1.0}, "laps", "Input should be a valid integer"),
        ({"told": 1}, "told", "Input should be a valid boolean"),
        ({"best": "91"}, "best", "Input should be a valid number"),
        ({"best": True}, "best", "Input should be a valid number"),
        ({"best": 10**400}, "best", "Input should be a valid number"),
        ({"tyre": "wet"}, "tyre", "Input should be 'soft' or 'hard'"),
        ({"tyre": []}, "tyre", "Input should be 'soft' or 'hard'"),
        ({"flag": "blue"}, "flag", "Input should be 'red' or 'green'"),
        ({"on": "in spring"}, "on", "Input should be a valid date"),
        ({"on": 5}, "on", "Input should be a valid date"),
        ({"at": "2021-04-18T13:00:00"}, "at", "Input should have timezone info"),
        ({"Team": 7}, "Team", "Input should be a valid string"),
        ({"driver": []}, "driver", "Input should be a table of keys and values"),
        ({"driver": {"code": "verstappen"}}, "driver.code", "a code has three large letters"),
        ({"driver": {"code": "VER", "number": 0}}, "driver.number", "Input should be greater than or equal to 1"),
        ({"driver": {"code": "VER", "number": 100}}, "driver.number", "Input should be less than or equal to 99"),
        ({"driver": {}}, "driver.code", "Field required"),
        ({"again": {}}, "again", "Input should be a list"),
        ({"by_lap": {"1": 90.5, "2": "slow"}}, "by_lap.2", "Input should be a valid number"),
        ({"driver": {"code": "VER", "number": float("nan")}}, "driver.number", "Input should be a valid integer"),
        ({"weight": "heavy"}, "weight", "invalid literal for int() with base 10: 'heavy'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(said: dict[str, object], where: str, why: str) -> None:
    assert mistakes(STINT | said) == {where: why}


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_fields() -> None:
    said = {"laps": None, "driver": {"number": "one"}, "again": [STINT, 7, {"driver": {"code": "NOR"}}]}
    assert [*mistakes(said).items()] == [
        ("driver.code", "Field required"),
        ("driver.number", "Input should be a valid integer"),
        ("laps", "Input should be a valid integer"),
        ("again.1", "Input should be a table of keys and values"),
        ("again.2.laps", "Field required"),
    ]


def test_what_is_missing_is_known_as_that() -> None:
    with pytest.raises(FormError) as error:
        read(Driver, {})
    assert error.value.mistakes == (Mistake(("code",), "Field required", missing=True),)


def test_parts_that_do_not_agree_are_told_all_at_once() -> None:
    with pytest.raises(FormError, match="the whole: softs last a lap\nthe whole: nobody drives so far"):
        read(Stint, STINT | {"laps": 100, "tyre": "soft"})


def test_an_unknown_key_is_a_mistake_only_where_people_write() -> None:
    said: dict[str, object] = {"driver": {"code": "VER", "codename": "Max"}, "laps": 1, "lap": 2}
    assert read(Stint, said) == read(Stint, STINT)
    assert mistakes(said, closed=True) == {
        "driver.codename": "Extra inputs are not permitted",
        "lap": "Extra inputs are not permitted",
    }


def test_what_may_be_odd_is_none() -> None:
    assert read(Stint, STINT | {"note": "too long"}).note is None


@pytest.mark.parametrize(("number", "fits"), [(0, False), (1, True), (2, True), (3, False)])
def test_there_may_be_a_number_of_items(number: int, fits: bool) -> None:
    count = items(1, 2)
    if fits:
        assert count("x" * number) == "x" * number
    else:
        with pytest.raises(ValueError, match=f"there are {number}; allowed are 1 to 2"):
            count("x" * number)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys((*Stint.__dataclass_fields__, "Team"), ANYTHING)))
def test_whatever_is_said_is_read_or_refused(said: dict[str, object]) -> None:
    with suppress(FormError):
        assert isinstance(read(Stint, {**STINT, **said}), Stint)


def test_no_number_at_all_is_within_no_bounds() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        within(1.0, 99.0)(float("nan"))
