"""In a chat whose polls are blind nobody sees how a poll stands before they have voted; elsewhere all do as ever."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.adapters.telegram.render import TOAST, toast
from bot.app.settings import Settings
from bot.chat.instants import as_written
from bot.chat.replies import Reply
from bot.domain.places import Chat, Platform, Post, User
from bot.i18n import LANGUAGES
from bot.search.catalogue import Incidents
from handlers.incidents.chart import HIDDEN
from tests.support.cases import MONZA, noted
from tests.support.clock import HeldClock
from tests.support.conversation import (
    GRANDSTAND,
    PADDOCK,
    PIT_WALL,
    Ask,
    Conversation,
    Press,
    alone,
    conversation,
    fields,
    labels,
    votes,
)
from tests.support.platform_double import PlatformDouble
from tests.support.season import Fans

VOTERS = [User(Platform.TELEGRAM, str(number)) for number in range(20, 32)]


def gives_away(reply: Reply) -> bool:
    """Whether a reply says how a poll stands."""
    card = reply.card
    texts = (card.title, card.subtitle, *card.paragraphs, card.footer, *(fact.value for fact in card.fields))
    return bool(card.votes) or reply.attachment is not None or any("%" in as_written(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Held:
    """The bot, a platform, and the time of both."""

    bot: Conversation
    telegram: PlatformDouble
    clock: HeldClock

    async def show(self, chat: Chat, user: User) -> None:
        """Let a message in a chat show the poll."""
        self.bot.core.posted(Post(chat, "1"), await self.bot.ask("/blame imola", user, chat))

    async def edited(self, times: int) -> None:
        """Let time go on until messages were changed so often."""
        await self.clock.go_on_while(lambda: len(self.telegram.edits) < times)

    def shown(self, chat: Chat) -> Reply:
        """What a chat's message was changed to last."""
        reply = self.telegram.shown(Post(chat, "1"))
        assert reply
        return reply


@pytest.fixture
async def blind(ask: Ask, boss: User) -> None:
    """Twelve have voted in the pit wall, whose polls are blind, and one in the grandstand."""
    await ask("/settings polls blind", boss)
    for number, user in enumerate(VOTERS):
        await ask(f"/vote imola-2021 {'all-russell' if number < 9 else 'racing-incident'}", user)
    await ask("/vote imola-2021 all-bottas", User(Platform.TELEGRAM, "99"), GRANDSTAND)


@pytest.mark.usefixtures("blind")
async def test_a_groups_poll_says_how_many_voted_and_no_more(ask: Ask, al: User) -> None:
    for user in (al, VOTERS[0]):
        poll = await ask("/blame imola", user)
        assert not gives_away(poll)
        assert poll.card.paragraphs == (
            "12 have voted here, 13 everywhere.",
            "How it stands is shown to whoever has voted.",
        )
        assert fields(poll).keys() == {"The case against Bottas", "The case against Russell"}
        assert "All Russell" in labels(poll)


async def test_before_the_first_vote_it_says_that(ask: Ask, boss: User) -> None:
    await ask("/settings polls blind", boss)
    poll = await ask("/blame imola", boss)
    assert poll.card.paragraphs[0] == "No votes here yet. One tap is a vote; you may change it."
    assert fields(await ask("/verdict imola", boss))["Fans"] == "No votes yet."


@pytest.mark.usefixtures("blind")
async def test_nothing_else_gives_it_away(ask: Ask, al: User) -> None:
    for line in ("/crash imola", "/verdict imola", "/timeline imola"):
        assert not gives_away(await ask(line, al)), line
    assert fields(await ask("/crash imola", al))["Fans"] == "13 have voted"
    verdict = await ask("/verdict imola", al)
    assert fields(verdict)["Fans"] == "13 have voted. How it stands is shown to whoever has voted."
    assert "As a picture" not in labels(verdict)


