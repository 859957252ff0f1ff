"""What monitoring asks of a bot: is it alive, can it work, how does it do."""

import datetime as dt
import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from errno import ECONNREFUSED
from pathlib import Path

import httpx
import pytest
import structlog
from structlog.testing import capture_logs

from bot.app.monitoring.measured import MeasuredAdapter
from bot.app.monitoring.metrics import BACK, LOST, CountedLog, Metrics
from bot.app.monitoring.page import LOOKED_AT_EVERY, Monitoring
from bot.app.monitoring.watch import Watch
from bot.app.roles import ALL, Role, Roles, spoken
from bot.app.settings import Settings
from bot.chat.platform import SetUpWronglyError, SlowDownError
from bot.chat.replies import notice
from bot.domain.places import Chat, Platform, Post
from bot.measures import UNMEASURED
from storage.database.base import Database, Reader, Result, Transaction
from storage.database.open import open_database
from storage.database_clock import DatabaseClock
from storage.leases import Leases
from storage.vital_signs import vital_signs
from tests.storage.database.test_faults import read_only
from tests.support.clock import IMOLA_EVENING, FakeClock, HeldClock
from tests.support.platform_double import PlatformDouble
from tests.test_house import logged

ROOT = Path(__file__).parents[3]
GROUP = Chat(Platform.TELEGRAM, "-1")


class Watched:
    """Monitoring that answers, and whoever asks it."""

    def __init__(self, monitoring: Monitoring, clock: HeldClock, caller: httpx.AsyncClient) -> None:
        self.monitoring = monitoring
        self.clock = clock
        self.stopping = False
        self._caller = caller

    async def asked(self, path: str) -> tuple[int, str]:
        """What is answered at a path."""
        answer = await self._caller.get(path)
        return answer.status_code, answer.text

    async def figure(self, name: str) -> float:
        """A figure by its name and labels, as it is told."""
        _status, text = await self.asked("/metrics")
        (line,) = (line for line in text.splitlines() if line.startswith(f"{name} "))
        return float(line.rpartition(" ")[2])


@asynccontextmanager
async def watching(roles: Roles = ALL) -> AsyncIterator[Watched]:
    """Monitoring at a free port, of a bot that has no database yet."""
    clock = HeldClock()
    monitoring = Monitoring(clock, lambda: asked.stopping, roles)
    async with monitoring.open("127.0.0.1", 0) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        asked = Watched(monitoring, clock, http)
        yield asked


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    yield database
    await database.close()


@pytest.fixture
async def watched(database: Database) -> AsyncIterator[Watched]:
    async with watching() as watched:
        watched.monitoring.reader = database
        yield watched


async def test_it_is_alive_and_not_ready_while_the_database_is_opened(database: Database) -> None:
    async with watching() as watched:
        assert await watched.asked("/healthz") == (200, "alive as telegram,discord,deliver,season,race-control,web\n")
        assert await watched.asked("/readyz") == (503, "starting\n")
        watched.monitoring.reader = database
        assert await watched.asked("/readyz") == (200, "ready as telegram,discord,deliver,season,race-control,web\n")


async def test_it_is_sent_nothing_more_once_it_is_stopped(watched: Watched) -> None:
    watched.stopping = True
    assert await watched.asked("/readyz") == (503, "stopping\n")
    assert (await watched.asked("/healthz"))[0] == 200


class Away(Reader):
    """A database that nobody reaches."""

    def __init__(self, error: OSError) -> None:
        self._error = error

    async def read(self, transaction: Transaction[Result]) -> Result:  # noqa: ARG002 - a reader's
        raise self._error

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionRefusedError(ECONNREFUSED, "Connection refused"), "Connection refused"),
        (TimeoutError(), "no answer in time"),
    ],
)
async def test_a_database_that_does_not_answer_is_said_and_logged_once(
    watched: Watched, error: OSError, reason: str
) -> None:
    watched.monitoring.reader = Away(error)
    with capture_logs() as logs:
        for _ in range(3):
            assert await watched.asked("/readyz") == (503, "the database does not answer\n")
        assert await watched.figure("racing_incident_ready") == 0
    assert [(line["event"], line["reason"]) for line in logs] == [("monitoring.database_silent", reason)]


async def test_a_database_that_is_closed_already_is_none_that_is_away(watched: Watched, database: Database) -> None:
    await database.close()
    with capture_logs() as logs:
        assert (await watched.asked("/metrics"))[0] == 200
    assert logs == []


