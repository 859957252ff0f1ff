import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.cards.season_text import updated
from bot.chat.cards import Card
from bot.chat.instants import as_written
from bot.chat.replies import Bulletin, Occasion
from bot.domain.announcements import FOR_ONE_CHAT, Announcement, Kind
from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind
from bot.domain.topics import (
    ANNIVERSARIES,
    CALENDAR,
    DAY_BEFORE,
    HOUR_BEFORE,
    QUALIFYING,
    RECAPS,
    SPRINTS,
    Topic,
)
from tests.support.cases import MONZA as NOTED_AT
from tests.support.cases import NOR, noted, penalised
from tests.support.conversation import fields, labels, votes
from tests.support.season import BRAZIL, FETCHED, IMOLA, MONZA, RESULT, SILVERSTONE, Fans, weekend
from tests.support.written import written_card

HOUR = dt.timedelta(hours=1)
SHOWN = ChatSettings()
VEILED = ChatSettings(spoilers=Spoilers.VEILED)
LATE = ChatSettings(delay_seconds=40)
LONDON = ChatSettings("Europe/London")
RACE = {"race": IMOLA.key, "session": "race"}


async def announced(
    fans: Fans, kind: Kind, topic: Topic, subject: Mapping[str, Any], *, follows: int | None = None
) -> int:
    """Announce something that is worth telling for an hour; its id."""
    key, expires_at = f"{kind} {topic.key} {subject}", fans.now + HOUR
    draft = Announcement(key, topic.key, kind, subject, fans.now, expires_at, follows)
    made = await fans.announcements.announce(draft)
    assert made
    return made.id


async def reminder(
    fans: Fans, race: Race, topic: Topic, settings: ChatSettings = SHOWN, *, early: dt.timedelta | None = None
) -> Bulletin | None:
    """What is told where a race is reminded of when that is due, or so long before it."""
    session = race.race
    assert session.starts_at
    fans.now = session.starts_at - (early or (HOUR if topic is HOUR_BEFORE else 24 * HOUR))
    subject = {"race": race.key, "session": "race", "day": session.day.isoformat(), "starts_at": 0}
    return await fans.bulletins.write(await announced(fans, Kind.REMINDER, topic, subject), settings)


async def change(fans: Fans, race: Race, what: str, settings: ChatSettings = SHOWN, **more: Any) -> Bulletin | None:
    """What is told of a race of which that was announced."""
    subject = {"race": race.key, "change": what, "start": race.race.start.isoformat(), **more}
    return await fans.bulletins.write(await announced(fans, Kind.CALENDAR, CALENDAR, subject), settings)


def card(bulletin: Bulletin | None) -> Card:
    """The card of something that is told."""
    assert bulletin
    return written_card(bulletin.reply.card)


def starting(race: Race, start: str) -> Race:
    """A race that starts at another time."""
    return replace(race, sessions=weekend(start))


async def test_a_recap_is_what_recap_answers(fans: Fans) -> None:
    bulletin = await fans.bulletins.write(await announced(fans, Kind.RECAP, RECAPS, RACE), SHOWN)
    about = Occasion("2021-emilia-romagna-grand-prix", "Emilia Romagna GP 2021")
    assert bulletin == Bulletin(replace(await fans.ask("/recap imola"), occasion=about))


async def test_a_chat_is_told_everything_in_its_language(fans: Fans) -> None:
    german = ChatSettings("Europe/Berlin", "de", Spoilers.VEILED)
    bulletin = await fans.bulletins.write(await announced(fans, Kind.RECAP, RECAPS, RACE), german)
    assert card(bulletin).title == "Großer Preis der Emilia-Romagna 2021: wie es lief"
    assert card(bulletin).paragraphs[0] == "Großer Preis der Emilia-Romagna: Verstappen siegt vor Hamilton und Norris"
    subject = {**RACE, "changes": [("hamilton", "3", 15.0, "2", 19.5)]}
    bulletin = await fans.bulletins.write(await announced(fans, Kind.CORRECTION, RECAPS, subject), german)
    assert card(bulletin).paragraphs == ("Hamilton: 3., jetzt 2.; 15 Punkte, jetzt 19,5",)
    told = card(await change(fans, SILVERSTONE, "moved", german, was="2021-07-11T14:00+00:00"))
    assert told.title == "Großer Preis von Großbritannien 2021: verschoben"
    start = "Start ist am Sonntag, 18. Juli, 16:00 in Berlin (15:00 an der Strecke)"
    assert told.paragraphs == (f"{start}; geplant war er am Sonntag, 11. Juli, 16:00.",)
    told = card(await reminder(fans, SILVERSTONE, HOUR_BEFORE, german))
    assert told.title == "Großer Preis von Großbritannien: noch eine Stunde"
    assert told.paragraphs == ("Die Lichter gehen aus am Sonntag, 18. Juli, 16:00 in Berlin (15:00 an der Strecke).",)


