"""Race control: whether it can be heard."""

import asyncio
from collections.abc import Sequence

from bot.cli.doctor.findings import Finding, ok, problem, warning
from bot.feeds.race_control.source import Line, Source

OFF = "Race control: off, as RACE_CONTROL says; no incident is noted while a race runs."
NAMES = {"live-timing": "live timing", "openf1": "OpenF1"}

REFUSED = {
    "live-timing": "It may want an account by now, or have changed its protocol: look for a newer version of the bot.",
    "openf1": "Check OPENF1_USERNAME, OPENF1_PASSWORD, and OPENF1_URL, if that is set.",
}
TAKES_OVER = "Until then an account with OpenF1 helps, which takes over: OPENF1_USERNAME and OPENF1_PASSWORD."
LOST = "The bot goes on trying, and catches up on what it missed. Check the network and {setting}, if that is set."
URLS = {"live-timing": "LIVE_TIMING_URL", "openf1": "OPENF1_URL"}
WAIT = (
    "Incidents are noted once it is over. To have them while it runs, set an account up: OPENF1_USERNAME and"
    " OPENF1_PASSWORD."
)


async def look_at_race_control(sources: Sequence[Source], patience: float) -> Sequence[Finding]:
    """Look at each source, the one that drives first; `patience` is in seconds."""
    if not sources:
        return [ok(OFF)]
    return await asyncio.gather(*(_look_at(source, patience, alone=len(sources) == 1) for source in sources))


async def _look_at(source: Source, patience: float, *, alone: bool) -> Finding:
    said, lost = f"Race control: {NAMES[source.name]}", LOST.format(setting=URLS[source.name])
    try:
        async with asyncio.timeout(patience):
            state = await source.look()
    except TimeoutError:
        return warning(f"{said} is not reached: no answer in time.", lost)
    match state.line:
        case Line.CONNECTED:
            return ok(f"{said} answers.")
        case Line.WAITING:
            return warning(f"{said} answers nobody without an account during a session.", WAIT)
        case Line.LOST:
            return warning(f"{said} is not reached: {state.problem}.", lost)
        case Line.REFUSED:
            remedy = REFUSED[source.name]
            helped = f"{remedy} {TAKES_OVER}" if alone and source.name == "live-timing" else remedy
            return problem(f"{said} refuses us: {state.problem}.", helped)
