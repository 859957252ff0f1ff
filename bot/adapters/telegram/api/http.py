"""Requests to a Bot API over aiohttp, at a fraction of what the library's own, over httpx, cost."""

import json
import re
from functools import cache
from ssl import SSLContext
from typing import Any

import httpx
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, FormData, TCPConnector
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

TIMEOUT = 10.0
"""Seconds to connect, and again for each piece of the answer."""

SENDING = 30.0
"""Seconds, on top of these, to get a connection and to send all that a request carries."""

KEPT = 30.0
"""Seconds for which an idle connection is kept."""

LONGEST_WAIT = 86_400.0
"""Upper bound, in seconds, of a wait that Telegram asks for: a longer one is a mistake."""

_JSON = {"Content-Type": "application/json"}
_UPDATE_ID = re.compile(r'"update_id"\s*:\s*(\d{1,15})\b')


class TooManyRequestsError(TelegramError):
    """Telegram asks to wait so many `seconds`.

    The library's own error for this warns about a coming change of its attribute each time that it is made, unless a
    switch is set in the process's environment.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


class UnreadableAnswerError(TelegramError):
    """What came is no answer of Telegram's, or one that no parser takes; `update_id` is the first that it names."""

    def __init__(self, update_id: int | None = None) -> None:
        super().__init__("the answer cannot be read")
        self.update_id = update_id


class AiohttpRequest(BaseRequest):
    """Up to so many requests at once, on connections that are kept; parameters go as JSON, files as a form."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer; the library adds a long poll's own."""
        return TIMEOUT

    async def initialize(self) -> None:
        """Get ready to connect; nothing is sent."""
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=self._connections, keepalive_timeout=KEPT, ssl=_tls()),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Hang up."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and the body of the answer. Raises TooManyRequestsError, TimedOut, NetworkError."""
        del write_timeout, connect_timeout, pool_timeout  # ours are the same for every request
        if self._session is None:
            raise NetworkError("not connected")
        body: bytes | FormData | None = None
        headers = None
        if request_data is not None and request_data.contains_files:
            body = _form(request_data)
        elif request_data is not None:
            body, headers = json.dumps(request_data.parameters).encode(), _JSON
        timeout = _timeout(TIMEOUT if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                status, answer = response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (ClientError, OSError) as error:
            raise NetworkError(f"{type(error).__name__}: {error}") from error
        if not response.ok and (wait := _wait(answer)):
            raise TooManyRequestsError(wait)
        return status, answer

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """An answer's fields, each absent or of its type; `result` is there always. Raises UnreadableAnswerError.

        The library's own would log what it cannot read, people's words included.
        """
        text = payload.decode(errors="replace")
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            update = _UPDATE_ID.search(text)
            raise UnreadableAnswerError(int(update[1]) if update else None) from None
        if not isinstance(answer, dict):
            raise UnreadableAnswerError
        description = answer.get("description")
        return {
            "result": answer.get("result"),
            "description": description if isinstance(description, str) else None,
            "parameters": _migration(answer.get("parameters")),
        }


def _wait(answer: bytes) -> float | None:
    """The seconds that an answer asks to wait, if it does."""
    try:
        asked = json.loads(answer)["parameters"]["retry_after"]
    except (ValueError, RecursionError, KeyError, TypeError, IndexError):
        return None
    is_number = isinstance(asked, int | float) and not isinstance(asked, bool)
    return min(float(asked), LONGEST_WAIT) if is_number and asked > 0 else None


def _migration(parameters: object) -> dict[str, int]:
    """Of an answer's parameters the chat's new id, the one that the library makes an error of."""
    moved_to = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
    if not isinstance(moved_to, int) or isinstance(moved_to, bool):
        return {}
    return {"migrate_to_chat_id": moved_to}


def _form(request_data: RequestData) -> FormData:
    form = FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


@cache
def _timeout(read: float) -> ClientTimeout:
    return ClientTimeout(total=SENDING + TIMEOUT + read, sock_connect=TIMEOUT, sock_read=read)


@cache
def _tls() -> SSLContext:
    """Whom to trust; loading it takes longer than all else about a connection."""
    return httpx.create_ssl_context()
