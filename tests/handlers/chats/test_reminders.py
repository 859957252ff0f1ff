import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.chat.buttons import Button
from bot.chat.dispatcher import ADMINS_ONLY
from bot.chat.instants import as_written
from bot.chat.pushing import NOT_HERE, NOT_IN_THE_TERMINAL
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.domain.reminders import REMINDERS, Lead, Part
from handlers.chats.reminders import NO_LEAD, NO_SESSION, WHICH, asked, suggest, turning_on
from tests.support.conversation import (
    PADDOCK,
    Ask,
    Conversation,
    Granted,
    Press,
    alone,
    buttons,
    fields,
)

ON_A_PHONE = 10
"""Letters that are seen of a button that has three beside it."""


def times(reply: Reply) -> dict[str, str]:
    """What a card says of each session."""
    return dict(fields(reply))


async def test_at_first_a_chat_is_reminded_of_nothing_and_offered_everything(ask: Ask, boss: User) -> None:
    reply = await ask("/reminders", boss)
    assert times(reply) == dict.fromkeys(["Practice", "Qualifying", "The sprint", "The race"], "No reminder")
    grid = [[button.label for button in row] for row in reply.buttons]
    assert grid == [
        ["FP +24 h", "FP +3 h", "FP +1 h", "FP +15 min"],
        ["Q +24 h", "Q +3 h", "Q +1 h", "Q +15 min"],
        ["S +24 h", "S +3 h", "S +1 h", "S +15 min"],
        ["R +24 h", "R +3 h", "R +1 h", "R +15 min"],
        ["Subscriptions"],
    ]
    assert max(len(label) for row in grid[:-1] for label in row) <= ON_A_PHONE


async def test_a_button_leads_to_one_state_and_there_again(ask: Ask, press: Press, boss: User) -> None:
    card = await ask("/reminders", boss)
    await press(card, "Q +1 h", boss)
    reply = await press(card, "Q +1 h", boss)
    assert reply.card.paragraphs[0] == "Turned on: 1 hour before qualifying."
    assert times(reply)["Qualifying"] == "1 hour before"
    off = await press(reply, "Q −1 h", boss)
    assert off.card.paragraphs[0] == "Turned off: 1 hour before qualifying."
    assert times(await ask("/reminders", boss))["Qualifying"] == "No reminder"


async def test_the_reminders_of_subscribe_are_two_of_the_race(ask: Ask, boss: User) -> None:
    await ask("/subscribe reminders", boss)
    assert times(await ask("/reminders", boss))["The race"] == "24 hours and 1 hour before"
    await ask("/reminders race 24h off", boss)
    on = fields(await ask("/subscribe", boss))
    assert (on["Reminders a day before"][:4], on["Reminders an hour before"][:4]) == ("Off.", "On. ")


@pytest.mark.parametrize(
    ("typed", "topics", "on"),
    [
        ("qualifying 1h on", {"qualifying-1h"}, True),
        ("Quali 15 min ON", {"qualifying-15m"}, True),
        ("sprint qualifying 3 hours off", {"qualifying-3h"}, False),
        ("fp, sprint 24h on", {"practice-24h", "sprint-24h"}, True),
        ("race on", {"day-before", "race-3h", "hour-before", "race-15m"}, True),
        ("on 15m", {f"{part}-15m" for part in Part}, True),
        ("race 1h 24h off", {"day-before", "hour-before"}, False),
    ],
)
def test_reminders_are_named_in_words(typed: str, topics: set[str], on: bool) -> None:
    reminders, wanted = asked(typed)
    assert ({each.topic for each in reminders}, wanted) == (topics, on)


@pytest.mark.parametrize("typed", ["off", "all off", "alle aus", "todos no"])
async def test_all_reminders_are_turned_off_at_once_and_can_be_had_again(
    ask: Ask, press: Press, boss: User, typed: str
) -> None:
    await ask("/subscribe recaps", boss)
    await ask("/reminders quali 1h on", boss)
    on = await ask("/reminders race 15m on", boss)
    assert "All off" in [button.label for button in buttons(on)]
    off = await ask(f"/reminders {typed}", boss)
    assert off.card.paragraphs[0] == "All reminders are off."
    assert set(times(off).values()) == {"No reminder"}
    assert "All off" not in [button.label for button in buttons(off)]
    assert any(said.startswith("On.") for said in fields(await ask("/subscribe", boss)).values())
    await press(off, "Undo", boss)
    assert times(await ask("/reminders", boss)) == times(on)


