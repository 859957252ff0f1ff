import asyncio
import itertools
import re
import sqlite3
from contextlib import closing
from dataclasses import fields as columns
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot import i18n
from bot.app.settings import Settings
from bot.chat.dispatcher import ADMINS_ONLY, BROKEN
from bot.chat.instants import as_written
from bot.chat.pushing import NOT_HERE
from bot.chat.replies import Reply
from bot.domain.chat_settings import LONGEST_CLOSING, LONGEST_DELAY, ChatSettings, Spoilers
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.search.catalogue import Incidents
from bot.search.time_words import LONGEST_HOLD_MINUTES
from handlers.chats.settings.options import NO_ROLES, NOT_ON, ROLE
from handlers.chats.settings.polls import CLOSING, ONLY_GROUPS, POLLS
from handlers.chats.settings.told import DELAY, NOT_PUSHED, QUIET, SPOILERS
from handlers.chats.settings.zone import NO_ZONE
from tests.support.conversation import (
    GRANDSTAND,
    PADDOCK,
    Ask,
    Conversation,
    Press,
    alone,
    buttons,
    conversation,
    fields,
    labels,
)

COLUMNS = [column.name for column in columns(ChatSettings)]
PLACES = [("rome", "Rome"), ("tokyo", "Tokyo")]
MARSHAL = User(Platform.DISCORD, "1")


@pytest.fixture(autouse=True)
def _english_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    # The last first, as they are put back the other way round: in their order, which other tests go by.
    for code in [code for code in reversed(i18n.LANGUAGES) if code != i18n.ENGLISH]:
        monkeypatch.delitem(i18n.LANGUAGES, code)