@pytest.mark.postgresql
@pytest.mark.parametrize("roles", [ALL, frozenset({Role.WEB})])
async def test_a_server_that_takes_nothing_new_is_ready_for_pages_alone(postgresql_url: str, roles: Roles) -> None:
    """No connection on which that was found is kept, so one that writes by then is found without anybody who votes."""
    database = open_database(postgresql_url)
    async with watching(roles) as watched:
        watched.monitoring.reader = database
        ready = (200, f"ready as {spoken(roles)}\n")
        not_ready = (503, "the database takes nothing new\n")
        with capture_logs() as logs:
            assert await watched.asked("/readyz") == ready
            await read_only(postgresql_url, on=True)
            for _ in range(3):
                assert await watched.figure("racing_incident_ready") == (roles != ALL)
                assert await watched.asked("/readyz") == (ready if roles == {Role.WEB} else not_ready)
                assert (await watched.asked("/healthz"))[0] == 200
            await read_only(postgresql_url, on=False, throw_out=False)
            looks = [await watched.asked("/readyz") for _ in range(2)]
            assert looks[-1] == ready, "each look drops one of the connections; what is measured has kept another"
            assert await watched.figure("racing_incident_ready") == 1
        assert [line["event"] for line in logs] == ["monitoring.database_read_only"] * (roles == ALL)
    await database.close()


async def test_requests_votes_and_delays_are_counted(watched: Watched) -> None:
    metrics = watched.monitoring.metrics
    metrics.answered("crash", Platform.TELEGRAM, "answered", 0.002)
    metrics.committed("votes", 40, 0.01)
    metrics.heard(1.5)
    told = 'racing_incident_request_seconds_count{command="crash",outcome="answered",platform="telegram"}'
    assert await watched.figure(told) == 1
    assert await watched.figure('racing_incident_batch_items_sum{what="votes"}') == 40
    assert await watched.figure("racing_incident_race_control_delay_seconds_sum") == 1.5


async def test_what_is_stored_is_told_as_it_is_then(watched: Watched, database: Database) -> None:
    await Leases(database, watched.clock).hold("season", "somebody", 45)
    assert await watched.figure('racing_incident_lease_seconds{role="season"}') == pytest.approx(45, abs=1)
    assert await watched.figure("racing_incident_deliveries_pending") == 0
    watched.clock.pass_by(60)
    assert await watched.figure('racing_incident_lease_seconds{role="season"}') == pytest.approx(-15, abs=1)


async def test_a_role_that_was_given_back_is_nobodys_since_then(watched: Watched, database: Database) -> None:
    """Whoever stops in good order leaves no row; another process's figure stayed as it was, and no alert came."""
    leases, ours = Leases(database, watched.clock), 'racing_incident_lease_seconds{role="race-control"}'
    await leases.hold("race control", "somebody", 45)
    assert await watched.figure(ours) == pytest.approx(45, abs=1)
    await leases.release("race control", "somebody")
    assert await watched.figure(ours) == 0
    watched.clock.pass_by(200)
    assert await watched.figure(ours) == -200
    await leases.hold("race control", "another", 45)
    assert await watched.figure(ours) == pytest.approx(45, abs=1)


@pytest.mark.postgresql
async def test_a_lease_is_told_alike_by_machines_an_hour_apart(postgresql_url: str) -> None:
    database = open_database(postgresql_url)
    here, there = DatabaseClock(FakeClock()), DatabaseClock(FakeClock(IMOLA_EVENING + dt.timedelta(hours=1)))
    for clock in (here, there):
        await clock.ask(database)
    await Leases(database, there).hold("season", "somebody", 45)
    metrics = Metrics()
    metrics.stored(await vital_signs(database), here.now().timestamp())
    told = re.search(r'^racing_incident_lease_seconds{role="season"} (\S+)', metrics.text().decode(), re.MULTILINE)
    assert told is not None
    assert float(told[1]) == pytest.approx(45, abs=2)
    await database.close()


async def test_a_late_event_loop_is_seen(watched: Watched) -> None:
    await watched.clock.asleep()
    watched.clock.pass_by(LOOKED_AT_EVERY + 0.25)
    await watched.clock.wake()
    await watched.clock.asleep()
    assert await watched.figure("racing_incident_event_loop_lag_seconds") == pytest.approx(0.25)


async def test_only_our_own_events_are_counted(watched: Watched) -> None:
    counted = CountedLog(watched.monitoring.metrics)
    for said in ({"event": "platform.lost", "error": "x"}, {"event": "Vote by Al, -1001"}, "telegram.fake", {}):
        counted.emit(logging.LogRecord("bot", logging.WARNING, "", 0, said, (), None))
    _status, text = await watched.asked("/metrics")
    lines = [line for line in text.splitlines() if line.startswith("racing_incident_log_events_total{")]
    happened = [line for line in lines if not line.endswith(" 0.0")]
    assert happened == ['racing_incident_log_events_total{event="platform.lost",level="warning"} 1.0']


async def test_a_platforms_calls_are_measured_whatever_comes_of_them() -> None:
    clock, metrics = HeldClock(), Metrics()
    double = PlatformDouble(clock=clock)
    measured = MeasuredAdapter(double, metrics, clock)
    await measured.send(GROUP, notice("Lights out"))
    double.troubles[Post(GROUP, "m1")].append(SlowDownError(3))
    with pytest.raises(SlowDownError):
        await measured.edit(Post(GROUP, "m1"), notice("Lights out, and away"))
    assert measured.platform is Platform.TELEGRAM
    text = metrics.text().decode()
    assert 'platform_call_seconds_count{outcome="done",platform="telegram",what="send"} 1.0' in text
    assert 'platform_call_seconds_count{outcome="SlowDownError",platform="telegram",what="edit"} 1.0' in text


