"""A chat that hides results has them hidden where somebody asks for them, too, in every kind of card that tells one."""

import datetime as dt

import pytest

from bot.chat.instants import as_written
from bot.chat.replies import Reply
from bot.domain.chat_settings import SettingsChanges, Spoilers
from bot.domain.places import Chat, ChatKind, Platform
from tests.support.conversation import GRANDSTAND, PIT_WALL, alone
from tests.support.season import CALENDAR, FAN, Fans

ASKED = (
    "results imola",
    "results imola qualifying",
    "recap imola",
    "standings",
    "standings teams",
    "standings picture",
    "standings lines",
    "results imola picture",
    "calendar",
    "driver hamilton",
    "team mercedes",
)
"""Every way to be told a result."""

VEIL = SettingsChanges(spoilers=Spoilers.VEILED)
HOLD = SettingsChanges(spoilers=Spoilers.HELD, hold_minutes=120)
NAMES = ("Hamilton", "Verstappen", "Norris", "Mercedes")


def in_sight(reply: Reply) -> str:
    """What is seen of a veiled reply before somebody taps it."""
    buttons = [button.label for row in reply.buttons for button in row]
    return " ".join([reply.card.title, *buttons, *(as_written(fact.name) for fact in reply.card.fields)])


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("wish", [VEIL, HOLD], ids=["veiled", "held"])
async def test_where_results_are_hidden_so_is_one_that_is_asked_for(
    fans: Fans, asked: str, wish: SettingsChanges
) -> None:
    shown = await fans.ask(asked)
    assert not shown.veiled
    await fans.settings.change(PIT_WALL, **wish)
    hidden = await fans.ask(asked)
    assert hidden.veiled
    assert not [name for name in NAMES if name in in_sight(hidden) and name.casefold() not in asked]
    assert not (await fans.ask(asked, GRANDSTAND)).veiled, "another chat may want to see it at once"
    await fans.settings.change(PIT_WALL, spoilers=Spoilers.SHOWN)
    assert await fans.ask(asked) == shown


async def test_a_door_below_a_hidden_result_leads_to_a_hidden_one(fans: Fans) -> None:
    await fans.settings.change(PIT_WALL, **VEIL)
    recap = await fans.ask("recap imola")
    assert recap.card.title == "Emilia Romagna Grand Prix 2021: how it went"
    for label in ("Result", "Standings"):
        assert (await fans.press(recap, label)).veiled


async def test_where_no_result_is_told_nothing_is_hidden(fans: Fans) -> None:
    await fans.settings.change(PIT_WALL, **VEIL)
    fans.now = dt.datetime(2021, 4, 20, 12, tzinfo=dt.UTC)
    for asked in ("next", "driver hamilton 2019", "results monza", "recap nowhere", "standings"):
        reply = await fans.ask(asked)
        assert reply.veiled is (asked == "standings"), asked


async def test_a_calendar_without_a_winner_is_no_spoiler(newcomers: Fans) -> None:
    await newcomers.know(calendar=CALENDAR)
    await newcomers.settings.change(PIT_WALL, **VEIL)
    assert not (await newcomers.ask("calendar")).veiled


async def test_below_an_inline_message_the_askers_private_chat_says(fans: Fans) -> None:
    inline = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
    assert not (await fans.ask("results imola", inline)).veiled
    await fans.settings.change(alone(FAN), **VEIL)
    assert (await fans.ask("results imola", inline)).veiled
