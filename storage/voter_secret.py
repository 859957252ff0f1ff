"""The secret behind the pseudonyms: set by a person, or a file that only its owner can read.

The database knows it again by a fingerprint: with another secret everybody would be a stranger, and could vote twice.
"""

import os
import secrets
import stat
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b, scrypt
from pathlib import Path

import structlog
from sqlalchemy import Connection, exists, select, update

from storage import tables
from storage.database.base import Database, Reader
from storage.private_files import make_folder

log = structlog.get_logger(__name__)

SECRET_BYTES = 32
FINGERPRINT = tables.secret_fingerprint

SHORTEST = 32
"""Characters of a secret that a person sets: 128 bits, where they are hexadecimal digits."""

FEWEST_DIFFERENT = 8
"""Different characters in it."""

WELL_KNOWN = ("secret", "changeme", "change-me", "password", "passwort", "example", "12345", "qwerty", "abcde")
"""What stands in secrets that somebody made up, or copied from instructions."""

MAKE_ONE = "Make one with: openssl rand -hex 32"

IN_USE = (
    "Votes were counted with it, so it stays in use: with another one everybody could vote twice. Let nobody have the"
    " database or a copy of it who is not to know who voted what."
)

ANOTHER = (
    "The votes in this database were counted with another secret, so everybody could vote twice. Put back the copy of"
    " DATA_DIR/voter-secret, or the VOTER_SECRET, that was used before."
)

BESIDE_ANOTHER = (
    "The database knows another secret, with which a process may be running, so everybody could vote once in each."
    " Give all of them the same VOTER_SECRET; or, as nobody has voted yet, stop them all, and have it forgotten:"
    " DELETE FROM secret_fingerprint;"
)


class SecretError(Exception):
    """The secret behind the pseudonyms cannot be used; the text says why, and what to do."""


class WeakSecretError(SecretError):
    """The secret that a person set can be guessed; the text says by what, and how to make a good one."""


def weakness(setting: str) -> str | None:
    """What makes a secret that a person set easy to guess, in a sentence; None where nothing does."""
    if len(setting) < SHORTEST:
        return f"VOTER_SECRET has {len(setting)} characters, and needs {SHORTEST} or more."
    if len(set(setting)) < FEWEST_DIFFERENT:
        return f"VOTER_SECRET has {len(set(setting))} different characters, and needs {FEWEST_DIFFERENT} or more."
    if setting in (setting + setting)[1:-1]:
        return "VOTER_SECRET is one short text again and again."
    if any(word in setting.casefold() for word in WELL_KNOWN):
        return "VOTER_SECRET has a word in it that everybody tries first."
    return None


def load_secret(setting: str | None, file: Path, *, make: bool = True) -> bytes:
    """The secret that a person set, or the one in a file that only its owner can read, made on first use.

    Raises SecretError where the file is empty, open to others or unreadable; and where it
    is missing, and none is to be made.
    """
    if setting:
        return blake2b(setting.encode(), digest_size=SECRET_BYTES).digest()
    try:
        if make:
            _make_secret(file)
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            secret = opened.read()
    except FileNotFoundError as error:
        raise SecretError(f"The secret in {file} cannot be read or made: it is not there. {ANOTHER}") from error
    except OSError as error:
        raise SecretError(f"The secret in {file} cannot be read or made: {error.strerror}.") from error
    if stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretError(f"Others can read the secret in {file}. Close it to them: chmod 600 {file}")
    if len(secret) != SECRET_BYTES:
        raise SecretError(f"{file} does not hold a secret of {SECRET_BYTES} bytes. Put back the copy you made of it.")
    return secret


async def check_strength(database: Database, setting: str, secret: bytes) -> None:
    """Let no weak secret be used, but one that votes were counted with: that is a line in the log.

    Raises WeakSecretError.
    """
    weak = weakness(setting)
    if weak is None:
        return
    if not await counted_with(database, secret):
        raise WeakSecretError(f"{weak} {MAKE_ONE}")
    log.warning("voter_secret.weak", problem=f"{weak} {IN_USE}")


async def check_secret(database: Database, secret: bytes) -> None:
    """Have the database know the secret again, from the first time on.

    Raises SecretError where there are votes that were counted with another, or another process may yet count with one.
    """
    fingerprint = _fingerprint(secret)
    mine = database.insert(FINGERPRINT).values(id=1, fingerprint=fingerprint).on_conflict_do_nothing()

    def remember(connection: Connection) -> None:
        connection.execute(mine)
        if connection.scalar(select(FINGERPRINT.c.fingerprint).with_for_update()) == fingerprint:
            return
        if why := refusal(connection, secret):
            raise SecretError(why)
        connection.execute(update(FINGERPRINT).values(fingerprint=fingerprint))

    await database.write(remember)


def refusal(connection: Connection, secret: bytes) -> str | None:
    """Why a secret cannot be used beside the one that is known, and what to do; None where it can.

    On SQLite one process has the file, so where nobody has voted the next one may have another.
    """
    noted = connection.scalar(select(FINGERPRINT.c.fingerprint))
    if noted is None or noted == _fingerprint(secret):
        return None
    if _has_votes(connection):
        return ANOTHER
    return BESIDE_ANOTHER if connection.dialect.name == "postgresql" else None


async def counted_with(reader: Reader, secret: bytes) -> bool:
    """Whether there are votes, and they were counted with this secret."""
    return bool(await reader.read(lambda connection: counted(connection, secret)))


def counted(connection: Connection, secret: bytes) -> bool | None:
    """Whether the votes were counted with this secret; None where there are none, or no secret was noted."""
    noted = connection.scalar(select(FINGERPRINT.c.fingerprint))
    if noted is None or not _has_votes(connection):
        return None
    return bool(noted == _fingerprint(secret))


async def has_votes(database: Database) -> bool:
    """Whether anybody has voted, so that no new secret is to be made."""
    return await database.read(_has_votes)


@lru_cache(maxsize=4)  # slow on purpose, and asked for several times of the one secret that is in use
def _fingerprint(secret: bytes) -> bytes:
    return scrypt(secret, salt=b"voter-secret", n=2**13, r=8, p=1, dklen=16)


def _has_votes(connection: Connection) -> bool:
    return bool(connection.scalar(select(exists().select_from(tables.vote))))


def _make_secret(file: Path) -> None:
    """Write a new secret beside its place, and link it there whole; a file that is there already is left alone."""
    if file.exists():
        return
    make_folder(file.parent)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:  # noqa: PTH123
            opened.write(secrets.token_bytes(SECRET_BYTES))
            opened.flush()
            os.fsync(opened.fileno())
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)
