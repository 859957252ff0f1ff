"""What operators ask of a bot that is running: a socket in the data folder, for its owner alone."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

LONGEST = 65_536
"""Bytes of a question or an answer."""

PATIENCE = 60.0
"""Seconds to wait for an answer: a result may have to be fetched first."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it, in lines; `ok` tells whether what was asked for was done."""

    ok: bool
    lines: tuple[str, ...]


Order = Callable[[str], Awaitable[Report]]
"""Does what an operator asks for, given the rest of the line."""


@asynccontextmanager
async def listening(path: Path, orders: Mapping[str, Order]) -> AsyncIterator[None]:
    """Take orders at a socket while this lasts; where there can be none, operators stop the bot first."""
    try:
        bound = _bound(path)
    except (OSError, AttributeError) as error:  # a path that is too long, or a system without such sockets
        log.warning("operators are not heard", reason=str(error))
        yield
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            name, _, rest = (await reader.readuntil(b"\n")).decode().strip().partition(" ")
            report = await _carried_out(orders, name, rest)
            writer.write(json.dumps(asdict(report)).encode() + b"\n")
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, UnicodeDecodeError):
            return
        finally:
            writer.close()

    async with await asyncio.start_unix_server(answer, sock=bound, limit=LONGEST):
        try:
            yield
        finally:
            _remove(path)


def _bound(path: Path) -> socket.socket:
    """A socket at a path that only its owner may use; one that a killed bot left there is replaced."""
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    _remove(path)
    before = os.umask(0o177)
    try:
        bound.bind(str(path))
    except OSError:
        bound.close()
        raise
    finally:
        os.umask(before)
    return bound


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


async def _carried_out(orders: Mapping[str, Order], name: str, rest: str) -> Report:
    order = orders.get(name)
    if order is None:
        return Report(ok=False, lines=("The bot that is running does not know this; it may be an older version.",))
    try:
        return await order(rest)
    except Exception:
        log.exception("order failed", order=name)
        return Report(ok=False, lines=("That went wrong; the bot's log says why.",))


async def tell(path: Path, name: str, rest: str) -> Report | None:
    """Have the running bot do something; None where none is running. Raises TimeoutError."""
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=LONGEST)
    except (OSError, AttributeError):
        return None
    try:
        writer.write(f"{name} {rest}\n".encode())
        async with asyncio.timeout(PATIENCE):
            answer = json.loads(await reader.readuntil(b"\n"))
    finally:
        writer.close()
    return Report(answer["ok"], tuple(answer["lines"]))
