"""Every file that ships: it is read, it is consistent, and each of its cards can be sent anywhere."""

import datetime as dt
from collections.abc import Iterator

import pytest

from bot.cli.incident_files import unsendable
from bot.domain.incidents import Incident
from bot.search.catalogue import Incidents
from storage.incidents.reading import incident_files, read_circuits, read_drivers

SHIPPED = [file.name.removesuffix(".toml") for file in incident_files()]


@pytest.fixture(params=SHIPPED)
def incident(request: pytest.FixtureRequest, shipped: Incidents) -> Incident:
    found = shipped.get(request.param)
    assert found is not None
    return found


def links(incident: Incident) -> Iterator[str]:
    yield from (source.link for source in incident.sources)
    yield from (quotation.link for quotation in incident.quotations)
    if incident.ruling is not None:
        assert incident.ruling.link is not None
        yield incident.ruling.link
        yield from (review.link for review in incident.ruling.reviews)


def test_all_files_are_read(shipped: Incidents) -> None:
    assert {incident.id for incident in shipped} == set(SHIPPED)
    assert len(shipped) >= 40


def test_newest_comes_first(shipped: Incidents) -> None:
    dates = [incident.date for incident in shipped]
    assert dates == sorted(dates, reverse=True)


def test_every_card_fits_every_platform(shipped: Incidents, incident: Incident) -> None:
    assert list(unsendable(incident, shipped.circuit(incident).zone)) == []


def test_some_of_the_links_are_secure(incident: Incident) -> None:
    assert any(link.startswith("https://") for link in links(incident)), "old pages may be plain http, not all"


def test_nothing_is_said_before_it_happened(incident: Incident) -> None:
    day_before = incident.date - dt.timedelta(days=1)
    assert all(quotation.date >= day_before for quotation in incident.quotations)
    if incident.ruling is not None:
        assert incident.ruling.date >= incident.date
        assert all(review.date >= incident.date for review in incident.ruling.reviews)


def test_the_clock_runs_forward_from_the_race(incident: Incident) -> None:
    clocks = [moment.at for moment in incident.timeline if moment.at is not None]
    assert clocks == sorted(clocks)
    assert all(clock.date() >= incident.date - dt.timedelta(days=1) for clock in clocks)


def test_two_publishers_tell_it(incident: Incident) -> None:
    assert len({source.publisher for source in incident.sources}) >= 2


def test_quotations_are_served_once(shipped: Incidents) -> None:
    keys = [quotation.key for incident in shipped for quotation in incident.quotations]
    assert len(set(keys)) == len(keys)


def test_every_circuit_has_a_time_zone() -> None:
    assert all(circuit.zone.key == circuit.timezone for circuit in read_circuits().values())


def test_drivers_who_may_be_blamed_are_named_as_in_the_list_of_drivers(shipped: Incidents) -> None:
    names = {key: driver.name for key, driver in read_drivers().items()}
    people = {suspect.id: suspect.name for incident in shipped for suspect in incident.suspects if suspect.number}
    assert {key: names.get(key) for key in people} == people
