"""The command line: run the bot, chat in the terminal, check incident files, export, give a running bot orders."""

import argparse
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.app.roles import ALL, Roles
from bot.cli.arguments import parser
from bot.cli.streams import code_of, open_streams

if TYPE_CHECKING:
    from bot.app.settings import Settings

# Only what --help needs is imported up here: the rest of the bot waits until it is asked for.

WRONG = 2
"""The exit code for what the person who typed the command can mend."""

NOBODY_THERE = (
    "No token is set, and nobody types anything here. Set TELEGRAM_BOT_TOKEN or DISCORD_TOKEN, in the environment or in"
    " a file .env in the folder that the bot is started in; or start it in a terminal to chat."
)

INTERRUPTED = 130
"""The exit code that shells expect where somebody pressed Ctrl-C."""

TERMINATED = 143
"""The exit code that supervisors expect where SIGTERM ended the process."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that was typed; the result is the process's exit code."""
    open_streams()
    asked = parser().parse_args(arguments)
    before = signal.signal(signal.SIGTERM, _terminated)
    try:
        code = _do(asked)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except (OSError, ExceptionGroup) as error:
        return code_of(error)
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
        case "doctor" | "export" | "turnout" | "backup" | "restore" | "db":
            return _doctor(asked.only) if asked.command == "doctor" else _copy(asked)
        case "version":
            return _version()
        case _:
            return _run(chat=asked.command == "chat", roles=getattr(asked, "only", ALL))


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

    from bot.app.env_file import names_set_twice
    from bot.app.settings import SettingsError, read_settings, unknown_names

    logging.getLogger("dotenv").setLevel(logging.ERROR)  # lines of .env that are odd are told by `read_settings`
    for line in () if quiet else (*names_set_twice(), *unknown_names()):
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
    from bot.app.settings import told_names
    from bot.cli.replay import read_chat, run_replay

    try:
        chat = read_chat(asked.chat) if asked.chat is not None else None
    except ValueError:
        print(f"{asked.chat} is no chat. Say it like telegram:-1001234 or discord:5678.", file=sys.stderr)
        return WRONG
    quiet = "log_level" not in told_names()
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
    from bot.cli.database_copy import copy_database
    from bot.cli.export import export
    from bot.cli.turnout import turnout

    configure("ERROR", settings.log_format, settings.secrets)
    if asked.command == "backup":
        return backup(settings, asked.file)
    if asked.command == "restore":
        return go_back(settings, asked.file)
    if asked.command == "db":
        return copy_database(settings, asked.source, asked.target)
    if asked.command == "turnout":
        return turnout(settings, asked.incident)
    return export(settings, asked.format, asked.output)


def _doctor(roles: Roles | None) -> int:
    settings = _settings(quiet=True)
    if settings is None:
        return WRONG
    import asyncio

    from bot.app.logs import configure
    from bot.cli.doctor.report import examine, print_findings
    from bot.pacing.clock import SystemClock

    configure("CRITICAL", settings.log_format, settings.secrets)
    findings = asyncio.run(examine(settings, SystemClock(), roles))
    return print_findings(findings, settings.secrets)


def _run(*, chat: bool, roles: Roles) -> int:
    settings = _settings()
    if settings is None:
        return WRONG
    import asyncio

    from bot.app.lifecycle import serve
    from bot.app.logs import configure
    from bot.app.pages import NoAddressError, NoPagesError
    from bot.app.roles import CannotSplitError
    from bot.app.settings import told_names
    from bot.app.terminal import NobodyTypesError, converse
    from bot.chat.platform import SetUpWronglyError
    from storage.database.base import CannotOpenError
    from storage.voter_secret import SecretError, WeakSecretError

    no_token = settings.telegram_bot_token is None and settings.discord_token is None
    talking = chat or (roles == ALL and no_token)
    quiet = talking and "log_level" not in told_names()
    configure("ERROR" if quiet else settings.log_level, settings.log_format, settings.secrets)
    try:
        if talking:
            return 0 if asyncio.run(converse(settings)) else 1
        asyncio.run(serve(settings, roles))
    except NobodyTypesError:
        if not chat:
            print(NOBODY_THERE, file=sys.stderr)
            return WRONG
    except (CannotOpenError, SecretError, SetUpWronglyError, CannotSplitError, NoPagesError, ExceptionGroup) as error:
        said = _alone(error, NoPagesError)
        print(said, file=sys.stderr)
        return WRONG if isinstance(said, WeakSecretError | SetUpWronglyError | CannotSplitError | NoAddressError) else 1
    return 0


def _alone(error: Exception, kind: type[Exception]) -> Exception:
    """The error of a kind that comes in a group, as it was raised beside jobs that run; what is no group, as it is.

    Raises a group with others in it.
    """
    while isinstance(error, ExceptionGroup):
        if error.split(kind)[1] is not None:
            raise error
        error = error.exceptions[0]
    return error
