"""How times of day, lengths of time and places on the clock are read and put into words."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from bot.i18n import _, spoken

UTC = "UTC"
"""The zone by whose clock moments are written where a chat has none."""

_FIXED = re.compile(r"Etc/(?:GMT|UTC|UCT|Zulu|Greenwich|Universal)([+-]\d+)?")
_WRITTEN = {
    "Asuncion": "Asunción",
    "Belem": "Belém",
    "Bogota": "Bogotá",
    "Calcutta": "Kolkata",
    "Cancun": "Cancún",
    "Cordoba": "Córdoba",
    "Cuiaba": "Cuiabá",
    "Ho Chi Minh": "Ho Chi Minh City",
    "Katmandu": "Kathmandu",
    "Kiev": "Kyiv",
    "Maceio": "Maceió",
    "Mazatlan": "Mazatlán",
    "Merida": "Mérida",
    "Saigon": "Ho Chi Minh City",
    "Sao Paulo": "São Paulo",
    "St Johns": "St. John's",
    "Tucuman": "Tucumán",
}
"""Cities that the database, which has no accents and keeps old names, writes otherwise than people do."""

_REGIONS = {"US", "Canada", "Brazil", "Mexico", "Chile"}
"""Where the database's older names are not those of cities: `US/Eastern`."""


def clock_face(minute: int) -> str:
    """A time of day as clocks show it: `08:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def city(zone: str) -> str:
    """What a time zone is called: `Buenos Aires`, „Tokio“, `UTC+2`, `CET`."""
    fixed = _FIXED.fullmatch(zone)
    if fixed is not None:
        return f"UTC{-int(fixed[1]):+}" if fixed[1] and int(fixed[1]) else "UTC"
    if zone.partition("/")[0] in _REGIONS:
        return zone
    language = spoken()
    if language is not None and (called := language.city(zone)):
        return called
    name = zone.rpartition("/")[2].replace("_", " ")
    return _WRITTEN.get(name, name)


def is_place(zone: str) -> bool:
    """Whether one can be in a time zone; in `UTC+2` or `CET` nobody is."""
    return _FIXED.fullmatch(zone) is None and zone.partition("/")[0] not in _REGIONS and not zone.isupper()


def local_time(moment: dt.datetime, zone: str) -> str:
    """A moment on a zone's clocks: `14:00 in London`, `14:00 UTC+2`."""
    said = _("{time} in {city}") if is_place(zone) else "{time} {city}"
    return said.format(time=f"{moment.astimezone(ZoneInfo(zone)):%H:%M}", city=city(zone))
