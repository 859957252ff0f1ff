"""Discord: slash commands and presses come in, layouts of components go out."""

from bot.adapters.discord.adapter import DiscordAdapter

__all__ = ["DiscordAdapter"]
