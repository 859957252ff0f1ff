"""Which race something told is about: all that is told of one race has the same occasion, whatever kind it is."""

from typing import Any

import pytest

from bot.chat.replies import Occasion
from bot.domain.announcements import Announcement, Kind
from bot.jobs.news.occasions import occasion_of
from tests.support.cases import MONZA as NOTED_AT
from tests.support.cases import noted
from tests.support.season import IMOLA, Fans

EMILIA_ROMAGNA = Occasion("2021-emilia-romagna-grand-prix", "Emilia Romagna GP 2021")


async def occasion(fans: Fans, kind: Kind, **subject: Any) -> Occasion | None:
    return await occasion_of(Announcement("key", "topic", kind, subject, fans.now), fans.seasons, fans.incidents)


@pytest.mark.parametrize("kind", [Kind.RECAP, Kind.CORRECTION, Kind.REMINDER, Kind.NEW_START, Kind.CALENDAR])
async def test_what_is_about_a_race_is_about_that(fans: Fans, kind: Kind) -> None:
    assert await occasion(fans, kind, race=IMOLA.key) == EMILIA_ROMAGNA


@pytest.mark.parametrize("kind", [Kind.ANNIVERSARY, Kind.POLL_RESULT])
async def test_an_incident_is_about_its_race(fans: Fans, kind: Kind) -> None:
    assert await occasion(fans, kind, incident="imola-2021") == EMILIA_ROMAGNA


async def test_an_incident_of_a_season_without_a_calendar_is_about_the_race_that_it_names(fans: Fans) -> None:
    expected = Occasion("1989-suzuka-grand-prix", "Suzuka GP 1989")
    assert await occasion(fans, Kind.ANNIVERSARY, incident="suzuka-1989") == expected


async def test_what_race_control_noted_is_about_the_race_of_its_weekend(fans: Fans) -> None:
    (change,) = await fans.recorder.record(NOTED_AT, [noted()], 10)
    italy = Occasion("2025-italian-grand-prix", "Italian GP 2025")
    assert await occasion(fans, Kind.INCIDENT, incident=change.record.id) == italy
    assert await occasion(fans, Kind.DIGEST, announced=[change.record.id]) == italy


async def test_what_is_known_no_more_is_about_nothing(fans: Fans) -> None:
    assert await occasion(fans, Kind.RECAP, race="2021-nowhere-grand-prix") is None
    assert await occasion(fans, Kind.INCIDENT, incident="nowhere-2021") is None
    assert await occasion(fans, Kind.DIGEST, session="x") is None
