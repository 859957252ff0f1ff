import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.commands import STALE, ChoiceError, Command, Offer, Suggestion, UserError
from bot.chat.dispatcher import ADMINS_ONLY, REQUEST_ID, TOO_FAST, UNKNOWN, Dispatcher
from bot.chat.platform import ChatGoneError
from bot.chat.pushing import NOT_HERE
from bot.chat.replies import Reply, notice
from bot.chat.requests import Request, Rights
from bot.chat.throttle import Rate, Throttle
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.i18n import _
from tests.support.clock import FakeClock

GROUP = Chat(Platform.TELEGRAM, "-1001")
INLINE = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
STORY = Reply(Card("Bottas and Russell, Imola 2021"))


class Group:
    """What its platform says of a group when it is asked, and what it was asked."""

    def __init__(self, *lacking: str, admin: bool = False) -> None:
        self.asked: list[str] = []
        self._admin = admin
        self._lacking = lacking

    async def is_admin(self) -> bool:
        self.asked.append("admin")
        return self._admin

    async def lacking(self) -> tuple[str, ...]:
        self.asked.append("lacking")
        return self._lacking


def request(command: str, rights: Rights | None = None, *, pressed: bool = False) -> Request:
    user, post = User(Platform.TELEGRAM, "7"), Post(GROUP, "1") if pressed else None
    return Request(command, "a secret thought", user, GROUP, pressed=post, rights=rights)


def only_seen(command: str) -> Request:
    """A press below what somebody in a group opened for themselves."""
    return replace(request(command), pressed=Post(GROUP, "1", "7"))


def table(handler: Callable[[Request], Awaitable[Reply]], **more: Any) -> Dispatcher:
    """A bot of one command, `crash`."""
    return Dispatcher([Command("crash", "What happened", handler, **more)], Throttle())


def always(reply: Reply) -> Callable[[Request], Awaitable[Reply]]:
    """A handler that answers the same each time."""

    async def handler(_request: Request) -> Reply:
        return reply

    return handler


async def tell(_: Request) -> Reply:
    return STORY


async def fail(_: Request) -> Reply:
    raise ZeroDivisionError


async def test_a_command_is_answered_by_its_handler() -> None:
    assert await table(tell).dispatch(request("crash")) is STORY


async def test_plain_words_are_a_crash_to_be_told_but_a_button_without_a_command_is_stale() -> None:
    assert await table(tell).dispatch(request("")) is STORY
    stale = await table(tell).dispatch(request("", pressed=True))
    assert stale is not None
    assert stale.card.title == STALE


async def test_a_mistyped_command_is_answered_with_the_one_that_was_meant() -> None:
    meant = await table(tell).dispatch(request("crsh"))
    assert meant is not None
    assert meant.card.title == "No such command here. Did you mean /crash?"
    assert meant.buttons == ((Button("/crash a secret thought", "crash", "a secret thought"),),)
    hidden = await table(tell, listed=False).dispatch(request("crsh"))
    assert hidden is not None
    assert hidden.card.title == UNKNOWN


async def test_a_command_that_is_typed_as_two_words_is_meant_as_one() -> None:
    typed = replace(request("cra"), argument="Sh imola")
    meant = await table(tell).dispatch(typed)
    assert meant is not None
    assert meant.card.title == "No such command here. Did you mean /crash?"
    assert meant.buttons == ((Button("/crash imola", "crash", "imola"),),)


@pytest.mark.parametrize("typed", ["crash_imola", "crashimola", "crash__imola"])
async def test_a_command_with_its_words_written_on_to_it_is_taken_apart(typed: str) -> None:
    meant = await table(tell).dispatch(replace(request(typed), argument="2021"))
    assert meant is not None
    assert meant.buttons == ((Button("/crash imola 2021", "crash", "imola 2021"),),)


async def test_a_letter_or_two_too_many_are_a_mistake_and_no_words() -> None:
    meant = await table(tell).dispatch(replace(request("crashes"), argument="imola"))
    assert meant is not None
    assert meant.buttons == ((Button("/crash imola", "crash", "imola"),),)


