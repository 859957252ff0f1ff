"""Importing a season, and how far that has come: a bar on a terminal, a line a session where it is piped."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.app.control_socket import Step, Watch
from bot.app.settings import Settings
from bot.cli.operate import ordered, print_report

PATIENCE = 900.0
"""Seconds that a running bot has for one session, all of whose files may take their time."""


async def import_season(settings: Settings, season: int, race: str, *, again: bool = False) -> int:
    """Import a season's sessions, or a race's, or import them `again`; the exit code is 1 where not all could be."""
    wishes = {"season": season, "race": race, "again": again}
    with _shown() as watch:
        report = await ordered(settings, "import", watch=watch, patience=PATIENCE, **wishes)
    return print_report(report)


@contextmanager
def _shown() -> Iterator[Watch]:
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        yield _line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Asking the archive", total=None)

        def move(step: Step) -> None:
            if not step.ok:
                progress.console.print(escape(step.line))
            progress.update(task, description=escape(step.line), completed=step.done, total=step.of)

        yield move


def _line(step: Step) -> None:
    if step.done:
        print(f"{step.done}/{step.of} {step.line}", flush=True)
