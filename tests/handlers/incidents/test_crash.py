from dataclasses import replace

import pytest

from bot.chat.cards import Tone
from bot.chat.requests import Request
from bot.domain.places import User
from bot.search.catalogue import Incidents
from tests.support.conversation import (
    PADDOCK,
    PIT_WALL,
    Ask,
    Conversation,
    Press,
    alone,
    buttons,
    fields,
    labels,
    votes,
)


async def test_a_crash_is_told_with_both_sides_and_the_ruling(ask: Ask, al: User) -> None:
    reply = await ask("/crash imola", al)
    assert reply.card.title == "Bottas and Russell, Imola 2021"
    assert reply.card.subtitle == "Imola Grand Prix, 18 April 2021 · lap 31 of 63 · the first chicane"
    assert [quotation.by.split(",")[0] for quotation in reply.card.quotations] == ["Valtteri Bottas", "George Russell"]
    assert fields(reply) == {"The stewards": "no further action"}
    assert [link.label for link in reply.card.links] == ["A paper", "The FIA"]
    assert labels(reply) == ["Who was to blame?", "Quotes", "Timeline", "The ruling"]


async def test_the_fans_opinion_is_on_the_card_once_there_is_one(ask: Ask, al: User, bo: User) -> None:
    await ask("/vote imola-2021 all-russell", al)
    await ask("/vote imola-2021 racing-incident", bo)
    assert votes(await ask("/crash imola", al)) == {
        "Fans (2)": "all Bottas 0 · mostly Bottas 0 · racing incident 1 · mostly Russell 0 · all Russell 1"
    }


@pytest.mark.parametrize(("asked", "tone"), [("imola", Tone.NEUTRAL), ("monza", Tone.PENALTY), ("adelaide", Tone.OPEN)])
async def test_a_card_is_coloured_by_its_ruling(ask: Ask, al: User, asked: str, tone: Tone) -> None:
    assert (await ask(f"/crash {asked}", al)).card.tone is tone


async def test_where_nothing_was_ruled_the_door_does_not_promise_a_ruling(ask: Ask, al: User) -> None:
    assert labels(await ask("/crash adelaide", al))[-1] == "The verdict"


async def test_where_blame_would_be_out_of_place_there_is_no_door_to_a_poll(ask: Ask, al: User) -> None:
    assert "Who was to blame?" not in labels(await ask("/crash suzuka 2022", al))


async def test_every_suspect_of_three_has_a_voice(ask: Ask, al: User) -> None:
    assert len((await ask("/crash singapore", al)).card.quotations) == 3


@pytest.mark.parametrize(
    "asked", ["imola", "Imola 2021", "bottas russell", "RUSSELL", "#imola21", "imolla", "tamburello"]
)
async def test_a_crash_is_found_by_what_fans_call_it(ask: Ask, al: User, asked: str) -> None:
    assert (await ask(f"/crash {asked}", al)).card.title == "Bottas and Russell, Imola 2021"


