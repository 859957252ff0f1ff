"""The polls: what may be answered, and how many did."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain

from sqlalchemy import Connection, Row, Select, bindparam, select

from bot.domain.incidents import Incident
from bot.domain.noted_records import NotedRecord
from bot.domain.places import Chat, polling_place
from bot.domain.polls import Counts, Poll, Question, Tally
from bot.pacing.remembered import Remembered
from storage import tables
from storage.chat_rows import Key, key
from storage.database.base import Database
from storage.database.group_read import GroupRead
from storage.database.json_rows import INTEGER, TEXT, as_json, json_rows
from storage.poll_locks import lock_polls_on
from storage.poll_records import read_polls, record_polls
from storage.taken_over import move_votes, rename_polls

REMEMBERED = 1_000
"""Upper bound of noted incidents whose polls are ready to be voted on; of the others there is only what is kept."""

AT_A_TIME = 50
"""Noted incidents whose polls are put together in one go: some milliseconds' work."""


class Polls:
    """The polls in memory, their tallies in the database."""

    def __init__(self, database: Database, polls: Iterable[Poll], taken_over: Mapping[str, str] | None = None) -> None:
        """`taken_over` are the ids of noted incidents that are told by now, each with the id of the told one."""
        self._database = database
        self._group_read = GroupRead[Poll, Tally](self._in_order)
        self._by_question: dict[Question, dict[str, Poll]] = {question: {} for question in Question}
        for poll in polls:
            self._by_question[poll.question][poll.incident_id] = poll
        self._taken_over = taken_over or {}
        self._noted: dict[str, NotedRecord] = {}
        self._ready: Remembered[str, dict[Question, Poll]] = Remembered(REMEMBERED)
        given = json_rows(database.dialect, {"platform": TEXT, "external": TEXT})
        self._in_chats = (
            select(given, tables.chat_tally.c.choice_id, tables.chat_tally.c.after_ruling, tables.chat_tally.c.votes)
            .join(
                tables.chat, (tables.chat.c.platform == given.c.platform) & (tables.chat.c.external == given.c.external)
            )
            .join(tables.chat_tally, tables.chat_tally.c.chat_id == tables.chat.c.id)
            .where(tables.chat_tally.c.poll_id == bindparam("poll"))
        )
        ids = select(json_rows(database.dialect, {"poll_id": INTEGER}))
        here = (tables.chat.c.platform == bindparam("platform")) & (tables.chat.c.external == bindparam("external"))
        self._here = (
            select(*(tables.chat_tally.c[name] for name in ("poll_id", "choice_id", "after_ruling", "votes")))
            .join(tables.chat, tables.chat.c.id == tables.chat_tally.c.chat_id)
            .where(here, tables.chat_tally.c.poll_id.in_(ids))
        )

    @classmethod
    async def open(cls, database: Database, incidents: Iterable[Incident]) -> "Polls":
        """The polls of the incidents that have one; new ones are recorded, known ones keep their votes.

        Those of noted incidents that they take over become theirs, with their votes.
        """
        told = [*incidents]
        polled = [incident for incident in told if incident.poll]
        taken_over = {incident.takes_over: incident.id for incident in told if incident.takes_over}

        def record(connection: Connection) -> list[Poll]:
            lock_polls_on(connection, [*taken_over, *(incident.id for incident in told)])
            rename_polls(connection, taken_over)
            polls = record_polls(database, connection, polled)
            move_votes(database, connection, taken_over)
            return polls

        return cls(database, await database.write(record), taken_over)

    @classmethod
    async def read(cls, database: Database, incidents: Iterable[Incident]) -> "Polls":
        """The polls that are there of the incidents that have one, for who only reads; nothing is recorded."""
        told = [*incidents]
        polled = [incident for incident in told if incident.poll]
        taken_over = {incident.takes_over: incident.id for incident in told if incident.takes_over}
        return cls(database, await database.read(lambda connection: read_polls(connection, polled)), taken_over)

    def take_up(self, records: Iterable[NotedRecord]) -> None:
        """Know the polls on noted incidents, or what has become of them."""
        for record in records:
            self._noted[record.id] = record
            self._ready.pop(record.id, None)

    def __iter__(self) -> Iterator[Poll]:
        """The polls on told incidents, those on blame first."""
        return chain.from_iterable(polls.values() for polls in self._by_question.values())

    def get(self, incident_id: str, question: Question = Question.BLAME) -> Poll | None:
        """The poll that asks a question about an incident, or None."""
        incident_id = self._taken_over.get(incident_id, incident_id)
        return self._by_question[question].get(incident_id) or self._on_noted(incident_id).get(question)

    def on(self, incident_id: str) -> list[Poll]:
        """The polls on an incident, one a question."""
        return [poll for question in Question if (poll := self.get(incident_id, question))]

    def _on_noted(self, incident_id: str) -> dict[Question, Poll]:
        if incident_id not in self._noted:
            return {}
        if incident_id not in self._ready:
            self._ready[incident_id] = self._noted[incident_id].polls
        return self._ready[incident_id]

    def of_ids(self, poll_ids: Collection[int]) -> list[Poll]:
        """The polls of these ids, as far as they are known."""
        wanted = {*poll_ids}
        noted = [each.id for each in self._noted.values() if each.blame_id in wanted or each.rating_id in wanted]
        on_noted = (poll for incident_id in noted for poll in self._on_noted(incident_id).values())
        return [poll for poll in chain(self, on_noted) if poll.id in wanted]

    async def tally(self, poll: Poll) -> Tally:
        """Everyone's votes; asked for in many polls at once, by one read."""
        return await self._group_read.get(poll)

    async def _in_order(self, polls: Sequence[Poll]) -> list[Tally]:
        tallies = await self.tallies(polls)
        return [tallies[poll.id] for poll in polls]

    async def tallies(self, polls: Iterable[Poll]) -> dict[int, Tally]:
        """Everyone's votes in several polls, by the poll's id."""
        wanted = {poll.id: poll for poll in polls}
        return await self._database.read(lambda connection: read_tallies(connection, wanted))

    async def voted(
        self, incident_ids: Iterable[str], chat: Chat | None = None
    ) -> AsyncIterator[tuple[str, dict[Question, Tally]]]:
        """Those of these incidents that have votes, each with everyone's, or a chat's, on what is asked about it.

        It is one read however many they are. Polls are put together for those alone, while others have their turns.
        """
        ids = {each: self._ids_on(each) for each in incident_ids}
        counts = await self._counts(list(chain.from_iterable(ids.values())), chat)
        found = [each for each, poll_ids in ids.items() if not counts.keys().isdisjoint(poll_ids)]
        for number, incident_id in enumerate(found, 1):
            yield incident_id, {poll.question: poll.tally(counts.get(poll.id, {})) for poll in self.on(incident_id)}
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)

    def _ids_on(self, incident_id: str) -> Collection[int]:
        """The ids of an incident's polls; of a noted one nothing is put together for them."""
        noted = self._noted.get(incident_id)
        if noted is not None and incident_id not in self._taken_over:
            return noted.poll_ids.values()
        return [poll.id for poll in self.on(incident_id)]

    async def answers(self, incident_id: str) -> dict[Question, Tally]:
        """Everyone's votes on each question that is asked about an incident."""
        polls = self.on(incident_id)
        tallies = await self.tallies(polls) if polls else {}
        return {poll.question: tallies[poll.id] for poll in polls}

    async def tally_here(self, poll: Poll, chat: Chat) -> Tally:
        """The votes cast in one chat; a platform's private chats count as one."""
        return (await self.tallies_here([poll], chat))[poll.id]

    async def tallies_here(self, polls: Iterable[Poll], chat: Chat) -> dict[int, Tally]:
        """The votes cast in one chat in several polls, by the poll's id."""
        wanted = {poll.id: poll for poll in polls}
        counts = await self._counts(wanted, chat)
        return {poll_id: poll.tally(counts.get(poll_id, {})) for poll_id, poll in wanted.items()}

    async def _counts(self, poll_ids: Iterable[int], chat: Chat | None) -> Mapping[int, Counts]:
        """Everyone's votes, or a chat's, in the polls of these ids; polls that have none are left out."""
        if chat is None:
            statement, given = _tallies(self._database.dialect), {"rows": as_json(poll_ids)}
        else:
            platform, external = key(polling_place(chat))
            statement, given = self._here, {"rows": as_json(poll_ids), "platform": platform, "external": external}
        return _by_poll(await self._database.read(lambda connection: connection.execute(statement, given).all()))

    async def tallies_in(self, poll: Poll, chats: Iterable[Chat]) -> dict[Chat, Tally]:
        """The votes cast in each of several chats."""
        places = {chat: key(polling_place(chat)) for chat in chats}
        given = {"rows": as_json(set(places.values())), "poll": poll.id}
        counts: dict[Key, dict[tuple[int, int], int]] = {place: {} for place in places.values()}
        rows = await self._database.read(lambda connection: connection.execute(self._in_chats, given).all())
        for platform, external, choice_id, after, votes in rows:
            counts[platform, external][choice_id, after] = votes
        return {chat: poll.tally(counts[place]) for chat, place in places.items()}


def read_tallies(connection: Connection, polls: Mapping[int, Poll]) -> dict[int, Tally]:
    """Everyone's votes in the polls of these ids, as a transaction sees them."""
    counts = _by_poll(connection.execute(_tallies(connection.dialect.name), {"rows": as_json(polls)}))
    return {poll_id: poll.tally(counts.get(poll_id, {})) for poll_id, poll in polls.items()}


def _by_poll(rows: Iterable[Row[int, int, int, int]]) -> dict[int, Counts]:
    """The votes in each poll that has any, from rows of its id, a choice, after the ruling or not, and the votes."""
    counts: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    for poll_id, choice_id, after, votes in rows:
        if votes:
            counts[poll_id][choice_id, after] = votes
    return {**counts}


@cache
def _tallies(dialect: str) -> Select[int, int, int, int]:
    """The tallies of several polls; a list that SQLAlchemy writes into the statement would cost twice as much."""
    return select(tables.poll_tally).where(
        tables.poll_tally.c.poll_id.in_(select(json_rows(dialect, {"poll_id": INTEGER})))
    )
