from dataclasses import replace

from bot.chat.cards import Card, Field, Tone
from bot.chat.digests import digest

CARD = Card("Bottas and Russell", fields=(Field("Stewards", "racing incident"),), tone=Tone.OPEN)


def test_a_digest_is_the_same_in_every_process() -> None:
    assert digest(Card("Imola")) == 4292771706192424820


def test_whatever_a_card_says_is_in_it() -> None:
    others = (replace(CARD, title="Russell and Bottas"), replace(CARD, footer="1 vote"), replace(CARD, fields=()))
    assert len({digest(each) for each in (CARD, *others)}) == 1 + len(others)
    assert all(-(2**63) <= digest(each) < 2**63 for each in others), "a database's BIGINT"
