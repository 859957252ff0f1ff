"""From a person's words to a race: the one they mean, a few to choose from, or one that has to be fetched first."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from bot.cards.incident_text import rows
from bot.cards.race_buttons import data_of, session_data
from bot.cards.season_text import race_label
from bot.chat.commands import NotYetError, UserError
from bot.chat.messages import BUTTON_DATA_BYTES, Button, Card, Reply, Request
from bot.domain.incidents import Circuit
from bot.domain.season import QUALIFYING_SINCE, Classification, Race, Session, SessionKind, wish_name
from bot.i18n import _, marked
from bot.i18n.formats import day, either
from bot.search.circuit_finder import CircuitFinder, joined
from bot.search.similarity import likeness
from bot.search.words import FILLERS, as_data, split, telling
from storage.seasons import Seasons

FIRST_SEASON = 1950
OFFERED = 8
FETCHING = marked("Coming in a moment: this is being fetched from the archive.")
NOT_NOW = marked("The results archive has no answer to that just now. Please try again later.")
NOT_IN_YET = marked("The result is not in yet; it comes some hours after the chequered flag.")
GAPS_UNTIL = 2003
GAP = marked("The archive has no answer to that just now; before {year} its qualifying has gaps, and this may be one.")
EXPECTED = dt.timedelta(days=2)
"""After which a result that is not in has to be asked for."""

NAME, PLACE, OTHER, PARTS = 4.0, 3.0, 2.0, 1.0
"""How well words fit a race: as its name, its place, another name of these, as beginnings of their words."""

LIKENESS = 0.7
"""How much of a mistyped word must be right."""

SHORTEST_BEGINNING, SHORTEST_TYPO = 3, 4

Want: TypeAlias = Callable[[int, int | None], bool]
"""Has a season, or one of its races by round, fetched soon; whether that is any use now."""

_SEASON = re.compile(r"(?:19|20)\d\d")
_SHORT_SEASON = re.compile(r"\d\d")
LATEST = {"last", "latest"}


class Races:
    """The races that are known, by what fans call them; what is not known is wanted."""

    def __init__(
        self, seasons: Seasons, circuits: Mapping[str, Circuit], want: Want, now: Callable[[], dt.datetime]
    ) -> None:
        self._seasons = seasons
        self._want = want
        self.now = now
        self._circuit_finder = CircuitFinder(circuits)

    def circuit(self, race: Race) -> Circuit | None:
        """Where a race is, if that is a circuit that the catalogue knows."""
        return self._circuit_finder.of(race)

    def begun(self, session: Session) -> bool:
        """Whether a session was started; where only its day is known, whether that is over."""
        start = session.starts_at or dt.datetime.combine(session.day, dt.time.max, dt.UTC)
        return start <= self.now()

    def held(self, race: Race) -> set[SessionKind]:
        """The sessions of a race that were started; calendars of old have no qualifying, though there was one."""
        begun = {session.kind for session in race.sessions if self.begun(session)}
        unlisted = race.season >= QUALIFYING_SINCE and race.session(SessionKind.QUALIFYING) is None
        return begun | {SessionKind.QUALIFYING} if unlisted and SessionKind.RACE in begun else begun

    def wish(self, race: Race) -> None:
        """Have all that is known of a race fetched, for the next who asks."""
        self._want(race.season, race.round)

    def missing(
        self, request: Request, season: int, round_number: int | None = None, otherwise: str = NOT_NOW
    ) -> UserError:
        """What is said of what is not stored: that it is being fetched, if that is any use, and how to look again."""
        if not self._want(season, round_number):
            return UserError(_(otherwise).format(year=GAPS_UNTIL))
        asked = as_data(request.argument, room=BUTTON_DATA_BYTES - len(request.command) - 1)
        again = Button(_("Look again"), request.command, asked)
        return NotYetError(_(FETCHING), again, wish_name(season, round_number), replace=request.pressed is not None)

    async def season(self) -> int:
        """The season that people mean who name none: this year's, or the last one while its calendar is not known."""
        year = self.now().year
        return year if await self._seasons.schedule(year) or not await self._seasons.schedule(year - 1) else year - 1

    async def calendar(self, season: int, request: Request) -> tuple[Race, ...]:
        """A season's races by round. Raises UserError where they have to be fetched first."""
        self.check(season)
        races = await self._seasons.schedule(season)
        if not races:
            raise self.missing(request, season)
        return races

    def check(self, season: int) -> None:
        """Raises UserError for a season that nobody can know anything of."""
        last = self.now().year + 1
        if not FIRST_SEASON <= season <= last:
            raise UserError(
                _("The championship's seasons are {first} to {last}.").format(first=FIRST_SEASON, last=last)
            )

    async def classification(self, race: Race, kind: SessionKind, request: Request) -> Classification:
        """A result. Raises UserError where there is none, none yet, or it has to be fetched first."""
        classification, session = await self._seasons.classification(race.key, kind), race.session(kind)
        if classification is not None:
            return replace(classification, race=race)  # a result does not tell of the weekend's other sessions
        back = Button(_("The race"), "results", data_of(race))
        if session is None and kind is SessionKind.SPRINT:
            raise UserError(_("There was no sprint at that race."), back)
        if kind is SessionKind.QUALIFYING and race.season < QUALIFYING_SINCE:
            raise UserError(_("The archive has no qualifying before {year}.").format(year=QUALIFYING_SINCE), back)
        session = session or race.race
        if not self.begun(session):
            said = _("That is still to come, on {day}.").format(day=day(session.day))
            raise UserError(said, Button(_("The calendar"), "calendar"))
        if self.now().date() - session.day <= EXPECTED:
            raise UserError(_(NOT_IN_YET))
        gap = kind is SessionKind.QUALIFYING and race.season < GAPS_UNTIL
        raise self.missing(request, race.season, race.round, otherwise=GAP if gap else NOT_NOW)

    async def find(self, asked: str, request: Request, kind: SessionKind = SessionKind.RACE) -> Race | Reply:
        """The race that somebody asked for, or the list to choose it from. Raises UserError where none fits.

        Without a season it is the latest of that name, without a name the season's latest, of which that session has
        begun.
        """
        season, words = season_and_words(asked)
        words = [word for word in words if word not in LATEST]
        if season is None and not words:
            return await self._latest(request, kind)
        self.check(season or self.now().year)
        unknown = None
        for year in (season,) if season else (self.now().year, self.now().year - 1):
            races = await self._seasons.schedule(year)
            begun = [race for race in races if self.begun(race.session(kind) or race.race)]
            found = self._fitting(words, races if season else begun) if words else begun[-1:]
            if found:
                return found[0] if len(found) == 1 else _choose(found, request, kind)
            unknown = unknown if races else year
        if unknown:
            raise self.missing(request, unknown)
        year = season or self.now().year
        said = _("The season of {year} has not begun.").format(year=year)
        if words:
            seasons = f"{season}" if season else either((f"{year - 1}", f"{year}"))
            said = _("No race by that name in {seasons}.").format(seasons=seasons)
        raise UserError(said, Button(_("The calendar"), "calendar", str(year)))

    async def _latest(self, request: Request, kind: SessionKind) -> Race:
        """The latest race that has a result of that kind, or any."""
        classification = await self._seasons.last_classification(kind) or await self._seasons.last_classification()
        if classification is None:
            raise self.missing(request, self.now().year)
        calendar = await self._seasons.schedule(classification.race.season)
        return next((race for race in calendar if race.key == classification.race.key), classification.race)

    def _fitting(self, words: list[str], races: Iterable[Race]) -> list[Race]:
        """The races that words fit best."""
        fits = {race.key: self._fit(words, race) for race in races}
        best = max(fits.values(), default=0.0)
        return [race for race in races if best and fits[race.key] == best]

    def _fit(self, words: list[str], race: Race) -> float:
        """How well words fit a race; 0 where they do not."""
        whole = "".join(words)
        if whole == joined(race.name):
            return NAME
        circuit = self.circuit(race)
        place = [race.locality, race.circuit, race.circuit_id, *([circuit.name] if circuit else [])]
        if whole in map(joined, place):
            return PLACE
        other = [race.country, *([circuit.country, *circuit.also] if circuit else [])]
        if whole in map(joined, other):
            return OTHER
        known = {word for name in (race.name, *place, *other) for word in telling(split(name))}
        if all(_begins(word, known) for word in words):
            return PARTS
        likeness = min(_likeness(word, known) for word in words)
        return likeness if likeness >= LIKENESS else 0.0


