import pytest

from bot.chat.commands import STALE
from bot.chat.replies import Reply
from bot.domain.places import Platform, Post, User
from bot.domain.polls import Question
from handlers.incidents.blame import POLLS_OFF
from tests.support.conversation import (
    GRANDSTAND,
    PADDOCK,
    PIT_WALL,
    Ask,
    Conversation,
    Press,
    alone,
    buttons,
    labels,
    votes,
)
from tests.support.platform_double import PlatformDouble


def person(number: int) -> User:
    return User(Platform.TELEGRAM, f"{100 + number}")


def ratings(reply: Reply) -> dict[str, str]:
    """How a verdict's card tells the ratings."""
    return {name: value for name, value in votes(reply).items() if name.startswith("The ruling, rated")}


def scale(*given: object) -> str:
    """So many ratings, from far too lenient to far too harsh."""
    names = ("far too lenient", "slightly too lenient", "correct", "slightly too harsh", "far too harsh")
    return " · ".join(f"{name} {number}" for name, number in zip(names, given, strict=True))


async def test_a_verdict_asks_for_a_rating_of_its_ruling(ask: Ask, al: User) -> None:
    reply = await ask("/verdict monza", al)
    assert (reply.poll, reply.question) == ("monza-2021", Question.RATING)
    assert reply.card.footer == "Did they get it right? One tap rates the ruling; you may change it."
    assert [[button.label for button in row] for row in reply.buttons] == [
        ["Far too lenient", "Slightly too lenient"],
        ["Correct"],
        ["Slightly too harsh", "Far too harsh"],
        ["Who was to blame?", "The story"],
        ["Take my rating back"],
    ]
    assert ratings(reply) == {}


@pytest.mark.parametrize("race", ["adelaide", "suzuka 2022"])
async def test_where_nothing_was_ruled_or_nobody_is_asked_there_is_nothing_to_rate(
    ask: Ask, al: User, race: str
) -> None:
    reply = await ask(f"/verdict {race}", al)
    assert (reply.poll, reply.card.footer) == (None, "")
    assert "Correct" not in labels(reply)


async def test_a_rating_is_acknowledged_to_who_gave_it_alone(ask: Ask, press: Press, al: User) -> None:
    receipt = await press(await ask("/verdict monza", al), "Slightly too harsh", al)
    assert receipt.private
    assert receipt.card.title == "Slightly too harsh"
    assert receipt.card.paragraphs == ("You are the first to rate this ruling.",)
    assert votes(receipt) == {"Everywhere": scale(0, 0, 0, 1, 0)}
    assert labels(receipt)[:2] == ["The story", "Take my rating back"]
    assert [button.shown for button in buttons(receipt) if button.chosen] == ["✓ Slightly too harsh"]


async def test_the_same_again_is_already_counted(ask: Ask, press: Press, al: User, bo: User) -> None:
    verdict = await ask("/verdict monza", al)
    await press(verdict, "Correct", bo)
    await press(verdict, "Correct", al)
    again = await press(verdict, "Correct", al)
    assert again.card.paragraphs == ("Already counted. 2 of 2 ratings say the same.",)


async def test_a_rating_is_changed_by_another_one(ask: Ask, press: Press, al: User) -> None:
    verdict = await ask("/verdict monza", al)
    await press(verdict, "Correct", al)
    assert votes(await press(verdict, "Far too lenient", al)) == {"Everywhere": scale(1, 0, 0, 0, 0)}


@pytest.mark.parametrize("below", ["the verdict", "the receipt"])
async def test_a_rating_is_taken_back_by_a_button_of_its_own(ask: Ask, press: Press, al: User, below: str) -> None:
    await ask("/vote monza-2021 all-hamilton", al)
    verdict = await ask("/verdict monza", al)
    receipt = await press(verdict, "Correct", al)
    taken_back = await press(verdict if below == "the verdict" else receipt, "Take my rating back", al)
    assert taken_back.private
    assert taken_back.card.title == "Your rating is withdrawn"
    nothing = await ask("/rate monza-2021 withdraw", al)
    assert nothing.card.title == "You have no rating here to take back."
    assert labels(taken_back) == labels(nothing) == ["Did they get it right?"], "which has the buttons to rate it again"
    verdict = await ask("/verdict monza", al)
    assert ratings(verdict) == {}
    assert votes(verdict)["Fans, after the ruling"].startswith("all Hamilton 1 · "), (
        "the vote on blame is another matter"
    )


