import dataclasses
from typing import Any, cast

import pytest
import simcord
import simcord.interactions
from structlog.testing import capture_logs

from bot.adapters.discord.answering import BORROWED
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.dispatcher import TOO_FAST
from bot.chat.platform import PostGoneError
from bot.chat.replies import Attachment, Reply
from bot.chat.requests import Request
from bot.chat.throttle import Rate, Throttle
from bot.domain.places import ChatKind, Platform, Post, User
from tests.adapters.discord.club import POLL, STORY, TITLE, Bot, Club, title
from tests.adapters.discord.layouts import components_of
from tests.support.clock import FakeClock


async def test_a_slash_command_is_a_request_and_its_answer_a_post(bot: Bot, club: Club) -> None:
    result = await club.al.slash(club.channel, "crash", incident="imola")

    user, update = User(Platform.DISCORD, str(club.al.id)), bot.asked[0].update
    assert bot.asked == [Request("crash", "imola", user, club.chat, "en-US", update=update, group_locale="en-US")]
    assert update.isdecimal()
    assert title(result.response) == TITLE
    assert not result.ephemeral
    assert bot.posted == [(club.post(club.last()), STORY)]


async def test_an_argument_may_be_left_out(bot: Bot, club: Club) -> None:
    await club.al.slash(club.channel, "crash")
    assert bot.asked[0].argument == ""


async def test_who_manages_the_server_is_its_admin(bot: Bot, club: Club) -> None:
    await club.bo.slash(club.channel, "crash", incident="imola")
    assert bot.asked[0].rights
    assert await bot.asked[0].rights.is_admin()


async def test_a_private_chat_is_its_persons_own(bot: Bot, club: Club) -> None:
    await club.al.user.slash("crash", incident="imola")
    assert bot.asked[0].chat.kind is ChatKind.PRIVATE
    assert bot.asked[0].rights
    assert await bot.asked[0].rights.is_admin()


async def test_typing_brings_completions_that_discord_accepts(club: Club) -> None:
    choices = await club.al.autocomplete(club.channel, "crash", "incident", "i")
    assert len(choices) == 25
    assert choices[0]["value"] == "imola-1980"
    assert all(len(choice["name"]) == 100 for choice in choices)
    assert await club.al.autocomplete(club.channel, "crash", "incident", "zzz") == []


async def test_a_press_is_the_request_that_its_button_names(bot: Bot, club: Club) -> None:
    await club.al.slash(club.channel, "crash", incident="imola")
    story = club.last()

    result = await club.bo.click(story, label="Russell")

    user = User(Platform.DISCORD, str(club.bo.id))
    asked, pressed = bot.asked
    post = club.post(story)
    vote = Request("vote", "russell", user, club.chat, "en-US", pressed=post, update=pressed.update)
    assert pressed == dataclasses.replace(vote, group_locale="en-US"), "the server's"
    assert asked.update != pressed.update
    assert result.ephemeral
    assert title(result.response) == "Your vote counts\\."
    assert len(bot.posted) == 1


async def test_a_door_opens_for_who_pressed_it_and_leaves_its_message_to_the_others(bot: Bot, club: Club) -> None:
    await club.al.slash(club.channel, "crash", incident="imola")
    story = club.last()

    opened = await club.bo.click(story, label="Who was to blame?")

    assert (title(opened.response), opened.ephemeral) == ("Who was to blame?", True)
    assert [title(message) for message in club.channel.history(viewer=club.al)] == [TITLE]
    assert opened.response is not None
    assert bot.posted[1][0] == Post(club.chat, str(opened.response.id), str(club.bo.id))
    await bot.adapter.edit(bot.posted[1][0], STORY)
    assert [title(opened.response), title(club.last())] == [TITLE, TITLE], "and it follows the votes"


async def test_behind_a_door_ones_own_choice_is_marked(bot: Bot, club: Club) -> None:
    await club.al.slash(club.channel, "crash", incident="imola")
    opened = await club.bo.click(club.last(), label="Who was to blame?")
    assert opened.ephemeral
    assert "✓ Russell" in str(components_of(opened.response))
    assert bot.posted[1][1].marked == "vote russell"
    assert "✓" not in str(components_of(club.last()))


