"""How each method of the Bot API is called.

Calls go out as plain data and come back as plain data: `shapes` says what we read of it. What is odd about the library
is here and in `http` and `rate_limit`, which are parts of it, in `errors` and `clocks`: it is how it fails, and how
it takes a picture.
"""

from collections.abc import Sequence
from typing import Any, Self

from telegram import InputFile, InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest, EndPointNotFound, InvalidToken, TelegramError
from telegram.ext import BaseRateLimiter, ExtBot

from bot.adapters.telegram.api.clocks import unclocked
from bot.adapters.telegram.api.errors import ClocksUnknownError, meaning
from bot.adapters.telegram.api.http import TIMEOUT, AiohttpRequest
from bot.adapters.telegram.api.parameters import Json, Photo, edit_method, reply_parameters, shown_text
from bot.adapters.telegram.api.shapes import Group, Guest, Hook, Me, Member, Members, Sent, shaped
from bot.adapters.telegram.render import Keyboard
from bot.chat.platform import TokenRefusedError, UnreachableError
from bot.chat.replies import Attachment
from bot.forms.mistakes import FormError
from bot.forms.reading import read

CONNECTIONS = 256
"""Requests on their way at once, polling among them."""

SIDE_BY_SIDE = 100
"""Connections over which Telegram brings updates at once; its own upper bound."""

UPDATES = ("message", "channel_post", "guest_message", "callback_query", "inline_query", "chosen_inline_result")
"""The kinds of updates that Telegram is to send."""


