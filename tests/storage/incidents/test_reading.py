"""Each case spoils one thing in `example.toml` and says which file, field and reason the author is told."""

from pathlib import Path

import pytest

from bot.domain.names import Circuit
from storage.incidents.reading import (
    BadFilesError,
    Mistake,
    incident_files,
    read_circuits,
    read_drivers,
    read_incident,
    read_incidents,
    read_shipped,
)
from storage.incidents.refused_hosts import COPIES, refusal

EXAMPLE = Path(__file__).with_name("example.toml").read_text(encoding="utf-8")
IMOLA = {"imola": Circuit(name="Imola", country="Italy", timezone="Europe/Rome")}


def spoilt(was: str, becomes: str) -> str:
    assert was in EXAMPLE
    return EXAMPLE.replace(was, becomes, 1)


def mistakes(folder: Path, **files: str | bytes) -> tuple[Mistake, ...]:
    """What is wrong with files of these names and contents."""
    for name, content in files.items():
        path = folder / f"{name.replace('_', '-')}.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadFilesError) as bad:
        read_incidents(incident_files(folder), IMOLA)
    return bad.value.mistakes


def test_a_file_is_read_and_its_name_is_the_id(tmp_path: Path) -> None:
    (tmp_path / "imola-2021.toml").write_text(EXAMPLE, encoding="utf-8")
    (incident,) = read_incidents(incident_files(tmp_path), IMOLA)
    assert incident.id == "imola-2021"
    assert incident.summary.startswith("One two three"), "line breaks are folded"
    assert "\n" not in incident.summary


@pytest.mark.parametrize(
    ("was", "becomes", "field", "reason"),
    [
        ('place = "Tosa"', "", "place", "Field required"),
        ('place = "Tosa"', 'plaice = "Tosa"', "plaice", "Extra inputs are not permitted"),
        ('place = "Tosa"', f'place = "{"x" * 91}"', "place", "91 characters; allowed are 2 to 90"),
        ('place = "Tosa"', 'place = "To\\u0007sa"', "place", "the text holds an invisible or control character"),
        ('place = "Tosa"', 'place = "To\\u202Esa"', "place", "the text holds an invisible or control character"),
        ('circuit = "imola"', 'circuit = "imula"', "circuit", "'imula' is not in storage/names/circuits.toml"),
        ("date = 2021-04-18", 'date = "in spring"', "date", "Input should be a valid date"),
        ("place =", "lap = 9\nlaps = 5\nplace =", "the whole", "lap is after the last of laps"),
        ("place =", "fame = 11\nplace =", "fame", "Input should be less than or equal to 10"),
        ("place =", 'session = "warm-up"\nplace =', "session", "Input should be 'race', 'sprint'"),
        ("place =", 'id = "imola-2021"\nplace =', "id", "the id is the file's name; leave the field out"),
        ('"Imola 2021"', '"The third race of the season 2021"', "short_title", "33 characters; allowed are 4 to 32"),
        ("One two three four five six seven eight nine ten.", "", "the whole", "summary has 70 words; allowed are 80"),
        ('speaker = "Harry Hill"', "", "quotations[1].speaker", "Field required"),
        ('occasion = "after the race"', "", "quotations[1].occasion", "Field required"),
        (
            'date = 2021-04-18\nlink = "https://example.org/dale"',
            'link = "https://example.org/dale"',
            "quotations[2].date",
            "Field required",
        ),
        ('link = "https://example.org/dale"', "", "quotations[2].link", "Field required"),
        ('link = "https://example.org/dale"', 'link = "example.org"', "quotations[2].link", "a link starts with https"),
        ("There was room enough.", "Room enough.", "quotations[1]", "2 words; a quotation has 3 to 60 of them"),
        ("There was room enough.", "room " * 61, "quotations[1]", "61 words; a quotation has 3 to 60 of them"),
        (
            "There was room enough.",
            'There was room."\nshort = "Room …',
            "quotations[1]",
            "short: “Room” is not so in words",
        ),
        (
            "There was room enough.",
            'There was room."\nshort = "There was room.',
            "quotations[1]",
            "short is no shorter",
        ),
        ('place = "Tosa"', f'place = "Tosa"\nlede = "{"on " * 61}"', "the whole", "lede has 61 words; allowed are 60"),
        ('place = "Tosa"', f'place = "Tosa"\nlede = "{"x" * 401}"', "lede", "401 characters; allowed are 0 to 400"),
        ('side = "dale"', 'side = "vale"', "the whole", "quotations.side names no suspect: vale"),
        ('side = "dale"', 'side = "hill"', "the whole", "all quotations are from one side"),
        ('id = "dale"', 'id = "hill"', "the whole", "two suspects share an id"),
        ('id = "dale"', 'id = "Dale"', "suspects[2].id", "a suspect's id has small letters"),
        ("lap = 3\n", "", "timeline[1]", "a moment says at, lap or when"),
        ("lap = 3\n", "at = 2021-04-18T13:00:00\n", "timeline[1].at", "Input should have timezone info"),
        ('case = "He turned in."', "", "the whole", "nobody is asked to blame somebody without a case: dale"),
        ("[[sources]]\n", "[[source]]\n", "source", "Extra inputs are not permitted"),
    ],
)
def test_a_mistake_names_file_field_and_reason(tmp_path: Path, was: str, becomes: str, field: str, reason: str) -> None:
    found = mistakes(tmp_path, imola_2021=spoilt(was, becomes))
    assert any(mistake.field == field and mistake.reason.startswith(reason) for mistake in found), found
    assert {mistake.file for mistake in found} == {"imola-2021.toml"}


