import datetime as dt
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.clock_text import city
from bot.cards.settings import ZONES as OFFERED
from bot.i18n import LANGUAGES, speaking
from bot.search.zone_finder import ZoneFinder
from bot.search.zone_names import ABBREVIATIONS, CODES, PLACES
from storage.incidents.reading import read_circuits

ZONES = ZoneFinder(read_circuits().values())
YEAR = 2026
COUNTRIES = (resources.files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("london", "Europe/London"),
        ("Europe/London", "Europe/London"),
        ("europe london", "Europe/London"),
        ("new york", "America/New_York"),
        ("NEW_YORK", "America/New_York"),
        ("são paulo", "America/Sao_Paulo"),
        ("Sao Paulo, Brazil", "America/Sao_Paulo"),
        ("mexico city", "America/Mexico_City"),
        ("Germany", "Europe/Berlin"),
        ("deutschland", "Europe/Berlin"),
        ("uk", "Europe/London"),
        ("japan", "Asia/Tokyo"),
        ("imola", "Europe/Rome"),
        ("paulo", "America/Sao_Paulo"),
        ("US/Eastern", "US/Eastern"),
        ("cet", "Europe/Berlin"),
        ("CEST", "Europe/Berlin"),
        ("eastern time", "America/New_York"),
        ("Eastern Standard Time", "America/New_York"),
        ("pacific time", "America/Los_Angeles"),
        ("Central European Summer Time", "Europe/Berlin"),
        ("mitteleuropäische Zeit", "Europe/Berlin"),
        ("deutsche Zeit", "Europe/Berlin"),
        ("uk time", "Europe/London"),
        ("hora Madrid", "Europe/Madrid"),
        ("indian standard time", "Asia/Kolkata"),
        ("Chicago, IL", "America/Chicago"),
        ("Portland, OR", "America/Los_Angeles"),
        ("Portland, Maine", "America/New_York"),
        ("Birmingham, Alabama", "America/Chicago"),
        ("Cambridge, MA", "America/New_York"),
        ("Madrid, Spain", "Europe/Madrid"),
        ("Maranello", "Europe/Rome"),
        ("Florenz", "Europe/Rome"),
        ("Tenerife", "Atlantic/Canary"),
        ("Santiago de Chile", "America/Santiago"),
        ("La Habana", "America/Havana"),
        ("Quito", "America/Guayaquil"),
        ("El Cairo", "Africa/Cairo"),
        ("Kapstadt", "Africa/Johannesburg"),
        ("Санкт-Петербург", "Europe/Moscow"),
        ("Wellington", "Pacific/Auckland"),
        ("Shenzhen", "Asia/Shanghai"),
        ("Seúl", "Asia/Seoul"),
        ("Eastern", "America/New_York"),
        ("Mountain", "America/Denver"),
        ("EDT", "America/New_York"),
        ("AEDT", "Australia/Sydney"),
        ("Roma", "Europe/Rome"),
        ("Wien", "Europe/Vienna"),
        ("Suomi", "Europe/Helsinki"),
        ("Bombay", "Asia/Kolkata"),
        ("Turin", "Europe/Rome"),
        ("Schottland", "Europe/London"),
        ("Canarias", "Atlantic/Canary"),
        ("Москва", "Europe/Moscow"),
        ("München", "Europe/Berlin"),
        ("København", "Europe/Copenhagen"),
        ("Genève", "Europe/Zurich"),
        ("California", "America/Los_Angeles"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("GMT+5.5", "Asia/Kolkata"),
        ("+5:45", "Asia/Kathmandu"),
        ("UTC-3:30", "America/St_Johns"),
        ("UTC", "UTC"),
        ("utc+0", "UTC"),
        ("gmt+2", "Etc/GMT-2"),
        ("UTC −3", "Etc/GMT+3"),
        ("+09:00", "Etc/GMT-9"),
    ],
)
def test_a_zone_is_found_however_it_is_typed(typed: str, zone: str) -> None:
    assert ZONES.find(typed, YEAR) == (zone,)


@pytest.mark.parametrize(("typed", "least"), [("usa", 7), ("Brazil", 4), ("Australia", 5)])
def test_a_countrys_zones_are_told_apart_by_their_clocks(typed: str, least: int) -> None:
    found = ZONES.find(typed, YEAR)
    assert len(found) >= least
    noons = {
        tuple(dt.datetime(YEAR, month, 1, 12, tzinfo=ZoneInfo(zone)).timestamp() for month in (1, 7)) for zone in found
    }
    assert len(noons) == len(found)


@pytest.mark.parametrize("typed", ["", "?", "東京", "londn", "utc+15", "utc-13", "utc+5:17", "localtime", "Factory"])
def test_what_is_no_zone_is_not_found(typed: str) -> None:
    assert ZONES.find(typed, YEAR) == ()


@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ("IST", ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin")),
        ("PST", ("America/Los_Angeles", "Asia/Manila")),
        ("ET", ("America/New_York", "Africa/Addis_Ababa")),
        ("MT", ("America/Denver", "Europe/Malta")),
        ("ACT", ("Australia/Adelaide", "Australia/ACT")),
        ("Georgia", ("Asia/Tbilisi", "America/New_York")),
        ("Samoa", ("Pacific/Samoa", "Pacific/Apia")),
        ("San Juan", ("America/Puerto_Rico", "America/Argentina/San_Juan")),
        ("Cambridge", ("Europe/London", "America/New_York")),
        ("Neuseeland", ("Pacific/Auckland", "Pacific/Chatham")),
    ],
)
def test_what_means_several_clocks_gives_them_all(typed: str, zones: tuple[str, ...]) -> None:
    assert ZONES.find(typed, YEAR) == zones


