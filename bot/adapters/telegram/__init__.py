"""Telegram: commands, presses and inline queries come in, messages and toasts go out."""

from bot.adapters.telegram.adapter import TelegramAdapter

__all__ = ["TelegramAdapter"]
