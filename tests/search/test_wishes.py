import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES
from bot.search.setting_words import REFUSALS, SETTINGS, is_none
from bot.search.spoiler_wishes import held
from bot.search.time_words import hours, seconds, span
from bot.search.wish import Wish
from bot.search.wishes import wishes
from bot.search.zone_finder import ZoneFinder
from storage.incidents.reading import read_circuits

ZONES = ZoneFinder(read_circuits().values())
YEAR = 2026
SENTENCES = tomllib.loads(Path(__file__).with_name("setting_sentences.toml").read_text(encoding="utf-8"))
TAKEN = {meant for sentences in SENTENCES.values() for meant in sentences}
SETTABLE = {"zone", "spoilers", "quiet", "delay", "polls", "closing", "role", "language"}


def wanted(typed: str) -> tuple[Wish, ...]:
    return wishes(typed, LANGUAGES, lambda text: bool(ZONES.find(text, YEAR)))


def written(found: tuple[Wish, ...]) -> str:
    return " | ".join(" ".join(wish) for wish in found)


@pytest.mark.parametrize("code", SENTENCES)
def test_what_people_type_in_their_language_is_understood(code: str) -> None:
    for meant, sentences in SENTENCES[code].items():
        for typed in sentences:
            assert written(wanted(typed)) == meant, typed


@pytest.mark.parametrize("code", LANGUAGES)
def test_in_every_language_there_are_enough_sentences_to_tell(code: str) -> None:
    assert sum(map(len, SENTENCES[code].values())) >= 150
    named = {meant.split()[0] for meant in SENTENCES[code] if meant}
    assert named == SETTABLE


@pytest.mark.parametrize(
    "typed",
    [
        *("zone Europe/Berlin", "zone none", "spoilers show", "spoilers veil", "spoilers hold 1440"),
        *("spoilers hold until 18:00", "quiet 00:00-09:00", "quiet off", "delay 120", "delay off", "polls blind"),
        *("polls open", "closing 168h", "closing off", "role day-before none", "language none", "language de"),
    ],
)
def test_what_the_buttons_say_is_meant_as_it_stands(typed: str) -> None:
    assert written(wanted(typed)) == typed


@pytest.mark.parametrize(
    ("typed", "setting"),
    [
        ("spoilers maybe", "spoilers"),
        ("hide results of Verstappen", "spoilers"),
        ("show results until 9am", "spoilers"),
        ("quiet 22:00", "quiet"),
        ("hide quiet hours", "quiet"),
        ("no quiet hours except from 22 to 7", "quiet"),
        ("quiet except from 22 to 7", "quiet"),
        ("keine Nachrichten außer von 22 bis 7 Uhr", "quiet"),
        ("delay results of 40 drivers", "spoilers"),
        ("delay soon", "delay"),
        ("hold 0", "spoilers"),
        ("wait 0 minutes", "spoilers"),
        ("hold 5000 minutes", "spoilers"),
        ("halte 0 zurück", "spoilers"),
        ("retener 0", "spoilers"),
        ("polls of 2021", "polls"),
        ("closing tomorrow", "closing"),
        ("role recaps @fans", "role"),
        ("zone Atlantis", "zone"),
        ("language Klingon", "language"),
    ],
)
def test_what_is_not_all_understood_keeps_its_words_for_the_setting_to_say_what_it_takes(
    typed: str, setting: str
) -> None:
    [wish] = wanted(typed)
    assert wish.setting == setting
    assert wish.value
    assert " ".join(wish) not in TAKEN


