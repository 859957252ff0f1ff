"""A short night of each sort; `make chaos` has long ones."""

import sys
from random import Random

import pytest

from tests.chaos.clocks import BY_WRONG_CLOCKS
from tests.chaos.deploys import DEPLOYING
from tests.chaos.gateways import AT_THE_GATEWAY
from tests.chaos.network_troubles import NETWORK_TROUBLES
from tests.chaos.recaps import WHILE_TELLING, WHILE_TELLING_ON_A_SERVER
from tests.chaos.silences import FALLING_SILENT
from tests.chaos.troubles import ON_A_FILE, ON_A_SERVER, night_on_a_file, night_on_a_network, night_on_a_server
from tests.chaos.updates import ON_THE_WAY
from tests.support.earlier_version import MISSING, version_before

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are treated badly by what Linux has for it"),
    pytest.mark.timeout(400),  # processes and servers take their time on a busy machine
]

A_MOMENT = 0.5
"""Seconds that trouble lasts."""


@pytest.mark.parametrize("trouble", ON_A_FILE)
def test_a_bad_night_on_a_file(trouble: str) -> None:
    night = night_on_a_file(trouble, Random(1994), A_MOMENT)
    assert night.votes > 0
    assert night.well, night


@pytest.mark.postgresql
@pytest.mark.parametrize("trouble", ON_A_SERVER)
def test_a_bad_night_on_a_server(trouble: str) -> None:
    night = night_on_a_server(trouble, Random(1994), A_MOMENT)
    assert night.votes > 0
    assert night.well, night


@pytest.mark.postgresql
@pytest.mark.parametrize("trouble", NETWORK_TROUBLES)
def test_a_bad_night_on_the_way_to_a_server(trouble: str) -> None:
    night = night_on_a_network(trouble, Random(1994), A_MOMENT)
    assert night.votes > 0
    assert night.well, night


@pytest.mark.postgresql
def test_a_bad_night_of_recaps_on_a_server() -> None:
    night = WHILE_TELLING_ON_A_SERVER["server killed amid recaps"](Random(1994), A_MOMENT)
    assert night.recaps > 0
    assert night.well, night


@pytest.mark.parametrize("trouble", WHILE_TELLING)
def test_a_bad_night_of_recaps(trouble: str) -> None:
    night = WHILE_TELLING[trouble](Random(1994), A_MOMENT)
    assert night.recaps > 0
    assert night.well, night


@pytest.mark.parametrize("trouble", AT_THE_GATEWAY)
def test_a_bad_night_at_the_gateway(trouble: str) -> None:
    night = AT_THE_GATEWAY[trouble](Random(1994), A_MOMENT)
    assert night.votes > 0
    assert night.well, night


@pytest.mark.parametrize("trouble", FALLING_SILENT)
def test_a_bad_night_in_silence(trouble: str) -> None:
    night = FALLING_SILENT[trouble](Random(1994), A_MOMENT)
    assert night.votes > 0
    assert night.recaps > 0
    assert night.well, night


@pytest.mark.postgresql
@pytest.mark.parametrize("trouble", BY_WRONG_CLOCKS)
def test_a_bad_night_by_wrong_clocks(trouble: str) -> None:
    night = BY_WRONG_CLOCKS[trouble](Random(1994), A_MOMENT)
    assert night.recaps > 0
    assert night.well, night


@pytest.mark.postgresql
@pytest.mark.parametrize("trouble", ON_THE_WAY)
def test_a_bad_night_of_updates(trouble: str) -> None:
    night = ON_THE_WAY[trouble](Random(1994), A_MOMENT)
    assert night.votes > 0
    assert night.well, night


@pytest.mark.postgresql
@pytest.mark.parametrize("trouble", DEPLOYING)
def test_a_bad_night_of_a_deploy(trouble: str) -> None:
    if version_before() is None:
        pytest.skip(MISSING)
    night = DEPLOYING[trouble](Random(1994), A_MOMENT)
    assert night.votes > 0
    assert night.recaps > 0
    assert night.well, night
