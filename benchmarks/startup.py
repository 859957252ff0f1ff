"""What it costs to start: `--help` against an empty Python, and the memory of a bot that idles on both platforms."""

import subprocess
import sys
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.figure import Figure

RUNS = 15

MEMORY = """
from pathlib import Path

def memory():
    repositories = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(next(repositories).split()[1])
"""
LIBRARIES = """
import discord, telegram.ext, sqlalchemy.ext.asyncio
print(memory())
"""
BOT = """
import asyncio, sys
from bot.adapters.discord import DiscordAdapter
from bot.adapters.telegram import TelegramAdapter
from bot.app.compose import open_core
from bot.app.settings import Settings
from bot.search.catalogue import Incidents

async def idle():
    async with open_core(Settings(data_dir=Path(sys.argv[1]), jolpica_url=None), Incidents.load()) as core:
        DiscordAdapter("token", core.dispatcher, core.posted, core.menus, core.stored.forum_posts).connection()
        TelegramAdapter("1:token", core.dispatcher, core.posted, core.menus, core.groups, core.answers)
        print(memory())

asyncio.run(idle())
"""


def figures() -> list[Figure]:
    """The start of the command line, and idle memory, as ratios within this run."""
    helped, empty = _in_turn(["-m", "bot", "--help"], ["-c", "pass"])
    with TemporaryDirectory() as folder:  # the first start, which makes the tables, is not the one that idles
        idle, libraries = _memory(MEMORY + BOT, folder), _memory(MEMORY + LIBRARIES, folder)
    return [
        Figure.at_most(
            "racing-incident --help against python -c pass",
            [ours / theirs for ours, theirs in zip(helped, empty, strict=True)],
            "×",
            4,
        ),
        Figure.at_most(
            "idle memory against the libraries imported alone",
            [ours / theirs for ours, theirs in zip(idle, libraries, strict=True)],
            "×",
            1.35,
        ),
    ]


def _in_turn(*commands: list[str]) -> list[list[float]]:
    """The times of each command, all run in turn so that a slow moment meets each of them."""
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(RUNS):
        for measured, command in zip(times, commands, strict=True):
            started = perf_counter()
            subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
            measured.append(perf_counter() - started)
    return times


def _memory(program: str, folder: str) -> list[int]:
    """What a program holds when it says so, in KiB; the first run does not count."""
    runs = [
        subprocess.run([sys.executable, "-c", program, folder], check=True, capture_output=True, text=True)  # noqa: S603 - our own
        for _ in range(4)
    ]
    return [int(run.stdout.splitlines()[-1]) for run in runs[1:]]