async def test_a_sprints_recap_is_the_sprints(fans: Fans) -> None:
    subject = {"race": SILVERSTONE.key, "session": "sprint"}
    bulletin = await fans.bulletins.write(await announced(fans, Kind.RECAP, SPRINTS, subject), SHOWN)
    assert card(bulletin).title == "British Grand Prix, sprint: Verstappen wins from Hamilton"


async def test_a_veiled_recap_gives_nothing_away_in_its_title(fans: Fans) -> None:
    bulletin = await fans.bulletins.write(await announced(fans, Kind.RECAP, RECAPS, RACE), VEILED)
    assert bulletin
    assert bulletin.reply.veiled
    assert bulletin.reply.card.title == "Emilia Romagna Grand Prix 2021: how it went"
    assert bulletin.reply.card.paragraphs[0] == "Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris"


async def test_a_correction_says_what_changed_and_what_the_recap_is_now(fans: Fans) -> None:
    recap = await announced(fans, Kind.RECAP, RECAPS, RACE)
    subject = {**RACE, "changes": [["hamilton", "3", 15.0, "2", 19.0]]}
    correction = await announced(fans, Kind.CORRECTION, RECAPS, subject, follows=recap)
    bulletin = await fans.bulletins.write(correction, SHOWN)
    assert card(bulletin).paragraphs == ("Hamilton: 3rd, now 2nd; 15 points, now 19",)
    assert bulletin
    assert bulletin.corrected == await fans.ask("/recap imola")
    veiled = await fans.bulletins.write(correction, VEILED)
    assert veiled
    assert veiled.corrected
    assert veiled.reply.veiled
    assert veiled.corrected.veiled


@pytest.mark.parametrize("kind", [Kind.RECAP, Kind.CORRECTION])
async def test_a_result_that_is_not_known_cannot_be_told(newcomers: Fans, kind: Kind) -> None:
    number = await announced(newcomers, kind, RECAPS, {**RACE, "changes": []})
    assert await newcomers.bulletins.write(number, SHOWN) is None


async def test_what_is_no_longer_worth_telling_is_not_told(fans: Fans) -> None:
    number = await announced(fans, Kind.RECAP, RECAPS, RACE)
    fans.now += HOUR
    assert await fans.bulletins.write(number, SHOWN)
    fans.now += dt.timedelta(seconds=1)
    assert await fans.bulletins.write(number, SHOWN) is None
    assert await fans.bulletins.write(number + 1, SHOWN) is None


@pytest.mark.parametrize(
    ("settings", "start"),
    [
        (SHOWN, "Sunday 12 September, 13:00 UTC (15:00 at the track)"),
        (LONDON, "Sunday 12 September, 14:00 in London (15:00 at the track)"),
        (ChatSettings("Europe/Rome"), "Sunday 12 September, 15:00 in Rome"),
        (ChatSettings("Pacific/Auckland"), "Monday 13 September, 01:00 in Auckland (Sunday 15:00 at the track)"),
        (ChatSettings("Etc/GMT-2"), "Sunday 12 September, 15:00 UTC+2"),
    ],
)
async def test_a_reminder_says_when_by_the_chats_clock_and_at_the_track(
    fans: Fans, settings: ChatSettings, start: str
) -> None:
    await fans.know(calendar=[MONZA])
    assert card(await reminder(fans, MONZA, DAY_BEFORE, settings)).paragraphs == (f"Lights out on {start}.",)


