"""Invented sessions of race control, written as their lines stand on the screen: `13:04:10 TURN 4 INCIDENT …`."""

import datetime as dt

from bot.domain.cases import Case
from bot.domain.race_control import Message
from bot.feeds.race_control.parser import read_docket

DAY = dt.date(2031, 6, 8)


def said(text: str, *, index: int = 0, at: str = "13:00:00", lap: int | None = 1) -> Message:
    """A message with these words."""
    time = dt.datetime.combine(DAY, dt.time.fromisoformat(at), dt.UTC)
    return Message(index, time, text, lap, "Other")


def session(*lines: str) -> list[Message]:
    """The messages of a session, each line beginning with its time."""
    return [said(line[9:], index=index, at=line[:8]) for index, line in enumerate(lines)]


def cases(*lines: str) -> tuple[Case, ...]:
    """What the messages of a session come to."""
    return read_docket(session(*lines)).cases


def only_case(*lines: str) -> Case:
    """The one case of a session."""
    (case,) = cases(*lines)
    return case


def codes(case: Case) -> list[str]:
    """The codes of a case's cars, in its order."""
    return [car.code for car in case.cars]
