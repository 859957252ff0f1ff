"""What is seen of a recap at first, of whatever card: nothing is lost, and nothing is too much for a message."""

from collections import Counter

from hypothesis import given, reject
from hypothesis import strategies as st

from bot.cards.recap_at_a_glance import PICTURE, at_a_glance
from bot.cards.recap_facts import FIRST_THREE, IN_SIGHT
from bot.chat.cards import Card, Field
from bot.chat.instants import as_written
from bot.chat.text_limits import UnsendableError

LINES = st.builds(str.__mul__, st.sampled_from(["ab ", "cd ", "e "]), st.sampled_from([3, 30, 80])).map(str.strip)
VALUES = st.lists(LINES, min_size=1, max_size=4).map("\n".join)
NAMES = st.lists(st.sampled_from([*IN_SIGHT, FIRST_THREE]), unique=True, min_size=1, max_size=4)


def sendable(title: str, subtitle: str, paragraphs: tuple[str, ...], fields: tuple[Field, ...]) -> Card:
    """A card of these; more than one holds is drawn anew."""
    try:
        return Card(title, subtitle, paragraphs=paragraphs, fields=fields)
    except UnsendableError:
        reject()


CARDS = st.builds(
    sendable,
    LINES,
    LINES,
    paragraphs=st.lists(LINES, unique=True, max_size=3).map(tuple),
    fields=NAMES.flatmap(lambda names: st.tuples(*(st.builds(Field, st.just(name), VALUES) for name in names))),
)


def told(card: Card) -> Counter[str]:
    """How often each word of a card's sentences and facts is there, seen or folded; without the facts' names."""
    folded = "\n".join(card.folded)
    for name in (*IN_SIGHT, FIRST_THREE):
        folded = folded.replace(f"{name}: ", "")
    seen = (*card.paragraphs, *(each.value for each in card.fields))
    return Counter(" ".join((*map(as_written, seen), folded)).split())


@given(CARDS, st.sampled_from([0, 1]))
def test_of_any_card_nothing_is_lost_and_what_is_needed_is_in_sight(card: Card, needed: int) -> None:
    seen = at_a_glance(card, needed=needed)
    assert told(seen) == told(card)
    assert seen.paragraphs[:needed] == card.paragraphs[:needed]
    order = [each.name for each in card.fields]
    assert [each.name for each in seen.fields] == sorted((each.name for each in seen.fields), key=order.index)


@given(CARDS, st.sampled_from([0, 1]))
def test_what_is_folded_has_room_below_the_picture_unless_its_title_and_sentences_have_none(
    card: Card, needed: int
) -> None:
    seen = at_a_glance(card, needed=needed)
    if seen.folded and seen.fields:
        assert seen.seen_at_first().beside(PICTURE).fits


def test_a_card_whose_title_alone_fills_the_screen_is_not_folded() -> None:
    card = Card("a " * 120, "b " * 450, fields=(Field("Podium", "1. Verstappen"),))
    assert at_a_glance(card) == card


def test_where_only_its_title_has_room_all_facts_are_folded() -> None:
    sentence = "b " * 300
    card = Card("a " * 120, "c " * 240, paragraphs=(sentence,), fields=(Field("Podium", "1. Verstappen"),))
    seen = at_a_glance(card)
    assert (seen.paragraphs, seen.fields) == ((), ())
    assert seen.folded == (f"{sentence}\nPodium: 1. Verstappen",)