@pytest.mark.parametrize("typed", ["race 3h on", "practice, qualifying, sprint, race on", "24h 15m on", "q s 1h on"])
def test_whoever_tries_again_asks_for_the_same(typed: str) -> None:
    again = Button("Try again", "reminders", turning_on(asked(typed).reminders))
    assert asked(again.argument) == asked(typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("qualifying 1h", WHICH),
        ("qualifying 1h on off", WHICH),
        ("on", WHICH),
        ("race 2h on", NO_LEAD),
        ("race 45 on", NO_LEAD),
        ("warmup 1h on", NO_SESSION),
    ],
)
async def test_what_is_not_clear_changes_nothing_and_is_answered(ask: Ask, boss: User, typed: str, said: str) -> None:
    reply = await ask(f"/reminders {typed}", boss)
    assert reply.private
    assert reply.card.title == said
    assert set(times(await ask("/reminders", boss)).values()) == {"No reminder"}


async def test_in_a_group_only_admins_choose(ask: Ask, al: User) -> None:
    assert (await ask("/reminders race 1h on", al)).card.title.startswith(ADMINS_ONLY)


async def test_with_its_last_reminder_a_private_chat_loses_its_settings(ask: Ask, al: User) -> None:
    here = alone(al)
    await ask("/reminders sprint 3h on", al, here)
    await ask("/settings zone london", al, here)
    gone = await ask("/reminders sprint off", al, here)
    assert "settings of this private chat are gone" in as_written(gone.card.paragraphs[0])
    assert not fields(await ask("/settings", al, here))["Time zone"].endswith("in London.")


@pytest.mark.parametrize(
    ("chat", "said"),
    [
        (Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE), NOT_HERE),
        (Chat(Platform.CONSOLE, "local", ChatKind.PRIVATE), NOT_IN_THE_TERMINAL),
    ],
)
async def test_where_nothing_can_be_pushed_that_is_said(ask: Ask, al: User, chat: Chat, said: str) -> None:
    assert (await ask("/reminders", al, chat)).card.title == said


async def test_what_is_missing_is_said_and_tried_again_by_a_button(bot: Conversation) -> None:
    user = User(PADDOCK.platform, "1")
    rights = Granted(user, "Embed Links")
    on = Request("reminders", "race 3h on", user, PADDOCK, rights=rights)
    reply = await bot.core.dispatcher.dispatch(on)
    assert reply is not None
    assert reply.card.paragraphs == ("Missing: Embed Links. Give me that and ask again.",)
    assert buttons(reply) == [Button("Try again", "reminders", "race 3h on")]
    shown = await bot.core.dispatcher.dispatch(Request("reminders", "", user, PADDOCK, rights=rights))
    assert shown is not None
    assert shown.card.paragraphs[0] == "I may not post here yet. Missing: Embed Links."
    assert set(times(shown).values()) == {"No reminder"}


async def test_a_role_is_mentioned_with_all_reminders_that_are_on(ask: Ask) -> None:
    boss = User(Platform.DISCORD, "1")
    await ask("/reminders qualifying 1h on", boss, PADDOCK)
    roles = await ask("/settings role reminders <@&123456>", boss, PADDOCK)
    assert "1 hour before qualifying: the role with the number 123456" in as_written(roles.card.paragraphs[1])
    assert "None with any reminder" in [button.label for button in buttons(roles)]
    none = await ask("/settings role reminders none", boss, PADDOCK)
    assert "1 hour before qualifying: no role" in as_written(none.card.paragraphs[1])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", "practice"),
        ("qu", "qualifying"),
        ("qualifying", "qualifying 24h on"),
        ("qualifying 1", "qualifying 1h on"),
        ("qualifying 1h ", "qualifying 1h on"),
        ("qualifying 1h of", "qualifying 1h off"),
    ],
)
def test_what_is_typed_goes_on_word_by_word(typed: str, first: str) -> None:
    assert suggest(typed)[0].argument == first


def test_all_completions_of_a_session_mean_a_reminder() -> None:
    ways = [suggestion.argument for part in Part for suggestion in suggest(f"{part} ")]
    assert len(ways) == 2 * len(REMINDERS)
    assert {asked(way).reminders[0].topic for way in ways} == REMINDERS.keys()
    assert {lead for way in ways for lead in Lead if f" {lead} " in way} == {*Lead}


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(["race", "1h", "15", "min", "on", "off", "sprint qualifying", ",", "0h", "'"])).map(
        " ".join
    )
)
async def test_whatever_is_typed_is_answered(bot: Conversation, boss: User, typed: str) -> None:
    suggest(typed)
    assert not (await bot.ask(f"/reminders {typed}", boss)).card.title.startswith("That went wrong")
