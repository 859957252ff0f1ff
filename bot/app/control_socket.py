"""What operators ask of a bot that is running: a socket in the data folder, for its owner alone.

An order is a line of JSON, `{"order": "announce", "with": {"race": "imola 2021", "dry_run": true}}`, and so is what
came of it. Before that an order that takes long says how far it has come, a line a step.
"""

import asyncio
import inspect
import json
import os
import socket
import stat
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog

from storage.private_files import make_folder

log = structlog.get_logger(__name__)

LONGEST = 65_536
"""Bytes of an order."""

LONGEST_ANSWER = 16_777_216
"""Bytes of what came of one."""

SPEAK_UP = 5.0
"""Seconds that somebody who has called has to say what they want."""

FAREWELL = 0.2
"""Seconds that an order under way has to end when the bot is stopped."""

PATIENCE = 60.0
"""Seconds to wait for an answer, or the next step: a result may have to be fetched first."""

UNKNOWN = "The bot that is running does not know this; it may be an older version."


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of an order, in lines for the operator; `ok` tells whether the order was carried out.

    One that is `mistyped` never can be, whatever is stored or answered.
    """

    ok: bool
    lines: tuple[str, ...]
    mistyped: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """How far an order has come: so many steps `of` all are `done`; `ok` tells whether the latest went well."""

    done: int
    of: int
    line: str
    ok: bool = True


Said = AsyncGenerator[Step | Report, None]
"""What is said while an order is carried out: steps perhaps, and the report at the end."""

Order = Callable[..., Awaitable[Report] | Said]
"""Carries out an order; its parameters are keywords, with values that JSON has."""

Watch = Callable[[Step], None]
"""Is told how far an order has come."""


class NotHeardError(Exception):
    """A bot is running, and the order did not get through to it, or its answer not back; the text says why."""


@asynccontextmanager
async def listening(path: Path, orders: Mapping[str, Order]) -> AsyncIterator[None]:
    """Take orders at a socket while this lasts; where there can be none, operators stop the bot first."""
    try:
        bound = await _bound(path)
    except OSError as error:  # a path that is too long, or a folder that can hold no socket
        log.warning("control_socket.unavailable", reason=str(error))
        yield
        return
    answering: set[asyncio.Task[None]] = set()

    def called(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_answer(orders, reader, writer))
        answering.add(task)
        task.add_done_callback(answering.discard)
        task.add_done_callback(lambda _: writer.close())

    ours = os.lstat(path).st_ino
    server = await asyncio.start_unix_server(called, sock=bound, limit=LONGEST)
    try:
        yield
    finally:
        server.close()
        _remove(path, ours)
        await _hung_up(answering)


async def _hung_up(answering: Collection["asyncio.Task[None]"]) -> None:
    """End what is under way: whoever holds the line keeps no bot from stopping."""
    for task in answering:
        task.cancel()
    if answering:
        await asyncio.wait(answering, timeout=FAREWELL)


async def _answer(orders: Mapping[str, Order], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(SPEAK_UP):
            said = await reader.readuntil(b"\n")
        async with aclosing(_answers(orders, said)) as answers:
            async for answer in answers:  # whoever has hung up gets no further step
                writer.write(json.dumps(asdict(answer)).encode() + b"\n")
                await writer.drain()
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return


async def _bound(path: Path) -> socket.socket:
    """A socket at a path that only its owner may use; one that a killed bot left there is replaced. Raises OSError.

    Its folder is made where there is none, as where all else is on a server.
    """
    make_folder(path.parent)
    if await is_heard(path):
        raise OSError("another bot takes orders in this folder")
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


def _remove(path: Path, inode: int | None = None) -> None:
    """Remove a socket, but nothing else that is called like that, nor a socket that is another bot's by now."""
    with suppress(FileNotFoundError):
        found = path.lstat()
        if stat.S_ISSOCK(found.st_mode) and inode in {None, found.st_ino}:
            path.unlink()


async def _answers(orders: Mapping[str, Order], said: bytes) -> Said:
    try:
        asked = json.loads(said)
        name, order, arguments = asked["order"], orders[asked["order"]], asked["with"]
        inspect.signature(order).bind(**arguments)
    except (ValueError, LookupError, TypeError):
        yield Report(ok=False, lines=(UNKNOWN,))
        return
    try:
        async with aclosing(carried_out(order, arguments)) as saying:
            async for each in saying:
                yield each
    except Exception:
        log.exception("control_socket.order_failed", order=name)
        yield Report(ok=False, lines=("That went wrong; the bot's log says why.",))


async def carried_out(order: Order, arguments: Mapping[str, Any]) -> Said:
    """Carry an order out, and say how far it has come and what came of it."""
    begun = order(**arguments)
    if not isinstance(begun, AsyncGenerator):
        yield await begun
        return
    async with aclosing(begun):
        async for each in begun:
            yield each


async def is_heard(path: Path) -> bool:
    """Whether a bot takes orders at a socket."""
    try:
        _, writer = await asyncio.open_unix_connection(path)
    except OSError:
        return False
    await _closed(writer)
    return True


async def tell(
    path: Path, name: str, *, patience: float = PATIENCE, watch: Watch | None = None, **arguments: Any
) -> Report | None:
    """Have the running bot do something; None where none takes orders there. Raises NotHeardError.

    Where that takes several steps, `watch` is told of each; `patience` is for each as well.
    """
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=LONGEST_ANSWER)
    except PermissionError:
        raise NotHeardError(
            "A bot is running there as another user. Give orders as the user that it runs as."
        ) from None
    except OSError:
        return None
    try:
        writer.write(json.dumps({"order": name, "with": arguments}).encode() + b"\n")
        while True:
            async with asyncio.timeout(patience):
                answer = json.loads(await reader.readline())
            if "lines" in answer:
                return Report(answer["ok"], tuple(answer["lines"]), bool(answer.get("mistyped")))
            if watch is not None:
                watch(Step(**answer))
    except TimeoutError:
        raise NotHeardError(
            "The bot has not answered yet. It is still at it; its log will say what came of it."
        ) from None
    except (OSError, ValueError, LookupError, TypeError):
        raise NotHeardError("The bot stopped before it answered. Look again once it runs.") from None
    finally:
        await _closed(writer)


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
