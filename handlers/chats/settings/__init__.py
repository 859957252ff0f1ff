"""/settings: all that a chat can set, and each setting by itself."""

from handlers.chats.settings.options import ChatOptions

__all__ = ["ChatOptions"]
