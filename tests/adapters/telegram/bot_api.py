"""A Telegram Bot API on the loopback: hands out updates, records every call and answers it."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from tests.adapters.telegram.bot_api_ephemeral import EphemeralMessages, RefusalError
from tests.adapters.telegram.bot_api_groups import ADMINS, group, member
from tests.support.loopback_site import LoopbackSite

TOKEN = "42:an-invented-token"
BOT = {"id": 42, "is_bot": True, "first_name": "Racing Incident", "username": "RacingIncidentBot"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Pit wall"}
AL = {"id": 7, "is_bot": False, "first_name": "Al", "language_code": "en"}
CHANNEL = {"id": -1009, "type": "channel", "title": "Pit lane", "username": "pitlane"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Al"}
UPLOAD = "attach://upload"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A method that the bot called, with its parameters as Telegram understands them."""

    method: str
    data: Json


@dataclass(frozen=True, slots=True)
class Failure:
    """How a call is to fail: with an HTTP status, or with the connection cut where that is 0.

    `body` is what comes in place of Telegram's JSON; a call may be `carried_out` all the same.
    """

    status: int
    description: str = ""
    parameters: Json = field(default_factory=dict)
    body: str | None = None
    carried_out: bool = False


CUT = Failure(0)
CALLED_INSTEAD = Failure(
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
)
LOST = Failure(0, carried_out=True)
CHAT_NOT_FOUND = Failure(400, "Bad Request: chat not found")
BAD_GATEWAY = Failure(502, body="<html><h1>502 Bad Gateway</h1></html>")
NONSENSE = Failure(200, body="<html>Welcome to the hotel's network</html>")


def answering(*updates: object) -> Failure:
    """An answer to getUpdates that holds just these, whatever they are and whatever was asked for."""
    return Failure(200, body=json.dumps({"ok": True, "result": updates}))


