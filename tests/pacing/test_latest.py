"""What is made of something is made once."""

from bot.pacing.latest import Latest


def test_what_was_made_is_given_again_while_its_source_is_the_same() -> None:
    latest: Latest[str, list[int], int] = Latest(2)
    votes = [3, 4]
    assert latest.get("imola", votes, lambda: sum(votes)) == 7
    assert latest.get("imola", votes, lambda: 99) == 7


def test_another_source_makes_it_anew_even_if_it_looks_the_same() -> None:
    latest: Latest[str, list[int], int] = Latest(2)
    latest.get("imola", [3, 4], lambda: 1)
    assert latest.get("imola", [3, 4], lambda: 2) == 2


def test_each_key_has_its_own() -> None:
    latest: Latest[str, list[int], str] = Latest(2)
    votes = [3, 4]
    assert latest.get("imola", votes, lambda: "one") == "one"
    assert latest.get("monza", votes, lambda: "other") == "other"
    assert latest.get("imola", votes, lambda: "new") == "one"


def test_what_was_made_longest_ago_is_forgotten_first() -> None:
    latest: Latest[str, int, str] = Latest(2)
    for key, source in (("imola", 1), ("monza", 1), ("imola", 2), ("spa", 1)):
        latest.get(key, source, lambda: "first")
    assert latest.get("imola", 2, lambda: "again") == "first"
    assert latest.get("spa", 1, lambda: "again") == "first"
    assert latest.get("monza", 1, lambda: "again") == "again"
