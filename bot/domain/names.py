"""Circuits, drivers, teams and matters as fans name them: the models behind `storage/names/*.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.fields import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A driver as fans type them: an entry of `storage/names/drivers.toml`, keyed by suspect id."""

    name: Name
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team as fans type it, and as results, timing and incidents write it: an entry of `storage/names/teams.toml`."""

    name: Name
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What several incidents were about, as fans type it: an entry of `storage/names/matters.toml`."""

    called: tuple[Name, ...]
    incidents: tuple[str, ...]
    """Their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherIds:
    """What the results archive calls what another witness calls otherwise: `storage/names/f1db.toml`, theirs → ours."""

    drivers: Mapping[str, str]
    teams: Mapping[str, str]
    circuits: Mapping[str, str]
    countries: Mapping[str, str]
