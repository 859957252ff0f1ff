"""Telegram: whether it knows the token, and how the bot is set up there."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from bot.chat.plain_text import amount
from bot.cli.doctor.findings import Finding, ok, problem, warning
from bot.cli.doctor.web import Answer, UnreachedError, Web

REFUSED = {401, 404}
"""What Telegram answers to a token that it does not know, and to what is no token at all."""

UNREACHED = (
    "Check the network and TELEGRAM_API_URL, if that is set. A bot that is running goes on trying, and says so in its"
    " log."
)


AS_IT_STARTS = (
    "The bot tells Telegram where it is as it starts, and looks each minute whether that stands: is it running? If it"
    " is, another bot with this token takes the updates from it (telegram.webhook_lost)."
)
PROXY = "Look at the proxy that takes its HTTPS, its certificate, and TELEGRAM_WEBHOOK_HOST and _PORT behind it."

LONGEST_SAID = 200
"""Characters of what Telegram says of an error."""


async def look_at_telegram(web: Web, token: str, api_url: str, hook: str | None = None) -> Sequence[Finding]:
    """Ask Telegram who the bot is, and whether its updates come: to whoever asks, or to the address `hook`."""
    base = f"{api_url}/bot{quote(token, safe=':')}"
    try:
        me = await web.get(f"{base}/getMe")
        if me.status in REFUSED:
            return [_refused()]
        if me.says.get("ok") is not True:
            return [problem(f"Telegram: fails by itself (status {me.status}).", "Wait, and look again.")]
        return [*_me(me.says["result"]), *_webhook(await web.get(f"{base}/getWebhookInfo"), hook)]
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


def _webhook(answer: Answer, hook: str | None) -> list[Finding]:
    """Where the bot's updates go; while they go to a webhook, they cannot be polled."""
    info = answer.says.get("result")
    if not isinstance(info, Mapping):
        return []
    if hook is not None:
        return [_called(info, hook)]
    if not info.get("url"):
        return []
    return [
        problem(
            f"Telegram: updates go to a webhook at {urlsplit(info['url']).hostname}; the bot gets none.",
            'Remove it: curl "https://api.telegram.org/bot$TELEGRAM_BOT_TOKEN/deleteWebhook"',
        )
    ]


def _called(info: Mapping[str, Any], hook: str) -> Finding:
    """Whether Telegram calls the address that is set, and reaches it."""
    waiting = amount(int(info.get("pending_update_count") or 0), "update waits", "updates wait")
    if info.get("url") != hook:
        where = f"calls {urlsplit(info['url']).hostname} for updates" if info.get("url") else "calls no address"
        return problem(f"Telegram: {where}, and not TELEGRAM_WEBHOOK_URL; {waiting}.", AS_IT_STARTS)
    if info.get("last_error_date") and info.get("pending_update_count"):
        said = str(info.get("last_error_message"))[:LONGEST_SAID]
        return problem(f"Telegram: could not bring all updates to TELEGRAM_WEBHOOK_URL ({said}); {waiting}.", PROXY)
    return ok(f"Telegram: brings updates to {urlsplit(hook).hostname}; {waiting}.")
