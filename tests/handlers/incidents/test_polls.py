import asyncio

import pytest

from bot.app.settings import Settings
from bot.chat.dispatcher import ADMINS_ONLY
from bot.domain.places import Platform, Post, User
from bot.search.catalogue import Incidents
from handlers.incidents.blame import CLOSED, POLLS_OFF
from handlers.incidents.polls import NO_POLL, NONE_CLOSED, WHICH
from tests.support.clock import HeldClock
from tests.support.conversation import (
    GRANDSTAND,
    PIT_WALL,
    Ask,
    Conversation,
    Press,
    alone,
    conversation,
    labels,
    votes,
)
from tests.support.platform_double import PlatformDouble


async def test_only_admins_turn_polls_off(ask: Ask, al: User) -> None:
    reply = await ask("/polls off", al)
    assert reply.private
    assert reply.card.title == ADMINS_ONLY
    assert not (await ask("/blame imola", al)).private


async def test_what_was_switched_can_be_switched_back(ask: Ask, press: Press, boss: User) -> None:
    off = await ask("/polls off", boss)
    on = await press(off, "Turn them on", boss)
    assert on.card.title == "Blame polls are on in this chat"
    assert (await press(on, "Turn them off", boss)).card.title == off.card.title


async def test_polls_are_turned_off_for_one_chat(ask: Ask, al: User, boss: User) -> None:
    assert (await ask("/polls off", boss)).card.title == "Blame polls are off in this chat"
    assert (await ask("/blame imola", al)).card.title == POLLS_OFF
    assert not (await ask("/blame imola", al, GRANDSTAND)).private


async def test_alone_with_the_bot_there_is_nothing_to_turn_off(ask: Ask, boss: User) -> None:
    reply = await ask("/polls off", boss, alone(boss))
    assert reply.private
    assert reply.card.title == "Polls are turned on and off in groups; here nobody is asked but you."


async def test_polls_stay_off_after_a_restart(settings: Settings, incidents: Incidents, al: User, boss: User) -> None:
    async with conversation(settings, incidents) as bot:
        await bot.ask("/polls off", boss)
    async with conversation(settings, incidents) as bot:
        assert (await bot.ask("/blame imola", al)).card.title == POLLS_OFF


async def test_without_an_argument_it_says_which_it_is_and_offers_the_other(ask: Ask, press: Press, boss: User) -> None:
    reply = await ask("/polls", boss)
    assert reply.card.title == "Blame polls are on in this chat"
    assert labels(reply) == ["Turn them off", "Close one"]
    assert not reply.private  # its button means this chat
    await press(reply, "Turn them off", boss)
    assert labels(await ask("/polls", boss)) == ["Turn them on", "Close one"]


async def test_anything_else_is_explained(ask: Ask, boss: User) -> None:
    reply = await ask("/polls maybe", boss)
    assert reply.private
    assert reply.card.title == "Say /polls on, off, close or open, the last two with an incident."


async def test_a_poll_is_closed_in_one_chat(ask: Ask, press: Press, al: User, boss: User) -> None:
    poll = await ask("/blame imola", al)
    await press(poll, "All Russell", al)
    reply = await ask("/polls close imola", boss)
    assert reply.card.title == "Closed here: Bottas and Russell, Imola 2021"
    for label in ("All Bottas", "Take my vote back"):
        pressed = await press(poll, label, al)
        assert (pressed.private, pressed.card.title, labels(pressed)) == (True, CLOSED, [])
    poll = await ask("/blame imola", al)
    assert poll.card.paragraphs == ()
    assert votes(poll).keys() == {"Closed here"}
    assert votes(poll)["Closed here"].endswith(" · mostly Russell 0 · all Russell 1")
    assert labels(poll) == ["The story", "Did they get it right?"]
    assert (await ask("/vote imola-2021 all-bottas", al, GRANDSTAND)).card.title == "All Bottas"


async def test_it_is_opened_again(ask: Ask, press: Press, al: User, boss: User) -> None:
    closed = await ask("/polls close imola", boss)
    assert (await ask("/blame imola", al)).card.paragraphs == ("Closed here, without a vote",)
    reply = await press(closed, "Open it again", boss)
    assert reply.card.title == "Open here: Bottas and Russell, Imola 2021"
    assert labels(reply) == ["Who was to blame?", "Close it"]
    assert (await press(await ask("/blame imola", al), "All Bottas", al)).card.title == "All Bottas"
    assert (await press(reply, "Close it", boss)).card.title == closed.card.title


async def test_only_admins_close_and_open(ask: Ask, al: User, boss: User) -> None:
    assert (await ask("/polls close imola", al)).card.title == ADMINS_ONLY
    await ask("/polls close imola", boss)
    assert (await ask("/polls open imola", al)).card.title == ADMINS_ONLY
    assert (await ask("/polls close imola", boss, alone(boss))).private


