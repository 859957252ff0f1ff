"""Who voted, without keeping who: pseudonyms under a secret that is not in the database."""

from collections.abc import Collection
from hashlib import blake2b

from sqlalchemy import Connection, select

from bot.domain.places import Chat, ChatKind, Platform, User
from bot.domain.polls import Choice, Poll, Question
from bot.domain.voters import KeptVote
from storage import tables
from storage.database.base import Database
from storage.private_chats import stand_in


class Voters:
    """From people to pseudonyms, and from a pseudonym to its votes."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._keyed = blake2b(digest_size=8, key=secret)

    def pseudonym(self, user: User) -> int:
        """A person's number, always the same, 64 bits, signed; without the secret nobody finds the person by it."""
        hashed = self._keyed.copy()
        hashed.update((user.platform + ":" + user.id).encode())
        return int.from_bytes(hashed.digest(), "big", signed=True)

    def alias(self, chat: Chat, user: User) -> Chat:
        """The chat; for a private one, whose number is a person's, a stand-in that does not tell whose it is."""
        return stand_in(chat.platform, self.pseudonym(user)) if chat.kind is ChatKind.PRIVATE else chat

    async def has_voted(self, voter: int, poll: Poll) -> bool:
        """Whether a voter has a vote in a poll, wherever it was cast."""
        return bool(await self._choices(poll, [voter]))

    async def choice_of(self, person: User, poll: Poll) -> Choice | None:
        """What somebody has chosen in a poll; None where they have no vote in it."""
        return (await self.choices(poll, [person])).get(person)

    async def choices(self, poll: Poll, people: Collection[User]) -> dict[User, Choice]:
        """What people have chosen in a poll, of those who have a vote in it, wherever it was cast."""
        pseudonyms = {self.pseudonym(person): person for person in people}
        chosen = await self._choices(poll, pseudonyms)
        offered = ((pseudonyms[voter], poll.offered(choice_id)) for voter, choice_id in chosen.items())
        return {person: choice for person, choice in offered if choice is not None}

    async def _choices(self, poll: Poll, voters: Collection[int]) -> dict[int, int]:
        mine = (tables.vote.c.poll_id == poll.id) & tables.vote.c.voter.in_(voters)
        votes = select(tables.vote.c.voter, tables.vote.c.choice_id).where(mine)
        return dict(await self._database.read(lambda connection: connection.execute(votes).all()))

    async def votes_of(self, voter: int) -> list[KeptVote]:
        """All that is kept of a voter, oldest first."""
        return await self._database.read(lambda connection: _votes_of(connection, voter))


def _votes_of(connection: Connection, voter: int) -> list[KeptVote]:
    # Poll by poll: there is no index by voter, and a plain join would read all votes.
    theirs = tables.vote.c.poll_id.in_(select(tables.poll.c.id)) & (tables.vote.c.voter == voter)
    mine = (
        select(
            tables.poll.c.incident,
            tables.poll.c.question,
            tables.choice.c.key,
            tables.chat.c.platform,
            tables.chat.c.external,
            tables.chat.c.kind,
            tables.vote.c.cast_at,
            tables.vote.c.after_ruling,
        )
        .select_from(tables.vote)
        .join(tables.poll, tables.poll.c.id == tables.vote.c.poll_id)
        .join(tables.choice, tables.choice.c.id == tables.vote.c.choice_id)
        .join(tables.chat, tables.chat.c.id == tables.vote.c.chat_id)
        .where(theirs)
        .order_by(tables.vote.c.cast_at, tables.poll.c.incident)
    )
    return [
        KeptVote(
            incident, Question(question), key, Chat(Platform(platform), external, ChatKind(kind)), cast_at, bool(after)
        )
        for incident, question, key, platform, external, kind, cast_at, after in connection.execute(mine)
    ]
