"""Who came to a poll, read beside a bot that goes on counting: its votes by place, minute and choice, nobody in them.

A voter's number is a keyed hash, so the votes with the lowest numbers are drawn at random; they come from the index
that votes are kept in. However many votes a poll has, so many are looked at, and no other poll is read as a whole.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection, Select, Subquery, bindparam, case, func, select

from bot.domain.places import ChatKind, Platform
from bot.domain.polls import Question
from bot.domain.turnout import MINUTE, Came, OnlyHere, Place, Turnout
from storage import tables
from storage.database.base import CannotOpenError, Reader, Result, Transaction, in_words
from storage.database.json_rows import BIGINT, as_json, json_rows

LOOKED_AT = 250_000
"""Upper bound of a poll's votes that are looked at; a fraction of a second's work."""

VOTERS = 200
"""Upper bound of a place's voters whose other votes are looked for, poll by poll."""

PLACES = 5
"""How many places are told apart."""

POLL, VOTE, TALLY = tables.poll, tables.vote, tables.poll_tally


class Polled(NamedTuple):
    """A poll and the number of its votes."""

    incident_id: str
    question: Question
    votes: int


async def read_polled(reader: Reader, most: int) -> list[Polled]:
    """The polls with most votes. Raises CannotOpenError."""

    def read(connection: Connection) -> list[Polled]:
        votes = func.sum(TALLY.c.votes)
        counted = select(TALLY.c.poll_id, votes.label("votes")).group_by(TALLY.c.poll_id).having(votes > 0).subquery()
        rows = select(POLL.c.incident, POLL.c.question, counted.c.votes).join(counted, counted.c.poll_id == POLL.c.id)
        found = connection.execute(rows.order_by(counted.c.votes.desc(), POLL.c.id).limit(most))
        return [Polled(incident, Question(question), int(votes)) for incident, question, votes in found]

    return await _read(reader, read)


async def read_turnout(reader: Reader, incident_id: str, question: Question, places: int = PLACES) -> Turnout | None:
    """Who came to a poll; None where there is no such poll. `places` are told apart. Raises CannotOpenError."""

    def read(connection: Connection) -> Turnout | None:
        asked = select(POLL.c.id).where(POLL.c.incident == incident_id, POLL.c.question == question)
        poll_id = connection.scalar(asked)
        return None if poll_id is None else _turnout(connection, poll_id, places)

    return await _read(reader, read)


async def _read(reader: Reader, transaction: Transaction[Result]) -> Result:
    try:
        return await reader.read(transaction)
    except Exception as error:
        raise CannotOpenError(in_words(error)) from error


def _turnout(connection: Connection, poll_id: int, places: int) -> Turnout:
    votes = connection.scalar(select(func.coalesce(func.sum(TALLY.c.votes), 0)).where(TALLY.c.poll_id == poll_id))
    counted = connection.execute(_came(), {"poll": poll_id}).all()
    known = _places(connection, {row.chat_id for row in counted})
    came = [Came(known[chat_id], minute, choice_id, number) for chat_id, minute, choice_id, number in counted]
    looked_at = sum(each.votes for each in came)
    # What is counted while this is read may be among the votes, and not yet in the tally.
    turnout = Turnout(max(int(votes or 0), looked_at), looked_at, tuple(came), {})
    largest = {place.number: place for place in turnout.largest(places)}
    found = connection.execute(_only_here(largest), {"poll": poll_id})
    only_here = {
        None if number is None else largest[number]: OnlyHere(int(voters), looked) for number, voters, looked in found
    }
    return replace(turnout, only_here=only_here)


def _looked_at() -> Subquery:
    """The votes of `poll` that are looked at."""
    votes = select(VOTE.c.voter, VOTE.c.chat_id, VOTE.c.choice_id, VOTE.c.cast_at)
    return votes.where(VOTE.c.poll_id == bindparam("poll")).order_by(VOTE.c.voter).limit(LOOKED_AT).subquery("seen")


def _came() -> Select[int, int, int, int]:
    """Chat, minute, choice and number of those votes."""
    seen = _looked_at()
    by = (seen.c.chat_id, (seen.c.cast_at // MINUTE).label("minute"), seen.c.choice_id)
    return select(*by, func.count()).group_by(*by)


def _places(connection: Connection, numbers: Collection[int]) -> dict[int, Place]:
    """Places by the short numbers of their chats; a join would be free to read all chats."""
    chat, given = tables.chat, select(json_rows(connection.dialect.name, {"id": BIGINT}))
    found = connection.execute(
        select(chat.c.id, chat.c.platform, chat.c.kind).where(chat.c.id.in_(given)), {"rows": as_json(numbers)}
    )
    return {number: Place(number, Platform(platform), ChatKind(kind)) for number, platform, kind in found}


def _only_here(largest: Collection[int]) -> Select[int | None, int, int]:
    """For each of the largest places, and for all others as null: voters with no other vote, and voters looked at."""
    seen = _looked_at()
    place = case((seen.c.chat_id.in_(largest), seen.c.chat_id)).label("place")
    number = func.row_number().over(partition_by=place, order_by=seen.c.voter).label("number")
    ranked = select(place, seen.c.voter, number).subquery("ranked")
    voters = select(ranked.c.place, ranked.c.voter).where(ranked.c.number <= VOTERS).subquery("voters")
    # Looked up poll by poll: votes have no index by voter, and a join would be free to read them all.
    vote = (
        select(VOTE.c.choice_id)
        .where(VOTE.c.poll_id == POLL.c.id, VOTE.c.voter == voters.c.voter)
        .correlate(POLL, voters)
    )
    others = select(POLL.c.id).where(POLL.c.id != bindparam("poll"), vote.scalar_subquery().is_not(None)).limit(1)
    alone = case((others.correlate(voters).scalar_subquery().is_(None), 1), else_=0)
    return select(voters.c.place, func.sum(alone), func.count()).group_by(voters.c.place)
