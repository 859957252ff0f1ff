from bot.chat.cards import Bar, Card, Field, Link, Quotation
from bot.chat.plain_text import plainly


def test_a_card_is_read_from_top_to_bottom() -> None:
    card = Card(
        "Imola 2021",
        "18 April 2021",
        paragraphs=("A drying track.",),
        quotations=(Quotation("There was space.", "Valtteri Bottas"),),
        bars=(Bar("Russell", 3, 0.75), Bar("Bottas", 1, 0.25)),
        fields=(Field("Stewards", "racing incident"),),
        links=(Link("The ruling", "https://example.org/ruling"),),
        footer="Updated today",
    )
    assert plainly(card) == (
        "Imola 2021",
        "18 April 2021",
        "",
        "A drying track.",
        "",
        "❝ There was space. ❞ — Valtteri Bottas",
        "",
        "Russell: 3 (75%)",
        "Bottas: 1 (25%)",
        "",
        "Stewards: racing incident",
        "",
        "The ruling",
        "",
        "Updated today",
    )


def test_a_sentence_is_a_line() -> None:
    assert plainly(Card("Nothing by that name.")) == ("Nothing by that name.",)
