"""Importing past sessions from an archive on the loopback into a real file."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.app.control_socket import Report, Step, listening, tell
from bot.app.importing import ARCHIVE_GONE, LATER, Importing
from bot.app.settings import Settings
from bot.domain.noted_incidents import NotedIncident
from bot.domain.polls import Question
from bot.events import CaseChanged, Events, RulingMade, Subscription
from bot.feeds.race_control.archive import PAUSES
from bot.jobs.news.incidents import IncidentNews
from bot.jobs.race_control.recorder import Recorder
from bot.search.catalogue import Incidents
from storage import tables
from storage.announcements import Announcements
from storage.database.base import Database
from storage.database.open import open_database
from storage.incidents.reading import read_circuits, read_drivers
from storage.noted_incidents import NotedIncidents
from storage.polls import Polls
from storage.recorded_sessions import RecordedSessions
from storage.unknown_templates import Unknown, all_unknown
from tests.support.archive_server import ArchiveServer
from tests.support.archived_season import IDS, MEETINGS, NOTED, PENALTY, SPRINT_ID, messages, path_of, put_season
from tests.support.cases import DRAFTS
from tests.support.clock import FakeClock
from tests.support.conversation import conversation
from tests.support.power_cut import PowerCut, PowerCutError

LATE_IN_2023 = dt.datetime(2023, 12, 1, tzinfo=dt.UTC)
INTERLAGOS = path_of("Interlagos")
EVENTS = ", ".join(event for event, *_ in MEETINGS.values())


class Office:
    """Where sessions are imported, and whoever hears of it."""

    def __init__(
        self, database: Database, url: str, cut: PowerCut | None = None, now: dt.datetime = LATE_IN_2023
    ) -> None:
        self.clock = FakeClock(now)
        self.incidents = Incidents((), read_circuits(), read_drivers())
        self.polls = Polls(database, [])
        events = Events()
        self.told: Subscription[CaseChanged | RulingMade] = events.subscribe(CaseChanged, RulingMade)
        kept = NotedIncidents(cut.threaten(database) if cut else database, clock=self.clock)
        recorder = Recorder(kept, self.incidents, self.polls, DRAFTS, events, self.clock)
        self.importing = Importing(url, recorder, RecordedSessions(database), read_circuits(), self.clock)

    async def run(self, season: int = 2023, race: str = "", *, again: bool = False) -> tuple[list[Step], Report]:
        """Import; the steps, and what came of it."""
        *steps, report = [said async for said in self.importing.import_sessions(season, race, again=again)]
        assert isinstance(report, Report)
        return [step for step in steps if isinstance(step, Step)], report

    def heard(self) -> Sequence[CaseChanged | RulingMade]:
        """What was told."""
        return list(self.told._waiting)


@pytest.fixture
async def files() -> AsyncIterator[ArchiveServer]:
    async with ArchiveServer() as files:
        put_season(files)
        yield files


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
def office(database: Database, files: ArchiveServer) -> Office:
    return Office(database, files.url)


async def test_a_season_becomes_incidents_with_rulings_and_polls(office: Office) -> None:
    steps, report = await office.run()
    assert report == Report(ok=True, lines=("2023: 4 sessions imported with 4 incidents.",))
    assert [(step.done, step.of, step.line) for step in steps] == [
        (0, 4, "2023"),
        (1, 4, "Italian Grand Prix, race: 1 incident"),
        (2, 4, "Japanese Grand Prix, race: 1 incident"),
        (3, 4, "São Paulo Grand Prix, sprint: 1 incident"),
        (4, 4, "São Paulo Grand Prix, race: 1 incident"),
    ]
    assert {incident.id for incident in office.incidents} == {*IDS, SPRINT_ID}
    monza = office.incidents.get(IDS[0])
    assert isinstance(monza, NotedIncident)
    assert monza.ruling is not None
    assert monza.ruling.decision == "10s time penalty for Verstappen"
    assert monza.case.over
    assert [incident.id for incident in office.incidents.find("ver nor suzuka 2023")] == [IDS[1]]
    assert office.polls.get(SPRINT_ID) is not None


async def test_nobody_is_told_of_what_is_long_past(office: Office) -> None:
    await office.run()
    assert office.heard() == []


async def test_what_is_imported_can_be_rated_and_is_pushed_to_nobody(database: Database, files: ArchiveServer) -> None:
    office = Office(database, files.url, now=dt.datetime(2023, 11, 5, 19, tzinfo=dt.UTC))
    for _twice in range(2):
        await office.run()
    ruled = {incident.id for incident in office.incidents if incident.ruling is not None}
    assert ruled >= {IDS[2], SPRINT_ID}
    assert {each for each in (*IDS, SPRINT_ID) if office.polls.get(each, Question.RATING)} == ruled
    news = IncidentNews(office.incidents, Announcements(database), office.clock)
    await news.tell()
    assert office.heard() == []
    announced = select(func.count()).select_from(tables.announcement)
    assert await database.read(lambda connection: connection.scalar(announced)) == 0


async def test_what_is_recorded_is_not_fetched_again(office: Office, database: Database, files: ArchiveServer) -> None:
    await office.run(race="interlagos")
    files.asked.clear()
    _steps, report = await office.run()
    assert report.lines == ("2023: 2 sessions imported with 2 incidents.", "2 sessions were recorded before.")
    assert not [path for path in files.asked if "Paulo" in path]
    files.asked.clear()
    again = Office(database, files.url)
    steps, report = await again.run()
    assert (len(steps), report.ok, report.lines[1]) == (1, True, "4 sessions were recorded before.")
    assert [*files.asked] == ["2023/Index.json"]


async def test_a_race_comes_with_its_sprint(office: Office) -> None:
    _steps, report = await office.run(race="são paulo")
    assert report.lines == ("2023: 2 sessions imported with 2 incidents.",)
    assert {incident.id for incident in office.incidents} == {IDS[2], SPRINT_ID}


async def test_one_odd_session_costs_itself(office: Office, files: ArchiveServer) -> None:
    files.put(f"{path_of('Monza')}/RaceControlMessages.jsonStream", b"noise\n")
    files.remove(f"{path_of('Suzuka')}/RaceControlMessages.jsonStream")
    steps, report = await office.run()
    assert [step.ok for step in steps] == [True, False, False, True, True]
    assert steps[1].line == f"Italian Grand Prix, race: {path_of('Monza')}: race control said nothing"
    assert steps[2].line == f"Japanese Grand Prix, race: {path_of('Suzuka')}/RaceControlMessages.json: not there"
    assert report.lines == (
        "2023: 2 sessions imported with 2 incidents.",
        f"2 sessions could not be imported. {LATER}",
    )
    put_season(files)
    _steps, report = await office.run()
    assert report.ok
    assert {incident.id for incident in office.incidents} == {*IDS, SPRINT_ID}


async def test_an_archive_that_goes_away_is_left_alone(office: Office, files: ArchiveServer) -> None:
    importing = office.importing.import_sessions(2023)
    assert await anext(importing) == Step(0, 4, "2023")
    files.failures += [503] * len(PAUSES) * ARCHIVE_GONE
    with capture_logs():
        *steps, report = [said async for said in importing]
    assert len(steps) == ARCHIVE_GONE
    assert report == Report(
        ok=False,
        lines=("2023: 0 sessions imported with 0 incidents.", f"The archive answers no more. {LATER}"),
    )


@pytest.mark.parametrize(
    ("season", "race", "says"),
    [
        (2022, "", "The archive does not list 2022: 2022/Index.json: not there. Try again later."),
        (
            2023,
            "le mans",
            f"2023 has no race called le mans. There are: {EVENTS}.",
        ),
    ],
)
async def test_what_is_not_there_is_said(office: Office, season: int, race: str, says: str) -> None:
    assert await office.run(season, race) == ([], Report(ok=False, lines=(says,)))


@pytest.mark.parametrize("season", [2017, 2031])
async def test_a_season_that_no_archive_has_is_mistyped(office: Office, season: int) -> None:
    says = ("The archive has the seasons from 2018 to this one.",)
    assert await office.run(season, "") == ([], Report(ok=False, lines=says, mistyped=True))


async def test_a_session_of_today_is_recorded_and_fetched_again_later(database: Database, files: ArchiveServer) -> None:
    office = Office(database, files.url, now=dt.datetime(2023, 11, 5, 15, 10, tzinfo=dt.UTC))
    await office.run(race="interlagos")
    incident = office.incidents.get(IDS[2])
    assert isinstance(incident, NotedIncident)
    assert not incident.case.over
    said = messages("2023-11-05", NOTED.format(turn=1), PENALTY, NOTED.format(turn=9))
    files.put_stream(f"{INTERLAGOS}/RaceControlMessages.jsonStream", {"Messages": said})
    office.clock.set(LATE_IN_2023)
    _steps, report = await office.run(race="interlagos")
    assert report.lines == ("2023: 1 session imported with 2 incidents.", "1 session was recorded before.")
    incident = office.incidents.get(IDS[2])
    assert isinstance(incident, NotedIncident)
    assert incident.case.over
    assert office.heard() == [CaseChanged(IDS[2])], "for whoever shows it"


async def test_what_the_archive_has_more_of_by_now_is_taken_up_on_request(
    office: Office, database: Database, files: ArchiveServer
) -> None:
    """A session that was imported before its archive was whole, and is recorded as if it were."""
    said = messages("2023-11-05", NOTED.format(turn=1), PENALTY, "FIA STEWARDS: HM", NOTED.format(turn=9))
    files.put_stream(f"{INTERLAGOS}/RaceControlMessages.jsonStream", {"Messages": said[:1]})
    await office.run(race="interlagos")
    assert (await database.read(all_unknown)).templates == 0
    files.put_stream(f"{INTERLAGOS}/RaceControlMessages.jsonStream", {"Messages": said})
    assert (await office.run(race="interlagos"))[1].lines[0] == "2023: 0 sessions imported with 0 incidents."
    for again in (office, Office(database, files.url)):
        _steps, report = await again.run(race="interlagos", again=True)
        assert report == Report(ok=True, lines=("2023: 2 sessions imported with 3 incidents.",))
        assert await database.read(all_unknown) == Unknown(templates=1, sessions=1)
    records = {record.id: record.incident for record in await NotedIncidents(database).all()}
    assert records.keys() == {IDS[2], "interlagos-2023-ver-nor-t9", SPRINT_ID}
    assert records[IDS[2]].ruling is not None
    assert office.heard() == [CaseChanged(IDS[2])], "for whoever shows it; nobody is told"


async def test_what_was_heard_live_under_other_numbers_is_imported_as_the_same(
    office: Office, database: Database, files: ArchiveServer
) -> None:
    await office.run(race="interlagos")
    said = messages("2023-11-05", "DRS ENABLED", NOTED.format(turn=1), PENALTY)
    said[0]["Utc"] = "2023-11-05T12:59:00"
    for number, message in enumerate(said[1:3]):
        message["Utc"] = f"2023-11-05T13:0{number}:00"
    files.put_stream(f"{INTERLAGOS}/RaceControlMessages.jsonStream", {"Messages": said})
    await office.run(race="interlagos", again=True)
    assert {record.id for record in await NotedIncidents(database).all()} == {IDS[2], SPRINT_ID}
    assert office.heard() == []


async def test_the_first_sprints_were_called_sprint_qualifying(office: Office, files: ArchiveServer) -> None:
    path = "2021/2021-07-18_British_Grand_Prix/2021-07-17_Sprint_Qualifying"
    then = {"Key": 1, "Name": "Sprint Qualifying", "StartDate": "2021-07-17T16:30:00", "GmtOffset": "01:00:00"}
    place = {"Name": "British Grand Prix", "Location": "Silverstone", "Country": {"Name": "Great Britain"}}
    files.put("2021/Index.json", {"Meetings": [{**place, "Sessions": [{**then, "Path": path}]}]})
    said = messages("2021-07-17", NOTED.format(turn=1))
    files.put_stream(f"{path}/RaceControlMessages.jsonStream", {"Messages": said})
    await office.run(2021)
    assert [(incident.id, incident.session) for incident in office.incidents] == [
        ("silverstone-2021-ver-nor-t1-s", "sprint")
    ]


@pytest.mark.parametrize("commit", [1, 2, 4])
async def test_a_power_cut_costs_one_session_at_most(
    office: Office, database: Database, files: ArchiveServer, commit: int
) -> None:
    doomed = Office(database, files.url, PowerCut(commit))
    with capture_logs() as logs:
        steps, _report = await doomed.run()
    assert [step.ok for step in steps[1:]] == [True] * (commit - 1) + [False] * (5 - commit)
    assert all(line["exc_info"].__class__ is PowerCutError for line in logs)
    kept = await NotedIncidents(database).all()
    assert len(kept) == commit - 1
    files.asked.clear()
    _steps, report = await office.run()
    assert report.lines[0].startswith(f"2023: {5 - commit} session")
    assert len(await NotedIncidents(database).all()) == 4
    assert sum("RaceControlMessages" in path for path in files.asked) == 5 - commit


async def test_two_who_import_at_once_record_each_once(database: Database, files: ArchiveServer) -> None:
    offices = [Office(database, files.url) for _ in range(3)]
    reports = await asyncio.gather(*(office.run() for office in offices))
    assert all(report.ok for _steps, report in reports)
    assert {record.id for record in await NotedIncidents(database).all()} == {*IDS, SPRINT_ID}


async def test_a_running_bot_says_how_far_it_is_and_finds_them(
    settings: Settings, incidents: Incidents, files: ArchiveServer
) -> None:
    settings = replace(settings, race_control_archive_url=files.url)
    seen: list[Step] = []
    catalogue = Incidents(incidents.told, read_circuits(), read_drivers())
    async with conversation(settings, catalogue) as bot, listening(settings.control_socket, bot.core.orders):
        report = await tell(settings.control_socket, "import", watch=seen.append, season=2023, race="monza")
        assert report == Report(ok=True, lines=("2023: 1 session imported with 1 incident.",))
        assert [step.done for step in seen] == [0, 1]
        assert catalogue.get(IDS[0]) is not None
