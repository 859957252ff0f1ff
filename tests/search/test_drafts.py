import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.poll import poll_reply
from bot.domain.cases import StageKind
from bot.domain.noted_records import NotedRecord, document_of
from bot.domain.noted_rulings import rulings_of
from bot.domain.polls import Poll
from bot.domain.race_control import Car, Session
from bot.i18n import LANGUAGES, speaking
from tests.support.cases import (
    ALB,
    ANT,
    DRAFTS,
    MONZA,
    MONZA_SPRINT,
    NOR,
    PIA,
    VER,
    cleared,
    draft,
    noted,
    penalised,
    then,
)


def test_a_case_becomes_an_incident_with_the_catalogues_names() -> None:
    incident = draft(noted(ANT, ALB))
    assert incident.id == "monza-2025-ant-alb-t4"
    assert incident.title == "Antonelli and Albon, turn 4, Monza 2025"
    assert incident.short_title == "Monza 2025 ANT ALB T4"
    assert [(suspect.id, suspect.name, suspect.team) for suspect in incident.suspects] == [
        ("antonelli", "Kimi Antonelli", "Mercedes"),
        ("albon", "Alexander Albon", "Williams"),
    ]
    assert (incident.circuit, incident.race, incident.zone.key) == ("monza", "Italian Grand Prix", "Europe/Rome")
    assert incident.poll
    assert incident.ruling is None
    assert (incident.summary, incident.quotations, incident.sources) == ("", (), ())


def test_the_sprint_is_not_the_race() -> None:
    assert draft(noted(), MONZA_SPRINT).session == "sprint"
    assert draft(noted(), MONZA_SPRINT).id == "monza-2025-ver-nor-t4-s"
    assert draft(noted(), replace(MONZA, name="Sprint Qualifying")).session == "qualifying"


@pytest.mark.parametrize(
    ("car", "key", "name"),
    [
        (Car(1, "VER"), "verstappen", "Max Verstappen"),
        (Car(47, "MSC", "Mick SCHUMACHER"), "schumacher-mick", "Mick Schumacher"),
        (Car(24, "ZHO", "ZHOU Guanyu"), "zhou", "Zhou Guanyu"),
        (Car(27, "HUL", "Nico HULKENBERG"), "hulkenberg", "Nico Hülkenberg"),
        (Car(21, "DEV", "Nyck DE VRIES"), "de-vries", "Nyck de Vries"),
        (Car(50, "IWA", "Ayumu IWASA"), "iwasa", "Ayumu Iwasa"),
        (Car(50, "XYZ"), "xyz", "XYZ"),
        (Car(50, ""), "car", "Car 50"),
    ],
)
def test_a_driver_is_known_by_name_or_code(car: Car, key: str, name: str) -> None:
    suspect = draft(noted(car, NOR)).suspects[0]
    assert (suspect.id, suspect.name) == (key, name)


def test_two_whom_nobody_knows_are_told_apart() -> None:
    assert [suspect.id for suspect in draft(noted(Car(50, ""), Car(51, ""))).suspects] == ["car", "car-a"]


def test_a_circuit_that_nobody_knows_goes_by_its_own_name() -> None:
    session = Session("1", "Patagonia Grand Prix", "Race", dt.date(2025, 1, 5), "Chile", "Ushuaia", "Ushuaia")
    incident = DRAFTS.of(session, noted())
    assert (incident.id, incident.circuit, incident.zone.key) == ("ushuaia-2025-ver-nor-t4", "ushuaia", "Etc/UTC")


NAMES = st.none() | st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1, max_size=100
)
"""What a source may call anybody or anything."""


@given(
    NAMES, NAMES, NAMES.filter(bool), NAMES, st.sampled_from([NOR, Car(4, "", "Ann Verstappen"), Car(0, "ZZZ", "X")])
)
def test_whatever_a_source_calls_them_it_becomes_an_incident_with_a_poll(
    driver: str | None, team: str | None, event: str, place: str | None, other: Car
) -> None:
    session = Session("1", " ".join(event.split()) or "-", "Race", dt.date(2025, 1, 5), None, place, place)
    bare = DRAFTS.of(session, penalised(noted(Car(99, "QQQ", driver, team), other), other, 12))
    kept = NotedRecord.of(bare.id, document_of(bare), tuple(rulings_of(bare))).incident
    poll = Poll.of(kept)
    for language in LANGUAGES:
        with speaking(language):
            assert poll_reply(kept, poll, poll.tally({}), poll.tally({})).buttons


def test_a_name_that_is_too_long_keeps_its_last_words() -> None:
    suspect = draft(noted(Car(50, "ABC", "Anna Maria Antonietta Bertolini Castiglione", "T" * 60), NOR)).suspects[0]
    assert (suspect.name, suspect.team) == ("Bertolini Castiglione", "T" * 48)


def test_of_a_crowd_nobody_is_asked_who_was_to_blame() -> None:
    crowd = [Car(number, f"A{chr(65 + number)}X") for number in range(7)]
    assert not draft(noted(*crowd)).poll
    assert draft(noted(*crowd[:6])).poll
    assert not draft(noted(reason="SAFETY CAR INFRINGEMENT")).poll


def test_one_car_is_no_incident_between_drivers() -> None:
    with pytest.raises(ValueError, match="suspects"):
        draft(noted(VER))


def test_what_is_kept_is_the_same_for_two_who_know_the_same() -> None:
    assert document_of(draft(noted())) == document_of(draft(noted()))
    assert document_of(draft(noted())) != document_of(draft(then(noted(), StageKind.UNDER_INVESTIGATION, 12)))


def test_each_verdict_of_race_control_is_a_ruling_and_penalties_add_up() -> None:
    case = penalised(penalised(cleared(noted(VER, NOR, PIA), 12), VER, 15), NOR, 16, "reprimand")
    assert [(ruling.message, ruling.decision, ruling.at_fault) for ruling in rulings_of(draft(case))] == [
        (12, "no further investigation", "[]"),
        (15, "10s time penalty for Verstappen", '["verstappen"]'),
        (16, "10s time penalty for Verstappen; reprimand for Norris", '["verstappen", "norris"]'),
    ]
