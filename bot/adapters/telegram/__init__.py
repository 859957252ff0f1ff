"""Telegram: commands, presses and inline queries come in, messages and toasts go out."""

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.addresses import API, Addresses, Hook

__all__ = ["API", "Addresses", "Hook", "TelegramAdapter"]
