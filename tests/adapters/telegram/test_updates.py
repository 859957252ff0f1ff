"""What is read of an update, however odd it is."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.updates import read, update_id
from tests.adapters.telegram import bot_api
from tests.adapters.telegram.odd_updates import ODD, SENSIBLE


@given(ODD | st.builds(lambda number: {"update_id": number}, ODD))
def test_an_id_is_a_number_that_telegram_can_be_asked_for(update: object) -> None:
    number = update_id(update)
    assert number is None or (type(number) is int and 0 <= number < 2**53)


@given(ODD)
def test_any_update_may_bring_what_nobody_knows(value: Any) -> None:
    for update in SENSIBLE:
        ((kind, content),) = update.items()
        assert read(1, kind, content | {"something_new": value}) == read(1, kind, content)


def test_an_update_keeps_its_id() -> None:
    assert read(4711, "inline_query", bot_api.inline_query("imola")["inline_query"]).id == 4711