@pytest.fixture
def italian_too(_english_alone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(i18n.LANGUAGES, "it", "Italiano")


def stored(settings: Settings) -> list[ChatSettings]:
    """What the database has of all chats."""
    with closing(sqlite3.connect(settings.data_dir / "racing-incident.db")) as database:
        rows = database.execute(f"SELECT {', '.join(COLUMNS)} FROM chat_settings").fetchall()  # noqa: S608
    kept = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return [ChatSettings(**{**row, "spoilers": Spoilers(row["spoilers"])}) for row in kept]


async def test_at_first_nothing_is_set(ask: Ask, boss: User) -> None:
    reply = await ask("/settings", boss)
    assert fields(reply) == {
        "Time zone": "None is set yet, so times here are in UTC.",
        "Spoilers": "Results are shown",
        "Quiet hours": "None",
        "Delay": "Off",
        "Polls": "Open to see",
    }
    assert labels(reply) == ["Time zone", "Spoilers", "Quiet hours", "Delay", "Polls", "Subscriptions"]


async def test_every_button_of_the_settings_leads_somewhere(ask: Ask, press: Press, boss: User) -> None:
    for label in labels(await ask("/settings", boss)):
        view = await press(await ask("/settings", boss), label, boss)
        assert view.replace
        for button in buttons(view):
            assert not (await press(view, button.label, boss)).private, button.data


@pytest.mark.parametrize("typed", ["Europe/London", "london", " \n LONDON", "uk", "silverstone"])
async def test_a_zone_is_set_however_it_is_typed(ask: Ask, boss: User, typed: str) -> None:
    reply = await ask(f"/settings zone {typed}", boss)
    assert reply.card.title == "Time zone"
    assert as_written(reply.card.paragraphs[0]).endswith(" in London.")
    assert fields(await ask("/settings", boss))["Time zone"].endswith(" in London.")


async def test_a_fixed_offset_is_said_to_keep_no_summer_time(ask: Ask, press: Press, boss: User) -> None:
    reply = await ask("/settings zone gmt+2", boss)
    assert as_written(reply.card.paragraphs[0]).endswith(" UTC+2.")
    assert reply.card.paragraphs[1] == "It keeps no summer time; a city's clock does where the city does."
    reply = await press(reply, "No zone", boss)
    assert reply.card.paragraphs[1] == "None is set yet, so times here are in UTC."


async def test_an_abbreviation_is_the_clock_of_a_place(ask: Ask, boss: User) -> None:
    reply = await ask("/settings time zone EST", boss)
    assert as_written(reply.card.paragraphs[0]).endswith(" in New York.")
    assert (
        reply.card.paragraphs[1] == "It follows the clock of New York all year, with summer time where that keeps it."
    )


async def test_a_zone_that_is_only_begun_is_not_taken(ask: Ask, press: Press, boss: User) -> None:
    reply = await ask("/settings zone lond", boss)
    assert reply.card.title == "Which one do you mean?"
    assert as_written((await press(reply, "London", boss)).card.paragraphs[0]).endswith(" in London.")


async def test_of_several_zones_one_is_chosen(ask: Ask, press: Press, boss: User) -> None:
    reply = await ask("/settings zone usa", boss)
    assert reply.card.title == "Which one do you mean?"
    assert {"New York", "Chicago", "Denver"} <= {*labels(reply)}
    assert as_written((await press(reply, "Denver", boss)).card.paragraphs[0]).endswith(" in Denver.")
    assert (await ask("/settings zone a", boss)).card.paragraphs == (
        "There are more; a city's name finds each of them.",
    )


async def test_a_mistyped_city_is_offered(ask: Ask, press: Press, boss: User) -> None:
    reply = await ask("/settings zone londn", boss)
    assert reply.card.title == "No zone by that name. Close by: London."
    assert as_written((await press(reply, "London", boss)).card.paragraphs[0]).endswith(" in London.")


@pytest.mark.parametrize(("typed", "place"), [("aus", "Adelaide"), ("no", "Oslo"), ("NO", "Oslo")])
async def test_a_word_for_none_that_begins_a_place_is_asked_about(
    ask: Ask, press: Press, boss: User, typed: str, place: str
) -> None:
    await ask("/settings zone tokyo", boss)
    reply = await ask(f"/settings zone {typed}", boss)
    assert reply.card.title == "Which one do you mean?"
    assert labels(reply)[:2] == ["No zone", place]
    assert "Tokyo" in as_written(fields(await ask("/settings", boss))["Time zone"])
    assert as_written((await press(reply, "No zone", boss)).card.paragraphs[0]).startswith("Cleared.")
    assert f" in {place}." in as_written((await press(reply, place, boss)).card.paragraphs[0])


@pytest.mark.parametrize(
    ("before", "none", "again"),
    [
        ("zone tokyo", "zone off", "zone Asia/Tokyo"),
        ("zone tokyo", "zone keine", "zone Asia/Tokyo"),
        ("quiet 22-8", "quiet aus", "quiet 22:00-08:00"),
        ("delay 40", "delay no", "delay 40"),
        ("delay 40", "delay 0", "delay 40"),
        ("closing 2 days", "closing nunca", "closing 48h"),
        ("language en", "language no", "language en"),
    ],
)
async def test_what_is_cleared_is_said_and_can_be_had_again(
    ask: Ask, press: Press, boss: User, before: str, none: str, again: str
) -> None:
    await ask(f"/settings {before}", boss)
    set_so = set_as(await ask("/settings", boss))
    reply = await ask(f"/settings {none}", boss)
    assert reply.card.paragraphs[0] == f"Cleared. For what it was: /settings {again}"
    await press(reply, "Undo", boss)
    assert set_as(await ask("/settings", boss)) == set_so


def set_as(reply: Reply) -> dict[str, str]:
    """What is set, without what the time is by then."""
    return {name: re.sub(r"^It is \d\d:\d\d", "It is", value) for name, value in fields(reply).items()}


async def test_where_nothing_was_set_nothing_is_said_to_be_cleared(ask: Ask, boss: User) -> None:
    for none in ("zone off", "quiet off", "delay off", "closing off", "language none"):
        reply = await ask(f"/settings {none}", boss)
        assert "Undo" not in labels(reply), none


async def test_no_zone_is_said_to_be_none(ask: Ask, boss: User) -> None:
    reply = await ask("/settings zone 東京", boss)
    assert reply.private
    assert reply.card.title == NO_ZONE


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("veil", "Spoilers: results are veiled"),
        ("hold 120", "Spoilers: results are held for 2 hours after the flag"),
        ("hold 90 min", "Spoilers: results are held for 1 hour and 30 minutes after the flag"),
        ("hold until 9am", "Spoilers: results are held until the first 09:00 after the flag"),
        ("Show", "Spoilers: results are shown"),
    ],
)
async def test_spoilers_are_shown_veiled_or_held(ask: Ask, boss: User, typed: str, said: str) -> None:
    await ask("/settings spoilers hold until 18:00", boss)
    assert (await ask(f"/settings spoilers {typed}", boss)).card.title == said
    assert (await ask("/settings spoilers", boss)).card.title == said


