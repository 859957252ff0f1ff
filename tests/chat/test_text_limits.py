from bot.chat.text_limits import weight


def test_weight_counts_as_the_platforms_do() -> None:
    assert weight("abc") == 3
    assert weight("é") == 1
    assert weight("🏁") == 2, "two UTF-16 units"
    assert weight("a*b") == 4, "a star may be escaped"
    assert weight("<&>") == 6
