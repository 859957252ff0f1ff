"""The process that answers monitoring on this machine: which roles it has, so that what it needs is looked at."""

from bot.app.roles import Roles, UnknownRoleError, parse
from bot.app.settings import Settings
from bot.cli.doctor.web import UnreachedError, Web

ALIVE = "alive as "
"""What such a process says before its roles."""

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - who listens at all addresses is asked at one
"""Where to ask who listens at all addresses."""


async def roles_here(web: Web, settings: Settings) -> Roles | None:
    """The roles of whoever answers at HEALTH_PORT; None where that is not set, or nobody of ours is there."""
    if not settings.health_port:
        return None
    host = EVERYWHERE.get(settings.health_host, settings.health_host)
    at = f"[{host}]" if ":" in host else host
    try:
        said = (await web.get(f"http://{at}:{settings.health_port}/healthz")).text
        return parse(said.removeprefix(ALIVE).strip()) if said.startswith(ALIVE) else None
    except (UnreachedError, UnknownRoleError):
        return None