async def test_what_somebody_opened_for_themselves_turns_into_what_is_pressed_next(bot: Bot, club: Club) -> None:
    await club.al.slash(club.channel, "crash", incident="imola")
    opened = await club.bo.click(club.last(), label="Who was to blame?")
    assert opened.response is not None

    await club.bo.click(opened.response, label="✓ Russell")
    await club.bo.click(opened.response, label="The story")

    assert title(opened.response) == TITLE
    assert [title(message) for message in club.channel.history(viewer=club.al)] == [TITLE]
    assert [post.only_for for post, _reply in bot.posted] == ["", str(club.bo.id), str(club.bo.id)]


async def test_a_page_of_a_list_is_turned_in_place(bot: Bot, club: Club) -> None:
    await bot.adapter.send(club.chat, Reply(Card("Which?"), ((Button("Older", "crash", "imola", turns=True),),)))
    await club.al.click(club.last(), label="Older")
    assert [title(message) for message in club.channel.history()] == [TITLE]
    assert bot.posted == [(club.post(club.last()), dataclasses.replace(STORY, replace=True))]


async def test_a_picture_opens_for_who_pressed_it(bot: Bot, club: Club) -> None:
    await bot.adapter.send(club.chat, Reply(Card("Which?"), ((Button("Imola", "story", "imola"),),)))
    opened = await club.al.click(club.last(), label="Imola")
    assert (title(opened.response), opened.ephemeral) == (TITLE, True)
    assert len(club.channel.history(viewer=club.bo)) == 1


async def test_a_button_still_works_after_a_restart(bot: Bot, club: Club) -> None:
    await club.al.slash(club.channel, "crash", incident="imola")
    await club.env.restart_bot(bot.restarted().connection())

    result = await club.al.click(club.last(), label="Russell")

    assert title(result.response) == "Your vote counts\\."


async def test_a_mistake_is_told_to_the_asker_alone_and_turns_into_what_was_meant(bot: Bot, club: Club) -> None:
    mistake = await club.al.slash(club.channel, "crash", incident="monaco")
    assert mistake.response is not None
    assert mistake.ephemeral
    assert not club.channel.history(viewer=club.bo)

    await club.al.click(mistake.response, label="Monza 2021")

    assert title(mistake.response) == TITLE
    assert not club.channel.history(viewer=club.bo)
    await bot.adapter.edit(bot.posted[0][0], POLL)
    assert title(mistake.response) == "Who was to blame?"


async def test_a_file_goes_with_its_answer(bot: Bot, club: Club) -> None:
    await bot.adapter.send(
        club.chat, Reply(Card("Recap"), attachment=Attachment("podium.png", b"\x89PNG", "Norris won"))
    )
    assert [file.filename for file in club.last().attachments] == ["podium.png"]


async def test_who_is_too_fast_is_told_once_and_then_refused_in_silence() -> None:
    bot = Bot(Throttle(clock=FakeClock(), person=Rate(burst=1, a_second=1)))
    async with simcord.run(bot.adapter.connection()) as env:
        club = Club(env)
        await club.al.slash(club.channel, "crash", incident="imola")
        warned = await club.al.click(club.last(), label="Russell")
        refused = await club.al.click(club.last(), label="Russell")
        refused_again = await club.al.slash(club.channel, "crash", incident="imola")

    assert title(warned.response) == TOO_FAST.replace(".", "\\.").replace(":", "\\:")
    assert refused.deferred
    assert refused.followups == []
    assert refused_again.ephemeral
    assert len(club.channel.history(viewer=club.bo)) == 1


SLOW = Reply(
    Card("What next?"),
    ((Button("Another", "help"), Button("Change", "help", "replace", turns=True), Button("Vote", "vote", "slowly")),),
)


async def test_a_slow_answer_is_announced_in_time(bot: Bot, club: Club) -> None:
    result = await club.al.slash(club.channel, "help")
    assert result.deferred
    assert bot.posted == []

    bot.gate.set()
    await club.env.settle()
    assert title(result.response) == TITLE
    assert bot.posted == [(club.post(club.last()), dataclasses.replace(STORY, separate=True))]