UNCLEAR = {
    "en": [
        *(
            "don't show results only at 9",
            "don't send results at 9",
            "never send results at 9",
            "hide results after 9am",
        ),
        *("no results after 10pm", "no results from 22:00 on", "hold results from 9 on", "hold results until after 9"),
        *("hold results until 9 except on sundays", "hide results on weekends", "hold results no more than 2 hours"),
        *("don't write outside 7 to 23", "don't only write from 7 to 23", "don't write only from 7 to 23"),
        *(
            "only write from 7 to 23, not at night",
            "not quiet, only from 22 to 7",
            "quiet hours end at 7",
            "quiet until 7",
        ),
        *("quiet hours from 23 to 8 instead of 22 to 7", "quiet hours from 23 to 8, not 22 to 7", "quiet from 22 on"),
        *(
            "quiet hours not from 22 to 7 but from 23 to 8",
            "change quiet hours from 22-7 to 23-8",
            "end quiet hours at 7am",
        ),
        *("move quiet hours from 22 to 23", "quiet on weekends from 22 to 7", "quiet today from 22 to 7"),
        *("don't close polls until 24 hours", "don't close polls, only after a week", "close polls within 24 hours"),
        *(
            "delay not 40 but 30 seconds",
            "delay 30 seconds instead of 40",
            "at least 40 seconds delay",
            "delay until 9",
        ),
        *(
            "delay from 9",
            "no more than 40 seconds delay",
            "delay 40 seconds only for qualifying",
            "quiet hours are over at 7",
        ),
    ],
    "de": [
        *("keine Ergebnisse nach 22 Uhr", "keine Ergebnisse ab 22 Uhr", "Ergebnisse nicht ab 9 Uhr zeigen"),
        *(
            "Ergebnisse nach 9 Uhr verbergen",
            "schick Ergebnisse nicht um 9 Uhr",
            "halte Ergebnisse nicht erst ab 9 Uhr zurück",
        ),
        *("halte Ergebnisse höchstens 2 Stunden zurück", "halte Ergebnisse nicht länger als 2 Stunden zurück"),
        *(
            "schreib nicht nur von 7 bis 23 Uhr",
            "keine Nachrichten außerhalb von 7 bis 23 Uhr",
            "Ende der Nachtruhe um 7",
        ),
        *("Nachtruhe von 23 bis 8 statt 22 bis 7", "Nachtruhe nicht von 22 bis 7, sondern von 23 bis 8"),
        *(
            "Nachtruhe von 22 bis 7 nur am Wochenende",
            "heute Ruhe von 22 bis 7",
            "nur von 7 bis 23 schreiben, nicht nachts",
        ),
        *("Umfragen nicht erst nach 24 Stunden schließen", "Verzögerung nicht 40, sondern 30 Sekunden"),
        *("mehr als 40 Sekunden Verzögerung", "höchstens 40 Sekunden Verzögerung", "Ruhe nicht vor 23 Uhr"),
    ],
    "es": [
        *(
            "no muestres los resultados solo a las 9",
            "no resultados a partir de las 22",
            "oculta resultados después de las 9",
        ),
        *("sin resultados después de las 22", "retén los resultados no más de 2 horas", "no escribas fuera de 7 a 23"),
        *("no escribas solo de 7 a 23", "solo escribe de 7 a 23, no de noche", "silencio de 23 a 8 en vez de 22 a 7"),
        *(
            "silencio no de 22 a 7 sino de 23 a 8",
            "silencio de 22 a 7 los fines de semana",
            "se acabó el silencio de 22 a 7",
        ),
        *(
            "no cierres las encuestas hasta pasadas 24 horas",
            "retraso de 30 segundos en vez de 40",
            "silencio hasta las 7",
        ),
    ],
}
"""What no setting can be set to, or what nobody knows how it is meant, in the languages that the bot speaks."""


def is_set(wish: Wish) -> bool:
    """Whether a setting takes a value, or is only shown."""
    takes: Mapping[str, Callable[[str], object]] = {
        "quiet": span,
        "delay": seconds,
        "closing": hours,
        "spoilers": lambda value: value in {"show", "veil"} or (value.startswith("hold ") and held(value[5:])) or None,
    }
    return not wish.value or is_none(wish.value) or takes[wish.setting](wish.value) not in (None, False)


