import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bot.adapters.console.abilities import Addresses
from bot.adapters.console.render import render
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field, Link, Quotation
from bot.chat.instants import as_written
from bot.chat.replies import Reply, notice
from bot.chat.votes import Step, Votes
from tests.support.replies import replies

SCALE = (
    Step("all Bottas", 1),
    Step("mostly Bottas", 2),
    Step("racing incident", 2),
    Step("mostly Russell", 4),
    Step("all Russell", 3),
)
LONG = "https://www.example.org/" + "long-" * 40
STORY = Reply(
    Card(
        "Bottas and Russell, Imola 2021",
        "Emilia Romagna Grand Prix · lap 31 of 63",
        paragraphs=("Fighting for ninth on a drying track.",),
        quotations=(Quotation("There was space.", "Valtteri Bottas", Link("source", LONG)),),
        fields=(Field("Stewards", "racing incident"),),
        votes=(
            Votes("Here", (Step("Vettel", 3), Step("Räikkönen", 1), Step("Verstappen", 0))),
            Votes("Everywhere (12)", SCALE, ("Bottas", "Russell")),
        ),
        links=(Link("FIA", "https://example.org/fia"),),
        footer="Word for word.",
    ),
    ((Button("Who was to blame?", "blame", "imola-2021"),), (Button("Quotes", "quote", "imola-2021"),)),
)


def printed(reply: Reply, width: int = 80) -> str:
    """A reply as a terminal of that width shows it."""
    console = Console(file=io.StringIO(), width=width, highlight=False, emoji=False)
    console.print(render(reply), crop=False)
    assert isinstance(console.file, io.StringIO)
    return "".join(f"{line.rstrip()}\n" for line in console.file.getvalue().splitlines())


def test_a_card_is_framed_with_its_buttons_numbered_below() -> None:
    assert printed(STORY, 60) == (
        "╭─ Bottas and Russell, Imola 2021 ─────────────────────────╮\n"
        "│ Emilia Romagna Grand Prix · lap 31 of 63                 │\n"
        "│                                                          │\n"
        "│ Fighting for ninth on a drying track.                    │\n"
        "│                                                          │\n"
        "│   ❝ There was space. ❞                                   │\n"
        "│   — Valtteri Bottas                                      │\n"
        "│                                                          │\n"
        "│ Stewards: racing incident                                │\n"
        "│                                                          │\n"
        "│ Here                                                     │\n"
        f"│ Vettel     {'█' * 32}{'░' * 11} 3 │\n"
        f"│ Räikkönen  {'█' * 11}{'░' * 32} 1 │\n"
        f"│ Verstappen {'░' * 43} 0 │\n"
        "│                                                          │\n"
        "│ Everywhere (12)                                          │\n"
        f"│ Bottas {'█' * 3}{'▒' * 7}│{'░' * 6}│{'▒' * 13}{'█' * 10} Russell │\n"
        "│ all Bottas 1 · mostly Bottas 2 · racing incident 2 ·     │\n"
        "│ mostly Russell 4 · all Russell 3                         │\n"
        "│                                                          │\n"
        "│ Word for word.                                           │\n"
        "╰──────────────────────────────────────────────────────────╯\n"
        "  FIA: https://example.org/fia\n"
        f"  Valtteri Bottas: {LONG}\n"
        "  1 Who was to blame?   2 Quotes\n"
    )


def test_what_was_chosen_is_marked() -> None:
    choices = (Button("All Bottas", "vote", "bottas"), Button("All Russell", "vote", "russell", chosen=True))
    shown = printed(Reply(Card("All Russell"), (choices,)))
    assert "1 All Bottas" in shown
    assert "2 ✓ All Russell" in shown


def test_what_a_card_folds_is_behind_a_button() -> None:
    card = Card("Imola 2021", paragraphs=("They crashed.",), folded=("Fighting for ninth",), links=STORY.card.links)
    shown = printed(Reply(card, STORY.buttons, Button("The story", "story", "imola-2021")), 40)
    assert shown.endswith("\n  1 Who was to blame?   2 Quotes\n  3 The story\n")
    assert "ninth" not in shown


def test_a_scale_is_drawn_in_ascii_where_there_is_nothing_else() -> None:
    console = Console(file=io.TextIOWrapper(io.BytesIO(), encoding="ascii"), width=60)
    drawn = console.render_lines(render(Reply(Card("Poll", votes=STORY.card.votes))), pad=False)
    lines = ["".join(segment.text for segment in line) for line in drawn]
    assert f"| Bottas {'#' * 3}{'=' * 7}|{'.' * 6}|{'=' * 13}{'#' * 10} Russell |" in lines


def test_in_a_narrow_window_a_scale_stands_without_its_ends() -> None:
    lines = printed(Reply(Card("Poll", votes=STORY.card.votes[1:])), 24).splitlines()
    assert f"│ {'█' * 2}{'▒' * 3}│{'░' * 3}│{'▒' * 6}{'█' * 4} │" in lines
    assert "│ all Bottas 1 ·       │" in lines


