"""The command line: run the bot, chat in the terminal, check incident files, export, give a running bot orders."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app.settings import Settings

# Only what --help needs is imported up here: the rest of the bot waits until it is asked for.

WRONG = 2
"""The exit code for what the person who typed the command can mend."""

FASTEST = 1_000_000.0
"""How many times as fast as it was a session may be replayed."""

NOBODY_THERE = (
    "No token is set, and nobody types anything here. Set TELEGRAM_BOT_TOKEN or DISCORD_TOKEN, in the environment or in"
    " a file .env in the folder that the bot is started in; or start it in a terminal to chat."
)

INTERRUPTED = 130
"""The exit code that shells expect where somebody pressed Ctrl-C."""

TERMINATED = 143
"""The exit code that supervisors expect where SIGTERM ended the process."""

UNREAD = 141
"""The exit code that shells expect where what is printed goes to somebody who has stopped reading, such as `head`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that was typed; the result is the process's exit code."""
    asked = _parser().parse_args(arguments)
    before = signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our quotation marks is shown others, not a trace
    try:
        code = _do(asked)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # What is still to be printed goes nowhere, or Python would fail over it once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    finally:
        signal.signal(signal.SIGTERM, before)
    return code


def _terminated(_number: int, _frame: object) -> None:
    """End as on any other exit where the process is asked to while nothing runs yet that ends in its own order."""
    raise SystemExit(TERMINATED)


def _do(asked: argparse.Namespace) -> int:
    match "version" if asked.version else asked.command:
        case "find" | "incidents" | "cases":
            return _edit(asked)
        case "announce" | "deliveries" | "import" | "rule" | "session":
            return _order(asked)
        case "replay":
            return _replay(asked)
        case "doctor" | "export" | "backup" | "restore":
            return _doctor() if asked.command == "doctor" else _copy(asked)
        case "version":
            return _version()
        case _:
            return _run(chat=asked.command == "chat")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="racing-incident",
        description="The fan bot that holds every Formula 1 crash to account.",
        epilog="Without a command the bot runs: on Telegram and Discord where their tokens are set, otherwise as a chat"
        " in this terminal.",
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("run", help="run the bot (the same as no command)")
    commands.add_parser("chat", help="chat in this terminal, whatever tokens are set")
    find = commands.add_parser("find", help="show which incidents a query finds, best first")
    find.add_argument("query", nargs="+", help="a race, drivers, a nickname")
    find.add_argument("--json", action="store_true", help="as JSON: id, title, season, race, drivers, score")
    incidents = commands.add_parser("incidents", help="work on the incident files")
    actions = incidents.add_subparsers(dest="action", metavar="action", required=True)
    check = actions.add_parser("check", help="check incident files, and name each mistake")
    check.add_argument("path", nargs="?", type=Path, help="a file or folder (default: all that ship with the bot)")
    check.add_argument(
        "--database",
        metavar="URL",
        help="the database whose results and standings they are held against (default: the bot's own, if it is there)",
    )
    actions.add_parser("sources", help="print every quotation with its link, as SOURCES.md holds it")
    cases = commands.add_parser("cases", help="print the cases of recorded sessions as lines of JSON")
    cases.add_argument("files", nargs="+", type=Path, metavar="file", help="messages of race control, as recorded")
    announce = commands.add_parser("announce", help="tell a race, or its sprint, to all who subscribed")
    announce.add_argument("race", nargs="+", help="a race as people say it: imola 2021, silverstone 2021 sprint")
    announce.add_argument("--dry-run", action="store_true", help="only say what would be told, and to whom")
    deliveries = commands.add_parser("deliveries", help="show what could not be delivered, and why")
    deliveries.add_argument("--retry", action="store_true", help="try all of it again")
    _add_rule(commands.add_parser("rule", help="add a ruling that only a document has, to an incident that was noted"))
    _add_session(commands.add_parser("session", help="set when a session starts, where the results archive is wrong"))
    past = commands.add_parser("import", help="record what race control noted in past races and sprints, since 2018")
    past.add_argument("season", type=_season, help="2024")
    past.add_argument("race", nargs="*", help="one race as people say it: monza (default: all of the season)")
    past.add_argument(
        "--again", action="store_true", help="also what was recorded before, of which the archive may have more by now"
    )
    replay = commands.add_parser(
        "replay",
        help="replay a recorded session through everything, on a database of its own",
        description="Replay a recorded session as if it were held now: its incidents become polls, and rulings follow. "
        "The bot's own database stays out of it.",
    )
    replay.add_argument(
        "file",
        nargs="?",
        default=Path("demo"),
        type=Path,
        help="a recording, or a folder of the archive's files (default: demo, one that ships, all invented)",
    )
    replay.add_argument("--speed", type=_speed, default=60.0, help="how many times as fast (default: 60)")
    replay.add_argument(
        "--chat",
        metavar="PLATFORM:ID",
        help="push to a chat, telegram:-1001234 or discord:5678, with the token that is set, which no bot that is"
        " running may use meanwhile (default: the terminal)",
    )
    export = commands.add_parser("export", help="write incidents, rulings, tallies and ratings as open data")
    export.add_argument("--format", choices=("json", "csv"), default="json", help="(default: json)")
    export.add_argument("--output", type=Path, metavar="FILE", help="a file (default: it is printed)")
    backup = commands.add_parser("backup", help="copy the database (SQLite), beside a bot that is running")
    backup.add_argument("file", type=Path, help="the copy, which must not be there yet")
    restore = commands.add_parser("restore", help="put a copy in the database's place (SQLite), while no bot runs")
    restore.add_argument("file", type=Path, help="the copy, which stays; what was there is kept under a dated name")
    commands.add_parser("doctor", help="look at everything the bot needs, and say what to do where it lacks something")
    commands.add_parser("version", help="print the version")
    return parser


