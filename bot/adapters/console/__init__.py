"""The terminal as a chat."""

from bot.adapters.console.adapter import CHAT, ConsoleAdapter

__all__ = ["CHAT", "ConsoleAdapter"]
