"""The bot without its platforms, what a process does of it, and the tasks that run beside its answers."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.app.control_socket import Order
from bot.app.paces import Paces
from bot.app.roles import ALL, Roles
from bot.chat.dispatcher import Dispatcher
from bot.chat.placeholders import Placeholders
from bot.chat.platform import Adapter
from bot.chat.replies import Reply
from bot.domain.places import Platform, Post
from bot.jobs.delivery.deliverer import Deliverer
from bot.jobs.polls.tally_board import TallyBoard
from bot.jobs.race_control.recorder import Recorder
from bot.measures import UNMEASURED, Measures
from handlers import Parts
from storage.ballot_box import BallotBox
from storage.begun_answers import BegunAnswers
from storage.chat_moves import Groups
from storage.menus import Menus
from storage.outbox import Outbox
from storage.repositories import Repositories


@dataclass(frozen=True, slots=True)
class Core:
    """The bot without its platforms: the parts that adapters call, and the parts that send through adapters."""

    dispatcher: Dispatcher
    board: TallyBoard
    placeholders: Placeholders
    deliverer: Deliverer
    recorder: Recorder
    menus: Menus
    groups: Groups
    answers: BegunAnswers
    adapters: dict[Platform, Adapter]
    paces: Paces
    orders: Mapping[str, Order]
    parts: Parts

    @property
    def stored(self) -> Repositories:
        """The repositories over its database."""
        return self.parts.stored

    def posted(self, post: Post, reply: Reply) -> None:
        """Take note of what a message of ours shows from now on."""
        self.board.posted(post, reply)
        self.placeholders.posted(post, reply)

    def join(self, adapter: Adapter) -> None:
        """Let what runs by itself reach a platform."""
        self.adapters[adapter.platform] = adapter
        self.placeholders.serve(adapter)


class Process(NamedTuple):
    """What this process does of all that the bot does, and whom it tells how that goes."""

    roles: Roles = ALL
    measures: Measures = UNMEASURED


EVERYTHING = Process()
"""One process that does it all."""


class Work:
    """The tasks that run beside the answers until the core is left; the one that was started last ends first."""

    def __init__(self, stack: AsyncExitStack, group: asyncio.TaskGroup) -> None:
        self._stack = stack
        self._group = group

    def start(self, job: Coroutine[Any, Any, None]) -> None:
        """Run a job, which is cancelled on leaving, and has ended before what it may use is let go of."""
        self._stack.push_async_callback(_ended, self._group.create_task(job))

    def run_out(self, queue: BallotBox | BegunAnswers | Outbox) -> None:
        """Run a queue; on leaving it takes nothing more, and all that it holds is committed."""
        self._group.create_task(queue.run())
        self._stack.push_async_callback(queue.close)


async def _ended(task: "asyncio.Task[None]") -> None:
    """Cancel a task, once, and wait until it has ended.

    It may be ending already, as all do where one has failed; a second time it would be cut off in what it does last.
    """
    if not task.cancelling():
        task.cancel()
    await asyncio.wait({task})
