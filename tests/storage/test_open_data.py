import asyncio

from bot.domain.polls import Question
from storage.database.base import Database
from storage.noted_incidents import NotedIncidents
from storage.open_data import Asked, Count, read_open_data
from tests.storage.booth import GRANDSTAND, PIT_WALL, Booth, voter
from tests.support.cases import VER, draft, noted, penalised
from tests.support.clock import FakeClock


async def test_everybodys_votes_are_counted_by_question_and_choice(booth: Booth, database: Database) -> None:
    for number, chat in enumerate((PIT_WALL, PIT_WALL, GRANDSTAND)):
        await booth.press("imola-2021 all-russell", voter(number), chat)
    await booth.rate("imola-2021 correct", voter(1))
    assert (await read_open_data(database)).counts == {
        Asked("imola-2021", Question.BLAME, "all-russell"): Count(3, 0),
        Asked("imola-2021", Question.RATING, "correct"): Count(1, 0),
    }


async def test_what_came_before_a_ruling_and_after_it_stands_apart(
    booth: Booth, database: Database, clock: FakeClock
) -> None:
    await booth.press("imola-2021 all-russell", voter(1))
    clock.pass_by(7 * 86_400)
    await booth.press("imola-2021 all-russell", voter(2))
    await booth.press("imola-2021 all-russell", voter(3))
    counts = (await read_open_data(database)).counts
    assert counts[Asked("imola-2021", Question.BLAME, "all-russell")] == Count(1, 2)


async def test_what_is_withdrawn_is_not_there(booth: Booth, database: Database) -> None:
    await booth.press("imola-2021 all-russell", voter(1))
    await booth.press("imola-2021 withdraw", voter(1))
    assert (await read_open_data(database)).counts == {}


async def test_votes_that_change_meanwhile_are_each_counted_once(booth: Booth, database: Database) -> None:
    for number in range(40):
        await booth.press("imola-2021 all-russell", voter(number))
    counting = asyncio.gather(*(read_open_data(database) for _ in range(10)))
    for number in range(40):
        await booth.press("imola-2021 all-bottas", voter(number))
    assert {sum(map(sum, data.counts.values())) for data in await counting} == {40}


async def test_what_race_control_noted_is_there_with_its_rulings(database: Database) -> None:
    await NotedIncidents(database).record([draft(penalised(noted(), VER, 14)), draft(noted(opened=30))], 40)
    data = await read_open_data(database)
    ruled = {record.id: [ruling.decision for ruling in record.rulings] for record in data.noted}
    assert ruled == {"monza-2025-ver-nor-t4": ["10s time penalty for Verstappen"], "monza-2025-ver-nor-t4-2": []}
    assert data.counts == {}
