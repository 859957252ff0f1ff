"""What an interaction asks for, by whom, and where; it raises whatever it likes where that cannot be read."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import discord

from bot.adapters.discord.addresses import message_in
from bot.adapters.discord.internals import Interaction
from bot.adapters.discord.permissions import InteractionRights, is_guest
from bot.adapters.discord.render import render
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, Post, User

Json: TypeAlias = dict[str, Any]


def requested(
    interaction: Interaction, command: str, argument: object, *, let_in: bool, forum: Chat | None = None
) -> Request:
    """The request that an interaction makes; `let_in` is whether Discord let the asker use a command for admins.

    In a race's post, a request is made in the `forum` that the post is in.
    """
    if not isinstance(argument, str):  # the library hands on whatever stands there
        raise TypeError("an argument that is no text")
    alone = interaction.context.dm_channel
    channel = str(interaction.channel_id or 0)  # 0: a kind of channel that discord.py does not know yet
    chat = forum or Chat(Platform.DISCORD, channel, ChatKind.PRIVATE if alone else ChatKind.GROUP)
    user = User(Platform.DISCORD, str(interaction.user.id))
    alone_with_it = user.id if is_for_the_asker_alone(interaction) else ""
    pressed = shown_by(interaction, chat, interaction.message.id, alone_with_it) if interaction.message else None
    rights = InteractionRights(interaction, let_in=let_in, forum=forum is not None)
    language = _language(interaction)
    offered, update = _is_offered(interaction), str(interaction.id)
    groups = _group_language(interaction)
    return Request(
        *(command, argument, user, chat, language, pressed, rights),
        offered=offered,
        group_locale=groups,
        update=update,
    )


def shown_by(interaction: Interaction, chat: Chat, message: object, only_for: str = "") -> Post:
    """A message where an interaction comes from, which is in that chat."""
    return message_in(chat, interaction.channel_id or 0, message, only_for)


def thread_of(interaction: Interaction) -> str | None:
    """The id of the thread that an interaction comes from, which may be a post in a forum; None for what is none."""
    return str(interaction.channel_id) if isinstance(interaction.channel, discord.Thread) else None


def typed_by_an_old_name(interaction: Interaction) -> str:
    """The argument of a command whose option had another name in the menu that somebody still sees; else empty."""
    data: Json = {**(interaction.data or {})}
    options = data.get("options") or []
    text = discord.AppCommandOptionType.string.value
    said = [option["value"] for option in options if option.get("type") == text]
    return str(said[0]) if said else ""


def _is_offered(interaction: Interaction) -> bool:
    """Whether the button that was pressed, if one was, is below its message; Discord may not look each time."""
    if interaction.message is None:
        return True
    data: dict[str, object] = {**(interaction.data or {})}
    buttons = (button for row in interaction.message.components for button in getattr(row, "children", ()))
    return any(getattr(button, "custom_id", None) == data.get("custom_id") for button in buttons)


def _language(interaction: Interaction) -> str:
    """The asker's language, as Discord writes it; the library passes on whatever stands there."""
    code: object = interaction.locale.value
    return code if isinstance(code, str) else ""


def _group_language(interaction: Interaction) -> str | None:
    """The language that a server's admins prefer, as Discord writes it; a server that names none speaks English."""
    code: object = interaction.guild_locale.value if interaction.guild_locale is not None else None
    return code if isinstance(code, str) else None


def is_shown(interaction: Interaction, reply: Reply) -> bool:
    """Whether the pressed message shows a reply already; nobody knows what a picture shows."""
    if interaction.message is None or reply.attachment is not None or reply.awaits is not None:
        return False
    return [*_shown(_plain(interaction.message.components))] == [*_shown(_components(reply))]


def _components(reply: Reply) -> list[Json]:
    components: list[Json] = render(reply).view.to_components()  # type: ignore[no-untyped-call]
    return components


def _plain(components: Iterable[Any]) -> list[Json]:
    return [component.to_dict() for component in components]


def _shown(components: Iterable[Json]) -> Iterator[tuple[object, ...]]:
    """What is to be seen and pressed of a layout, component by component, without what Discord adds."""
    for each in components:
        yield each["type"], each.get("content"), each.get("label"), each.get("custom_id"), each.get("accent_color")
        yield from _shown(each.get("components", ()))


def is_out_of_reach(interaction: Interaction) -> bool:
    """Whether only interactions can edit messages there: the asker alone sees them, or the bot is no member."""
    if is_for_the_asker_alone(interaction):
        return True
    return is_guest(interaction) if interaction.guild_id is not None else not interaction.context.dm_channel


def is_for_the_asker_alone(interaction: Interaction) -> bool:
    """Whether what was pressed is a message that only the asker sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral
