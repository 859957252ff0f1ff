"""Jolpica when it is busy, broken, or gone."""

from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from bot.feeds import LONGEST_PAUSE, FeedError, QuestionFailedError
from bot.feeds.jolpica.client import PAUSES, Jolpica
from tests.support.clock import FakeClock
from tests.support.jolpica_samples import imola_lines, race
from tests.support.jolpica_server import CUT, DROPPED, Failure, JolpicaServer, races, results

IMOLA = "2021/2/results/"


async def test_two_questions_a_second_are_enough(server: JolpicaServer, jolpica: Jolpica, clock: FakeClock) -> None:
    for _ in range(5):
        await jolpica.schedule(2021)
    assert (len(server.asked), clock.slept) == (5, [1, 1])


async def test_so_are_two_hundred_and_fifty_an_hour(server: JolpicaServer, jolpica: Jolpica, clock: FakeClock) -> None:
    for _ in range(250):
        clock.pass_by(1)
        await jolpica.schedule(2021)
    with pytest.raises(FeedError, match="no more questions for 3351 s"):
        await jolpica.schedule(2021)
    assert len(server.asked) == 250
    clock.pass_by(3351)
    assert await jolpica.schedule(2021) == ()


async def test_two_processes_ask_no_more_than_the_service_allows_an_address(server: JolpicaServer) -> None:
    clock = FakeClock()
    async with Jolpica(server.url, clock) as one, Jolpica(server.url, clock) as other:
        for _ in range(300):
            for jolpica in (one, other):
                with suppress(FeedError):
                    await jolpica.schedule(2021)
    assert clock.seconds < 3600
    assert len(server.asked) == 500


async def test_too_many_requests_are_repeated_when_the_service_wants_it(
    server: JolpicaServer, jolpica: Jolpica, clock: FakeClock
) -> None:
    server.publish("2021/races/", races(race()))
    server.failures.append(Failure(429, {"Retry-After": "7"}))
    assert len(await jolpica.schedule(2021)) == 1
    assert clock.slept == [7]


async def test_the_wish_to_be_left_alone_may_be_a_date(
    server: JolpicaServer, jolpica: Jolpica, clock: FakeClock
) -> None:
    dates = {"Date": "Sun, 18 Apr 2021 15:00:00 GMT", "Retry-After": "Sun, 18 Apr 2021 15:00:21 GMT"}
    server.failures.append(Failure(503, dates))
    await jolpica.schedule(2021)
    assert clock.slept == [21]


@pytest.mark.parametrize(
    "wish",
    [
        *("", "soon", "-5", "1e9", "٣", "Sun, 99 Apr 2021 15:00:00 GMT"),
        *("Sun, 18 Apr 99999999999999999999 15:00:00 GMT", "Sun, 18 Apr 1999 15:00:00 GMT"),
    ],
)
async def test_a_wish_that_makes_no_sense_is_our_own_pause(
    server: JolpicaServer, jolpica: Jolpica, clock: FakeClock, wish: str
) -> None:
    server.failures.append(Failure(429, {"Retry-After": wish}))
    await jolpica.schedule(2021)
    assert clock.slept == [PAUSES[0]]


async def test_a_service_that_wants_to_be_left_alone_for_long_is(
    server: JolpicaServer, jolpica: Jolpica, clock: FakeClock
) -> None:
    server.failures.append(Failure(429, {"Retry-After": "99999999999"}))
    with pytest.raises(FeedError):
        await jolpica.schedule(2021)
    with pytest.raises(FeedError):
        await jolpica.schedule(2021)
    assert len(server.asked) == 1
    clock.pass_by(LONGEST_PAUSE)
    assert await jolpica.schedule(2021) == ()


@pytest.mark.parametrize("failure", [Failure(500), Failure(502), Failure(429), CUT])
async def test_what_fails_once_is_asked_again(
    server: JolpicaServer, jolpica: Jolpica, clock: FakeClock, failure: Failure
) -> None:
    server.publish(IMOLA, results(race(), imola_lines()))
    server.failures.append(failure)
    assert await jolpica.result(2021, 2)
    assert clock.slept == [PAUSES[0]]


@pytest.mark.parametrize("failure", [Failure(500), CUT])
async def test_what_keeps_failing_is_given_up_and_left_alone_for_a_while(
    server: JolpicaServer, jolpica: Jolpica, clock: FakeClock, failure: Failure
) -> None:
    server.failures.extend([failure] * len(PAUSES))
    with capture_logs() as logs, pytest.raises(FeedError, match="no answer to 2021/races/"):
        await jolpica.schedule(2021)
    assert clock.slept == [*PAUSES[:-1]]
    assert [(line["event"], line["path"]) for line in logs] == [("feed.request_failed", "2021/races/")]
    assert await jolpica.schedule(2021) == ()
    assert clock.slept == [*PAUSES]


async def test_a_connection_that_is_dropped_is_made_again(server: JolpicaServer, jolpica: Jolpica) -> None:
    server.publish(IMOLA, results(race(), imola_lines()))
    server.failures.append(DROPPED)
    assert await jolpica.result(2021, 2)


async def test_a_service_that_drops_every_connection_is_given_up(server: JolpicaServer, jolpica: Jolpica) -> None:
    server.failures.extend([DROPPED] * 100)
    with pytest.raises(FeedError, match="no answer to 2021/races/"):
        await jolpica.schedule(2021)


async def test_a_page_that_fails_is_asked_again_and_not_the_ones_before(
    server: JolpicaServer, jolpica: Jolpica
) -> None:
    server.rows_a_page = 3
    server.publish(IMOLA, results(race(), imola_lines()))
    server.failures.extend([CUT])
    assert await jolpica.result(2021, 2)
    assert [asked.query["offset"] for asked in server.asked] == ["0", "0", "3"]


@pytest.mark.parametrize("status", [301, 400, 403, 404])
async def test_a_refusal_is_not_argued_with(server: JolpicaServer, jolpica: Jolpica, status: int) -> None:
    server.failures.append(Failure(status, {"Location": "/elsewhere"}))
    with pytest.raises(QuestionFailedError, match=f"status {status}"):
        await jolpica.schedule(2021)
    assert len(server.asked) == 1


async def test_a_service_that_never_answers_is_given_up(server: JolpicaServer, clock: FakeClock) -> None:
    server.silent = True
    async with Jolpica(server.url, clock, timeout=0.02) as jolpica:
        with pytest.raises(FeedError, match="no answer in time"):
            await jolpica.schedule(2021)


async def test_a_service_that_is_not_there_is_given_up(clock: FakeClock) -> None:
    async with JolpicaServer() as server:
        url = server.url
    async with Jolpica(url, clock) as jolpica:
        with pytest.raises(FeedError, match="no answer to 2021/races/: it refuses connections"):
            await jolpica.schedule(2021)


async def test_where_its_name_is_not_found_that_is_said_at_once(clock: FakeClock) -> None:
    async with Jolpica("http://archive.invalid/f1", clock) as nowhere:
        with pytest.raises(FeedError, match="its name is not found"):
            await nowhere.result(2021, 2)
    assert clock.slept == []
