from bot.cards.missing_right import missing_right_reply
from bot.chat.instants import as_written


def test_an_admin_is_told_what_is_lacking_and_what_to_do() -> None:
    (paragraph,) = missing_right_reply("Missing: Send Messages").card.paragraphs
    assert as_written(paragraph).startswith("Missing: Send Messages. ")
    assert "/unsubscribe" in as_written(paragraph)
