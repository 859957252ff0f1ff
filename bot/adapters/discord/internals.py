"""All that is private in discord.py and needed all the same. A new version of the library is to be looked at here.

One bad event costs one event: in the library, what a parser raises ends the connection, its session, and with it all
events until the next one.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeAlias

import discord
import structlog
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.state import AutoShardedConnectionState, ConnectionState

log = structlog.get_logger(__name__)

Interaction: TypeAlias = discord.Interaction[discord.Client]
Receive: TypeAlias = Callable[[Any], Coroutine[Any, Any, None]]

INTERACTION = "INTERACTION_CREATE"
ID_DIGITS = 20
"""Digits of an id of Discord's at most."""

_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What reading a frame raises that is not JSON, or not of the gateway's shape.

Anything else means that the connection itself is over, or that its compressed stream is: then it has to end.
"""


class TolerantClient(discord.Client):
    """A client that steps over an event that it cannot read, and stays connected."""

    def _get_state(self, **options: Any) -> ConnectionState[Self]:
        return _TolerantState(
            dispatch=self.dispatch, handlers=self._handlers, hooks=self._hooks, http=self.http, **options
        )


class TolerantShardedClient(TolerantClient, discord.AutoShardedClient):
    """The same over several connections."""

    def _get_state(self, **options: Any) -> AutoShardedConnectionState[Self]:
        return _TolerantShardedState(
            dispatch=self.dispatch, handlers=self._handlers, hooks=self._hooks, http=self.http, **options
        )


class TolerantTree(app_commands.CommandTree[discord.Client]):
    """A tree of commands that logs an interaction that it cannot read; the library would forget the failed task."""

    async def _call(self, interaction: Interaction) -> None:
        try:
            await super()._call(interaction)
        except (app_commands.CommandInvokeError, app_commands.CommandNotFound):
            raise  # a callback's own failure, and a command that there is no more
        except Exception as error:  # the payload's
            unreadable_interaction(interaction, error)


class TolerantCommand(app_commands.Command[Any, ..., None]):
    """A command that completes nothing for an option that it has not, as yesterday's menu may have one.

    Nor does it mind where a completion comes too late, as somebody has typed on, or not at all: there is another one
    with the next letter. The library would log a trace at each.
    """

    async def _invoke_autocomplete(
        self, interaction: Interaction, name: str, namespace: app_commands.Namespace
    ) -> None:
        if not isinstance(vars(namespace).get(name), str):
            unreadable_interaction(interaction, TypeError("no text is typed into what is completed"))
            return
        try:
            await super()._invoke_autocomplete(interaction, name, namespace)
        except app_commands.CommandSignatureMismatch as error:
            unreadable_interaction(interaction, error)
        except discord.HTTPException as error:
            log.debug("discord.completion_failed", command=self.name, error=type(error).__name__)


class _TolerantState(ConnectionState[Any]):
    """The library's table of parsers, each of which may fail by itself."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.parsers = {event: _tolerant(event, parse) for event, parse in self.parsers.items()}

    def _update_references(self, ws: DiscordWebSocket) -> None:
        """Called with each new connection, before it receives its first frame."""
        super()._update_references(ws)
        ws.received_message = _tolerant_of_frames(ws.received_message)  # type: ignore[method-assign]


class _TolerantShardedState(_TolerantState, AutoShardedConnectionState[Any]):
    """The same table, and what is known of each connection."""


def _tolerant(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def tolerant(data: Any) -> None:
        try:
            if event == INTERACTION:
                _hold_to_shape(data)
            parse(data)
        except Exception as error:
            unreadable(event, data.get("id") if isinstance(data, dict) else None, error)

    return tolerant


def _hold_to_shape(interaction: Any) -> None:
    """Raise where the library believes what cannot be answered, or would make another id of what is none.

    Otherwise a vote would count of which its voter is told nothing, or a vote of somebody else.
    """
    people = filter(None, (interaction.get("user"), (interaction.get("member") or {}).get("user")))
    told = (interaction["token"], interaction["id"], *(person["id"] for person in people))
    if not all(isinstance(each, str) for each in told):
        raise TypeError("an id or a token that is no text")
    # JSON can carry half of a character, which no database and no network takes.
    json.dumps([told, interaction.get("data")], ensure_ascii=False).encode()


def _tolerant_of_frames(receive: Receive) -> Receive:
    async def tolerant(frame: Any, /) -> None:
        try:
            await receive(frame)
        except _MALFORMED as error:
            unreadable("frame", None, error)

    return tolerant


def unreadable(kind: str, event_id: object, error: Exception, **details: object) -> None:
    """Log that an event was stepped over: which one and why, and nothing of what it says."""
    known = str(event_id) if isinstance(event_id, str | int) else ""
    log.warning(
        "discord.event_unreadable",
        kind=kind,
        id=known if known.isdecimal() and len(known) <= ID_DIGITS else None,
        error=type(error).__name__,
        **details,
    )


def unreadable_interaction(interaction: Interaction, error: Exception) -> None:
    """Log that an interaction was stepped over which the library could read, and we cannot."""
    kind: object = interaction.type.value  # whatever stands there, where the library does not know it
    unreadable(INTERACTION, interaction.id, error, interaction=kind if isinstance(kind, int) else None)


def installed_by(interaction: Interaction) -> frozenset[int]:
    """Who installed the bot where an interaction comes from, as Discord's keys: 0 a server, 1 a person.

    All that is public of it compares a person with the asker.
    """
    return frozenset(interaction._integration_owners)  # noqa: SLF001 - see above
