"""What is typed after commands, in every language that is spoken here."""

import pytest

from bot.domain.places import User
from bot.search.argument_words import asks_for_any, switched
from tests.support.conversation import PIT_WALL, Ask
from tests.support.season import Fans


@pytest.mark.parametrize(
    "asked",
    [
        *("standings drivers", "standings fahrer", "standings Fahrer-WM", "standings pilotos", "standings wm"),
        *("standings campeonato de pilotos", "standings mundial 2021", "standings fahrer dieses Jahr"),
    ],
)
async def test_the_drivers_championship_is_asked_for_in_any_language(fans: Fans, asked: str) -> None:
    assert (await fans.ask(asked)).card.title == "Drivers' championship 2021"


@pytest.mark.parametrize(
    "asked",
    [
        *("standings konstrukteure", "standings Konstrukteurs-WM 2021", "standings teams", "standings equipos"),
        *("standings constructores 2021", "standings escuderías"),
    ],
)
async def test_and_so_is_the_constructors(fans: Fans, asked: str) -> None:
    assert (await fans.ask(asked)).card.title == "Constructors' championship 2021"


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        *(
            (f"results {said}", "Emilia Romagna Grand Prix 2021")
            for said in ("letztes Rennen", "última carrera", "Ergebnis")
        ),
        ("results carrera de Imola", "Emilia Romagna Grand Prix 2021"),
        *(
            (f"results {said}", "Emilia Romagna Grand Prix 2021, qualifying")
            for said in (
                "Qualifikation",
                "imola quali",
                "clasificación",
                "clasificacion imola 2021",
                "imola calificación",
            )
        ),
        *(
            (f"results {said}", "Emilia Romagna Grand Prix 2021: the grid")
            for said in ("Startaufstellung", "imola startplätze", "parrilla", "parrilla de salida imola", "grid")
        ),
        *((f"results {said}", "British Grand Prix 2021, sprint") for said in ("Sprintrennen", "carrera al sprint")),
        ("recap letztes rennen", "Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris"),
        ("recap crónica de imola", "Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris"),
        ("calendar temporada 2021", "The 2021 season: 5 races"),
        ("calendar Saison 2021", "The 2021 season: 5 races"),
    ],
)
async def test_results_are_asked_for_in_any_language(fans: Fans, asked: str, title: str) -> None:
    assert (await fans.ask(asked)).card.title == title


@pytest.mark.parametrize("said", ["picture", "as a picture", "als Bild", "bild", "como imagen", "imagen"])
@pytest.mark.parametrize("asked", ["standings teams", "results imola"])
async def test_a_picture_is_asked_for_as_its_button_says(fans: Fans, asked: str, said: str) -> None:
    assert (await fans.ask(f"{asked} {said}")).attachment is not None


@pytest.mark.parametrize(
    "typed",
    [
        *("random", "zufällig", "Zufall", "irgendein Crash", "al azar", "aleatorio", "un accidente al azar"),
        *("another one", "noch einer", "noch einen Crash", "otro", "surprise me", "überrasch mich", "sorpréndeme"),
    ],
)
def test_any_is_asked_for_in_any_language(typed: str) -> None:
    assert asks_for_any(typed)


@pytest.mark.parametrize("typed", ["", "crash", "random imola", "un accidente"])
def test_what_names_one_or_none_asks_for_no_other(typed: str) -> None:
    assert not asks_for_any(typed)


@pytest.mark.parametrize(("word", "on"), [("an", True), ("sí", True), ("aus", False), ("no", False), ("imola", None)])
def test_a_word_turns_something_on_or_off_or_does_neither(word: str, on: bool | None) -> None:
    assert switched(word) is on


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        *(
            (f"/polls {off}", "Blame polls are off in this chat")
            for off in ("off", "aus", "no", "ausschalten", "desactivar")
        ),
        *((f"/polls {on}", "Blame polls are on in this chat") for on in ("on", "an", "sí", "einschalten", "activar")),
        *(
            (f"/polls {close}", "Closed here: Bottas and Russell, Imola 2021")
            for close in ("close imola", "schließen imola", "Imola schließen", "cerrar imola", "cierra imola")
        ),
        *(
            (f"/polls {opened}", "Open here: Bottas and Russell, Imola 2021")
            for opened in ("open imola", "öffnen imola", "imola öffnen", "abrir imola")
        ),
    ],
)
async def test_polls_are_turned_on_and_off_and_closed_in_any_language(
    ask: Ask, boss: User, asked: str, title: str
) -> None:
    assert (await ask(asked, boss)).card.title == title


@pytest.mark.parametrize(
    ("asked", "topics"),
    [
        *(
            (f"/reminders {one}", {"hour-before"})
            for one in ("rennen 1h an", "Rennen 1 Stunde vorher an", "carrera 1h sí")
        ),
        *(
            (f"/reminders {one}", {"hour-before"})
            for one in ("carrera una hora antes sí", "race an hour before on", "R 1h on")
        ),
        *(
            (f"/reminders {one}", {"qualifying-24h"})
            for one in ("Qualifikation einen Tag vorher an", "clasificación un día antes sí")
        ),
        *(
            (f"/reminders {one}", {"practice-15m"})
            for one in ("FT 15 min an", "Training 15 Minuten vorher an", "L 15 min sí")
        ),
    ],
)
async def test_reminders_are_asked_for_in_any_language_and_as_their_buttons_say(
    fans: Fans, boss: User, asked: str, topics: set[str]
) -> None:
    await fans.talk.ask(asked, boss)
    assert {*await fans.subscriptions.of(PIT_WALL)} == topics
