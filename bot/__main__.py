"""The command line: run the bot, chat in the terminal, look an incident up, check incident files."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

# Only what --help needs is imported up here: the rest of the bot waits until it is asked for.

WRONG = 2
"""The exit code for what the person who typed the command can mend."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that was typed; the result is the process's exit code."""
    asked = _parser().parse_args(arguments)
    match asked.command:
        case "find" | "incidents":
            return _edit(asked)
        case "version":
            from importlib.metadata import version

            print(version("racing-incident"))
            return 0
        case _:
            return _run(chat=asked.command == "chat")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="racing-incident",
        description="The fan bot that holds every Formula 1 crash to account.",
        epilog="Without a command the bot runs: on Telegram and Discord where their tokens are set, otherwise as a chat"
        " in this terminal.",
    )
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
    actions.add_parser("sources", help="print every quotation with its link, as SOURCES.md holds it")
    commands.add_parser("version", help="print the version")
    return parser


def _edit(asked: argparse.Namespace) -> int:
    from bot import editing

    match asked.command, getattr(asked, "action", None):
        case "find", _:
            return editing.find(" ".join(asked.query), as_json=asked.json)
        case _, "check":
            return editing.check(asked.path)
        case _:
            return editing.sources()


def _run(*, chat: bool) -> int:
    from bot.settings import SettingsError, read_settings, unknown_names

    for line in unknown_names():
        print(line, file=sys.stderr)
    try:
        settings = read_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return WRONG
    import asyncio

    from bot.logs import configure
    from bot.running import converse, serve
    from storage.database import CannotOpenError
    from storage.voters import SecretError

    talking = chat or (settings.telegram_bot_token is None and settings.discord_token is None)
    quiet = talking and "log_level" not in settings.model_fields_set
    configure("ERROR" if quiet else settings.log_level, settings.log_format, settings.secrets)
    try:
        asyncio.run(converse(settings) if talking else serve(settings))
    except (CannotOpenError, SecretError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