async def test_what_is_not_in_the_table_is_said_so_to_the_asker_alone() -> None:
    typed, pressed = (
        await table(tell).dispatch(request("win")),
        await table(tell).dispatch(request("win", pressed=True)),
    )
    assert typed is not None
    assert pressed is not None
    assert typed.private
    assert pressed.private
    assert (typed.card.title, pressed.card.title) == (UNKNOWN, STALE)


async def test_what_a_person_can_mend_is_told_to_them_with_what_to_press_instead() -> None:
    async def refuse(_: Request) -> Reply:
        raise UserError("No Monaco crash here yet.", Button("Monza 2021", "crash", "monza-2021"))

    reply = await table(refuse).dispatch(request("crash"))
    assert reply is not None
    assert reply.private
    assert reply.card.title == "No Monaco crash here yet."
    assert reply.buttons == ((Button("Monza 2021", "crash", "monza-2021"),),)


async def test_what_breaks_is_noted_under_an_id_that_the_asker_is_told() -> None:
    with capture_logs() as logs:
        reply = await table(fail).dispatch(request("crash"))
    assert reply is not None
    assert reply.private
    (line,) = logs
    assert line["event"] == "command.failed"
    assert line["command"] == "crash"
    assert f"noted as {REQUEST_ID.get()}." in reply.card.title
    assert "a secret thought" not in repr(line)


async def test_every_request_has_an_id_of_its_own() -> None:
    seen = []

    async def note(_: Request) -> Reply:
        seen.append(REQUEST_ID.get())
        return STORY

    dispatcher = table(note)
    await asyncio.gather(*(dispatcher.dispatch(request("crash")) for _ in range(3)))
    assert len(set(seen)) == 3
    assert None not in seen


async def test_only_admins_reach_what_is_for_admins() -> None:
    dispatcher = table(tell, admin=True)
    for rights in (Group(admin=False), None):
        refused = await dispatcher.dispatch(request("crash", rights))
        assert refused is not None
        assert refused.private
        assert refused.card.title.startswith(ADMINS_ONLY)
    assert await dispatcher.dispatch(request("crash", Group(admin=True))) is STORY


async def test_a_platform_is_asked_only_what_matters() -> None:
    asked: list[Request] = []

    async def note(request: Request) -> Reply:
        asked.append(request)
        return STORY

    ordinary, admins, news = (table(note, **more) for more in ({}, {"admin": True}, {"admin": True, "posts": True}))
    group = Group("to send photos", admin=True)
    await ordinary.dispatch(request("crash", group))
    assert group.asked == []
    await admins.dispatch(request("crash", group))
    assert group.asked == ["admin"]
    await news.dispatch(request("crash", group))
    assert group.asked == ["admin", "admin", "lacking"]
    assert [each.lacking for each in asked] == [(), (), ("to send photos",)]
    outsider = Group("to send photos", admin=False)
    await news.dispatch(request("crash", outsider))
    assert outsider.asked == ["admin"], "what we lack is of no use to who may not ask"


async def test_what_a_platform_raises_when_asked_is_the_adapters() -> None:
    class Gone(Group):
        async def is_admin(self) -> bool:
            raise ChatGoneError

    with pytest.raises(ChatGoneError):
        await table(tell, admin=True).dispatch(request("crash", Gone()))


async def test_who_is_too_fast_has_nothing_asked_for_them() -> None:
    limits, group = Throttle(FakeClock(), person=Rate(burst=1, a_second=1)), Group(admin=True)
    dispatcher = Dispatcher([Command("polls", "Polls", tell, admin=True)], limits)
    for _time in range(5):
        await dispatcher.dispatch(request("polls", group))
    assert group.asked == ["admin"]


