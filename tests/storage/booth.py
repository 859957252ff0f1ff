"""A polling booth: `await booth.press("imola-2021 all-russell", al)`; and the tallies as a recount has them.

`imola-2021 withdraw` takes a vote back, `booth.rate("imola-2021 correct", al)` rates the ruling.
"""

from asyncio import Future
from itertools import chain

from sqlalchemy import func, select

from bot.domain.ballots import Ballot, Receipt
from bot.domain.incidents import WITHDRAW
from bot.domain.places import Chat, Platform, Post, User
from bot.domain.polls import Poll, Question
from storage import tables
from storage.ballot_box import BallotBox
from storage.database.base import Database
from storage.polls import Polls
from storage.posts import Posts
from storage.voters import Voters

PIT_WALL = Chat(Platform.TELEGRAM, "-1001")
GRANDSTAND = Chat(Platform.TELEGRAM, "-1002")
PADDOCK = Chat(Platform.DISCORD, "555")


class Booth:
    """Where a ballot is filled in by the names that are on it."""

    def __init__(self, box: BallotBox, polls: Polls, voters: Voters) -> None:
        self.box = box
        self._polls = polls
        self._voters = voters

    def ballot(
        self, paper: str, user: User, chat: Chat = PIT_WALL, update: str = "", question: Question = Question.BLAME
    ) -> Ballot:
        """A ballot from an incident's id and a choice's key, or `withdraw`."""
        incident_id, key = paper.split()
        poll = self._polls.get(incident_id, question)
        assert poll is not None
        choice = poll.choice(key)
        assert choice is not None or key == WITHDRAW
        return Ballot(poll, choice, self._voters.pseudonym(user), chat, update)

    def press(self, paper: str, user: User, chat: Chat = PIT_WALL, update: str = "") -> Future[Receipt]:
        """Cast a ballot."""
        return self.box.cast(self.ballot(paper, user, chat, update))

    def rate(self, paper: str, user: User, chat: Chat = PIT_WALL, update: str = "") -> Future[Receipt]:
        """Rate a ruling."""
        return self.box.cast(self.ballot(paper, user, chat, update, Question.RATING))


def voter(number: int) -> User:
    """Some person."""
    return User(Platform.TELEGRAM, str(number))


async def showing(posts: Posts, poll: Poll) -> list[Post]:
    """The messages on all platforms that show a poll, newest first."""
    pages = [await posts.showing(poll, platform, limit=1_000) for platform in Platform]
    return [each.post for each in sorted(chain.from_iterable(pages), reverse=True)]


async def tallied(database: Database) -> dict[tuple[int, int, int], int]:
    """Everyone's votes as the tallies have them, by poll, choice, and after the ruling or not."""
    tally = tables.poll_tally
    rows = select(tally.c.poll_id, tally.c.choice_id, tally.c.after_ruling, tally.c.votes).where(tally.c.votes != 0)
    return {
        (poll, choice, after): votes
        for poll, choice, after, votes in await database.read(lambda connection: connection.execute(rows).all())
    }


async def recounted(database: Database) -> dict[tuple[int, int, int], int]:
    """The same, counted vote by vote."""
    vote = tables.vote
    columns = (vote.c.poll_id, vote.c.choice_id, vote.c.after_ruling)
    rows = select(*columns, func.count()).group_by(*columns)
    return {
        (poll, choice, after): votes
        for poll, choice, after, votes in await database.read(lambda connection: connection.execute(rows).all())
    }


async def tallied_by_chat(database: Database) -> dict[tuple[int, int, int, int], int]:
    """The votes of each chat as the tallies have them."""
    tally = tables.chat_tally
    rows = select(tally).where(tally.c.votes != 0)
    return {
        (chat, poll, choice, after): votes
        for chat, poll, choice, after, votes in await database.read(lambda connection: connection.execute(rows).all())
    }


async def recounted_by_chat(database: Database) -> dict[tuple[int, int, int, int], int]:
    """The same, counted vote by vote."""
    vote = tables.vote
    columns = (vote.c.chat_id, vote.c.poll_id, vote.c.choice_id, vote.c.after_ruling)
    rows = select(*columns, func.count()).group_by(*columns)
    return {
        (chat, poll, choice, after): votes
        for chat, poll, choice, after, votes in await database.read(lambda connection: connection.execute(rows).all())
    }