@pytest.mark.parametrize("typed", ["the", "los", "new", "san", "south", "North", "my time", "mi hora", "time", ","])
def test_a_part_of_a_name_is_never_taken_silently(typed: str) -> None:
    assert len(ZONES.find(typed, YEAR)) != 1


def test_what_is_only_begun_is_asked_back() -> None:
    assert ZONES.find("lond", YEAR) == ()
    assert ZONES.beginning("lond") == ("Europe/London",)


def test_every_name_of_a_zone_leads_to_zones_that_there_are() -> None:
    for zones in (*ABBREVIATIONS.values(), *PLACES.values(), *CODES.values()):
        assert all(ZoneInfo(zone).key == zone for zone in zones)


@pytest.mark.parametrize(("typed", "near"), [("londn", "London"), ("tokio", "Tokyo"), ("madird", "Madrid")])
def test_a_mistyped_city_is_near(typed: str, near: str) -> None:
    assert city(ZONES.nearest(typed)[0]) == near


def test_nothing_is_near_to_nothing() -> None:
    assert ZONES.nearest("") == ()
    assert ZONES.nearest("qqqqqqqq") == ()


def test_what_is_raced_in_is_offered_first() -> None:
    assert ZONES.starting("m", 3)[0] in {circuit.timezone for circuit in read_circuits().values()}
    assert ZONES.starting("são", 8) == ["America/Sao_Paulo", "Africa/Sao_Tome"]


@given(st.text(max_size=60))
def test_whatever_is_found_or_near_is_a_zone(typed: str) -> None:
    for zone in (*ZONES.find(typed, YEAR), *ZONES.nearest(typed), *ZONES.starting(typed, 3)):
        assert ZoneInfo(zone).utcoffset(dt.datetime(YEAR, 1, 1)) is not None  # noqa: DTZ001 - the zone's own
        assert city(zone)


@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ("LA", {"America/Los_Angeles", "America/Chicago", "Asia/Vientiane"}),
        ("MA", {"Africa/Casablanca", "America/New_York"}),
        ("DE", {"Europe/Berlin", "America/New_York"}),
        ("IN", {"Asia/Kolkata", "America/Indiana/Indianapolis", "America/Chicago"}),
        ("IL", {"Asia/Jerusalem", "America/Chicago"}),
        ("co", {"America/Bogota", "America/Denver"}),
        ("PT", {"Europe/Lisbon", "Atlantic/Azores", "America/Los_Angeles"}),
        ("CT", {"America/Chicago", "America/New_York"}),
        ("WA", {"America/Los_Angeles", "Australia/Perth"}),
        ("NL", {"Europe/Amsterdam", "America/St_Johns"}),
        ("SA", {"Asia/Riyadh", "Australia/Adelaide"}),
        ("Córdoba", {"Europe/Madrid", "America/Argentina/Cordoba"}),
        ("Victoria", {"Australia/Melbourne", "America/Vancouver"}),
        ("Portland", {"America/Los_Angeles", "America/New_York"}),
        ("San José", {"America/Costa_Rica", "America/Los_Angeles"}),
    ],
)
def test_a_name_of_two_places_is_asked_back(typed: str, zones: set[str]) -> None:
    assert set(ZONES.find(typed, YEAR)) == zones


def test_a_states_code_that_is_no_countrys_is_that_state() -> None:
    assert ZONES.find("NY", YEAR) == ("America/New_York",)
    assert ZONES.find("tx", YEAR) == ("America/Chicago",)
    assert ZONES.find("QC", YEAR) == ("America/Toronto",)


def test_californias_clock_is_among_the_first_of_those_that_its_code_may_mean() -> None:
    found = ZONES.find("CA", YEAR)
    assert found[:2] == ("America/Toronto", "America/Los_Angeles")
    assert "America/St_Johns" in found


@pytest.mark.parametrize("code", CODES)
def test_a_code_of_a_state_and_a_country_is_asked_back(code: str) -> None:
    """The country's own first clock is among what its code may mean, so that neither is taken silently."""
    countries = {line.split("\t")[0] for line in COUNTRIES.splitlines() if not line.startswith("#")}
    found = ZONES.find(code, YEAR)
    assert all(ZoneInfo(zone).key == zone for zone in found)
    assert {*CODES[code]} <= {*found}
    assert len(found) > len(CODES[code]) or code.upper() not in countries


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_city_is_found_by_what_the_bot_calls_it(language: str) -> None:
    zones = {*OFFERED, *(circuit.timezone for circuit in read_circuits().values()), "Asia/Tehran", "Asia/Ho_Chi_Minh"}
    with speaking(language):
        called = {zone: city(zone) for zone in zones}
        assert {zone: said for zone, said in called.items() if not is_found(said, zone)} == {}


def is_found(said: str, zone: str) -> bool:
    """Whether one of the zones that are found keeps the same clock, as one of two names of a zone may be shown."""
    moment = dt.datetime(YEAR, 7, 1, 12, tzinfo=dt.UTC)
    return any(
        moment.astimezone(ZoneInfo(found)).utcoffset() == moment.astimezone(ZoneInfo(zone)).utcoffset()
        for found in ZONES.find(said, YEAR)
    )
