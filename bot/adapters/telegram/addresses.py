"""Where Telegram is, and where we are to it."""

from dataclasses import dataclass

API = "https://api.telegram.org"


@dataclass(frozen=True, slots=True)
class Hook:
    """The address that Telegram calls for each update, and where we listen, behind whatever takes its HTTPS."""

    url: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the Bot API is asked, Telegram's own or a server of the operator's; and where it calls, if it does."""

    api: str = API
    hook: Hook | None = None
    """None where Telegram is asked for updates."""

    takes_updates: bool = True
    """False where messages are only sent, as other processes take the updates."""
