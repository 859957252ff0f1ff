"""A session as it was heard so far: which it is, who drives which car, and the cases that its messages make."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from bot.domain.cases import VERDICTS_FOLLOW, Case
from bot.domain.linking.docket import Docket
from bot.domain.race_control import Car, Message, Noticed, Session
from bot.feeds.race_control.parser import read_notice
from bot.feeds.race_control.transcript import Transcript

CHEQUERED = "CHEQUERED"
"""The flag of the message that ends a session."""


class HeardSession:
    """What is known of one session; the same messages again, or late, change nothing else."""

    def __init__(self) -> None:
        self.session: Session | None = None
        self.cars: Mapping[int, Car] = {}
        self.is_over = False
        self._noticed: dict[int, Message] = {}
        self._docket = Docket()
        self._transcript = Transcript()
        self._flag: dt.datetime | None = None

    def hear(self, messages: Iterable[Message]) -> None:
        """Take messages up, each once; without fractions of a second, which not every source tells."""
        for message in (replace(new, at=new.at.replace(microsecond=0)) for new in self._transcript.take(messages)):
            if message.flag == CHEQUERED:
                self._flag = message.at
            self._read(message)

    def recall(self, kept: Collection[Message]) -> None:
        """Begin anew with the messages that were kept when the session was heard before, then those heard since.

        A message that is among both is known by the number under which it was kept.
        """
        heard, self._noticed = list(self._noticed.values()), {}
        self._transcript, self._docket = Transcript(kept), Docket()
        for message in kept:
            self._noticed[message.index] = message
            self._read(message)
        for message in self._transcript.take(heard):
            self._read(message)
        if self.is_over:
            self._docket.end()

    def _read(self, message: Message) -> None:
        if notice := read_notice(message):
            self._noticed[message.index] = message
            self._docket.take(notice)

    def end(self) -> bool:
        """Say that all verdicts were given; whether that is news."""
        was_over, self.is_over = self.is_over, True
        self._docket.end()
        return not was_over

    def go_on(self) -> None:
        """Say that the session goes on, which was taken for over as another was heard in between."""
        self.is_over = False
        self._docket.go_on()

    def has_ended(self, now: dt.datetime) -> bool:
        """Whether no verdicts follow any more: half an hour after the chequered flag."""
        return self._flag is not None and now >= self._flag + VERDICTS_FOLLOW

    @property
    def unknown(self) -> int:
        """How many templates of the stewards' notices are not known."""
        return self._docket.unknown

    def noticed(self, key: str) -> Noticed:
        """What was said of incidents and penalties in this session, whose key it is."""
        return Noticed(key, tuple(self._noticed.values()), self.unknown)

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
