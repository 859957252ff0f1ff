"""What the terminal is written to."""

from rich.console import Console


class Screen(Console):
    """Where it is written to; that nobody reads any further is for the command line to say."""

    def on_broken_pipe(self) -> None:
        """Say so as any other write does; rich would end the process itself, from within a task."""
        raise BrokenPipeError