async def test_a_reminder_says_how_long_it_is_and_where(fans: Fans) -> None:
    await fans.know(calendar=[MONZA])
    bulletin = await reminder(fans, MONZA, DAY_BEFORE)
    assert card(bulletin).title == "Italian Grand Prix: a day to go"
    assert card(bulletin).footer == "Autodromo Nazionale di Monza · Monza"
    assert bulletin
    assert labels(bulletin.reply) == ["The weekend", "Standings"]
    bulletin = await reminder(fans, MONZA, HOUR_BEFORE, LONDON)
    assert card(bulletin).title == "Italian Grand Prix: an hour to go"
    assert card(bulletin).footer == "Autodromo Nazionale di Monza · Monza"


@pytest.mark.parametrize(
    ("start", "zone", "said"),
    [
        ("2021-03-28T15:00+00:00", "Europe/London", "Sunday 28 March, 16:00 in London"),
        ("2021-10-31T19:00+00:00", "Europe/London", "Sunday 31 October, 19:00 in London"),
        ("2021-11-07T19:00+00:00", "America/New_York", "Sunday 7 November, 14:00 in New York"),
    ],
)
async def test_a_reminder_is_right_where_clocks_change_the_night_before(
    fans: Fans, start: str, zone: str, said: str
) -> None:
    race = starting(replace(BRAZIL, circuit_id="x", circuit="Nowhere", locality="Nowhere"), start)
    await fans.know(calendar=[race])
    bulletin = await reminder(fans, race, DAY_BEFORE, ChatSettings(zone))
    assert card(bulletin).paragraphs == (f"Lights out on {said}.",)


async def test_at_a_circuit_that_nobody_knows_a_reminder_is_in_utc(fans: Fans) -> None:
    race = replace(MONZA, circuit_id="x", circuit="A field", locality="Nowhere")
    await fans.know(calendar=[race])
    bulletin = await reminder(fans, race, DAY_BEFORE)
    assert card(bulletin).paragraphs == ("Lights out on Sunday 12 September, 13:00 UTC.",)
    assert card(bulletin).footer == "A field · Nowhere"


async def test_a_reminder_gives_no_result_away_and_is_not_veiled(fans: Fans) -> None:
    await fans.know(calendar=[MONZA])
    bulletin = await reminder(fans, MONZA, HOUR_BEFORE, VEILED)
    assert bulletin
    assert not bulletin.reply.veiled


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (25 * 60, "1 day and 1 hour to go"),
        (24 * 60, "a day to go"),
        (24 * 60 - 10, "a day to go"),
        (22 * 60, "22 hours to go"),
        (181, "3 hours and 1 minute to go"),
        (60, "an hour to go"),
        (59, "an hour to go"),
        (55, "55 minutes to go"),
        (-1, "by the calendar under way for 1 minute"),
        (-10, "by the calendar under way for 10 minutes"),
        (40, "40 minutes to go"),
        (6, "6 minutes to go"),
    ],
)
async def test_a_reminder_says_how_long_it_really_is(fans: Fans, minutes: int, said: str) -> None:
    await fans.know(calendar=[MONZA])
    bulletin = await reminder(fans, MONZA, HOUR_BEFORE, early=dt.timedelta(minutes=minutes))
    assert card(bulletin).title == f"Italian Grand Prix: {said}"


@pytest.mark.parametrize(("topic", "minutes"), [(DAY_BEFORE, 180), (HOUR_BEFORE, -20)])
async def test_a_reminder_that_helps_no_more_is_not_sent(fans: Fans, topic: Topic, minutes: int) -> None:
    await fans.know(calendar=[MONZA])
    assert await reminder(fans, MONZA, topic, early=dt.timedelta(minutes=minutes)) is None


async def test_a_race_that_starts_at_another_time_by_now_is_reminded_of_as_it_is(fans: Fans) -> None:
    await fans.know(calendar=[starting(MONZA, "2021-09-12T14:00+00:00")])
    told = card(await reminder(fans, MONZA, HOUR_BEFORE))
    assert told.title == "Italian Grand Prix: 2 hours to go"
    assert told.paragraphs == ("Lights out on Sunday 12 September, 14:00 UTC (16:00 at the track).",)


