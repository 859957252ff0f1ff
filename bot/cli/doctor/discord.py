"""Discord: whether it knows the token, and how the application is set up there."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from bot.cli.doctor.findings import Finding, ok, problem, warning
from bot.cli.doctor.web import UnreachedError, Web
from bot.domain.shards import Shards

API = "https://discord.com/api/v10"
AGENT = "DiscordBot (https://github.com/racing-incident/racing-incident, 1)"
INVITATION = (
    "https://discord.com/oauth2/authorize?client_id={}&scope=bot+applications.commands&permissions=274877959168"
)
FEW_STARTS = 50
"""Connections that Discord still takes within a day, below which that is worth telling."""

BY_A_PERSON = "1"
"""Who installs, as Discord's key."""


async def look_at_discord(web: Web, token: str, shards: Shards | None, api_url: str = API) -> Sequence[Finding]:
    """Ask Discord who the bot is, how its application is set up, and how many shards it should be in."""
    headers = {"Authorization": f"Bot {token}", "User-Agent": AGENT}
    try:
        return await _asked(web, headers, shards, api_url)
    except UnreachedError as error:
        return [problem(f"Discord: not reached, {error}.", "Check the network. A bot that is running goes on trying.")]


async def _asked(web: Web, headers: Mapping[str, str], shards: Shards | None, api_url: str) -> Sequence[Finding]:
    """What comes of the questions. Raises UnreachedError."""
    me = await web.get(f"{api_url}/users/@me", headers)
    if me.status == HTTPStatus.UNAUTHORIZED:
        return [_refused()]
    if me.status != HTTPStatus.OK:
        return [problem(f"Discord: fails by itself (status {me.status}).", "Wait, and look again.")]
    found = [ok(f"Discord: answers, as {me.says.get('username')}.")]
    application = await web.get(f"{api_url}/applications/@me", headers)
    if application.status == HTTPStatus.OK:
        found += _application(application.says)
    gateway = await web.get(f"{api_url}/gateway/bot", headers)
    if gateway.status == HTTPStatus.OK:
        found += _shards(shards, gateway.says)
    return found


def _refused() -> Finding:
    return problem(
        "Discord: does not know the token.",
        "Reset it in the developer portal (Bot, Reset Token), put it into DISCORD_TOKEN, and start the bot again.",
    )


def _application(application: Mapping[str, Any]) -> list[Finding]:
    found = [_servers(application)]
    if application.get("interactions_endpoint_url"):
        found.append(
            problem(
                "Discord: commands and presses go to a web address; the bot gets none.",
                "Clear Interactions Endpoint URL in the developer portal (General Information).",
            )
        )
    if BY_A_PERSON not in (application.get("integration_types_config") or {}):
        found.append(
            warning(
                "Discord: people cannot take the bot along.",
                "Switch User Install on in the developer portal (Installation).",
            )
        )
    return found


def _shards(shards: Shards | None, gateway: Mapping[str, Any]) -> list[Finding]:
    """Whether there are as many shards as Discord recommends, which is one in a thousand servers."""
    recommended, limit = gateway.get("shards"), gateway.get("session_start_limit")
    found = []
    if isinstance(recommended, int) and recommended > (1 if shards is None else shards.of or recommended):
        found.append(
            warning(
                f"Discord: recommends {recommended} shards, and DISCORD_SHARDS has fewer.",
                "Set DISCORD_SHARDS=auto, or divide them among processes: DISCORD_SHARDS=0-3/16, and so on.",
            )
        )
    left = limit.get("remaining") if isinstance(limit, Mapping) else None
    if isinstance(left, int) and left < FEW_STARTS:
        found.append(
            warning(
                f"Discord: takes {left} more connections today.",
                "Do not start the bot anew without need: each start takes one for every shard.",
            )
        )
    return found


def _servers(application: Mapping[str, Any]) -> Finding:
    servers = application.get("approximate_guild_count") or 0
    if servers:
        return ok(f"Discord: on {servers:,} {'server' if servers == 1 else 'servers'}.")
    return warning("Discord: on no server yet.", f"Invite it: {INVITATION.format(application.get('id'))}")