def test_a_notice_is_a_sentence_without_a_frame() -> None:
    assert printed(notice("No Monaco crash here yet.", [Button("Monza 2021", "crash", "monza-2021")])) == (
        "  No Monaco crash here yet.\n  1 Monza 2021\n"
    )


def test_a_title_that_is_too_long_for_the_frame_stands_inside_it() -> None:
    long = "Vettel, Verstappen and Räikkönen, Singapore 2017"
    assert f"│ {long} │" in printed(Reply(Card(long, "Race")), len(long) + 4)


@pytest.mark.parametrize("text", ["[red]Hill[/red]", "[link=https://f1.com]x[/link]", ":smile:", "[/]", "\\["])
def test_markup_is_only_text(text: str) -> None:
    reply = Reply(
        Card(
            text,
            text,
            (text,),
            (Quotation(text, text),),
            (Field(text, text),),
            (Votes(text, (Step(text, 1),)),),
            footer=text,
        ),
        ((Button(text, "help"),),),
    )
    assert printed(reply).count(text) == 11


DATED = Card(
    "Imola 2021",
    paragraphs=("They crashed.",),
    links=(
        Link("Sky Sports", "https://example.org/sky", "18 April 2021"),
        Link("FIA", "https://example.org/fia"),
    ),
)


def test_sources_are_a_line_each_with_their_day() -> None:
    assert printed(Reply(DATED)).endswith(
        "  Sky Sports, 18 April 2021: https://example.org/sky\n  FIA: https://example.org/fia\n"
    )


@pytest.mark.parametrize(("rows", "below"), [(24, ["Sky Sports, 18 April 2021", "FIA"]), (6, ["Sky Sports · FIA"])])
def test_where_they_can_be_clicked_so_are_they_unless_the_window_is_too_low(rows: int, below: list[str]) -> None:
    screen = Console(file=io.StringIO(), width=80, height=rows, force_terminal=True, legacy_windows=False)
    screen.print(render(Reply(DATED), addresses=Addresses.LINKED))
    assert isinstance(screen.file, io.StringIO)
    shown = screen.file.getvalue()
    assert "\x1b]8;" in shown
    lines = Text.from_ansi(shown).plain.splitlines()
    assert [line.strip() for line in lines[-len(below) :]] == below


def squeezed(text: str) -> str:
    """A text without its blanks, which move when lines are filled, and without joiners, which terminals are spared."""
    return "".join(text.replace("\u200d", "").split())


def texts(reply: Reply) -> Iterator[str]:
    """All that a reply has to say; a bar's label alone may be broken into lines of its own."""
    card = reply.card
    yield from (card.title, card.subtitle, *map(as_written, card.paragraphs), as_written(card.footer))
    yield from (text for quotation in card.quotations for text in (quotation.words, quotation.by))
    yield from (votes.name for votes in card.votes)
    yield from (step.written for votes in card.votes for step in votes.steps)
    yield from (text for fact in card.fields for text in (as_written(fact.name), as_written(fact.value)))
    yield from (link.url for link in card.links)
    yield from (button.label for row in reply.unfolding_buttons for button in row)


@given(replies())
def test_of_any_reply_nothing_is_lost(reply: Reply) -> None:
    shown = squeezed(printed(reply, width=8_000))
    lost = [line for text in texts(reply) for line in text.split("\n") if squeezed(line) not in shown]
    assert lost == []


@given(replies())
def test_any_reply_fits_a_narrow_window_but_for_its_addresses(reply: Reply) -> None:
    lines = printed(reply, width=40).splitlines()
    assert all(cell_len(line) <= 40 for line in lines if "http" not in line)


NEXT = Reply(
    Card(
        "British Grand Prix",
        paragraphs=("Sprint: Saturday 17 July, 14:00 in Berlin (13:00 at the track)\nRace: on Sunday",),
        fields=(Field("Not classified", "Bottas – collision, after 30 laps; Russell – collision, after 30 laps"),),
    )
)


def test_a_line_of_a_list_and_a_fact_go_on_to_the_right_of_where_they_begin() -> None:
    assert printed(NEXT, 60) == (
        "╭─ British Grand Prix ─────────────────────────────────────╮\n"
        "│ Sprint: Saturday 17 July, 14:00 in Berlin (13:00 at the  │\n"
        "│   track)                                                 │\n"
        "│ Race: on Sunday                                          │\n"
        "│                                                          │\n"
        "│ Not classified: Bottas – collision, after 30 laps;       │\n"
        "│   Russell – collision, after 30 laps                     │\n"
        "╰──────────────────────────────────────────────────────────╯\n"
    )


@given(st.text(alphabet="ab \n", max_size=120), st.integers(8, 60))
def test_no_word_of_a_list_is_lost_however_narrow_the_window_is(words: str, width: int) -> None:
    shown = printed(Reply(Card("Title", paragraphs=(f"x\n{words}y",))), width)
    letters = "".join(each for each in shown if each in "abxy")
    assert letters == "x" + "".join(words.split()) + "y"
