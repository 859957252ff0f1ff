"""The archive of sessions past: which there are, and what was said in one."""

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.domain.race_control import Car, Message, Session
from bot.feeds import FeedError, QuestionFailedError
from bot.feeds.race_control.archive import MOST_BYTES, PAUSES, Archive, ArchivedSession, read_index, stream_payloads
from tests.support.archive_server import ArchiveServer
from tests.support.clock import FakeClock
from tests.support.live_timing_server import driver

Json = dict[str, Any]

PATH = "2023/2023-11-05_São_Paulo_Grand_Prix/2023-11-05_Race"
MEETING = {
    "Key": 1224,
    "Name": "São Paulo Grand Prix",
    "Location": "São Paulo",
    "Country": {"Name": "Brazil"},
    "Circuit": {"ShortName": "Interlagos"},
}
SPRINT: Json = {"Key": 9201, "Name": "Sprint", "StartDate": "2023-11-04T15:30:00", "GmtOffset": "-03:00:00"}
RACE: Json = {"Key": 9205, "Name": "Race", "StartDate": "2023-11-05T14:00:00", "GmtOffset": "-03:00:00"}
STARTS_AT = dt.datetime(2023, 11, 5, 17, tzinfo=dt.UTC)


def said(text: str, minute: int, lap: int = 1) -> Json:
    return {"Utc": f"2023-11-05T17:{minute:02}:00", "Lap": lap, "Category": "Other", "Message": text}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(dt.datetime(2023, 11, 20, tzinfo=dt.UTC))


@pytest.fixture
async def files() -> AsyncIterator[ArchiveServer]:
    async with ArchiveServer() as files:
        files.put(
            "2023/Index.json",
            {"Year": 2023, "Meetings": [{**MEETING, "Sessions": [SPRINT, {**RACE, "Path": f"{PATH}/"}]}]},
        )
        files.put(f"{PATH}/SessionInfo.json", {**RACE, "Meeting": MEETING, "Path": f"{PATH}/"})
        files.put(f"{PATH}/DriverList.json", {"1": driver("VER", 1), "4": driver("NOR", 4)})
        files.put_stream(
            f"{PATH}/RaceControlMessages.jsonStream",
            {"Messages": [said("GREEN LIGHT", 0)]},
            {"Messages": {"1": said("TURN 1 INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR) NOTED", 3, lap=2)}},
            {"Messages": {"2": said("CHEQUERED FLAG", 59, lap=71)}},
        )
        yield files


@pytest.fixture
async def archive(files: ArchiveServer, clock: FakeClock) -> AsyncIterator[Archive]:
    async with Archive(files.url, clock) as archive:
        yield archive


async def race(archive: Archive) -> ArchivedSession:
    return (await archive.sessions(2023))[-1]


async def test_a_season_has_its_sessions_and_where_their_files_are(archive: Archive) -> None:
    sprint, race = await archive.sessions(2023)
    assert race.session == Session(
        *("9205", "São Paulo Grand Prix", "Race", dt.date(2023, 11, 5)), *("Brazil", "São Paulo", "Interlagos")
    )
    assert (race.path, race.starts_at) == (PATH, STARTS_AT)
    # Lists of early seasons do not say where; an event's folder has the day of its race.
    assert sprint.path == "2023/2023-11-05_São_Paulo_Grand_Prix/2023-11-04_Sprint"


async def test_sessions_to_come_are_not_there_yet(files: ArchiveServer) -> None:
    async with Archive(files.url, FakeClock(STARTS_AT - dt.timedelta(minutes=1))) as archive:
        assert [listed.session.name for listed in await archive.sessions(2023)] == ["Sprint"]


async def test_a_session_is_read_from_its_first_message_to_its_last(archive: Archive) -> None:
    record = await archive.fetch(await race(archive))
    assert record.session.key == "9205"
    assert record.cars == {1: Car(1, "VER", "Ann Ver", "A Team"), 4: Car(4, "NOR", "Ann Nor", "A Team")}
    assert [message.index for message in record.messages] == [0, 1, 2]
    assert record.messages[1] == Message(
        index=1,
        at=STARTS_AT + dt.timedelta(minutes=3),
        text="TURN 1 INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR) NOTED",
        lap=2,
        category="Other",
    )


async def test_messages_may_be_there_as_they_stood_in_the_end(files: ArchiveServer, archive: Archive) -> None:
    files.remove(f"{PATH}/RaceControlMessages.jsonStream")
    files.put(f"{PATH}/RaceControlMessages.json", {"Messages": [said("GREEN LIGHT", 0), said("CHEQUERED FLAG", 59)]})
    record = await archive.fetch(await race(archive))
    assert [message.text for message in record.messages] == ["GREEN LIGHT", "CHEQUERED FLAG"]


