"""The secret behind the pseudonyms: set by a person, or a file that only its owner can read."""

import os
import secrets
import stat
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

SECRET_BYTES = 32


class SecretError(Exception):
    """The secret behind the pseudonyms cannot be used; the text says why, and what to do."""


def load_secret(setting: str | None, file: Path) -> bytes:
    """The secret that a person set, or the one in a file that only its owner can read, made on first use.

    Raises SecretError where the setting is too short, or the file is empty, open to others or unreadable.
    """
    if setting:
        return blake2b(setting.encode(), digest_size=SECRET_BYTES).digest()
    try:
        _make_secret(file)
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            secret = opened.read()
    except OSError as error:
        raise SecretError(f"The secret in {file} cannot be read or made: {error.strerror}.") from error
    if stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretError(f"Others can read the secret in {file}. Close it to them: chmod 600 {file}")
    if len(secret) != SECRET_BYTES:
        raise SecretError(f"{file} does not hold a secret of {SECRET_BYTES} bytes. Put back the copy you made of it.")
    return secret


def _make_secret(file: Path) -> None:
    """Write a new secret beside its place, and link it there whole; a file that is there already is left alone."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
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
