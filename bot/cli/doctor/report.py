"""`racing-incident doctor`: everything is looked at side by side, and said in a line each, with what to do."""

import asyncio
import shutil
import sys
import textwrap
from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.app.race_control import sources
from bot.app.roles import ALL, ANSWERING, Role, Roles
from bot.app.settings import Settings
from bot.cli.doctor.archive import look_at_archive
from bot.cli.doctor.database import look_at_database
from bot.cli.doctor.discord import API as DISCORD
from bot.cli.doctor.discord import look_at_discord
from bot.cli.doctor.f1db import look_at_f1db
from bot.cli.doctor.findings import Finding, Mark, problem
from bot.cli.doctor.machine import (
    look_at_bot,
    look_at_files,
    look_at_folder,
    look_at_pictures,
    look_at_secret,
    look_at_settings,
)
from bot.cli.doctor.pages import look_at_pages
from bot.cli.doctor.process import roles_here
from bot.cli.doctor.race_control import look_at_race_control
from bot.cli.doctor.telegram import look_at_telegram
from bot.cli.doctor.web import Web
from bot.pacing.clock import Clock

TELEGRAM = "https://api.telegram.org"

PATIENCE = 10.0
"""Seconds that a check may take."""

A_REPLY = 4.0
"""Seconds for each answer over the web; no check asks more than twice."""

LISTENED = 8.0
"""Seconds in which a source of race control has to answer; it is asked four times one after the other."""

MARKED = 9
"""Columns that a mark takes up."""

COLOURS = {Mark.OK: "\033[32m", Mark.WARNING: "\033[33m", Mark.PROBLEM: "\033[31m"}
PLAIN = "\033[0m"

Look = Coroutine[Any, Any, Sequence[Finding]]


async def examine(
    settings: Settings, clock: Clock, roles: Roles | None = None, *, discord: str = DISCORD
) -> list[Finding]:
    """Look at everything that a process with some roles needs, side by side. Whatever fails stops nothing else.

    Where no roles are named, they are those of the one that answers monitoring here, or all; `discord` is where its
    API is.
    """
    if roles is None:
        async with Web(A_REPLY, clock) as here:  # by itself, as its clock is our own
            roles = await roles_here(here, settings) or ALL
    async with Web(A_REPLY, clock) as web:
        looks = _looks(settings, web, clock, discord, roles)
        found = await asyncio.gather(*(_looked(name, look) for name, look in looks.items()))
        return [*(finding for findings in found for finding in findings), web.clock()]


def _looks(settings: Settings, web: Web, clock: Clock, discord: str, roles: Roles) -> Mapping[str, Look]:
    """Everything there is to look at, in the order in which it is told."""
    archive, for_pages = settings.jolpica_url, roles == {Role.WEB}
    looks: dict[str, Look] = {"Settings": look_at_settings(settings, roles)}
    if not for_pages:
        looks["Data folder"] = look_at_folder(settings.data_dir)
        looks["Database file"] = look_at_files(settings.database, settings.data_dir)
        looks["Voters' secret"] = look_at_secret(settings)
    if Role.SEASON in roles:
        looks["Bot"] = look_at_bot(settings)
    follows = archive is not None and Role.SEASON in roles
    looks["Database"] = look_at_database(settings.database, clock, follows=follows, for_pages=for_pages)
    if roles & {*ANSWERING, Role.DELIVER, Role.WEB}:
        looks["Pictures"] = look_at_pictures()
    looks |= _platforms(settings, web, discord, roles)
    if settings.web_url is not None and Role.WEB in roles:
        looks["Pages"] = look_at_pages(web, settings.web_url)
    if roles & {Role.SEASON, *ANSWERING}:
        looks["Results archive"] = look_at_archive(web, archive, clock.now().year, second=settings.f1db_url is not None)
    if Role.SEASON in roles:
        looks["f1db"] = look_at_f1db(web, settings.f1db_url, settings.database, archive=archive is not None)
    if Role.RACE_CONTROL in roles:
        looks["Race control"] = look_at_race_control(sources(settings, clock), LISTENED)
    return looks


def _platforms(settings: Settings, web: Web, discord: str, roles: Roles) -> dict[str, Look]:
    """The platforms that a process answers on, or delivers to."""
    looks: dict[str, Look] = {}
    if settings.telegram_bot_token is not None and roles & {Role.TELEGRAM, Role.DELIVER}:
        token, api_url = settings.telegram_bot_token.revealed(), settings.telegram_api_url or TELEGRAM
        looks["Telegram"] = look_at_telegram(web, token, api_url, settings.telegram_webhook_url)
    if settings.discord_token is not None and roles & {Role.DISCORD, Role.DELIVER}:
        looks["Discord"] = look_at_discord(web, settings.discord_token.revealed(), settings.shards, discord)
    return looks


async def _looked(name: str, look: Look) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(PATIENCE):
            return await look
    except TimeoutError:
        return [problem(f"{name}: took longer than {PATIENCE:g} seconds.", "Look again; if it stays so, see the log.")]
    except Exception as error:
        return [problem(f"{name}: could not be looked at ({type(error).__name__}).", "Please report this.")]


def told(findings: Iterable[Finding], width: int, *, colours: bool) -> Iterator[str]:
    """The findings in lines, and how many are bad at the end."""
    findings = [*findings]
    for mark, what, remedy in findings:
        first, *rest = textwrap.wrap(what, width - MARKED, break_long_words=False, break_on_hyphens=False)
        yield f"{COLOURS[mark]}{mark:<{MARKED}}{PLAIN}{first}" if colours else f"{mark:<{MARKED}}{first}"
        below = textwrap.wrap(f"→ {remedy}", width - MARKED, break_long_words=False, break_on_hyphens=False)
        yield from (" " * MARKED + line for line in (*rest, *(below if remedy else [])))
    bad = [finding.mark for finding in findings]
    problems, warnings = bad.count(Mark.PROBLEM), bad.count(Mark.WARNING)
    yield ""
    yield f"{problems} problem{'' if problems == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}."


def print_findings(findings: Sequence[Finding], secrets: Iterable[str]) -> int:
    """Print them, in colours where somebody watches, and no secret whatever happens; 1 where one is a problem."""
    watched = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if watched else 120
    text = "\n".join(told(findings, width, colours=watched))
    for secret in secrets:
        text = text.replace(secret, "•••")
    print(text)
    return 1 if any(finding.mark is Mark.PROBLEM for finding in findings) else 0
