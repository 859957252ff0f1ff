from bot.chat.cards import Card, Field, Link, Quotation
from bot.chat.plain_text import plainly
from bot.chat.votes import Step, Votes


def test_a_card_is_read_from_top_to_bottom() -> None:
    card = Card(
        "Imola 2021",
        "18 April 2021",
        paragraphs=("A drying track.",),
        quotations=(Quotation("There was space.", "Valtteri Bottas"),),
        fields=(Field("Stewards", "racing incident"),),
        votes=(
            Votes("Here", (Step("all Russell", 3), Step("racing incident", 0), Step("all Bottas", 1)), ("R", "B")),
            Votes("Everywhere", (Step("Vettel", 0), Step("Räikkönen", 2, "100 %"))),
        ),
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
        "Stewards: racing incident",
        "",
        "Here: all Russell 3 · racing incident 0 · all Bottas 1",
        "Everywhere: Vettel 0 · Räikkönen 100 %",
        "",
        "The ruling",
        "",
        "Updated today",
    )


def test_a_sentence_is_a_line() -> None:
    assert plainly(Card("Nothing by that name.")) == ("Nothing by that name.",)
