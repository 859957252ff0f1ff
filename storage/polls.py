"""The polls: what may be answered, and how many did."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from sqlalchemy import Connection, Select, bindparam, select

from bot.messages import Chat
from storage import models
from storage.chats import Key, key, polling_place
from storage.database import Database
from storage.incidents.schema import RACING_INCIDENT, Incident
from storage.json_rows import INTEGER, TEXT, as_json, json_rows

Counts = Mapping[tuple[int, int], int]
"""Votes by choice id and whether they were cast after the ruling (0 or 1)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: `key` is for buttons, `label` for people, `side` the suspect it blames or `racing-incident`."""

    id: int
    key: str
    label: str
    side: str


@dataclass(frozen=True, slots=True)
class Poll:
    """An incident's question; `ruled_at` is when its ruling was known, in seconds since 1970."""

    id: int
    incident_id: str
    choices: tuple[Choice, ...]
    ruled_at: int | None

    @classmethod
    def of(cls, incident: Incident, poll_id: int = 0, choice_ids: Mapping[str, int] | None = None) -> "Poll":
        """The poll that an incident asks for; without ids it can be shown, not voted on."""
        choices = tuple(
            Choice((choice_ids or {}).get(key, number), key, label, side)
            for number, (key, label, side) in enumerate(_choices(incident))
        )
        return cls(poll_id, incident.id, choices, _ruled_at(incident))

    def choice(self, key: str) -> Choice | None:
        """The choice of that key, or None."""
        for choice in self.choices:
            if choice.key == key:
                return choice
        return None

    def offered(self, choice_id: int) -> Choice | None:
        """The choice of that id, or None where the poll offers it no longer."""
        for choice in self.choices:
            if choice.id == choice_id:
                return choice
        return None

    def ruled_by(self, moment: int) -> bool:
        """Whether the ruling was known at a moment, in seconds since 1970."""
        return self.ruled_at is not None and moment >= self.ruled_at

    def tally(self, counts: Counts) -> "Tally":
        """The votes for each choice that the poll offers; those for choices that it no longer does are left out."""
        early, late = (tuple(counts.get((choice.id, after), 0) for choice in self.choices) for after in (0, 1))
        return Tally(self.choices, early, late)


@dataclass(frozen=True)
class Tally:
    """How many voted for each of a poll's choices: `early` before the ruling, `late` after it, in their order.

    A thousand voters may share one, so its sums are kept once they are asked for.
    """

    choices: tuple[Choice, ...]
    early: tuple[int, ...]
    late: tuple[int, ...]

    @cached_property
    def votes(self) -> int:
        """How many voted."""
        return sum(self.early) + sum(self.late)

    @property
    def before(self) -> "Tally":
        """The votes cast before the ruling; all of them where there is none."""
        return Tally(self.choices, self.early, (0,) * len(self.choices))

    @property
    def after(self) -> "Tally":
        """The votes cast after the ruling."""
        return Tally(self.choices, (0,) * len(self.choices), self.late)

    def count(self, choice: Choice) -> int:
        """How many voted for a choice."""
        return self._by_choice.get(choice.id, 0)

    def by_side(self) -> dict[str, int]:
        """How many blame each side, in the poll's order; the degrees of blame added up."""
        return dict(self._by_side)

    @cached_property
    def _by_choice(self) -> dict[int, int]:
        counted = zip(self.choices, self.early, self.late, strict=True)
        return {choice.id: early + late for choice, early, late in counted}

    @cached_property
    def _by_side(self) -> dict[str, int]:
        sides = dict.fromkeys((choice.side for choice in self.choices), 0)
        for choice in self.choices:
            sides[choice.side] += self._by_choice[choice.id]
        return sides


