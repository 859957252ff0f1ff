"""What can be typed after racing-incident: its commands, their arguments, and what --help says of them."""

import argparse
from pathlib import Path
from typing import TypeAlias

from bot.app.roles import ALL, Role, Roles, UnknownRoleError, parse

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no other name
"""To what commands are added."""

FASTEST = 1_000_000.0
"""How many times as fast as it was a session may be replayed."""


def parser() -> argparse.ArgumentParser:
    """Every command with its arguments, and what --help says of them."""
    parser = argparse.ArgumentParser(
        prog="racing-incident",
        description="The fan bot that holds every Formula 1 crash to account.",
        epilog="Without a command the bot runs: on Telegram and Discord where their tokens are set, otherwise as a chat"
        " in this terminal.",
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="command")
    for add in (_add_running, _add_finding, _add_news, _add_sessions, _add_data):
        add(commands)
    doctor = commands.add_parser(
        "doctor", help="look at everything the bot needs, and say what to do where it lacks something"
    )
    doctor.add_argument(
        "--only",
        type=_roles,
        metavar="ROLES",
        help="what a process needs that is run with these roles (default: those of the one that answers at HEALTH_PORT,"
        " or all)",
    )
    commands.add_parser("version", help="print the version")
    return parser


def _add_running(commands: Commands) -> None:
    """The bot, and the chat in the terminal."""
    run = commands.add_parser("run", help="run the bot (the same as no command)")
    run.add_argument(
        "--only",
        type=_roles,
        default=ALL,
        metavar="ROLES",
        help=f"only some of what the bot does, beside other processes on one PostgreSQL database: {','.join(Role)}",
    )
    commands.add_parser("chat", help="chat in this terminal, whatever tokens are set")


def _add_finding(commands: Commands) -> None:
    """What there is on incidents, in files and in recordings."""
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


def _add_news(commands: Commands) -> None:
    """What is told, and what of it an operator adds or sets right."""
    announce = commands.add_parser("announce", help="tell a race, or its sprint, to all who subscribed")
    announce.add_argument("race", nargs="+", help="a race as people say it: imola 2021, silverstone 2021 sprint")
    announce.add_argument("--dry-run", action="store_true", help="only say what would be told, and to whom")
    deliveries = commands.add_parser("deliveries", help="show what could not be delivered, and why")
    deliveries.add_argument("--retry", action="store_true", help="try all of it again")
    _add_rule(commands.add_parser("rule", help="add a ruling that only a document has, to an incident that was noted"))
    _add_session(commands.add_parser("session", help="set when a session starts, where the calendar is wrong"))


def _add_sessions(commands: Commands) -> None:
    """Sessions that are over, recorded or replayed."""
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


def _add_data(commands: Commands) -> None:
    """The votes and the database, read, copied and moved."""
    export = commands.add_parser("export", help="write incidents, rulings, tallies and ratings as open data")
    export.add_argument("--format", choices=("json", "csv"), default="json", help="(default: json)")
    export.add_argument("--output", type=Path, metavar="FILE", help="a file (default: it is printed)")
    turnout = commands.add_parser("turnout", help="show when and from where votes on an incident came")
    turnout.add_argument("incident", nargs="?", help="its id: imola-2021 (default: the polls with most votes)")
    backup = commands.add_parser("backup", help="copy the database (SQLite), beside a bot that is running")
    backup.add_argument("file", type=Path, help="the copy, which must not be there yet")
    restore = commands.add_parser("restore", help="put a copy in the database's place (SQLite), while no bot runs")
    restore.add_argument("file", type=Path, help="the copy, which stays; what was there is kept under a dated name")
    _add_copy(commands.add_parser("db", help="move the community to another database"))


def _add_copy(database: argparse.ArgumentParser) -> None:
    """From where to where."""
    actions = database.add_subparsers(dest="action", metavar="action", required=True)
    copy = actions.add_parser(
        "copy",
        help="copy all rows into an empty database, and compare each, while no bot runs",
        description="Copy all rows into an empty database, and compare each with its original, while no bot runs."
        " However it is stopped, the same command goes on where it was.",
    )
    copy.add_argument("--from", dest="source", metavar="URL", help="sqlite:///FILE (default: the bot's own database)")
    copy.add_argument("--to", dest="target", metavar="URL", required=True, help="postgresql://user@host/name, empty")


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


def _roles(said: str) -> Roles:
    """What a process does. Raises ArgumentTypeError."""
    try:
        return parse(said)
    except UnknownRoleError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


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
