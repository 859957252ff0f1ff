"""Discord: slash commands and presses come in, embeds go out."""

from bot.adapters.discord.adapter import DiscordAdapter

__all__ = ["DiscordAdapter"]