@pytest.mark.parametrize(
    ("reply", "replaces"),
    [(STORY, True), (replace(STORY, private=True), False), (replace(STORY, separate=True), False)],
)
@pytest.mark.parametrize("command", ["crash", "~crash"])
async def test_what_somebody_has_for_themselves_becomes_the_answer_unless_that_is_private_or_a_message_of_its_own(
    reply: Reply, replaces: bool, command: str
) -> None:
    dispatcher, alone = table(always(reply)), Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
    assert await dispatcher.dispatch(request("crash")) == reply, "where nothing was pressed, nothing is replaced"
    pressed = replace(request(command), chat=alone, pressed=Post(alone, "5"))
    assert await dispatcher.dispatch(pressed) == replace(reply, replace=replaces)
    if replaces:
        assert await dispatcher.dispatch(only_seen(command)) == replace(reply, replace=True)


@pytest.mark.parametrize(
    ("pressed", "replaces"),
    [
        (request("crash", pressed=True), False),
        (request("~crash", pressed=True), True),
        (replace(request("~crash", pressed=True), offered=False), False),
        (replace(request("~crash"), chat=INLINE, pressed=Post(INLINE, "5")), False),
    ],
    ids=["a door", "a page of the same list", "a page that somebody made up", "where we cannot see what is there"],
)
@pytest.mark.parametrize("poll", [None, "imola-2021"])
async def test_no_press_destroys_what_others_read(pressed: Request, replaces: bool, poll: str | None) -> None:
    reply = replace(STORY, poll=poll)
    asked: list[Request] = []

    async def note(request: Request) -> Reply:
        asked.append(request)
        return reply

    answer = await table(note).dispatch(pressed)
    assert answer == replace(reply, replace=replaces, aside=not replaces)
    assert [each.command for each in asked] == ["crash"], "handlers see no mark"
    picture = await table(always(replace(reply, separate=True))).dispatch(pressed)
    assert picture == replace(reply, separate=True, aside=True), "a message of its own is never the pressed one"


async def test_who_reads_the_pressed_message_counts_and_not_what_chat_it_is_about() -> None:
    alone = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
    about_a_group = replace(request("crash"), pressed=Post(alone, "5"))
    assert await table(tell).dispatch(about_a_group) == replace(STORY, replace=True)


async def test_a_receipt_becomes_what_its_own_button_leads_to_and_a_poll_does_not() -> None:
    receipt = notice("Your vote is withdrawn")
    dispatcher = table(always(receipt))
    assert await dispatcher.dispatch(only_seen("~crash")) == replace(receipt, replace=True)
    for press in (only_seen("crash"), request("~crash", pressed=True), request("crash", pressed=True)):
        assert await dispatcher.dispatch(press) == receipt


async def test_a_mark_that_nobody_pressed_is_no_command() -> None:
    unknown = await table(tell).dispatch(request("~crash"))
    assert unknown is not None
    assert unknown.private


async def test_a_choice_is_asked_for_all_to_see_and_beside_the_message_that_was_pressed() -> None:
    buttons = ((Button("Suzuka 1989", "crash", "suzuka-1989"), Button("Suzuka 1990", "crash", "suzuka-1990")),)

    async def ask_back(_request: Request) -> Reply:
        raise ChoiceError("Which one do you mean?", buttons)

    typed = await table(ask_back).dispatch(request("crash"))
    assert typed == Reply(Card("Which one do you mean?"), buttons)
    assert await table(ask_back).dispatch(request("crash", pressed=True)) == replace(typed, aside=True)


async def test_alone_with_the_bot_everybody_is_an_admin() -> None:
    chat = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
    assert await table(tell, admin=True).dispatch(replace(request("crash"), chat=chat)) is STORY


@pytest.mark.parametrize("pressed", [False, True])
async def test_in_a_chat_that_is_unknown_to_us_nobody_is(pressed: bool) -> None:
    chat = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
    reply = await table(tell, admin=True).dispatch(replace(request("crash", pressed=pressed), chat=chat))
    assert reply == notice(NOT_HERE)


