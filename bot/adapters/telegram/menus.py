"""The menus of commands: in each language, and in groups one for everybody and one for their admins."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, Protocol

import structlog

from bot.adapters.telegram.api.client import Api
from bot.chat.dispatcher import Dispatcher
from bot.chat.platform import SlowDownError, UnreachableError
from bot.domain.places import Chat, ChatKind, Platform
from bot.i18n import ENGLISH, LANGUAGES, _, speaking

if TYPE_CHECKING:
    from bot.chat.commands import Command

log = structlog.get_logger(__name__)

ALONE = Chat(Platform.TELEGRAM, "", ChatKind.PRIVATE)
TOGETHER = Chat(Platform.TELEGRAM, "", ChatKind.GROUP)
EVERYWHERE = "default"
"""Where Telegram shows a menu if there is none for the kind of chat: in private chats."""


class Published(Protocol):
    """What remembers, over restarts, which menu of commands each bot has published."""

    async def changed(self, key: str, digest: str) -> bool:
        """Whether the menu under `key` is not the one with this digest."""

    async def published(self, key: str, digest: str) -> None:
        """Remember the menu that is there now."""


class Menu(NamedTuple):
    """Commands, each with what it is for and whether its sender alone sees it sent; for whom, where, in what language.

    The language is empty for all that have no menu of their own.
    """

    scope: str
    language: str
    commands: list[tuple[str, str, bool]]


async def publish(api: Api, bot: int, dispatcher: Dispatcher, known: Published, *, ephemeral: bool) -> None:
    """Send the menus that have changed, each by itself; without them the bot still answers.

    `ephemeral` is whether the server knows commands that nobody but their sender sees.
    """
    for menu in menus(dispatcher, ephemeral=ephemeral):
        key = ":".join(filter(None, ("telegram", str(bot), menu.scope.removeprefix(EVERYWHERE), menu.language)))
        digest = sha256(json.dumps(menu).encode()).hexdigest()
        if not await known.changed(key, digest):
            continue
        try:
            await api.set_menu(menu.commands, menu.scope, menu.language)
        except (SlowDownError, UnreachableError) as error:
            log.warning("telegram.menu_failed", reason=str(error))
            return
        await known.published(key, digest)


def menus(dispatcher: Dispatcher, *, ephemeral: bool) -> Iterator[Menu]:
    """Every menu: what works in private, what members of a group may use, and what its admins may."""
    together = list(dispatcher.listed(TOGETHER))
    shown: dict[str, list[Command]] = {
        EVERYWHERE: list(dispatcher.listed(ALONE)),
        "all_group_chats": [command for command in together if not command.admin],
        "all_chat_administrators": together,
    }
    for code in LANGUAGES:
        with speaking(code):
            for scope, commands in shown.items():
                unseen = ephemeral and scope != EVERYWHERE
                rows = [
                    (command.name, _(command.summary_on(Platform.TELEGRAM)), unseen and command.private)
                    for command in commands
                ]
                yield Menu(scope, "" if code == ENGLISH else code, rows)
