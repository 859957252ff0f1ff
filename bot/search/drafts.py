"""From race control's words to ours: the incident that a case of a session is, as far as it is known."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.domain.cases import Case
from bot.domain.fields import SessionName
from bot.domain.incidents import NOT_SUSPECTS
from bot.domain.names import Circuit, Driver
from bot.domain.noted_ids import short_place, wished_id
from bot.domain.noted_incidents import MOST_ASKED_ABOUT, NotedIncident, NotedSuspect
from bot.domain.race_control import Car, Session
from bot.forms.reading import read
from bot.search.words import joined, split

LONGEST_ID, LONGEST_NAME, LONGEST_DRIVER, LONGEST_TITLE, LONGEST_BUTTON = 18, 48, 28, 60, 32
"""Characters of a suspect's id, a name, a driver's name, a title, and of what a button says."""

SHORTEST_NAME = 2
"""Characters; what a source calls somebody or something in fewer is no name."""

NAMED = 3
"""Drivers that a title names; of more, the first and how many others there were."""

NO_VENUE = "Track"
"""What a circuit is called whose name nobody tells."""

_PARTICLES = {"de", "di", "da", "van", "von", "der", "del"}


class Drafts:
    """Knows what the catalogue calls circuits and drivers."""

    def __init__(self, circuits: Mapping[str, Circuit], drivers: Mapping[str, Driver]) -> None:
        self._circuits = circuits
        self._slugs = {
            joined(name): slug for slug, circuit in circuits.items() for name in (*circuit.also, slug, circuit.name)
        }
        self._drivers = drivers
        self._people = {frozenset(split(driver.name)): key for key, driver in drivers.items()}
        self._codes = {name: key for key, driver in drivers.items() for name in driver.also if name.isupper()}

    def of(self, session: Session, case: Case) -> NotedIncident:
        """What is known of an incident; its id is what it wishes for. Raises ValueError for less than two cars."""
        slug, circuit = self._circuit(session)
        kind, season, suspects = _kind(session.name), session.date.year, self._suspects(case.cars)
        codes = [suspect.code for suspect in suspects]
        venue = circuit.name if circuit else _first_name(session.place, session.event) or NO_VENUE
        at = f"{venue} {season}"
        which = short_place(case.place or "").upper()
        place = " ".join((case.place or "").lower().split())
        drivers = _listed([suspect.surname for suspect in suspects])
        return read(
            NotedIncident,
            {
                "id": wished_id(slug, season, kind, codes, case.place),
                "title": _fitting(LONGEST_TITLE, (drivers, place, at), (drivers, at), (drivers,)),
                "short_title": _fitting(
                    LONGEST_BUTTON, *((at, *named, which) for named in (codes, codes[:2], ())), separator=" "
                ),
                "race": _first_name(session.event, at),
                "circuit": slug,
                "date": session.date,
                "session": kind,
                "fame": 1,
                "poll": case.about_blame and len(suspects) <= MOST_ASKED_ABOUT,
                "suspects": suspects,
                "session_key": session.key,
                "venue": venue,
                "timezone": circuit.timezone if circuit else "Etc/UTC",
                "case": case,
                **_known(place=place[:90] if len(place) > 1 else "", lap=case.lap_in_text),
            },
        )

    def _circuit(self, session: Session) -> tuple[str, Circuit | None]:
        """The circuit of a session by whatever its source calls it; by the place's own name where nobody knows it."""
        for name in filter(None, (session.circuit, session.place, session.event, session.country)):
            if slug := self._slugs.get(joined(name)):
                return slug, self._circuits[slug]
        words = split(session.circuit or session.place or session.event) or ["track"]
        return "-".join(words)[:LONGEST_ID].strip("-"), None

    def _suspects(self, cars: Iterable[Car]) -> tuple[NotedSuspect, ...]:
        suspects: dict[str, NotedSuspect] = {}
        for car in cars:
            key, name = self._driver(car)
            ids = (key, *(f"{key[: LONGEST_ID - 2]}-{chr(ord('a') + number % 26)}" for number in range(26)))
            own = next(each for each in ids if each not in suspects and each not in NOT_SUSPECTS)
            suspects[own] = read(
                NotedSuspect,
                {
                    "id": own,
                    "name": name,
                    "number": car.number,
                    "code": car.code or str(car.number),
                    **_known(team=_first_name(car.team)),
                },
            )
        return tuple(suspects.values())

    def _driver(self, car: Car) -> tuple[str, str]:
        """A driver's id and name: by the whole name, the surname, the three letters (the latest who had them)."""
        words = split(car.driver or "")
        whole = frozenset(words)
        known = next((key for name, key in self._people.items() if name and name <= whole), None)
        if known is None and words:
            surname = "-".join(words[-2:] if words[-2:-1] and words[-2] in _PARTICLES else words[-1:])
            known = surname if surname in self._drivers else None
            name = _first_name(_capitalised(car.driver or ""), longest=LONGEST_DRIVER)
            if known is None and name and surname.replace("-", "").isalpha():
                return surname[:LONGEST_ID].strip("-"), name
        known = known or self._codes.get(car.code)
        if known is not None:
            return known, self._drivers[known].name
        letters = "".join(filter(str.isalpha, car.code.lower())) or "car"
        return letters, car.code if len(car.code) > 1 else f"Car {car.number}"


def _kind(name: str) -> SessionName:
    """Which of a weekend's sessions one is: sprint qualifying is qualifying."""
    words = name.lower()
    if any(word in words for word in ("qualifying", "shootout")):
        return "qualifying"
    if "sprint" in words:
        return "sprint"
    return "practice" if "practice" in words else "race"


def _listed(names: Sequence[str]) -> str:
    """Names in a row, in English, as those of told incidents are: `Verstappen, Norris and Piastri`."""
    if len(names) > NAMED:
        return f"{names[0]} and {len(names) - 1} others"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _fitting(room: int, *ways: Sequence[str], separator: str = ", ") -> str:
    """The first way to say something that fits, without what is empty; the last one cut where none does."""
    said = [separator.join(filter(None, way)) for way in ways]
    return next((each for each in said if len(each) <= room), said[-1][:room].strip())


def _known(**fields: object) -> dict[str, Any]:
    """The fields that there is something to say of."""
    return {name: value for name, value in fields.items() if value not in {None, ""}}


def _capitalised(name: str) -> str:
    """`Ayumu IWASA` → `Ayumu Iwasa`; without its first words where it is too long with them."""
    said = " ".join(word.capitalize() if word.isupper() else word for word in name.split())
    while len(said) > LONGEST_DRIVER and " " in said:
        said = said.partition(" ")[2]
    return said


def _first_name(*names: str | None, longest: int = LONGEST_NAME) -> str:
    """The first of these that is a name, as many whole words of it as fit; empty where none is."""
    return next((name for each in names if len(name := _words(each or "", longest)) >= SHORTEST_NAME), "")


def _words(text: str, longest: int) -> str:
    """As many words of a text as fit; the beginning of the first where it is too long by itself."""
    cut = " ".join(text.split())
    while len(cut) > longest:
        cut = cut.rpartition(" ")[0] if " " in cut else cut[:longest]
    return cut
