"""`racing-incident replay`: a recorded session as if it were held now."""

import asyncio
import re
import sys
from pathlib import Path

from bot.app.replaying import CannotReplayError, Staging, replay
from bot.app.settings import Settings
from bot.domain.places import Chat, ChatKind, Platform
from bot.feeds.race_control.session_files import DEMO, NoRecordingError, read_session_files

SHIPPED = "demo"

_CHAT = re.compile(r"(telegram):(-?[0-9]+(?::[0-9]+)?)|(discord):([0-9]+)")


def run_replay(settings: Settings, file: Path, speed: float, chat: Chat | None) -> int:
    """Replay a file, or the session that ships; the exit code is 1 where that cannot be."""
    shipped = str(file) == SHIPPED and not file.exists()
    stays = (sys.stdin if chat is None else sys.stdout).isatty()
    try:
        record = read_session_files(DEMO if shipped else file)
        asyncio.run(replay(settings, Staging(record, speed, stays, chat), _print))
    except (NoRecordingError, CannotReplayError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def read_chat(said: str) -> Chat:
    """The chat that is named as `telegram:-1001234`, or `telegram:-1001234:7` for a topic, or `discord:5678`.

    Raises ValueError.
    """
    named = _CHAT.fullmatch(said)
    if named is None:
        raise ValueError(said)
    if named[1]:
        return Chat(Platform.TELEGRAM, named[2], ChatKind.GROUP if named[2].startswith("-") else ChatKind.PRIVATE)
    return Chat(Platform.DISCORD, named[4])


def _print(line: str) -> None:
    print(line, flush=True)
