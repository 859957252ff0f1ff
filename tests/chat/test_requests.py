"""What was typed is read as it is seen."""

import pytest

from bot.chat.requests import Request
from bot.domain.places import Platform, Post, User
from tests.support.conversation import PIT_WALL, Ask
from tests.support.season import Fans

AL = User(Platform.TELEGRAM, "7")
UNSEEN = ("\u200b", "\u200e", "\u200f", "\u202e", "\u2066", "\ufeff", "\u00ad")


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        *((f"imola{unseen} 2021{unseen}", "imola 2021") for unseen in UNSEEN),
        ("\u200f18.04\u200b.2021", "18.04.2021"),
        ("close\u00a0imola\n2021\t", "close imola 2021"),
        ("São Paulo 🏎️", "São Paulo 🏎️"),
        ("إيمولا", "إيمولا"),
    ],
)
def test_what_nobody_sees_is_not_read(typed: str, seen: str) -> None:
    assert Request("crash", typed, AL, PIT_WALL).argument == seen


def test_a_buttons_data_stands_as_it_is() -> None:
    pressed = Request("crash", "imola\u200b  2021", AL, PIT_WALL, pressed=Post(PIT_WALL, "1"))
    assert pressed.argument == "imola\u200b  2021"


@pytest.mark.parametrize("unseen", UNSEEN)
@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/crash latest{}", "Sainz and Gasly, Suzuka 2022"),
        ("/vote imola {}mostly russell{}", "Mostly Russell"),
        ("/crash{} imola", "Bottas and Russell, Imola 2021"),
    ],
)
async def test_a_fan_whose_keyboard_adds_marks_is_understood(ask: Ask, line: str, answer: str, unseen: str) -> None:
    assert (await ask(line.format(unseen, unseen), AL)).card.title == answer


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("/calendar \u200e2021", "The 2021 season: 5 races"),
        ("/standings teams 2021\u200e", "Constructors' championship 2021"),
        ("/results imola\u00a02021\u200e", "Emilia Romagna Grand Prix 2021"),
    ],
)
async def test_seasons_are_understood_likewise(fans: Fans, line: str, title: str) -> None:
    assert (await fans.ask(line)).card.title == title


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("/settings delay 40\u200b", "Delay: 40 seconds"),
        ("/settings quiet 22-8\u200e", "Quiet hours: 22:00 to 08:00"),
        ("/polls\u200f off\u200f", "Blame polls are off in this chat"),
        ("/subscribe recaps\u2069", "What comes to this chat by itself"),
    ],
)
async def test_admins_are_understood_likewise(ask: Ask, boss: User, line: str, title: str) -> None:
    assert (await ask(line, boss)).card.title == title
