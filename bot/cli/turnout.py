"""`racing-incident turnout`: who came to a poll, when and from where, and what of it is unusual; nobody is in it."""

import asyncio
import datetime as dt
import sys
from collections.abc import Iterator

from bot.app.settings import Settings
from bot.chat.plain_text import amount
from bot.cli.unreadable import cannot_be_read
from bot.domain.places import ChatKind
from bot.domain.polls import Question
from bot.domain.turnout import MINUTE, OnlyHere, Place, Turnout
from storage.database.base import CannotOpenError
from storage.health import Health
from storage.turnout import PLACES, read_polled, read_turnout

POLLS = 20
"""How many polls are listed."""

HOURS = 5
"""How many hours are told, those with most votes."""

AN_HOUR = 3_600
"""Seconds."""

KEPT = "Each vote counts as it stands: nothing was left out, here or before. An unusual crowd may be a real one."


IDS = "`racing-incident find` shows incidents by their ids."


class _NoPollError(Exception):
    """Nobody was ever asked about an incident of that id."""


def turnout(settings: Settings, incident_id: str | None) -> int:
    """Print it for an incident's polls, or the polls with most votes; the exit code is 1 where that cannot be read."""
    try:
        lines = asyncio.run(_read(settings.database, incident_id))
    except _NoPollError:
        print(f"No poll is about {incident_id}. {IDS}", file=sys.stderr)
        return 1
    except CannotOpenError as error:
        print(cannot_be_read(error), file=sys.stderr)
        return 1
    if not lines:
        nothing = "Nobody has voted yet." if incident_id is None else f"Nobody has voted on {incident_id}."
        print(f"{nothing} {IDS}", file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


async def _read(url: str, incident_id: str | None) -> list[str]:
    """The lines, none where there are no votes. Raises CannotOpenError, _NoPollError."""
    health = Health(url)
    try:
        await health.check()
        if incident_id is None:
            polled = await read_polled(health.reader, POLLS)
            return [f"{amount(each.votes, 'vote', 'votes')}  {each.incident_id} {each.question}" for each in polled]
        lines: list[str] = []
        turnouts = {each: await read_turnout(health.reader, incident_id, each) for each in Question}
        if not any(turnouts.values()):
            raise _NoPollError
        for question, found in turnouts.items():
            if found is not None and found.looked_at:
                lines += [*([""] if lines else []), f"{incident_id} {question}: {_size(found)}", *_told(found)]
        return [*lines, "", KEPT] if lines else []
    finally:
        await health.close()


def _size(found: Turnout) -> str:
    votes = amount(found.votes, "vote", "votes")
    if found.looked_at == found.votes:
        return f"{votes}."
    return f"{votes}; what follows is reckoned from {found.looked_at:,} of them, drawn at random."


def _told(found: Turnout) -> Iterator[str]:
    places = found.largest(PLACES)
    yield "Hours with most votes, as they were cast last (UTC):"
    yield from (f"  {line}" for line in _hours(found))
    if places:
        yield "Chats with most votes:"
        yield from (f"  {_named(place)}: {_of(found, place)}" for place in places)
    unusual = [*found.unusual(places)]
    yield "Unusual:" if unusual else "Nothing is unusual by the measures that there are (README, `poll.flooded`)."
    yield from (f"  {_named(each.place)}: {each.what}." for each in unusual)


def _hours(found: Turnout) -> Iterator[str]:
    """The hours with most votes in the order of the clock, each with its busiest minute."""
    hours: dict[int, dict[int, int]] = {}
    for minute, votes in found.by_minute.items():
        hours.setdefault(minute * MINUTE // AN_HOUR, {})[minute] = votes
    busiest = sorted(hours, key=lambda hour: (-sum(hours[hour].values()), hour))[:HOURS]
    for hour in sorted(busiest):
        peak = max(hours[hour], key=lambda minute: (hours[hour][minute], -minute))
        votes, most = found.estimated(sum(hours[hour].values())), found.estimated(hours[hour][peak])
        yield f"{_at(hour * AN_HOUR):%Y-%m-%d %H}h: {votes:,}, of them {most:,} at {_at(peak * MINUTE):%H:%M}"


def _of(found: Turnout, place: Place) -> str:
    votes, peak = found.by_place[place], found.peak(place)
    only_here = found.only_here.get(place, OnlyHere())
    return (
        f"{found.estimated(votes):,} ({votes / found.looked_at:.0%}); in the busiest minute"
        f" ({_at(peak.minute * MINUTE):%Y-%m-%d %H:%M}) {found.estimated(peak.votes):,}, {peak.agreed:.0%} of them for"
        f" one choice; {only_here.voters} of {only_here.looked_at} voters looked at voted on nothing else"
    )


def _named(place: Place) -> str:
    """A place by its platform and its number in the database, which is not the platform's."""
    if place.kind is ChatKind.GROUP:
        return f"chat {place.number} on {place.platform}"
    return f"{'private chats' if place.kind is ChatKind.PRIVATE else 'inline messages'} on {place.platform}"


def _at(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
