"""What people say to the bot alone who know no commands, and commands that go by another name elsewhere."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.dispatcher import ADMINS_ONLY
from bot.chat.requests import Request
from bot.chat.said_commands import ALSO, said_plainly
from bot.domain.places import User
from tests.support.conversation import Ask, Conversation, alone, buttons
from tests.support.season import FAN, Fans

QUERIES = Path(__file__).parents[1] / "search"


@pytest.mark.parametrize(
    ("said", "title"),
    [
        *((said, "What you can ask") for said in ("help", "Help!", "Hilfe", "¿Ayuda?")),
        *((said, "Racing Incident") for said in ("hi", "Hello there", "Hallo", "¡Hola a todos!", "start")),
        ("hi, what happened at imola 2021?", "Bottas and Russell, Imola 2021"),
        ("Hallo, nächstes Rennen", "British Grand Prix"),
        *((said, "Drivers' championship 2021") for said in ("standings", "WM-Stand", "mundial", "tabla 2021")),
        ("standings teams", "Constructors' championship 2021"),
        *((said, "British Grand Prix") for said in ("next race", "When is the next race?", "nächstes Rennen")),
        *((said, "British Grand Prix") for said in ("próxima carrera", "next silverstone")),
        *((said, "Emilia Romagna Grand Prix 2021") for said in ("results imola", "Ergebnisse Imola", "resultados")),
        *((said, "Settings of this chat") for said in ("settings", "Einstellungen", "ajustes")),
        ("blame imola", "Who was to blame? Bottas and Russell, Imola 2021"),
        ("imola", "Bottas and Russell, Imola 2021"),
        ("crash imola", "Bottas and Russell, Imola 2021"),
        *((said, "Which crash? Type a name, or pick one.") for said in ("crash", "🏎️💥", "?", "...")),
        *((said, "8 incidents") for said in ("What's new?", "Was gibt's Neues?", "¿Qué hay de nuevo?")),
        *(
            (said, "Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris")
            for said in ("last race", "letztes Rennen")
        ),
        ("start crash imola", "No incident by that name. Close by: Imola 2021. /incidents has them all."),
    ],
)
async def test_whoever_is_alone_with_the_bot_needs_no_stroke(fans: Fans, said: str, title: str) -> None:
    assert (await fans.talk.ask(said, FAN, alone(FAN))).card.title == title


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        *(
            (said, "You are welcome.")
            for said in ("thanks", "Thank you so much!", "Danke", "vielen Dank", "gracias", "🙏")
        ),
        *((said, "You are welcome.") for said in ("ok thanks bye", "haha danke dir", "hi, muchas gracias")),
        *((said, "Racing can be like that.") for said in ("lol", "LOOOL", "hahaha", "jajaja", "haha ok", "😂😂")),
        *((said, "Until the next race.") for said in ("bye", "good night", "Tschüss", "¡Hasta luego!", "👋🏽")),
        *((said, "No harm done.") for said in ("sorry", "tut mir leid", "perdón")),
        *((said, "Ready for the next start.") for said in ("how are you?", "Wie geht's?", "¿Qué tal?")),
        *(
            (said, "All right. Name a race, drivers or a nickname whenever you like.")
            for said in ("ok", "OK.", "yes please", "no", "nice", "alles klar", "ja", "vale", "muy bien", "👍", "👍🏽")
        ),
        *((said, "Racing Incident") for said in ("good morning", "Guten Abend zusammen", "¡Buenos días!")),
        *((said, "About Racing Incident") for said in ("who are you?", "Wer bist du?", "¿Quién eres?")),
        *((said, "What you can ask") for said in ("What can you do?", "Was kannst du?", "¿Qué puedes hacer?")),
        *((said, "Bottas and Russell, Imola 2021") for said in ("ok imola", "thanks, and imola?", "lol, Imola 2021")),
    ],
)
async def test_what_asks_for_nothing_is_answered_in_a_sentence(ask: Ask, al: User, said: str, answer: str) -> None:
    assert (await ask(said, al, alone(al))).card.title == answer


@pytest.mark.parametrize("said", ["hi", "thanks", "ha", "👍", "ok"])
async def test_nobody_can_say_too_much_of_it(ask: Ask, al: User, said: str) -> None:
    reply = await ask(f"{said} " * 20_000 + "imola", al, alone(al))
    assert reply.card.title.startswith(("No incident by that name.", "Racing Incident", "Bottas and Russell"))


async def test_small_talk_is_made_in_the_language_of_the_chat(ask: Ask, al: User) -> None:
    await ask("/language deutsch", al, alone(al))
    assert (await ask("danke", al, alone(al))).card.title == "Gern geschehen."
    await ask("/language español", al, alone(al))
    assert (await ask("gracias", al, alone(al))).card.title == "De nada."


def _queries(table: Any) -> Iterator[str]:
    for key, value in table.items():
        yield key
        yield from _queries(value) if isinstance(value, dict) else value if isinstance(value, list) else [str(value)]


async def test_nothing_that_names_a_crash_is_taken_for_a_command(bot: Conversation, al: User) -> None:
    """But greetings, what asks for nothing, and the bare word."""
    queries = [
        query
        for name in ("queries", "held_out", "mistyped", "not_told")
        for query in _queries(tomllib.loads((QUERIES / f"{name}.toml").read_text(encoding="utf-8")))
    ]
    taken = [
        query
        for query in queries
        if said_plainly(Request("", query, al, alone(al)), bot.core.dispatcher.commands).command
    ]
    assert {*taken} == {"hello", "hello world", "crash", "how are you"}


@pytest.mark.parametrize(
    ("line", "door"),
    [
        ("/hilfe", "/help"),
        ("/ergebnisse imola", "/results imola"),
        ("/Wm", "/standings"),
        ("/cita russell", "/quote russell"),
    ],
)
async def test_a_command_by_another_name_leads_to_the_one_that_is_meant(fans: Fans, line: str, door: str) -> None:
    assert [button.label for button in buttons(await fans.talk.ask(line, FAN))] == [door]


async def test_every_other_name_is_that_of_a_command(fans: Fans) -> None:
    assert {*ALSO.values()} <= fans.dispatcher.commands.keys()
    assert not ALSO.keys() & fans.dispatcher.commands.keys()


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe", "settings", "reminders"])
async def test_who_is_no_admin_is_told_where_they_can_have_it_for_themselves(ask: Ask, al: User, command: str) -> None:
    refused = await ask(f"/{command}", al)
    assert refused.card.title == f"{ADMINS_ONLY} Write to me alone, and you can say /{command} for yourself."
    assert not (await ask(f"/{command}", al, alone(al))).card.title.startswith("Only this chat's admins")


async def test_what_groups_alone_have_is_no_such_thing(ask: Ask, al: User) -> None:
    assert (await ask("/polls off", al)).card.title == ADMINS_ONLY
