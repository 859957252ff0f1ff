"""f1db, the second witness: whether it answers, when it was last read, and whom of it the archive does not know."""

from collections.abc import Sequence
from http import HTTPStatus

from bot.cli.doctor.findings import Finding, ok, warning
from bot.cli.doctor.web import UnreachedError, Web
from bot.i18n.formats import day
from storage.f1db import F1dbReader

OFF = "f1db: off, as F1DB_URL says; results have one witness, and old seasons are fetched when they are asked for."
BOTH_OFF = "f1db: off, as F1DB_URL says."
WAIT = "The bot goes on trying, and answers from what is stored. Check the network and F1DB_URL, if that is set."
A_LEADING_BYTE = {"Range": "bytes=0-0"}
THERE = {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}

YET = "A bot that is running reads it within minutes, once f1db gives it; see what is said of f1db itself."

SHOWN = 12
NAME_THEM = "Nothing of them is put together. Name them in storage/names/f1db.toml, or tell us."


async def look_at_f1db(web: Web, url: str | None, *, archive: bool) -> Sequence[Finding]:
    """Ask for the first byte of a release, wherever its address leads to: the way there may be open, and not that.

    Where it is off, say what that means beside an `archive`.
    """
    if url is None:
        return [ok(OFF if archive else BOTH_OFF)]
    try:
        answer = await web.get(url, A_LEADING_BYTE, follow=True)
    except UnreachedError as error:
        at = f" at {error.host}" if error.host else ""
        return [warning(f"f1db: not reached{at}, {error}.", WAIT)]
    if answer.status not in THERE:
        return [warning(f"f1db: {answer.host} gives no release (status {answer.status}).", WAIT)]
    return [ok("f1db: answers.")]


async def read_of_f1db(reader: F1dbReader) -> Sequence[Finding]:
    """When a release was last read, and who and what of it is not matched."""
    known = await reader.release()
    if known is None:
        return [warning("f1db: no release is read yet.", YET)]
    read = f"f1db: a release of {known.size / 1e6:.1f} MB, read on {day(known.fetched_at.date())}"
    found = [ok(f"{read}; the latest still on {day(known.checked_at.date())}, {known.checked_at:%H:%M} UTC.")]
    if unmatched := [each.replace("_", "-") for each in await reader.unmatched()]:
        named = ", ".join(unmatched[:SHOWN]) + (f" and {len(unmatched) - SHOWN:,} more" if unmatched[SHOWN:] else "")
        found.append(warning(f"f1db: the archive does not know: {named}.", NAME_THEM))
    return found
