"""What is on this machine: the settings, the data folder, the voters' secret, the bot that is running."""

import os
import shutil
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

from bot.app.control_socket import is_heard
from bot.app.env_file import names_set_twice
from bot.app.roles import ALL, CannotSplitError, Roles, check, spoken
from bot.app.settings import Settings, unknown_names
from bot.cli.doctor.findings import Finding, ok, problem, warning
from storage.database.base import CannotOpenError
from storage.database.file_lock import BESIDE
from storage.database.open import database_file
from storage.health import AT_A_GLANCE, Health
from storage.private_files import OTHERS
from storage.voter_secret import (
    IN_USE,
    MAKE_ONE,
    SecretError,
    load_secret,
    weakness,
)

Answer = TypeVar("Answer")

ENOUGH = 1_000_000_000
LITTLE = 100_000_000
"""Bytes that should be free, and without which votes may soon be lost."""

WRITABLE = "Until then the bot does not start: have it mounted to be written to, or set {setting} to another place."


async def look_at_settings(settings: Settings, roles: Roles) -> Sequence[Finding]:
    """Which platforms are set, or what a process with some roles lacks, and which names are no settings."""
    doubtful = (*names_set_twice(), *unknown_names())
    set_up = _platforms(settings) if roles == ALL else _roles(settings, roles)
    return [set_up, *(warning(f"Settings: {line}", "Correct it, or take it out.") for line in doubtful)]


def _roles(settings: Settings, roles: Roles) -> Finding:
    try:
        check(roles, settings)
    except CannotSplitError as error:
        return problem(f"Settings: {error}", "Until then it does not start.")
    return ok(f"Settings: a process that is run --only {spoken(roles)} has what it needs.")


def _platforms(settings: Settings) -> Finding:
    tokens = {"TELEGRAM_BOT_TOKEN": settings.telegram_bot_token, "DISCORD_TOKEN": settings.discord_token}
    found = [name for name, token in tokens.items() if token is not None]
    return (
        ok(f"Settings: {' and '.join(found)} set.")
        if found
        else warning("Settings: no token is set; the bot is a chat in the terminal.", "See README, On Telegram.")
    )


async def look_at_folder(folder: Path) -> Sequence[Finding]:
    """Whether the data folder is there, ours alone, and has room."""
    try:
        found = folder.stat()  # noqa: ASYNC240 - one look at a local disk
    except OSError as error:
        return [problem(f"Data folder: {folder}: {error.strerror}.", "Start the bot once, or set DATA_DIR to its own.")]
    if (closed := _closed("Data folder", folder, "DATA_DIR")) is not None:
        return [closed]
    return [_privacy(folder, found), _room("Data folder", folder)]


async def look_at_files(database: str, data_dir: Path) -> Sequence[Finding]:
    """The database's files that others can read, or that are another user's, and their folder where it is no data's.

    A server's are its own affair.
    """
    file = database_file(database)
    if file is None:
        return []
    files = [file, *(file.with_name(file.name + end) for end in BESIDE)]
    found = [found for each in files if os.access(each, os.F_OK) and (found := _opened(each, each.stat()))]
    return [*found, *_elsewhere(file.parent, data_dir)]


def _elsewhere(folder: Path, data_dir: Path) -> Sequence[Finding]:
    """Whether the database's folder can be written to, and has room, where it is another than the data folder."""
    if not os.access(folder, os.F_OK) or (os.access(data_dir, os.F_OK) and folder.samefile(data_dir)):
        return []
    closed = _closed("Database file", folder, "DATABASE_URL")
    return [_room("Database file", folder) if closed is None else closed]


def _closed(name: str, folder: Path, setting: str) -> Finding | None:
    """Why nothing can be written into a folder; None where it can."""
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return problem(f"{name}: {folder} is on a disk that is mounted read-only.", WRITABLE.format(setting=setting))
    if not os.access(folder, os.W_OK | os.X_OK):
        return problem(
            f"{name}: {folder} cannot be written to.",
            f"Look as the user that the bot runs as, or give the folder to it: chown -R USER {folder}",
        )
    return None


def _opened(file: Path, found: os.stat_result) -> Finding | None:
    if found.st_uid != os.geteuid():
        return warning(f"Database file: {file} is another user's.", "Look as the user that the bot runs as.")
    if os.statvfs(file).f_flag & os.ST_RDONLY:
        return None  # which is told of the folder
    if not os.access(file, os.R_OK | os.W_OK):
        return problem(
            f"Database file: {file} cannot be written to.", f"Until then the bot does not start: chmod 600 {file}"
        )
    if found.st_mode & OTHERS:
        return warning(f"Database file: {file} is open to others.", f"Close it to them: chmod 600 {file}")
    return None


