import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy.ext.asyncio import create_async_engine

from bot.app.logs import configure
from bot.chat.dispatcher import REQUEST_ID
from storage.database.base import Database
from storage.database.faults import ClosedError
from tests.support.logs import logs_as_before

TOKEN = "42:an-invented-token"
AWKWARD = 'with "quotes", \\ and ü'


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where logs go to; afterwards they go where they went before."""
    with logs_as_before():
        yield io.StringIO()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_line_is_json_for_machines(stream: io.StringIO) -> None:
    configure("INFO", "json", (), stream)
    structlog.get_logger("bot").info("started", platforms=["telegram"])
    logging.getLogger("elsewhere").warning("it is %d degrees", 41)
    ours, theirs = lines(stream)
    assert (ours["event"], ours["level"], ours["logger"]) == ("started", "info", "bot")
    assert ours["platforms"] == ["telegram"]
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("it is 41 degrees", "warning", "elsewhere")
    assert ours["timestamp"].endswith("Z")


def test_nobody_watching_means_json(stream: io.StringIO) -> None:
    configure("INFO", "auto", (), stream)
    structlog.get_logger("bot").info("started")
    assert lines(stream)[0]["event"] == "started"


def test_people_get_a_line_they_can_read(stream: io.StringIO) -> None:
    configure("INFO", "console", (), stream)
    structlog.get_logger("bot").info("started", platforms=2)
    assert "started" in stream.getvalue()
    assert "platforms=2" in stream.getvalue()


def test_a_line_names_the_request_it_is_about(stream: io.StringIO) -> None:
    configure("INFO", "json", (), stream)
    token = REQUEST_ID.set("abc-1")
    structlog.get_logger("bot").info("ours")
    logging.getLogger("elsewhere").warning("theirs")
    REQUEST_ID.reset(token)
    structlog.get_logger("bot").info("nobody's")
    assert [line.get("request") for line in lines(stream)] == ["abc-1", "abc-1", None]


@pytest.mark.parametrize("style", ["json", "console"])
@pytest.mark.parametrize("secret", [TOKEN, AWKWARD])
def test_a_secret_is_blackened_wherever_it_stands(stream: io.StringIO, style: str, secret: str) -> None:
    configure("DEBUG", style, (secret,), stream)
    log = structlog.get_logger("bot")
    event = f"GET /bot{secret}/getMe"
    log.info(event)
    log.info("a value", url=f"https://api.telegram.org/bot{secret}/getMe")
    log.info("a structure", headers={"authorization": [secret]})
    log.info("an error", error=ValueError(secret))
    logging.getLogger("telegram.ext").warning("calling %s", f"bot{secret}")
    try:
        int(secret)
    except ValueError:
        log.exception("lost", where=secret)
        logging.getLogger("discord").exception("lost")
    assert stream.getvalue().count("•••") == 8
    assert secret not in stream.getvalue()
    assert json.dumps(secret)[1:-1] not in stream.getvalue()


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_trace_is_kept(stream: io.StringIO, style: str) -> None:
    configure("INFO", style, (), stream)
    try:
        int("nought")
    except ValueError:
        structlog.get_logger("bot").exception("broken")
    assert "ValueError: invalid literal" in stream.getvalue()
    assert "test_logs.py" in stream.getvalue()


def test_the_level_holds_for_everybody_and_libraries_are_quiet(stream: io.StringIO) -> None:
    configure("INFO", "json", (), stream)
    structlog.get_logger("bot").debug("too much")
    logging.getLogger("elsewhere").debug("too much")
    logging.getLogger("httpx").info("POST https://api.telegram.org")
    assert stream.getvalue() == ""


def test_who_asks_for_errors_gets_no_warnings_of_libraries(stream: io.StringIO) -> None:
    configure("ERROR", "json", (), stream)
    logging.getLogger("telegram").warning("hm")
    structlog.get_logger("bot").warning("hm")
    assert stream.getvalue() == ""


def test_what_a_library_warns_of_at_each_start_and_nobody_mends_is_left_out(stream: io.StringIO) -> None:
    configure("INFO", "json", (), stream)
    discord = logging.getLogger("discord.client")
    discord.warning("PyNaCl is not installed, voice will NOT be supported")
    discord.warning("davey is not installed, voice will NOT be supported")
    discord.warning("Guilds intent seems to be disabled. This may cause state related issues.")
    discord.warning("Shard ID %s has stopped responding", 0)
    assert [line["event"] for line in lines(stream)] == ["Shard ID 0 has stopped responding"]


async def test_what_fails_only_because_the_bot_is_shutting_down_is_no_line(
    stream: io.StringIO, database: Database
) -> None:
    configure("INFO", "json", (), stream)
    log = structlog.get_logger("bot")
    await database.close()
    try:
        await database.read(lambda connection: connection.closed)
    except ClosedError as closed:
        log.exception("broken")
        log.error("write.failed", exc_info=closed)  # noqa: TRY400 - as the writer says it
    log.info("bot.stopped")
    assert [line["event"] for line in lines(stream)] == ["bot.stopped"]


@pytest.mark.parametrize("style", ["json", "console"])
async def test_of_a_database_that_is_locked_its_words_are_told_and_no_trace(
    stream: io.StringIO, style: str, tmp_path: Path
) -> None:
    configure("INFO", style, (), stream)
    file, log = tmp_path / "bot.db", structlog.get_logger("bot")
    with closing(sqlite3.connect(file, timeout=0)) as mine, closing(sqlite3.connect(file, timeout=0)) as another:
        another.execute("BEGIN EXCLUSIVE")
        try:
            mine.execute("CREATE TABLE poll (id)")
        except sqlite3.OperationalError as locked:
            log.exception("poll.not_closed")
            log.error("delivery.take_failed", exc_info=ExceptionGroup("of tasks", [locked]))  # noqa: TRY400 - as a group ends
    assert stream.getvalue().count("database is locked") == 2
    assert "Traceback" not in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 2


async def test_so_are_those_of_a_server_that_is_away(stream: io.StringIO, tmp_path: Path) -> None:
    configure("INFO", "json", (), stream)
    engine = create_async_engine(f"postgresql+asyncpg://bot@/bot?host={tmp_path}")  # where there is no socket of one
    try:
        await engine.connect()
    except OSError:
        structlog.get_logger("bot").exception("poll.not_closed")
    [line] = lines(stream)
    assert (line["event"], line["error"]) == ("poll.not_closed", "No such file or directory")
    assert "exception" not in line
