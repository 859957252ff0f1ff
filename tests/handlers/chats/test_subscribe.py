import itertools

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.cards.subscriptions import SETTINGS_GONE
from bot.chat.buttons import Button
from bot.chat.dispatcher import ADMINS_ONLY
from bot.chat.pushing import NOT_HERE, NOT_IN_THE_TERMINAL
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.domain.topics import TOPICS, topic, words_for
from handlers.chats.subscribe import NOTHING_ON, called, suggest
from tests.support.conversation import (
    GRANDSTAND,
    PADDOCK,
    PIT_WALL,
    Ask,
    Conversation,
    Granted,
    Press,
    alone,
    fields,
    labels,
)

LACKING = ("Embed Links", "Attach Files")


def on(reply: Reply) -> set[str]:
    """The topics that a card says are on."""
    return {name for name, value in fields(reply).items() if value.startswith("On.")}


async def powerless(bot: Conversation, argument: str, chat: Chat, *, pressed: bool = False) -> Reply:
    """Subscribe where the bot may not post."""
    user = User(chat.platform, "1")
    post = Post(chat, "1") if pressed else None
    reply = await bot.core.dispatcher.dispatch(
        Request("subscribe", argument, user, chat, pressed=post, rights=Granted(user, *LACKING))
    )
    assert reply is not None
    return reply


async def test_at_first_a_chat_is_told_nothing_by_itself(ask: Ask, boss: User) -> None:
    reply = await ask("/subscribe", boss)
    assert fields(reply).keys() == {*(each.name for each in TOPICS), "Other reminders"}
    assert fields(reply)["Other reminders"] == "None so far."
    assert on(reply) == set()
    assert labels(reply) == [
        "Turn on race recaps",
        "Turn on sprint recaps",
        "Turn on qualifying results",
        "Turn on reminders a day before",
        "Turn on reminders an hour before",
        "Turn on calendar changes",
        "Turn on incidents as they happen",
        "Turn on rulings",
        "Turn on crashes on this day",
        "Other reminders",
        "Settings",
    ]


async def test_a_button_turns_a_topic_on_and_off(ask: Ask, press: Press, boss: User) -> None:
    reply = await press(await ask("/subscribe", boss), "Turn on race recaps", boss)
    assert reply.replace
    assert reply.card.paragraphs == ("Turned on: race recaps.",)
    assert on(reply) == {"Race recaps"}
    reply = await press(reply, "Turn off race recaps", boss)
    assert reply.replace
    assert reply.card.paragraphs == ("Turned off: race recaps.",)
    assert on(await ask("/subscribe", boss)) == set()


async def test_words_turn_topics_on(ask: Ask, boss: User) -> None:
    assert on(await ask("/subscribe Reminders", boss)) == {"Reminders a day before", "Reminders an hour before"}
    reply = await ask("/subscribe recaps, sprints", boss)
    assert reply.card.paragraphs == ("Turned on: race recaps and sprint recaps.",)
    assert len(on(reply)) == 4
    assert on(await ask("/unsubscribe day-before recaps", boss)) == {"Sprint recaps", "Reminders an hour before"}


@pytest.mark.parametrize(
    ("line", "on"),
    [
        ("race recaps", ["recaps"]),
        ("Rennberichte", ["recaps"]),
        ("Rennberichte an", ["recaps"]),
        ("Kalenderänderungen und Entscheidungen", ["calendar", "rulings"]),
        ("resúmenes de sprint y decisiones", ["sprints", "rulings"]),
        ("recaps, sprints & rulings", ["recaps", "sprints", "rulings"]),
        ("Erinnerungen", ["day-before", "hour-before"]),
        ("Erinnerung 1 Stunde vorher", ["hour-before"]),
        ("choques de tal día como hoy", ["anniversaries"]),
        ("everything except reminders", [each.key for each in TOPICS if each.family != "reminders"]),
        ("alles", [each.key for each in TOPICS]),
    ],
)
async def test_topics_are_typed_as_they_are_called_in_any_language(
    bot: Conversation, boss: User, line: str, on: list[str]
) -> None:
    await bot.ask(f"/subscribe {line}", boss)
    assert {*await bot.core.stored.subscriptions.of(PIT_WALL)} == {*on}
    await bot.ask(f"/unsubscribe {line}", boss)
    assert not await bot.core.stored.subscriptions.of(PIT_WALL)


