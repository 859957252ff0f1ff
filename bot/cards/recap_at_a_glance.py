"""What of a recap is seen at first: as much as one screen holds below its picture; the rest is folded."""

from collections.abc import Iterator
from dataclasses import replace

from bot.cards.recap_facts import IN_SIGHT
from bot.chat.cards import Card, Field
from bot.chat.instants import as_written
from bot.chat.screens import Seen
from bot.i18n import _

PICTURE = Seen(0, 9)
"""What the picture takes of a screen: half of its width."""


def at_a_glance(card: Card, *, needed: int = 0) -> Card:
    """The card of a story with as many facts in sight as one screen holds below a picture, and the others folded.

    What is argued about comes first, then what the picture has not. For it the first sentences give way, but for so
    many that are `needed`; the last only where else there would be nothing of it. The facts stand in their order.
    """
    if card.seen_at_first().beside(PICTURE).fits or not card.fields:
        return card
    barest = _barest(card, needed)
    if not barest.seen_at_first(folds=True).fits:
        return card  # rather too long than not at all
    first, *others = sorted(card.fields, key=_rank)
    seen = next(filter(_has_room, _views(card, first, needed)), barest)
    for fact in others:
        with_it = replace(seen, fields=(*seen.fields, fact))
        if _has_room(with_it):
            seen = with_it
    return _folding_the_rest(card, seen)


def _rank(fact: Field) -> int:
    """A fact's place among those that are wanted in sight; the last for all that are not."""
    wanted = [_(name) for name in IN_SIGHT]
    name = as_written(fact.name)
    return wanted.index(name) if name in wanted else len(wanted)


def _has_room(seen: Card) -> bool:
    """Whether one screen holds what is seen of a card that folds the rest, and its picture above."""
    return seen.seen_at_first(folds=True).beside(PICTURE).fits


def _views(card: Card, first: Field, needed: int) -> Iterator[Card]:
    """Ways to see the first fact alone below the card's sentences, the best way first.

    Sentences are given up before lines of the fact are; but the last one stays as long as there is any line with it.
    """
    spare = card.paragraphs[needed:]
    for begun in _beginnings(first):
        for given_up in range(len(spare)):
            yield replace(card, paragraphs=(*card.paragraphs[:needed], *spare[given_up:]), fields=(begun,))
    for begun in _beginnings(first):
        yield replace(_barest(card, needed), fields=(begun,))


def _beginnings(fact: Field) -> Iterator[Field]:
    """A fact whole, and then ever fewer of its lines: the first at least."""
    yield fact
    lines = as_written(fact.value).split("\n")
    for most in range(len(lines) - 1, 0, -1):
        yield replace(fact, value="\n".join(lines[:most]))


def _barest(card: Card, needed: int) -> Card:
    """The card without any fact, and without the sentences that are not needed."""
    return replace(card, paragraphs=card.paragraphs[:needed], fields=())


def _folding_the_rest(card: Card, seen: Card) -> Card:
    """What is seen of the card, its facts in their order, and all else below the fold.

    There the fact that was begun goes on first, then come the sentences, then the facts that are not seen at all.
    """
    in_sight = {fact.name: fact for fact in seen.fields}
    shown = [(fact, in_sight[fact.name]) for fact in card.fields if fact.name in in_sight]
    folded = [
        *(_rest(fact, begun) for fact, begun in shown if begun != fact),
        *(as_written(sentence) for sentence in card.paragraphs if sentence not in seen.paragraphs),
        *(f"{as_written(fact.name)}: {as_written(fact.value)}" for fact in card.fields if fact.name not in in_sight),
    ]
    return replace(seen, fields=tuple(begun for _fact, begun in shown), folded=("\n".join(folded),))


def _rest(fact: Field, begun: Field) -> str:
    """The lines of a fact that its beginning has not."""
    return as_written(fact.value).removeprefix(as_written(begun.value)).lstrip()
