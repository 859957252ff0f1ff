"""Everything that can be asked or pressed, in windows that are low and narrow: no title scrolls away."""

import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.adapters.console.adapter import ConsoleAdapter
from bot.adapters.console.display import MORE
from bot.adapters.console.questions import CHAT
from bot.adapters.console.render import BELOW
from bot.chat.buttons import Button, parse_data
from bot.chat.dispatcher import Dispatcher
from bot.i18n import LANGUAGES
from tests.support.season import Fans

ALSO = (
    *(
        "help all",
        "help season",
        "crash spa",
        "crash qwertz",
        "crash imola 2020",
        "crsh imola",
        "quote bottas",
        "polls off",
    ),
    *("polls on", "reminders all", "subscribe all", "subscribe recaps", "unsubscribe all", "forgetme", "forgetme yes"),
    *(
        "settings language xx",
        "settings zone america",
        "settings zone londn",
        "settings spoilers maybe",
        "settings quiet 10-7",
    ),
    *(
        "settings closing 1h",
        "settings delay 40",
        "driver asdf",
        "driver cheater",
        "driver schumacher",
        "driver russell 2021",
    ),
    *(
        "team williams 2021",
        "team ferrari incidents",
        "recap imola 2021",
        "results imola 2021",
        "results 1900",
        "recap qwertz",
    ),
    *(
        "standings teams 2021",
        "calendar 2021",
        "stewards 2021",
        "blamed 2021",
        "season 2021",
        "incidents 2021",
        "season 1911",
    ),
    *(
        "vote imola-2021 all-russell",
        "vote imola-2021 mostly-bottas",
        "rate imola-2021 correct",
        "vote imola-2021 none",
        "win",
    ),
)
"""What no button says, or none without what was typed before."""

ALIKE = 2
"""How often a door is taken that differs from others by an incident, a season, or a page alone."""


USUAL, LOW_AND_NARROW = (80, 24), (40, 15)
AT_ONCE = (("de", *LOW_AND_NARROW),)
"""The longest words in the narrowest lines."""

WINDOWS = (
    *AT_ONCE,
    *(
        pytest.param(*window, marks=pytest.mark.exhaustive)
        for window in ((language, *size) for language in LANGUAGES for size in (LOW_AND_NARROW, USUAL))
        if window not in AT_ONCE
    ),
)
"""What fits the low and narrow one fits the usual one too, whose lines are longer and more."""


class Screenful(io.StringIO):
    """A terminal that somebody reads."""

    def isatty(self) -> bool:
        return True


def kind(data: str, ids: frozenset[str]) -> str:
    """What sort of a door it is: the command, and its words but for incidents, seasons, and pages."""
    return " ".join("…" if word in ids or any(map(str.isdigit, word)) else word for word in data.split())


class Reader:
    """Somebody at a window of so many columns and rows, who looks at every page of every answer."""

    def __init__(self, dispatcher: Dispatcher, rows: int, files: Path) -> None:
        self._screen, self._rows = Screenful(), rows
        self.adapter = ConsoleAdapter(
            *(dispatcher, lambda _post, _reply: None),
            stdin=Screenful(),
            stdout=self._screen,
            files=files,
            graphics="off",
        )
        self.doors: list[Button] = []
        self._opened: set[str] = set()

    async def too_low_for(self, data: str) -> list[str]:
        """The pages of an answer, with all that is folded, that do not fit; `doors` are the buttons below it."""
        command, argument = parse_data(data)
        rows = await self._shown(f"/{command} {argument}")
        self.doors = [button for button in self.adapter.buttons if button.command != MORE]
        low = [f"{data}: {len(rows)}"] if self._scrolls(rows) else []
        more = self._more(rows)
        while more:
            rows = await self._shown(more)
            low += [f"{data}, {more}: {len(rows)}"] if self._scrolls(rows) else []
            more = self._more(rows)
        return low

    async def _shown(self, line: str) -> list[str]:
        before = self._screen.tell()
        await self.adapter.answer(line)
        return self._screen.getvalue()[before:].rstrip("\n").split("\n")

    def _scrolls(self, rows: Sequence[str]) -> bool:
        return len(rows) > self._rows - BELOW

    def _more(self, rows: Sequence[str]) -> str:
        """The number below an answer that shows more of it; empty where there is none."""
        there = [number for number, button in enumerate(self.adapter.buttons, 1) if button.command == MORE]
        shown = {int(number) for number in re.findall(r"(?:^|\s)(\d+) ", _plain("\n".join(rows)))}
        if not there or there[-1] not in shown or self.adapter.buttons[there[-1] - 1].data in self._opened:
            return ""  # a year or a place may be the number of one that was pressed
        self._opened.add(self.adapter.buttons[there[-1] - 1].data)
        return str(there[-1])


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", text)


async def walked(reader: Reader, doors: Iterator[str], ids: frozenset[str]) -> list[str]:
    """The answers that do not fit, of all to which these doors lead, and those behind them."""
    to_open, taken, low = deque(dict.fromkeys(doors)), Counter[str](), list[str]()
    seen = set(to_open)
    while to_open:
        low += await reader.too_low_for(to_open.popleft())
        for button in reader.doors:
            data = button.data.lstrip("~")
            if data not in seen and taken[kind(data, ids)] < ALIKE:
                seen.add(data)
                taken[kind(data, ids)] += 1
                to_open.append(data)
    return low


@pytest.mark.parametrize(("language", "columns", "rows"), WINDOWS)
async def test_no_title_scrolls_away_whatever_is_asked_or_pressed(
    fans: Fans, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, columns: int, rows: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", str(rows))
    monkeypatch.setenv("TERM", "xterm")
    await fans.settings.change(CHAT, language=language)
    ids = frozenset(incident.id for incident in fans.incidents.told)
    reader = Reader(fans.dispatcher, rows, tmp_path / ("a" * (2 * columns)))  # its name takes rows as well
    doors = (*fans.dispatcher.commands, *ALSO, *(f"crash {incident}" for incident in sorted(ids)[:ALIKE]))
    low = await walked(reader, iter(doors), ids)
    assert low == [], "\n".join(low)