async def test_a_race_that_is_on_another_day_by_now_is_not_reminded_of_before(fans: Fans) -> None:
    await fans.know(calendar=[starting(MONZA, "2021-09-13T13:00+00:00")])
    assert await reminder(fans, MONZA, HOUR_BEFORE) is None


async def new_start(fans: Fans, race: Race, hours: int, settings: ChatSettings = SHOWN) -> Bulletin | None:
    """What is told where a race was said to start, and starts so many hours later."""
    assert race.race.starts_at
    was = race.race.starts_at
    day, starts_at = race.race.day.isoformat(), int((was + hours * HOUR).timestamp())
    subject = {"race": race.key, "session": "race", "day": day, "starts_at": starts_at, "was": int(was.timestamp())}
    return await fans.bulletins.write(await announced(fans, Kind.NEW_START, HOUR_BEFORE, subject), settings)


@pytest.mark.parametrize(
    ("start", "hours", "said"),
    [
        (
            "2021-09-12T14:00+00:00",
            1,
            "It starts on Sunday 12 September, 16:00 in Rome; it was to be at 15:00.",
        ),
        ("2021-09-13T13:00+00:00", 24, "It starts on Monday 13 September, 15:00 in Rome; it was to be on Sunday"),
    ],
)
async def test_who_was_told_a_wrong_start_is_told_the_right_one_and_the_reminder_is_mended(
    fans: Fans, start: str, hours: int, said: str
) -> None:
    race = starting(MONZA, start)
    await fans.know(calendar=[race])
    fans.now = dt.datetime.fromisoformat(start) - 90 * dt.timedelta(minutes=1)
    bulletin = await new_start(fans, MONZA, hours, ChatSettings("Europe/Rome"))
    assert card(bulletin).title == "Italian Grand Prix: another start than I said"
    assert as_written(card(bulletin).paragraphs[0]).startswith(said)
    assert bulletin
    assert bulletin.corrected
    assert bulletin.corrected.card.title == "Italian Grand Prix: 1 hour and 30 minutes to go"
    assert as_written(bulletin.corrected.card.paragraphs[0]).startswith("Lights out on ")


async def test_a_new_start_that_is_another_by_now_or_past_is_not_told(fans: Fans) -> None:
    await fans.know(calendar=[starting(MONZA, "2021-09-12T15:00+00:00")])
    fans.now = dt.datetime(2021, 9, 12, 12, tzinfo=dt.UTC)
    assert await new_start(fans, MONZA, 1) is None
    fans.now = dt.datetime(2021, 9, 12, 15, tzinfo=dt.UTC)
    assert await new_start(fans, MONZA, 2) is None


async def test_who_waits_for_a_race_that_is_on_already_is_told_since_when(fans: Fans) -> None:
    race = starting(MONZA, "2021-09-12T12:00+00:00")
    await fans.know(calendar=[race])
    fans.now = dt.datetime(2021, 9, 12, 12, 30, tzinfo=dt.UTC)
    said = "By the calendar it is under way, since Sunday 12 September, 14:00 in Rome; it was to be at 15:00."
    settings = ChatSettings("Europe/Rome")
    bulletin = await new_start(fans, MONZA, -1, settings)
    assert as_written(card(bulletin).paragraphs[0]) == said
    assert bulletin
    assert bulletin.corrected
    assert bulletin.corrected.card.title == "Italian Grand Prix: by the calendar under way for 30 minutes"
    told = await change(fans, race, "moved", was="2021-09-12T13:00:00+00:00", settings=settings)
    assert as_written(card(told).paragraphs[0]) == said


async def test_a_race_that_is_off_is_not_reminded_of(fans: Fans) -> None:
    await fans.know(calendar=[MONZA, BRAZIL])
    await fans.know(calendar=[BRAZIL])
    assert await reminder(fans, MONZA, HOUR_BEFORE) is None


