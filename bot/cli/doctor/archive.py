"""The results archive: whether it answers."""

from collections.abc import Sequence
from http import HTTPStatus

from bot.cli.doctor.findings import Finding, ok, warning
from bot.cli.doctor.web import UnreachedError, Web

OFF = "Results archive: off, as JOLPICA_URL says; seasons are followed by f1db alone, release by release."
BOTH_OFF = "Results archive: off, as JOLPICA_URL says, and so is f1db; there are no calendars, results or recaps."
WAIT = "The bot goes on trying, and answers from what is stored. Check the network and JOLPICA_URL, if that is set."


async def look_at_archive(web: Web, url: str | None, season: int, *, second: bool) -> Sequence[Finding]:
    """Ask the archive for a season's first race; where it is off, say whether there is a `second` witness."""
    if url is None:
        return [ok(OFF if second else BOTH_OFF)]
    try:
        answer = await web.get(f"{url}/{season}/races/?limit=1")
    except UnreachedError as error:
        return [warning(f"Results archive: not reached, {error}.", WAIT)]
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return [warning("Results archive: asks to be left alone for a while.", "Wait an hour, and look again.")]
    if answer.status != HTTPStatus.OK or "MRData" not in answer.says:
        return [warning(f"Results archive: gives no answer of its own (status {answer.status}).", WAIT)]
    return [ok("Results archive: answers.")]