async def test_what_is_not_there_is_taken_from_the_list(files: ArchiveServer, archive: Archive) -> None:
    files.remove(f"{PATH}/SessionInfo.json")
    files.remove(f"{PATH}/DriverList.json")
    record = await archive.fetch(await race(archive))
    assert (record.session.key, record.cars, len(record.messages)) == ("9205", {}, 3)


async def test_another_sessions_file_in_the_place_of_this_ones_is_not_believed(
    files: ArchiveServer, archive: Archive
) -> None:
    files.put(f"{PATH}/SessionInfo.json", {**SPRINT, "Meeting": MEETING})
    assert (await archive.fetch(await race(archive))).session.name == "Race"


async def test_without_messages_there_is_no_record(files: ArchiveServer, archive: Archive) -> None:
    files.remove(f"{PATH}/RaceControlMessages.jsonStream")
    with pytest.raises(QuestionFailedError, match=r"RaceControlMessages\.json: not there"):
        await archive.fetch(await race(archive))


async def test_a_season_that_is_not_there(archive: Archive) -> None:
    with pytest.raises(QuestionFailedError, match=r"2017/Index\.json: not there"):
        await archive.sessions(2017)


async def test_files_are_fetched_two_a_second(files: ArchiveServer, archive: Archive, clock: FakeClock) -> None:
    await archive.fetch(await race(archive))
    assert (files.asked.total(), clock.slept) == (4, [0.5] * 3)
    (agent,) = files.agents
    assert agent.startswith("racing-incident/")


async def test_an_archive_that_is_busy_is_asked_again(files: ArchiveServer, archive: Archive, clock: FakeClock) -> None:
    files.failures += [503, 429]
    assert len(await archive.sessions(2023)) == 2
    assert clock.slept == [*PAUSES[:2]]


async def test_one_that_stays_broken_is_given_up(files: ArchiveServer, archive: Archive) -> None:
    files.failures += [500] * len(PAUSES)
    with capture_logs() as logs, pytest.raises(FeedError, match="status 500"):
        await archive.sessions(2023)
    assert [line["event"] for line in logs] == ["feed.request_failed"]


async def test_nobody_there(clock: FakeClock) -> None:
    async with ArchiveServer() as files:
        nowhere = files.url
    async with Archive(nowhere, clock) as archive:
        with pytest.raises(FeedError, match="it refuses connections"):
            await archive.sessions(2023)


@pytest.mark.parametrize("name", ["Index.json", f"{PATH.removeprefix('2023/')}/SessionInfo.json"])
@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b"\xff\xfe", b"[" * 100_000, b" " * (MOST_BYTES + 1)])
async def test_a_file_that_cannot_be_read_is_refused(
    files: ArchiveServer, archive: Archive, name: str, content: bytes
) -> None:
    listed = await race(archive)
    files.put(f"2023/{name}", content)
    with pytest.raises(QuestionFailedError):
        await (archive.sessions(2023) if name == "Index.json" else archive.fetch(listed))


@pytest.mark.parametrize(
    "path", ["../../secrets", "2023/../../etc", "/", "2023/a/b/c", "2023/a?b/c", "http://else.where/2023/a", 7, None]
)
async def test_a_path_that_leads_elsewhere_is_not_followed(
    files: ArchiveServer, archive: Archive, path: object
) -> None:
    files.put("2023/Index.json", {"Meetings": {"0": {**MEETING, "Sessions": {"0": {**RACE, "Path": path}}}}})
    assert (await race(archive)).path == PATH


async def test_lines_that_are_none_cost_themselves_and_are_said(files: ArchiveServer, archive: Archive) -> None:
    good = b'00:00:01.000{"Messages": {"5": {"Utc": "2023-11-05T17:05:00", "Message": "A\xe2\x80\xa8B"}}}'
    files.put(f"{PATH}/RaceControlMessages.jsonStream", b"00:00:00.000{half\n\n" + good + b"\nnoise\n")
    with capture_logs() as logs:
        record = await archive.fetch(await race(archive))
    assert [message.text for message in record.messages] == ["A B"]
    assert [line["event"] for line in logs] == ["race_control.record_skipped"]


@given(st.binary() | st.text().map(str.encode))
def test_whatever_a_stream_holds_it_is_read_to_its_end(stream: bytes) -> None:
    list(stream_payloads(stream))


json_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=10) | st.sampled_from(["2023-11-05T14:00:00", "-03:00:00", "a/b/c"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Meetings", "Sessions", "Name", "Key", "Path", "StartDate", "GmtOffset", "Country"]), inner
        )
    ),
)


@given(st.dictionaries(st.sampled_from(["Meetings", "Year"]), json_values))
def test_whatever_an_index_lists_a_session_is_whole_or_not_there(index: Json) -> None:
    for listed in read_index(2023, index):
        assert listed.session.key
        assert listed.path.count("/") == 2