async def test_a_race_that_has_long_started_is_not_reminded_of(fans: Fans) -> None:
    await fans.know(calendar=[MONZA, BRAZIL])
    assert MONZA.race.starts_at
    fans.now = MONZA.race.starts_at
    subject = {"race": MONZA.key, "starts_at": int(fans.now.timestamp())}  # as earlier versions announced it
    number = await announced(fans, Kind.REMINDER, HOUR_BEFORE, subject)
    fans.now += dt.timedelta(minutes=20)
    assert await fans.bulletins.write(number, SHOWN) is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (SHOWN, "It starts on Sunday 12 September, 13:00 UTC (15:00 at the track); it was to be at 11:30 UTC."),
        (LONDON, "It starts on Sunday 12 September, 14:00 in London (15:00 at the track); it was to be at 12:30."),
    ],
)
async def test_a_race_that_moved_is_told_by_the_chats_clock(fans: Fans, settings: ChatSettings, said: str) -> None:
    await fans.know(calendar=[MONZA])
    bulletin = await change(fans, MONZA, "moved", settings, was="2021-09-12T11:30:00+00:00")
    assert card(bulletin).title == "Italian Grand Prix 2021: moved"
    assert card(bulletin).paragraphs == (said,)


@pytest.mark.parametrize(
    ("was", "said"),
    [
        ("2021-09-05T13:00:00+00:00", "it was to be on Sunday 5 September, 13:00 UTC."),
        ("2021-09-05", "it was to be on Sunday 5 September."),
        ("2021-09-11T23:00:00+00:00", "it was to be on Saturday 11 September, 23:00 UTC."),
    ],
)
async def test_a_race_that_moved_to_another_day_says_which_it_was(fans: Fans, was: str, said: str) -> None:
    await fans.know(calendar=[MONZA])
    (paragraph,) = card(await change(fans, MONZA, "moved", was=was)).paragraphs
    assert paragraph == f"It starts on Sunday 12 September, 13:00 UTC (15:00 at the track); {said}"


async def test_a_race_whose_time_is_not_known_is_told_by_its_day(fans: Fans) -> None:
    race = replace(MONZA, name="Invented Grand Prix", sessions=(Session(SessionKind.RACE, dt.date(2021, 9, 12)),))
    await fans.know(calendar=[race])
    bulletin = await change(fans, race, "moved", was="2021-09-05T13:00:00+00:00")
    assert card(bulletin).paragraphs == (
        "It starts on Sunday 12 September; it was to be on Sunday 5 September, 13:00 UTC.",
    )
    assert card(bulletin).footer == as_written(updated(FETCHED))


def moves(race: Race, before: Race) -> dict[str, tuple[str, str]]:
    """The starts that a weekend's sessions had, and those that they have."""
    pairs = zip(before.sessions, race.sessions, strict=True)
    return {now.kind.value: (was.start.isoformat(), now.start.isoformat()) for was, now in pairs}


async def test_a_weekend_that_moved_is_told_session_by_session(fans: Fans) -> None:
    await fans.know(calendar=[MONZA])
    week_before = starting(MONZA, "2021-09-05T13:00+00:00")
    told = card(await change(fans, MONZA, "moved", moved=moves(MONZA, week_before)))
    assert told.title == "Italian Grand Prix 2021: moved"
    then = "13:00 UTC (15:00 at the track)"
    assert as_written(told.paragraphs[0]).splitlines() == [
        f"Qualifying: Saturday 11 September, {then}; it was to be on Saturday 4 September, 13:00 UTC.",
        f"Race: Sunday 12 September, {then}; it was to be on Sunday 5 September, 13:00 UTC.",
    ]


async def test_a_session_that_moved_is_told_as_far_as_it_still_starts_then(fans: Fans) -> None:
    qualifying, race = MONZA.sessions
    earlier = replace(qualifying, starts_at=dt.datetime(2021, 9, 11, 12, tzinfo=dt.UTC))
    week_before = starting(MONZA, "2021-09-05T13:00+00:00")
    await fans.know(
        calendar=[replace(MONZA, sessions=(qualifying, replace(race, day=dt.date(2021, 9, 14), starts_at=None)))]
    )
    told = card(await change(fans, MONZA, "moved", moved=moves(MONZA, week_before)))
    assert told.title == "Italian Grand Prix 2021: new times"
    (line,) = told.paragraphs
    assert as_written(line).startswith("Qualifying: ")
    await fans.know(
        calendar=[replace(MONZA, sessions=(earlier, replace(race, day=dt.date(2021, 9, 14), starts_at=None)))]
    )
    assert await change(fans, MONZA, "moved", moved=moves(MONZA, starting(MONZA, "2021-08-29T13:00+00:00"))) is None


