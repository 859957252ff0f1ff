"""f1db, the second witness: whether it answers, when it was last read, and whom of it the archive does not know."""

from collections.abc import Sequence
from http import HTTPStatus

from bot.cli.doctor.findings import Finding, Mark, ok, warning
from bot.cli.doctor.web import UnreachedError, Web
from bot.i18n.formats import day
from storage.database.base import CannotOpenError
from storage.f1db import F1dbReader
from storage.health import AT_A_GLANCE, Health

OFF = "f1db: off, as F1DB_URL says; results have one witness, and old seasons are fetched when they are asked for."
BOTH_OFF = "f1db: off, as F1DB_URL says."
WAIT = "The bot goes on trying, and answers from what is stored. Check the network and F1DB_URL, if that is set."
A_LEADING_BYTE = {"Range": "bytes=0-0"}
THERE = {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}

YET = "Start the bot, which reads it within minutes; where it has been running for longer, its log says why, with f1db."
NOT_FROM_HERE = (
    "Results have one witness, and old seasons are fetched when they are asked for, until the bot gets it: it goes on"
    " trying. Check the network and its proxy, and F1DB_URL, if that is set; F1DB_URL=off does without it for good."
)

SHOWN = 12
NAME_THEM = "Nothing of them is put together. Name them in storage/names/f1db.toml, or tell us."


async def look_at_f1db(web: Web, url: str | None, database: str, *, archive: bool) -> Sequence[Finding]:
    """Whether f1db answers, and what of it is in the database at that address; where it is off, what that means.

    Raises what `storage.health.Health` does for its looks.
    """
    if url is None:
        return [ok(OFF if archive else BOTH_OFF)]
    reached = await asked(web, url)
    try:
        health = Health(database, AT_A_GLANCE)
    except CannotOpenError:  # which is told of the database itself
        return [reached]
    try:
        return await read_of_f1db(F1dbReader(health.reader), reached) if await health.fits() else [reached]
    except CannotOpenError:
        return [reached]
    finally:
        await health.close()


async def asked(web: Web, url: str) -> Finding:
    """Ask for the first byte of a release, wherever its address leads to: the way there may be open, and not that."""
    try:
        answer = await web.get(url, A_LEADING_BYTE, follow=True)
    except UnreachedError as error:
        at = f" at {error.host}" if error.host else ""
        return warning(f"f1db: not reached{at}, {error}.", WAIT)
    if answer.status not in THERE:
        return warning(f"f1db: {answer.host} gives no release (status {answer.status}).", WAIT)
    return ok("f1db: answers.")


async def read_of_f1db(reader: F1dbReader, reached: Finding) -> Sequence[Finding]:
    """How f1db was `reached` just now, when a release of it was last read, and who and what of that is not matched.

    Where none was read, why that is so, as far as it can be seen from here.
    """
    known = await reader.release()
    if known is None:
        return [_unread(reached)]
    read = f"f1db: a release of {known.size / 1e6:.1f} MB, read on {day(known.fetched_at.date())}"
    found = [reached, ok(f"{read}; the latest still on {day(known.checked_at.date())}, {known.checked_at:%H:%M} UTC.")]
    if unmatched := [each.replace("_", "-") for each in await reader.unmatched()]:
        named = ", ".join(unmatched[:SHOWN]) + (f" and {len(unmatched) - SHOWN:,} more" if unmatched[SHOWN:] else "")
        found.append(warning(f"f1db: the archive does not know: {named}.", NAME_THEM))
    return found


def _unread(reached: Finding) -> Finding:
    """Why no release is read yet, and what to do: nobody fetched it, or it is not to be had from here."""
    if reached.mark is Mark.OK:
        return warning("f1db: answers, but no release is read yet.", YET)
    return warning(f"{reached.what.removesuffix('.')}; no release is read yet.", NOT_FROM_HERE)