async def test_incidents_and_rulings_are_topics_like_the_others(ask: Ask, press: Press, boss: User) -> None:
    assert on(await ask("/subscribe incidents rulings", boss)) == {"Incidents as they happen", "Rulings"}
    reply = await ask("/subscribe", boss)
    assert fields(reply)["Incidents as they happen"] == (
        "On. A poll while the race runs, as soon as race control notes an incident between drivers."
    )
    assert on(await press(reply, "Turn off rulings", boss)) == {"Incidents as they happen"}
    assert {"Incidents as they happen", "Rulings"} <= on(await ask("/subscribe all", boss))


async def test_each_chat_has_topics_of_its_own(ask: Ask, boss: User) -> None:
    await ask("/subscribe recaps", boss)
    assert on(await ask("/subscribe", boss, GRANDSTAND)) == set()


@pytest.mark.parametrize("line", ["/subscribe pancakes", "/unsubscribe recaps, gossip"])
async def test_a_word_that_is_no_topic_changes_nothing(ask: Ask, boss: User, line: str) -> None:
    await ask("/subscribe recaps", boss)
    reply = await ask(line, boss)
    assert reply.private
    words = "recaps, sprints, qualifying, reminders, calendar, incidents, rulings and anniversaries"
    assert reply.card.title == f"No topic by that name. There are {words}."
    assert on(await ask("/subscribe", boss)) == {"Race recaps"}


async def test_a_comma_alone_is_answered(ask: Ask, boss: User) -> None:
    said = (await ask("/subscribe ,", boss)).card.title
    assert said == "Say which: recaps, sprints, qualifying, reminders, calendar, incidents, rulings or anniversaries."


async def test_all_is_turned_off_at_once_and_on_again(ask: Ask, press: Press, boss: User) -> None:
    await ask("/subscribe recaps reminders", boss)
    reply = await ask("/unsubscribe", boss)
    assert reply.card.title == "Nothing comes to this chat by itself any more"
    assert on(await ask("/subscribe", boss)) == set()
    assert len(on(await press(reply, "Undo", boss))) == 3
    assert len(on(await ask("/subscribe", boss))) == 3


async def test_reminders_are_turned_off_with_those_that_were_chosen_one_by_one(ask: Ask, boss: User) -> None:
    await ask("/subscribe reminders", boss)
    await ask("/reminders qualifying 1h on", boss)
    assert fields(await ask("/subscribe", boss))["Other reminders"] == "1 hour before qualifying."
    assert fields(await ask("/unsubscribe reminders", boss))["Other reminders"] == "None so far."


@pytest.mark.parametrize("topics", ["recaps", "sprints qualifying hour-before incidents rulings", "all"])
async def test_undoing_turns_on_the_chosen_reminders_again_too(ask: Ask, press: Press, boss: User, topics: str) -> None:
    await ask(f"/subscribe {topics}", boss)
    for each in ("practice 15m on", "qualifying on", "sprint 24h 3h on", "race 3h on"):
        await ask(f"/reminders {each}", boss)
    before = fields(await ask("/subscribe", boss))
    reply = await ask("/unsubscribe", boss)
    assert on(await ask("/subscribe", boss)) == set()
    await press(reply, "Undo", boss)
    assert fields(await ask("/subscribe", boss)) == before


async def test_where_nothing_is_on_there_is_nothing_to_turn_off(ask: Ask, boss: User) -> None:
    assert (await ask("/unsubscribe", boss)).card.title == NOTHING_ON


@pytest.mark.parametrize("line", ["/subscribe", "/subscribe recaps", "/unsubscribe"])
async def test_in_a_group_only_admins_decide(ask: Ask, al: User, boss: User, line: str) -> None:
    await ask("/subscribe sprints", boss)
    assert (await ask(line, al)).card.title.startswith(ADMINS_ONLY)
    assert on(await ask("/subscribe", boss)) == {"Sprint recaps"}


async def test_alone_with_the_bot_everybody_decides(ask: Ask, al: User) -> None:
    assert on(await ask("/subscribe recaps", al, alone(al))) == {"Race recaps"}


