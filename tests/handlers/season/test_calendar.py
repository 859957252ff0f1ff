import datetime as dt
from collections import deque
from dataclasses import replace

import pytest

from bot.app.season_feeds import open_feed
from bot.app.settings import Settings, SettingsError, read_settings
from bot.cards.missing import NOT_NOW
from bot.cards.season_text import countdown
from bot.chat.buttons import Button
from bot.chat.dispatcher import UNKNOWN
from bot.chat.instants import as_written
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.domain.season import Race, Witness
from bot.domain.sessions import Session, SessionKind
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from handlers.season.choosing import FETCHING
from tests.support.conversation import PIT_WALL, Ask, buttons, conversation, labels
from tests.support.jolpica_samples import race as sample
from tests.support.jolpica_server import JolpicaServer, races
from tests.support.season import BAHRAIN, BRAZIL, IMOLA, MONZA, Fans, another_year


async def test_the_next_race_is_told_in_utc_and_by_the_clock_at_the_track(fans: Fans) -> None:
    card = (await fans.ask("/next")).card
    assert card.title == "British Grand Prix"
    assert card.subtitle == "Round 3 of 5 · Silverstone Circuit · Silverstone"
    left, sessions = card.paragraphs
    assert as_written(left) == "The race starts in 89 days and 2 hours."
    assert as_written(sessions).splitlines() == [
        "Sprint: Saturday 17 July, 12:00 UTC (13:00 at the track)",
        "Qualifying: Saturday 17 July, 14:00 UTC (15:00 at the track)",
        "Race: Sunday 18 July, 14:00 UTC (15:00 at the track)",
    ]
    assert as_written(card.footer).startswith("Updated 19 April 2021, 06:30 UTC · Jolpica-F1")


@pytest.mark.parametrize("asked", ["monza", "Italian GP", "monza 2021", "2021-italian-grand-prix"])
async def test_the_next_race_of_a_name_is_told(fans: Fans, asked: str) -> None:
    assert (await fans.ask(f"/next {asked}")).card.title == "Italian Grand Prix"


@pytest.mark.parametrize("asked", ["", "race", "sprint", "qualifying please", "monaco"])
async def test_where_no_race_is_named_the_next_of_all_is_told(fans: Fans, asked: str) -> None:
    assert (await fans.ask(f"/next {asked}")).card.title == "British Grand Prix"


async def test_a_race_that_is_over_is_not_the_next_one(fans: Fans) -> None:
    reply = await fans.ask("/next imola")
    assert reply.card.title == "The Emilia Romagna Grand Prix 2021 was on 18 April 2021."
    assert labels(reply) == ["Result", "The calendar"]


async def test_on_the_weekend_the_next_session_is_told_first(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 9, 11, 11, 58, tzinfo=dt.UTC)
    assert as_written((await fans.ask("/next")).card.paragraphs[0]) == (
        "Qualifying starts in 1 hour and 2 minutes. The race starts in 1 day and 1 hour."
    )
    fans.now = dt.datetime(2021, 9, 12, 12, 59, 30, tzinfo=dt.UTC)
    assert as_written((await fans.ask("/next")).card.paragraphs[0]) == "The race starts in less than a minute."


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            dt.datetime(2021, 9, 11, 13, 20, tzinfo=dt.UTC),
            "Qualifying is under way: it was to start 20 minutes ago. The race starts in 23 hours and 40 minutes.",
        ),
        (dt.datetime(2021, 9, 11, 14, tzinfo=dt.UTC), "The race starts in 23 hours."),
        (
            dt.datetime(2021, 9, 12, 13, 1, tzinfo=dt.UTC),
            (
                "Italian Grand Prix is under way: it was to start 1 minute ago."
                " São Paulo Grand Prix starts in 63 days and 3 hours."
            ),
        ),
        (dt.datetime(2021, 9, 12, 15, tzinfo=dt.UTC), "The race starts in 63 days and 2 hours."),
    ],
)
async def test_a_session_that_is_under_way_is_told_before_the_next(fans: Fans, now: dt.datetime, said: str) -> None:
    fans.now = now
    assert as_written((await fans.ask("/next")).card.paragraphs[0]) == said


async def test_the_last_race_of_all_is_told_while_it_is_under_way(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 11, 14, 17, 45, tzinfo=dt.UTC)
    card = (await fans.ask("/next")).card
    assert card.title == "São Paulo Grand Prix"
    assert as_written(card.paragraphs[0]) == "São Paulo Grand Prix is under way: it was to start 45 minutes ago."


async def test_once_the_season_is_over_next_years_first_race_is_the_next(fans: Fans) -> None:
    await fans.know(calendar=[another_year(race, 2022) for race in (BAHRAIN, IMOLA)])
    fans.now = dt.datetime(2021, 12, 1, tzinfo=dt.UTC)
    card = (await fans.ask("/next")).card
    assert (card.title, card.subtitle.partition(" · ")[0]) == ("Bahrain Grand Prix 2022", "Round 1 of 2")


