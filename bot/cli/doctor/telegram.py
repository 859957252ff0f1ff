"""Telegram: whether it knows the token, and how the bot is set up there."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from bot.cli.doctor.findings import Finding, ok, problem, warning
from bot.cli.doctor.web import Answer, UnreachedError, Web

REFUSED = {401, 404}
"""What Telegram answers to a token that it does not know, and to what is no token at all."""

UNREACHED = (
    "Check the network and TELEGRAM_API_URL, if that is set. A bot that is running goes on trying, and says so in its"
    " log."
)


async def look_at_telegram(web: Web, token: str, api_url: str) -> Sequence[Finding]:
    """Ask Telegram who the bot is, and whether it can be polled."""
    base = f"{api_url}/bot{quote(token, safe=':')}"
    try:
        me = await web.get(f"{base}/getMe")
        if me.status in REFUSED:
            return [_refused()]
        if me.says.get("ok") is not True:
            return [problem(f"Telegram: fails by itself (status {me.status}).", "Wait, and look again.")]
        return [*_me(me.says["result"]), *_webhook(await web.get(f"{base}/getWebhookInfo"))]
    except UnreachedError as error:
        return [problem(f"Telegram: not reached, {error}.", UNREACHED)]


def _refused() -> Finding:
    return problem(
        "Telegram: does not know the token.",
        "Ask @BotFather for it (/mybots, the bot, API Token), put it into TELEGRAM_BOT_TOKEN, and start the bot again.",
    )


def _me(me: Mapping[str, Any]) -> list[Finding]:
    found = [ok(f"Telegram: answers, as @{me.get('username')}.")]
    if not me.get("supports_inline_queries"):
        found.append(
            warning("Telegram: inline mode is off; @bot imola finds nothing.", "Tell @BotFather /setinline, the bot.")
        )
    if me.get("can_read_all_group_messages"):
        found.append(
            warning(
                "Telegram: group privacy is off; the bot is sent every message of its groups, and needs commands only.",
                "Tell @BotFather /setprivacy, the bot, Enable.",
            )
        )
    if me.get("can_join_groups") is False:
        found.append(
            warning("Telegram: the bot cannot be added to groups.", "Tell @BotFather /setjoingroups, the bot, Enable.")
        )
    return found


def _webhook(answer: Answer) -> list[Finding]:
    """What of the bot's updates; while they go to a webhook, they cannot be polled."""
    info = answer.says.get("result")
    if not isinstance(info, Mapping):
        return []
    if not info.get("url"):
        return []
    return [
        problem(
            f"Telegram: updates go to a webhook at {urlsplit(info['url']).hostname}; the bot gets none.",
            'Remove it: curl "https://api.telegram.org/bot$TELEGRAM_BOT_TOKEN/deleteWebhook"',
        )
    ]