def test_a_day_is_no_text(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        imola_2021=spoilt("lap = 3", 'at = "2021-04-18T13:54:25Z"')
        .replace("date = 2021-04-18", 'date = "2021-04-18"')
        .replace('place = "Tosa"\n', ""),
    )
    reason = "stands without quotation marks"
    assert {(each.field, each.reason) for each in found} == {
        *((field, reason) for field in ("date", "quotations[1].date", "quotations[2].date", "timeline[1].at")),
        ("place", "Field required"),
    }


def test_what_is_no_day_at_all_is_told_once(tmp_path: Path) -> None:
    found = mistakes(tmp_path, imola_2021=spoilt("date = 2021-04-18", 'date = "yesterday"'))
    assert [(each.field, each.reason) for each in found] == [("date", "Input should be a valid date")]


def test_where_nobody_is_asked_to_blame_anybody_no_case_is_needed(tmp_path: Path) -> None:
    spared = spoilt('case = "He turned in."', "").replace("place =", "poll = false\nplace =", 1)
    (tmp_path / "imola-2021.toml").write_text(spared, encoding="utf-8")
    (incident,) = read_incidents(incident_files(tmp_path), IMOLA)
    assert [suspect.case for suspect in incident.suspects if suspect.id == "dale"] == [""]


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("https://dev.crash.net/f1/dale", "dev.crash.net is a copy of www.crash.net; link the page there"),
        (
            "https://www.TooRace.nz/blogs/dale",
            "www.toorace.nz prints what others reported; read the original and link that, or leave this out",
        ),
    ],
)
def test_a_link_to_a_copy_says_what_to_do(tmp_path: Path, link: str, reason: str) -> None:
    assert mistakes(tmp_path, imola_2021=spoilt("https://example.org/dale", link)) == (
        Mistake("imola-2021.toml", "quotations[2].link", reason),
    )


def test_every_link_is_looked_at(tmp_path: Path) -> None:
    ruling = """
[ruling]
date = 2021-04-18
decision = "no further action"
reason = "They both had room."
link = "https://dev.crash.net/ruling"

[[ruling.reviews]]
date = 2021-04-19
by = "the stewards"
decision = "Nothing new."
link = "https://dev.crash.net/review"

[[sources]]
"""
    spoiled = spoilt("[[sources]]\n", ruling.lstrip()).replace(
        "https://example.net/paper", "https://dev.crash.net/paper"
    )
    assert [mistake.field for mistake in mistakes(tmp_path, imola_2021=spoiled)] == [
        "ruling.link",
        "ruling.reviews[1].link",
        "sources[2].link",
    ]