@pytest.mark.parametrize("command", ["results", "recap"])
async def test_a_race_that_was_called_off_is_not_said_to_be_unknown(fans: Fans, command: str) -> None:
    await fans.know(calendar=[BAHRAIN, IMOLA, BRAZIL])
    reply = await fans.ask(f"/{command} monza 2021")
    assert reply.card.title == "The Italian Grand Prix 2021 was called off. It was to be on 12 September 2021."
    assert (await fans.press(reply, "The calendar")).card.title == "The 2021 season: 3 races"


async def test_a_race_that_the_calendar_lacks_for_a_moment_is_still_on_it(fans: Fans) -> None:
    await fans.seasons.store_schedule(2021, [BAHRAIN, IMOLA, BRAZIL], fans.now)
    fans.now += dt.timedelta(hours=5)
    reply = await fans.ask("/results monza 2021")
    assert reply.card.title == "That is still to come, on 12 September 2021."


async def test_another_day_in_utc_than_at_the_track_is_named(newcomers: Fans) -> None:
    start = dt.datetime(2021, 11, 21, 6, tzinfo=dt.UTC)
    race = Session(SessionKind.RACE, start.date(), start)
    vegas = replace(BRAZIL, name="Las Vegas Grand Prix", circuit_id="vegas", locality="Las Vegas", sessions=(race,))
    await newcomers.know(calendar=[vegas])
    reply = await newcomers.ask("/next")
    assert as_written(reply.card.paragraphs[1]) == "Race: Sunday 21 November, 06:00 UTC (Saturday 22:00 at the track)"
    assert "20 November – Las Vegas" in as_written((await newcomers.ask("/calendar")).card.paragraphs[0])


async def test_what_is_not_known_of_a_session_is_left_out(newcomers: Fans) -> None:
    days = tuple(replace(session, starts_at=None) for session in MONZA.sessions)
    nowhere = replace(MONZA, circuit_id="x", circuit="X", locality="X", sessions=days)
    await newcomers.know(calendar=[nowhere])
    card = (await newcomers.ask("/next")).card
    assert card.paragraphs == (
        "The race is on 12 September 2021.",
        "Qualifying: Saturday 11 September\nRace: Sunday 12 September",
    )
    assert as_written(card.footer).startswith("Updated")


async def test_after_the_last_race_there_is_no_next_one(fans: Fans) -> None:
    fans.now = dt.datetime(2021, 12, 1, tzinfo=dt.UTC)
    reply = await fans.ask("/next")
    assert reply.card.title == "No race to come is known yet."
    assert (await fans.press(reply, "The calendar")).card.title == "The 2021 season: 5 races"


async def test_a_calendar_has_the_winners_of_what_was_raced(fans: Fans) -> None:
    card = (await fans.ask("/calendar 2021")).card
    assert as_written(card.paragraphs[0]).splitlines() == [
        "1. 28 March – Bahrain Grand Prix",
        "2. 18 April – Emilia Romagna Grand Prix · Verstappen",
        "3. 18 July – British Grand Prix",
        "4. 12 September – Italian Grand Prix",
        "5. 14 November – São Paulo Grand Prix",
    ]
    assert as_written(card.footer) == "Updated 19 April 2021, 06:30 UTC · Jolpica-F1, CC BY-NC-SA 4.0"


def long_season() -> list[Race]:
    """Thirty races, one a week."""
    weeks = [dt.date(2021, 3, 7) + week * dt.timedelta(weeks=1) for week in range(30)]
    return [
        replace(IMOLA, round=number, name=f"Grand Prix {number}", sessions=(Session(SessionKind.RACE, day),))
        for number, day in enumerate(weeks, start=1)
    ]


async def test_a_long_calendar_opens_where_the_season_is(newcomers: Fans) -> None:
    await newcomers.know(calendar=long_season())
    newcomers.now = dt.datetime(2021, 6, 10, tzinfo=dt.UTC)
    page = await newcomers.ask("/calendar")
    assert as_written(page.card.footer).startswith("Page 2 of 3")
    earlier, later = await newcomers.press(page, "Earlier"), await newcomers.press(page, "Later")
    lines = [line for reply in (earlier, page, later) for line in as_written(reply.card.paragraphs[0]).splitlines()]
    assert [int(line.partition(".")[0]) for line in lines] == [*range(1, 31)]
    assert labels(earlier) == ["Later", "Standings"]
    assert labels(later) == ["Earlier", "Standings"]