def _privacy(folder: Path, found: os.stat_result) -> Finding:
    if found.st_uid != os.geteuid():
        return warning(f"Data folder: {folder} is another user's.", "Look as the user that the bot runs as.")
    if found.st_mode & OTHERS:
        return warning(f"Data folder: {folder} is open to others.", f"Close it to them: chmod 700 {folder}")
    return ok(f"Data folder: {folder}, private and writable.")


def _room(name: str, folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    said = f"{name}: {free / 1e9:,.1f} GB free."
    if free < LITTLE:
        return problem(said, "Make room: a vote that cannot be written is not counted.")
    return ok(said) if free >= ENOUGH else warning(said, "Make room before votes cannot be written any more.")


async def look_at_pictures() -> Sequence[Finding]:
    """Whether the system has what pictures are drawn with and no package of Python's brings."""
    from bot.pictures.fonts import joins_letters

    if joins_letters():
        return [ok("Pictures: every script is drawn as it is written.")]
    remedy = "Install it: libfribidi0 on Debian and Ubuntu, fribidi on Fedora, Alpine and with Homebrew."
    return [warning("Pictures: Arabic letters stand apart, as FriBiDi is not installed.", remedy)]


async def look_at_secret(settings: Settings) -> Sequence[Finding]:
    """Whether pseudonyms can be made; no secret is made here."""
    file = settings.data_dir / "voter-secret"
    if settings.voter_secret is not None:
        secret = settings.voter_secret.revealed()
        return [await _set_by_hand(secret, settings.database)]
    if not os.access(file, os.F_OK):
        return [_without(file, database_file(settings.database))]
    try:
        kept = load_secret(None, file)
    except SecretError as error:
        return [problem(f"Voters' secret: {error}", "Until then the bot does not start.")]
    if why := await _asked(settings.database, lambda health: health.refusal(kept)):
        return [_stranger(why)]
    return [ok("Voters' secret: there, and private. Keep a copy of it apart from the database.")]


async def _set_by_hand(secret: str, database: str) -> Finding:
    """Whether a secret that a person set can be guessed; where votes were counted with it, it stays in use."""
    weak, made = weakness(secret), load_secret(secret, Path())
    if why := await _asked(database, lambda health: health.refusal(made)):
        return _stranger(why)
    if weak is None:
        return ok("Voters' secret: VOTER_SECRET is set, and long enough.")
    if await _asked(database, lambda health: health.counted_with(made)):
        return warning(f"Voters' secret: {weak}", IN_USE)
    return problem(f"Voters' secret: {weak}", f"{MAKE_ONE} – until then the bot does not start.")


def _stranger(why: str) -> Finding:
    return problem(
        "Voters' secret: is not the one that the database knows.", f"{why} Until then the bot does not start."
    )


async def _asked(database: str, question: Callable[[Health], Awaitable[Answer]]) -> Answer | None:
    """What a database answers; None where nobody can look."""
    try:
        health = Health(database, AT_A_GLANCE)
    except CannotOpenError:
        return None
    try:
        return await question(health) if await health.fits() else None
    except CannotOpenError:  # which is told of the database itself
        return None
    finally:
        await health.close()


def _without(file: Path, database: Path | None) -> Finding:
    """What a secret that is missing means: beside a database, that its voters become strangers."""
    said = f"Voters' secret: {file} is not there."
    put_back = (
        "restore your copy before you start the bot; otherwise it makes a new secret,"
        " and nobody can change their old vote."
    )
    if database is not None and os.access(database, os.F_OK):
        return problem(said, f"{put_back[:1].upper()}{put_back[1:]}")
    return warning(said, f"The first start makes one. If people have voted before: {put_back}")


async def look_at_bot(settings: Settings) -> Sequence[Finding]:
    """Whether a bot takes orders there."""
    if await is_heard(settings.control_socket):
        return [ok("Bot: running, and takes orders.")]
    return [
        warning(
            f"Bot: none takes orders at {settings.control_socket}.",
            "If it should be running: systemctl status racing-incident, and its log. If it is, its log says why"
            " (control_socket.unavailable).",
        )
    ]