def _add_rule(rule: argparse.ArgumentParser) -> None:
    """What a ruling is made of."""
    rule.add_argument("incident", help="its id: monza-2025-ver-nor-t4")
    rule.add_argument("--decision", metavar="TEXT", required=True, help="in a line: three grid places for Verstappen")
    rule.add_argument("--link", metavar="URL", required=True, help="where the document is")
    rule.add_argument("--at-fault", metavar="NAME", nargs="+", default=[], help="whom it blames (default: nobody)")
    rule.add_argument("--reason", metavar="TEXT", default="", help="why, in a sentence or two of your own")
    rule.add_argument("--by", metavar="WHO", default="", help="who ruled (default: the stewards)")
    rule.add_argument("--at", metavar="TIME", default="", help="when, at the track: 2025-09-07T18:30 (default: now)")
    rule.add_argument("--dry-run", action="store_true", help="only say what would be added")


def _add_session(session: argparse.ArgumentParser) -> None:
    """Which session, and when it starts."""
    session.add_argument("race", nargs="+", help="a race to come as people say it: miami, or miami 2027")
    session.add_argument("session", help="race, qualifying, sprint, sprint-qualifying, practice-1, -2 or -3")
    session.add_argument("start", help="2026-05-03T17:00Z, or without the Z by the clocks at the track")


def _speed(said: str) -> float:
    """How many times as fast. Raises ArgumentTypeError."""
    try:
        speed = float(said)
    except ValueError:
        speed = 0
    if not 0 < speed <= FASTEST:
        raise argparse.ArgumentTypeError(f"{said} is no speed. Say it like 60, for 60 times as fast.")
    return speed


def _season(said: str) -> int:
    """A year. Raises ArgumentTypeError."""
    if not (said.isascii() and said.isdigit()):
        raise argparse.ArgumentTypeError(f"{said} is no season. Say it like 2024.")
    return int(said)


def _edit(asked: argparse.Namespace) -> int:
    from bot.cli import incident_files

    match asked.command, getattr(asked, "action", None):
        case "find", _:
            from bot.cli.find import find

            settings = _settings(quiet=True)
            return WRONG if settings is None else find(settings, " ".join(asked.query), as_json=asked.json)
        case _, "check":
            return _check(asked)
        case "cases", _:
            from bot.cli.case_list import print_cases

            return print_cases(asked.files)
        case _:
            return incident_files.sources()


def _check(asked: argparse.Namespace) -> int:
    from bot.cli.incident_files import check

    if asked.database is not None:
        return check(asked.path, asked.database)
    settings = _settings(quiet=True)
    return WRONG if settings is None else check(asked.path, settings.database)