async def test_a_calendar_opens_at_a_day_that_is_named(newcomers: Fans) -> None:
    await newcomers.know(calendar=long_season())
    for day, page in (("7.3.2021", 1), ("20 de junio de 2021", 2), ("September 19, 2021", 3)):
        reply = await newcomers.ask(f"/calendar {day}")
        assert as_written(reply.card.footer).startswith(f"Page {page} of 3")
    assert (await newcomers.ask("/calendar 31.4.2021")).card.title == "“31.4.2021” is in no calendar."


async def test_a_season_that_is_not_known_is_fetched_and_asked_for_again(newcomers: Fans) -> None:
    reply = await newcomers.ask("/calendar 1988")
    assert (reply.card.title, reply.private, reply.awaits and reply.awaits.name) == (FETCHING, False, "1988")
    assert newcomers.wanted == [(1988, None)]
    newcomers.archive_answers = False
    assert (await newcomers.press(reply, "Look again")).card.title == NOT_NOW[Witness.ARCHIVE]


async def test_while_the_new_calendar_is_unknown_the_last_one_is_meant(fans: Fans) -> None:
    fans.now = dt.datetime(2022, 1, 5, tzinfo=dt.UTC)
    assert (await fans.ask("/calendar")).card.title == "The 2021 season: 5 races"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/calendar 1949", "The championship's seasons are 1950 to 2022."),
        ("/calendar 2031", "The championship's seasons are 1950 to 2022."),
        ("/calendar monza", "Say a season, as in /calendar 2021; /results finds a race by its name."),
    ],
)
async def test_what_is_no_season_is_said_to_be_none(fans: Fans, line: str, said: str) -> None:
    reply = await fans.ask(line)
    assert reply.private
    assert reply.card.title == said
    assert fans.wanted == []


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (dt.timedelta(days=3, hours=4, minutes=59), "3 days and 4 hours"),
        (dt.timedelta(days=1, minutes=30), "1 day"),
        (dt.timedelta(hours=1, minutes=1), "1 hour and 1 minute"),
        (dt.timedelta(minutes=20, seconds=59), "20 minutes"),
        (dt.timedelta(seconds=59), "less than a minute"),
    ],
)
def test_a_countdown_has_two_units_at_most(left: dt.timedelta, words: str) -> None:
    assert countdown(left) == words


async def test_a_chat_with_a_clock_reads_it_beside_the_one_at_the_track(fans: Fans) -> None:
    await fans.settings.change(PIT_WALL, zone="Europe/Berlin")
    card = (await fans.ask("/next")).card
    assert as_written(card.paragraphs[1]).splitlines() == [
        "Sprint: Saturday 17 July, 14:00 in Berlin (13:00 at the track)",
        "Qualifying: Saturday 17 July, 16:00 in Berlin (15:00 at the track)",
        "Race: Sunday 18 July, 16:00 in Berlin (15:00 at the track)",
    ]
    assert as_written(card.footer).startswith("Updated")


async def test_a_clock_that_shows_the_same_as_the_tracks_is_told_once(fans: Fans) -> None:
    await fans.settings.change(PIT_WALL, zone="Europe/London")
    assert as_written((await fans.ask("/next")).card.paragraphs[1]).endswith("Race: Sunday 18 July, 15:00 in London")


async def test_another_day_at_the_track_than_in_the_chat_is_named(newcomers: Fans) -> None:
    start = dt.datetime(2021, 11, 21, 6, tzinfo=dt.UTC)
    race = Session(SessionKind.RACE, start.date(), start)
    vegas = replace(BRAZIL, name="Las Vegas Grand Prix", circuit_id="vegas", locality="Las Vegas", sessions=(race,))
    await newcomers.know(calendar=[vegas])
    await newcomers.settings.change(PIT_WALL, zone="Etc/GMT-9")
    lines = (await newcomers.ask("/next")).card.paragraphs[1]
    assert as_written(lines) == "Race: Sunday 21 November, 15:00 UTC+9 (Saturday 22:00 at the track)"
    assert "1. 21 November, 15:00 – Las" in as_written((await newcomers.ask("/calendar")).card.paragraphs[0]).replace(
        "5.", "1."
    )


async def test_a_chats_clock_needs_no_track(newcomers: Fans) -> None:
    timeless = Session(SessionKind.QUALIFYING, MONZA.sessions[0].day)
    nowhere = replace(MONZA, circuit_id="x", circuit="X", locality="X", sessions=(timeless, MONZA.race))
    await newcomers.know(calendar=[nowhere])
    await newcomers.settings.change(PIT_WALL, zone="Asia/Tokyo")
    assert as_written((await newcomers.ask("/next")).card.paragraphs[1]).splitlines() == [
        "Qualifying: Saturday 11 September",
        "Race: Sunday 12 September, 22:00 in Tokyo",
    ]


