"""What fails of work on many things: where it is the database, it fails for all of them, and is told once."""

from collections.abc import Hashable
from typing import Generic, TypeVar

from bot.pacing.outages import Outages
from storage.database.base import outage

Subject = TypeVar("Subject", bound=Hashable)


class FailingWork(Generic[Subject]):
    """Knows on what work has failed, and not succeeded since: a poll, a page, what is announced."""

    def __init__(self) -> None:
        self._outages = Outages[Subject | None]()
        """None stands for the database."""

    def begins(self, subject: Subject, error: Exception) -> bool:
        """Take note that work on something failed; whether that is news, so that it is to be told."""
        return self._outages.begins(subject if outage(error) is None else None)

    def ends(self, subject: Subject) -> None:
        """Take note that work on something succeeded: once it fails again, that is told again."""
        self._outages.ends(subject)
        self._outages.ends(None)