def season_and_words(asked: str) -> tuple[int | None, list[str]]:
    """The season that somebody names, `2021` anywhere or `21` at the end, and the other words that tell something."""
    words = split(asked)
    seasons = [word for word in words if _SEASON.fullmatch(word)]
    if seasons:
        words.remove(seasons[0])
        return int(seasons[0]), _telling(words)
    if words and _SHORT_SEASON.fullmatch(words[-1]):
        short = int(words.pop())
        return short + (1900 if short >= FIRST_SEASON % 100 else 2000), _telling(words)
    return None, _telling(words)


def _choose(races: Sequence[Race], request: Request, kind: SessionKind) -> Reply:
    buttons = [Button(race_label(race), request.command, session_data(race, kind)) for race in races[:OFFERED]]
    return Reply(Card(_("Which one do you mean?")), rows(buttons, 2), replace=request.pressed is not None)


def _telling(words: list[str]) -> list[str]:
    """The words but for those that any race's name may have; none is left of `the grand prix`."""
    return [word for word in words if word not in FILLERS]


def _begins(word: str, names: Iterable[str]) -> bool:
    least = SHORTEST_BEGINNING
    return any(name == word or (len(word) >= least and name.startswith(word)) for name in names)


def _likeness(word: str, names: Iterable[str]) -> float:
    if len(word) < SHORTEST_TYPO:
        return 0.0
    return max(likeness(word, name) for name in names)
