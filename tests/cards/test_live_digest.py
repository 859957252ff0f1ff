import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.render import render as on_discord
from bot.adapters.telegram.render import render as on_telegram
from bot.cards.live_digest import SHOWN, digest_reply
from bot.chat.buttons import BUTTON_LABEL, BUTTON_ROWS, Button
from bot.chat.instants import as_written
from bot.domain.live_telling import LiveIncident, Stage
from bot.i18n import LANGUAGES, speaking
from tests.support.conversation import buttons, labels

NOW = dt.datetime(2026, 9, 6, 13, tzinfo=dt.UTC)
NAMES = ("Verstappen", "Norris", "Hülkenberg", "de Vries", "Antonelli")


def incident(
    number: int = 1,
    stage: Stage = Stage.INVESTIGATION_OPEN,
    names: tuple[str, ...] = ("Verstappen", "Norris"),
    place: str = "turn 4",
    penalties: tuple[str, ...] = (),
) -> LiveIncident:
    return LiveIncident(f"monza-2026-ver-nor-t{number}", names, place, stage, NOW, penalties)


def digest(*incidents: LiveIncident, veiled: bool = False) -> tuple[str, list[str], list[Button]]:
    """The title, the lines and the buttons of a digest."""
    reply = digest_reply("Italian Grand Prix", "monza 2026", incidents, veiled=veiled)
    return reply.card.title, as_written(reply.card.paragraphs[0]).splitlines(), buttons(reply)


def test_each_incident_has_a_line_and_the_way_to_its_poll() -> None:
    title, lines, doors = digest(
        incident(),
        incident(9, Stage.NOTED_ONLY, ("Hamilton", "Leclerc"), place=""),
        incident(10, Stage.PENALTY, penalties=("10 second time penalty for car 4 (NOR)",)),
    )
    assert title == "Italian Grand Prix: 3 more incidents to argue about"
    assert lines == [
        "Verstappen and Norris, turn 4 (1) – under investigation",
        "Hamilton and Leclerc – noted",
        "Verstappen and Norris, turn 4 (2) – 10 second time penalty for car 4 (NOR)",
    ]
    assert doors[0] == Button("Verstappen and Norris, turn 4 (1)", "blame", "monza-2026-ver-nor-t1")
    assert doors[1].label == "Hamilton and Leclerc"


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (Stage.NOTED_ONLY, "noted"),
        (Stage.INVESTIGATION_OPEN, "under investigation"),
        (Stage.AFTER_RACE, "to be investigated after the race"),
        (Stage.NO_FURTHER_ACTION, "no further action"),
        (Stage.PENALTY, "penalty"),
    ],
)
def test_nobody_is_called_guilty_of_what_is_not_ruled(stage: Stage, said: str) -> None:
    _title, lines, _doors = digest(incident(stage=stage))
    assert lines == [f"Verstappen and Norris, turn 4 – {said}"]


def test_of_very_many_the_first_are_shown_and_the_last_button_leads_to_all() -> None:
    _title, lines, doors = digest(*(incident(number) for number in range(12)))
    assert len(lines) == SHOWN + 1
    assert lines[-1] == "and 4 more"
    assert len(doors) == SHOWN + 1
    assert doors[-1] == Button("All of this race", "incidents", "monza 2026")
    _title, lines, doors = digest(*(incident(number) for number in range(SHOWN)))
    assert (len(lines), len(doors)) == (SHOWN, SHOWN)


def test_veiled_nothing_in_sight_names_anybody() -> None:
    reply = digest_reply("Italian Grand Prix", "monza 2026", [incident(1), incident(2)], veiled=True)
    assert reply.veiled
    assert labels(reply) == ["1", "2"]
    assert "Verstappen" not in reply.card.title
    assert as_written(reply.card.paragraphs[0]).splitlines()[1].startswith("2. Verstappen and Norris")
    text, _keyboard = on_telegram(reply)
    assert text.index("<tg-spoiler>") < text.index("Verstappen")


def test_a_label_is_as_long_as_a_button_is() -> None:
    _title, _lines, doors = digest(
        incident(1, place="the long run down to the second chicane"),
        incident(2, names=("Hülkenberg-Verstappen", "Antonelli-Norris", "Bortoleto")),
    )
    assert doors[0].label == "Verstappen and Norris"
    assert doors[1].label.endswith("…")
    assert len(doors[1].label) <= BUTTON_LABEL


def test_a_digest_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="a digest of nothing"):
        digest_reply("Italian Grand Prix", "monza 2026", [])


WORDS = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=300).map(lambda text: f"a{text}")
INCIDENTS = st.builds(
    incident,
    st.integers(0, 99),
    st.sampled_from(Stage),
    st.lists(st.sampled_from(NAMES) | WORDS.map(lambda text: text[:30]), min_size=2, max_size=6).map(tuple),
    st.just("") | WORDS,
    st.lists(WORDS, max_size=4).map(tuple),
)


@given(
    st.lists(INCIDENTS, min_size=1, max_size=40, unique_by=lambda each: each.id),
    st.sampled_from(sorted(LANGUAGES)),
    st.booleans(),
    WORDS,
)
def test_whatever_happened_it_can_be_sent_everywhere_and_fits_a_screen(
    incidents: list[LiveIncident], language: str, veiled: bool, race: str
) -> None:
    with speaking(language):
        reply = digest_reply(race, race, incidents, veiled=veiled)
    assert len(reply.buttons) <= BUTTON_ROWS
    assert len(as_written(reply.card.paragraphs[0]).splitlines()) <= SHOWN + 1
    on_telegram(reply)
    on_discord(reply)
