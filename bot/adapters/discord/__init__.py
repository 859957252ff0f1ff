"""Discord: slash commands and presses come in, layouts of components go out."""

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.part import Part

__all__ = ["DiscordAdapter", "Part"]
