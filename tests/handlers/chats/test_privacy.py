import datetime as dt
import json
import sqlite3
from contextlib import closing
from typing import Any

from bot.app.settings import Settings
from bot.chat.replies import Reply
from bot.domain.announcements import Announcement, Kind
from bot.domain.places import User
from bot.search.catalogue import Incidents
from handlers.chats.privacy import THERE, TOLD_GONE
from storage.announcements import Announcements
from storage.database.open import open_database
from tests.support.conversation import PIT_WALL, Ask, Press, alone, conversation, fields


def data(reply: Reply) -> dict[str, Any]:
    """The file that comes with a reply."""
    assert reply.attachment is not None
    assert reply.attachment.name == "racing-incident-data.json"
    kept: dict[str, Any] = json.loads(reply.attachment.content)
    return kept


def votes(reply: Reply) -> list[dict[str, Any]]:
    """The votes in the file that comes with a reply."""
    kept: list[dict[str, Any]] = data(reply)["votes"]
    return kept


def numbers(settings: Settings) -> set[str]:
    """Every number of a chat that the database has."""
    with closing(sqlite3.connect(settings.data_dir / "racing-incident.db")) as database:
        return {external for (external,) in database.execute("SELECT external FROM chat")}


async def test_privacy_tells_what_is_kept_and_how_to_end_it(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/privacy", al)
    assert fields(reply).keys() == {"Your votes", "This chat", "Subscriptions and settings", "Not kept", "How long"}
    assert (await press(reply, "My data as a file", al)).private
    assert (await press(reply, "Delete my data", al)).card.title == "Delete all your votes?"


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
    assert set(votes(reply)[0]) == {"incident", "question", "choice", "cast_at", "after_ruling", "chat"}
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
    assert [each.cast for each in (await ask("/blame imola", al)).card.votes] == [1]
    assert (await ask("/blame monza", al)).card.votes == ()
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


async def test_in_private_my_data_is_what_this_chat_is_told_as_well(ask: Ask, al: User) -> None:
    await ask("/subscribe recaps", al, alone(al))
    await ask("/settings zone london", al, alone(al))
    reply = await ask("/mydata", al, alone(al))
    assert reply.card.title == "No votes of yours, and this chat's subscriptions and settings"
    kept = data(reply)
    assert kept.keys() == {"votes", "chat", "topics", "settings", "told", "polls_shown", "not_reached_since"}
    assert kept["chat"] == f"telegram {al.id}"
    assert kept["topics"] == ["recaps"]
    assert kept["settings"]["zone"] == "Europe/London"


async def test_in_a_group_my_data_leaves_out_what_my_private_chat_is_told(ask: Ask, al: User) -> None:
    await ask("/subscribe recaps", al, alone(al))
    await ask("/vote imola-2021 all-russell", al)
    reply = await ask("/mydata", al)
    assert data(reply).keys() == {"votes"}
    assert reply.card.paragraphs == (THERE,)


async def test_what_a_private_chat_was_told_is_in_its_data(settings: Settings, incidents: Incidents, al: User) -> None:
    async with conversation(settings, incidents) as bot:
        await bot.ask("/subscribe recaps", al, alone(al))
    database = open_database(settings.database)
    announcements = Announcements(database)
    at = dt.datetime(2021, 4, 18, 17, tzinfo=dt.UTC)
    recap = await announcements.announce(Announcement("recap imola", "recaps", Kind.RECAP, {}, at))
    assert recap is not None
    await announcements.spread(recap, lambda _settings: at)
    await database.close()
    async with conversation(settings, incidents) as bot:
        told = data(await bot.ask("/mydata", al, alone(al)))["told"]
        assert told == [{"what": "recap imola", "state": "pending", "message": None}]
        await bot.ask("/unsubscribe", al, alone(al))
        assert (await bot.ask("/mydata", al, alone(al))).attachment is None


async def test_forgetting_in_private_ends_what_this_chat_is_told(
    ask: Ask, press: Press, settings: Settings, al: User
) -> None:
    here = alone(al)
    await ask("/subscribe recaps", al, here)
    await ask("/settings quiet 22-8", al, here)
    await ask("/vote imola-2021 all-russell", al)
    question = await ask("/forgetme", al, here)
    assert question.card.title == "Delete all your votes, and this chat's subscriptions and settings?"
    assert al.id in numbers(settings)
    done = await press(question, "Delete them", al, here)
    assert done.card.title == "1 vote of yours deleted"
    assert done.card.paragraphs == (TOLD_GONE,)
    assert al.id not in numbers(settings)
    assert (await ask("/mydata", al, here)).attachment is None
    assert fields(await ask("/settings", al, here))["Quiet hours"] == "None"


async def test_what_was_asked_in_a_group_deletes_no_more_where_it_is_answered(ask: Ask, press: Press, al: User) -> None:
    await ask("/subscribe recaps", al, alone(al))
    question = await ask("/forgetme", al)
    await press(question, "Delete them", al, alone(al))
    assert data(await ask("/mydata", al, alone(al)))["topics"] == ["recaps"]


async def test_a_private_chats_number_goes_with_its_last_topic(ask: Ask, settings: Settings, al: User) -> None:
    here = alone(al)
    await ask("/subscribe recaps sprints", al, here)
    await ask("/unsubscribe recaps", al, here)
    assert al.id in numbers(settings)
    await ask("/unsubscribe sprints", al, here)
    assert al.id not in numbers(settings)
    await ask("/subscribe recaps", al, here)
    assert data(await ask("/mydata", al, here))["topics"] == ["recaps"]


async def test_settings_alone_go_with_forgetting(ask: Ask, settings: Settings, al: User) -> None:
    await ask("/settings zone london", al, alone(al))
    assert al.id in numbers(settings)
    await ask("/forgetme yes", al, alone(al))
    assert al.id not in numbers(settings)


async def test_asking_keeps_no_number(ask: Ask, settings: Settings, al: User) -> None:
    for line in ("/subscribe", "/unsubscribe", "/settings", "/mydata", "/forgetme yes"):
        await ask(line, al, alone(al))
    assert al.id not in numbers(settings)


async def test_a_group_keeps_its_settings_without_topics(ask: Ask, settings: Settings, boss: User) -> None:
    await ask("/subscribe recaps", boss)
    await ask("/settings zone london", boss)
    await ask("/unsubscribe", boss)
    assert fields(await ask("/settings", boss))["Time zone"].endswith("in London.")
    assert PIT_WALL.id in numbers(settings)


async def test_where_somebody_turned_topics_on_is_told_and_forgotten(ask: Ask, press: Press) -> None:
    admin = User(PIT_WALL.platform, "1")
    await ask("/subscribe recaps", admin)
    kept = data(await ask("/mydata", admin, alone(admin)))
    assert kept["turned_topics_on_in"] == [f"{PIT_WALL.platform} {PIT_WALL.id}"]
    await press(await ask("/forgetme", admin, alone(admin)), "Delete them", admin, alone(admin))
    assert (await ask("/mydata", admin, alone(admin))).card.title == "Nothing of yours is kept here"
    assert "recaps" in str((await ask("/subscribe", admin)).card).casefold(), "the group's topics stay"
