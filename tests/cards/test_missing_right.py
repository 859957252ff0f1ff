from bot.cards.missing_right import missing_right_reply


def test_an_admin_is_told_what_is_lacking_and_what_to_do() -> None:
    (paragraph,) = missing_right_reply("Missing: Send Messages").card.paragraphs
    assert paragraph.startswith("Missing: Send Messages. ")
    assert "/unsubscribe" in paragraph