def typed(text: str, chat: Json = GROUP, sender: Json = AL, **more: Any) -> Json:
    """An update: somebody sends a message."""
    return {"message": {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": text, **more}}


def posted(text: str, channel: Json = CHANNEL, **more: Any) -> Json:
    """An update: an admin of a channel posts something there; Telegram does not say who."""
    message = {"message_id": 1, "date": 1, "chat": channel, "sender_chat": channel, "text": text, **more}
    return {"channel_post": message}


def anonymous(text: str, group: Json = GROUP) -> Json:
    """An update: an anonymous admin writes in a group, as the group."""
    return typed(text, group, ANONYMOUS, sender_chat=group)


def called(text: str, query: str = "g", chat: Json = GROUP, sender: Json = AL) -> Json:
    """An update: somebody calls the bot by its name in a chat where it is no member."""
    message = {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": text, "guest_query_id": query}
    return {"guest_message": message}


def grown(group: Json, supergroup: Json) -> tuple[Json, Json]:
    """The two updates by which a group that became a supergroup says so: its own, and the supergroup's."""
    message = {"message_id": 1, "date": 1, "from": AL}
    return (
        {"message": {**message, "chat": group, "migrate_to_chat_id": supergroup["id"]}},
        {"message": {**message, "chat": supergroup, "migrate_from_chat_id": group["id"]}},
    )


def pressed(data: str, chat: Json = GROUP, sender: Json = AL, query: str = "q", **more: Any) -> Json:
    """An update: somebody presses a button below message 5 of a chat."""
    keyboard = {"inline_keyboard": [[{"text": "Press me", "callback_data": data}]]}
    message = {"message_id": 5, "date": 1, "chat": chat, "from": BOT, "text": "A card", "reply_markup": keyboard}
    message |= more
    return {"callback_query": {"id": query, "from": sender, "chat_instance": "c", "data": data, "message": message}}


def pressed_inline(data: str, inline_message: str = "in", query: str = "q") -> Json:
    """An update: somebody presses a button below a message that was posted inline."""
    press = {"id": query, "from": AL, "chat_instance": "c", "data": data, "inline_message_id": inline_message}
    return {"callback_query": press}


def inline_query(text: str) -> Json:
    """An update: somebody types the bot's name and a query, in any chat."""
    return {"inline_query": {"id": "i", "from": AL, "query": text, "offset": ""}}


def chosen(result: str, text: str, inline_message: str = "in") -> Json:
    """An update: somebody posts one of the results of an inline query."""
    choice = {"result_id": result, "from": AL, "query": text, "inline_message_id": inline_message}
    return {"chosen_inline_result": choice}


class BotApi(LoopbackSite):
    """A running server; `calls` are the bot's, without its polling and its question about ephemeral messages.

    `members` are a group's people by their status (who is not among them is a plain member), `rights` are
    the bot's own, `permissions` those of plain members; `files` are the ids of the pictures that have been uploaded.
    `check` raises ValueError for a call that the real one would not understand; leaving the server fails then.
    """

    def __init__(self, check: Callable[[str, Json], None] | None = None) -> None:
        self.calls: list[Call] = []
        self.polls: list[Json] = []
        self.members: dict[int, str] = {}
        self.names: dict[str, Json] = {"@pitlane": CHANNEL}
        """Public groups and channels by their names."""

        self.rights: Json = {}
        self.permissions: Json | None = None
        self.files: set[str] = set()
        self.knows_clocks = True
        """Whether it is as young as readers' clocks; an older one refuses a text that shows one."""

        self.shown: dict[tuple[int, int], str] = {}
        """What each message shows by now, by its chat's id and its own: its text or caption, as HTML."""

        self.ephemeral = EphemeralMessages()
        """Messages for one person; at first the server is one that knows nothing of them."""

        self.hook: Json | None = None
        """What is called for updates, if they are not to be asked for."""

        self.hook_trouble: Json = {}
        """What getWebhookInfo says of a hook that cannot be reached."""

        self._check = check
        self._updates: list[Json] = []
        self._update_ids = count(100)
        self._message_ids = count(1000)
        self._file_ids = count(1)
        self._photos: set[tuple[str, int]] = set()
        self._failures: dict[str, deque[Failure]] = defaultdict(deque)
        self._answered: set[str] = set()
        self._news = asyncio.Condition()
        self._misuse: list[str] = []
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._handle)
        super().__init__(app)

    async def __aexit__(self, *_: object) -> None:
        await super().__aexit__(*_)
        assert not self._misuse, self._misuse

    @property
    def pending(self) -> list[int]:
        """Ids of the updates that the bot has not confirmed."""
        return [update["update_id"] for update in self._updates]

    async def push(self, *updates: Json) -> None:
        """Something happens in Telegram: all of it in one batch."""
        for update in updates:
            if query := update.get("callback_query"):
                self.ephemeral.presses.add(query.get("id"))
            self._updates.append({"update_id": next(self._update_ids), **update})
        await self._tell()

    def fail(self, method: str, *failures: Failure) -> None:
        """Let the next calls of a method fail, one after the other."""
        self._failures[method].extend(failures)

    async def deliver(self, *updates: Json) -> None:
        """Something happens in Telegram; return once the bot has confirmed that it took all of it."""
        await self.push(*updates)
        await self._until(lambda: not self._updates)

    async def called(self, method: str, times: int = 1) -> list[Json]:
        """Wait until a method has been called so often, then return what with."""
        await self._until(lambda: len(self.given(method)) >= times)
        return self.given(method)

    async def polled(self, times: int = 1) -> None:
        """Wait until the bot has asked for updates so often."""
        await self._until(lambda: len(self.polls) >= times)

    @property
    def answers(self) -> list[Call]:
        """The bot's calls, but for those by which it introduces itself."""
        return [call for call in self.calls if call.method not in {"getMe", "setMyCommands"}]

    def given(self, method: str) -> list[Json]:
        """The parameters of each call of a method so far."""
        return [call.data for call in self.calls if call.method == method]

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with self._news:
            await self._news.wait_for(lambda: self._misuse or condition())
        assert not self._misuse, self._misuse

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        method = method[:1].lower() + method[1:]  # capitals do not matter
        if request.content_type == "application/json":
            data = {name: _written(value) for name, value in (await request.json()).items()}
        else:
            data = _taken_apart({name: _decoded(name, value) for name, value in (await request.post()).items()})
        asks = method == "deleteEphemeralMessage" and not data
        if self._check and not asks:
            try:
                self._check(method, data)
            except ValueError as error:
                self._misuse.append(f"{method}: {error}")
        if method == "getUpdates":
            self.polls.append(data)
        elif not asks:
            self.calls.append(Call(method, data))
        failure = await self._fate(method, data)
        await self._tell()
        if request.match_info["token"] != TOKEN:
            return _failed(Failure(401, "Unauthorized"))
        if failure is None:
            return await self._answer(method, data)
        if failure.carried_out:
            await self._answer(method, data)
        if not failure.status and request.transport:
            request.transport.abort()
        return _failed(failure)

    async def _fate(self, method: str, data: Json) -> Failure | None:
        """How a call fails; None where it does not."""
        if not self.knows_clocks and "<tg-time " in json.dumps(data):
            return Failure(400, 'Bad Request: can\'t parse entities: Unsupported start tag "tg-time" at byte offset 9')
        return self._failures[method].popleft() if self._failures[method] else None

    async def _answer(self, method: str, data: Json) -> web.Response:
        result: object = True
        match method:
            case "getMe":
                result = BOT
            case "getUpdates":
                result = await self._waiting(data) if self.hook is None else CALLED_INSTEAD
            case "setWebhook" | "deleteWebhook" | "getWebhookInfo":
                result = self._about_hook(method, data)
            case "getChat" | "getChatMember" | "getChatAdministrators":
                result = self._about(method, data)
            case "answerGuestQuery":
                result = self._to_query(data["guest_query_id"])
                result = result or {"inline_message_id": f"guest-{data['guest_query_id']}"}
            case _ if self.ephemeral.takes(method, data):
                return self._about_ephemeral(method, data)
            case "deleteMessage":
                self.shown.pop((int(data["chat_id"]), int(data["message_id"])), None)
            case "answerCallbackQuery":
                result = self._to_query(data["callback_query_id"]) or True
            case _ if "chat_id" in data:
                result = self._post(method, data)
        return _failed(result) if isinstance(result, Failure) else web.json_response({"ok": True, "result": result})

    def _about_hook(self, method: str, data: Json) -> object:
        if method == "getWebhookInfo":
            return {"url": (self.hook or {"url": ""})["url"], "pending_update_count": 0, **self.hook_trouble}
        self.hook = data if method == "setWebhook" else None
        return True

    def _to_query(self, query: str) -> Failure | None:
        """Take a query for answered; a failure where it has been."""
        if query in self._answered:
            return Failure(400, "Bad Request: query is too old and response timeout expired")
        self._answered.add(query)
        return None

    def _about_ephemeral(self, method: str, data: Json) -> web.Response:
        try:
            return web.json_response({"ok": True, "result": self.ephemeral.answer(method, data)})
        except RefusalError as refusal:
            return _failed(Failure(404 if str(refusal) == "Not Found" else 400, str(refusal)))

    def _about(self, method: str, data: Json) -> object:
        match method:
            case "getChat" if data["chat_id"].startswith("@"):
                found = self.names.get(data["chat_id"])
                return group(found["id"], None, found["type"]) if found else CHAT_NOT_FOUND
            case "getChat":
                return group(int(data["chat_id"]), self.permissions)
            case "getChatMember":
                return self._member(int(data["user_id"]), self.members.get(int(data["user_id"]), "member"))
            case _:
                return [self._member(user, status) for user, status in self.members.items() if status in ADMINS]

    def _member(self, user: int, status: str) -> Json:
        ours = user == BOT["id"]
        return member({"id": user, "is_bot": ours, "first_name": "Al"}, status, self.rights if ours else {})

    def _post(self, method: str, data: Json) -> Json | Failure:
        message_id = int(data["message_id"]) if "message_id" in data else next(self._message_ids)
        text = data.get("text") or data.get("caption") or data.get("media", {}).get("caption")
        if text is not None:
            self.shown[int(data["chat_id"]), message_id] = text
        match method:
            case "sendPhoto":
                return self._photo(message_id, data, data["photo"])
            case "editMessageMedia":
                return self._photo(message_id, data, data["media"]["media"])
            case "editMessageText" if (data["chat_id"], message_id) in self._photos:
                return Failure(400, "Bad Request: there is no text in the message to edit")
            case _:
                return self._message(message_id, data)

    async def _waiting(self, poll: Json) -> list[Json]:
        """Updates not confirmed by the poll's offset; where there are none, wait for them if the poll would."""
        self._updates = [update for update in self._updates if update["update_id"] >= int(poll.get("offset", 0))]
        await self._tell()
        if int(poll.get("timeout", 0)):
            async with self._news:
                await self._news.wait_for(lambda: self._updates)
        return self._updates[: int(poll.get("limit", 100))]

    def _message(self, message_id: int, data: Json) -> Json:
        chat = {"id": int(data["chat_id"]), "type": "supergroup" if int(data["chat_id"]) < 0 else "private"}
        return {"message_id": message_id, "date": 1, "chat": chat, "from": BOT, "text": data.get("text", "")}

    def _photo(self, message_id: int, data: Json, file: str) -> Json | Failure:
        """A message's photo, uploaded or known, as the sizes that Telegram has of it."""
        if file == UPLOAD:
            file = f"photo-{next(self._file_ids)}"
            self.files.add(file)
        if file not in self.files:
            return Failure(400, "Bad Request: wrong file identifier/HTTP URL specified")
        self._photos.add((data["chat_id"], message_id))
        sizes = [
            {"file_id": name, "file_unique_id": name, "width": width, "height": width}
            for name, width in ((f"{file}-small", 90), (file, 800))
        ]
        return {**self._message(message_id, data), "photo": sizes}


def _decoded(name: str, value: Any) -> Any:
    """A form's value, structures parsed; a file is what Telegram would call it."""
    if isinstance(value, web.FileField):
        return UPLOAD
    return json.loads(value) if value[:1] in "{[" and name not in ("text", "caption") else value


def _taken_apart(data: Json) -> Json:
    """A call's parameters, where a file that is named in `media` travels as a parameter of its own."""
    media = data.get("media")
    if isinstance(media, dict) and data.pop(media["media"].removeprefix("attach://"), None):
        media["media"] = UPLOAD
    return data


def _written(value: Any) -> Any:
    """A value from JSON as a form would have it: numbers and truths as they are written."""
    return value if isinstance(value, str | list | dict) else json.dumps(value)


def _failed(failure: Failure) -> web.Response:
    if failure.body is not None:
        return web.Response(text=failure.body, status=failure.status, content_type="text/html")
    body = {"ok": False, "error_code": failure.status, "description": failure.description}
    if failure.parameters:
        body["parameters"] = failure.parameters
    return web.json_response(body, status=failure.status or 500)
