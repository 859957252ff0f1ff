"""Who voted, without keeping who: pseudonyms under a secret that is not in the database."""

import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection, select

from bot.messages import Chat, ChatKind, Platform, User
from storage import models
from storage.database import Database

SECRET_BYTES = 32


class SecretError(Exception):
    """The secret behind the pseudonyms cannot be used; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class KeptVote:
    """What is kept of a vote; `cast_at` in seconds since 1970, private chats all called `private`."""

    incident_id: str
    choice: str
    chat: Chat
    cast_at: int


class Voters:
    """From people to pseudonyms, and from a pseudonym to its votes."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._keyed = blake2b(digest_size=8, key=secret)

    def pseudonym(self, user: User) -> int:
        """The same number for the same person, always; 64 bits, signed. Nobody gets back without the secret."""
        hashed = self._keyed.copy()
        hashed.update(f"{user.platform}:{user.id}".encode())
        return int.from_bytes(hashed.digest(), "big", signed=True)

    def alias(self, chat: Chat, user: User) -> Chat:
        """The chat; for a private one, whose number is a person's, a stand-in that does not tell whose it is."""
        if chat.kind is not ChatKind.PRIVATE:
            return chat
        return Chat(chat.platform, f"private {self.pseudonym(user)}", chat.kind)

    async def votes_of(self, voter: int) -> list[KeptVote]:
        """All that is kept of a voter, oldest first."""
        return await self._database.read(lambda connection: _votes_of(connection, voter))


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
    if os.name == "posix" and stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO):
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


def _votes_of(connection: Connection, voter: int) -> list[KeptVote]:
    mine = (
        select(
            models.poll.c.incident,
            models.choice.c.key,
            models.chat.c.platform,
            models.chat.c.external,
            models.chat.c.kind,
            models.vote.c.cast_at,
        )
        .select_from(models.poll)
        .join(models.vote, models.vote.c.poll_id == models.poll.c.id)
        .join(models.choice, models.choice.c.id == models.vote.c.choice_id)
        .join(models.chat, models.chat.c.id == models.vote.c.chat_id)
        .where(models.vote.c.voter == voter)
        .order_by(models.vote.c.cast_at, models.poll.c.incident)
    )
    return [
        KeptVote(incident, key, Chat(Platform(platform), external, ChatKind(kind)), cast_at)
        for incident, key, platform, external, kind, cast_at in connection.execute(mine)
    ]