@pytest.mark.parametrize(("code", "typed"), [(code, typed) for code, some in UNCLEAR.items() for typed in some])
def test_what_is_not_surely_understood_sets_nothing(code: str, typed: str) -> None:
    assert code in LANGUAGES
    [wish] = wanted(typed)
    assert not is_set(wish), wish


@pytest.mark.parametrize(
    "typed",
    ["write again from 7 on", "wieder schreiben ab 7 Uhr", "escribe a partir de las 7", "show results at the end"],
)
def test_what_is_of_no_setting_is_not_taken_for_one(typed: str) -> None:
    assert wanted(typed) == ()


def test_hours_by_a_clock_of_24_are_not_shifted_by_half_a_day() -> None:
    assert written(wanted("write from 7 to 23")) == "quiet 23:00-07:00 | quiet 07:00-23:00"


REFUSED = [
    *(
        (f"{refusal} {named}", off)
        for refusal in ("no", "never", "disable", "turn off", "don't turn on", "no more", "please remove the")
        for named, off in (
            ("quiet hours from 10pm to 7am", "quiet off"),
            ("delay of 40 seconds", "delay off"),
            ("closing after 24 hours", "closing off"),
            ("holding results until 9am", "spoilers show"),
            ("spoiler protection for 2 hours", "spoilers show"),
        )
    ),
    *(
        (refused.format(named), off)
        for refused in ("keine {}", "{} ausschalten", "nie {}", "bitte {} abstellen", "wir wollen keine {} mehr")
        for named, off in (
            ("Nachtruhe von 22 bis 7 Uhr", "quiet off"),
            ("Verzögerung von 40 Sekunden", "delay off"),
            ("Schließung nach 24 Stunden", "closing off"),
            ("zurückgehaltenen Ergebnisse bis 9 Uhr", "spoilers show"),
            ("Schutz vor Spoilern für 2 Stunden", "spoilers show"),
        )
    ),
    *(
        (f"{refusal} {named}", off)
        for refusal in ("sin", "nunca", "desactiva", "quita", "ya no queremos", "cancela", "no más")
        for named, off in (
            ("silencio de 22 a 7", "quiet off"),
            ("retraso de 40 segundos", "delay off"),
            ("cierre tras 24 horas", "closing off"),
            ("retener resultados hasta las 9", "spoilers show"),
            ("protección contra spoilers durante 2 horas", "spoilers show"),
        )
    ),
]


@pytest.mark.parametrize(("typed", "off"), REFUSED)
def test_a_value_that_is_refused_is_off(typed: str, off: str) -> None:
    assert written(wanted(typed)) == off


NAMES = ["quiet", "Nachtruhe", "silencio", "delay", "Verzögerung", "retraso", "closing", "Schließung", "cierre"]
TAKES: Mapping[str, Callable[[str], object]] = {"quiet": span, "delay": seconds, "closing": hours}
VALUES = ["from 22:00 to 7:00", "40 seconds", "24 hours", "please", "now"]


@given(
    refusal=st.sampled_from([*REFUSALS]),
    said=st.permutations([*NAMES, *VALUES, "", "", ""]).map(lambda some: some[:4]),
    place=st.integers(0, 4),
)
def test_wherever_a_refusal_stands_a_value_is_not_set_without_asking(refusal: str, said: list[str], place: int) -> None:
    said.insert(place, refusal)
    found = wanted(" ".join(said))
    taken = [wish for wish in found if wish.setting in TAKES and TAKES[wish.setting](wish.value) is not None]
    assert not taken or len(found) > 1 or not {*said} & {*NAMES}


@given(st.lists(st.sampled_from([*SETTINGS, "22-7", "hide", "off", "Berlin", "de", "2h", "40", "?", "my"]), max_size=8))
def test_whatever_is_said_in_whatever_order_is_a_wish_of_a_setting_or_none(words: list[str]) -> None:
    assert {wish.setting for wish in wanted(" ".join(words))} <= SETTABLE


@given(st.text(max_size=80))
def test_whatever_is_typed_can_be_answered(typed: str) -> None:
    assert {wish.setting for wish in wanted(typed)} <= SETTABLE
