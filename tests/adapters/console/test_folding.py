"""A card that a low window does not hold is folded: whatever the window, nothing raises and no word of it is lost."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.console.abilities import Abilities, Addresses, Graphics
from bot.adapters.console.display import MORE, Display
from bot.adapters.console.questions import CHAT
from bot.adapters.console.render import BELOW
from bot.adapters.console.screen import Screen
from bot.cards.incident_text import rows
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.replies import Attachment, Reply
from bot.domain.places import Post
from bot.i18n import LANGUAGES, _, speaking

WORDS = st.text("klmnopqr", min_size=1, max_size=9)
LABELS = st.lists(st.text("abcdefgh", min_size=1, max_size=18), max_size=9)
"""What buttons say, in letters that no card has."""


def sentences(most: int) -> st.SearchStrategy[str]:
    """Words of a card in a row."""
    return st.lists(WORDS, min_size=1, max_size=most).map(" ".join)


CARDS = st.builds(
    Card,
    sentences(24),
    subtitle=st.just("") | sentences(8),
    paragraphs=st.lists(sentences(40), max_size=3).map(tuple),
    fields=st.lists(st.builds(Field, WORDS, sentences(12)), max_size=3).map(tuple),
)
SENTENCE = Card("No incident by that name, and this is a rather long sentence that tells what there is instead of it.")


class Reading:
    """Somebody at a window of so many columns and rows, in which some buttons are in place already."""

    def __init__(
        self,
        columns: int,
        height: int,
        in_place: Sequence[str] = (),
        files: Path | None = None,
        speaks: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._printed = io.StringIO()
        screen = Screen(file=self._printed, width=columns, height=height, force_terminal=True, color_system=None)
        can = Abilities(Addresses.ASKED, Graphics.OFF)
        self.display = Display(screen, can, speaks, files=files, read_by_somebody=True)
        self.display.keypad.replace(buttons(in_place, "there"))

    def answer(self, reply: Reply) -> list[list[str]]:
        """The pages of an answer, line by line."""
        return [*self._pages(lambda: self.display.answer(reply, None))]

    def push(self, reply: Reply) -> list[list[str]]:
        """The pages of what is told of our own accord."""
        return [*self._pages(lambda: self.display.push(Post(CHAT, "sent-1"), reply, None))]

    def _pages(self, show: Callable[[], None]) -> Iterator[list[str]]:
        yield self._shown(show)
        opened = set[str]()
        while (more := self.display.keypad.buttons[-1:]) and more[0].command == MORE and more[0].argument not in opened:
            which = more[0].argument
            opened.add(which)
            yield self._shown(partial(self._open, which))

    def _open(self, which: str) -> None:
        assert self.display.show_more(which), "what is offered is there"

    def _shown(self, show: Callable[[], None]) -> list[str]:
        before = self._printed.tell()
        show()
        return self._printed.getvalue()[before:].rstrip("\n").split("\n")


def buttons(labels: Sequence[str], command: str = "press") -> list[Button]:
    """Buttons that differ."""
    return [Button(label, command, f"{number}") for number, label in enumerate(labels)]


def reply_of(card: Card, labels: Sequence[str]) -> Reply:
    """A card with these buttons, in rows of two."""
    return Reply(card, rows(buttons(labels), 2))


def words_of(card: Card) -> list[str]:
    """A card's words from top to bottom."""
    facts = (f"{fact.name} {fact.value}" for fact in card.fields)
    return " ".join((card.title, card.subtitle, *map(str, card.paragraphs), *facts)).split()


def words_on(pages: Sequence[Sequence[str]]) -> list[str]:
    """A card's words on pages of it, its title in the first one's frame alone."""
    first, *others = pages
    text = "\n".join((*first, *(line for page in others for line in page if not line.startswith("╭"))))
    return re.findall(r"[k-r]+", text.replace("More", ""))


@given(
    card=CARDS,
    labels=LABELS,
    in_place=st.lists(st.just("b"), max_size=98),
    window=st.tuples(st.integers(24, 100), st.integers(4, 30)),
    pushed=st.booleans(),
)
def test_every_word_is_seen_once_page_by_page_in_any_window(
    card: Card, labels: list[str], in_place: list[str], window: tuple[int, int], *, pushed: bool
) -> None:
    reading = Reading(*window, in_place)
    reply = reply_of(card, labels)
    pages = reading.push(reply) if pushed else reading.answer(reply)
    assert words_on(pages) == words_of(card)
    assert all(len(page) <= max(window[1] - BELOW, 4) for page in pages[1:]), "a line in its frame and More, at least"


