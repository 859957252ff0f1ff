from dataclasses import replace

from bot.app.settings import Settings
from bot.chat.replies import Reply
from bot.domain.places import User
from bot.search.catalogue import Incidents
from handlers.incidents.quote import ONE_SIDE
from storage.incidents.reading import read_circuits, read_drivers
from tests.support.cases import MONZA, VER, noted, penalised
from tests.support.conversation import GRANDSTAND, Ask, Press, conversation, labels

IMOLA = {
    (speaker, f"I had left room enough in 2021 for {number} cars.")
    for speaker in ("Valtteri Bottas", "George Russell")
    for number in (2, 3)
}


def said(reply: Reply) -> tuple[str, str]:
    """The speaker and the words of a reply's one quotation."""
    (quotation,) = reply.card.quotations
    return quotation.by.split(",")[0], quotation.words


async def test_a_quotation_comes_with_who_where_when_and_the_link(ask: Ask, al: User) -> None:
    (quotation,) = (await ask("/quote russell", al)).card.quotations
    assert quotation.by == "George Russell, after the race, 18 April 2021"
    assert quotation.source is not None
    assert quotation.source.url == "https://example.org/russell"


async def test_all_of_a_race_are_served_before_one_comes_again(ask: Ask, al: User) -> None:
    served = [said(await ask("/quote imola", al)) for _ in range(8)]
    assert set(served[:4]) == IMOLA
    assert served[4:] == served[:4], "the one served longest ago comes first"


async def test_a_restart_does_not_make_the_bot_repeat_itself(
    settings: Settings, incidents: Incidents, al: User
) -> None:
    served = set()
    for _ in range(4):
        async with conversation(settings, incidents) as bot:
            served.add(said(await bot.ask("/quote imola", al)))
    assert served == IMOLA


async def test_every_chat_has_its_own_turn(ask: Ask, al: User) -> None:
    here = {said(await ask("/quote imola", al)) for _ in range(4)}
    there = {said(await ask("/quote imola", al, GRANDSTAND)) for _ in range(4)}
    assert here == there == IMOLA


async def test_another_stays_with_what_was_asked_for(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/quote imola", al)
    served = {said(reply)}
    for _ in range(3):
        reply = await press(reply, "Another", al)
        assert reply.aside
        served.add(said(reply))
    assert served == IMOLA


async def test_a_drivers_quotations_are_theirs_in_every_race(ask: Ask, al: User) -> None:
    replies = [await ask("/quote verstappen", al) for _ in range(6)]
    assert {said(reply)[0] for reply in replies} == {"Max Verstappen"}
    assert {reply.card.title[-4:] for reply in replies} == {"2017", "2018", "2021"}


async def test_a_driver_and_a_race_narrow_each_other(ask: Ask, al: User) -> None:
    replies = [await ask("/quote verstappen monza", al) for _ in range(3)]
    assert {said(reply)[0] for reply in replies} == {"Max Verstappen"}
    assert {reply.card.title for reply in replies} == {"Hamilton and Verstappen, Monza 2021"}


async def test_without_an_argument_anything_may_come(ask: Ask, incidents: Incidents, al: User) -> None:
    everything = {quotation.words for incident in incidents for quotation in incident.quotations}
    assert said(await ask("/quote", al))[1] in everything


async def test_the_story_is_one_press_away(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/quote russell", al)
    assert labels(reply) == ["Another", "The story", "Face to face"]
    assert (await press(reply, "The story", al)).card.title == "Bottas and Russell, Imola 2021"


async def test_somebody_who_is_not_quoted_is_said_so_to_the_asker_alone(ask: Ask, al: User) -> None:
    reply = await ask("/quote qwertz", al)
    assert reply.private
    assert reply.card.title == "Nobody by that name is quoted here. Try /quote with a driver or a race."


async def test_a_long_question_still_fits_into_the_button_below(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/quote " + "Räikkönen " * 20, al)
    assert said(await press(reply, "Another", al))[0] == "Kimi Räikkönen"


async def test_of_what_nobody_has_told_nothing_is_quoted(settings: Settings, incidents: Incidents, al: User) -> None:
    async with conversation(settings, Incidents(incidents.told, read_circuits(), read_drivers())) as bot:
        await bot.core.recorder.record(MONZA, [penalised(noted(), VER, 14)], 20)
        story = await bot.ask("/crash monza-2025-ver-nor-t4", al)
        for reply in (story, await bot.press(story, "Timeline", al), await bot.ask("/verdict ver nor monza 2025", al)):
            assert "Quotes" not in labels(reply), "no door that leads nowhere"
        for asked in ("monza-2025-ver-nor-t4", "verstappen norris monza 2025"):
            reply = await bot.ask(f"/quote {asked}", al)
            assert reply.private
            assert reply.card.title == "Nothing is quoted there, as nobody has told that story yet."
            assert reply.card.paragraphs == ()
            noted_card = await bot.press(reply, labels(reply)[0], al)
            assert noted_card.card.title == "Verstappen and Norris, turn 4, Monza 2025"
        assert said(await bot.ask("/quote verstappen", al))[0] == "Max Verstappen"
        assert (await bot.ask("/quote monza", al)).card.title == "Hamilton and Verstappen, Monza 2021"


async def test_what_is_not_quoted_is_not_suggested(settings: Settings, incidents: Incidents) -> None:
    async with conversation(settings, Incidents(incidents.told, read_circuits(), read_drivers())) as bot:
        await bot.core.recorder.record(MONZA, [noted()], 20)
        for name, expected in (("quote", {"monza-2021"}), ("crash", {"monza-2021", "monza-2025-ver-nor-t4"})):
            assert {each.argument for each in bot.core.dispatcher.suggest(name, "monza")} == expected


async def test_both_sides_are_drawn_face_to_face(ask: Ask, press: Press, al: User) -> None:
    reply = await press(await ask("/quote imola 2021", al), "Face to face", al)
    assert reply.separate
    assert reply.card.title == "Both sides: Bottas and Russell, Imola 2021"
    assert reply.attachment is not None
    assert "Valtteri Bottas (" in reply.attachment.alt
    assert "George Russell (" in reply.attachment.alt
    assert labels(reply) == ["Who was to blame?", "The story"]


async def test_where_one_side_is_quoted_there_is_nothing_to_set_face_to_face(
    settings: Settings, incidents: Incidents, al: User
) -> None:
    whole = incidents.told[0]
    alone = replace(whole, quotations=tuple(each for each in whole.quotations if each.side == "russell"))
    async with conversation(settings, Incidents((alone,), read_circuits(), read_drivers())) as bot:
        reply = await bot.ask(f"/quote {alone.id} picture", al)
        assert reply.card.title == ONE_SIDE
        assert labels(reply) == ["The story"]
        assert "Face to face" not in labels(await bot.ask(f"/quote {alone.id}", al))


async def test_a_day_is_quoted_and_a_speaker_on_it(ask: Ask, al: User) -> None:
    assert {said(await ask("/quote 18.04.2021", al)) for _ in range(4)} == IMOLA
    assert {said(await ask("/quote 18 April", al)) for _ in range(4)} == IMOLA
    assert {said(await ask("/quote russell 18 April 2021", al))[0] for _ in range(4)} == {"George Russell"}


async def test_a_day_without_an_incident_is_said_to_have_none(ask: Ask, al: User) -> None:
    for asked in ("17 April 2021", "russell 17 April 2021"):
        reply = await ask(f"/quote {asked}", al)
        assert "No such crash on 17 April 2021 here." in reply.card.title
        assert labels(reply) == ["Imola 2021"]