async def test_spoilers_are_explained_by_what_clock(ask: Ask, boss: User) -> None:
    assert "Times are UTC until a zone is set." in as_written(
        (await ask("/settings spoilers", boss)).card.paragraphs[2]
    )
    await ask("/settings zone rome", boss)
    explained = (await ask("/settings spoilers", boss)).card.paragraphs[2]
    assert explained == "Reminders are no spoilers; they are not held back. Times go by the clock of Rome."


async def test_quiet_hours_begin_and_end(ask: Ask, press: Press, boss: User) -> None:
    reply = await ask("/settings quiet 10pm-8am", boss)
    assert reply.card.title == "Quiet hours: 22:00 to 08:00"
    assert "No quiet hours" in labels(reply)
    reply = await press(reply, "No quiet hours", boss)
    assert reply.card.title == "Quiet hours: none"
    assert "No quiet hours" not in labels(reply)


@pytest.mark.parametrize(("typed", "said"), [("40", "40 seconds"), ("1s", "1 second"), ("120 seconds", "120 seconds")])
async def test_a_running_session_is_told_later_to_who_sees_it_later(
    ask: Ask, press: Press, boss: User, typed: str, said: str
) -> None:
    reply = await ask(f"/settings delay {typed}", boss)
    assert reply.card.title == f"Delay: {said}"
    assert fields(await ask("/settings", boss))["Delay"] == said
    reply = await press(reply, "No delay", boss)
    assert reply.card.title == "Delay: off"
    assert "No delay" not in labels(reply)


async def test_a_delay_of_nothing_is_none(ask: Ask, boss: User) -> None:
    await ask("/settings delay 40", boss)
    assert (await ask("/settings delay 0", boss)).card.title == "Delay: off"


async def test_polls_are_blind_or_open_to_see(ask: Ask, press: Press, boss: User) -> None:
    reply = await press(await ask("/settings polls", boss), "Blind until you vote", boss)
    assert reply.card.title == "Polls: blind until you vote"
    assert fields(await ask("/settings", boss))["Polls"] == "Blind until you vote"
    assert (await press(reply, "Open to see", boss)).card.title == "Polls: open to see"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("24h", "1 day"),
        ("after 24 hours", "1 day"),
        ("36", "1 day and 12 hours"),
        ("1 week", "7 days"),
        ("2d", "2 days"),
    ],
)
async def test_polls_are_closed_in_time(ask: Ask, press: Press, boss: User, typed: str, said: str) -> None:
    reply = await ask(f"/settings closing {typed}", boss)
    assert reply.card.title == f"Polls: open to see, closed after {said}"
    assert (await press(reply, "Never close", boss)).card.title == "Polls: open to see"
    assert (await ask("/settings closing", boss)).card.title == "Polls: open to see"


