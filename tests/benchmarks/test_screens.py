import pytest

from benchmarks.screens import INVENTED, answered, discord_page, telegram_page, terminal_picture
from bot.chat.buttons import Button
from bot.chat.cards import Card, Link, Quotation
from bot.chat.replies import Reply

REPLY = Reply(
    Card(
        "Title *plain*",
        "Race <b>",
        quotations=(Quotation("No _marks_", "Somebody"),),
        links=(Link("A paper", "https://example.org/a_b"),),
    ),
    ((Button("Who?", "blame", "imola-2021"),),),
)


def test_telegrams_page_has_the_text_and_the_buttons_that_are_sent() -> None:
    page = telegram_page(REPLY)
    assert "<b>Title *plain*</b>" in page
    assert "Race &lt;b&gt;" in page
    assert ">Who?<" in page
    assert INVENTED in page


def test_discords_page_reads_the_markdown_that_is_sent() -> None:
    page = discord_page(REPLY)
    assert "<b>Title *plain*</b>" in page
    assert "<i>Race &lt;b&gt;</i>" in page
    assert "❝ No _marks_ ❞" in page
    assert '<a href="https://example.org/a_b">A paper</a>' in page
    assert ">Who?<" in page


@pytest.mark.parametrize("page", [telegram_page, discord_page, terminal_picture])
async def test_what_is_drawn_is_what_the_bot_answers(page: object) -> None:
    assert callable(page)
    drawn = page(await answered())
    for said in ("Bottas", "Imola", INVENTED.split()[0]):
        assert said in drawn
