import pytest

from bot.domain.topics import TOPICS, shorthand, topic, topics_called


def test_a_topic_is_found_by_its_key() -> None:
    assert [topic(each.key) for each in TOPICS] == [*TOPICS]
    assert topic("pancakes") is None


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("recaps", ["recaps"]),
        ("reminders", ["day-before", "hour-before"]),
        ("day-before", ["day-before"]),
        ("pancakes", []),
        ("", []),
    ],
)
def test_a_word_means_a_topic_or_a_family(word: str, keys: list[str]) -> None:
    assert [each.key for each in topics_called(word)] == keys


def test_in_shorthand_each_topic_means_itself_alone() -> None:
    assert [topics_called(word) for word in shorthand(TOPICS).split()] == [(each,) for each in TOPICS]


def test_a_key_that_is_a_familys_word_too_means_that_family_alone() -> None:
    for each in TOPICS:
        assert {kin.family for kin in topics_called(each.key)} == {each.family}
        assert each in topics_called(each.family)


def test_keys_are_one_word_and_each_ones_own() -> None:
    keys = [each.key for each in TOPICS]
    assert len(set(keys)) == len(keys)
    assert all(key == key.strip().lower() and " " not in key for key in keys)
