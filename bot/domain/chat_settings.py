"""How a chat wants to be told things: its clock, language, spoilers, quiet hours and delay, and its polls."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypedDict
from zoneinfo import ZoneInfo


class Spoilers(StrEnum):
    """What is done about results that a chat may not want to see yet."""

    __hash__ = str.__hash__

    SHOWN = "shown"
    VEILED = "veiled"
    HELD = "held"


MINUTE = dt.timedelta(minutes=1)

LONGEST_DELAY = 120
"""Seconds by which a chat's pictures of a running session may come later than the feed."""

LONGEST_CLOSING = 14 * 24
"""Hours that a poll may be open in a chat that closes them."""


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What a chat wants; times of day are minutes since midnight (0 to 1439) by its clock, UTC where `zone` is None."""

    zone: str | None = None
    language: str | None = None
    spoilers: Spoilers = Spoilers.SHOWN
    hold_minutes: int | None = None
    """For how many minutes after the flag a result is held back (at most 2880); without it, until `hold_until`."""

    hold_until: int | None = None
    quiet_from: int | None = None
    quiet_until: int | None = None
    delay_seconds: int = 0
    """By how much later than the feed the chat sees a running session; 0 to `LONGEST_DELAY`."""

    blind: bool = False
    """Whether how a poll stands is hidden from who has not voted, until it closes."""

    closing_hours: int | None = None
    """How long a poll is open once it was shown here, 1 to `LONGEST_CLOSING`; None where they stay open."""

    @property
    def clock(self) -> dt.tzinfo:
        """The chat's clock."""
        return dt.UTC if self.zone is None else ZoneInfo(self.zone)

    def may_be_told_at(self, moment: dt.datetime, flag: dt.datetime | None = None) -> dt.datetime:
        """The first moment from one on that the chat may be told; `flag` is the end of a session whose result is told.

        A result that is held until a time of day is held until the clock first shows it after the flag. Quiet hours
        that have begun last until their end, even where clocks go back to before they began.
        """
        if flag is not None and self.spoilers is Spoilers.HELD:
            if self.hold_minutes is not None:
                moment = max(moment, flag + dt.timedelta(minutes=self.hold_minutes))
            elif self.hold_until is not None:
                moment = max(moment, min(at for at in self._times(self.hold_until, flag) if at >= flag))
        if self.quiet_until is None or not self._is_quiet(moment):
            return moment
        return min(at for at in self._times(self.quiet_until, moment) if at >= moment and not self._is_quiet(at))

    def quiet_since(self, moment: dt.datetime) -> dt.datetime | None:
        """When the quiet hours began that a moment is in; None where it is in none."""
        if self.quiet_from is None or not self._is_quiet(moment):
            return None
        begun = (at for at in self._times(self.quiet_from, moment) if at <= moment and not self._is_quiet(at - MINUTE))
        return max(begun, default=None)

    def _is_quiet(self, moment: dt.datetime) -> bool:
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return False
        local = moment.astimezone(self.clock)
        minute = local.hour * 60 + local.minute
        return start <= minute < end if start < end else minute >= start or minute < end

    def _times(self, minute: int, moment: dt.datetime) -> Iterator[dt.datetime]:
        """The moments, in UTC, at which the chat's clock shows a minute of the day.

        They are those from the day before a moment until two days after it; where clocks go back over that minute, a
        day has two.
        """
        today = moment.astimezone(self.clock).date()
        for days in (-1, 0, 1, 2):
            day = today + dt.timedelta(days=days)
            for fold in (0, 1):
                said = dt.datetime.combine(day, dt.time(*divmod(minute, 60), fold=fold), self.clock)
                yield _from_then(said)


class Replaced(NamedTuple):
    """A chat's settings before a change, and after it."""

    was: ChatSettings
    now: ChatSettings


class SettingsChanges(TypedDict, total=False):
    """Settings that are changed together; those that it does not name stay as they are."""

    zone: str | None
    language: str | None
    spoilers: Spoilers
    hold_minutes: int | None
    hold_until: int | None
    quiet_from: int | None
    quiet_until: int | None
    delay_seconds: int
    blind: bool
    closing_hours: int | None


def _from_then(said: dt.datetime) -> dt.datetime:
    """The moment, in UTC, at which a clock shows a time; where clocks skip that time, the moment when they skip it."""
    moment = said.replace(fold=0).astimezone(dt.UTC)
    shown = moment.astimezone(said.tzinfo)
    if shown.replace(tzinfo=None) == said.replace(tzinfo=None):
        return said.astimezone(dt.UTC)
    while (moment - MINUTE).astimezone(said.tzinfo).utcoffset() == shown.utcoffset():
        moment -= MINUTE
    return moment
