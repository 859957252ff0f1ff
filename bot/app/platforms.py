"""The platforms that the bot is on, as the settings say."""

from collections.abc import Iterable

from bot.app.roles import ALL, Role, Roles
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.chat.platform import Adapter
from bot.domain.places import Platform


def adapters(settings: Settings, core: Core, roles: Roles = ALL) -> Iterable[Adapter]:
    """The platforms that have a token and are in a process's roles; a platform's library is imported only here.

    A process that only delivers sends over them, and takes nothing of what people ask.
    """
    delivers = Role.DELIVER in roles
    if settings.telegram_bot_token is not None and (delivers or Role.TELEGRAM in roles):
        from bot.adapters.telegram import API, Addresses, Hook, TelegramAdapter  # noqa: PLC0415

        url = settings.telegram_webhook_url
        hook = Hook(url, settings.telegram_webhook_host, settings.telegram_webhook_port) if url else None
        addresses = Addresses(settings.telegram_api_url or API, hook, takes_updates=Role.TELEGRAM in roles)
        yield TelegramAdapter(
            settings.telegram_bot_token.revealed(),
            core.dispatcher,
            core.posted,
            core.menus,
            core.groups,
            core.answers,
            addresses=addresses,
            pace=core.paces.of(Platform.TELEGRAM, TelegramAdapter.calls_a_second),
        )
    if settings.discord_token is not None and (delivers or Role.DISCORD in roles):
        from bot.adapters.discord import DiscordAdapter, Part  # noqa: PLC0415

        yield DiscordAdapter(
            settings.discord_token.revealed(),
            core.dispatcher,
            core.posted,
            core.menus,
            core.stored.forum_posts,
            part=Part(
                Role.DISCORD in roles,
                core.paces.of(Platform.DISCORD, DiscordAdapter.calls_a_second),
                settings.shards,
            ),
        )
