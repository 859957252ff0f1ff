"""Circuits, drivers and teams as fans name them: the models behind `storage/names/*.toml`."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.domain.fields import Name, Part


class Circuit(Part):
    """A place as fans type it: an entry of `storage/names/circuits.toml`."""

    name: Name
    country: Name
    timezone: str
    last: int | None = None
    """The season of the last championship race, of a place where there was none for long."""

    also: tuple[str, ...] = ()
    """Other names of the circuit, its city, country and races, in any language."""

    corners: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The zone that clocks at the track show."""
        return ZoneInfo(self.timezone)


class Driver(Part):
    """A driver as fans type them: an entry of `storage/names/drivers.toml`, keyed by suspect id."""

    name: Name
    also: tuple[str, ...] = ()


class Team(Part):
    """A team as fans type it, and as results, timing and incidents write it: an entry of `storage/names/teams.toml`."""

    name: Name
    also: tuple[str, ...] = ()


class OtherIds(Part):
    """What the results archive calls what another witness calls otherwise: `storage/names/f1db.toml`, theirs → ours."""

    drivers: Mapping[str, str]
    teams: Mapping[str, str]
    circuits: Mapping[str, str]
    countries: Mapping[str, str]
