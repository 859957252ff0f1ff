"""What chats know of a noted incident's poll goes along where a told incident with a poll of its own takes it over."""

from dataclasses import replace

from sqlalchemy import Connection, select

from bot.app.settings import Settings
from bot.domain.places import User
from bot.domain.polls import Question
from bot.search.catalogue import Incidents
from storage import tables
from storage.announcements import Announcements
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.poll_closings import PollClosings
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import GRANDSTAND, PADDOCK, PIT_WALL, voter
from tests.storage.test_noted_incidents import ID, drafts, story_of
from tests.storage.test_noted_ratings import RULED, Track, ruled_story
from tests.support.cases import noted
from tests.support.clock import FakeClock
from tests.support.conversation import conversation

TOLD = "monza-2025"


def known(connection: Connection) -> dict[str, tuple[str, int | None, int | None, int]]:
    """What each chat knows of a poll, by its id: the incident, when it was opened and closed there, and how often."""
    there, chat = tables.chat_poll, tables.chat
    rows = select(chat.c.external, tables.poll.c.incident, there.c.opened_at, there.c.closed_at, there.c.closings)
    joined = rows.select_from(there).join(chat).join(tables.poll, tables.poll.c.id == there.c.poll_id)
    return {external: (incident, *moments) for external, incident, *moments in connection.execute(joined)}


async def test_a_poll_is_closed_where_either_was_and_the_first_clock_counts(
    database: Database, ballot_box: BallotBox, chats: Chats, voters: Voters, incidents: Incidents, clock: FakeClock
) -> None:
    track = Track(database, ballot_box, voters)
    await track.say(noted(), heard=11)
    story = story_of(incidents)
    told, was = (await Polls.open(database, [story])).get(TOLD), track.polls.get(ID)
    assert told is not None
    assert was is not None
    closings, now = (
        PollClosings(database, chats, ballot_box, Announcements(database), clock),
        int(clock.now().timestamp()),
    )
    await closings.close(PIT_WALL, was)
    await closings.open(PIT_WALL, was)
    for chat, poll in ((PIT_WALL, was), (PIT_WALL, told), (GRANDSTAND, was), (PADDOCK, told)):
        await closings.close(chat, poll)
    await closings.open(PIT_WALL, told)
    for _restart in range(2):
        await Polls.open(database, [replace(story, takes_over=ID)])
        assert await database.read(known) == {
            PIT_WALL.id: (TOLD, None, now, 3),
            GRANDSTAND.id: (TOLD, None, now, 1),
            PADDOCK.id: (TOLD, None, now, 1),
        }
    await closings.open(PIT_WALL, told)
    await Polls.open(database, [replace(story, takes_over=ID)])
    assert (await database.read(known))[PIT_WALL.id] == (TOLD, None, None, 3), "what is opened again stays open"


async def test_a_rating_that_was_closed_is_closed(
    database: Database, ballot_box: BallotBox, chats: Chats, voters: Voters, incidents: Incidents, clock: FakeClock
) -> None:
    track = Track(database, ballot_box, voters)
    await track.say(RULED, heard=15)
    was = track.polls.get(ID, Question.RATING)
    assert was is not None
    await Polls.open(database, [ruled_story(incidents)])
    await PollClosings(database, chats, ballot_box, Announcements(database), clock).close(PIT_WALL, was)
    told = (await Polls.open(database, [ruled_story(incidents, takes_over=ID)])).get(TOLD, Question.RATING)
    assert told is not None
    assert (await Chats.open(database, HandledUpdates(database))).closed(PIT_WALL, told.id)


async def test_who_starts_with_the_story_takes_no_votes_where_the_poll_was_closed(
    settings: Settings, url: str, incidents: Incidents
) -> None:
    own, story = replace(settings, database_url=url), story_of(incidents)

    async with conversation(own, Incidents([story])) as bot:
        await bot.core.stored.noted.record(drafts(noted()), 11)
        await bot.core.recorder.refresh()
        await bot.ask(f"/polls close {ID}", User(PIT_WALL.platform, "1"))
        await bot.ask(f"/polls close {ID}", User(PIT_WALL.platform, "1"))
    async with conversation(own, Incidents([replace(story, takes_over=ID)])) as bot:
        vote = f"/vote {TOLD} all-verstappen"
        assert (await bot.ask(vote, voter(7))).card.title == "This poll is closed here."
        assert (await bot.ask(vote, voter(7), GRANDSTAND)).card.title != "This poll is closed here."
        poll = bot.core.stored.polls.get(TOLD)
        assert poll is not None
        assert (await bot.core.stored.polls.tally(poll)).votes == 1
