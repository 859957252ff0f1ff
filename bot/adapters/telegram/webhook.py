"""Telegram calls us for each update, instead of being asked: for several processes behind one address."""

import hashlib
import hmac
import json
from http import HTTPStatus
from typing import NoReturn
from urllib.parse import urlsplit

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.adapters.telegram.addresses import Hook
from bot.adapters.telegram.api.client import Api
from bot.adapters.telegram.intake import HandOn, Intake, log_unreadable
from bot.adapters.telegram.updates import part, update_id
from bot.chat.platform import SlowDownError, UnreachableError
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from bot.serving import serving

log = structlog.get_logger(__name__)

MOST_BYTES = 1_048_576
"""Upper bound of an update's JSON: a message has 4,096 characters, and is quoted a few times at most."""

WATCHED_EVERY = 60.0
"""Seconds between two looks at whether Telegram reaches us."""

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


class Webhook:
    """One bot's updates, as Telegram brings them; `run` listens."""

    def __init__(self, address: Hook, token: str, clock: Clock) -> None:
        self._address = address
        self._clock = clock
        self._intake = Intake()
        # The same for all processes with this token, and of no use to who learns it but to call us.
        self._secret = hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()
        self._outages = Outages[str]()
        self._last_error = 0
        self.port: int | None = None
        """Where it listens, once it does."""

    async def run(self, api: Api, hand_on: HandOn) -> NoReturn:
        """Take updates until cancelled. Raises CannotListenError, and what the first call to Telegram raises."""
        async with serving(self._app(hand_on), self._address.host, self._address.port) as self.port:
            await self._announce(api)
            log.info("telegram.webhook_set", url=self._address.url)
            while True:
                await self._clock.sleep(WATCHED_EVERY)
                await self._watch(api)

    async def confirm(self, api: Api) -> None:
        """Nothing is to be confirmed: each update was, as it was taken."""

    async def _announce(self, api: Api) -> None:
        await api.set_webhook(self._address.url, self._secret)

    async def _watch(self, api: Api) -> None:
        """Look whether Telegram still calls us, and whether it could; log that it does not once an outage."""
        try:
            hook = await api.webhook()
            if hook.url != self._address.url:
                log.warning("telegram.webhook_lost", url=self._address.url)
                await self._announce(api)
        except (UnreachableError, SlowDownError) as error:
            if self._outages.begins("telegram"):
                log.warning("telegram.webhook_unwatched", reason=str(error))
            return
        self._outages.ends("telegram")
        failed, self._last_error = hook.last_error_date > self._last_error, hook.last_error_date
        if not failed:
            self._outages.ends("us")
        elif self._outages.begins("us"):
            log.warning("telegram.webhook_failing", reason=hook.last_error_message, waiting=hook.pending_update_count)

    def _app(self, hand_on: HandOn) -> Starlette:
        async def take(request: Request) -> Response:
            return await self._take(request, hand_on)

        return Starlette(routes=[Route(urlsplit(self._address.url).path or "/", take, methods=["POST"])])

    async def _take(self, request: Request, hand_on: HandOn) -> Response:
        """Take an update: 200 once it is in hand. Whoever does not know the secret learns nothing."""
        said = request.headers.get(SECRET, "")
        if not hmac.compare_digest(said.encode(), self._secret.encode()):
            return Response(status_code=HTTPStatus.FORBIDDEN)
        try:
            update = json.loads(await _body(request))
        except (ValueError, RecursionError, ClientDisconnect):
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except _TooLongError:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        number = update_id(update)
        if number is None:
            # Not refused, as Telegram would bring it again and again.
            log_unreadable(None, part(update)[0], "update_id: missing")
        elif not self._intake.has(number):
            await self._intake.take(number, update, hand_on)
        return Response()


class _TooLongError(Exception):
    """More is sent than an update can be."""


async def _body(request: Request) -> bytes:
    """What is sent. Raises _TooLongError as soon as it is too much."""
    sent = bytearray()
    async for chunk in request.stream():
        sent += chunk
        if len(sent) > MOST_BYTES:
            raise _TooLongError
    return bytes(sent)
