"""What circuits, drivers, teams and seasons are called, whether or not an incident knows them."""

from collections.abc import Collection, Iterable, Mapping

from bot.domain.names import Circuit, Driver, Team
from bot.search.words import joined, split

SEASONS = range(1950, 2050)

NOT_DRIVERS = frozenset({"race-control", "timing"})
"""Suspects who drive nothing and are no team."""

ENDINGS = frozenset({"jr", "sr"})
"""What tells a father from a son, so that one's name is never the other's with a word more."""

LETTERS_OF_A_CODE = 3


class KnownNames:
    """The names that ship with the bot, as indexes look them up; put together once for all of these."""

    def __init__(
        self, circuits: Mapping[str, Circuit], drivers: Mapping[str, Driver], teams: Mapping[str, Team] | None = None
    ) -> None:
        self.circuits, self.drivers = circuits, drivers
        self.places = _circuits_by_name(circuits)
        """The circuits that a place's name, written as one word, may mean."""

        self.place_codes = frozenset(
            name.casefold() for circuit in circuits.values() for name in circuit.also if name.isupper()
        )
        """What places are called by their letters, which mean other things as well: `EAU`, `BEL`."""

        self.surnames = _surnames(drivers)
        """The last words of drivers' names; of other suspects' names, none."""

        also = _one_word_names(drivers)
        self.codes = frozenset(name.casefold() for name in also if _is_code(name))
        """The three letters by which screens call drivers."""

        self.called = self.surnames | {"".join(split(name)) for name in also if not _is_code(name)}
        """What drivers are called in one word, but for those: surnames, first names and nicknames."""

        taken = {*self.places, *self.place_codes, *self.codes, *self.called}
        self._teams = _teams_by_name(teams or {}, taken)
        self.words = _words(self.places, drivers) | self._teams.keys()
        """The words that name any place, driver, team or season."""

    def is_team(self, word: str) -> bool:
        """Whether a folded word is a team's name, written as one, and nothing else."""
        return word in self._teams

    def team_names(self, name: str) -> tuple[str, ...]:
        """What a team goes by, written as one word each; of one that is not known, its name."""
        team = self._teams.get(joined(name))
        if team is None:
            return (joined(name),)
        return tuple(known for known, other in self._teams.items() if other is team)


def surname(name: str) -> str:
    """The last word of a person's name, but for what tells a son from his father: `Piquet` of Nelson Piquet Jr."""
    words = name.split()
    return words[-2] if len(words) > 1 and words[-1].rstrip(".").casefold() in ENDINGS else words[-1]


def season_words(season: int) -> tuple[str, str]:
    """A season as it is typed, whole and by its last digits."""
    return f"{season}", f"{season % 100:02}"


def whole_year(season: str) -> int:
    """The year of a season that is typed by its last two digits."""
    return int(season) + (1900 if int(season) >= SEASONS.start % 100 else 2000)


def _circuits_by_name(circuits: Mapping[str, Circuit]) -> Mapping[str, frozenset[str]]:
    """The circuits by each of their names; codes of three letters are left out, for they mean other things as well."""
    named: dict[str, frozenset[str]] = {}
    for slug, circuit in circuits.items():
        alone = frozenset({slug})  # one for most of its names
        for name in {joined(name) for name in (circuit.name, circuit.country, *circuit.also) if not name.isupper()}:
            named[name] = named[name] | alone if name in named else alone
    return named


def _teams_by_name(teams: Mapping[str, Team], taken: Collection[str]) -> Mapping[str, Team]:
    """The teams by each of their names; without those that are somebody else's, or three letters that begin them.

    `FER` may be Fernando, and `STR` is Stroll.
    """
    named = {joined(name): (name, team) for team in teams.values() for name in (team.name, *team.also)}
    return {
        word: team
        for word, (name, team) in named.items()
        if word not in taken
        and not (_is_code(name) and any(other.startswith(word) for other in (*taken, *named) if other != word))
    }


def _words(places: Iterable[str], drivers: Mapping[str, Driver]) -> frozenset[str]:
    words = {word for driver in drivers.values() for word in split(driver.name)}
    words.update(word for season in SEASONS for word in season_words(season))
    words.update(places)
    return frozenset(words)


def _surnames(drivers: Mapping[str, Driver]) -> frozenset[str]:
    names = (split(driver.name) for key, driver in drivers.items() if key not in NOT_DRIVERS)
    return frozenset(name[-2] if name[-1] in ENDINGS else name[-1] for name in names if len(name) > 1)


def _one_word_names(drivers: Mapping[str, Driver]) -> frozenset[str]:
    """What drivers go by besides their names, as it is written, as far as it is one word."""
    names = (name for key, driver in drivers.items() if key not in NOT_DRIVERS for name in driver.also)
    return frozenset(name for name in names if " " not in name)


def _is_code(name: str) -> bool:
    return len(name) == LETTERS_OF_A_CODE and name.isupper()
