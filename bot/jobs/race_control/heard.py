"""A session as it was heard so far: which it is, who drives which car, and the cases that its messages make."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.cases import VERDICTS_FOLLOW, Case
from bot.domain.linking.docket import Docket
from bot.domain.race_control import Car, Message, Session
from bot.feeds.race_control.parser import read_notice
from bot.feeds.race_control.transcript import Transcript

CHEQUERED = "CHEQUERED"
"""The flag of the message that ends a session."""


class HeardSession:
    """What is known of one session; the same messages again, or late, change nothing else."""

    def __init__(self) -> None:
        self.session: Session | None = None
        self.cars: Mapping[int, Car] = {}
        self.messages = 0
        self.is_over = False
        self._docket = Docket()
        self._transcript = Transcript()
        self._flag: dt.datetime | None = None

    def hear(self, messages: Iterable[Message]) -> None:
        """Take messages up, each once."""
        for message in self._transcript.take(messages):
            self.messages += 1
            if message.flag == CHEQUERED:
                self._flag = message.at
            if notice := read_notice(message):
                self._docket.take(notice)

    def end(self) -> bool:
        """Say that all verdicts were given; whether that is news."""
        was_over, self.is_over = self.is_over, True
        self._docket.end()
        return not was_over

    def has_ended(self, now: dt.datetime) -> bool:
        """Whether no verdicts follow any more: half an hour after the chequered flag."""
        return self._flag is not None and now >= self._flag + VERDICTS_FOLLOW

    @property
    def unknown(self) -> int:
        """How many notices of the stewards follow no template that is known."""
        return self._docket.unknown

    @property
    def cases(self) -> list[Case]:
        """All cases, their cars with driver and team as far as the source names them."""
        return [self._introduced(case) for case in self._docket.cases]

    def _introduced(self, case: Case) -> Case:
        cars = tuple(self._named(car) for car in case.cars)
        return case if cars == case.cars else replace(case, cars=cars)

    def _named(self, car: Car) -> Car:
        """A car with its driver, unless race control gives the number another code: one of the two is mistaken."""
        known = self.cars.get(car.number)
        return known if known is not None and car.code in {"", known.code} else car
