from bot.domain.names import Circuit
from bot.search.catalogue import Incidents
from bot.search.completing import MOST, races, seasons
from storage.incidents.reading import read_circuits
from tests.support.clock import HeldClock
from tests.support.season import Fans

MONZA = Circuit(name="Monza", country="Italy", timezone="Europe/Rome", also=("Italian",))
MONACO = Circuit(name="Monaco", country="Monaco", timezone="Europe/Monaco")


def test_seasons_are_offered_the_latest_first() -> None:
    clock = HeldClock()
    year = clock.now().year
    suggest = seasons(clock)
    assert [each.argument for each in suggest("")][:2] == [f"{year}", f"{year - 1}"]
    assert len(suggest("")) == MOST
    assert [each.argument for each in suggest("195")][-1] == "1950"


def test_a_word_may_stand_before_a_season() -> None:
    clock = HeldClock()
    suggest = seasons(clock, "drivers", "teams")
    assert [each.argument for each in suggest("")] == ["drivers", "teams"]
    assert [each.argument for each in suggest("t")] == ["teams"]
    assert [each.argument for each in suggest("teams 2021")] == ["teams 2021"]
    assert [each.argument for each in suggest("2021")] == ["2021"]
    assert suggest("x") == []


def test_races_are_offered_by_any_name_of_their_circuit() -> None:
    suggest = races([MONZA, MONACO])
    assert [each.argument for each in suggest("")] == ["Monaco", "Monza"]
    assert [each.argument for each in suggest("ital")] == ["Monza"]
    assert [each.argument for each in suggest("mon 2021")] == ["Monaco 2021", "Monza 2021"]


def test_places_that_are_long_gone_are_offered_last_and_for_no_later_season() -> None:
    suggest = races(read_circuits().values())
    assert "Aintree" not in {each.argument for each in suggest("")}
    offered = [each.argument for each in suggest("mon")]
    assert offered.index("Monza") < offered.index("Monsanto")
    assert [each.argument for each in suggest("zold 1982")] == ["Zolder 1982"]
    assert suggest("zold 1985") == []


async def test_what_is_offered_is_understood(fans: Fans) -> None:
    by_circuit, by_season = races(read_circuits().values()), seasons(fans.clock, "teams")
    (imola,) = by_circuit("imola 2021")
    for asked in (f"/results {imola.argument}", f"/recap {imola.argument}"):
        assert (await fans.ask(asked)).card.title.startswith("Emilia Romagna Grand Prix")
    (teams,) = by_season("teams 2021")
    assert (await fans.ask(f"/standings {teams.argument}")).card.title == "Constructors' championship 2021"


def test_nothing_is_offered_for_a_day_that_no_calendar_has(shipped: Incidents) -> None:
    assert shipped.starting("31.2.2021") == []
    assert shipped.starting("imola 31.2.2021") == []