async def test_alone_with_the_bot_polls_may_be_blind_and_none_is_closed(ask: Ask, al: User) -> None:
    reply = await ask("/settings polls blind", al, alone(al))
    assert labels(reply) == ["Blind until you vote", "Open to see", "All settings"]
    assert not any("closing" in as_written(paragraph) for paragraph in reply.card.paragraphs)
    assert (await ask("/settings closing 24h", al, alone(al))).card.title == ONLY_GROUPS


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("quiet hours 22-8", "Quiet hours", "22:00 to 08:00"),
        ("Ruhezeiten von 22 bis 8 Uhr", "Quiet hours", "22:00 to 08:00"),
        ("22:00-08:00", "Quiet hours", "22:00 to 08:00"),
        ("horas de silencio de 22 a 8", "Quiet hours", "22:00 to 08:00"),
        ("delay 1 minute", "Delay", "60 seconds"),
        ("Umfragen blind", "Polls", "Blind until you vote"),
        ("spoiler verdecken", "Spoilers", "Results are veiled"),
        ("spoilers retener 2 horas", "Spoilers", "Results are held for 2 hours after the flag"),
        ("spoilers hold until 9 Uhr", "Spoilers", "Results are held until the first 09:00 after the flag"),
    ],
)
async def test_settings_are_called_as_they_are_shown_in_any_language(
    ask: Ask, boss: User, typed: str, name: str, value: str
) -> None:
    assert not (await ask(f"/settings {typed}", boss)).private
    assert fields(await ask("/settings", boss))[name] == value


@pytest.mark.parametrize("typed", ["berlin", "Zeitzone Berlin", "zona horaria: Alemania", "MEZ"])
async def test_a_zone_is_known_without_saying_that_it_is_one(ask: Ask, boss: User, typed: str) -> None:
    assert as_written((await ask(f"/settings {typed}", boss)).card.paragraphs[0]).endswith(" in Berlin.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/settings spoilers maybe", SPOILERS.format(minutes="2,880")),
        ("/settings spoilers hold 100000", SPOILERS.format(minutes="2,880")),
        ("/settings spoilers hold until dinner", SPOILERS.format(minutes="2,880")),
        ("/settings spoilers show Verstappen", SPOILERS.format(minutes="2,880")),
        ("/settings quiet 22:00", QUIET),
        ("/settings quiet 08:00-08:00", QUIET),
        ("/settings delay 121", DELAY.format(most=120)),
        ("/settings delay soon", DELAY.format(most=120)),
        ("/settings delay -1", DELAY.format(most=120)),
        ("/settings polls of 2021", POLLS),
        ("/settings closing 0", CLOSING.format(most=336)),
        ("/settings closing 15 days", CLOSING.format(most=336)),
        ("/settings closing tomorrow", CLOSING.format(most=336)),
        ("/settings role recaps <@&123456>", NO_ROLES),
        ("/settings language xx", "I speak English only."),
    ],
)
async def test_what_is_not_clear_is_explained_and_changes_nothing(ask: Ask, boss: User, line: str, said: str) -> None:
    await ask("/settings quiet 22:00-08:00", boss)
    before = await ask("/settings", boss)
    reply = await ask(line, boss)
    assert reply.private
    assert reply.card.title == said
    assert await ask("/settings", boss) == before


@pytest.mark.parametrize(
    ("typed", "offered", "chosen", "title"),
    [
        (
            "spoilers off",
            ["Show results", "Veil them", "Hold for 2 hours", "Hold until 09:00"],
            "Veil them",
            "Spoilers: results are veiled",
        ),
        (
            "hold results",
            ["Hold for 2 hours", "Hold for a day", "Hold until 09:00"],
            "Hold for a day",
            "Spoilers: results are held for 1 day after the flag",
        ),
        ("quiet 10 to 7", ["22:00 to 07:00", "10:00 to 07:00"], "22:00 to 07:00", "Quiet hours: 22:00 to 07:00"),
        ("hide", ["Veil them", "Blind until you vote"], "Blind until you vote", "Polls: blind until you vote"),
        ("keep polls open", ["Open to see", "Never close"], "Never close", "Polls: open to see"),
        ("no polls", ["Blind until you vote", "Open to see", "Polls on or off"], "Open to see", "Polls: open to see"),
        (
            "no results from 11pm to 7am",
            ["23:00 to 07:00", "Hold until 07:00"],
            "Hold until 07:00",
            "Spoilers: results are held until the first 07:00 after the flag",
        ),
        (
            "don't turn off quiet hours from 10pm to 7am",
            ["No quiet hours", "22:00 to 07:00"],
            "22:00 to 07:00",
            "Quiet hours: 22:00 to 07:00",
        ),
    ],
)
async def test_what_may_mean_several_things_is_asked_back(
    ask: Ask, press: Press, boss: User, typed: str, offered: list[str], chosen: str, title: str
) -> None:
    before = await ask("/settings", boss)
    reply = await ask(f"/settings {typed}", boss)
    assert reply.card.title == "Which one do you mean?"
    assert labels(reply) == offered
    assert await ask("/settings", boss) == before
    assert (await press(reply, chosen, boss)).card.title == title