@pytest.mark.usefixtures("blind")
async def test_the_voter_alone_is_shown_how_it_stands(ask: Ask, press: Press, al: User) -> None:
    receipt = await press(await ask("/blame imola", al), "Mostly Russell", al)
    assert receipt.private
    assert votes(receipt) == {
        "Everywhere (14)": "all Bottas 7 % · mostly Bottas 0 % · racing incident 21 %"
        " · mostly Russell 7 % · all Russell 65 %"
    }
    assert as_written(receipt.card.paragraphs[0]).endswith(" Russell 72 % · racing incident 21 % · Bottas 7 %.")
    assert "Russell 72 %" in (toast(receipt) or ""), "a toast has no scale"
    assert not gives_away(await ask("/blame imola", al))


async def test_how_it_stands_is_a_sentence_that_begins_with_a_capital(ask: Ask, boss: User) -> None:
    await ask("/settings polls blind", boss)
    receipt = await ask("/vote imola-2021 racing-incident", boss)
    assert as_written(receipt.card.paragraphs[0]).endswith(". Racing incident 1.")


@pytest.mark.usefixtures("blind")
async def test_who_takes_their_vote_back_sees_nothing_again(ask: Ask, al: User) -> None:
    await ask("/vote imola-2021 all-russell", al)
    for _ in range(2):
        assert not gives_away(await ask("/vote imola-2021 withdraw", al))


@pytest.mark.usefixtures("blind")
async def test_a_picture_is_for_who_has_voted_and_for_them_alone(ask: Ask, al: User) -> None:
    refused = await ask("/chart imola", al)
    assert (refused.card.title, labels(refused)) == (HIDDEN, ["Who was to blame?"])
    drawn = await ask("/chart imola", VOTERS[0])
    assert drawn.attachment
    assert drawn.private


@pytest.mark.usefixtures("blind")
async def test_another_chat_shows_everybodys_bars_as_ever(ask: Ask, al: User) -> None:
    poll = await ask("/blame imola", al, GRANDSTAND)
    assert votes(poll)["Here"].startswith("all Bottas 1 · ")
    assert votes(poll)["Everywhere (13)"].endswith(" · all Russell 69 %")
    assert gives_away(await ask("/verdict imola", al, GRANDSTAND))


@pytest.mark.usefixtures("blind")
async def test_once_it_is_closed_all_see_how_it_stands(ask: Ask, al: User, boss: User) -> None:
    await ask("/polls close imola", boss)
    for line in ("/blame imola", "/crash imola", "/verdict imola"):
        assert gives_away(await ask(line, al)), line
    assert not (await ask("/chart imola", al)).private


@pytest.mark.usefixtures("blind")
async def test_polls_that_are_open_to_see_again_are(ask: Ask, al: User, boss: User) -> None:
    await ask("/settings polls open", boss)
    assert gives_away(await ask("/blame imola", al))


async def test_alone_one_sees_it_once_one_has_voted(ask: Ask, press: Press, al: User, bo: User) -> None:
    await ask("/settings polls blind", al, alone(al))
    await ask("/vote imola-2021 all-russell", bo)
    poll = await ask("/blame imola", al, alone(al))
    assert poll.card.paragraphs[0] == "1 has voted."
    assert not gives_away(poll)
    await press(poll, "All Bottas", al, alone(al))
    for line in ("/blame imola", "/crash imola", "/verdict imola"):
        assert gives_away(await ask(line, al, alone(al))), line


@pytest.fixture
async def held(settings: Settings, incidents: Incidents) -> AsyncIterator[Held]:
    """The bot on a platform that notes what messages are changed to, while time stands still."""
    clock = HeldClock()
    async with conversation(settings, incidents, clock=clock) as bot:
        bot.core.join(telegram := PlatformDouble())
        yield Held(bot, telegram, clock)


async def test_messages_follow_as_blindness_begins_and_ends(held: Held, al: User, boss: User) -> None:
    for chat in (PIT_WALL, GRANDSTAND):
        await held.show(chat, al)
    await held.bot.ask("/vote imola-2021 all-russell", al)
    await held.edited(2)
    assert gives_away(held.shown(PIT_WALL))
    await held.bot.ask("/settings polls blind", boss)
    await held.edited(3)
    assert not gives_away(held.shown(PIT_WALL))
    assert gives_away(held.shown(GRANDSTAND))