def _settings(*, quiet: bool = False) -> "Settings | None":
    """The settings; None where they are wrong, which is printed, as are names that are none unless it is `quiet`."""
    import logging

    from bot.app.settings import SettingsError, read_settings, unknown_names

    logging.getLogger("dotenv").setLevel(logging.ERROR)  # lines of .env that are odd are told by `read_settings`
    for line in () if quiet else unknown_names():
        print(line, file=sys.stderr)
    try:
        return read_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return None


def _order(asked: argparse.Namespace) -> int:
    settings = _settings()
    if settings is None:
        return WRONG
    import asyncio

    from bot.app.logs import configure
    from bot.cli.operate import give
    from bot.cli.season_import import import_season

    configure("ERROR", settings.log_format, settings.secrets)
    match asked.command:
        case "announce":
            giving = give(settings, "announce", race=" ".join(asked.race), dry_run=asked.dry_run)
        case "deliveries":
            giving = give(settings, "deliveries", retry=asked.retry)
        case "import":
            giving = import_season(settings, asked.season, " ".join(asked.race), again=asked.again)
        case "session":
            giving = give(settings, "session", race=" ".join(asked.race), session=asked.session, start=asked.start)
        case _:
            said = {name: value for name, value in vars(asked).items() if name not in {"command", "version"}}
            giving = give(settings, "rule", **said)
    return asyncio.run(giving)


def _replay(asked: argparse.Namespace) -> int:
    settings = _settings()
    if settings is None:
        return WRONG
    from bot.app.logs import configure
    from bot.cli.replay import read_chat, run_replay

    try:
        chat = read_chat(asked.chat) if asked.chat is not None else None
    except ValueError:
        print(f"{asked.chat} is no chat. Say it like telegram:-1001234 or discord:5678.", file=sys.stderr)
        return WRONG
    quiet = "log_level" not in settings.model_fields_set
    configure("ERROR" if quiet else settings.log_level, settings.log_format, settings.secrets)
    return run_replay(settings, asked.file, asked.speed, chat)


def _version() -> int:
    from importlib.metadata import version

    print(version("racing-incident"))
    return 0


def _copy(asked: argparse.Namespace) -> int:
    settings = _settings()
    if settings is None:
        return WRONG
    from bot.app.logs import configure
    from bot.cli.backup import backup, go_back
    from bot.cli.export import export

    configure("ERROR", settings.log_format, settings.secrets)
    if asked.command == "backup":
        return backup(settings, asked.file)
    if asked.command == "restore":
        return go_back(settings, asked.file)
    return export(settings, asked.format, asked.output)


def _doctor() -> int:
    settings = _settings(quiet=True)
    if settings is None:
        return WRONG
    import asyncio

    from bot.app.logs import configure
    from bot.cli.doctor.report import examine, print_findings
    from bot.pacing.clock import SystemClock

    configure("CRITICAL", settings.log_format, settings.secrets)
    findings = asyncio.run(examine(settings, SystemClock()))
    return print_findings(findings, settings.secrets)


def _run(*, chat: bool) -> int:
    settings = _settings()
    if settings is None:
        return WRONG
    import asyncio

    from bot.app.lifecycle import NobodyTypesError, converse, serve
    from bot.app.logs import configure
    from bot.chat.platform import SetUpWronglyError
    from storage.database.base import CannotOpenError
    from storage.voter_secret import SecretError, WeakSecretError

    talking = chat or (settings.telegram_bot_token is None and settings.discord_token is None)
    quiet = talking and "log_level" not in settings.model_fields_set
    configure("ERROR" if quiet else settings.log_level, settings.log_format, settings.secrets)
    try:
        if talking:
            return 0 if asyncio.run(converse(settings)) else 1
        asyncio.run(serve(settings))
    except NobodyTypesError:
        if not chat:
            print(NOBODY_THERE, file=sys.stderr)
            return WRONG
    except (CannotOpenError, SecretError, SetUpWronglyError) as error:
        print(error, file=sys.stderr)
        return WRONG if isinstance(error, WeakSecretError | SetUpWronglyError) else 1
    return 0
