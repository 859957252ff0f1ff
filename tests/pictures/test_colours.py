"""Every colour can be told from the paper."""

import pytest
from PIL import ImageColor

from bot.pictures.colours import ACCENT, CALM, GAIN, INK, LOSS, MUTED, NEUTRAL, PAPER, TEAMS, team_colour
from bot.pictures.nations import NATIONS

ENTERED = """
adams afm ags alfa alfa_romeo alphatauri alpine alta amon andrea_moda apollon arrows arzani-volpini aston_butterworth
aston_martin ats audi bar behra-porsche bellasi benetton bmw bmw_sauber boro brabham brabham-alfa_romeo brabham-brm
brabham-climax brabham-ford brabham-repco brawn brm brm-ford bromme brp bugatti cadillac caterham christensen cisitalia
coloni connaught connew cooper cooper-alfa_romeo cooper-ats cooper-borgward cooper-brm cooper-castellotti cooper-climax
cooper-ferrari cooper-ford cooper-maserati cooper-osca dallara de_tomaso de_tomaso-alfa_romeo de_tomaso-ferrari
de_tomaso-osca deidt del_roy delage derrington dunn eagle-climax eagle-weslake eifelland elder emeryson emw enb ensign
epperly era eurobrun ewing ferguson ferrari first fittipaldi fondmetal footwork force_india forti frazer_nash fry gilby
gordini haas haas_lola hall hesketh hill honda hrt hwm iso_marlboro jaguar jbw jordan kauhsen kick_sauber klenk kojima
kurtis_kraft kuzma lambo lamborghini lancia langley larrousse lds lds-alfa_romeo lds-climax lec lesovsky leyton
leyton_house life ligier lola lotus lotus-borgward lotus-brm lotus-climax lotus-ford lotus-maserati lotus-pw lotus_f1
lotus_racing lyncar maki manor march march-alfa_romeo march-ford marchese martini marussia maserati matra matra-ford mbm
mcguire mclaren mclaren-alfa_romeo mclaren-brm mclaren-ford mclaren-seren mercedes merzario meskowski mf1 midland milano
minardi moda moore nichels olson onyx osca osella pacific pankratz parnelli pawl penske phillips politoys porsche prost
protos racing_bulls racing_point rae ram rb re realpha rebaque red_bull renault rial salih sauber scarab schroeder
scirocco shadow shadow-ford shadow-matra shannon sherman simca simca_gordini simtek snowberger spirit spyker spyker_mf1
stebro stevens stewart super_aguri surtees sutton talbot talbot_lago team_lotus tec-mec tecno theodore token toleman
toro_rosso toyota trevis trojan turner tyrrell vanwall venturi veritas virgin watson wetteroth williams wolf zakspeed
"""
"""Constructors of 1950 to 2026, as archives write them."""


def luminance(colour: str) -> float:
    """WCAG 2's relative luminance."""
    channels = (channel / 255 for channel in ImageColor.getrgb(colour))
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_ratio_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", [INK, MUTED, GAIN, LOSS])
def test_text_stands_out(colour: str) -> None:
    assert contrast(colour, PAPER) >= 4.5


@pytest.mark.parametrize("colour", sorted({*TEAMS.values(), NEUTRAL, ACCENT, CALM}))
def test_shapes_stand_out(colour: str) -> None:
    assert contrast(colour, PAPER) >= 3


def test_the_teams_of_a_season_look_different() -> None:
    grid = ["red_bull", "mercedes", "ferrari", "mclaren", "williams", "rb"]
    grid += ["aston_martin", "alpine", "haas", "audi", "cadillac"]
    assert len({team_colour(team) for team in grid}) == len(grid)


@pytest.mark.parametrize("name", ["haas", "Haas F1 Team", "HAAS"])
def test_a_team_is_known_by_its_id_and_by_its_name(name: str) -> None:
    assert team_colour(name) == TEAMS["haas"]


@pytest.mark.parametrize("colour", sorted(NATIONS.values()))
def test_a_nations_colour_stands_out_from_light_and_from_dark(colour: str) -> None:
    assert contrast(colour, PAPER) >= 3
    assert contrast(colour, INK) >= 3


@pytest.mark.parametrize("constructor", ENTERED.split())
def test_whoever_entered_a_race_has_a_colour_in_either_spelling(constructor: str) -> None:
    known = {*TEAMS.values(), *NATIONS.values()}
    colours = {team_colour(spelt) for spelt in (constructor, constructor.replace("_", "-"))}
    assert len(colours) == 1
    assert colours <= known
    assert constructor == "haas" or colours != {NEUTRAL}


@pytest.mark.parametrize(
    ("team", "other"),
    [
        ("cooper-climax", "Cooper"),
        ("lotus-ford", "team_lotus"),
        ("brabham-repco", "brabham"),
        ("eagle-weslake", "Eagle"),
        ("Talbot-Lago", "talbot"),
        ("red-bull", "Red Bull"),
        ("racing-bulls", "rb"),
        ("alfa-romeo", "alfa"),
        ("leyton-house", "leyton"),
    ],
)
def test_one_team_has_one_colour_however_it_is_written(team: str, other: str) -> None:
    assert team_colour(team) == team_colour(other) != NEUTRAL


@pytest.mark.parametrize(
    ("team", "country"),
    [
        ("vanwall", "Britain"),
        ("maserati", "Italy"),
        ("gordini", "France"),
        ("porsche", "Germany"),
        ("enb", "Belgium"),
        ("kurtis_kraft", "USA"),
        ("lds-alfa_romeo", "South Africa"),
    ],
)
def test_who_has_no_livery_races_in_the_nations_colour(team: str, country: str) -> None:
    assert team_colour(team) == NATIONS[country]


@pytest.mark.parametrize("name", [None, "", "Nobody's Team", "…"])
def test_an_unknown_team_is_neutral(name: str | None) -> None:
    assert team_colour(name) == NEUTRAL
