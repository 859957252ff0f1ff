"""Who f1db's ids are about: drivers, teams, circuits and races by the ids and names that the results archive has."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.domain.names import OtherIds
from bot.domain.season import Entrant
from bot.feeds.f1db.cells import Cells

Catalogue = Mapping[str, Mapping[str, Any]]


class Named(NamedTuple):
    """A driver, or a team, which has one name alone."""

    id: str
    name: str
    family_name: str = ""
    code: str | None = None


class Names:
    """The catalogues of a release."""

    def __init__(self, catalogues: Mapping[str, Catalogue], ids: OtherIds) -> None:
        self._catalogues = catalogues
        self._ids = ids
        self._drivers: dict[str, Named | None] = {}
        self._teams: dict[str, Named | None] = {}

    def driver(self, theirs: str | None) -> Named | None:
        """A driver; None for one whom the release does not name."""
        if theirs is None:
            return None
        if theirs not in self._drivers:
            self._drivers[theirs] = self._driver(theirs)
        return self._drivers[theirs]

    def team(self, theirs: str | None) -> Named | None:
        """A team; None for one that the release does not name."""
        if theirs is None:
            return None
        if theirs not in self._teams:
            name = self._cells("constructors", theirs).text("name")
            self._teams[theirs] = Named(self._ours(self._ids.teams, theirs), name) if name else None
        return self._teams[theirs]

    def entrant(self, driver: str | None, team: str | None, number: int | None) -> Entrant | None:
        """A driver in a car; None where either is not named."""
        who, where = self.driver(driver), self.team(team)
        if who is None or where is None:
            return None
        return Entrant(who.id, who.name, who.family_name, where.id, where.name, who.code, number)

    def grand_prix(self, theirs: str) -> str | None:
        """A race's name: `Emilia Romagna Grand Prix`."""
        return self._cells("grands-prix", theirs).text("fullName")

    def circuit(self, theirs: str) -> tuple[str, str, str, str] | None:
        """A circuit's id, name, place and country."""
        cells = self._cells("circuits", theirs)
        name, place, country = cells.text("name"), cells.text("placeName"), cells.id("countryId")
        if name is None or place is None or country is None:
            return None
        return self._ours(self._ids.circuits, theirs), name, place, self._country(country)

    def _country(self, theirs: str) -> str:
        named = self._ids.countries.get(theirs) or self._cells("countries", theirs).text("name")
        return named or theirs.replace("-", " ").title()

    def _driver(self, theirs: str) -> Named | None:
        cells = self._cells("drivers", theirs)
        given, family = cells.text("firstName"), cells.text("lastName")
        if given is None or family is None:
            return None
        return Named(self._ours(self._ids.drivers, theirs), given, family, cells.text("abbreviation"))

    def _cells(self, catalogue: str, theirs: str) -> Cells:
        return Cells(self._catalogues[catalogue].get(theirs, {}), 0, [])

    @staticmethod
    def _ours(ids: Mapping[str, str], theirs: str) -> str:
        """The archive's id; where none is mapped, theirs in the archive's way of writing."""
        return ids.get(theirs) or theirs.replace("-", "_")
