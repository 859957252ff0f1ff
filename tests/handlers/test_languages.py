"""Chats that chose a language are answered in it, and no other chat is."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from bot.chat.instants import as_written
from bot.chat.requests import Request
from bot.domain.places import Chat, Platform, Post, User
from bot.i18n import spoken
from tests.support.conversation import GRANDSTAND, PIT_WALL, Ask, Conversation, Press, alone, fields, labels, votes
from tests.support.platform_double import PlatformDouble
from tests.support.season import Fans


@pytest.fixture
async def german(ask: Ask, boss: User) -> None:
    """The pit wall is spoken to in German."""
    await ask("/settings language deutsch", boss)


@pytest.fixture
async def spanish(ask: Ask, boss: User) -> None:
    """The grandstand is spoken to in Spanish."""
    await ask("/settings language es", boss, GRANDSTAND)


@pytest.mark.usefixtures("german")
async def test_a_german_chat_argues_in_german(ask: Ask, press: Press, al: User, bo: User) -> None:
    story = await ask("/crash imola", al)
    assert story.card.title == "Bottas und Russell, Imola 2021"
    assert "18. April 2021 · Runde 31 von 63" in story.card.subtitle
    assert labels(story) == ["Wer war schuld?", "Zitate", "Ablauf", "Die Entscheidung"]
    poll = await press(story, "Wer war schuld?", al)
    assert poll.card.title == "Wer war schuld? Bottas und Russell, Imola 2021"
    assert poll.card.paragraphs == (
        "Hier hat noch niemand abgestimmt. Einmal tippen ist eine Stimme; du kannst sie ändern.",
    )
    quotation = await press(story, "Zitate", al)
    assert quotation.card.title == "Bottas und Russell, Imola 2021"
    vote = await press(poll, "Vor allem Russell", al)
    assert vote.card.title == "Vor allem Russell"
    assert as_written(vote.card.paragraphs[0]).startswith(
        "Sonst hat noch niemand abgestimmt; die Rennkommissare: niemand war schuld."
    )
    vote = await press(poll, "Rennunfall", bo)
    assert as_written(vote.card.paragraphs[0]).startswith("Derselben Meinung: 1 von 2; ")
    assert votes(await ask("/blame imola", al)).keys() == {"Hier (2)"}
    assert votes(await ask("/verdict imola", al)) == {
        "Fans, nach der Entscheidung (2)": (
            "nur Bottas 0 · vor allem Bottas 0 · Rennunfall 1 · vor allem Russell 1 · nur Russell 0"
        )
    }


@pytest.mark.usefixtures("german", "spanish")
async def test_a_vote_is_typed_with_what_an_incident_is_called_there(ask: Ask, al: User, bo: User) -> None:
    assert (await ask("/vote Singapur 2017 Rennunfall", al)).card.title == "Rennunfall"
    vote = await ask("/vote Singapur 2017 incidente de carrera", bo, GRANDSTAND)
    assert vote.card.title == "Incidente de carrera"


@pytest.mark.usefixtures("german")
async def test_a_german_chat_is_set_up_in_german(ask: Ask, press: Press, al: User, boss: User) -> None:
    reply = await ask("/subscribe recaps reminders", boss)
    said = "Eingeschaltet: Rennberichte, Erinnerung am Vortag und Erinnerung 1 Stunde vorher."
    assert reply.card.paragraphs == (said,)
    assert fields(reply)["Sprintberichte"] == "Aus. Dasselbe für Sprints."
    reply = await press(reply, "Einstellungen", boss)
    assert fields(reply)["Sprache"] == "Deutsch"
    reply = await ask("/settings spoilers hold 90", boss)
    assert reply.card.title == "Spoiler: Ergebnisse kommen erst 1 Stunde und 30 Minuten nach der Zielflagge"
    assert (await ask("/settings spoilers maybe", boss)).card.title.startswith(
        "Sag show, veil, hold und Minuten (bis zu 2.880)"
    )
    assert (await ask("/settings", al)).card.title == (
        "Das können nur die Admins dieses Chats. Schreib mir allein, dann kannst du /settings für dich sagen."
    )
    assert (await ask("/gossip", al)).card.title == "Diesen Befehl gibt es hier nicht. /help nennt sie alle."
    assert "/quote [Fahrer, Rennen oder beides] – Was sie sagten" in as_written(
        (await ask("/help all", al)).card.paragraphs[0]
    )


async def test_a_german_chat_follows_the_season_in_german(fans: Fans) -> None:
    await fans.settings.change(PIT_WALL, language="de")
    reply = await fans.ask("/next")
    assert as_written(reply.card.paragraphs[0]) == "Start des Rennens: noch 89 Tage und 2 Stunden."
    assert "Rennen: Sonntag, 18. Juli, 14:00 UTC (15:00 an der Strecke)" in as_written(reply.card.paragraphs[1])
    reply = await fans.ask("/recap")
    assert reply.card.title == "Großer Preis der Emilia-Romagna: Verstappen siegt vor Hamilton und Norris"
    assert reply.card.paragraphs == ("Verstappen gewann vom 3. Startplatz aus, 22,000 Sekunden vor Hamilton.",)
    assert fields(reply)["Nicht gewertet"] == "Bottas und Russell (Kollision)"
    assert reply.attachment
    assert "Schnellste Runde: Hamilton (1:16,702, Runde 60)." in reply.attachment.alt
    assert "2. Max Verstappen, Red Bull · 43,5 (−0,5) · 1 Sieg" in as_written(
        (await fans.ask("/standings")).card.paragraphs[0]
    )


@pytest.mark.usefixtures("spanish")
async def test_a_spanish_chat_argues_in_spanish(ask: Ask, press: Press, al: User, boss: User) -> None:
    story = await ask("/crash imola", al, GRANDSTAND)
    assert labels(story) == ["¿Quién tuvo la culpa?", "Citas", "Cronología", "La decisión"]
    poll = await press(story, "¿Quién tuvo la culpa?", al, GRANDSTAND)
    vote = await press(poll, "Incidente de carrera", al, GRANDSTAND)
    assert as_written(vote.card.paragraphs[0]).startswith("Nadie más ha votado todavía; los comisarios: sin culpables.")
    vote = await press(poll, "Incidente de carrera", al, GRANDSTAND)
    assert as_written(vote.card.paragraphs[0]).startswith("Ya estaba contado. Nadie más ha votado todavía;")
    vote = await press(poll, "Retirar mi voto", al, GRANDSTAND)
    assert vote.card.title == "Tu voto queda retirado"
    reply = await ask("/subscribe reminders", boss, GRANDSTAND)
    assert reply.card.paragraphs == ("Activado: avisos un día antes y avisos una hora antes.",)
    reply = await ask("/settings quiet 22-8", boss, GRANDSTAND)
    assert reply.card.title == "Horas de silencio: de 22:00 a 08:00"


async def test_the_grid_is_called_as_the_chat_says_it(fans: Fans) -> None:
    await fans.settings.change(PIT_WALL, language="de")
    assert (await fans.ask("/results grid")).card.title == "Großer Preis der Emilia-Romagna 2021: die Startaufstellung"


async def test_a_spanish_chat_follows_the_season_in_spanish(fans: Fans) -> None:
    await fans.settings.change(PIT_WALL, language="es")
    reply = await fans.ask("/next")
    assert as_written(reply.card.paragraphs[0]) == "La carrera empieza en 89 días y 2 horas."
    assert "Carrera: domingo, 18 de julio, 14:00 UTC (15:00 en el circuito)" in as_written(reply.card.paragraphs[1])
    reply = await fans.ask("/recap")
    assert reply.card.title == "Gran Premio de Emilia-Romaña: gana Verstappen por delante de Hamilton y Norris"
    assert reply.card.paragraphs == ("Verstappen ganó saliendo 3.º, 22,000 segundos por delante de Hamilton.",)


@pytest.mark.usefixtures("german", "spanish")
async def test_chats_that_ask_at_the_same_time_are_each_answered_in_their_own(ask: Ask, al: User) -> None:
    elsewhere = Chat(Platform.DISCORD, "555")
    said = {PIT_WALL: "Was du fragen kannst", GRANDSTAND: "Lo que puedes preguntar", elsewhere: "What you can ask"}
    polls = {PIT_WALL: "Wer war schuld?", GRANDSTAND: "¿Quién tuvo la culpa?", elsewhere: "Who was to blame?"}
    chats = [*said] * 10
    helps = await asyncio.gather(*(ask("/help", al, chat) for chat in chats))
    assert [reply.card.title for reply in helps] == [said[chat] for chat in chats]
    blames = await asyncio.gather(*(ask("/blame imola", al, chat) for chat in chats))
    assert all(reply.card.title.startswith(polls[chat]) for reply, chat in zip(blames, chats, strict=True))
    assert spoken() is None


@pytest.mark.usefixtures("german")
async def test_the_same_vote_is_acknowledged_in_each_chats_language(ask: Ask, al: User, bo: User) -> None:
    german, english = await asyncio.gather(
        ask("/vote imola-2021 all-russell", al), ask("/vote imola-2021 all-russell", bo, GRANDSTAND)
    )
    assert (german.card.title, english.card.title) == ("Nur Russell", "All Russell")


@pytest.mark.usefixtures("german")
async def test_the_same_picture_is_painted_once_for_each_language(ask: Ask, al: User) -> None:
    await ask("/vote imola-2021 all-russell", al)
    german, english = await ask("/chart imola", al), await ask("/chart imola", al, GRANDSTAND)
    assert german.attachment
    assert english.attachment
    assert german.attachment.alt.startswith("Die einzige Stimme gibt Russell die Schuld")
    assert english.attachment.alt.startswith("The only vote blames Russell")
    assert german.attachment.content != english.attachment.content
    assert (await ask("/chart imola", al)).attachment == german.attachment


@pytest.mark.usefixtures("german")
async def test_moving_tallies_and_late_answers_are_in_the_language_of_their_chat(bot: Conversation, al: User) -> None:
    bot.core.join(telegram := PlatformDouble())
    for chat in (PIT_WALL, GRANDSTAND):
        bot.core.posted(Post(chat, "1"), await bot.ask("/blame imola", al, chat))
    await bot.ask("/vote imola-2021 all-russell", al)
    await telegram.edited(2)
    titles = {edit.post.chat: edit.said for edit in telegram.edits}
    assert titles[PIT_WALL].startswith("Wer war schuld?")
    assert titles[GRANDSTAND].startswith("Who was to blame?")
    late = await bot.core.dispatcher.again(Request("help", "", al, PIT_WALL), Post(PIT_WALL, "1"))
    assert late.card.title == "Was du fragen kannst"


@pytest.mark.usefixtures("german")
async def test_what_is_suggested_stays_english(bot: Conversation) -> None:
    suggested = bot.core.dispatcher.suggest("subscribe", "")
    assert [each.label for each in suggested][:2] == ["Race recaps", "Sprint recaps"]


@pytest.mark.usefixtures("german")
async def test_what_is_said_of_languages_says_what_stays_as_it_is(ask: Ask, boss: User) -> None:
    reply = await ask("/settings language", boss)
    assert reply.card.title == "Sprache: Deutsch"
    assert "Zitate" in as_written(reply.card.paragraphs[0])
    assert (await ask("/settings language none", boss)).card.title == "Language: English, as none is chosen"


async def speaks(bot: Conversation, line: str, user: User, chat: Chat, **more: Any) -> str:
    """The title of what somebody is answered whose platform tells their language along."""
    command, _space, argument = line.removeprefix("/").partition(" ")
    return (await bot.deliver(Request(command, argument, user, chat, **more))).card.title


async def test_in_private_a_persons_own_language_is_spoken_until_they_choose_one(
    bot: Conversation, al: User, boss: User
) -> None:
    mine = alone(al)
    assert (
        await speaks(bot, "/gossip", al, mine, locale="de-AT")
        == "Diesen Befehl gibt es hier nicht. /help nennt sie alle."
    )
    assert await speaks(bot, "/settings language en", al, mine, locale="de") == "Language: English"
    assert (await speaks(bot, "/gossip", al, mine, locale="de")).startswith("No such command here.")
    assert (await speaks(bot, "/settings language none", al, mine, locale="es")).startswith("Idioma: ")
    assert (await speaks(bot, "/gossip", boss, PIT_WALL, locale="de")).startswith("No such command here.")
    assert (await speaks(bot, "/gossip", boss, PIT_WALL, locale="es", group_locale="de")).startswith("Diesen Befehl")


async def test_what_somebody_subscribes_to_comes_in_the_language_in_which_they_were_answered(
    bot: Conversation, al: User
) -> None:
    mine, settings = alone(al), bot.core.stored.chat_settings
    for _twice in range(2):
        await speaks(bot, "/subscribe recaps", al, mine, locale="de", update="5")
        assert (await settings.of(mine)).language == "de"
        assert settings.language(mine) == "de"
    await speaks(bot, "/settings language es", al, mine, locale="de")
    await speaks(bot, "/subscribe sprints", al, mine, locale="de")
    assert (await settings.of(mine)).language == "es", "what somebody chose stays"


async def test_a_language_is_found_by_its_own_command_too(ask: Ask, al: User, boss: User) -> None:
    assert (await ask("/language", boss)).card.title == (await ask("/settings language", boss)).card.title
    assert (await ask("/language deutsch", boss)).card.title == "Sprache: Deutsch"
    assert (await ask("/language en", al)).card.title == "Das können nur die Admins dieses Chats."


async def test_a_race_that_is_under_way_is_called_as_the_chat_says_it(fans: Fans) -> None:
    await fans.settings.change(PIT_WALL, language="de")
    fans.now = dt.datetime(2021, 4, 18, 13, 12, tzinfo=dt.UTC)
    assert as_written((await fans.ask("/next")).card.paragraphs[0]).startswith("Großer Preis der Emilia-Romagna läuft:")
