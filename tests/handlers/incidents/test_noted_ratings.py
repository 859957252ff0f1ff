"""What race control's rulings on noted incidents are rated like: as a told one's, from the ruling on."""

from collections.abc import AsyncIterator

import pytest

from bot.app.settings import Settings
from bot.cards.poll_messages import PollMessages
from bot.cards.public_pages import NO_PAGES
from bot.chat.commands import STALE
from bot.chat.replies import Reply
from bot.domain.cases import Case
from bot.domain.places import Post, User
from bot.domain.polls import Question
from bot.search.catalogue import Incidents
from storage.incidents.reading import read_circuits, read_drivers
from tests.support.cases import MONZA, NOR, PIA, VER, at, cleared, corrected, noted, penalised
from tests.support.clock import FakeClock
from tests.support.conversation import GRANDSTAND, PIT_WALL, Conversation, conversation, fields, labels, votes
from tests.support.platform_double import PlatformDouble

ID = "monza-2025-ver-nor-t4"
RULED = penalised(noted(), VER, 14)
SCALE = [
    ["Far too lenient", "Slightly too lenient"],
    ["Correct"],
    ["Slightly too harsh", "Far too harsh"],
]


class Sunday:
    """The bot on a Sunday at Monza, and a platform on which its messages move."""

    def __init__(self, bot: Conversation) -> None:
        self.bot = bot
        self.telegram = PlatformDouble()
        bot.core.join(self.telegram)
        self._heard = 11

    async def say(self, *cases: Case) -> None:
        """Let race control say more."""
        self._heard += 10
        await self.bot.core.recorder.record(MONZA, cases, self._heard)

    async def post(self, line: str, user: User, number: str = "1") -> Post:
        """Ask something, and have the answer in the chat as a message."""
        post = Post(PIT_WALL, number)
        self.bot.core.board.posted(post, await self.bot.ask(line, user))
        return post

    async def shown(self, post: Post, edits: int) -> Reply:
        """What a message shows after so many edits."""
        await self.telegram.edited(edits)
        reply = self.telegram.shown(post)
        assert reply
        return reply


@pytest.fixture
async def sunday(settings: Settings, incidents: Incidents) -> AsyncIterator[Sunday]:
    async with conversation(settings, Incidents(incidents.told, read_circuits(), read_drivers())) as bot:
        sunday = Sunday(bot)
        await sunday.say(noted())
        yield sunday


def ratings(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in votes(reply).items() if name.startswith("The ruling, rated")}


def scale(far_too_lenient: int = 0, correct: int = 0) -> str:
    """So many ratings on the whole scale in words."""
    return (
        f"far too lenient {far_too_lenient} · slightly too lenient 0 · correct {correct}"
        " · slightly too harsh 0 · far too harsh 0"
    )


async def test_nothing_is_rated_before_a_ruling(sunday: Sunday, al: User) -> None:
    verdict = await sunday.bot.ask(f"/verdict {ID}", al)
    assert (verdict.poll, verdict.card.footer) == (None, "")
    assert labels(await sunday.bot.ask(f"/blame {ID}", al))[-2] == "The verdict"
    for key in ("correct", "withdraw"):
        assert (await sunday.bot.send(f"rate {ID} {key}", al)).card.title == STALE


async def test_the_message_that_is_edited_with_the_ruling_asks_whether_it_is_right(
    sunday: Sunday, al: User, bo: User
) -> None:
    poll = await sunday.post(f"/blame {ID}", al)
    await sunday.say(RULED)
    ruled = await sunday.shown(poll, 1)
    assert fields(ruled)["The stewards"] == "10-second time penalty for Verstappen"
    verdict = await sunday.bot.press(ruled, "Did they get it right?", al)
    assert (verdict.poll, verdict.question) == (ID, Question.RATING)
    assert [[button.label for button in row] for row in verdict.buttons][:3] == SCALE
    receipt = await sunday.bot.press(verdict, "Slightly too harsh", al)
    assert receipt.private
    assert receipt.card.paragraphs == ("You are the first to rate this ruling.",)
    again = await sunday.bot.press(verdict, "Slightly too harsh", al)
    assert again.card.paragraphs == ("Already counted. You are the first to rate this ruling.",)
    changed = await sunday.bot.press(verdict, "Correct", al)
    assert votes(changed) == {"Everywhere": scale(correct=1)}
    await sunday.bot.press(verdict, "Correct", bo, GRANDSTAND)
    assert ratings(await sunday.bot.ask(f"/verdict {ID}", al)) == {
        "The ruling, rated here": scale(correct=1),
        "The ruling, rated everywhere": scale(correct=2),
    }
    taken_back = await sunday.bot.press(verdict, "Take my rating back", al)
    assert taken_back.card.title == "Your rating is withdrawn"
    assert (await sunday.bot.ask(f"/rate {ID} withdraw", al)).card.title == "You have no rating here to take back."