async def test_a_slow_private_answer_stays_private(bot: Bot, club: Club) -> None:
    result = await club.al.slash(club.channel, "votes")
    bot.gate.set()
    await club.env.settle()

    assert [title(message) for message in result.followups] == ["You voted once\\."]
    assert result.followups[0].ephemeral
    assert club.channel.history(viewer=club.bo) == []


async def test_a_slow_press_leaves_its_message_alone_until_the_answer(bot: Bot, club: Club) -> None:
    await bot.adapter.send(club.chat, SLOW)
    another = await club.al.click(club.last(), label="Another")
    change = await club.al.click(club.last(), label="Change")
    vote = await club.al.click(club.last(), label="Vote")
    assert [press.deferred for press in (another, change, vote)] == [True, True, True]
    assert title(club.last()) == "What next?"

    bot.gate.set()
    await club.env.settle()

    assert [title(message) for message in club.channel.history(viewer=club.bo)] == [TITLE]
    assert [(title(message), message.ephemeral) for message in another.followups] == [(TITLE, True)]
    assert change.followups == []
    assert [(title(message), message.ephemeral) for message in vote.followups] == [("Your vote counts\\.", True)]
    assert [post for post, _ in bot.posted] == [club.post(club.last())]


async def test_an_answer_that_cannot_be_delivered_is_noted_and_the_next_one_is(club: Club) -> None:
    club.env.inject_error("POST", "/interactions/*", status=404, code=10062)
    with capture_logs() as logs:
        await club.al.slash(club.channel, "crash", incident="imola")
    assert [(line["event"], line["command"], line["code"]) for line in logs] == [
        ("discord.answer_failed", "crash", 10062),
    ]

    result = await club.al.slash(club.channel, "crash", incident="imola")
    assert title(result.response) == TITLE


async def test_a_vote_counts_even_where_its_press_cannot_be_acknowledged(bot: Bot, club: Club) -> None:
    await bot.adapter.send(club.chat, SLOW)
    club.env.inject_error("POST", "/interactions/*", status=503, times=None)
    with capture_logs() as logs:
        await club.al.click(club.last(), label="Vote")
        assert logs == []
        bot.gate.set()
        await club.env.settle()
    assert [line["status"] for line in logs] == [503]


async def test_a_failure_in_the_adapter_is_logged_and_the_next_answer_comes(
    bot: Bot, club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot, "posted", None)  # to note a post fails from now on
    with capture_logs() as logs:
        await club.al.slash(club.channel, "crash", incident="imola")
        await club.al.click(club.last(), label="Who was to blame?")
    assert [line["event"] for line in logs] == ["discord.command_failed", "discord.event_failed"]
    assert len(club.env.errors) == 2

    result = await club.al.click(club.last(), label="Russell")
    assert title(result.response) == "Your vote counts\\."


async def test_commands_are_published_only_when_they_changed(bot: Bot, club: Club) -> None:
    def published() -> int:
        return sum(call.path.endswith("/commands") for call in club.env.http_requests)

    [call] = [call for call in club.env.http_requests if call.path.endswith("/commands")]
    registered = cast("list[dict[str, Any]]", call.json)
    assert {command["name"] for command in registered} == {"crash", "help", "votes", "follow", "settings", "subscribe"}
    assert all(command["integration_types"] == [0, 1] for command in registered)
    assert all(command["contexts"] == [0, 1, 2] for command in registered)

    await club.env.restart_bot(bot.restarted().connection())
    assert published() == 1

    bot.dispatcher.commands["help"] = dataclasses.replace(bot.dispatcher.commands["help"], summary="All of it")
    await club.env.restart_bot(bot.restarted().connection())
    assert published() == 2


