"""A doctor's visit to one of several processes: what is not its work is not looked at, and is no problem of its."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import make_url

from bot.app.monitoring.page import Monitoring
from bot.app.roles import ALL, Role, Roles, parse
from bot.app.settings import Settings
from bot.cli.doctor.database import look_at_database
from bot.cli.doctor.findings import Finding, Mark
from bot.cli.doctor.process import roles_here
from bot.cli.doctor.report import PATIENCE, examine
from bot.cli.doctor.web import Web
from bot.forms.secret import Secret
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from tests.cli.test_doctor import NOW, TOKEN, Internet
from tests.support.clock import FakeClock
from tests.support.conversation import conversation

SECRET = "8c1f09a2b3d4e5f60718293a4b5c6d7e"


@pytest.fixture
async def internet() -> AsyncIterator[Internet]:
    async with Internet() as internet:
        yield internet


def looked_at(findings: list[Finding]) -> list[str]:
    """What was looked at, in order."""
    return list(dict.fromkeys(finding.what.partition(":")[0] for finding in findings))


PLATFORMS = ["Telegram", "Discord"]
KEPT = ["Settings", "Data folder", "Voters' secret"]
LOOKS = {
    "telegram": [*KEPT, "Database", "Deliveries", "Pictures", "Telegram", "Results archive", "Clock"],
    "discord": [*KEPT, "Database", "Deliveries", "Pictures", "Discord", "Results archive", "Clock"],
    "deliver": [*KEPT, "Database", "Deliveries", "Pictures", *PLATFORMS, "Clock"],
    "season": [*KEPT, "Bot", "Database", "Deliveries", "Calendar", "Results archive", "f1db", "Clock"],
    "race-control": [*KEPT, "Database", "Deliveries", "Race control", "Clock"],
    "web": ["Settings", "Database", "Pictures", "Pages", "Clock"],
}


@pytest.mark.postgresql
@pytest.mark.parametrize(("role", "looks"), LOOKS.items())
async def test_of_one_process_what_it_needs_is_looked_at(
    settings: Settings, incidents: Incidents, internet: Internet, postgresql_url: str, role: str, looks: list[str]
) -> None:
    settings.data_dir.chmod(0o700)
    url = internet.url
    server = replace(settings, database_url=postgresql_url, voter_secret=Secret(SECRET), jolpica_url=url, web_url=url)
    server = replace(server, telegram_api_url=url, live_timing_url=url, race_control="live-timing")
    if role in {"telegram", "discord", "deliver"}:
        server = replace(server, telegram_bot_token=Secret(TOKEN), discord_token=Secret("hush.hush.hush"))
    async with conversation(replace(server, jolpica_url=None), incidents):
        findings = await examine(server, FakeClock(NOW), parse(role), discord=url)
    assert looked_at(findings) == looks
    assert findings[0].what == f"Settings: a process that is run --only {role} has what it needs."
    ours = [finding for finding in findings if not finding.what.startswith(("Pages", "Race control"))]
    assert [finding.what for finding in ours if finding.mark is Mark.PROBLEM] == []


async def test_what_a_role_lacks_is_a_problem(settings: Settings, internet: Internet) -> None:
    server = replace(settings, database_url="postgresql://nobody@127.0.0.1:1/none")
    (found, *_) = await examine(server, FakeClock(NOW), frozenset({Role.TELEGRAM}), discord=internet.url)
    assert (found.mark, found.what) == (
        Mark.PROBLEM,
        "Settings: This process is to have the role telegram, and TELEGRAM_BOT_TOKEN is not set.",
    )


@pytest.mark.parametrize("roles", [ALL, {Role.WEB}, {Role.SEASON, Role.RACE_CONTROL}])
async def test_a_process_that_answers_monitoring_says_its_roles(settings: Settings, roles: Roles) -> None:
    monitoring = Monitoring(FakeClock(), lambda: False, frozenset(roles))
    async with monitoring.open("127.0.0.1", 0) as port, Web(4, FakeClock()) as web:
        for host in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 - who listens everywhere is asked here
            assert await roles_here(web, replace(settings, health_host=host, health_port=port)) == roles


async def test_who_else_answers_there_says_none(settings: Settings, internet: Internet) -> None:
    port = int(internet.url.rpartition(":")[2])
    async with Web(4, FakeClock()) as web:
        assert await roles_here(web, settings) is None
        assert await roles_here(web, replace(settings, health_port=port)) is None
    async with Web(4, FakeClock()) as web:
        assert await roles_here(web, replace(settings, health_port=1)) is None


@pytest.mark.postgresql
async def test_a_server_without_a_connection_left_is_told_in_time(postgresql_url: str) -> None:
    name = make_url(postgresql_url).database
    operator = await asyncpg.connect(postgresql_url)
    await operator.execute(f"CREATE ROLE {name} LOGIN CONNECTION LIMIT 0")
    guest = make_url(postgresql_url).set(username=name).render_as_string(hide_password=False)
    async with asyncio.timeout(PATIENCE):
        (found,) = await look_at_database(guest, SystemClock(), follows=False)
    await operator.execute(f"DROP ROLE {name}")
    await operator.close()
    assert (found.mark, found.what) == (
        Mark.PROBLEM,
        f'Database: cannot be read: too many connections for role "{name}".',
    )
    assert found.remedy.startswith("Raise max_connections there, or the CONNECTION LIMIT of the role")
