import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.settings import Settings
from bot.cards.incident_text import BODIES, button_names, choice_label, full_name, lap_said, listed, title
from bot.cards.tally_text import in_hundredths
from bot.chat.instants import as_written
from bot.domain.places import Platform, User
from bot.domain.polls import Poll
from bot.i18n import counted, speaking
from bot.i18n.formats import day
from bot.search.catalogue import Incidents
from tests.support.conversation import conversation


def test_a_day_is_written_as_in_a_newspaper() -> None:
    assert day(dt.date(2021, 4, 8)) == "8 April 2021"


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["Hill"], "Hill"),
        (["Hill", "Prost"], "Hill and Prost"),
        (["Hill", "Prost", "Senna"], "Hill, Prost and Senna"),
        (list("abcdefgh"), "a, b, c, d, e and 3 others"),
    ],
)
def test_names_are_put_in_a_row(names: list[str], text: str) -> None:
    assert listed(names) == text


@pytest.mark.parametrize(
    ("votes", "number", "text"),
    [(0, 0, "0 %"), (1, 33, "33 %"), (2, 67, "67 %"), (1, 0, "under 1 %"), (9, 100, "100 %")],
)
def test_a_share_is_said_in_whole_percent(votes: int, number: int, text: str) -> None:
    assert in_hundredths(votes, number) == text


@given(st.integers(1, 10**9), st.integers(0, 100))
def test_one_vote_is_never_called_none(votes: int, number: int) -> None:
    assert in_hundredths(votes, number) != "0 %"


@pytest.mark.parametrize(
    ("incident", "titles"),
    [
        (
            "imola-2021",
            ("Bottas and Russell, Imola 2021", "Bottas und Russell, Imola 2021", "Bottas y Russell, Imola 2021"),
        ),
        (
            "spa-2018",
            (
                "Hülkenberg, Alonso and Leclerc, Spa 2018",
                "Hülkenberg, Alonso und Leclerc, Spa 2018",
                "Hülkenberg, Alonso y Leclerc, Spa 2018",
            ),
        ),
        (
            "hungary-2021",
            (
                "Bottas, Stroll and the start, Hungary 2021",
                "Bottas, Stroll und der Start, Ungarn 2021",
                "Bottas, Stroll y la salida, Hungría 2021",
            ),
        ),
    ],
)
def test_who_met_is_put_together_as_the_language_does_it(
    shipped: Incidents, incident: str, titles: tuple[str, ...]
) -> None:
    (told,) = shipped.of_ids([incident])
    for language, expected in zip(("en", "de", "es"), titles, strict=True):
        with speaking(language):
            assert title(told) == expected


def test_every_title_is_as_its_file_has_it_in_english(shipped: Incidents) -> None:
    assert [title(incident) for incident in shipped.told] == [incident.title for incident in shipped.told]


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en", ["Race control", "Hamilton", "Verstappen", "Racing incident"]),
        ("de", ["Rennleitung", "Hamilton", "Verstappen", "Rennunfall"]),
        ("es", ["Control de carrera", "Hamilton", "Verstappen", "Incidente de carrera"]),
    ],
)
def test_who_drives_nothing_is_called_as_the_language_does_it(
    shipped: Incidents, language: str, labels: list[str]
) -> None:
    (told,) = shipped.of_ids(["abu-dhabi-2021"])
    with speaking(language):
        assert [choice_label(told, choice) for choice in Poll.of(told).choices] == labels


def test_who_drives_nothing_is_called_in_full_as_the_language_does_it(shipped: Incidents) -> None:
    nobody = {each.name: each for it in shipped.told for each in it.suspects if each.id in BODIES}
    with speaking("de"):
        called = {name: full_name(suspect) for name, suspect in nobody.items()}
    assert called["Race control"] == "Rennleitung"
    assert {name for name, german in called.items() if name == german} == {"Formula One Management"}, "a proper name"
    assert full_name(nobody["Race control"]) == "Race control"


async def test_the_blame_championship_names_them_likewise(settings: Settings, shipped: Incidents, al: User) -> None:
    async with conversation(settings, shipped) as bot:
        await bot.ask("/vote abu-dhabi-2021 race-control", al)
        await bot.ask("/language de", User(Platform.TELEGRAM, "1"))
        table = await bot.ask("/blamed 2021", al)
        assert "1. Rennleitung" in as_written(table.card.paragraphs[0])
        picture = (await bot.ask("/blamed 2021 picture", al)).attachment
        assert picture is not None
        assert "1 Rennleitung 25" in picture.alt


def test_lists_name_them_as_the_language_does_by_whatever_their_files_call_them(shipped: Incidents) -> None:
    with speaking("de"):
        names = [button_names(incident) for incident in shipped.told]
    assert {names[suspect] for names in names for suspect in names.keys() & BODIES.keys()} == {
        *("Rennleitung", "FIA", "Zeitnahme der F1", "Sieben Teams")
    }


def test_all_who_drive_nothing_have_a_name_in_every_language(shipped: Incidents) -> None:
    suspects = {suspect.id: suspect.surname for incident in shipped.told for suspect in incident.suspects}
    assert {suspect: suspects[suspect] for suspect in BODIES} == BODIES


def test_numbers_have_their_noun() -> None:
    said = [counted("{number} vote", "{number} votes", number) for number in (0, 1, 1204)]
    assert said == ["0 votes", "1 vote", "1,204 votes"]


def test_the_lap_before_the_first_is_the_formation_lap() -> None:
    assert [lap_said(0, 73), lap_said(31, 63), lap_said(5)] == ["formation lap", "lap 31 of 63", "lap 5"]