async def test_of_several_one_is_chosen(ask: Ask, press: Press, boss: User) -> None:
    reply = await ask("/polls close senna", boss)
    assert labels(reply) == ["1990 Prost, Senna", "1989 Prost, Senna"]
    reply = await press(reply, "1989 Prost, Senna", boss)
    assert reply.card.title == "Closed here: Prost and Senna, Suzuka 1989"
    reply = await press(await ask("/polls open", boss), "Suzuka 1989", boss)
    assert reply.card.title == "Open here: Prost and Senna, Suzuka 1989"
    assert (await ask("/polls open", boss)).card.title == NONE_CLOSED


async def test_without_a_name_those_are_offered_that_are_shown_here(bot: Conversation, al: User, boss: User) -> None:
    assert "Imola 2021" in labels(await bot.ask("/polls close", boss))
    for number, race in enumerate(("imola", "monza")):
        bot.core.posted(Post(PIT_WALL, str(number)), await bot.ask(f"/blame {race}", al))
    while labels(offered := await bot.ask("/polls close", boss)) != ["Monza 2021", "Imola 2021"]:
        pass  # until both are put down
    await bot.press(offered, "Monza 2021", boss)
    assert labels(await bot.ask("/polls close", boss)) == ["Imola 2021"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/polls close suzuka 2022", NO_POLL),
        ("/polls on imola", WHICH),
        ("/polls shut imola", WHICH),
    ],
)
async def test_what_cannot_be_done_is_explained(ask: Ask, boss: User, line: str, said: str) -> None:
    reply = await ask(line, boss)
    assert reply.private
    assert reply.card.title == said


async def test_what_can_be_decided_is_completed(bot: Conversation) -> None:
    def complete(typed: str) -> list[str]:
        return [suggestion.argument for suggestion in bot.core.dispatcher.suggest("polls", typed)]

    assert complete("") == ["on", "off", "close", "open"]
    assert complete("o") == ["on", "off", "open"]
    assert complete("close imo")[0] == "close imola-2021"
    assert "close suzuka-2022" not in complete("close suzuka")


async def test_messages_that_show_it_lose_their_buttons_and_get_them_back(
    settings: Settings, incidents: Incidents, al: User, boss: User
) -> None:
    clock, telegram = HeldClock(), PlatformDouble()
    async with conversation(settings, incidents, clock=clock) as bot:
        bot.core.join(telegram)
        for chat in (PIT_WALL, GRANDSTAND):
            bot.core.posted(Post(chat, "1"), await bot.ask("/blame imola", al, chat))
        await bot.ask("/polls close imola", boss)
        await clock.go_on_while(lambda: not telegram.edits)
        closed = telegram.shown(Post(PIT_WALL, "1"))
        assert closed
        assert labels(closed) == ["The story", "Did they get it right?"]
        await bot.ask("/polls open imola", boss)
        await clock.go_on_while(lambda: len(telegram.edits) < 2)
        opened = telegram.shown(Post(PIT_WALL, "1"))
        assert opened
        assert "All Russell" in labels(opened)
        assert telegram.shown(Post(GRANDSTAND, "1")) is None


async def test_a_poll_whose_time_is_up_is_closed_by_itself(
    settings: Settings, incidents: Incidents, al: User, boss: User
) -> None:
    clock, telegram = HeldClock(), PlatformDouble()
    async with conversation(settings, incidents, clock=clock) as bot:
        bot.core.join(telegram)
        await bot.ask("/settings closing 1h", boss)
        poll = await bot.ask("/blame imola", al)
        bot.core.posted(Post(PIT_WALL, "1"), poll)
        await clock.go_on_while(lambda: not telegram.edits)
        assert clock.seconds >= 3600
        assert (await bot.press(poll, "All Russell", al)).card.title == CLOSED


async def test_the_result_is_posted_once(bot: Conversation, al: User, bo: User, boss: User) -> None:
    await bot.ask("/vote imola-2021 all-russell", al)
    await bot.ask("/vote imola-2021 all-bottas", bo, GRANDSTAND)
    for _ in range(2):
        await bot.ask("/polls close imola", boss)
    telegram = PlatformDouble()
    telegram.gate.clear()
    delivering = asyncio.create_task(bot.core.deliverer.run({Platform.TELEGRAM: telegram}))
    await telegram.busy(1)
    telegram.gate.set()
    delivering.cancel()
    await asyncio.wait([delivering])
    assert [(sent.chat, sent.said) for sent in telegram.sent] == [
        (PIT_WALL.id, "The poll is closed: Bottas and Russell, Imola 2021")
    ]
