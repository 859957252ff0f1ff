import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.catalogue import Incidents
from bot.search.quotation_finder import Quotations
from storage.incidents.reading import read_drivers


@pytest.fixture(scope="module")
def quotations(shipped: Incidents) -> Quotations:
    return Quotations(shipped, read_drivers())


def speakers(quotations: Quotations, query: str) -> set[str]:
    return {saying.quotation.speaker for saying in quotations.about(query)}


def told_in(quotations: Quotations, query: str) -> set[str]:
    return {saying.incident.id for saying in quotations.about(query)}


@pytest.mark.parametrize(
    ("query", "speaker"),
    [
        ("hamilton", "Lewis Hamilton"),
        ("hamiltn", "Lewis Hamilton"),
        ("Lewis", "Lewis Hamilton"),
        ("checo", "Sergio Pérez"),
        ("perez", "Sergio Pérez"),
        ("stewards", "The stewards"),
        ("the steward", "The stewards"),
        ("toto wolff", "Toto Wolff"),
        ("max verstappen", "Max Verstappen"),
    ],
)
def test_a_speaker_is_found_by_any_name(quotations: Quotations, query: str, speaker: str) -> None:
    assert speakers(quotations, query) == {speaker}


def test_a_first_name_means_all_who_bear_it(quotations: Quotations) -> None:
    assert "Max Verstappen" in speakers(quotations, "max")
    assert speakers(quotations, "kimi") == {"Kimi Räikkönen", "Kimi Antonelli"}


@pytest.mark.parametrize("query", ["hamilton silverstone 2021", "lewis copse", "hamiltn silverstne 21", "HAM 51g"])
def test_a_speaker_on_an_incident(quotations: Quotations, query: str) -> None:
    assert speakers(quotations, query) == {"Lewis Hamilton"}
    assert told_in(quotations, query) == {"silverstone-2021"}


def test_an_incident_has_all_its_sides(quotations: Quotations, shipped: Incidents) -> None:
    incident = shipped.get("imola-2021")
    assert incident is not None
    assert {saying.quotation for saying in quotations.about("imola")} == set(incident.quotations)


def test_a_season_is_told_in_full(quotations: Quotations, shipped: Incidents) -> None:
    assert told_in(quotations, "2021") == {incident.id for incident in shipped if incident.season == 2021}


def test_two_speakers_are_heard_on_what_is_between_them(quotations: Quotations) -> None:
    assert speakers(quotations, "russell bottas") == {"George Russell", "Valtteri Bottas"}
    assert told_in(quotations, "russell bottas") == {"imola-2021"}


def test_who_said_nothing_there_leaves_the_word_to_the_others(quotations: Quotations) -> None:
    assert speakers(quotations, "senna imola") == speakers(quotations, "imola")


def test_who_is_asked_about_nothing_we_tell_is_quoted_on_the_rest(quotations: Quotations) -> None:
    assert quotations.about("hamilton zandvoort") == quotations.about("hamilton")


def test_a_place_is_not_taken_for_a_mistyped_speaker(quotations: Quotations) -> None:
    assert told_in(quotations, "jerez") == {"jerez-1997"}, "Jerez is not Pérez"
    assert told_in(quotations, "schumacher jerez") == {"jerez-1997"}


def test_nothing_asked_is_everything_and_nonsense_is_nothing(quotations: Quotations) -> None:
    assert speakers(quotations, "") > {"Lewis Hamilton", "Ayrton Senna"}
    assert quotations.about("asdfgh") == []
    assert quotations.about("zandvoort") == []


def test_every_saying_is_found_by_its_key(quotations: Quotations) -> None:
    for saying in quotations.about(""):
        assert quotations[saying.quotation.key] == saying
    with pytest.raises(KeyError):
        quotations[-1]


def test_every_speaker_is_found_by_name(quotations: Quotations) -> None:
    for speaker in speakers(quotations, ""):
        assert speaker in speakers(quotations, speaker)


@given(st.text(max_size=60))
def test_whatever_is_asked_is_answered(quotations: Quotations, query: str) -> None:
    quotations.about(query)
