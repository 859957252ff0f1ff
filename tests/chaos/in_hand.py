"""What a process has in hand: memory, tasks, files, connections; and what of it should not be there."""

import asyncio
import gc
from pathlib import Path
from threading import active_count
from typing import NamedTuple

MOST = 1.05
"""By how much memory may be more than after the first tenth."""


class InHand(NamedTuple):
    """What the process has at a moment."""

    megabytes: float
    tasks: int
    files: int
    connections: int
    threads: int

    @classmethod
    def now(cls) -> "InHand":
        """What it has now, without what may be collected."""
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        named = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
        sockets = sum(name.startswith("socket:") for name in named)
        return cls(pages * 4096 / 1e6, len(asyncio.all_tasks()), len(named) - sockets, sockets, active_count())


async def afterwards(before: InHand) -> InHand:
    """What is left once what was hung up on has closed: discord.py's last task waits for servers for two seconds."""
    for _ in range(20):
        await asyncio.sleep(0.5)
        left = InHand.now()
        if left.tasks <= before.tasks and left.connections <= before.connections:
            return left
    return InHand.now()


def flaws(had: list[InHand]) -> list[str]:
    """What is not flat, or was left behind."""
    before, _beforehand, first, *later, after = had
    last = later[-1]
    found = []
    if last.megabytes > MOST * first.megabytes:
        found.append(f"memory: {last.megabytes:.1f} MB, after the first tenth {first.megabytes:.1f} MB")
    return found + [
        f"{name}: {getattr(after, name)} left behind, {getattr(before, name)} before"
        for name in ("tasks", "files", "connections")
        if getattr(after, name) > getattr(before, name)
    ]
