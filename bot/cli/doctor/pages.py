"""The pages' public address: whether it leads to them, by TLS, and whether the proxy says who visits."""

from collections.abc import Sequence
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.cli.doctor.findings import Finding, ok, problem, warning
from bot.cli.doctor.web import UnreachedError, Web

ASKED = "/api/proxy"
PROGRAM = "Racing Incident"

HAVE_IT_SAID = (
    "Have the proxy send X-Forwarded-For: Caddy does by itself, nginx with proxy_set_header X-Forwarded-For"
    " $proxy_add_x_forwarded_for;"
)
"""All visitors share one address's allowance otherwise."""


async def look_at_pages(web: Web, url: str) -> Sequence[Finding]:
    """Ask the pages by the address that people know them by."""
    try:
        answer = await web.get(f"{url}{ASKED}", follow=True)
    except UnreachedError as error:
        return [problem(f"Pages: {url} is not reached, {error}.", "Start the bot; look at its proxy, and at the name.")]
    if answer.status != HTTPStatus.OK or answer.says.get("program") != PROGRAM:
        said = f"Pages: at {url} somebody else answers (status {answer.status})."
        return [problem(said, "Have the proxy pass it to WEB_HOST and WEB_PORT, or set WEB_URL to its own.")]
    host = urlsplit(url).hostname or ""
    if answer.host != host:
        said = f"Pages: {url} leads on to {answer.host}."
        return [warning(said, "Set WEB_URL to the address that stays, as links and pictures are made from it.")]
    found = [ok(f"Pages: {url} answers.")]
    if url.startswith("http://") and not _is_here(host):
        found.append(
            warning(
                "Pages: not encrypted.", "Serve them behind a proxy that speaks TLS; README, The verdict, in public."
            )
        )
    return [*found, *_passed(str(answer.says.get("proxy")), direct=url.startswith("http://"))]


def _passed(said: str, *, direct: bool) -> list[Finding]:
    """Whether each visitor is known by their own address; asked `direct`, there need be no proxy."""
    if said == "not believed":
        what = "Pages: the proxy says who visits, and is not believed, so that all visitors share one allowance."
        return [warning(what, "Name the address by which it comes in FORWARDED_ALLOW_IPS.")]
    if said == "silent" and not direct:
        return [
            warning("Pages: the proxy does not say who visits, so that all visitors share one allowance.", HAVE_IT_SAID)
        ]
    return []


def _is_here(host: str) -> bool:
    """Whether a name is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
