from bot.app.settings import Settings
from bot.chat.dispatcher import ADMINS_ONLY
from bot.domain.places import User
from bot.search.catalogue import Incidents
from handlers.incidents.blame import POLLS_OFF
from tests.support.conversation import GRANDSTAND, Ask, Press, alone, conversation, labels


async def test_only_admins_turn_polls_off(ask: Ask, al: User) -> None:
    reply = await ask("/polls off", al)
    assert reply.private
    assert reply.card.title == ADMINS_ONLY
    assert not (await ask("/blame imola", al)).private


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
    assert labels(reply) == ["Turn them off"]
    assert not reply.private  # its button means this chat
    await press(reply, "Turn them off", boss)
    assert labels(await ask("/polls", boss)) == ["Turn them on"]


async def test_anything_else_is_explained(ask: Ask, boss: User) -> None:
    reply = await ask("/polls maybe", boss)
    assert reply.private
    assert reply.card.title == "Say /polls on or /polls off."