async def test_what_the_dispatcher_says_itself_is_in_the_chats_language_and_so_is_what_handlers_say() -> None:
    async def greet(_request: Request) -> Reply:
        return Reply(Card(_("The calendar")))

    limits = Throttle(FakeClock(), person=Rate(burst=4, a_second=1))
    spoken = {GROUP: "de"}
    rows = [Command("next", "The calendar", greet), Command("polls", "Polls", greet, admin=True)]
    dispatcher = Dispatcher([*rows, Command("crash", "What happened", fail)], limits, language=spoken.get)
    asked = [request(name) for name in ("next", "polls", "gossip", "crash", "next")]
    with capture_logs():
        replies = [await dispatcher.dispatch(each) for each in asked]
    assert [reply.card.title[:20] for reply in replies if reply] == [
        "Der Kalender", "Das können nur die A", "Diesen Befehl gibt e", "Das ging auf unserer", "Etwas langsamer, bit",
    ]  # fmt: skip
    late = await dispatcher.again(request("next"), Post(GROUP, "1"))
    assert late.card.title == "Der Kalender"
    spoken.clear()
    late = await dispatcher.again(request("next"), Post(GROUP, "1"))
    assert late.card.title == "The calendar"


async def test_a_request_is_answered_again_on_the_message_that_answered_it_first() -> None:
    asked: list[Request] = []

    async def note(request: Request) -> Reply:
        asked.append(request)
        return STORY

    limits, post = Throttle(FakeClock(), person=Rate(burst=1, a_second=1)), Post(GROUP, "9")
    dispatcher = Dispatcher([Command("crash", "What happened", note)], limits)
    typed, plain = request("crash"), request("")
    for each in (typed, plain):
        for _time in range(3):
            assert await dispatcher.again(each, post) == replace(STORY, replace=True), "however often"
    assert asked == [replace(typed, pressed=post)] * 3 + [replace(plain, pressed=post)] * 3
    stale = await dispatcher.again(request("gone"), post)
    assert (stale.private, stale.card.title) == (True, STALE)


async def test_who_is_too_fast_is_told_once_and_then_left_without_an_answer() -> None:
    limits = Throttle(FakeClock(), person=Rate(burst=2, a_second=1))
    dispatcher = Dispatcher([Command("crash", "What happened", tell)], limits)
    first, second, third, fourth = [await dispatcher.dispatch(request("crash")) for _ in range(4)]
    assert first is second is STORY
    assert third is not None
    assert third.private
    assert third.card.title == TOO_FAST
    assert fourth is None


async def test_presses_reach_the_handler_at_once_and_so_in_their_order() -> None:
    reached: list[Request] = []

    async def note(request: Request) -> Reply:
        reached.append(request)
        return STORY

    answering = table(note).dispatch(request("crash"))
    with pytest.raises(StopIteration):
        answering.send(None)  # up to the first pause, of which there is none
    assert reached == [request("crash")]


def test_a_command_completes_its_argument_as_it_likes() -> None:
    def suggest(typed: str) -> Sequence[Suggestion]:
        return [Suggestion(f"{typed}… Imola 2021", "imola-2021")]

    dispatcher = Dispatcher([Command("crash", "What happened", tell, suggest=suggest)], Throttle())
    assert dispatcher.suggest("crash", "im") == [Suggestion("im… Imola 2021", "imola-2021")]


@pytest.mark.parametrize("command", ["crash", "win", ""])
def test_what_has_no_completions_has_none(command: str) -> None:
    assert table(tell).suggest(command, "im") == ()


async def test_offers_are_what_the_feature_gives() -> None:
    offered = Offer("imola-2021", "Imola 2021", "Bottas and Russell", STORY)

    async def offer(_typed: str, _: Request) -> Sequence[Offer]:
        return [offered]

    dispatcher = Dispatcher((), Throttle(), offer)
    assert await dispatcher.offer("im", request("offer")) == [offered]


async def test_offers_that_fail_are_none_and_noted() -> None:
    async def offer(_typed: str, _: Request) -> Sequence[Offer]:
        raise ZeroDivisionError

    with capture_logs() as logs:
        assert await Dispatcher((), Throttle(), offer).offer("im", request("offer")) == ()
    assert [line["event"] for line in logs] == ["offer.failed"]


async def test_a_bot_that_offers_nothing_offers_nothing() -> None:
    assert await table(tell).offer("im", request("offer")) == ()
