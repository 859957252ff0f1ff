import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.shards import MOST, NoShardsError, Shards


@pytest.mark.parametrize(
    ("said", "shards"),
    [
        ("0/1", Shards((0,), 1)),
        ("0-3/16", Shards((0, 1, 2, 3), 16)),
        (" 4-5, 0 / 16 ", Shards((0, 4, 5), 16)),
        ("3,2-4,3/5", Shards((2, 3, 4), 5)),
        ("AUTO", Shards()),
    ],
)
def test_shards_are_said_by_their_numbers_and_how_many_there_are(said: str, shards: Shards) -> None:
    assert Shards.parse(said) == shards
    assert shards.are_automatic is (said == "AUTO")


@pytest.mark.parametrize(
    "said", ["", "16", "0-3", "0-16/16", "16/16", "3-0/16", "0/0", "-1/4", "0-1-2/4", "0,/4", "a/4", "0/20000", "٠/1"]
)
def test_what_names_no_shards_is_refused(said: str) -> None:
    with pytest.raises(NoShardsError):
        Shards.parse(said)


@given(st.text())
def test_anything_is_shards_or_is_refused(said: str) -> None:
    try:
        shards = Shards.parse(said)
    except NoShardsError:
        return
    assert shards.are_automatic or all(number < shards.of <= MOST for number in shards.ids)


@given(st.integers(1, MOST).flatmap(lambda count: st.tuples(st.integers(0, count - 1), st.just(count))))
def test_each_of_so_many_can_be_named(shard: tuple[int, int]) -> None:
    number, count = shard
    assert Shards.parse(f"{number}/{count}") == Shards((number,), count)