def test_the_original_of_a_copy_may_be_linked() -> None:
    assert [refusal(f"https://{original}/f1") for original in COPIES.values()] == [None] * len(COPIES)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    unplaced = spoilt('place = "Tosa"', "")
    assert {(mistake.file, mistake.field) for mistake in mistakes(tmp_path, imola_2021=unplaced, imola_2022="=")} == {
        ("imola-2021.toml", "place"),
        ("imola-2022.toml", "TOML"),
    }


@pytest.mark.parametrize(
    ("content", "field", "reason"),
    [
        ("title =", "TOML", "Invalid value"),
        (f"lap = {'9' * 5000}", "TOML", "a number has more digits than can be read"),
        (f"lap = {'[' * 3000}", "TOML", "is nested too deeply"),
        (f'"a\\n\\u001b[31m" = 1\n{EXAMPLE}', r"a\n\x1b[31m", "Extra inputs are not permitted"),
        (EXAMPLE.replace("Harry", "Räikkönen").encode("latin-1"), "file", "is not UTF-8 text"),
        ("", "title", "Field required"),
    ],
)
def test_a_file_that_is_no_toml_or_no_text_is_named(
    tmp_path: Path, content: str | bytes, field: str, reason: str
) -> None:
    first = mistakes(tmp_path, imola_2021=content)[0]
    assert (first.file, first.field) == ("imola-2021.toml", field)
    assert first.reason.startswith(reason)


def test_a_mark_that_editors_put_before_the_text_is_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "imola-2021.toml").write_text(EXAMPLE, encoding="utf-8-sig")
    assert read_incidents(incident_files(tmp_path), IMOLA)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFilesError, match=r"imola-2021\.toml: file: No such file or directory"):
        read_incident(tmp_path / "imola-2021.toml")


@pytest.mark.parametrize("field", ["title", "short_title", "nicknames[1]"])
def test_two_incidents_must_not_answer_to_the_same_name(tmp_path: Path, field: str) -> None:
    others = {"title": "Up and Down, Imola 2021", "short_title": "Second Imola 2021", "nicknames[1]": "Tosa trip"}
    content = EXAMPLE
    for own, name in {
        "title": "Hill and Dale, Imola 2021",
        "short_title": "Imola 2021",
        "nicknames[1]": "Tosa touch",
    }.items():
        if own != field:
            content = content.replace(f'"{name}"', f'"{others[own]}"')
    (mistake,) = mistakes(tmp_path, imola_2021=EXAMPLE, imola_2021_again=content)
    assert (mistake.file, mistake.field) == ("imola-2021.toml", field)
    assert mistake.reason.endswith("is also a name of imola-2021-again")


def test_an_incident_may_repeat_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "imola-2021.toml").write_text(spoilt('"Tosa touch"', '"imola 2021"'), encoding="utf-8")
    assert len(read_incidents(incident_files(tmp_path), IMOLA)) == 1


def test_the_id_is_a_slug(tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, **{"Imola 2021": EXAMPLE})
    assert (mistake.file, mistake.field) == ("Imola 2021.toml", "id")


def test_id_or_title_names_the_season(tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, tosa=spoilt("Hill and Dale, Imola 2021", "Hill and Dale, Imola"))
    assert mistake.reason == "neither id nor title names the season"


def test_a_mistake_reads_as_a_line() -> None:
    assert str(Mistake("imola-2021.toml", "place", "Field required")) == "imola-2021.toml: place: Field required"


def test_the_names_of_circuits_and_drivers_are_read() -> None:
    assert read_circuits()["imola"].zone.key == "Europe/Rome"
    assert "Checo" in read_drivers()["perez"].also


def test_what_ships_is_read_once_however_often_it_is_asked_for() -> None:
    assert read_shipped() is read_shipped()
