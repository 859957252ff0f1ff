import tomllib
from pathlib import Path

import pytest

from bot.cards.setting_choice import which
from bot.chat.buttons import BUTTON_LABEL
from bot.domain.places import ChatKind
from bot.i18n import LANGUAGES, speaking
from bot.search.wish import Wish

SENTENCES = tomllib.loads(
    (Path(__file__).parent.parent / "search" / "setting_sentences.toml").read_text(encoding="utf-8")
)
ASKED_BACK = sorted({meant for sentences in SENTENCES.values() for meant in sentences if "|" in meant})


def read(meant: str) -> tuple[Wish, ...]:
    return tuple(Wish(setting, value) for setting, _space, value in (one.partition(" ") for one in meant.split(" | ")))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("meant", ASKED_BACK)
def test_whatever_is_asked_back_has_a_button_of_its_own_for_each_meaning(meant: str, code: str) -> None:
    with speaking(code):
        buttons = [button for row in which(read(meant), ChatKind.PRIVATE).buttons for button in row]
    assert " | ".join(button.argument for button in buttons) == meant
    assert len({button.label for button in buttons}) == len(buttons)
    assert max(len(button.label) for button in buttons) <= BUTTON_LABEL


@pytest.mark.parametrize(
    ("meant", "labels"),
    [
        ("quiet off | quiet 22:00-07:00", ["No quiet hours", "22:00 to 07:00"]),
        ("delay off | delay 40", ["No delay", "40 seconds"]),
        ("closing off | closing 36h", ["Never close", "Close after 1 day and 12 hours"]),
        ("spoilers show | spoilers hold 90", ["Show results", "Hold for 1 hour and 30 minutes"]),
        ("spoilers show | spoilers hold until 07:00", ["Show results", "Hold until 07:00"]),
    ],
)
def test_a_meaning_is_called_by_its_time(meant: str, labels: list[str]) -> None:
    assert [button.label for row in which(read(meant), ChatKind.GROUP).buttons for button in row] == labels