async def test_few_ratings_are_told_by_their_number_and_many_in_hundredths(ask: Ask, al: User) -> None:
    for number in range(8):
        await ask(f"/rate monza-2021 {'correct' if number < 5 else 'far-too-harsh'}", person(number))
    receipt = await ask("/rate monza-2021 correct", person(9))
    assert receipt.card.paragraphs == ("6 of 9 ratings say the same.",)
    told = ratings(await ask("/verdict monza", al, alone(al)))["The ruling, rated everywhere (9)"]
    assert told == scale(0, 0, 6, 0, 3)
    receipt = await ask("/rate monza-2021 far-too-harsh", al)
    assert receipt.card.paragraphs == ("40 % of the ratings say the same.",)
    told = ratings(await ask("/verdict monza", al, alone(al)))["The ruling, rated everywhere (10)"]
    assert told == scale("0 %", "0 %", "60 %", "0 %", "40 %")


async def test_a_chat_sees_its_own_ratings_beside_everyones(ask: Ask, al: User, bo: User) -> None:
    await ask("/rate monza-2021 correct", al)
    await ask("/rate monza-2021 far-too-harsh", bo, PADDOCK)
    assert ratings(await ask("/verdict monza", al)) == {
        "The ruling, rated here": scale(0, 0, 1, 0, 0),
        "The ruling, rated everywhere (2)": scale(0, 0, 1, 0, 1),
    }
    assert list(ratings(await ask("/verdict monza", al, GRANDSTAND))) == ["The ruling, rated everywhere (2)"]
    assert list(ratings(await ask("/verdict monza", al, alone(al)))) == ["The ruling, rated everywhere (2)"]


async def test_where_polls_are_off_nobody_is_asked_and_a_rating_can_be_taken_back(
    ask: Ask, press: Press, al: User, boss: User
) -> None:
    verdict = await ask("/verdict monza", al)
    await press(verdict, "Correct", al)
    await ask("/polls off", boss)
    assert (await press(verdict, "Far too harsh", al)).card.title == POLLS_OFF
    without = await ask("/verdict monza", al)
    assert (without.poll, without.card.footer) == (None, "")
    assert "Correct" not in labels(without)
    assert (await press(verdict, "Take my rating back", al)).card.title == "Your rating is withdrawn"


@pytest.mark.parametrize(
    "data",
    [
        "rate",
        "rate monza-2021",
        "rate monza-2021 all-verstappen",
        "rate monza-2021 correct ",
        "rate adelaide-1994 correct",
        "rate suzuka-2022 withdraw",
        "vote monza-2021 correct",
    ],
)
async def test_a_forged_button_is_told_so_and_counts_nothing(bot: Conversation, al: User, data: str) -> None:
    assert (await bot.send(data, al)).card.title == STALE
    assert (await bot.ask("/mydata", al)).attachment is None


async def test_a_verdict_moves_with_ratings_and_with_votes(bot: Conversation, al: User) -> None:
    telegram = PlatformDouble()
    bot.core.join(telegram)
    post = Post(PIT_WALL, "1")
    bot.core.board.posted(post, await bot.ask("/verdict monza", al))
    await bot.send("rate monza-2021 correct", al)
    await telegram.edited(1)
    rated = telegram.shown(post)
    assert rated
    assert ratings(rated) == {"The ruling, rated here": scale(0, 0, 1, 0, 0)}
    await bot.ask("/vote monza-2021 all-hamilton", al, GRANDSTAND)
    await telegram.edited(2)
    voted = telegram.shown(post)
    assert voted
    assert votes(voted)["Fans, after the ruling"].startswith("all Hamilton 1 · ")
    assert ratings(voted) == ratings(rated)


async def test_a_poll_that_was_turned_to_its_verdict_stays_there(bot: Conversation, al: User, bo: User) -> None:
    telegram = PlatformDouble()
    bot.core.join(telegram)
    post = Post(PIT_WALL, "1")
    bot.core.board.posted(post, await bot.ask("/blame monza", al))
    bot.core.board.posted(post, await bot.send("verdict monza-2021", al))
    await bot.send("vote monza-2021 all-hamilton", bo)  # whose screen shows the poll still
    await telegram.edited(1)
    shown = telegram.shown(post)
    assert shown
    assert shown.card.title == "The verdict: Hamilton and Verstappen, Monza 2021"