async def test_a_race_that_moved_again_meanwhile_is_told_of_by_the_later_move(fans: Fans) -> None:
    await fans.know(calendar=[starting(MONZA, "2021-09-19T13:00+00:00")])
    assert await change(fans, MONZA, "moved", was="2021-09-05T13:00:00+00:00") is None


async def test_a_race_that_is_cancelled_is_told_with_its_day_and_place(fans: Fans) -> None:
    await fans.know(calendar=[MONZA, BRAZIL])
    await fans.know(calendar=[BRAZIL])
    bulletin = await change(fans, MONZA, "cancelled")
    assert bulletin
    assert card(bulletin) == Card(
        "Italian Grand Prix 2021: off the calendar",
        paragraphs=("It was to be on Sunday 12 September, in Monza.",),
        footer=as_written(updated(FETCHED)),
    )
    assert labels(bulletin.reply) == ["Calendar"]


@pytest.mark.parametrize(("what", "title"), [("added", "new on the calendar"), ("back", "back on the calendar")])
async def test_a_race_that_is_new_or_back_is_told_with_its_start(fans: Fans, what: str, title: str) -> None:
    await fans.know(calendar=[MONZA])
    bulletin = await change(fans, MONZA, what, LONDON)
    assert card(bulletin).title == f"Italian Grand Prix 2021: {title}"
    assert card(bulletin).paragraphs == ("It starts on Sunday 12 September, 14:00 in London (15:00 at the track).",)


async def test_what_is_not_so_any_more_is_not_told(fans: Fans) -> None:
    await fans.know(calendar=[MONZA, BRAZIL])
    assert await change(fans, MONZA, "cancelled") is None, "it is back"
    await fans.know(calendar=[BRAZIL])
    for what in ("added", "back", "moved"):
        assert await change(fans, MONZA, what, was="2021-09-05") is None, "it is off"
    assert await change(fans, replace(MONZA, name="Nowhere Grand Prix"), "added") is None


async def test_a_change_of_a_race_that_was_run_is_not_told(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 9, 12, 15, tzinfo=dt.UTC)
    assert await change(fans, MONZA, "moved", was="2021-09-12T14:00:00+00:00") is None


async def test_that_a_race_was_put_off_is_not_told_once_it_is_on(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 9, 12, 13, tzinfo=dt.UTC)
    assert await change(fans, MONZA, "moved", was="2021-09-12T12:00:00+00:00") is None


async def test_a_recap_is_told_of_what_is_known_when_it_is_written(fans: Fans) -> None:
    number = await announced(fans, Kind.RECAP, RECAPS, RACE)
    first, second, *others = RESULT.finishes
    swapped = (replace(second, position=1, place="1"), replace(first, position=2, place="2"), *others)
    await fans.know(replace(RESULT, finishes=swapped))
    title = card(await fans.bulletins.write(number, SHOWN)).title
    assert title == "Emilia Romagna Grand Prix: Hamilton wins from Verstappen and Norris"


async def result(fans: Fans, incident: str = "monza-2021", settings: ChatSettings = SHOWN) -> Bulletin | None:
    """What is told of a poll that was closed in the pit wall, which voted on it before."""
    await fans.vote("monza-2021", "all-verstappen")
    monza = fans.polls.get("monza-2021")
    assert monza
    here = [[choice.id, 1, 1] for choice in monza.choices if choice.key == "all-verstappen"]
    everyone = [*here, *([choice.id, 0, 3] for choice in monza.choices if choice.key == "racing-incident")]
    subject = {"incident": incident, "here": here, "everyone": everyone}
    draft = Announcement("a result", FOR_ONE_CHAT, Kind.POLL_RESULT, subject, fans.now, fans.now + HOUR)
    made = await fans.announcements.announce(draft)
    assert made
    return await fans.bulletins.write(made.id, settings)


SCALE = "all Hamilton 0 · mostly Hamilton 0 · racing incident {} · mostly Verstappen 0 · all Verstappen {}"