async def test_a_verdict_moves_with_ratings_and_with_what_is_ruled_later(sunday: Sunday, al: User, bo: User) -> None:
    await sunday.say(cleared(noted(), 12))
    verdict = await sunday.post(f"/verdict {ID}", al)
    await sunday.bot.send(f"rate {ID} far-too-lenient", bo)
    assert ratings(await sunday.shown(verdict, 1))["The ruling, rated here"] == scale(far_too_lenient=1)
    await sunday.say(penalised(cleared(noted(), 12), VER, 15))
    ruled_anew = await sunday.shown(verdict, 2)
    assert ratings(ruled_anew)["The ruling, rated here"] == scale(far_too_lenient=1), "who thinks otherwise changes it"
    assert fields(ruled_anew)["The stewards, 7 September 2025, 15:15"].startswith("10-second time penalty")
    assert [[button.label for button in row] for row in ruled_anew.buttons][:3] == SCALE


async def test_a_ruling_that_was_withdrawn_is_rated_no_more_until_it_stands_again(
    sunday: Sunday, al: User, bo: User
) -> None:
    await sunday.say(RULED)
    verdict = await sunday.post(f"/verdict {ID}", al)
    before = await sunday.bot.ask(f"/verdict {ID}", al)
    await sunday.bot.press(before, "Correct", al)
    await sunday.shown(verdict, 1)
    await sunday.say(noted())
    withdrawn = await sunday.shown(verdict, 2)
    assert (ratings(withdrawn), withdrawn.card.footer) == ({}, "")
    assert "Correct" not in labels(withdrawn)
    assert (await sunday.bot.press(before, "Correct", bo)).card.title == STALE
    await sunday.say(RULED)
    assert ratings(await sunday.shown(verdict, 3))["The ruling, rated here"] == scale(correct=1)
    await sunday.say(noted())
    assert (await sunday.bot.press(before, "Take my rating back", al)).card.title == "Your rating is withdrawn"


async def test_where_pictures_come_late_a_verdict_that_was_asked_for_stays_one(
    settings: Settings, incidents: Incidents, boss: User
) -> None:
    catalogue = Incidents(incidents.told, read_circuits(), read_drivers())
    async with conversation(settings, catalogue) as bot:
        await bot.ask("/settings delay 40", boss)
        await bot.core.recorder.record(MONZA, [RULED], 20)
        polls, chats = bot.core.stored.polls, bot.core.stored.chats
        clock = FakeClock(at(14))  # of the ruling, which the chat has not seen
        messages = PollMessages(
            catalogue, polls, chats, lambda _chat: None, lambda _chat, _poll: False, clock, NO_PAGES
        )
        answers = await polls.answers(ID)
        blame, rating = polls.on(ID)
        poll = messages.render(blame, PIT_WALL, answers[Question.BLAME], answers)
        assert ("The stewards" in fields(poll), labels(poll)[-2]) == (False, "The verdict")
        verdict = messages.render(rating, PIT_WALL, answers[Question.RATING], answers)
        assert [[button.label for button in row] for row in verdict.buttons][:3] == SCALE
        assert fields(verdict)["The stewards, 7 September 2025, 15:14"].startswith("10-second time penalty")


async def test_in_a_blind_chat_ratings_are_shown_and_votes_are_not(
    sunday: Sunday, al: User, bo: User, boss: User
) -> None:
    await sunday.bot.ask("/settings polls blind", boss)
    await sunday.say(RULED)
    await sunday.bot.ask(f"/vote {ID} all-norris", bo)
    verdict = await sunday.post(f"/verdict {ID}", al)
    await sunday.bot.send(f"rate {ID} correct", bo)
    shown = await sunday.shown(verdict, 1)
    assert ("Fans" in votes(shown), fields(shown)["Fans"].split(".")[0]) == (False, "1 has voted")
    assert ratings(shown) == votes(shown) == {"The ruling, rated here": scale(correct=1)}


async def test_a_rating_outlasts_a_correction_of_the_cars(sunday: Sunday, al: User) -> None:
    await sunday.say(RULED)
    await sunday.bot.ask(f"/rate {ID} correct", al)
    await sunday.say(corrected(RULED, 20, VER, NOR, PIA))
    told = ratings(await sunday.bot.ask(f"/verdict {ID}", al))
    assert told["The ruling, rated here"] == scale(correct=1)


async def test_after_a_restart_ratings_go_on(settings: Settings, incidents: Incidents, al: User, bo: User) -> None:
    for number, user in enumerate((al, bo), 1):
        async with conversation(settings, Incidents(incidents.told, read_circuits(), read_drivers())) as bot:
            await bot.core.recorder.record(MONZA, [RULED], 20)
            await bot.ask(f"/rate {ID} correct", user)
            told = ratings(await bot.ask(f"/verdict {ID}", user))
            assert told["The ruling, rated here"] == scale(correct=number)


async def test_a_closed_poll_on_blame_is_offered_to_be_opened_and_leaves_ratings_alone(
    sunday: Sunday, al: User, boss: User
) -> None:
    await sunday.say(RULED)
    await sunday.post(f"/blame {ID}", al)
    await sunday.bot.ask(f"/polls close {ID}", boss)
    assert labels(await sunday.bot.ask("/polls open", boss)) == ["Monza 2025 VER NOR T4"]
    receipt = await sunday.bot.ask(f"/rate {ID} correct", al)
    assert receipt.card.title == "Correct"
