"""What is made of something is made once."""

from bot.pacing.latest import Latest


def test_what_was_made_is_given_again_while_its_source_is_the_same() -> None:
    latest: Latest[str, list[int], int] = Latest()
    votes = [3, 4]
    assert latest.get("imola", votes, lambda: sum(votes)) == 7
    assert latest.get("imola", votes, lambda: 99) == 7


def test_another_source_makes_it_anew_even_if_it_looks_the_same() -> None:
    latest: Latest[str, list[int], int] = Latest()
    latest.get("imola", [3, 4], lambda: 1)
    assert latest.get("imola", [3, 4], lambda: 2) == 2


def test_each_key_has_its_own() -> None:
    latest: Latest[str, list[int], str] = Latest()
    votes = [3, 4]
    assert latest.get("imola", votes, lambda: "one") == "one"
    assert latest.get("monza", votes, lambda: "other") == "other"
    assert latest.get("imola", votes, lambda: "new") == "one"