@pytest.mark.parametrize(
    ("before", "typed", "title"),
    [
        ("quiet 22:00-07:00", "disable quiet hours from 22 to 7", "Quiet hours: none"),
        ("delay 40", "turn off the 40 second delay", "Delay: off"),
        ("closing 24h", "don't close polls after 24 hours", "Polls: open to see"),
        ("spoilers hold until 09:00", "don't hold results until 9am", "Spoilers: results are shown"),
    ],
)
async def test_what_is_refused_with_its_value_is_off(ask: Ask, boss: User, before: str, typed: str, title: str) -> None:
    await ask(f"/settings {before}", boss)
    for _twice in range(2):
        assert (await ask(f"/settings {typed}", boss)).card.title == title


async def test_where_one_of_several_meanings_counts_it_is_that_one(ask: Ask) -> None:
    you, here = User(Platform.CONSOLE, "local"), Chat(Platform.CONSOLE, "local", ChatKind.PRIVATE)
    assert (await ask("/settings hide", you, here)).card.title == "Polls: blind until you vote"


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("hide results please", "Spoilers", "Results are veiled"),
        ("Ergebnisse verbergen", "Spoilers", "Results are veiled"),
        ("ocultar resultados", "Spoilers", "Results are veiled"),
        ("Nachtruhe 22 bis 7", "Quiet hours", "22:00 to 07:00"),
        ("quiet from 10pm to 7am", "Quiet hours", "22:00 to 07:00"),
        ("silencio de 22 a 7", "Quiet hours", "22:00 to 07:00"),
        ("blind polls on", "Polls", "Blind until you vote"),
        ("verdeckte Umfragen an", "Polls", "Blind until you vote"),
        ("close polls after a day", "Polls", "Open to see, closed after 1 day"),
        ("40 segundos de retraso", "Delay", "40 seconds"),
    ],
)
async def test_a_setting_is_changed_by_a_sentence(ask: Ask, boss: User, typed: str, name: str, value: str) -> None:
    await ask(f"/settings {typed}", boss)
    assert fields(await ask("/settings", boss))[name] == value


@pytest.mark.parametrize("typed", ["my time zone is Berlin", "Uhr auf Berlin stellen", "estoy en Berlin"])
async def test_a_zone_is_set_by_a_sentence(ask: Ask, boss: User, typed: str) -> None:
    assert as_written((await ask(f"/settings {typed}", boss)).card.paragraphs[0]).endswith(" in Berlin.")


