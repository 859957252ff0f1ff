"""A doctor's visit: to a bot that is well, and to whatever may ail it, with the platforms on the loopback."""

import asyncio
import contextlib
import datetime as dt
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from hashlib import scrypt
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from PIL import features

from bot.app.compose import open_core
from bot.app.control_socket import listening
from bot.app.repositories import open_repositories
from bot.app.roles import Roles
from bot.app.settings import Settings
from bot.cli.doctor.database import closed_chats, deliveries
from bot.cli.doctor.findings import Finding, Mark, ok, problem, warning
from bot.cli.doctor.machine import look_at_pictures
from bot.cli.doctor.report import examine, print_findings, told
from bot.domain.places import Chat, Platform, User
from bot.domain.race_control import Noticed
from bot.domain.season import Race
from bot.forms.secret import Secret
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from storage.health import Closed, Contents
from storage.voter_secret import load_secret
from tests.storage.broken import tear
from tests.support.bare_settings import settings_in
from tests.support.cases import MONZA
from tests.support.clock import FakeClock
from tests.support.conversation import PIT_WALL, conversation
from tests.support.loopback_site import LoopbackSite
from tests.support.season import IMOLA

TOKEN = "42:an-invented-token"
NOW = dt.datetime(2021, 4, 17, 12, tzinfo=dt.UTC)
TELEGRAM_ME = {
    "id": 42,
    "is_bot": True,
    "first_name": "Racing Incident",
    "username": "incident_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}
APPLICATION = {"id": "77", "approximate_guild_count": 3, "integration_types_config": {"0": {}, "1": {}}}


def result(value: object) -> dict[str, object]:
    """An answer of Telegram's."""
    return {"ok": True, "result": value}


class Internet(LoopbackSite):
    """Telegram, Discord and the archive on one loopback server; `answers` can be changed, None is silence."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any] | None] = {
            f"bot{TOKEN}/getMe": (200, result(TELEGRAM_ME)),
            f"bot{TOKEN}/getWebhookInfo": (200, result({"url": "", "pending_update_count": 0})),
            "users/@me": (200, {"id": "77", "username": "Racing Incident"}),
            "applications/@me": (200, APPLICATION),
            "2021/races/": (200, {"MRData": {"total": "22"}}),
        }
        self.now = NOW
        self.authorized: set[str | None] = set()
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        super().__init__(app)

    async def _answer(self, request: web.Request) -> web.Response:
        self.authorized.add(request.headers.get("Authorization"))
        answer = self.answers.get(request.match_info["path"], (401, {}))
        if answer is None:
            await asyncio.Event().wait()
            raise AssertionError
        status, says = answer
        date = self.now.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return web.json_response(says, status=status, headers={"Date": date})


@pytest.fixture
async def internet() -> AsyncIterator[Internet]:
    async with Internet() as internet:
        yield internet


@pytest.fixture
def settings(settings: Settings, internet: Internet) -> Settings:
    """A bot on both platforms, its data folder as the bot makes it."""
    settings.data_dir.chmod(0o700)
    return settings_in(
        settings.data_dir,
        telegram_bot_token=TOKEN,
        telegram_api_url=internet.url,
        discord_token="hush.hush.hush",
        jolpica_url=internet.url,
    )


async def visited(settings: Settings, internet: Internet, roles: Roles | None = None) -> Sequence[Finding]:
    """What the doctor finds."""
    return await examine(settings, FakeClock(NOW), roles, discord=internet.url)


def about(findings: Sequence[Finding], what: str) -> list[Finding]:
    """The findings about something."""
    return [finding for finding in findings if finding.what.startswith(f"{what}: ")]


async def know(settings: Settings, incidents: Incidents, race: Race = IMOLA, fetched_at: dt.datetime = NOW) -> None:
    """Let the bot have run once, and fetched a calendar."""
    off = replace(settings, jolpica_url=None)
    async with open_core(off, incidents):
        pass
    async with contextlib.AsyncExitStack() as stack:
        kept = await open_repositories(settings, incidents, stack, SystemClock())
        await kept.seasons.store_schedule(race.season, [race], fetched_at)


async def test_a_bot_that_is_well_has_nothing_wrong_with_it(
    settings: Settings, internet: Internet, incidents: Incidents
) -> None:
    await know(settings, incidents)
    off = replace(settings, jolpica_url=None)
    async with open_core(off, incidents) as core, listening(settings.control_socket, core.orders):
        findings = await visited(settings, internet)
    assert [finding.what for finding in findings if "GB free" not in finding.what] == [
        "Settings: TELEGRAM_BOT_TOKEN and DISCORD_TOKEN set.",
        f"Data folder: {settings.data_dir}, private and writable.",
        "Voters' secret: there, and private. Keep a copy of it apart from the database.",
        "Bot: running, and takes orders.",
        "Database: sound and up to date, 0 votes.",
        "Deliveries: 0 chats have subscribed; 0 on the way.",
        "Calendar: of 17 April 2021, 12:00 UTC; next is the Emilia Romagna Grand Prix, 18 April 2021.",
        "Pictures: every script is drawn as it is written.",
        "Telegram: answers, as @incident_bot.",
        "Discord: answers, as Racing Incident.",
        "Discord: on 3 servers.",
        "Results archive: answers.",
        "f1db: off, as F1DB_URL says; results have one witness, and old seasons are fetched when they are asked for.",
        "Race control: off, as RACE_CONTROL says; no incident is noted while a race runs.",
        "Clock: right to some seconds.",
    ]
    assert {finding.mark for finding in findings} == {Mark.OK}
    assert "Bot hush.hush.hush" in internet.authorized


async def test_a_system_without_fribidi_is_told_how_arabic_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda _feature: False)
    (finding,) = await look_at_pictures()
    assert finding.mark is Mark.WARNING
    assert "Arabic" in finding.what
    assert "libfribidi0" in finding.remedy


@pytest.mark.usefixtures("never_ran")
async def test_a_bot_that_never_ran_lacks_what_the_first_start_makes(settings: Settings, internet: Internet) -> None:
    findings = await visited(settings, internet)
    assert about(findings, "Voters' secret")[0].mark is Mark.WARNING
    assert about(findings, "Bot")[0].mark is Mark.WARNING
    assert about(findings, "Database")[0].mark is Mark.PROBLEM
    assert [*settings.data_dir.iterdir()] == []


@pytest.mark.parametrize("status", [401, 404])
async def test_tokens_that_are_refused_are_told_by_their_settings_names(
    settings: Settings, internet: Internet, status: int
) -> None:
    internet.answers |= {f"bot{TOKEN}/getMe": (status, {"ok": False}), "users/@me": (401, {})}
    findings = await visited(settings, internet)
    (telegram,), (discord,) = about(findings, "Telegram"), about(findings, "Discord")
    assert telegram.mark is discord.mark is Mark.PROBLEM
    assert "TELEGRAM_BOT_TOKEN" in telegram.remedy
    assert "DISCORD_TOKEN" in discord.remedy


async def test_a_webhook_keeps_updates_from_the_bot(settings: Settings, internet: Internet) -> None:
    internet.answers[f"bot{TOKEN}/getWebhookInfo"] = (200, result({"url": "https://old.example/a-secret-path"}))
    _, webhook = about(await visited(settings, internet), "Telegram")
    assert webhook.mark is Mark.PROBLEM
    assert "old.example;" in webhook.what
    assert "deleteWebhook" in webhook.remedy
    assert TOKEN not in webhook.remedy


HOOK = "https://bot.example.org/hooks/telegram"
FAILS = {"last_error_date": 1, "last_error_message": "Connection refused"}


@pytest.mark.parametrize(
    ("hook", "mark", "said"),
    [
        ({"url": HOOK}, Mark.OK, "brings updates to bot.example.org; 0 updates wait."),
        ({"url": HOOK, **FAILS}, Mark.OK, "brings updates to bot.example.org; 0 updates wait."),
        (
            {"url": HOOK, "pending_update_count": 8, **FAILS},
            Mark.PROBLEM,
            "could not bring all updates to TELEGRAM_WEBHOOK_URL (Connection refused); 8 updates wait.",
        ),
        ({"url": ""}, Mark.PROBLEM, "calls no address, and not TELEGRAM_WEBHOOK_URL; 0 updates wait."),
        (
            {"url": "https://old.example/a-secret-path", "pending_update_count": 1},
            Mark.PROBLEM,
            "calls old.example for updates, and not TELEGRAM_WEBHOOK_URL; 1 update waits.",
        ),
    ],
)
async def test_a_webhook_that_is_wanted_is_looked_at(
    settings: Settings, internet: Internet, hook: dict[str, object], mark: Mark, said: str
) -> None:
    internet.answers[f"bot{TOKEN}/getWebhookInfo"] = (200, result(hook))
    _, webhook = about(await visited(replace(settings, telegram_webhook_url=HOOK), internet), "Telegram")
    assert (webhook.mark, webhook.what) == (mark, f"Telegram: {said}")
    assert "deleteWebhook" not in webhook.remedy, "it would take from the bot what it lives on"


async def test_how_the_bot_is_set_up_on_telegram_is_told(settings: Settings, internet: Internet) -> None:
    other = {"supports_inline_queries": False, "can_read_all_group_messages": True, "can_join_groups": False}
    internet.answers[f"bot{TOKEN}/getMe"] = (200, result(TELEGRAM_ME | other))
    _, *found = about(await visited(settings, internet), "Telegram")
    assert [finding.mark for finding in found] == [Mark.WARNING] * 3
    assert [finding.remedy.split(", ")[0].split()[-1] for finding in found] == [
        "/setinline",
        "/setprivacy",
        "/setjoingroups",
    ]


async def test_how_the_application_is_set_up_on_discord_is_told(settings: Settings, internet: Internet) -> None:
    internet.answers["applications/@me"] = (
        200,
        {"id": "77", "integration_types_config": {"0": {}}, "interactions_endpoint_url": "https://old.example"},
    )
    _, servers, endpoint, along = about(await visited(settings, internet), "Discord")
    assert "client_id=77&" in servers.remedy
    assert endpoint.mark is Mark.PROBLEM
    assert "User Install" in along.remedy


@pytest.mark.parametrize(
    ("shards", "recommended", "few"),
    [(None, 1, False), (None, 2, True), ("0-1/2", 2, False), ("0-1/2", 3, True), ("auto", 40, False)],
)
async def test_too_few_shards_are_told(
    settings: Settings, internet: Internet, shards: str | None, recommended: int, few: bool
) -> None:
    internet.answers["gateway/bot"] = (200, {"shards": recommended, "session_start_limit": {"remaining": 999}})
    found = about(await visited(replace(settings, discord_shards=shards), internet), "Discord")
    told = [each for each in found if "DISCORD_SHARDS" in each.remedy]
    assert [each.mark for each in told] == ([Mark.WARNING] if few else [])


@pytest.mark.parametrize("limit", [{"remaining": 49}, {"remaining": 50}, {"remaining": "few"}, {}, None])
async def test_few_connections_that_are_left_today_are_told(
    settings: Settings, internet: Internet, limit: object
) -> None:
    internet.answers["gateway/bot"] = (200, {"shards": 1, "session_start_limit": limit})
    found = about(await visited(settings, internet), "Discord")
    told = [each.what for each in found if "connections today" in each.what]
    assert told == (["Discord: takes 49 more connections today."] if limit == {"remaining": 49} else [])


async def test_a_network_that_is_down_is_a_line_for_each_service(settings: Settings) -> None:
    nowhere = "http://127.0.0.1:1"
    settings.telegram_api_url = settings.jolpica_url = nowhere
    findings = await examine(settings, FakeClock(NOW), discord=nowhere)
    for service, mark in (("Telegram", Mark.PROBLEM), ("Discord", Mark.PROBLEM), ("Results archive", Mark.WARNING)):
        (found,) = about(findings, service)
        assert found.what == f"{service}: not reached, it refuses connections."
        assert found.mark is mark
    assert about(findings, "Clock")[0].mark is Mark.WARNING


async def test_a_service_that_says_nothing_holds_up_no_other(
    settings: Settings, internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.doctor.report.A_REPLY", 0.05)
    internet.answers["users/@me"] = None
    findings = await visited(settings, internet)
    assert [finding.what for finding in about(findings, "Discord")] == ["Discord: not reached, no answer in time."]


@pytest.mark.parametrize("says", ["", [], {"result": None}, {"ok": True, "result": {}}, {"ok": True}])
async def test_nonsense_is_never_a_trace(settings: Settings, internet: Internet, says: object) -> None:
    internet.answers = dict.fromkeys(internet.answers, (200, says))
    findings = await visited(settings, internet)
    assert about(findings, "Telegram")
    assert about(findings, "Discord")
    assert about(findings, "Results archive")[0].mark is Mark.WARNING


@pytest.mark.parametrize(("off", "said"), [(45, "45 seconds slow. Reminders come late."), (-90, "90 seconds fast.")])
async def test_a_clock_that_is_off_is_told(settings: Settings, internet: Internet, off: int, said: str) -> None:
    internet.now += dt.timedelta(seconds=off)
    (clock,) = about(await visited(settings, internet), "Clock")
    assert clock.mark is Mark.WARNING
    assert said in clock.what


async def test_a_folder_and_a_secret_that_are_open_to_others_are_told(
    settings: Settings, internet: Internet, incidents: Incidents
) -> None:
    await know(settings, incidents)
    os.chmod(settings.data_dir, 0o755)  # noqa: PTH101, S103
    os.chmod(settings.data_dir / "voter-secret", 0o644)  # noqa: PTH101
    findings = await visited(settings, internet)
    assert about(findings, "Data folder")[0].remedy == f"Close it to them: chmod 700 {settings.data_dir}"
    (secret,) = about(findings, "Voters' secret")
    assert secret.mark is Mark.PROBLEM
    assert "chmod 600" in secret.what


async def test_a_secret_that_is_lost_beside_votes_is_a_problem(
    settings: Settings, internet: Internet, incidents: Incidents
) -> None:
    await know(settings, incidents)
    os.unlink(settings.data_dir / "voter-secret")  # noqa: PTH108
    (secret,) = about(await visited(settings, internet), "Voters' secret")
    assert secret.mark is Mark.PROBLEM
    assert "Restore your copy before you start the bot" in secret.remedy


async def test_a_weak_secret_is_a_problem_until_votes_were_counted_with_it(
    settings: Settings, internet: Internet, incidents: Incidents, al: User
) -> None:
    weak = replace(settings, voter_secret=Secret("sixteen letters!"), jolpica_url=None)
    (secret,) = about(await visited(weak, internet), "Voters' secret")
    assert secret.mark is Mark.PROBLEM
    assert "openssl rand -hex 32" in secret.remedy
    unguessed = "sixteen letters, and many more of them"
    async with conversation(replace(weak, voter_secret=Secret(unguessed)), incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
    (secret,) = about(await visited(weak, internet), "Voters' secret")
    assert secret.mark is Mark.PROBLEM, "with that one they were not"
    fingerprint = scrypt(load_secret("sixteen letters!", Path()), salt=b"voter-secret", n=2**13, r=8, p=1, dklen=16)
    with contextlib.closing(sqlite3.connect(settings.data_dir / "racing-incident.db")) as file:
        file.execute("UPDATE secret_fingerprint SET fingerprint = ?", [fingerprint])  # as versions did that took it
        file.commit()
    (secret,) = about(await visited(weak, internet), "Voters' secret")
    assert secret.mark is Mark.WARNING


async def test_a_database_that_others_can_read_is_told(
    settings: Settings, internet: Internet, incidents: Incidents
) -> None:
    await know(settings, incidents)
    file = settings.data_dir / "racing-incident.db"
    file.chmod(0o644)
    (open_one,) = about(await visited(settings, internet), "Database file")
    assert (open_one.mark, open_one.remedy) == (Mark.WARNING, f"Close it to them: chmod 600 {file}")


async def test_a_damaged_database_is_a_problem(settings: Settings, internet: Internet, incidents: Incidents) -> None:
    await know(settings, incidents)
    tear(settings.data_dir / "racing-incident.db")
    (database,) = about(await visited(settings, internet), "Database")
    assert database.mark is Mark.PROBLEM


async def test_of_a_file_that_is_no_database_is_said_what_the_start_says(
    settings: Settings, internet: Internet, incidents: Incidents
) -> None:
    await know(settings, incidents)
    (settings.data_dir / "racing-incident.db").write_bytes(b"lorem ipsum " * 100)
    (database,) = about(await visited(settings, internet), "Database")
    assert database.what == "Database: cannot be read: file is not a database."
    assert database.remedy == "Put back a backup, or move it away to begin anew."


async def test_a_chat_that_is_closed_to_the_bot_is_told_by_its_number(
    settings: Settings, internet: Internet, incidents: Incidents, boss: User
) -> None:
    async with conversation(replace(settings, jolpica_url=None), incidents) as bot:
        await bot.ask("/subscribe", boss)
        await bot.ask("/subscribe recaps", boss)
    async with contextlib.AsyncExitStack() as stack:
        kept = await open_repositories(settings, incidents, stack, SystemClock())
        await kept.subscriptions.warn(PIT_WALL)
    findings = await visited(settings, internet)
    assert about(findings, "Deliveries")[0].what == "Deliveries: 1 chat has subscribed; 0 on the way."
    (chat,) = about(findings, "Chats")
    assert chat.what == "Chats: telegram -1001: the bot may not post there."


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        (Contents(0, 1, 1, 0, 0, None), "1 chat has subscribed; 1 on the way."),
        (Contents(0, 2, 3, 1, 0, None), "2 chats have subscribed; 1 delivery is more than an hour late."),
        (Contents(0, 2, 0, 0, 2, None), "2 deliveries were given up."),
    ],
)
def test_deliveries_that_do_not_arrive_are_told(contents: Contents, said: str) -> None:
    assert deliveries(contents)[-1].what == f"Deliveries: {said}"


def test_very_many_chats_that_are_closed_are_counted() -> None:
    closed = [Closed(Chat(Platform.DISCORD, str(number)), "No such channel.") for number in range(25)]
    assert [finding.what for finding in closed_chats(closed)][-2:] == [
        "Chats: discord 19: No such channel.",
        "Chats: 5 more in which the bot may not post.",
    ]


async def test_messages_of_the_stewards_that_nobody_understood_are_counted(
    settings: Settings, internet: Internet, incidents: Incidents
) -> None:
    await know(settings, incidents)
    async with open_core(replace(settings, jolpica_url=None), incidents) as core:
        for _twice in range(2):
            await core.recorder.record(MONZA, [], 40, Noticed(MONZA.key, (), unknown=2))
    (found, _off) = about(await visited(settings, internet), "Race control")
    assert found.mark is Mark.WARNING
    assert found.what == ("Race control: 2 templates of the stewards' messages were not known, in 1 session.")


async def test_a_calendar_that_is_old_is_told(settings: Settings, internet: Internet, incidents: Incidents) -> None:
    await know(settings, incidents, fetched_at=NOW - dt.timedelta(days=4))
    (calendar,) = about(await visited(settings, internet), "Calendar")
    assert calendar.mark is Mark.WARNING


async def test_a_server_that_is_not_there_is_told_without_its_password(settings: Settings, internet: Internet) -> None:
    settings.database_url = "postgresql://racing:a-password@127.0.0.1:1/incidents"
    (database,) = about(await visited(settings, internet), "Database")
    assert database.mark is Mark.PROBLEM
    assert "a-password" not in "".join(database[1:])


def test_findings_are_told_in_lines_with_what_to_do_below() -> None:
    lines = [*told([ok("Clock: right."), problem("Telegram: " + "no " * 12 + "token.", "Ask.")], 40, colours=False)]
    assert lines == [
        "ok       Clock: right.",
        "problem  Telegram: no no no no no no no",
        "         no no no no no token.",
        "         → Ask.",
        "",
        "1 problem, 0 warnings.",
    ]


@pytest.mark.parametrize(("finding", "code"), [(warning("Clock: slow.", "Set it."), 0), (problem("No.", "Yes."), 1)])
def test_only_a_problem_is_a_failure(finding: Finding, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert print_findings([finding], []) == code
    assert finding.what in capsys.readouterr().out


def test_no_secret_is_printed_whatever_a_finding_says(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([ok(f"Telegram: {TOKEN}.")], [TOKEN])
    assert re.search(r"Telegram: •••\.", capsys.readouterr().out)