async def test_what_is_missing_is_said_before_anything_is_turned_on(bot: Conversation) -> None:
    reply = await powerless(bot, "recaps, reminders", PADDOCK)
    assert reply.private
    assert reply.card.title == "I may not post here yet."
    assert reply.card.paragraphs == ("Missing: Embed Links and Attach Files. Give me that and ask again.",)
    assert reply.buttons == ((Button("Try again", "subscribe", "recaps reminders"),),)
    card = await powerless(bot, "", PADDOCK)
    assert card.card.paragraphs == ("I may not post here yet. Missing: Embed Links and Attach Files.",)
    assert on(card) == set()


async def test_on_telegram_no_button_goes_to_another_chat(bot: Conversation) -> None:
    reply = await powerless(bot, "recaps", PIT_WALL, pressed=True)
    assert reply.card.paragraphs == ("Missing: Embed Links and Attach Files. Give me that and press again.",)
    assert reply.buttons == ()


async def test_turning_off_takes_no_rights(bot: Conversation) -> None:
    assert not bot.core.dispatcher.commands["unsubscribe"].posts
    assert bot.core.dispatcher.commands["subscribe"].posts


@pytest.mark.parametrize("line", ["/subscribe", "/subscribe recaps", "/unsubscribe"])
@pytest.mark.parametrize(
    ("chat", "said"),
    [
        (Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE), NOT_HERE),
        (Chat(Platform.CONSOLE, "local", ChatKind.PRIVATE), NOT_IN_THE_TERMINAL),
    ],
)
async def test_where_nothing_can_be_pushed_that_is_said(ask: Ask, al: User, line: str, chat: Chat, said: str) -> None:
    reply = await ask(line, al, chat)
    assert reply.private
    assert reply.card.title == said


async def test_with_its_last_topic_a_private_chat_loses_its_settings(ask: Ask, al: User) -> None:
    here = alone(al)
    await ask("/subscribe recaps sprints", al, here)
    await ask("/settings zone london", al, here)
    assert SETTINGS_GONE not in str((await ask("/unsubscribe sprints", al, here)).card)
    assert fields(await ask("/settings", al, here))["Time zone"].endswith("in London.")
    assert SETTINGS_GONE in str((await ask("/unsubscribe recaps", al, here)).card)
    assert not fields(await ask("/settings", al, here))["Time zone"].endswith("in London.")
    assert on(await ask("/subscribe recaps", al, here)) == {"Race recaps"}


async def test_roles_that_go_with_a_topic_are_spoken_of(ask: Ask) -> None:
    boss = User(Platform.DISCORD, "1")
    await ask("/subscribe recaps sprints", boss, PADDOCK)
    await ask("/settings role recaps <@&123456>", boss, PADDOCK)
    assert "roles" not in str((await ask("/unsubscribe sprints", boss, PADDOCK)).card)
    assert (await ask("/unsubscribe", boss, PADDOCK)).card.paragraphs == (
        "The roles that were mentioned are forgotten.",
    )


def test_any_topics_fit_into_a_button_and_mean_themselves() -> None:
    for number in range(1, len(TOPICS) + 1):
        for some in itertools.combinations(TOPICS, number):
            words = Button("Undo", "subscribe", words_for(some)).argument
            assert set(called(words)) == set(some)


def test_topics_are_completed_by_their_beginnings() -> None:
    assert [suggestion.argument for suggestion in suggest("Re")] == ["recaps", "day-before", "hour-before"]
    assert all(topic(suggestion.argument) for suggestion in suggest(""))


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.text(max_size=40) | st.lists(st.sampled_from(["recaps", "ALL", ",", "sprints", "day-before", "'"])).map(" ".join)
)
async def test_whatever_is_typed_is_answered_and_only_topics_are_kept(
    bot: Conversation, boss: User, typed: str
) -> None:
    for command in ("subscribe", "unsubscribe"):
        reply = await bot.ask(f"/{command} {typed}", boss)
        assert not reply.card.title.startswith("That went wrong")
    assert on(await bot.ask("/subscribe", boss)) <= {each.name for each in TOPICS}


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        *((typed, "recaps") for typed in ("recap", "Bericht", "resumen", "crónicas")),
        *((typed, "rulings") for typed in ("ruling", "Entscheidung", "decisión")),
        *((typed, "anniversaries") for typed in ("anniversary", "Jahrestage", "aniversarios")),
        *((typed, "sprints") for typed in ("sprint",)),
        *((typed, "qualifying") for typed in ("quali", "Qualifikation", "clasificación")),
    ],
)
def test_one_of_them_is_known_as_well_as_several(typed: str, topic: str) -> None:
    assert [each.key for each in called(typed)] == [topic]
