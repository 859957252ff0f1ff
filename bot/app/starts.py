"""Starts set right by hand: what an operator says of a session counts until the calendar says something new."""

import datetime as dt
from collections.abc import Mapping

from bot.app.control_socket import Report
from bot.cards.missing import called_off, no_such_race
from bot.cards.season_text import SESSIONS, race_label
from bot.cards.time_text import when
from bot.chat.commands import UserError
from bot.chat.instants import as_written
from bot.domain.names import Circuit
from bot.domain.season import Race
from bot.domain.sessions import SessionKind
from bot.events import CalendarChanged, Events
from bot.pacing.clock import Clock
from bot.search.circuit_finder import CircuitFinder
from bot.search.found import CalledOff, Found, Several
from bot.search.race_finder import RaceFinder, race_words
from storage.seasons import Seasons

SAY_WHEN = "Say when like this: 2026-05-03T17:00Z, or 2026-05-03T13:00 by the clocks at the track."
STANDS = "That stands until the calendar that is fetched says something else than it does now."


class CannotSetError(Exception):
    """What was said sets no start; its arguments are the lines that say why."""


class StartsByHand:
    """Sets the starts of sessions on an operator's word; whoever follows the calendar is told, as of any move."""

    def __init__(self, seasons: Seasons, circuits: Mapping[str, Circuit], events: Events, clock: Clock) -> None:
        self._seasons = seasons
        self._circuits = CircuitFinder(circuits)
        self._finder = RaceFinder(seasons, self._circuits, clock)
        self._events = events
        self._clock = clock

    async def set_start(self, race: str, session: str, start: str) -> Report:
        """Set when a session of a race starts: `miami`, or `miami 2027`; the start in ISO's terms."""
        try:
            found, kind = await self._race(race), _kind(session)
            moment, day = self._moment(found, start)
            changed = await self._seasons.set_start(found.key, kind, moment, day)
        except UserError as error:
            return Report(ok=False, lines=(error.reply.card.title,))
        except CannotSetError as error:
            return Report(ok=False, lines=error.args)
        if changed is None:
            return Report(ok=False, lines=(f"{found.name} {found.season} has no {session}.",))
        self._events.publish(CalendarChanged(found.season))
        (now_set,) = (each for each in changed.sessions if each.kind is kind)
        circuit = self._circuits.of(changed)
        told = as_written(when(now_set, None, circuit.zone if circuit else None))
        return Report(ok=True, lines=(f"{changed.name} {changed.season}, {SESSIONS[kind]}: {told}.", STANDS))

    async def _race(self, asked: str) -> Race:
        """The race that is meant, this year's where no season is named. Raises UserError, CannotSetError."""
        season, words = race_words(asked)
        if not words:
            raise CannotSetError("Which race? Say it like this: miami 2026")
        year = season or self._clock.now().year
        match await self._finder.find(year, words):
            case Found(race):
                return race
            case Several(races):
                raise CannotSetError("Which one? Say more:", *map(race_label, races))
            case CalledOff(race):
                raise called_off(race)
        raise no_such_race(year, words, self._clock.now())

    def _moment(self, race: Race, said: str) -> tuple[dt.datetime, dt.date]:
        """When a session starts, and on which day at the track. Raises CannotSetError."""
        circuit = self._circuits.of(race)
        zone = circuit.zone if circuit else dt.UTC
        try:
            moment = dt.datetime.fromisoformat(said.strip())
        except ValueError:
            raise CannotSetError(SAY_WHEN) from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        if moment <= self._clock.now():
            raise CannotSetError("That is past.")
        return moment.astimezone(dt.UTC), moment.astimezone(zone).date()


def _kind(said: str) -> SessionKind:
    """The kind of session that is meant. Raises CannotSetError."""
    try:
        return SessionKind(said.strip().casefold())
    except ValueError:
        raise CannotSetError(f"No session is called {said}. There are {', '.join(SessionKind)}.") from None
