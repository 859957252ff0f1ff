from types import SimpleNamespace
from typing import cast

import aiohttp
import discord
import pytest

from bot.adapters.discord.errors import ChannelDeletedError, neutral
from bot.chat.platform import (
    ChatGoneError,
    ChatUnseenError,
    NotAllowedError,
    PostGoneError,
    SlowDownError,
    UnreachableError,
)


def refusal(status: int, code: int = 0, headers: dict[str, str] | None = None) -> discord.HTTPException:
    """Discord's answer to a request that it did not grant."""
    response = SimpleNamespace(status=status, reason="", headers=headers or {})
    return discord.HTTPException(cast("aiohttp.ClientResponse", response), {"code": code, "message": ""})


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (refusal(404, 10008), PostGoneError),
        (refusal(403, 50005), PostGoneError),
        (refusal(401, 50027), PostGoneError),
        (refusal(403, 50001), ChatUnseenError),
        (refusal(403, 50007), ChatGoneError),
        (refusal(404, 10003), ChannelDeletedError),
        (refusal(403, 50278), ChatGoneError),
        (refusal(403, 50013), NotAllowedError),
        (refusal(403), UnreachableError),
        (refusal(403, 40333), UnreachableError),
        (refusal(401), UnreachableError),
        (refusal(502), UnreachableError),
        (aiohttp.ServerDisconnectedError(), UnreachableError),
        (TimeoutError(), UnreachableError),
        (discord.InvalidData(), NotAllowedError),
    ],
)
def test_an_error_says_what_may_be_tried_again(error: Exception, meaning: type[Exception]) -> None:
    assert type(neutral(error)) is meaning


def test_a_wrong_request_of_ours_stays_a_programming_error() -> None:
    error = refusal(400, 50035)
    assert neutral(error) is error


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (discord.RateLimited(90.5), 90.5),
        (refusal(429, headers={"Retry-After": "7"}), 7),
        (refusal(429), 60),
        *((refusal(429, headers={"Retry-After": odd}), 60) for odd in ("soon", "Wed, 21 Oct 2026 07:28:00 GMT", "-5")),
        *((refusal(429, headers={"Retry-After": odd}), 60) for odd in ("nan", "-inf", "0")),
        *((refusal(429, headers={"Retry-After": odd}), 86_400) for odd in ("9" * 20, "9" * 400, "inf", "1e300")),
        (discord.RateLimited(1e12), 86_400),
        (discord.RateLimited(float("nan")), 60),
    ],
)
def test_how_long_to_wait_is_discords_to_say(error: Exception, seconds: float) -> None:
    asked = neutral(error)
    assert isinstance(asked, SlowDownError)
    assert asked.seconds == seconds
