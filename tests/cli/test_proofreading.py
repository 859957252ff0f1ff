"""What `incidents check` says of files that any model would take."""

from pathlib import Path

import pytest

from bot.cli.proofreading import proofread
from bot.search.catalogue import Incidents
from storage.incidents.reading import BadFilesError, Mistake, read_incident
from tests.support.command_line import CommandLine

EXAMPLE = (Path(__file__).parents[1] / "storage" / "incidents" / "example.toml").read_text(encoding="utf-8")
WITH_LEDE = EXAMPLE.replace("summary =", 'lede = "They touched at Tosa."\nsummary =', 1)
CUT = WITH_LEDE.replace("There was room enough.", "There was room enough for the two of us.")
WHOLE = "There was room enough for me, I say, for the two of us."
LONG = "There was room enough for the two of us. " * 5


def found(folder: Path, **files: str) -> list[Mistake]:
    """What is said of files of these contents, which are read together."""
    paths = []
    for name, content in files.items():
        paths.append(folder / f"{name}.toml")
        paths[-1].write_text(content, encoding="utf-8")
    return [*proofread(read_incident(path) for path in paths)]


def test_a_file_with_a_lede_and_quotations_for_a_small_screen_lacks_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, imola=WITH_LEDE) == []


RULED = """
[ruling]
date = 2021-04-20
decision = "five seconds for Hill"
reason = "He braked too late."
link = "https://example.org/ruling"
at_fault = ["hill"]
"""
REVIEW = """
[[ruling.reviews]]
date = {}
by = "a court"
decision = "Said so."
link = "https://example.org/court"
"""


def test_one_ruling_stands_and_what_came_before_and_after_it_is_in_order(tmp_path: Path) -> None:
    history = [REVIEW.format(day) for day in ("2021-04-18", "2021-04-25")]
    assert found(tmp_path, imola=WITH_LEDE + RULED + "".join(history)) == []
    reason = "2021-04-18 is before 2021-04-25; reviews go in the order of their days"
    assert found(tmp_path, imola=WITH_LEDE + RULED + "".join(reversed(history))) == [
        Mistake("imola.toml", "ruling.reviews[2].date", reason)
    ]


@pytest.mark.parametrize("second", [RULED, RULED.replace("[ruling]", "[[ruling]]")])
def test_two_rulings_cannot_stand(tmp_path: Path, second: str) -> None:
    with pytest.raises(BadFilesError, match=r"imola\.toml: TOML"):
        found(tmp_path, imola=WITH_LEDE + RULED + second)


def test_a_lede_is_missed(tmp_path: Path) -> None:
    assert found(tmp_path, imola=EXAMPLE) == [
        Mistake("imola.toml", "lede", "is missing: the crash in 60 words at most")
    ]


def test_a_short_form_is_missed_where_the_words_are_long(tmp_path: Path) -> None:
    long = WITH_LEDE.replace("There was room enough.", LONG.strip())
    reason = "is missing: words has 204 characters, and a phone shows 180"
    assert found(tmp_path, imola=long) == [Mistake("imola.toml", "quotations[1].short", reason)]
    short = long.replace("occasion =", 'short = "There was room enough …"\noccasion =', 1)
    assert found(tmp_path, imola=short) == []


def test_words_that_another_quotation_of_the_speaker_has_are_to_be_marked(tmp_path: Path) -> None:
    reason = "is quotations[2] with words left out; mark them (…)"
    both = CUT.replace("There was no room at all.", WHOLE).replace("Dan Dale", "Harry Hill")
    assert found(tmp_path, imola=both) == [Mistake("imola.toml", "quotations[1].words", reason)]
    assert found(tmp_path, imola=both.replace("enough for the two", "enough … for the two")) == []


def test_so_are_words_that_another_file_has(tmp_path: Path) -> None:
    reason = "is quotations[1] of tosa.toml with words left out; mark them (…)"
    told = found(tmp_path, imola=CUT, tosa=WITH_LEDE.replace("There was room enough.", WHOLE))
    assert told == [Mistake("imola.toml", "quotations[1].words", reason)]


def test_another_speaker_may_say_the_same_in_fewer_words(tmp_path: Path) -> None:
    assert found(tmp_path, imola=CUT.replace("There was no room at all.", WHOLE)) == []


def test_what_ships_is_proofread(shipped: Incidents) -> None:
    assert [*proofread(shipped)] == []


async def test_the_command_says_it(tmp_path: Path, racing_incident: CommandLine) -> None:
    (tmp_path / "imola-2021.toml").write_text(EXAMPLE, encoding="utf-8")
    done = await racing_incident("incidents", "check", "imola-2021.toml")
    assert done.code == 1
    assert done.err == "imola-2021.toml: lede: is missing: the crash in 60 words at most\n"


def test_a_day_before_there_were_seasons_is_a_slip_of_the_pen(tmp_path: Path) -> None:
    early = WITH_LEDE.replace("date = 2021-04-18", "date = 0001-04-18", 2)
    reason = "is of the year 1; the first season was that of 1950"
    assert found(tmp_path, imola=early) == [
        Mistake("imola.toml", "date", reason),
        Mistake("imola.toml", "quotations[1].date", reason),
    ]


LATER = """
[[timeline]]
lap = {}
at = 2021-04-18T13:{}:00Z
what = "They touch again."
"""


def test_moments_go_in_their_order_by_the_clock_and_by_laps(tmp_path: Path) -> None:
    assert found(tmp_path, imola=WITH_LEDE + LATER.format(3, 20) + LATER.format(4, 20)) == []
    assert found(tmp_path, imola=WITH_LEDE + LATER.format(5, 20) + LATER.format(4, 10)) == [
        Mistake("imola.toml", "timeline[4].at", "13:10:00 is before 13:20:00; moments go in their order"),
        Mistake("imola.toml", "timeline[4].lap", "4 is before 5; moments go in their order"),
    ]
    assert [each.field for each in found(tmp_path, imola=WITH_LEDE + LATER.format(2, 20))] == ["timeline[3].lap"]