async def test_nothing_is_measured_where_nobody_watches(settings: Settings) -> None:
    watch, double = Watch(settings, HeldClock(), lambda: False, ALL), PlatformDouble()
    async with watch.open():
        assert watch.measures is UNMEASURED
        assert watch.over(double) is double


async def test_a_port_that_is_taken_is_a_sentence(settings: Settings) -> None:
    async with watching() as watched:
        port = watched._caller.base_url.port
        watch = Watch(replace(settings, health_port=port), HeldClock(), lambda: False, ALL)
        with pytest.raises(SetUpWronglyError, match=f"HEALTH_PORT: .*port {port}"):
            async with watch.open():
                pass


def told(name: str) -> set[str]:
    """The figures that a file asks for."""
    return set(re.findall(r"racing_incident_[a-z_]+", (ROOT / "deploy" / "monitoring" / name).read_text()))


@pytest.mark.parametrize("name", ["alerts.yml", "dashboard.json"])
def test_alerts_and_dashboard_ask_for_figures_that_there_are(name: str) -> None:
    metrics = Metrics()
    metrics.answered("crash", Platform.TELEGRAM, "answered", 0.002)
    metrics.committed("votes", 40, 0.01)
    metrics.called(Platform.TELEGRAM, "send", "done", 0.1)
    metrics.logged("platform.lost", "warning")
    metrics._leases.labels("season").set(1)
    known = set(re.findall(r"^(racing_incident_[a-z_]+)", metrics.text().decode(), re.MULTILINE))
    assert told(name) - known == set()


def test_what_there_is_an_alert_for_is_counted_before_it_happens() -> None:
    """The first line is an increase only where Prometheus saw a 0 before it, as one that is said once an outage is."""
    alerted = re.findall(r'event=~?"(.+?)"', (ROOT / "deploy" / "monitoring" / "alerts.yml").read_text())
    counted = re.findall(r'log_events_total{event="(.+?)",level="(.+?)"} 0.0', Metrics().text().decode())
    assert len(counted) > 4
    assert {event for event, _level in counted} == {event for each in alerted for event in each.split("|")}
    assert {*counted} <= {*logged()}


def test_each_alert_has_its_row_in_the_table_of_a_bad_night() -> None:
    table = (ROOT / "README.md").read_text().partition("### At three in the morning")[2]
    rows = re.findall(r'look: "(.+)"', (ROOT / "deploy" / "monitoring" / "alerts.yml").read_text())
    assert len(rows) > 8
    assert [row for row in rows if f"`{row}`" not in table] == []


def away(metrics: Metrics) -> dict[str, float]:
    """How many connections to each platform are lost, as monitoring is told."""
    found = re.findall(r'platform_away{platform="(.+?)"} (.+)', metrics.text().decode())
    return {platform: float(lost) for platform, lost in found}


def test_a_platform_is_away_from_the_line_that_says_so_until_it_is_back() -> None:
    """A line an outage is no more than one increase, however long the platform is away."""
    metrics = Metrics()
    seen = [away(metrics)]
    for event, said in (
        ("telegram.poll_failed", {}),
        ("platform.lost", {"platform": Platform.DISCORD}),
        ("discord.gateway_resumed", {"shard": None}),
        ("discord.gateway_lost", {"shard": 0}),
        ("discord.gateway_lost", {"shard": 3}),
        ("discord.gateway_resumed", {"shard": 0}),
        ("telegram.poll_resumed", {}),
        ("poll.flooded", {}),
        ("discord.gateway_resumed", {"shard": 3}),
    ):
        metrics.heard_of(event, said)
        seen.append(away(metrics))
    assert [(each["telegram"], each["discord"]) for each in seen] == [
        *((0, 0), (1, 0), (1, 1), (1, 0), (1, 1), (1, 2), (1, 1), (0, 1), (0, 1), (0, 0))
    ]


def test_a_platform_is_lost_and_back_by_events_that_there_are() -> None:
    assert {*LOST, *BACK} <= {event for event, _level in logged()}


def test_the_dashboard_is_json_without_a_source_of_its_own() -> None:
    dashboard = json.loads((ROOT / "deploy" / "monitoring" / "dashboard.json").read_text())
    assert {panel["datasource"]["uid"] for panel in dashboard["panels"]} == {"${datasource}"}


def test_logs_reach_the_counter_as_events() -> None:
    """As the standard library hands them on, structlog's lines are their event and what else is said."""
    seen: list[object] = []

    class Seen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.msg)

    logger = logging.getLogger("tests.monitoring")
    logger.addHandler(Seen())
    structlog.wrap_logger(logger, [structlog.stdlib.ProcessorFormatter.wrap_for_formatter]).warning("platform.lost")
    assert seen == [{"event": "platform.lost"}]