class Polls:
    """The polls in memory, their tallies in the database."""

    def __init__(self, database: Database, polls: Iterable[Poll]) -> None:
        self._database = database
        self._by_incident = {poll.incident_id: poll for poll in polls}
        given = json_rows(database.dialect, {"platform": TEXT, "external": TEXT})
        self._in_chats = (
            select(given, models.chat_tally.c.choice_id, models.chat_tally.c.after_ruling, models.chat_tally.c.votes)
            .join(
                models.chat, (models.chat.c.platform == given.c.platform) & (models.chat.c.external == given.c.external)
            )
            .join(models.chat_tally, models.chat_tally.c.chat_id == models.chat.c.id)
            .where(models.chat_tally.c.poll_id == bindparam("poll"))
        )

    @classmethod
    async def open(cls, database: Database, incidents: Iterable[Incident]) -> "Polls":
        """The polls of the incidents that have one; new ones are recorded, known ones keep their votes."""
        polled = [incident for incident in incidents if incident.poll]
        return cls(database, await database.write(lambda connection: _record(database, connection, polled)))

    def __iter__(self) -> Iterator[Poll]:
        return iter(self._by_incident.values())

    def get(self, incident_id: str) -> Poll | None:
        """The poll on an incident, or None."""
        return self._by_incident.get(incident_id)

    async def tally(self, poll: Poll) -> Tally:
        """Everyone's votes."""
        return (await self.tallies([poll]))[poll.id]

    async def tallies(self, polls: Iterable[Poll]) -> dict[int, Tally]:
        """Everyone's votes in several polls, by the poll's id."""
        wanted = {poll.id: poll for poll in polls}
        return await self._database.read(lambda connection: read_tallies(connection, wanted))

    async def tally_here(self, poll: Poll, chat: Chat) -> Tally:
        """The votes cast in one chat; a platform's private chats count as one."""
        return (await self.tallies_in(poll, [chat]))[chat]

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
    counts: dict[int, dict[tuple[int, int], int]] = {poll_id: {} for poll_id in polls}
    wanted = {"rows": as_json((poll_id,) for poll_id in polls)}
    for poll_id, choice_id, after, votes in connection.execute(_tallies(connection.dialect.name), wanted):
        counts[poll_id][choice_id, after] = votes
    return {poll_id: poll.tally(counts[poll_id]) for poll_id, poll in polls.items()}


@cache
def _tallies(dialect: str) -> Select[int, int, int, int]:
    """The tallies of several polls; a list that SQLAlchemy writes into the statement would cost twice as much."""
    return select(models.poll_tally).where(
        models.poll_tally.c.poll_id.in_(select(json_rows(dialect, {"poll_id": INTEGER})))
    )


def _record(database: Database, connection: Connection, incidents: Sequence[Incident]) -> list[Poll]:
    """Insert the polls and choices that are missing, note rulings, and give all polls with their ids."""
    if not incidents:
        return []
    row = database.insert(models.poll)
    connection.execute(
        row.on_conflict_do_update(index_elements=["incident"], set_={"ruled_at": row.excluded.ruled_at}),
        [{"incident": incident.id, "ruled_at": _ruled_at(incident)} for incident in incidents],
    )
    poll_ids = dict(connection.execute(select(models.poll.c.incident, models.poll.c.id)).all())
    connection.execute(
        database.insert(models.choice).on_conflict_do_nothing(),
        [{"poll_id": poll_ids[incident.id], "key": key} for incident in incidents for key, _, _ in _choices(incident)],
    )
    choice_ids: dict[int, dict[str, int]] = defaultdict(dict)
    for choice_id, poll_id, choice_key in connection.execute(
        select(models.choice.c.id, models.choice.c.poll_id, models.choice.c.key)
    ):
        choice_ids[poll_id][choice_key] = choice_id
    return [Poll.of(incident, poll_ids[incident.id], choice_ids[poll_ids[incident.id]]) for incident in incidents]


def _choices(incident: Incident) -> list[tuple[str, str, str]]:
    """Key, label and side of each choice: a scale between two suspects, a list of more."""
    names = incident.button_names
    nobody = (RACING_INCIDENT, "Racing incident", RACING_INCIDENT)
    match list(names):
        case [one, other]:
            return [
                (f"all-{one}", f"All {names[one]}", one),
                (f"mostly-{one}", f"Mostly {names[one]}", one),
                nobody,
                (f"mostly-{other}", f"Mostly {names[other]}", other),
                (f"all-{other}", f"All {names[other]}", other),
            ]
    return [*((suspect, name, suspect) for suspect, name in names.items()), nobody]


def _ruled_at(incident: Incident) -> int | None:
    """The midnight (UTC) that ends the ruling's day, in seconds since 1970."""
    if incident.ruling is None:
        return None
    day_after = incident.ruling.date + dt.timedelta(days=1)
    return int(dt.datetime.combine(day_after, dt.time(), dt.UTC).timestamp())