async def test_messages_follow_as_a_running_session_is_veiled(held: Held, al: User, boss: User) -> None:
    (change,) = await held.bot.core.recorder.record(MONZA, [noted()], 10)
    poll = await held.bot.ask(f"/blame {change.record.id}", al)
    held.bot.core.posted(Post(PIT_WALL, "1"), poll)
    await held.bot.ask("/settings spoilers veil", boss)
    await held.edited(1)
    assert held.shown(PIT_WALL).veiled
    assert held.shown(PIT_WALL).card.title == "Who was to blame? Turn 4, lap 12, Monza 2025"
    await held.bot.ask("/settings spoilers show", boss)
    await held.edited(2)
    assert held.shown(PIT_WALL).card == poll.card


async def test_a_vote_moves_the_number_alone(held: Held, al: User, boss: User) -> None:
    await held.bot.ask("/settings polls blind", boss)
    await held.show(PIT_WALL, al)
    await held.bot.ask("/vote imola-2021 all-russell", al)
    await held.edited(1)
    assert held.shown(PIT_WALL).card.paragraphs[0] == "1 has voted here, 1 everywhere."
    assert not gives_away(held.shown(PIT_WALL))


async def test_a_private_chats_message_shows_it_from_the_vote_on(held: Held, al: User, bo: User) -> None:
    await held.bot.ask("/settings polls blind", al, alone(al))
    await held.show(alone(al), al)
    await held.bot.ask("/vote imola-2021 all-bottas", bo)
    await held.edited(1)
    assert not gives_away(held.shown(alone(al)))
    await held.bot.send("vote imola-2021 all-russell", al, alone(al))
    await held.edited(2)
    assert gives_away(held.shown(alone(al)))


async def test_a_recap_leaves_out_what_fans_say_where_polls_are_blind(fans: Fans) -> None:
    await fans.vote("imola-2021", "all-russell")
    assert "fans:" in fields(await fans.ask("/recap imola"))["They will be talking about"]
    await fans.settings.change(PIT_WALL, blind=True)
    assert "fans:" not in fields(await fans.ask("/recap imola"))["They will be talking about"]
    assert "fans:" in fields(await fans.ask("/recap imola", GRANDSTAND))["They will be talking about"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_blind_receipt_is_a_toast_in_every_language(
    settings: Settings, shipped: Incidents, boss: User, language: str
) -> None:
    async with conversation(settings, shipped) as bot:
        await bot.ask(f"/settings language {language}", boss, PADDOCK)
        await bot.ask("/settings polls blind", boss, PADDOCK)
        for incident in shipped:
            if incident.poll:
                for number, suspect in enumerate(incident.suspects):
                    side = suspect.id if len(incident.suspects) > 2 else f"all-{suspect.id}"
                    voter = User(Platform.DISCORD, f"{number}")
                    receipt = await bot.ask(f"/vote {incident.id} {side}", voter, PADDOCK)
                    said = toast(receipt)
                    assert said is not None, incident.id
                    assert len(said) <= TOAST


@pytest.mark.usefixtures("blind")
@pytest.mark.parametrize("line", ["/stewards 2021", "/stewards 2021 here picture", "/blamed 2021"])
async def test_a_season_does_not_give_it_away(ask: Ask, al: User, line: str) -> None:
    assert (await ask(line, al)).card.title.startswith("Polls are blind in this chat")
    assert not (await ask(line, al, GRANDSTAND)).card.title.startswith("Polls are blind in this chat")


@pytest.mark.usefixtures("blind")
async def test_ratings_are_shown_all_the_same(ask: Ask, al: User) -> None:
    await ask("/rate imola-2021 correct", al)
    verdict = await ask("/verdict imola", al)
    assert votes(verdict).keys() == {"The ruling, rated here"}
    assert " · correct 1 · " in votes(verdict)["The ruling, rated here"]
    assert fields(verdict)["Fans"].startswith("13 have voted.")