async def test_commands_that_could_not_be_published_are_tried_again(bot: Bot, club: Club) -> None:
    bot.menus.digests.clear()
    club.env.inject_error("PUT", "/applications/*/commands", status=503)
    with capture_logs() as logs:
        await club.env.restart_bot(bot.restarted().connection())
    assert [line["event"] for line in logs] == ["discord.commands_unpublished"]
    assert bot.menus.digests == {}

    await club.env.restart_bot(bot.restarted().connection())
    assert len(bot.menus.digests) == 1


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Interactions come from a server that the bot is no member of: whoever asked first brought it along."""
    base_payload = simcord.interactions.base_payload
    brought_by: dict[str, str] = {}

    def user_installed(*args: Any, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        record, payload = base_payload(*args, **kwargs)
        brought_by.setdefault("1", str(kwargs["user_id"]))
        return record, payload | {"authorizing_integration_owners": brought_by}

    monkeypatch.setattr(simcord.interactions, "base_payload", user_installed)


@pytest.mark.usefixtures("elsewhere")
async def test_where_the_bot_is_no_member_the_last_interaction_changes_the_message(bot: Bot, club: Club) -> None:
    await club.al.slash(club.channel, "crash", incident="imola")
    post = bot.posted[0][0]
    club.env.inject_error("PATCH", "/channels/*", status=403, code=50001, times=None)

    await bot.adapter.edit(post, POLL)
    assert title(club.last()) == "Who was to blame?"

    await club.env.advance_time(15 * 60)
    calls = len(club.env.http_requests)
    with pytest.raises(PostGoneError):
        await bot.adapter.edit(post, STORY)
    assert len(club.env.http_requests) == calls

    vote = await club.al.click(club.last(), label="Russell")
    assert vote.followups[0].ephemeral
    await bot.adapter.edit(post, STORY)
    assert title(club.last()) == TITLE


@pytest.mark.usefixtures("elsewhere")
async def test_where_the_bot_is_no_member_a_press_that_brings_a_message_can_still_change_its_own(
    bot: Bot, club: Club
) -> None:
    await bot.adapter.send(club.chat, Reply(Card("Which?"), ((Button("Imola", "story", "imola"),),)))
    pressed = club.last()
    opened = await club.al.click(pressed, label="Imola")
    club.env.inject_error("PATCH", "/channels/*", status=403, code=50001)

    await bot.adapter.edit(club.post(pressed), POLL)

    assert [title(message) for message in club.channel.history(viewer=club.bo)] == ["Who was to blame?"]
    assert [(title(message), message.ephemeral) for message in opened.followups] == [(TITLE, True)]
    assert bot.posted == [], "what only a follow-up could change is not followed"


@pytest.mark.usefixtures("elsewhere")
async def test_where_the_bot_is_no_member_anybodys_press_lets_it_change_the_message(bot: Bot, club: Club) -> None:
    await club.al.slash(club.channel, "crash", incident="imola")
    await club.env.advance_time(15 * 60)
    await club.bo.click(club.last(), label="Russell")
    await bot.adapter.edit(bot.posted[0][0], POLL)
    assert title(club.last()) == "Who was to blame?"


@pytest.mark.usefixtures("elsewhere")
async def test_where_the_bot_is_no_member_a_slow_press_is_acknowledged_once(bot: Bot, club: Club) -> None:
    await bot.adapter.send(club.chat, SLOW)
    vote = await club.al.click(club.last(), label="Vote")
    bot.gate.set()
    await club.env.settle()
    assert [title(message) for message in vote.followups] == ["Your vote counts\\."]


@pytest.mark.usefixtures("elsewhere")
async def test_an_interaction_ends_with_its_connection(bot: Bot, club: Club) -> None:
    await club.al.slash(club.channel, "crash", incident="imola")
    await club.env.restart_bot(bot.adapter.connection())
    with pytest.raises(PostGoneError):
        await bot.adapter.edit(bot.posted[0][0], POLL)


@pytest.mark.usefixtures("elsewhere")
async def test_interactions_are_forgotten_before_they_fill_the_memory(bot: Bot, club: Club) -> None:
    await club.al.slash(club.channel, "crash", incident="imola")
    first = bot.posted[0][0]
    answering = bot.adapter._answering
    [interaction] = answering._borrowed.values()
    for number in range(BORROWED):
        answering._borrow(Post(club.chat, str(number)), interaction)
    assert len(answering._borrowed) == BORROWED
    assert first.message not in answering._borrowed
