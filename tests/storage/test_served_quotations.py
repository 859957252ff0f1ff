import asyncio
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.places import Chat, Platform
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.served_quotations import ServedQuotations
from tests.storage.booth import GRANDSTAND, PIT_WALL

QUOTATIONS = [2**48 - number for number in range(5)]


def dealer(database: Database, chats: Chats) -> ServedQuotations:
    return ServedQuotations(database, chats, HandledUpdates(database), Random(44))


async def test_none_comes_again_before_the_others(database: Database, chats: Chats) -> None:
    served = dealer(database, chats)
    first = [await served.next_for(PIT_WALL, QUOTATIONS) for _ in QUOTATIONS]
    assert sorted(first) == sorted(QUOTATIONS)
    assert [await served.next_for(PIT_WALL, QUOTATIONS) for _ in QUOTATIONS] == first


async def test_each_chat_is_dealt_to_by_itself(database: Database, chats: Chats) -> None:
    served = dealer(database, chats)
    dealt = {await served.next_for(chat, QUOTATIONS[:1]) for chat in (PIT_WALL, GRANDSTAND)}
    assert dealt == {QUOTATIONS[0]}


async def test_a_restart_forgets_nothing(database: Database, chats: Chats) -> None:
    first = [await dealer(database, chats).next_for(PIT_WALL, QUOTATIONS) for _ in QUOTATIONS]
    assert sorted(first) == sorted(QUOTATIONS)


async def test_two_who_ask_at_once_get_different_ones(database: Database, chats: Chats) -> None:
    served = dealer(database, chats)
    dealt = await asyncio.gather(*(served.next_for(PIT_WALL, QUOTATIONS) for _ in QUOTATIONS))
    assert sorted(dealt) == sorted(QUOTATIONS)


async def test_a_new_quotation_comes_before_all_that_were_served(database: Database, chats: Chats) -> None:
    served = dealer(database, chats)
    for _ in range(3):
        await served.next_for(PIT_WALL, QUOTATIONS[:2])
    assert await served.next_for(PIT_WALL, QUOTATIONS[:3]) == QUOTATIONS[2]


QUESTIONS = st.lists(st.sets(st.sampled_from(QUOTATIONS), min_size=1).map(sorted), max_size=12)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chat=st.uuids(), questions=QUESTIONS)
async def test_whatever_is_asked_the_least_lately_served_is_dealt(
    database: Database, chats: Chats, chat: object, questions: list[list[int]]
) -> None:
    served, here = dealer(database, chats), Chat(Platform.TELEGRAM, str(chat))
    turns = dict.fromkeys(QUOTATIONS, 0)
    for turn, question in enumerate(questions, start=1):
        dealt = await served.next_for(here, question)
        assert turns[dealt] == min(turns[quotation] for quotation in question)
        turns[dealt] = turn
