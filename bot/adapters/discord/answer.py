"""The answer to an interaction: acknowledged in three seconds, exactly once, and completed later where it takes longer.

Each call renders anew: a file that has been sent, or not quite, cannot be sent again. A message of an earlier version,
with an embed, becomes a layout when it is changed, which Discord allows once its content and embeds are taken away.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

import discord

from bot.adapters.discord.internals import Interaction
from bot.adapters.discord.render import render
from bot.adapters.discord.retry import ACKNOWLEDGEMENT, COMPLETION, NEW_MESSAGE, HasArrivedError, Retry, Said, tried
from bot.chat.replies import Reply
from bot.i18n import _, marked
from bot.pacing.clock import Clock

ANSWERED = marked("Answered in private.")

Response: TypeAlias = discord.InteractionResponse[discord.Client]


class Answer:
    """Answers one interaction, from the moment on at which it has arrived."""

    def __init__(self, interaction: Interaction, clock: Clock) -> None:
        self.interaction = interaction
        self.acknowledged = False
        """Whether Discord knows that we have the interaction; whatever is said then completes it."""

        self._clock = clock
        self._arrived = clock.monotonic()

    async def acknowledge(self) -> None:
        """Say that an answer will come, or that none is needed."""
        if not self.acknowledged:
            await self._respond(lambda response: response.defer())

    async def whisper(self, reply: Reply) -> str | None:
        """Answer for the asker's eyes alone; the new message's id, where the interaction can change it later."""
        if not self.acknowledged:
            response = await self._respond(lambda response: _send(response, reply, ephemeral=True))
            return None if response is None or response.message_id is None else str(response.message_id)
        interaction = self.interaction
        loading = interaction.message is None
        if loading:  # it is for all to see; until it says something, whatever follows would take its place
            await self._tried(lambda: interaction.edit_original_response(content=_(ANSWERED)), COMPLETION)
        await self._tried(lambda: _follow_up(interaction, reply, ephemeral=True), COMPLETION)
        if loading:
            with suppress(discord.NotFound):  # deleted by an earlier try
                await self._tried(interaction.delete_original_response, COMPLETION)
        return None

    async def replace(self, reply: Reply) -> None:
        """Change the message whose button was pressed."""
        if self.acknowledged:
            await self._tried(lambda: change(self.interaction, reply), COMPLETION)
        else:
            await self._respond(lambda response: _edit(response, reply))

    async def publish(self, reply: Reply) -> str:
        """Answer for all to see; the new message's id."""
        interaction = self.interaction
        if not self.acknowledged:
            response = await self._respond(lambda response: _send(response, reply, ephemeral=False))
            if response is not None and response.message_id is not None:
                return str(response.message_id)
        elif interaction.message is not None:
            return await self._tried(lambda: _follow_up(interaction, reply, ephemeral=False), NEW_MESSAGE)
        # The message is there: a command's loading one, or one whose id was lost. What it says already changes nothing.
        return await self._tried(lambda: change(interaction, reply), COMPLETION)

    async def _respond(self, respond: Callable[[Response], Awaitable[Said]]) -> Said | None:
        """Give the interaction its one response; what Discord says to it, None where that was lost."""
        try:
            # One for each try: the library's own takes a response for given once an unreadable answer has come.
            said = await tried(
                lambda: respond(discord.InteractionResponse(self.interaction)),
                ACKNOWLEDGEMENT,
                self._clock,
                self._arrived,
            )
        except HasArrivedError:
            said = None
        self.acknowledged = True
        return said

    async def _tried(self, call: Callable[[], Awaitable[Said]], retry: Retry) -> Said:
        return await tried(call, retry, self._clock)


async def change(interaction: Interaction, reply: Reply) -> str:
    """Change the message that an interaction is about: the one it brought, else the pressed one. Its id."""
    view, files = render(reply)
    message = await interaction.edit_original_response(content=None, embeds=[], view=view, attachments=files)
    return str(message.id)


async def _send(
    response: Response, reply: Reply, *, ephemeral: bool
) -> discord.InteractionCallbackResponse[discord.Client]:
    view, files = render(reply)
    return await response.send_message(view=view, files=files, ephemeral=ephemeral)


async def _edit(response: Response, reply: Reply) -> None:
    view, files = render(reply)
    await response.edit_message(content=None, embeds=[], view=view, attachments=files)


async def _follow_up(interaction: Interaction, reply: Reply, *, ephemeral: bool) -> str:
    view, files = render(reply)
    message = await interaction.followup.send(view=view, files=files, ephemeral=ephemeral, wait=True)
    return str(message.id)