async def test_a_code_of_a_language_and_a_country_is_asked_back(
    ask: Ask, press: Press, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(i18n.LANGUAGES, "de", "Deutsch")
    reply = await ask("/settings de", boss)
    assert labels(reply) == ["Deutsch", "Time zone"]
    assert (await press(reply, "Deutsch", boss)).card.title == "Sprache: Deutsch"


async def test_a_role_is_mentioned_with_a_topic_that_is_on(ask: Ask, press: Press) -> None:
    assert (await ask("/settings role recaps <@&123456>", MARSHAL, PADDOCK)).card.title == NOT_ON
    assert labels(await ask("/settings role", MARSHAL, PADDOCK)) == ["Subscriptions", "All settings"]
    await ask("/subscribe recaps reminders", MARSHAL, PADDOCK)
    reply = await ask("/settings role recaps <@&123456>", MARSHAL, PADDOCK)
    assert "It must be one that I may mention." in as_written(reply.card.paragraphs[0])
    assert as_written(reply.card.paragraphs[1]).splitlines()[0] == "Race recaps: the role with the number 123456"
    assert fields(await ask("/settings", MARSHAL, PADDOCK))["Roles"] == "Mentioned with race recaps"
    await ask("/settings role reminders <@&654321>", MARSHAL, PADDOCK)
    assert fields(await ask("/settings", MARSHAL, PADDOCK))["Roles"].endswith("and reminders an hour before")
    reply = await press(reply, "None with race recaps", MARSHAL, PADDOCK)
    assert as_written(reply.card.paragraphs[1]).splitlines()[0] == "Race recaps: no role"


@pytest.mark.parametrize("typed", ["recaps", "recaps @fans", "recaps <@123456>", "gossip <@&123456>", "<@&123456>"])
async def test_what_is_no_role_is_explained(ask: Ask, typed: str) -> None:
    await ask("/subscribe recaps", MARSHAL, PADDOCK)
    assert (await ask(f"/settings role {typed}", MARSHAL, PADDOCK)).card.title == ROLE


@pytest.mark.usefixtures("italian_too")
async def test_a_language_is_chosen_by_its_code_or_name(ask: Ask, press: Press, boss: User) -> None:
    assert fields(await ask("/settings", boss))["Language"] == "English, as none is chosen"
    reply = await press(await ask("/settings", boss), "Language", boss)
    assert (await press(reply, "Italiano", boss)).card.title == "Language: Italiano"
    assert (await ask("/settings language ENGLISH", boss)).card.title == "Language: English"
    assert (await ask("/settings italiano", boss)).card.title == "Language: Italiano"
    assert (await ask("/settings Sprache Englisch", boss)).card.title == "Language: English"
    assert (await ask("/settings language fr", boss)).card.title == "I speak English and Italiano only."
    assert (await ask("/settings language none", boss)).card.title == "Language: English, as none is chosen"


@pytest.mark.parametrize("spoken", [2, 11, 19])
async def test_any_number_of_languages_can_be_offered(
    ask: Ask, press: Press, boss: User, monkeypatch: pytest.MonkeyPatch, spoken: int
) -> None:
    for number in range(1, spoken):
        monkeypatch.setitem(i18n.LANGUAGES, f"x{number}", f"Language {number}")
    reply = await press(await ask("/settings", boss), "Language", boss)
    reply = await press(reply, f"Language {spoken - 1}", boss)
    assert reply.card.title == f"Language: Language {spoken - 1}"
    assert len(buttons(reply)) == spoken + 2


async def test_while_there_is_one_language_there_is_nothing_to_choose(ask: Ask, boss: User) -> None:
    assert "Language" not in labels(await ask("/settings", boss))


async def test_settings_are_the_admins_and_the_chats_own(ask: Ask, al: User, boss: User) -> None:
    await ask("/settings quiet 22-8", boss)
    assert (await ask("/settings quiet off", al)).card.title.startswith(ADMINS_ONLY)
    assert fields(await ask("/settings", boss))["Quiet hours"] == "22:00 to 08:00"
    assert fields(await ask("/settings", boss, GRANDSTAND))["Quiet hours"] == "None"
    assert (await ask("/settings quiet 23-7", al, alone(al))).card.title == "Quiet hours: 23:00 to 07:00"


async def test_in_an_inline_message_there_are_no_settings(ask: Ask, al: User) -> None:
    elsewhere = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
    assert (await ask("/settings zone london", al, elsewhere)).card.title == NOT_HERE


async def test_in_the_terminal_only_clock_and_polls_count(ask: Ask) -> None:
    you = User(Platform.CONSOLE, "local")
    here = Chat(Platform.CONSOLE, "local", ChatKind.PRIVATE)
    reply = await ask("/settings zone london", you, here)
    assert as_written(reply.card.paragraphs[0]).endswith("in London.")
    assert labels(await ask("/settings", you, here)) == ["Time zone", "Polls"]
    assert (await ask("/settings quiet 22-8", you, here)).card.title == NOT_PUSHED
    assert (await ask("/settings delay 40", you, here)).card.title == NOT_PUSHED


async def test_only_settings_that_count_in_a_chat_are_offered(ask: Ask, boss: User) -> None:
    terminal = Chat(Platform.CONSOLE, "local", ChatKind.PRIVATE)
    offered = {
        "zone, polls, language": await ask("/settings x", User(Platform.CONSOLE, "local"), terminal),
        "zone, spoilers, quiet, delay, polls, language": await ask("/settings x", boss, alone(boss)),
        "zone, spoilers, quiet, delay, polls, closing, language": await ask("/settings colour red", boss),
        "zone, spoilers, quiet, delay, polls, closing, role, language": await ask("/settings x", boss, PADDOCK),
    }
    for names, reply in offered.items():
        assert reply.card.title == f"Say /settings with one of: {names}."


async def test_to_say_no_names_no_setting(ask: Ask, boss: User) -> None:
    await ask("/settings zone oslo", boss)
    assert (await ask("/settings no", boss)).card.title.startswith("Say /settings with one of: ")
    assert fields(await ask("/settings", boss))["Time zone"].endswith(" in Oslo.")


async def test_settings_outlive_a_restart(settings: Settings, incidents: Incidents, boss: User) -> None:
    async with conversation(settings, incidents) as bot:
        await bot.ask("/settings zone são paulo", boss)
        await bot.ask("/settings spoilers hold 2h", boss)
    async with conversation(settings, incidents) as bot:
        assert fields(await bot.ask("/settings", boss))["Time zone"].endswith("in São Paulo.")
    assert stored(settings) == [ChatSettings(zone="America/Sao_Paulo", spoilers=Spoilers.HELD, hold_minutes=120)]


async def test_settings_are_completed(bot: Conversation) -> None:
    def complete(typed: str) -> list[str]:
        return [suggestion.argument for suggestion in bot.core.dispatcher.suggest("settings", typed)]

    assert complete("")[:8] == ["zone", "spoilers", "quiet", "delay", "polls", "closing", "role", "language"]
    assert complete("closing") == ["closing", "closing 24h", "closing off"]
    assert complete("Quiet o") == ["quiet off"]
    assert complete("zone lond") == ["zone Europe/London"]


WORDS = st.sampled_from(
    ["zone", "spoilers", "quiet", "role", "language", "hold", "until", "veil", "off", "none", "22:00-08:00", "9", "en",
     "utc+3", "<@&123456>", "recaps", "new", "-1", "٩", "'", "delay", "40", "999", "polls", "blind", "open", "closing",
     "24h", "after", "2 days", "0"]
)  # fmt: skip


def is_valid(settings: ChatSettings) -> bool:
    """Whether settings mean something to whoever tells a chat things."""
    quiet = (settings.quiet_from, settings.quiet_until)
    holds = (settings.hold_minutes, settings.hold_until)
    return (
        (settings.zone is None or ZoneInfo(settings.zone).key == settings.zone)
        and settings.language in {None, *i18n.LANGUAGES}
        and (quiet == (None, None) or all(minute is not None and 0 <= minute < 1440 for minute in quiet))
        and sum(hold is not None for hold in holds) == (settings.spoilers is Spoilers.HELD)
        and 0 < (settings.hold_minutes or 1) <= LONGEST_HOLD_MINUTES
        and 0 <= (settings.hold_until or 0) < 1440
        and 0 <= settings.delay_seconds <= LONGEST_DELAY
        and (settings.closing_hours is None or 0 < settings.closing_hours <= LONGEST_CLOSING)
    )


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(st.text(max_size=60) | st.lists(WORDS, max_size=5).map(" ".join))
async def test_whatever_is_typed_is_answered_and_only_what_is_valid_is_kept(
    ask: Ask, settings: Settings, typed: str
) -> None:
    reply = await ask(f"/settings {typed}", MARSHAL, PADDOCK)
    assert not reply.card.title.startswith(BROKEN[:20])
    assert all(map(is_valid, stored(settings)))


async def test_two_settings_changed_at_the_same_moment_are_both_kept(ask: Ask, boss: User) -> None:
    for hour, (zone, city) in zip(range(20), itertools.cycle(PLACES)):
        await asyncio.gather(ask(f"/settings quiet {hour}:00-{hour}:30", boss), ask(f"/settings zone {zone}", boss))
        facts = fields(await ask("/settings", boss))
        assert facts["Quiet hours"] == f"{hour:02}:00 to {hour:02}:30"
        assert facts["Time zone"].endswith(f" in {city}.")
