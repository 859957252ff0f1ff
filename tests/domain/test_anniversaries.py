import datetime as dt

import pytest

from bot.domain.anniversaries import of_this_day, told_at
from bot.domain.chat_settings import ChatSettings
from bot.search.catalogue import Incidents
from tests.support.incidents import catalogue

DAY = dt.date(2026, 10, 21)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 10, 21), "suzuka-1990"),
        (dt.date(2026, 11, 13), "adelaide-1994"),
        (dt.date(1990, 10, 21), None),
        (dt.date(2026, 10, 9), None),  # where nobody is to be blamed, as somebody might have died
        (dt.date(2026, 1, 1), None),
    ],
)
def test_an_incident_is_of_the_day_in_later_years(day: dt.date, expected: str | None) -> None:
    found = of_this_day(catalogue().told, day)
    assert (found and found.id) == expected


def test_of_all_that_ship_none_in_which_somebody_was_badly_hurt_is_told(shipped: Incidents) -> None:
    spared = {each.id for each in shipped.told if not each.poll}
    days = [dt.date(2028, 1, 1) + dt.timedelta(days=number) for number in range(366)]
    told = {found.id for day in days if (found := of_this_day(shipped.told, day))}
    assert spared
    assert told
    assert not told & spared


@pytest.mark.parametrize(
    ("zone", "quiet", "local"),
    [
        ("Europe/Berlin", None, "18:00"),
        ("Pacific/Auckland", None, "18:00"),
        ("Pacific/Honolulu", None, "18:00"),
        ("Europe/Berlin", (17, 20), "20:00"),
        ("Europe/Berlin", (17, 8), "12:00"),
        ("Europe/Berlin", (10, 9), None),
    ],
)
def test_a_chat_is_told_in_its_evening_and_outside_its_quiet_hours(
    zone: str, quiet: tuple[int, int] | None, local: str | None
) -> None:
    settings = ChatSettings(zone, quiet_from=quiet and quiet[0] * 60, quiet_until=quiet and quiet[1] * 60)
    moments = set()
    for hours in range(-14, 36):
        now = dt.datetime.combine(DAY, dt.time(), dt.UTC) + hours * HOUR
        moment = told_at(DAY, now, settings)
        if moment is not None and moment > now:
            moments.add(moment)
    expected = local and dt.datetime.combine(DAY, dt.time.fromisoformat(local), settings.clock)
    assert moments == ({expected} if expected else set())


def test_after_an_outage_it_is_told_late_as_long_as_it_is_that_day() -> None:
    settings = ChatSettings("Europe/London")
    late = dt.datetime(2026, 10, 21, 21, tzinfo=dt.UTC)
    assert told_at(DAY, late, settings) == late
    assert told_at(DAY, late + 3 * HOUR, settings) is None
