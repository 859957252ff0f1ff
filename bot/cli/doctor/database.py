"""What is kept: the database, what is in it, and what could not be delivered."""

import datetime as dt
from collections.abc import Sequence

from bot.chat.plain_text import amount
from bot.cli.doctor.findings import Finding, ok, problem, warning
from bot.domain.places import ChatKind
from bot.i18n.formats import day
from bot.pacing.clock import Clock
from storage.database.base import CannotOpenError, remedy
from storage.database.remedies import SALVAGE
from storage.health import AT_A_GLANCE, Closed, Contents, Health, MisfitError
from storage.season_reader import SeasonReader
from storage.unknown_templates import Unknown

LOOKING = 6.0
"""Seconds that looking for damage may take; a file of ten million votes takes longer."""

OLD = dt.timedelta(days=3)
"""A bot that is running fetches this year's calendar every day."""

SHOWN = 20
RESTORE = f"Stop the bot, keep a copy of the file, and {SALVAGE}"


async def look_at_database(url: str, clock: Clock, *, follows: bool, for_pages: bool = False) -> Sequence[Finding]:
    """Open it for reading only, beside a bot that has it; `follows` an archive, or not.

    `for_pages` alone no more is looked at than their user may read.
    """
    try:
        health = Health(url, AT_A_GLANCE)
    except CannotOpenError as error:
        return [problem(f"Database: {error}.", "Start the bot once, or set DATA_DIR or DATABASE_URL to its own.")]
    try:
        if lacking := await health.lacking_rights(for_pages=for_pages):
            return [_misfit(lacking)]
        await health.check()
        if for_pages:
            return [ok(f"Database: up to date, {amount(await health.votes(), 'vote', 'votes')}; pages may read them.")]
        await health.check_writable()
        contents = await health.contents(int(clock.now().timestamp()))
        calendar = await _calendar(SeasonReader(health.reader), contents, clock.now()) if follows else []
        closed = closed_chats(await health.closed())
        unknown = templates(await health.unknown_templates())
        soundness = _soundness(await health.flaws(LOOKING), contents)
        return [soundness, *deliveries(contents), *closed, *calendar, *unknown]
    except MisfitError as error:
        return [_misfit(str(error))]
    except CannotOpenError as error:
        said = f"Database: cannot be read: {error}."
        return [problem(said, remedy(error) or "Look as the user that the bot runs as; check the server.")]
    finally:
        await health.close()


def _misfit(said: str) -> Finding:
    why, _, remedy = said.partition(". ")
    return problem(f"Database: {why.removeprefix('The database ')}.", remedy)


def _soundness(flaws: list[str] | None, contents: Contents) -> Finding:
    votes = amount(contents.votes, "vote", "votes")
    if flaws:
        return problem(f"Database: damaged: {'; '.join(flaws[:3])}.", RESTORE)
    if flaws is None:
        return ok(f"Database: up to date, {votes}; too large to look for damage in a moment.")
    return ok(f"Database: sound and up to date, {votes}.")


def deliveries(contents: Contents) -> list[Finding]:
    """How many chats have subscribed, and whether they are told."""
    said = f"Deliveries: {amount(contents.subscribed, 'chat has', 'chats have')} subscribed"
    if contents.overdue:
        late = f"{said}; {amount(contents.overdue, 'delivery is', 'deliveries are')} more than an hour late."
        found = [warning(late, "They go out once the bot runs and reaches the platform; look at those lines here.")]
    else:
        found = [ok(f"{said}; {contents.pending:,} on the way.")]
    if contents.given_up:
        what = amount(contents.given_up, "delivery was", "deliveries were")
        found.append(warning(f"Deliveries: {what} given up.", "Why: racing-incident deliveries. Again: --retry."))
    return found


def closed_chats(closed: list[Closed]) -> list[Finding]:
    """The groups in which the bot may not post, by number."""
    remedy = "Its admins were told. They give the bot the right to post, or type /unsubscribe there."
    found = [warning(f"Chats: {_named(one)}", remedy) for one in closed[:SHOWN]]
    if len(closed) > SHOWN:
        found.append(warning(f"Chats: {len(closed) - SHOWN:,} more in which the bot may not post.", remedy))
    return found


def _named(one: Closed) -> str:
    number = "private chat" if one.chat.kind is ChatKind.PRIVATE else one.chat.id
    return f"{one.chat.platform} {number}: {one.problem or 'the bot may not post there.'}"


def templates(unknown: Unknown) -> list[Finding]:
    """How many templates of the stewards' messages nobody knows, where there are any."""
    if not unknown.templates:
        return []
    many = amount(
        unknown.templates, "template of the stewards' messages was", "templates of the stewards' messages were"
    )
    said = f"Race control: {many} not known, in {amount(unknown.sessions, 'session', 'sessions')}."
    remedy = "Nothing was guessed from them. If there is no newer version of the bot, please report the sessions:"
    return [warning(said, f"{remedy} race_control.unknown_template in its log.")]


async def _calendar(seasons: SeasonReader, contents: Contents, now: dt.datetime) -> list[Finding]:
    if contents.fetched_at is None:
        return [warning("Calendar: none is stored yet.", "A bot that is running fetches it within minutes.")]
    fetched_at = dt.datetime.fromtimestamp(contents.fetched_at, dt.UTC)
    race = await seasons.next_race(now)
    coming = f"next is the {race.name}, {day(race.race.day)}" if race else "no race is to come"
    said = f"Calendar: of {day(fetched_at.date())}, {fetched_at:%H:%M} UTC; {coming}."
    if now - fetched_at > OLD:
        return [warning(said, "A bot that is running fetches it daily: is it, and does the archive answer?")]
    return [ok(said)]
