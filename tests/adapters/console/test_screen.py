"""Where a terminal lacks our marks, others stand for them, and frames stay whole."""

import io

import pytest

from bot.adapters.console.render import render
from bot.adapters.console.screen import KnownMarks, Screen
from bot.chat.buttons import Button
from bot.chat.cards import Card, Quotation
from bot.chat.replies import Reply

CARD = Card(
    "Räikkönen and Großjean, Spa",
    paragraphs=("They fought … and fought … and then it was over, with a straße behind them … for everybody.",),
    quotations=(Quotation("There was space all the time … he lost it.", "Valtteri Bottas"),),
)


@pytest.mark.parametrize("encoding", ["ascii", "iso8859-1"])
def test_a_frame_is_whole_whatever_stands_for_our_marks(encoding: str) -> None:
    written = io.BytesIO()
    screen = Screen(file=io.TextIOWrapper(written, encoding=encoding), width=60, highlight=False, emoji=False)
    screen.push_render_hook(KnownMarks(screen.encoding))
    screen.print(render(Reply(CARD, ((Button("Who was to blame?", "blame", "spa"),),))), crop=False)
    screen.file.flush()
    *frame, buttons = written.getvalue().decode(encoding).splitlines()
    assert {len(line) for line in frame} == {60}, "every line has its edge where it was"
    assert "..." in "".join(frame)
    assert buttons.strip() == "1 Who was to blame?"