async def test_several_that_fit_become_buttons_that_tell_them(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/crash suzuka", al)
    assert reply.card.title == "Which one do you mean?"
    assert not reply.private
    seasons = [label.split()[0] for label in labels(reply)]
    assert seasons == ["2022", "1990", "1989"]
    assert labels(reply)[1:] == ["1990 Prost, Senna", "1989 Prost, Senna"]
    told = await press(reply, "1989 Prost, Senna", al)
    assert told.card.title == "Prost and Senna, Suzuka 1989"
    assert told.aside


async def test_a_place_without_a_crash_is_said_to_the_asker_alone(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/crash monaco", al)
    assert reply.private
    assert reply.card.title == "No crash at Monaco here yet. /incidents has them all."
    assert labels(reply) == ["All incidents"]
    assert (await press(reply, "All incidents", al)).card.title.endswith("incidents")


async def test_who_was_in_no_crash_is_told_so_and_nobody_else_is_offered(ask: Ask, al: User) -> None:
    reply = await ask("/crash burti", al)
    assert reply.card.title == "No incident by that name. /incidents has them all."
    assert labels(reply) == ["All incidents"]


async def test_a_timeline_without_a_name_offers_the_latest(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/timeline", al)
    assert reply.card.title == "Which crash? Type a name, or pick one."
    assert (await press(reply, labels(reply)[0], al)).card.title.startswith("Timeline: ")


async def test_a_place_without_a_crash_in_that_year_is_not_said_to_have_none(ask: Ask, al: User) -> None:
    for asked in ("monza 2025", "monza 25"):
        reply = await ask(f"/crash {asked}", al)
        assert reply.private
        assert reply.card.title.startswith("No crash at Monza in 2025 here; there is 1 of another year.")
        assert labels(reply)[0] == "Monza 2021"


async def test_crashes_of_other_years_are_counted_and_offered(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/crash suzuka 2014", al)
    assert reply.card.title.startswith("No crash at Suzuka in 2014 here; there are 3 of other years.")
    assert (await press(reply, "1990 Prost, Senna", al)).card.title.endswith("Suzuka 1990")


async def test_another_driver_is_not_answered_with_a_card(ask: Ask, al: User) -> None:
    reply = await ask("/crash senna imola", al)
    assert reply.private
    assert reply.card.title.startswith("No incident by that name. Close by: Imola 2021")


async def test_a_name_that_nobody_knows_is_not_called_a_place(ask: Ask, al: User) -> None:
    reply = await ask("/crash qwertz", al)
    assert reply.private
    assert reply.card.title.startswith("No incident by that name.")


@pytest.mark.parametrize(
    "asked",
    ["latest", "Last", "the last one", "the latest crash", "letzter", "der letzte Unfall", "último", "el ultimo"],
)
@pytest.mark.parametrize("command", ["crash", "timeline", "verdict"])
async def test_the_latest_is_known_by_that_word(
    ask: Ask, al: User, incidents: Incidents, command: str, asked: str
) -> None:
    newest = max(incidents.told, key=lambda incident: incident.date)
    assert newest.title in (await ask(f"/{command} {asked}", al)).card.title


@pytest.mark.parametrize("asked", ["2003", "'03", "qwertz 2003", "in 2003"])
async def test_a_year_without_a_crash_is_named(ask: Ask, al: User, asked: str) -> None:
    reply = await ask(f"/crash {asked}", al)
    assert reply.card.title.startswith("No such crash in 2003 here.")
    if asked == "2003":
        assert labels(reply) == ["All incidents"], "no name comes near"


async def test_without_an_argument_there_are_crashes_to_pick_from(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/crash", al)
    assert labels(reply)[0] == "Suzuka 2022"
    assert (await press(reply, "Imola 2021", al)).card.title == "Bottas and Russell, Imola 2021"


async def test_the_timeline_goes_by_the_clocks_at_the_track(ask: Ask, press: Press, al: User) -> None:
    reply = await press(await ask("/crash imola", al), "Timeline", al)
    assert reply.card.title == "Timeline: Bottas and Russell, Imola 2021"
    assert reply.card.paragraphs == ("15:54:25, lap 31 – They touch.\nSunday evening – The stewards hear both.",)
    assert reply.card.footer == "Times are those of the clocks at the track (Europe/Rome)."
    assert labels(reply) == ["Who was to blame?", "The story"]


async def test_several_timelines_are_offered_as_timelines(ask: Ask, press: Press, al: User) -> None:
    reply = await press(await ask("/timeline senna", al), "1989 Prost, Senna", al)
    assert reply.card.title == "Timeline: Prost and Senna, Suzuka 1989"


async def test_a_message_of_100_kb_is_answered_like_any_other(ask: Ask, al: User) -> None:
    assert (await ask("/crash imola " + "x" * 100_000, al)).card.title == "Bottas and Russell, Imola 2021"
    assert (await ask("/crash " + "ж" * 100_000, al)).private


@pytest.mark.parametrize("asked", ["<b>qwertz</b>", "[qwertz](https://example.org)", "@everyone", "\x1b[31mqwertz"])
async def test_what_somebody_typed_is_never_said_back(ask: Ask, al: User, asked: str) -> None:
    reply = await ask(f"/crash {asked}", al)
    assert asked not in repr(reply)
    assert "qwertz" not in repr(reply)


async def test_a_name_is_completed_while_it_is_typed(bot: Conversation) -> None:
    (suggestion,) = bot.core.dispatcher.suggest("crash", "imo")
    assert suggestion.label == "Imola 2021 – Bottas and Russell"
    assert suggestion.argument == "imola-2021"


async def test_a_story_can_be_offered_in_a_chat_where_the_bot_is_not(bot: Conversation, al: User, bo: User) -> None:
    await bot.ask("/vote imola-2021 all-russell", al)
    story, poll = await bot.core.dispatcher.offer("imola", Request("offer", "imola", al, PIT_WALL))
    assert story.title == poll.title == "Imola 2021 – Bottas and Russell"
    assert story.reply == await bot.ask("/crash imola", al)
    assert (poll.description, poll.reply) == ("Who was to blame?", await bot.ask("/blame imola", bo, alone(bo)))


async def test_offers_of_nothing_typed_are_stories_too(bot: Conversation, al: User, incidents: Incidents) -> None:
    offers = await bot.core.dispatcher.offer("", Request("offer", "", al, PIT_WALL))
    polls = {f"blame-{incident.id}" for incident in incidents if incident.poll}
    assert {offer.id for offer in offers} == {incident.id for incident in incidents} | polls
    assert all(buttons(offer.reply) for offer in offers)


async def test_any_crash_is_another_each_time_and_none_that_nobody_is_asked_about(
    ask: Ask, press: Press, al: User, incidents: Incidents
) -> None:
    asked_about = {incident.title for incident in incidents if incident.poll}
    reply = await ask("/crash random", al)
    told = [reply.card.title]
    for _each in range(len(asked_about) - 1):
        reply = await press(reply, "Another one", al)
        assert reply.aside
        told.append(reply.card.title)
    assert sorted(told) == sorted(asked_about)
    assert (await ask("/crash RANDOM", al)).card.title == told[0], "the one that was told longest ago"


async def test_a_random_crash_that_is_asked_for_twice_by_one_update_is_the_same(bot: Conversation, al: User) -> None:
    request = Request("crash", "random", al, PIT_WALL, update="77")
    first, again = [await bot.deliver(request) for _each in range(2)]
    assert first.card == again.card
    assert (await bot.deliver(replace(request, update="78"))).card != first.card


async def test_random_is_completed_while_it_is_typed(bot: Conversation) -> None:
    suggested = bot.core.dispatcher.suggest("crash", "ran")
    assert (suggested[0].label, suggested[0].argument) == ("Any of them", "random")
    assert all(each.argument != "random" for each in bot.core.dispatcher.suggest("timeline", "ran"))


@pytest.mark.parametrize(
    ("door", "title"),
    [
        ("/timeline", "Timeline: Bottas and Russell, Imola 2021"),
        ("/blame", "Who was to blame? Bottas and Russell, Imola 2021"),
    ],
)
async def test_a_door_alone_leads_to_what_the_chat_was_told_last(ask: Ask, al: User, door: str, title: str) -> None:
    assert (await ask(door, al)).card.title != title, "nothing was told here yet"
    await ask("/crash monza", al)
    await ask("/crash imola", al)
    await ask("/crash monza", al, PADDOCK)
    assert (await ask(door, al)).card.title == title
    assert labels(await ask("/crash", al)) != [], "which asks as before"


@pytest.mark.parametrize("command", ["crash", "timeline", "blame", "verdict", "story"])
async def test_an_incident_is_named_by_its_day_wherever_one_is(ask: Ask, al: User, command: str) -> None:
    for day in ("18.04.2021", "April 18, 2021", "imola 2021-04-18"):
        assert "Bottas and Russell, Imola 2021" in (await ask(f"/{command} {day}", al)).card.title


async def test_a_day_without_a_crash_says_so_and_offers_those_around_it(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/crash 17 April 2021", al)
    assert reply.private
    assert reply.card.title == "No such crash on 17 April 2021 here. Close by: Imola 2021. /incidents has them all."
    assert (await press(reply, "Imola 2021", al)).card.title == "Bottas and Russell, Imola 2021"


async def test_of_a_day_that_may_be_either_neither_is_left_out(ask: Ask, al: User) -> None:
    assert (await ask("/crash 9/12/2021", al)).card.title == "Hamilton and Verstappen, Monza 2021"
    reply = await ask("/crash 4/5/2021", al)
    assert reply.card.title == "No such crash on 4 May 2021 or on 5 April 2021 here. /incidents has them all."
    assert labels(reply) == ["All incidents"]


async def test_a_day_is_said_as_each_language_writes_it(ask: Ask, al: User, boss: User) -> None:
    await ask("/settings language de", boss)
    assert "17. April 2021" in (await ask("/crash 17.4.2021", al)).card.title
    await ask("/settings language es", boss)
    assert "17 de abril de 2021" in (await ask("/crash 17 de abril de 2021", al)).card.title


async def test_a_day_without_its_year_is_said_to_have_no_crash_in_any(ask: Ask, al: User) -> None:
    reply = await ask("/crash 19 April", al)
    assert reply.card.title == "No such crash on 19 April here. Close by: Imola 2021. /incidents has them all."
    assert labels(reply) == ["Imola 2021"]
