"""The terminal as a chat."""

from bot.adapters.console.adapter import ConsoleAdapter
from bot.adapters.console.questions import CHAT

__all__ = ["CHAT", "ConsoleAdapter"]