@pytest.mark.parametrize("window", [(40, 12), (33, 10), (24, 6)])
@pytest.mark.parametrize("number", [0, 1, 4, 8])
def test_a_card_of_one_sentence_is_never_lost(window: tuple[int, int], number: int) -> None:
    pages = Reading(*window).answer(reply_of(SENTENCE, ["Another incident"] * number))
    said = " ".join(" ".join(page) for page in pages)
    shown = re.sub(r"\d+ (Another incident|More)", " ", said)
    assert " ".join(shown.split()) == SENTENCE.title


IMOLA = Card(
    "k k k k k k k k k k k m m",
    subtitle="lll lll llll llll",
    paragraphs=("n" * 9 + " nnn nnnn" * 12, "o" * 9 + " ooo oooo" * 9),
)
LONG = [letter * 17 for letter in "abcdefgh"]


@pytest.mark.parametrize("window", [(33, 10), (33, 8), (40, 9), (24, 9), (33, 12)])
@pytest.mark.parametrize("pushed", [False, True])
def test_buttons_leave_the_title_and_some_of_the_text_in_sight(window: tuple[int, int], *, pushed: bool) -> None:
    reading = Reading(*window)
    reply = reply_of(IMOLA, LONG)
    first, *others = reading.push(reply) if pushed else reading.answer(reply)
    assert len(first) <= window[1] - BELOW
    seen = "\n".join(first)
    assert set("klm") <= {*seen}, "the title and what is next"
    assert words_on([first, *others]) == words_of(IMOLA)
    assert [button.label for button in reading.display.keypad.buttons if button.command != MORE] == LONG


def test_buttons_that_came_last_press_the_message_that_they_are_below() -> None:
    reading = Reading(33, 8)
    reading.push(reply_of(IMOLA, LONG))
    keypad = reading.display.keypad
    pressed = [keypad.press(number) for number, each in enumerate(keypad.buttons, 1) if each.command != MORE]
    assert pressed == [(button.data, Post(CHAT, "sent-1")) for button in buttons(LONG)]


def test_in_the_lowest_window_buttons_are_dealt_to_more_than_one_page() -> None:
    reading = Reading(24, 6)
    labels = ["a" * 18, "b" * 18, "c" * 18, "d" * 18, "e" * 18, "f" * 18]
    pages = reading.answer(reply_of(IMOLA, labels))
    assert all(len(page) <= 4 for page in pages)
    assert [each.label for each in reading.display.keypad.buttons if each.command != MORE] == labels


@pytest.mark.parametrize("letters", range(200, 400, 10))
def test_a_pushed_message_is_laid_out_with_the_numbers_that_it_gets(letters: int) -> None:
    """Two digits take more rows than one: what is folded is decided by the same numbers as it is folded with."""
    card = Card("k", paragraphs=(" ".join(["k" * 9] * (letters // 10)),))
    reply = reply_of(card, ["a" * 10, "b" * 16, "c" * 7, "d" * 17])
    for height in range(12, 20):
        assert words_on(Reading(33, height, ["e", "f"]).push(reply)) == words_of(card)


def test_a_card_of_a_hundred_pages_is_read_to_its_end() -> None:
    card = Card("n", paragraphs=(" ".join(["kkkkkkkkk"] * 220),))
    pages = Reading(24, 6).answer(reply_of(card, []))
    assert len(pages) > 100
    assert words_on(pages) == words_of(card)


def test_a_page_that_is_asked_for_twice_is_the_same_twice() -> None:
    reading = Reading(24, 6)
    reading.answer(reply_of(SENTENCE, ["a"]))
    more = reading.display.keypad.buttons[-1]
    offered = []
    for _again in range(2):
        assert reading.display.show_more(more.argument)
        offered.append([*reading.display.keypad.buttons])
    assert offered[0] == offered[1], "what is left has one button, however often that page is read"


def test_a_notice_that_is_folded_leaves_the_buttons_in_place() -> None:
    reading = Reading(24, 6, ["b", "b"])
    pages = reading.answer(Reply(SENTENCE, private=True))
    assert len(pages) > 1
    assert [button.command for button in reading.display.keypad.buttons[:3]] == ["there", "there", MORE]


@pytest.mark.parametrize("language", LANGUAGES)
def test_room_is_left_for_why_a_file_could_not_be_saved(tmp_path: Path, language: str) -> None:
    """Which is longer than where it was saved."""
    taken = tmp_path / ("a" * 30)
    taken.write_text("no folder", encoding="utf-8")
    picture = Attachment("r.png", b"png", "A picture")
    for letters in range(100, 600, 10):
        reply = Reply(Card("Title", paragraphs=(" ".join(["k" * 9] * (letters // 10)),)), attachment=picture)
        with speaking(language):
            said = _("Could not be saved in {folder}: {reason}").partition("{folder}")[0].strip()
        first, *_rest = Reading(40, 20, files=taken, speaks=lambda: speaking(language)).answer(reply)
        assert said[:12] in "".join(first)
        assert len(first) <= 20 - BELOW, letters
