import pytest
from hypothesis import given

from bot.chat.buttons import Button
from bot.chat.cards import CARD, Card
from bot.chat.replies import ALT, NOTICE, Attachment, Reply, in_words, notice
from bot.chat.text_limits import UnsendableError, weight
from tests.support.replies import replies


def test_buttons_come_in_five_rows_of_five() -> None:
    full = tuple(tuple(Button("x", "crash", f"{row} {place}") for place in range(5)) for row in range(5))
    Reply(Card("Title"), full)
    for rows in ((*full, (Button("x", "help"),)), ((),)):
        with pytest.raises(UnsendableError):
            Reply(Card("Title"), rows)


def test_no_two_buttons_of_a_reply_do_the_same() -> None:
    with pytest.raises(UnsendableError, match="do the same"):
        Reply(Card("Title"), ((Button("One", "help"),), (Button("Other", "help"),)))


FOLDED = Card("Title", folded=("The rest.",))
MORE = Button("The story", "story", "imola-2021")


def test_what_cannot_fold_has_a_button_in_the_last_row_with_room() -> None:
    one, three = Button("x", "help"), tuple(Button("x", "crash", f"{place}") for place in range(3))
    assert Reply(FOLDED, (), MORE).unfolding_buttons == ((MORE,),)
    assert Reply(FOLDED, ((one,),), MORE).unfolding_buttons == ((one, MORE),)
    assert Reply(FOLDED, (three,), MORE).unfolding_buttons == (three, (MORE,))
    assert Reply(Card("Title"), ((one,),)).unfolding_buttons == ((one,),)


def test_a_folded_card_and_no_other_comes_with_what_unfolds_it() -> None:
    for card, rows, unfold in ((FOLDED, (), None), (Card("Title"), (), MORE), (FOLDED, ((MORE,),), MORE)):
        with pytest.raises(UnsendableError):
            Reply(card, rows, unfold)


def test_what_unfolds_a_card_needs_room_among_its_buttons() -> None:
    full = tuple(tuple(Button("x", "crash", f"{row} {place}") for place in range(5)) for row in range(5))
    with pytest.raises(UnsendableError, match="rows"):
        Reply(FOLDED, full, MORE)


@pytest.mark.parametrize("alt", ["", " ", "a" * (ALT + 1), "\x00"])
def test_a_picture_says_what_it_shows(alt: str) -> None:
    assert Attachment("verdict.png", b"", "." * ALT).is_picture
    assert not Attachment("votes.json", b"").is_picture
    with pytest.raises(UnsendableError):
        Attachment("verdict.png", b"", alt)


def test_a_notice_is_private_and_short_enough_for_a_toast() -> None:
    reply = notice("x" * NOTICE, [Button("Help", "help"), Button("Start", "start")])
    assert reply.private
    assert len(reply.buttons) == 2
    with pytest.raises(UnsendableError):
        notice("x" * (NOTICE + 1))


@given(replies())
def test_whatever_can_be_built_weighs_no_more_than_a_message_holds(reply: Reply) -> None:
    assert sum(map(weight, reply.card._texts())) <= CARD


@pytest.mark.parametrize(
    ("alt", "below"),
    [
        ("Drivers 2021. Points after round 2: Hamilton 44.", "Points after round 2: Hamilton 44."),
        ("Drivers 2021: Hamilton 44.", "Hamilton 44."),
        ("Drivers 2021s are many.", "Drivers 2021s are many."),
        ("Drivers 2021.", "Drivers 2021."),
        ("Hamilton leads.", "Hamilton leads."),
    ],
)
def test_what_a_picture_shows_does_not_say_its_title_twice(alt: str, below: str) -> None:
    reply = Reply(Card("Drivers 2021"), attachment=Attachment("standings.png", b"", alt))
    assert in_words(reply).card == Card("Drivers 2021", paragraphs=(below,))