async def test_a_calendar_by_a_chats_clock_says_when_races_start(fans: Fans) -> None:
    await fans.settings.change(PIT_WALL, zone="Australia/Melbourne")
    card = (await fans.ask("/calendar 2021")).card
    assert as_written(card.paragraphs[0]).splitlines()[:3] == [
        "1. 29 March – Bahrain Grand Prix",
        "2. 18 April – Emilia Romagna Grand Prix · Verstappen",
        "3. 19 July, 00:00 – British Grand Prix",
    ]
    assert as_written(card.footer).startswith("Updated")
    assert card.clock == "Days and times by the clock of Melbourne"


async def test_the_next_race_offers_reminders_until_they_are_on(fans: Fans) -> None:
    remind = Button("Remind us", "subscribe", "reminders")
    assert remind in buttons(await fans.ask("/next"))
    await fans.subscriptions.begin(PIT_WALL, ["recaps"])
    assert remind in buttons(await fans.ask("/next"))
    await fans.subscriptions.begin(PIT_WALL, ["hour-before"])
    assert remind not in buttons(await fans.ask("/next"))


@pytest.mark.parametrize(
    ("chat", "label"),
    [
        (Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE), ["Remind me"]),
        (Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE), []),
        (Chat(Platform.CONSOLE, "local", ChatKind.PRIVATE), []),
    ],
)
async def test_reminders_are_offered_where_they_can_be_pushed(fans: Fans, chat: Chat, label: list[str]) -> None:
    offered = buttons(await fans.ask("/next", chat))
    assert [button.label for button in offered if button.command == "subscribe"] == label


async def test_every_button_of_the_season_leads_to_a_card(fans: Fans) -> None:
    doors = deque([await fans.ask("/next")])
    seen: set[str] = set()
    while doors:
        reply = doors.popleft()
        for button in buttons(reply):
            if button.command not in {"crash", "subscribe"} and button.data not in seen:
                seen.add(button.data)
                doors.append(await fans.press(reply, button.label))
                assert not doors[-1].private, button.data
    assert {"calendar 2021", "standings teams 2021", "recap 2021-emilia-romagna-grand-prix"} <= seen


async def test_the_whole_bot_fetches_what_it_is_asked_for(settings: Settings, incidents: Incidents, al: User) -> None:
    async with JolpicaServer() as archive:
        archive.publish("1988/races/", races(sample(season=1988, day="1988-05-01", name="San Marino Grand Prix")))
        fed = replace(settings, jolpica_url=archive.url)
        async with open_feed(fed, SystemClock()) as feed, conversation(fed, incidents, feed) as bot:
            reply = await bot.ask("/calendar 1988", al)
            assert reply.card.title == FETCHING
            while reply.card.title == FETCHING:
                reply = await bot.press(reply, "Look again", al)
    assert reply.card.title == "The 1988 season: 1 race"


@pytest.mark.parametrize("command", ["/next", "/calendar", "/standings", "/results", "/recap"])
async def test_without_a_feed_nothing_is_said_of_seasons(ask: Ask, al: User, command: str) -> None:
    assert (await ask(command, al)).card.title == UNKNOWN


@pytest.mark.parametrize("off", ["off", "OFF", " Off "])
def test_the_feed_is_turned_off_by_a_word(monkeypatch: pytest.MonkeyPatch, off: str) -> None:
    monkeypatch.setenv("JOLPICA_URL", off)
    assert read_settings().jolpica_url is None
    monkeypatch.setenv("JOLPICA_URL", "")
    assert read_settings().jolpica_url == "https://api.jolpi.ca/ergast/f1"
    monkeypatch.setenv("JOLPICA_URL", "no")
    with pytest.raises(SettingsError, match="should be an address that begins with http:// or https://, or off"):
        read_settings()


@pytest.mark.parametrize("where", ["italy", "italien", "italia"])
async def test_of_two_races_in_a_country_the_one_that_is_to_come_is_next(fans: Fans, where: str) -> None:
    """Imola, which is over, is in Italy as well."""
    assert (await fans.ask(f"/next {where}")).card.title == "Italian Grand Prix"


@pytest.mark.parametrize("day", ["18 July", "July 18", "18.7.", "18. Juli", "17 July 2021"])
async def test_a_race_that_is_next_is_named_by_its_day(fans: Fans, day: str) -> None:
    assert (await fans.ask(f"/next {day}")).card.title == "British Grand Prix"


@pytest.mark.parametrize("day", ["18 April", "18.4.", "18 de abril"])
async def test_a_day_without_its_year_is_the_last_one_of_a_result_and_this_seasons_of_a_calendar(
    fans: Fans, day: str
) -> None:
    assert (await fans.ask(f"/calendar {day}")).card.title == "The 2021 season: 5 races"
    assert (await fans.ask(f"/results {day}")).card.title == "Emilia Romagna Grand Prix 2021"
    assert (await fans.ask("/results 19 April")).card.title == "No race on 19 April 2021."