async def test_the_result_of_a_poll_is_as_it_was_when_it_was_closed(fans: Fans) -> None:
    bulletin = await result(fans)
    assert card(bulletin).title == "The poll is closed: Hamilton and Verstappen, Monza 2021"
    assert card(bulletin).paragraphs == ()
    assert bulletin
    assert fields(bulletin.reply) == {"The stewards": "three grid places for Verstappen"}
    assert votes(bulletin.reply) == {
        "So voted this chat": SCALE.format(0, 1),
        "Everywhere (4)": SCALE.format(3, 1),
    }
    assert labels(bulletin.reply) == ["The story", "The verdict"]
    assert bulletin.reply.poll is None, "its bars move no more"


async def test_the_result_of_a_poll_comes_in_the_chats_language_and_shows_bars_where_polls_are_blind(
    fans: Fans,
) -> None:
    bulletin = await result(fans, settings=ChatSettings(language="de", blind=True))
    assert card(bulletin).title == "Die Umfrage ist geschlossen: Hamilton und Verstappen, Monza 2021"
    assert card(bulletin).votes


async def test_the_result_of_a_poll_says_no_more_than_the_chat_has_seen(fans: Fans) -> None:
    case = penalised(noted(), NOR, 14)
    (change,) = await fans.recorder.record(NOTED_AT, [case], 14)
    fans.now = case.stages[-1].at + dt.timedelta(seconds=20)
    for settings, told, veiled in ((SHOWN, True, False), (LATE, False, False), (VEILED, True, True)):
        subject = {"incident": change.record.id, "here": [], "everyone": []}
        draft = Announcement(f"{settings}", FOR_ONE_CHAT, Kind.POLL_RESULT, subject, fans.now, fans.now + HOUR)
        made = await fans.announcements.announce(draft)
        assert made
        bulletin = await fans.bulletins.write(made.id, settings)
        assert bulletin
        assert ("The stewards" in fields(bulletin.reply)) is told
        assert bulletin.reply.veiled is veiled


async def test_the_result_of_a_poll_whose_incident_is_told_no_more_is_not_told(fans: Fans) -> None:
    assert await result(fans, "monza-1021") is None


async def test_the_result_of_a_poll_that_another_has_taken_over_is_not_told_as_nothing(fans: Fans) -> None:
    assert await result(fans, "imola-2021") is None


async def test_a_recap_names_no_shares_where_polls_are_blind(fans: Fans) -> None:
    await fans.vote("imola-2021", "all-russell")
    recap = await announced(fans, Kind.RECAP, RECAPS, RACE)
    told = {blind: await fans.bulletins.write(recap, ChatSettings(blind=blind)) for blind in (False, True)}
    assert ["fans:" in str(card(told[blind]).fields) for blind in (False, True)] == [True, False]


async def test_qualifying_is_told_in_short_and_corrected_as_results_are(fans: Fans) -> None:
    subject = {"race": IMOLA.key, "session": "qualifying"}
    told = await announced(fans, Kind.RECAP, QUALIFYING, subject)
    assert card(await fans.bulletins.write(told, SHOWN)).title == "Emilia Romagna Grand Prix 2021, qualifying"
    changes = {**subject, "changes": [["hamilton", "1", None, "D", None]]}
    correction = await announced(fans, Kind.CORRECTION, QUALIFYING, changes, follows=told)
    bulletin = await fans.bulletins.write(correction, VEILED)
    assert card(bulletin).title == "Corrected: Emilia Romagna Grand Prix, qualifying 2021"
    assert card(bulletin).paragraphs == ("Hamilton: 1st, now disqualified",)
    assert bulletin
    assert labels(bulletin.reply) == ["Result"]
    assert bulletin.reply.veiled
    assert bulletin.corrected
    assert bulletin.corrected.veiled


async def test_an_incident_is_told_on_its_day_with_its_poll_and_on_no_other(fans: Fans) -> None:
    fans.now = dt.datetime(2026, 4, 18, 17, tzinfo=dt.UTC)
    subject = {"incident": "imola-2021", "day": "2026-04-18"}
    announcement = await announced(fans, Kind.ANNIVERSARY, ANNIVERSARIES, subject)
    bulletin = await fans.bulletins.write(announcement, LONDON)
    assert card(bulletin).paragraphs[0] == "5 years ago today."
    assert bulletin
    assert "Who was to blame?" in labels(bulletin.reply)
    assert await fans.bulletins.write(announcement, ChatSettings("Pacific/Auckland")) is None
