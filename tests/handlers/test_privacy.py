import json
from typing import Any

from bot.messages import Reply, User
from bot.settings import Settings
from storage.incidents import Incidents
from tests.conversation import PIT_WALL, Ask, Press, alone, conversation, fields


def votes(reply: Reply) -> list[dict[str, Any]]:
    """The votes in the file that comes with a reply."""
    assert reply.attachment is not None
    assert reply.attachment.name == "racing-incident-votes.json"
    kept: list[dict[str, Any]] = json.loads(reply.attachment.content)["votes"]
    return kept


async def test_privacy_tells_what_is_kept_and_how_to_end_it(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/privacy", al)
    assert fields(reply).keys() == {"Your votes", "This chat", "Not kept", "How long"}
    assert (await press(reply, "My votes as a file", al)).private
    assert (await press(reply, "Delete my votes", al)).card.title == "Delete all your votes?"


async def test_my_data_is_a_file_of_my_votes_for_me_alone(ask: Ask, al: User, bo: User) -> None:
    await ask("/vote imola-2021 all-russell", al)
    await ask("/vote monza-2021 racing-incident", al, alone(al))
    await ask("/vote baku-2018 racing-incident", bo)
    reply = await ask("/mydata", al)
    assert reply.private
    assert reply.card.title == "2 votes of yours"
    kept = {(vote["incident"], vote["choice"], vote["chat"]) for vote in votes(reply)}
    assert kept == {
        ("imola-2021", "all-russell", f"telegram {PIT_WALL.id}"),
        ("monza-2021", "racing-incident", "telegram private"),
    }
    assert all(vote["cast_at"].endswith("+00:00") for vote in votes(reply))


async def test_my_data_does_not_hold_my_account(ask: Ask, al: User) -> None:
    await ask("/vote imola-2021 all-russell", al, alone(al))
    reply = await ask("/mydata", al, alone(al))
    assert set(votes(reply)[0]) == {"incident", "choice", "cast_at", "chat"}
    assert f'"{al.id}"' not in json.dumps(votes(reply))


async def test_who_never_voted_is_told_so(ask: Ask, al: User) -> None:
    reply = await ask("/mydata", al)
    assert reply.private
    assert reply.attachment is None
    assert (await ask("/forgetme yes", al)).card.title == "There were no votes of yours to delete"


async def test_forgetting_asks_once_and_then_takes_the_votes_out_of_every_tally(
    ask: Ask, press: Press, al: User, bo: User
) -> None:
    await ask("/vote imola-2021 all-russell", al)
    await ask("/vote monza-2021 all-verstappen", al)
    await ask("/vote imola-2021 all-russell", bo)
    question = await ask("/forgetme", al)
    assert question.private
    assert len(votes(await ask("/mydata", al))) == 2, "nothing is deleted before it is confirmed"

    done = await press(question, "Delete them", al)
    assert done.private
    assert done.card.title == "2 votes of yours deleted"
    assert (await ask("/mydata", al)).attachment is None
    assert [bar.votes for bar in (await ask("/blame imola", al)).card.bars] == [1]
    assert (await ask("/blame monza", al)).card.bars == ()
    assert len(votes(await ask("/mydata", bo))) == 1


async def test_keeping_the_votes_keeps_them(ask: Ask, press: Press, al: User) -> None:
    await ask("/vote imola-2021 all-russell", al)
    await press(await ask("/forgetme", al), "Keep them", al)
    assert len(votes(await ask("/mydata", al))) == 1


async def test_a_vote_is_its_voters_after_a_restart_too(settings: Settings, incidents: Incidents, al: User) -> None:
    async with conversation(settings, incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
    async with conversation(settings, incidents) as bot:
        assert (await bot.ask("/forgetme yes", al)).card.title == "1 vote of yours deleted"