class Api:
    """The Bot API, for one bot, while it is entered.

    Every call raises the errors of `bot.chat.platform` and those of `errors`. A message, or the change of one, takes
    its turn first; `within` is how many seconds it may wait for that.
    """

    def __init__(self, token: str, url: str, rate_limiter: BaseRateLimiter[float]) -> None:
        self._token = token
        self._knows_clocks = True
        """Whether the server can show moments by their readers' clocks; believed until it refuses one."""

        self._http = AiohttpRequest(CONNECTIONS)
        try:
            self._bot = ExtBot(
                token,
                base_url=f"{url}/bot",
                request=self._http,
                get_updates_request=self._http,
                rate_limiter=rate_limiter,
            )
        except InvalidToken:  # an empty one
            raise TokenRefusedError("TELEGRAM_BOT_TOKEN is no token.") from None

    async def __aenter__(self) -> Self:
        # Not the bot's own `initialize`: it would call getMe, and fail for good where that fails once.
        await self._http.initialize()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._http.shutdown()

    async def me(self) -> Me:
        """Who we are."""
        return shaped(Me, await self._call("getMe", {}))

    async def updates(self, offset: int, limit: int, seconds: int) -> Any:
        """The updates from `offset` on, unread; Telegram forgets those before it.

        Where there are none, it waits for one for so many seconds.
        """
        asked = {"offset": offset, "limit": limit, "timeout": seconds, "allowed_updates": UPDATES}
        return await self._call("getUpdates", asked, read_timeout=seconds + TIMEOUT)

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have Telegram call an address for each update, and say a secret each time."""
        hook = {"url": url, "secret_token": secret, "allowed_updates": UPDATES, "max_connections": SIDE_BY_SIDE}
        await self._call("setWebhook", hook)

    async def delete_webhook(self) -> None:
        """Have Telegram wait to be asked for updates; none is lost."""
        await self._call("deleteWebhook", {})

    async def webhook(self) -> Hook:
        """What Telegram calls for updates, and how that goes."""
        return shaped(Hook, await self._call("getWebhookInfo", {}))

    async def set_menu(self, commands: Sequence[tuple[str, str, bool]], scope: str, language: str) -> None:
        """Publish a menu of commands, in one kind of chat and one language.

        Each is there with what it is for, and whether its sender alone is to see it sent. An empty `language` stands
        for all that have no menu of their own.
        """
        rows = [
            {"command": name, "description": summary, **({"is_ephemeral": True} if ephemeral else {})}
            for name, summary, ephemeral in commands
        ]
        menu = {"commands": rows, "scope": {"type": scope}, "language_code": language or None}
        await self._call("setMyCommands", menu)

    async def send_text(
        self, where: Json, text: str, keyboard: Keyboard | None, *, below: int | None, within: float | None
    ) -> Sent:
        """Send a message, `below` another one if it answers that."""
        message = {
            **where,
            **shown_text(text),
            "reply_markup": keyboard,
            "reply_parameters": reply_parameters(below, where),
        }
        return shaped(Sent, await self._call("sendMessage", message, within=within))

    async def send_photo(
        self, where: Json, photo: Photo, keyboard: Keyboard | None, *, below: int | None, within: float | None
    ) -> Sent:
        """Send a picture with its caption, `below` a message if it answers that."""
        message = {
            **where,
            "photo": photo.file if isinstance(photo.file, str) else InputFile(photo.file, photo.name),
            "caption": photo.caption,
            "parse_mode": ParseMode.HTML,
            "has_spoiler": photo.veiled or None,
            "reply_markup": keyboard,
            "reply_parameters": reply_parameters(below, where),
        }
        return shaped(Sent, await self._call("sendPhoto", message, within=within))

    async def send_file(self, where: Json, file: Attachment, *, within: float | None) -> Sent | None:
        """Send a file that is no picture; None where it was sent, and what came back makes no sense."""
        message = {**where, "document": InputFile(file.content, file.name)}
        told = await self._call("sendDocument", message, within=within)
        try:
            return read(Sent, told)
        except FormError:
            return None

    async def edit_text(self, post: Json, text: str, keyboard: Keyboard | None, *, within: float | None) -> None:
        """Change a message."""
        change = {**post, **shown_text(text), "reply_markup": keyboard}
        await self._call(edit_method("Text", post), change, within=within)

    async def edit_caption(self, post: Json, caption: str, keyboard: Keyboard | None, *, within: float | None) -> None:
        """Change a picture's caption."""
        change = {**post, "caption": caption, "parse_mode": ParseMode.HTML, "reply_markup": keyboard}
        await self._call(edit_method("Caption", post), change, within=within)

    async def edit_photo(self, post: Json, photo: Photo, keyboard: Keyboard | None, *, within: float | None) -> Sent:
        """Give a message a picture with its caption."""
        media = InputMediaPhoto(
            photo.file,
            photo.caption,
            ParseMode.HTML,
            filename=photo.name,
            has_spoiler=photo.veiled or None,
        )
        change = {**post, "media": media, "reply_markup": keyboard}
        told = await self._call(edit_method("Media", post), change, within=within)
        return Sent(message_id=0) if told is True else shaped(Sent, told)  # of an ephemeral one no more is told

    async def delete(self, chat: int, message: int) -> None:
        """Delete a message, at once: it waits for no turn."""
        await self._call("deleteMessage", {"chat_id": chat, "message_id": message})

    async def knows_ephemeral(self) -> bool | None:
        """Whether the server knows messages for one person in a group; None where it could not be asked.

        One that does not would take their parameters without a word, and show them to everybody. So it is asked for a
        method that came with them: 404 where it is unknown, 400 where no more than its arguments are missing.
        """
        try:
            await self._bot.do_api_request("DeleteEphemeralMessage", {})
        except BadRequest:
            return True
        except (InvalidToken, EndPointNotFound):  # what the library makes of a 404
            return False
        except TelegramError:
            return None
        return False

    async def answer_press(self, query: str, toast: str) -> None:
        """Answer a press, with a toast if there is something to say."""
        await self._call("answerCallbackQuery", {"callback_query_id": query, "text": toast or None})

    async def answer_inline(self, query: str, results: Sequence[Json], seconds: int) -> None:
        """Answer an inline query; for so many seconds Telegram may show anybody the same results again."""
        answer = {"inline_query_id": query, "results": results, "cache_time": seconds, "is_personal": False}
        await self._call("answerInlineQuery", answer)

    async def answer_guest(self, query: str, result: Json) -> str:
        """Answer who asked for us in a chat where we are no member; the id of the inline message."""
        answer = {"guest_query_id": query, "result": result}
        return shaped(Guest, await self._call("answerGuestQuery", answer)).inline_message_id

    async def member(self, group: int, user: int) -> Member:
        """Somebody's place in a group or channel."""
        return shaped(Member, await self._call("getChatMember", {"chat_id": group, "user_id": user}))

    async def group(self, group: int | str) -> Group:
        """A group or channel, by its id, or by its name with an @ where it is a public one."""
        return shaped(Group, await self._call("getChat", {"chat_id": group}))

    async def admins(self, group: int) -> list[Member]:
        """Who looks after a group or channel."""
        told = await self._call("getChatAdministrators", {"chat_id": group})
        return shaped(Members, {"members": told}).members

    async def _call(
        self, method: str, parameters: Json, *, within: float | None = None, read_timeout: float = TIMEOUT
    ) -> Any:
        """What a method returns; parameters that are None are left out.

        A server that knows no readers' clocks is told moments as they are written: no text is lost to its age.
        """
        if self._knows_clocks:
            try:
                return await self._call_once(method, parameters, within, read_timeout)
            except ClocksUnknownError:
                self._knows_clocks = False
        return await self._call_once(method, unclocked(parameters), within, read_timeout)

    async def _call_once(self, method: str, parameters: Json, within: float | None, read_timeout: float) -> Any:
        # The library refuses to call a method by a name that it knows, and tells us to use its own function.
        # Telegram does not mind a capital.
        name = method[0].upper() + method[1:]
        try:
            result = await self._bot.do_api_request(name, parameters, read_timeout=read_timeout, rate_limit_args=within)
        except TelegramError as error:
            raise meaning(error, self._token) from None
        if result is None:
            raise UnreachableError("an answer without a result")
        return result
