"""Every card in a window of the usual size: its title is in it once the answer is there, and nothing is lost."""

import re
from collections.abc import Sequence
from pathlib import Path

from tests.support.window import Window

PROMPT = "Ctrl-D leaves"
"""The end of what stands in an empty line: whoever reads it is to type."""

ROWS, HIGH = 24, 100
ASKED = (
    "/help",
    "/crash imola",
    "/crash suzuka 1990",
    "/timeline imola 2021",
    "/timeline silverstone 2021",
    "/timeline abu dhabi 2021",
    "/blame imola",
    "/verdict imola",
    "/quote imola",
    "/chart imola",
    "/incidents",
    "/incidents 2",
    "/incidents 2021",
    "/season 2021",
    "/stewards 2021",
    "/polls",
    "/recap imola 2021",
    "/results imola 2021",
    "/standings",
    "/calendar",
    "/next",
    "/driver russell",
    "/team williams",
    "/subscribe",
    "/settings",
    "/settings zone",
    "/mydata",
    "/privacy",
    "/about",
)
NOBODY = "http://127.0.0.1:9"
SHIPPED = {"TERMINAL_GRAPHICS": "off", "JOLPICA_URL": NOBODY, "F1DB_URL": NOBODY}
"""Without a network, but with the race that ships, and its pictures in words."""

MORE = re.compile(r"(\d+) More")


def answered(lines: Sequence[str]) -> list[str]:
    """The rows of an answer, without the line that was typed and the prompt below it."""
    first = next((number for number, line in enumerate(lines) if line.startswith("╭")), len(lines))
    return [*lines[first:]]


def test_no_title_scrolls_away_whatever_is_asked(data_dir: Path) -> None:
    low = []
    with Window(data_dir, rows=ROWS, environment=SHIPPED) as window:
        window.until(PROMPT)
        for asked in ASKED:
            rows = answered(window.type(asked, PROMPT))
            more = MORE.search("\n".join(rows))
            low += [f"{asked}: {len(rows)}"] if len(rows) > ROWS else []
            while more:
                rows = answered(window.type(more[1], PROMPT))
                low += [f"{asked}, {more[0]}: {len(rows)}"] if len(rows) > ROWS else []
                more = MORE.search("\n".join(rows))
        assert window.leave("quit") == 0
    assert low == []


def words(rows: Sequence[str]) -> list[str]:
    """What a card says within its frame, word for word."""
    return " ".join(row.strip("│ ") for row in rows if row.startswith("│")).split()


def test_what_is_folded_in_a_low_window_is_all_there_page_by_page(data_dir: Path) -> None:
    with Window(data_dir, rows=HIGH) as window:
        window.until(PROMPT)
        whole = words(window.type("/timeline imola 2021", PROMPT))
    with Window(data_dir, rows=ROWS) as window:
        window.until(PROMPT)
        rows = answered(window.type("/timeline imola 2021", PROMPT))
        pages = words(rows)
        while more := MORE.search("\n".join(rows)):
            rows = answered(window.type(more[1], PROMPT))
            again = answered(window.type(more[1], PROMPT))
            assert rows == again, "pressed twice it says the same"
            pages += words(rows)
    assert whole
    assert pages == whole
